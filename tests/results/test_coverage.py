"""Simulations: do intervals cover, and do tests hold their size? All through the code that scores organisations.

Thousands of made-up groups are scored at once. `python -m tests.results.test_coverage` prints the table of
small groups and populations at the ceiling.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dimios_core.families import adjust_holm
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import PeerSums, change_between, gap_to_peers
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.intervals import (
    region_radius,
    t_quantile,
    two_sided_p,
)
from dimios_core.results.scoring.linearise import Scores, score_groups
from tests.building import make_instrument, make_respondents, one_category

REPLICATES_N = 16_000
#: shares of the answers 1-5
CENTRED = {
    "even": (0.2, 0.2, 0.2, 0.2, 0.2),
    "hump": (0.1, 0.2, 0.4, 0.2, 0.1),
    "narrow": (0.02, 0.18, 0.6, 0.18, 0.02),
}
SKEWED = {
    "towards high": (0.05, 0.1, 0.2, 0.4, 0.25),
    "towards low": (0.35, 0.3, 0.2, 0.1, 0.05),
    "thin tail": (0.03, 0.07, 0.2, 0.45, 0.25),
}
CEILING = {
    "80 % fives": (0.01, 0.02, 0.03, 0.14, 0.8),
    "80 % fives, rest fours": (0, 0, 0, 0.2, 0.8),
    "80 % ones": (0.8, 0.14, 0.03, 0.02, 0.01),
    "95 % fives": (0, 0, 0.01, 0.04, 0.95),
}


def many_groups(score_pct: np.ndarray, groups_n: int, columns: Columns, **more) -> tuple[Scores, Members]:
    """Score groups of equal size; `score_pct` has the respondents of all groups under each other."""
    people = make_respondents(score_pct, **more)
    size = len(score_pct) // groups_n
    members = Members(np.repeat(np.arange(groups_n), size), np.arange(len(score_pct)), groups_n)
    return score_groups(people, members, np.ones((groups_n, columns.columns_n), bool), columns), members


def coverage(shares: tuple[float, ...], n: int, seed: int) -> tuple[float, float]:
    """Share of published intervals and of plain t intervals that hold the population's mean."""
    rng = np.random.default_rng(seed)
    answers = 25.0 * rng.choice(5, (REPLICATES_N * n, 1), p=shares)
    scores, _ = many_groups(answers, REPLICATES_N, one_category("a"))
    mean = 25 * np.arange(5) @ np.array(shares)
    score, se = scores.score_pct[:, 0], scores.se[:, 0]
    low, high = (x[:, 0] for x in scores.interval)
    half = t_quantile(scores.df[:, 0]) * se
    return float(((low <= mean) & (mean <= high)).mean()), float((np.abs(score - mean) <= half).mean())


def coverage_table() -> dict[tuple[str, int], tuple[float, float]]:
    """Coverage of (published, plain t) by population and n, for small groups and populations at an end."""
    populations = {**{f"{k} (centred)": v for k, v in CENTRED.items()}, **SKEWED, **CEILING}
    return {
        (name, n): coverage(shares, n, seed=7)
        for name, shares in populations.items()
        for n in ((5, 12, 40) if name in CEILING else (5, 8))
    }


def print_table(table: dict[tuple[str, int], tuple[float, float]]) -> None:
    print(f"\n{'population':<26}{'n':>4}{'published, %':>14}{'plain t, %':>12}")
    for (name, n), (own, plain) in table.items():
        print(f"{name:<26}{n:>4}{100 * own:>14.1f}{100 * plain:>12.1f}")


@pytest.mark.parametrize(
    "seed", [11, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(12, 32))]
)
@pytest.mark.parametrize("n", [12, 20, 40])
@pytest.mark.parametrize("population", [*CENTRED, *SKEWED])
def test_the_interval_covers_95_percent_from_twelve_answers(population, n, seed):
    own, _ = coverage({**CENTRED, **SKEWED}[population], n, seed)
    assert 0.93 <= own <= 0.97


def test_small_groups_and_ceilings_are_told_in_a_table():
    table = coverage_table()
    print_table(table)
    for n, plain_expected in ((5, 0.66), (12, 0.78), (40, 0.90)):
        own, plain = table["80 % fives", n]
        assert plain == pytest.approx(plain_expected, abs=0.02)
        assert 0.93 <= own <= 0.995
    # five answers or a ceiling: never far below
    assert min(own for own, _ in table.values()) >= 0.92


def test_the_ceiling_and_the_floor_of_the_scale_mirror_each_other():
    high, low = (coverage(CEILING[k], 12, seed=3)[0] for k in ("80 % fives", "80 % ones"))
    assert high == pytest.approx(low, abs=0.015)  # different draws, the same population mirrored


def correlated_answers(
    rng: np.random.Generator, person: np.ndarray, points_n: int, shift: np.ndarray | float = 0.0
):
    """Answers 1-5 in percent: half of the variance is the person's, the rest the point's."""
    latent = person[:, None] + rng.standard_normal((len(person), points_n)) + shift
    return 25.0 * np.digitize(latent / np.sqrt(2), [-1.2, -0.4, 0.5, 1.3])


def true_mean(shift: float = 0.0) -> float:
    """Mean of `correlated_answers` in percent, exactly."""
    return 25 * sum(stats.norm.sf(c - shift / np.sqrt(2)) for c in (-1.2, -0.4, 0.5, 1.3))


@pytest.mark.parametrize("n", [12, 30])
def test_a_category_of_three_points_with_dont_know_covers(n):
    rng = np.random.default_rng(5)
    groups_n = 5_000
    y = correlated_answers(rng, rng.standard_normal(groups_n * n), 3)
    y[rng.random(y.shape) < np.array([0.05, 0.2, 0.3])] = np.nan
    columns = one_category("abc")
    scores, _ = many_groups(y, groups_n, columns)
    at = columns.level_rows.index(("category", "c"))
    low, high = scores.interval
    assert 0.93 <= ((low[:, at] <= true_mean()) & (true_mean() <= high[:, at])).mean() <= 0.97


