"""What is built on published levels is audited with them; with any pattern of suppression nothing else carries figures."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dimios_core.results.audit.tables import audit_organisation
from dimios_core.results.score import score_responses
from tests.building import make_organisations, write_store
from tests.results.test_nothing_recoverable import INSTRUMENT, UNITS, counts, make_people

pytestmark = pytest.mark.usefixtures("heavy")  # publishes stores again and again

PERIODS = ("2024", "2025", "2026")
FIGURES = {
    "trends": ["slope", "se", "df", "ci_low", "ci_high"],
    "contrasts": ["difference", "se", "df", "ci_low", "ci_high", "detectable", "n"],
    "standardised": ["mix_shift", "kept_share", "change", "se", "df", "ci_low", "ci_high", "plain"],
    "sensitivity": ["score"],
}


def score_years(outputs: Path, sizes: list[list[int]], seed: int) -> Path:
    people = pd.concat(
        [
            make_people(s, seed + i).assign(period=p)
            for i, (p, s) in enumerate(zip(PERIODS, sizes, strict=True))
        ]
    )
    asked = people.groupby(["period", "unit", "role"]).size().rename("invited").reset_index()
    invited = asked.assign(organisation="org", invited=asked["invited"] + 3)
    write_store(outputs, INSTRUMENT, people, make_organisations("org"), UNITS, invited)
    score_responses(outputs, INSTRUMENT)
    return outputs / "results" / "organisation=org"


def read(folder: Path, name: str) -> pd.DataFrame:
    table = pd.read_parquet(folder / f"{name}.parquet")
    return table.astype(dict.fromkeys(table.select_dtypes("category"), str))


@example(sizes=[[0] * 11 + [n] for n in (2, 3, 5)], seed=0)  # its only role in a unit is published
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=st.lists(counts.filter(any), min_size=3, max_size=3), seed=st.integers(0, 10_000))
def test_nothing_stands_without_its_published_levels(sizes, seed):
    with tempfile.TemporaryDirectory() as temporary:
        folder = score_years(Path(temporary), sizes, seed)
        scores, changes = read(folder, "scores"), read(folder, "changes")
        tables = {name: read(folder, name) for name in FIGURES}
    for name, figures in FIGURES.items():
        hidden = tables[name][tables[name]["status"] != "published"]
        assert hidden[figures].isna().all(axis=None), name
    shown = scores[scores["status"] == "published"]
    levels = set(
        zip(shown["period"], shown["unit"], shown["role"], shown["level"], shown["key"], strict=True)
    )
    for r in tables["trends"].query("status == 'published'").itertuples():
        assert all((p, r.unit, r.role, r.level, r.key) in levels for p in PERIODS)
    answers = {(r.period, r.unit, r.role, r.key): r.n for r in shown.itertuples() if r.level == "point"}
    for r in tables["contrasts"].query("status == 'published'").itertuples():
        beside = r.other or "*"
        assert (r.period, r.unit, r.role, r.level, r.key) in levels
        assert (r.period, "*", beside, r.level, r.key) in levels
        if r.level == "point" and not r.other:
            rest = answers[r.period, "*", "*", r.key] - answers[r.period, r.unit, r.role, r.key]
            assert rest >= 5
            assert r.n == min(rest, answers[r.period, r.unit, r.role, r.key])
    known = changes.query("status == 'published' and unit == '*'")
    for r in tables["standardised"].query("status == 'published'").itertuples():
        own = known[(known["period"] == r.period) & (known["level"] == r.level) & (known["key"] == r.key)]
        roles = own.loc[own["role"] != "*", "change"]
        assert r.plain == own.loc[own["role"] == "*", "change"].item()
        assert roles.min() - 0.11 <= r.change <= roles.max() + 0.11


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Path:
    """Three years of an organisation where every group has answers enough, but one role of one unit."""
    return score_years(tmp_path_factory.mktemp("years"), [[6, 9, 14, 8, 9, 3, 9, 14, 9, 14, 9, 9]] * 3, 7)


@pytest.fixture
def folder(honest, tmp_path) -> Path:
    import shutil

    shutil.copytree(honest.parent, tmp_path / "results")
    return tmp_path / "results" / "organisation=org"


def faults(folder: Path) -> list[str]:
    return [f.what for f in audit_organisation(folder.parent, "org")]


def alter(folder: Path, name: str, where: str, **values: object) -> None:
    table = read(folder, name)
    chosen = table.query(where).index
    assert len(chosen), where
    for column, value in values.items():
        table.loc[chosen, column] = value
    table.to_parquet(folder / f"{name}.parquet")


def test_an_honest_store_has_figures_in_every_table_and_no_fault(folder):
    for name in FIGURES:
        assert (read(folder, name)["status"] == "published").any(), name
    frame = read(folder, "sensitivity").query("weighting == 'frame' and status == 'published'")
    assert len(frame)
    assert faults(folder) == []


NOTHING = dict.fromkeys(
    ("score", "ci_low", "ci_high", "se", "df", "n", "n_points", "dont_know_share"), np.nan
)


@pytest.mark.parametrize(
    ("where", "fault"),
    [
        ("unit == 'u2' and role == '*' and level == 'category' and key == 'c1'", "a contrast without both its levels"),
        ("unit == 'u2' and role == '*' and level == 'point' and key == 'a'", "a contrast on points that are not published"),
        ("unit == '*' and role == 'p' and level == 'dimension'", "a contrast without both its levels"),
        ("unit == '*' and role == 't' and period == '2025'", "a trend without all its levels"),
        ("unit == 'u2' and role == '*' and level == 'point' and period == '2025'", "a trend on points that are not published"),
    ],
)  # fmt: skip
def test_the_audit_misses_a_level_that_is_gone(folder, where, fault):
    alter(folder, "scores", where, status="suppressed_complement", **NOTHING)
    assert fault in faults(folder)


def test_the_audit_misses_a_change_that_is_gone(folder):
    alter(folder, "changes", "unit == '*' and role != '*'", status="suppressed_complement", change=np.nan)
    assert "a standardised change without its levels" in faults(folder)


@pytest.mark.parametrize(
    ("name", "where", "values", "fault"),
    [
        ("contrasts", "kind == 'role_pair' and level == 'point'", {"difference": 60.0}, "a contrast that its levels do not give"),
        ("contrasts", "kind == 'unit_rest' and level == 'point'", {"difference": 0.0}, "a contrast that its levels do not give"),
        ("trends", "level == 'point'", {"period_from": "2025", "period": "2025", "periods_n": 1}, "a trend of other years"),
        ("trends", "level == 'point'", {"period_from": "2025", "period": "2024", "periods_n": 0}, "a trend of other years"),
        ("trends", "level == 'point'", {"slope": -30.0}, "a trend that its levels do not give"),
        ("standardised", "level == 'point'", {"change": 80.0}, "a standardised change that published roles do not give"),
        ("standardised", "level == 'point'", {"kept_share": 0.7}, "a standardised change without its levels"),
        ("sensitivity", "weighting == 'frame'", {"score": 12.3}, "a weighting that published figures do not give"),
        ("sensitivity", "weighting == 'model'", {"score": 12.3}, "a weighting that published figures do not give"),
        ("trends", "level == 'category'", {"status": "suppressed_small"}, "a row that is not published carries figures"),
        ("contrasts", "level == 'category'", {"se": 1.23}, "more than one decimal"),
        ("contrasts", "n < 12", {"se": 5.0}, "a standard error behind few answers"),
    ],
)  # fmt: skip
def test_the_audit_finds_a_figure_that_does_not_follow(folder, name, where, values, fault):
    alter(folder, name, f"{where} and status == 'published'", **values)
    assert fault in faults(folder)
