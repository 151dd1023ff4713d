"""Small units: which units have an estimate, made of what, and that nothing but published figures goes into it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dimios_core.results.organisation.small_units import publish_small_units
from dimios_core.results.scoring.groups import UnitTree
from tests.spec.test_small_units import BY_R, OWN, SE

TREE = UnitTree({"top": "", **{f"u{i}": "top" for i in range(7)}})
UNITS = [*(f"u{i}" for i in range(7)), "top.direct"]
DF = 14.0


def scores_of(units: list[str], own: list[float], half: list[float], **more: object) -> pd.DataFrame:
    """Published points of units, with intervals of half widths around them."""
    rows = pd.DataFrame({"unit": units, "score": own}).assign(
        period="2026", role="*", level="point", key="a", status="published", bound="", df=DF,
        ci_low=np.array(own) - half, ci_high=np.array(own) + half, n=15,
    )  # fmt: skip
    return rows.assign(**more)


def estimate_small_units(scores: pd.DataFrame, tree: UnitTree) -> pd.DataFrame:
    """The table of one organisation."""
    return publish_small_units(scores.assign(organisation="o"), {"o": tree}).drop(columns="organisation")


@pytest.fixture
def eight() -> pd.DataFrame:
    """The eight areas that R has estimated, as units: half widths are z·se below twenty answers, and t·se from there."""
    n = np.array([15, 20] * 4)
    quantile = np.where(n < 20, stats.norm.ppf(0.975), stats.t.ppf(0.975, DF))
    return scores_of(UNITS, OWN["eight"], quantile * np.array(SE["eight"]), n=n)


def test_the_table_tells_what_r_finds(eight):
    table = estimate_small_units(eight, TREE)
    by_r = BY_R["eight"]
    assert (table["unit"] == UNITS).all()
    assert (table["status"] == "published").all()
    for column, expected, decimals in (("own", OWN["eight"], 1), ("estimate", by_r["estimate"], 1), ("se", by_r["se"], 1), ("weight", by_r["weight"], 2)):  # fmt: skip
        np.testing.assert_allclose(table[column], np.round(expected, decimals), err_msg=column)
    reach = 1.96 * np.array(by_r["se"])
    np.testing.assert_allclose(table["ci_low"], np.round(by_r["estimate"] - reach, 1))
    np.testing.assert_allclose(table["ci_high"], np.round(by_r["estimate"] + reach, 1))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "suppressed_small", "score": np.nan, "ci_low": np.nan, "ci_high": np.nan, "df": np.nan},
        {"bound": "at_least"},
        {"bound": "at_most"},
        {"role": "p"},
        {"level": "item"},
        {"unit": "top"},
        {"unit": "*"},
        {"ci_low": np.nan, "ci_high": np.nan, "df": np.nan},
    ],
)
def test_what_is_no_published_figure_of_a_leaf_unit_counts_nowhere(eight, change):
    without = estimate_small_units(eight.iloc[1:], TREE)
    changed = eight.copy()
    for column, value in change.items():
        changed.loc[0, column] = value
    table = estimate_small_units(changed, TREE)
    pd.testing.assert_frame_equal(table, without)
    assert len(table) == 7


@pytest.mark.parametrize(("half", "told"), [(4.9, False), (5.0, False), (5.1, True)])
def test_only_units_with_a_wide_interval_have_a_row(half, told):
    table = estimate_small_units(scores_of(UNITS, OWN["eight"], [half, *[9.0] * 7]), TREE)
    assert ("u0" in set(table["unit"])) == told
    assert len(table) == 7 + told


@pytest.mark.parametrize(("units_n", "status"), [(4, "incomplete"), (5, "published"), (6, "published")])
def test_it_takes_five_units(eight, units_n, status):
    table = estimate_small_units(eight.iloc[:units_n], TREE)
    assert list(table["status"]) == [status] * units_n
    figures = table[["own", "estimate", "se", "ci_low", "ci_high", "weight"]]
    assert figures.isna().all(axis=None) == (status == "incomplete")
    assert figures.notna().all(axis=None) == (status == "published")


def test_levels_and_periods_lend_each_other_nothing(eight):
    other = eight.assign(key="b", score=90 - eight["score"], ci_low=90 - eight["ci_high"], ci_high=90 - eight["ci_low"])  # fmt: skip
    third = eight.iloc[:3].assign(period="2025")
    alone = [estimate_small_units(rows, TREE) for rows in (eight, other, third)]
    together = estimate_small_units(pd.concat([eight, other, third], ignore_index=True), TREE)
    pd.testing.assert_frame_equal(
        together.astype({"period": str, "key": str, "status": str}),
        pd.concat(alone, ignore_index=True).astype(
            {"period": str, "key": str, "status": str, "unit": together["unit"].dtype}
        ),
    )


def test_intervals_end_with_the_scale():
    table = estimate_small_units(scores_of(UNITS[:5], [6.0, 8, 50, 92, 94], [20.0] * 5), TREE)
    assert table["ci_low"].min() == 0
    assert table["ci_high"].max() == 100
    assert table["estimate"].between(6, 94).all()


@pytest.mark.parametrize("tree", [UnitTree({}), TREE])
def test_without_units_there_are_no_rows(tree):
    whole = scores_of(["*"], [50.0], [9.0])
    assert estimate_small_units(whole, tree).empty
    assert estimate_small_units(whole.iloc[:0], tree).empty


def test_each_organisation_of_a_batch_has_its_own(eight):
    trees = {"one": TREE, "two": TREE, "three": TREE}
    moved = eight.assign(score=eight["score"] + 10, ci_low=eight["ci_low"] + 10, ci_high=eight["ci_high"] + 10)  # fmt: skip
    batch = pd.concat(
        [eight.assign(organisation="one"), moved.assign(organisation="two"),
         eight.iloc[:2].assign(organisation="three", unit="*")]
    )  # fmt: skip
    table = publish_small_units(batch.reset_index(drop=True), trees)
    one, two = (table[table["organisation"] == name].reset_index(drop=True) for name in ("one", "two"))
    assert len(table) == 16
    np.testing.assert_allclose(two["estimate"], one["estimate"] + 10)
    np.testing.assert_allclose(two["weight"], one["weight"])


def test_an_organisation_with_fewer_units_is_estimated_as_it_would_be_alone(eight):
    five = eight.iloc[:5]
    batch = pd.concat(
        [five.assign(organisation="five"), eight.assign(organisation="eight")], ignore_index=True
    )
    table = publish_small_units(batch, {"five": TREE, "eight": TREE})
    for name, rows in (("five", five), ("eight", eight)):
        own = table[(table["organisation"] == name).to_numpy()].drop(columns="organisation")
        alone = estimate_small_units(rows, TREE)
        pd.testing.assert_frame_equal(own.reset_index(drop=True), alone, check_categorical=False)