@pytest.mark.parametrize(("n", "common_n"), [(30, 0), (30, 10), (30, 20), (30, 30)])
def test_the_change_test_holds_its_size(n, common_n):
    rng = np.random.default_rng(common_n)
    pairs_n = 6_000
    first = rng.standard_normal((pairs_n, n))
    second = np.hstack([first[:, :common_n], rng.standard_normal((pairs_n, n - common_n))])
    y = correlated_answers(rng, np.r_[first.ravel(), second.ravel()], 2)
    id1 = np.arange(pairs_n * n).reshape(pairs_n, n)
    id2 = np.hstack(
        [id1[:, :common_n], pairs_n * n + np.arange(pairs_n * (n - common_n)).reshape(pairs_n, -1)]
    )
    columns = one_category("ab")
    people = make_respondents(y, person=np.r_[id1.ravel(), id2.ravel()])
    members = Members(np.repeat(np.arange(2 * pairs_n), n), np.arange(len(y)), 2 * pairs_n)
    every = np.ones((2 * pairs_n, 2), bool)
    d = change_between(people, members, every, np.arange(pairs_n), np.arange(pairs_n) + pairs_n, columns)
    assert (d.common_n == common_n).all()
    at = columns.level_rows.index(("category", "c"))
    p = two_sided_p(d.value_pp, d.se, d.df)[:, at]
    # three Monte Carlo errors are 0.8 points; degrees of freedom of a partial panel are on the careful side
    assert 0.038 <= (p < 0.05).mean() <= 0.059
    # Holm over a family of the points: at least one false word in at most 5 % of the families
    families = np.array([adjust_holm(row) for row in two_sided_p(d.value_pp, d.se, d.df)[:2_000, :2]])
    assert (families < 0.05).any(axis=1).mean() <= 0.065


def test_ignoring_a_panel_would_miss_real_changes():
    # the panel makes the error of a change smaller: what the covariance is there for
    rng = np.random.default_rng(0)
    pairs_n, n = 500, 30
    first = rng.standard_normal(pairs_n * n)
    y = np.vstack([correlated_answers(rng, first, 1), correlated_answers(rng, first, 1)])
    members = Members(np.repeat(np.arange(2 * pairs_n), n), np.arange(len(y)), 2 * pairs_n)
    every, pairs = np.ones((2 * pairs_n, 1), bool), (np.arange(pairs_n), np.arange(pairs_n) + pairs_n)
    panel = np.r_[np.arange(pairs_n * n), np.arange(pairs_n * n)]
    with_panel = change_between(make_respondents(y, person=panel), members, every, *pairs, one_category("a"))
    without = change_between(make_respondents(y), members, every, *pairs, one_category("a"))
    actual = with_panel.value_pp[:, 0].std(ddof=1)
    assert with_panel.se[:, 0].mean() == pytest.approx(actual, rel=0.08)
    assert without.se[:, 0].mean() > 1.2 * actual


@pytest.mark.parametrize("peers_n", [5, 20])
def test_the_test_of_a_gap_holds_its_size(peers_n):
    rng = np.random.default_rng(peers_n)
    replicates_n, n = 4_000, 30
    shifts = np.linspace(-0.6, 0.6, peers_n)  # peers differ: they are these organisations, not a sample
    columns = one_category("a")
    target = np.mean([true_mean(s) for s in shifts])
    grid = np.linspace(-0.5, 0.5, 2001)
    own_shift = grid[np.argmin([abs(true_mean(s) - target) for s in grid])]
    own, *peers = (
        many_groups(
            correlated_answers(rng, rng.standard_normal(replicates_n * n), 1, s), replicates_n, columns
        )[0]
        for s in [own_shift, *shifts]
    )
    sums = PeerSums.of(
        np.array([p.score_pct[:, 0] for p in peers]),
        np.array([p.floored_se[:, 0] for p in peers]),
        np.array([p.df[:, 0] for p in peers], float),
    )
    gap, se, df = gap_to_peers(own.score_pct[:, 0], own.floored_se[:, 0], own.df[:, 0].astype(float), sums)
    assert gap.mean() == pytest.approx(0, abs=3.5 * gap.std() / np.sqrt(replicates_n) + 0.02)
    assert 0.039 <= (two_sided_p(gap, se, df) < 0.05).mean() <= 0.061


@pytest.mark.parametrize("n", [12, 30])
def test_the_joint_region_holds_both_true_means_95_percent_of_the_time(n):
    rng = np.random.default_rng(n)
    groups_n = 5_000
    columns = Columns(make_instrument({"a": "c1", "b": "c2"}, {"c1": "d1", "c2": "d2"}))
    y = correlated_answers(rng, rng.standard_normal(groups_n * n), 2)
    scores, members = many_groups(y, groups_n, columns)
    at = [columns.level_rows.index(("dimension", d)) for d in ("d1", "d2")]
    z = scores.influence[:, at]
    s = (
        n
        / (n - 1)
        * members.sums(z[:, :, None].repeat(2, 2).reshape(-1, 4) * np.tile(z, 2)).reshape(-1, 2, 2)
    )
    off = scores.score_pct[:, at] - true_mean()
    distance = np.einsum("gi,gij,gj->g", off, np.linalg.inv(s), off)
    assert 0.93 <= (distance <= region_radius(np.full(groups_n, n)) ** 2).mean() <= 0.965


if __name__ == "__main__":
    print_table(coverage_table())
