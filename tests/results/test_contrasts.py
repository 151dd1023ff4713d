"""Units and roles against the rest and each other: values against statsmodels and scipy, what is withheld."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from dimios_core.results.organisation.contrasts import estimate_contrasts, publish_contrasts
from tests.results.test_gate import ONE, THREE, TWO, Wave, build, spread

NONE = float("nan")


def contrasts_of(columns, *waves: Wave):
    batch, respondents = build(columns, *waves)
    return publish_contrasts(batch, respondents, columns)


def one(table, kind, level="point", key="a", **where):
    chosen = table[(table["kind"] == kind) & (table["level"] == level) & (table["key"] == key)]
    for name, value in where.items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


@pytest.fixture(scope="module")
def mixed() -> Wave:
    rng = np.random.default_rng(4)
    unit = ["u"] * 14 + ["v"] * 20 + ["w"] * 17
    answers = 25.0 * np.clip(rng.integers(0, 5, (51, 2)) + np.outer(np.array(unit) == "u", [2, 1]), 0, 4)
    return Wave(answers.tolist(), unit=unit, role=["p", "t", "a"] * 17)


def test_a_unit_against_the_rest_is_welchs_test(mixed):
    batch, respondents = build(ONE, Wave([a[:1] for a in mixed.answers], mixed.unit, mixed.role))
    c = estimate_contrasts(batch, respondents, ONE)
    at = next(i for i, g in enumerate(c.group) if batch.unit[g] == "u" and c.kind[i] == "unit_rest")
    y, inside = np.array(mixed.answers)[:, 0], np.array(mixed.unit) == "u"
    compared = CompareMeans(DescrStatsW(y[inside]), DescrStatsW(y[~inside]))
    t, _, df = compared.ttest_ind(usevar="unequal")
    assert c.difference_pp[at, 0] == pytest.approx(y[inside].mean() - y[~inside].mean())
    assert c.difference_pp[at, 0] / c.se[at, 0] == pytest.approx(t)
    assert c.df[at, 0] == pytest.approx(df)
    assert c.n[at, 0] == 14


def test_two_roles_are_compared_with_each_other(mixed):
    table = contrasts_of(TWO, mixed)
    y, role = np.array(mixed.answers).mean(axis=1), np.array(mixed.role)
    found = one(table, "role_pair", "category", "c", role="a", other="t")
    a, t = y[role == "a"], y[role == "t"]
    interval = stats.ttest_ind(a, t, equal_var=False).confidence_interval()
    assert found["difference"] == pytest.approx(a.mean() - t.mean(), abs=0.051)
    assert (found["ci_low"], found["ci_high"]) == (
        pytest.approx(interval.low, abs=0.051),
        pytest.approx(interval.high, abs=0.051),
    )
    assert {(r, o) for r, o in zip(table["role"], table["other"], strict=True) if o} == {
        ("a", "p"), ("a", "t"), ("p", "t"),
    }  # fmt: skip


def test_words_follow_holm_over_all_units_and_points_of_a_level(mixed):
    table = contrasts_of(TWO, mixed)
    family = table[(table["kind"] == "unit_rest") & (table["level"] == "point")]
    y, unit = np.array(mixed.answers), np.array(mixed.unit)
    p = [
        stats.ttest_ind(
            y[unit == r.unit, "ab".index(r.key)], y[unit != r.unit, "ab".index(r.key)], equal_var=False
        )
        for r in family.itertuples()
    ]
    certain = multipletests([x.pvalue for x in p], 0.05, "holm")[0]
    words = np.where(certain, np.where([x.statistic > 0 for x in p], "increase", "decrease"), "none")
    assert list(family["certainty"]) == list(words)
    assert 0 < certain.sum() < len(certain)
    assert sum(x.pvalue < 0.05 for x in p) > certain.sum()  # adjustment makes a difference here


def test_both_sides_are_scored_on_the_points_both_have():
    # in unit u only four answered b; in the rest everybody did, with the highest answer
    answers = [[25.0 * (i % 4), 50.0 if i < 4 else NONE, 25.0 * (i % 3)] for i in range(12)]
    answers += [[25.0 * (i % 4), 100.0 - 25 * (i % 2), 25.0 * (i % 3)] for i in range(12)]
    table = contrasts_of(THREE, Wave(answers, unit=["u"] * 12 + ["v"] * 12))
    assert one(table, "unit_rest", key="b", unit="u")["status"] == "suppressed_small"
    assert one(table, "unit_rest", "category", "c", unit="u")["difference"] == 0.0


def test_a_unit_next_to_a_small_rest_is_not_contrasted():
    table = contrasts_of(ONE, Wave(spread(14), unit=["u"] * 12 + ["v"] * 2))
    own = table[(table["kind"] == "unit_rest") & (table["unit"] == "u")]
    assert not (own["status"] == "published").any()
    assert own[["difference", "se", "n"]].isna().all(axis=None)


def test_a_unit_that_is_everybody_has_no_rest():
    table = contrasts_of(ONE, Wave(spread(12), unit=["u"] * 12))
    assert one(table, "unit_rest", unit="u")["status"] == "no_answers"


def test_a_side_at_an_end_of_the_scale_is_withheld():
    answers = [*spread(10), *[[100.0]] * 10]
    table = contrasts_of(ONE, Wave(answers, unit=["u"] * 10 + ["v"] * 10))
    # v is at the end, and so is the rest of u
    assert set(table["status"]) == {"suppressed_complement"}


def test_one_heavy_person_in_the_rest_is_withheld():
    # 40 in u; in v and w six each, w suppressed beside its own heavy person: v + w is the rest of u
    weight = [1.0] * 40 + [1.0] * 5 + [3.0]
    table = contrasts_of(ONE, Wave(spread(46), unit=["u"] * 40 + ["v"] * 6, weight=weight))
    assert one(table, "unit_rest", unit="u")["status"] == "suppressed_complement"


@pytest.mark.parametrize(("n", "certain"), [(7, False), (8, True)])
def test_no_certainty_below_eight_on_the_smaller_side(n, certain):
    answers = [*[[75.0 + 25 * (i % 2)] for i in range(n)], *[[25.0 * (i % 2)] for i in range(30)]]
    found = one(contrasts_of(ONE, Wave(answers, unit=["u"] * n + ["v"] * 30)), "unit_rest", unit="u")
    assert found["n"] == n
    assert found["certainty"] == ("increase" if certain else "unknown")
    assert np.isnan(found["se"])


def test_people_without_a_role_are_no_role_but_part_of_the_rest():
    wave = Wave([*spread(12), *[[0.0], [25.0]] * 6], role=["p"] * 12 + ["unknown"] * 12)
    table = contrasts_of(ONE, wave)
    assert set(table["role"]) == {"p"}
    assert one(table, "role_rest", role="p")["difference"] == pytest.approx(50 - 12.5)


def test_an_organisation_without_units_and_roles_has_an_empty_table():
    table = contrasts_of(ONE, Wave(spread(12)))
    assert table.empty
    assert {"organisation", "kind", "other", "detectable"} <= set(table)


def test_nested_units_are_each_set_against_the_rest():
    unit = ["u"] * 6 + ["u1"] * 8 + ["v"] * 10
    table = contrasts_of(ONE, Wave(spread(24), unit=unit, parent={"u": "", "v": "", "u1": "u"}))
    assert set(table["unit"]) == {"u", "u.direct", "u1", "v"}
    assert one(table, "unit_rest", unit="u")["n"] == 10  # the rest of u is v
