"""Which groups will get figures: the pattern of results on counts worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import Instrument
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.survey.before import _usual, find_before
from dimios_core.survey.forecast import NONE, PART, WHOLE, count_whole, forecast_figures
from dimios_core.survey.strata import stratify
from tests.building import make_instrument

COLUMNS = Columns(make_instrument({"a": "c1", "b": "c1", "c": "c1", "d": "c2"}, {"c1": "d1", "c2": "d1"}))
TREE = UnitTree({"x": "", "y": "", "z": ""})


def forecast(expected: dict[tuple[str, str], int], answered: list[float]) -> dict[tuple[str, str], str]:
    people = pd.DataFrame(list(expected), columns=["unit", "role"]).assign(draw="random")
    cells = stratify(people, TREE, 1.0)
    made = forecast_figures(
        cells, np.array(list(expected.values()), float), TREE, 5, COLUMNS, np.array(answered), np.ones(4)
    )
    return dict(zip(zip(made.unit, made.role, strict=True), made.figures, strict=True))


def test_few_answers_give_nothing_and_protect_themselves():
    """x has 4 answers: nothing. The whole less y and z would tell them, so the smaller of y and z goes, too."""
    made = forecast({("x", "p"): 4, ("y", "p"): 10, ("z", "p"): 20}, [1, 1, 1, 1])
    assert made["*", "*"] == WHOLE
    assert made["x", "*"] == NONE
    assert (made["y", "*"], made["z", "*"]) == (NONE, WHOLE)


def test_questions_that_few_answer_leave_a_result_incomplete():
    """Of 8 in x half answer b and c: 4 are too few, and its category has one point of three. The smaller of y and z protects them."""
    made = forecast({("x", "p"): 8, ("y", "p"): 20, ("z", "p"): 30}, [1, 0.5, 0.5, 1])
    assert (made["x", "*"], made["y", "*"], made["z", "*"], made["*", "*"]) == (PART, PART, WHOLE, WHOLE)


def test_a_unit_that_nobody_is_in_gets_none():
    assert forecast({("x", "p"): 9, ("y", "p"): 9}, [1, 1, 1, 1])["z", "*"] == NONE


@pytest.mark.parametrize("n", [1, 7, 40])
def test_sums_of_neighbours_are_right_to_within_one(n):
    expected = np.random.default_rng(n).random(n) * 3
    whole = count_whole(expected)
    for first in range(n):
        for last in range(first, n):
            assert abs(whole[first : last + 1].sum() - expected[first : last + 1].sum()) <= 1
    assert (np.abs(whole - expected) <= 1).all()


def test_nothing_published_gives_what_is_usual(tmp_path):
    before = find_before(tmp_path, "lindby", COLUMNS, "2026")
    assert before.period == ""
    assert (before.rate, before.score_pct, before.se) == (0.6, 50.0, None)
    # four points that correlate by 0.3: 0.3·(0.3 + 0.7/4)·2 500
    assert _usual(COLUMNS).spread == pytest.approx(np.sqrt(0.3 * (0.3 + 0.7 / 4) * 2500))


def test_what_was_published_last_is_what_a_plan_rests_on(demo_outputs):
    """By hand, of the published rows of the whole organisation."""
    from dimios_core.instrument import load_instrument
    from dimios_core.published.store import load_results

    columns = Columns(load_instrument("dimios"))
    before = find_before(demo_outputs / "results", "almvik", columns, "2026")
    assert before.period == "2025"
    published = load_results("almvik", demo_outputs / "results")
    rows = published.scores.query("period == '2025' and unit == '*' and role == '*'").set_index(
        ["level", "key"]
    )
    lead = rows.loc[("maturity", "maturity")]
    assert before.score_pct == lead["score"]
    assert before.spread == pytest.approx(lead["se"] * lead["n"] ** 0.5)
    assert before.se == lead["se"]
    rates = published.response_rates.query("period == '2025' and unit == '*' and role == '*'")
    assert before.rate == rates["rate"].iloc[0]
    shadow = rows.loc[("point", "shadow_it")]
    assert before.answered[columns.point_ids.index("shadow_it")] == pytest.approx(
        shadow["n"] / rows["n"].max()
    )
    assert (before.asked >= before.answered).all()
    later = find_before(demo_outputs / "results", "almvik", columns, "2023")
    assert later.period == ""  # the first measurement has none before it


def measure(outputs, **more) -> None:
    """Score 60 people of 2026: half at 25 %, half at 75 %; the first twelve do not answer b."""
    from dimios_core.results.score import score_responses
    from tests.building import make_organisations, write_store

    i = np.arange(60)
    said = dict.fromkeys("abcd", np.where(i // 2 % 2 == 0, 2.0, 4.0))
    rows = pd.DataFrame(said).assign(
        organisation="org", period="2026", unit="", role=np.where(i < 30, "p", "t"), respondent=i, **more
    )
    rows.loc[i < 12, "b"] = np.nan
    write_store(outputs, COLUMNS.instrument, rows, make_organisations("org"))
    score_responses(outputs, COLUMNS.instrument)


@pytest.mark.usefixtures("heavy")
def test_people_differ_no_more_because_they_had_weights(tmp_path):
    """60 people, half at 25 % and half at 75 %, s² = 2 500/4·60/59; weights 1 and 4 count as 150²/510 = 44 people, which plain `se·√n` would take for 60."""
    measure(tmp_path, weight=np.where(np.arange(60) % 2 == 0, 1.0, 4.0))
    before = find_before(tmp_path / "results", "org", COLUMNS, "2027")
    # published with one decimal: 3.8 of the whole, 5.4 of a role
    assert before.spread == pytest.approx(np.sqrt(625 * 60 / 59), rel=0.015)
    assert before.role_spread == pytest.approx({"p": before.spread, "t": before.spread}, rel=0.02)


@pytest.mark.usefixtures("heavy")
@pytest.mark.parametrize(("gone", "new", "told"), [(["c"], ["n"], True), (["a", "c"], ["m", "n"], False)])
def test_the_last_model_is_read_by_the_crosswalk(tmp_path, gone, new, told):
    """b is b2 now. Two of three points of c1 are enough for a change of the whole; one is not, and then the change is that to the next survey."""
    measure(tmp_path)
    same = [p for p in ("a", "c", "d") if p not in gone]
    walk = {
        "from_version": 1,
        "same": same,
        "renamed": {"b": "b2"},
        "items": {"b": "b2"},
        "gone": gone,
        "new": new,
    }
    points = {**dict.fromkeys([p for p in same if p != "d"] + ["b2", *new], "c1"), "d": "c2"}
    model = make_instrument(points, {"c1": "d1", "c2": "d1"}).model_dump()
    columns = Columns(Instrument.model_validate(model | {"version": 2, "crosswalk": walk}))
    before = find_before(tmp_path / "results", "org", columns, "2027")
    assert before.answered[columns.point_ids.index("b2")] == pytest.approx(48 / 60)
    assert before.answered[columns.point_ids.index("d")] == 1.0
    assert before.answered[columns.point_ids.index("n")] == 0.85  # as is usual
    assert (before.se is not None) is told
    assert before.spread == find_before(tmp_path / "results", "org", COLUMNS, "2027").spread
