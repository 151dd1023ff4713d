"""Organisations that drew a sample, with strata and weights, through the whole of scoring: one period and two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.published.store import load_results
from dimios_core.report import AboutMeasurement
from dimios_core.results.audit.tables import audit_results
from dimios_core.results.score import score_responses
from tests.building import make_instrument, make_organisations, write_store

pytestmark = pytest.mark.usefixtures("heavy")  # publishes stores again and again

MODEL = make_instrument({"a": "c1", "b": "c1", "e": "c2"}, {"c1": "left", "c2": "right"}, quadrants=True)
UNITS = pd.DataFrame(
    [("org", "u", "U", ""), ("org", "v", "V", "")], columns=["organisation", "unit", "name", "parent"]
)


def draw(period: str, n: int = 48, seed: int = 1) -> pd.DataFrame:
    """People of two units in strata of four, those of the second unit with three times the weight."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(["u", "v"], n // 2)
    people = pd.DataFrame({i: rng.integers(1, 6, n).astype(float) for i in "abe"})
    return people.assign(
        organisation="org", period=period, unit=unit, role=rng.choice(["p", "t"], n), respondent=np.arange(n),
        stratum=[f"h{i // 4:02}" for i in range(n)], weight=np.where(unit == "u", 1.0, 3.0),
    )  # fmt: skip


def score(outputs: Path, *waves: pd.DataFrame) -> Path:
    write_store(outputs, MODEL, pd.concat(waves), make_organisations("org"), UNITS)
    score_responses(outputs, MODEL)
    assert audit_results(outputs / "results") == []
    return outputs / "results"


def test_strata_of_one_period(tmp_path: Path) -> None:
    wave = draw("2026")
    results = load_results("org", score(tmp_path, wave))
    whole = results.scores.query("unit == '*' and role == '*' and level == 'point' and key == 'a'").iloc[0]
    assert whole["df"] == 48 - 12
    w, y, h = wave["weight"].to_numpy(), 25 * (wave["a"].to_numpy() - 1), wave["stratum"].to_numpy()
    z = w * (y - np.average(y, weights=w)) / w.sum()
    by_hand = sum(4 * z[h == s].var(ddof=1) for s in set(h))  # Σ n_h/(n_h − 1)·Σ (z − z̄)²
    assert whole["se"] == pytest.approx(np.sqrt(by_hand), abs=0.05)
    assert results.changes.empty and len(results.regions)


def test_the_same_people_in_strata_twice(tmp_path: Path) -> None:
    first, second = draw("2025"), draw("2026", seed=2)
    results = load_results("org", score(tmp_path, first, second))
    change = results.changes.query("unit == '*' and role == '*' and level == 'point' and key == 'a'").iloc[0]
    w, h = first["weight"].to_numpy(), first["stratum"].to_numpy()
    y = [25 * (wave["a"].to_numpy() - 1) for wave in (first, second)]
    z = [w * (x - np.average(x, weights=w)) / w.sum() for x in y]
    by_hand = sum(4 * (z[1] - z[0])[h == s].var(ddof=1) for s in set(h))  # each person's own difference
    assert change["se"] == pytest.approx(np.sqrt(by_hand), abs=0.05)
    assert change["df"] == 36


@pytest.mark.parametrize(("language", "words"), [("sv", "från 48 personer ungefär lika säkra siffror som 38 svar"), ("en", "of 48 people")])  # fmt: skip
def test_what_weights_do_to_the_number_is_said(tmp_path: Path, language: str, words: str) -> None:
    results = score(tmp_path, draw("2026"))
    # (24·1 + 24·3)²/(24·1 + 24·9)
    assert load_results("org", results).profile["effective_n"] == {"2026": 38}
    page = AboutMeasurement.open("org", "2026", language, str(results))
    assert words in page.how_to_read().html


def test_what_one_weighs_too_much_of_is_told_so(tmp_path: Path) -> None:
    wave = draw("2026").assign(weight=1.0)
    wave.loc[wave["unit"] == "v", "weight"] = [20.0] + [1.0] * 23
    results = load_results("org", score(tmp_path, wave))
    status = (
        results.scores.query("level == 'point'").groupby(["unit", "role"], observed=True)["status"].first()
    )
    assert status["v", "*"] == "suppressed_dominated"
    above = results.scores.query("unit == 'v' and role == '*' and level == 'category'")
    assert set(above["status"]) == {"suppressed_dominated"}
    # 20 of 67 in the whole, too; u beside it gives nothing away
    assert (status["*", "*"], status["u", "*"]) == ("suppressed_dominated", "published")
