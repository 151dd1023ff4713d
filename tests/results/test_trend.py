"""Trends: slope and variance against independent sums, panels below the threshold, what is withheld."""

import numpy as np
import pytest

from dimios_core.results.organisation.trend import publish_trends, slope_over_years
from dimios_core.results.scoring.columns import Columns
from tests.building import make_instrument
from tests.results.test_gate import ONE, THREE, TWO, Wave, build, row, spread

YEARS = np.array([2024.0, 2025, 2026, 2027])
NONE = float("nan")


def trends_of(columns: Columns, *waves: Wave):
    batch, respondents = build(columns, *waves)
    return publish_trends(batch, respondents, columns)


def waves_of(answers: np.ndarray, **settings) -> list[Wave]:
    """People × years, the same people every year."""
    return [Wave(a[:, None].tolist(), **settings) for a in answers.T]


def slope(columns, *waves: Wave, common_min: int = 1):
    batch, respondents = build(columns, *waves)
    groups = np.searchsorted(batch.block_of, np.arange(len(waves)))[None, :]
    t = YEARS[None, : len(waves)]
    return slope_over_years(respondents, batch.members, batch.usable, groups, t, columns, common_min)


def test_a_full_panel_is_the_mean_of_everybodys_own_slope():
    rng = np.random.default_rng(1)
    answers = 25.0 * rng.integers(0, 5, (30, 4))
    found = slope(ONE, *waves_of(answers, person=list(range(30))))
    own = np.polyfit(YEARS - 2025.5, answers.T, 1)[0]  # one regression a person
    assert found.value_pp[0, 0] == pytest.approx(own.mean())
    assert found.se[0, 0] == pytest.approx(own.std(ddof=1) / np.sqrt(30))
    assert found.df[0, 0] == 29


def test_partial_panels_add_every_pairs_covariance():
    rng = np.random.default_rng(2)
    people = [list(range(0, 12)), list(range(4, 18)), [*range(8, 18), 2, 3]]
    answers = [25.0 * rng.integers(0, 5, len(p)) for p in people]
    found = slope(ONE, *(Wave(a[:, None].tolist(), person=p) for a, p in zip(answers, people, strict=True)))
    # c = −½, 0, ½: V = ¼V₁ + ¼V₃ − ½C₁₃, written as sums over people
    z = [
        {i: (y - a.mean()) / len(a) for i, y in zip(p, a, strict=True)}
        for a, p in zip(answers, people, strict=True)
    ]
    v = [len(x) / (len(x) - 1) * sum(e**2 for e in x.values()) for x in z]
    c = np.sqrt(12 / 11 * 12 / 11) * sum(z[0][i] * z[2][i] for i in z[0].keys() & z[2].keys())
    assert found.se[0, 0] ** 2 == pytest.approx(0.25 * v[0] + 0.25 * v[2] - 0.5 * c)
    assert found.df[0, 0] == 11


@pytest.mark.parametrize(("common", "counts"), [(4, False), (5, True)])
def test_a_panel_below_the_threshold_counts_as_none(common, counts):
    rng = np.random.default_rng(3)
    people = [list(range(100 * t, 100 * t + 10)) for t in range(3)]
    people[2][:common] = people[0][:common]
    answers = [25.0 * rng.integers(0, 5, 10) for _ in people]
    waves = [Wave(a[:, None].tolist(), person=p) for a, p in zip(answers, people, strict=True)]
    found = slope(ONE, *waves, common_min=5)
    alone = 0.25 * (answers[0].var(ddof=1) + answers[2].var(ddof=1)) / 10
    assert bool(found.se[0, 0] ** 2 == pytest.approx(alone)) is not counts
    assert bool(found.df[0, 0] == 9) is counts


def test_two_years_are_no_trend_and_the_table_still_has_its_columns():
    table = trends_of(ONE, Wave(spread(9)), Wave(spread(9)))
    assert table.empty
    assert {"organisation", "period_from", "periods_n", "slope", "certainty"} <= set(table)


def test_every_year_from_the_third_has_a_trend_from_the_first():
    table = trends_of(ONE, *[Wave(spread(12, shift=s)) for s in (0, 5, 10, 15)])
    points = table[(table["level"] == "point") & (table["unit"] == "*")]
    assert list(zip(points["period"], points["period_from"], points["periods_n"], strict=True)) == [
        ("2026", "2024", 3),
        ("2027", "2024", 4),
    ]
    assert points["slope"].tolist() == [5.0, 5.0]


def test_a_level_that_is_suppressed_in_one_year_has_no_trend():
    table = trends_of(ONE, Wave(spread(12)), Wave(spread(4)), Wave(spread(12)))
    hidden = row(table, "point", "a")
    assert hidden["status"] == "suppressed_small"
    assert np.isnan(hidden["slope"]) and hidden["certainty"] == "unknown"


def test_a_trend_from_an_end_of_the_scale_is_withheld():
    table = trends_of(ONE, Wave([[100.0]] * 9), Wave(spread(9)), Wave(spread(9)))
    assert row(table, "point", "a")["status"] == "suppressed_complement"


def test_a_category_rests_on_the_points_of_all_years():
    answers = [[25.0 * (1 + i % 3), 25.0, 25.0 * (i % 4)] for i in range(12)]
    without_b = [[a, b if i < 4 else NONE, c] for i, (a, b, c) in enumerate(answers)]
    rising = [[a, b + 50, c] for a, b, c in answers]
    table = trends_of(THREE, Wave(answers), Wave(without_b), Wave(rising))
    assert row(table, "point", "b")["status"] == "suppressed_small"
    assert row(table, "category", "c")["slope"] == 0.0  # b alone rose


def test_no_certainty_below_eight_and_no_error_below_twelve():
    few = trends_of(ONE, *[Wave(spread(7, shift=s)) for s in (0, 20, 40)])
    assert row(few, "point", "a")["certainty"] == "unknown"
    some = trends_of(ONE, *[Wave(spread(11, shift=s)) for s in (0, 12, 24)])
    assert row(some, "point", "a")["certainty"] == "increase"
    assert np.isnan(row(some, "point", "a")["se"])


def test_units_and_roles_have_trends_but_not_units_by_roles():
    wave = {"unit": ["u"] * 10 + ["v"] * 10, "role": ["p", "t"] * 10}
    table = trends_of(TWO, *[Wave(spread(20, 2), **wave) for _ in range(3)])
    assert set(zip(table["unit"], table["role"], strict=True)) == {
        ("*", "*"), ("u", "*"), ("v", "*"), ("*", "p"), ("*", "t"),
    }  # fmt: skip


def test_items_have_no_trends():
    columns = Columns(make_instrument({"a": "c"}, {"c": "d"}, items_n=2))
    table = trends_of(columns, *[Wave(spread(12, 3)) for _ in range(3)])
    assert set(table["level"]) == {"point", "category", "dimension", "maturity"}
