"""Groups against all organisations: by hand, against two groups that share nobody, and as the audit works it out."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dimios_core.results.audit.group_gaps import check_group_gaps
from dimios_core.results.consortium.group_gaps import publish_group_gaps

POINTS = ("a", "b")


def level(group: str, n: int, mean: float, half: float, key: str = "maturity") -> dict:
    kind = "maturity" if key == "maturity" else "point"
    return {
        "period": "2026", "group": group, "kind": group.partition(":")[0], "level": kind, "key": key, "status": "published",
        "organisations_n": n, "mean": mean, "own_low": mean - half, "own_high": mean + half,
    }  # fmt: skip


def gaps_of(*rows: dict) -> pd.DataFrame:
    return publish_group_gaps(pd.DataFrame(list(rows)))


def test_the_interval_counts_the_group_among_all():
    # ten of sixty, 48 ± 1.0 against 50 ± 0.4: √((5/6)² · 1.0 + (0.16 − 1/36)) = √0.82667 = 0.909
    (row,) = gaps_of(level("county:14", 10, 48.0, 1.0), level("all", 60, 50.0, 0.4)).to_dict("records")
    assert (row["gap"], row["ci_low"], row["ci_high"]) == (-2.0, -2.9, -1.1)
    assert (row["certainty"], row["organisations_n"]) == ("decrease", 10)


def test_it_is_the_difference_of_two_groups_that_share_nobody():
    """With f = n/N: own − all = (1 − f) · (own − others), and so is the error; simulated, not derived."""
    rng, own_n, all_n = np.random.default_rng(7), 8, 20
    se = rng.uniform(1, 3, all_n)
    drawn = rng.normal(50, se, (200_000, all_n))
    difference = drawn[:, :own_n].mean(axis=1) - drawn.mean(axis=1)
    z = stats.norm.ppf(0.975)
    own_half = z * math.sqrt((se[:own_n] ** 2).sum()) / own_n
    all_half = z * math.sqrt((se**2).sum()) / all_n
    (row,) = gaps_of(level("county:14", own_n, 50.0, own_half), level("all", all_n, 50.0, all_half)).to_dict(
        "records"
    )
    assert row["ci_high"] == pytest.approx(z * difference.std(), abs=0.06)


@pytest.mark.parametrize(
    ("gap", "word"), [(-0.92, "decrease"), (-0.90, "none"), (0.90, "none"), (0.92, "increase")]
)
def test_alone_in_its_family_a_word_follows_the_interval(gap, word):
    (row,) = gaps_of(level("county:14", 10, 50 + gap, 1.0), level("all", 60, 50.0, 0.4)).to_dict("records")
    assert row["certainty"] == word


def test_words_are_adjusted_over_the_keys_of_a_level():
    """p of 1.0 against 0.909 is 0.031: enough alone, not among two; 1.2 (0.0097) stands among two."""
    p = [2 * stats.norm.sf(g / 0.9092 * stats.norm.ppf(0.975)) for g in (1.0, 1.2)]
    assert p[0] > 0.025 and p[1] < 0.025
    whole = [level("all", 60, 50.0, 0.4, key) for key in POINTS]
    small = gaps_of(*whole, level("county:14", 10, 51.0, 1.0, "a"), level("county:14", 10, 50.0, 1.0, "b"))
    large = gaps_of(*whole, level("county:14", 10, 51.2, 1.0, "a"), level("county:14", 10, 50.0, 1.0, "b"))
    assert small["certainty"].tolist() == ["none", "none"]
    assert large["certainty"].tolist() == ["increase", "none"]


def test_nothing_is_told_of_what_is_withheld_and_of_all_as_a_group():
    hidden = {"status": "suppressed_small", "mean": math.nan, "own_low": math.nan, "own_high": math.nan}
    assert gaps_of(level("county:14", 5, 0, 0) | hidden, level("all", 60, 50.0, 0.4)).empty
    assert gaps_of(level("county:14", 10, 48.0, 1.0), level("all", 60, 0, 0) | hidden).empty
    assert gaps_of(level("county:14", 60, 50.0, 0.4), level("all", 60, 50.0, 0.4)).empty


def test_a_cut_interval_counts_by_its_longer_side():
    cut = level("county:14", 10, 1.0, 3.0) | {"own_low": 0.0}
    (row,) = gaps_of(cut, level("all", 60, 50.0, 0.4)).to_dict("records")
    # √((5/6)² · 9 + (0.16 − 9/36 → 0)) = 2.5
    assert (row["ci_low"], row["ci_high"]) == (-51.5, -46.5)


@pytest.fixture
def published() -> tuple[pd.DataFrame, pd.DataFrame]:
    levels = pd.DataFrame(
        [level("all", 60, 50.0, 0.4, key) for key in POINTS]
        + [level("county:14", 10, m, 1.0, k) for k, m in zip(POINTS, (47.0, 50.1), strict=True)]
    )
    return publish_group_gaps(levels), levels


def audit(gaps: pd.DataFrame, levels: pd.DataFrame) -> list[str]:
    return [what for _, _, what in check_group_gaps(gaps, levels)]


def test_the_audit_finds_what_levels_do_not_give(published):
    gaps, levels = published
    assert audit(gaps, levels) == []
    for column, value, said in (
        ("gap", 2.0, "its levels do not give"), ("ci_high", 2.0, "its levels do not give"),
        ("organisations_n", 9, "its levels do not give"), ("certainty", "none", "a word of certainty"),
        ("group", "county:01", "that no published levels give"),
    ):  # fmt: skip
        wrong = gaps.astype({"certainty": object, "group": object})
        wrong.loc[0, column] = value
        assert any(said in what for what in audit(wrong, levels)), column
    assert audit(gaps.iloc[1:], levels) == ["a difference to all that is missing"]
    assert (
        audit(gaps, levels.assign(status="suppressed_small"))
        == ["a difference to all that no published levels give"] * 2
    )
