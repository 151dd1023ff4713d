"""Simulations: do the intervals of small units cover, and how much nearer do the estimates lie than own figures?

Answers go through the code that scores organisations, and figures are rounded and bounded as they are published.
`python -m tests.results.test_small_units_coverage` prints the table of docs/method.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from dimios_core.results.scoring.groups import Members, UnitTree
from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.shared_spread import measure_spread
from tests.building import make_respondents, one_category
from tests.results.test_small_units import estimate_small_units

#: people of a unit, from and to
PEOPLE_N = (5, 30)
FEW = 4
#: mean of the units, percent; spread of people as a share of m(100 − m), of one point and between people of several
MEAN_PCT, POINT_SPREAD, SHARED = 60.0, 0.3, 0.3
UNITS_N, TAU_PP = (5, 10, 30), (0.0, 3.0, 6.0, 12.0)


@dataclass(frozen=True)
class Outcome:
    """Of units with a row: shares of intervals that hold the truth, and squared error relative to the own figure's."""

    own_coverage: float
    coverage: float
    error_ratio: float
    rows_n: int


def simulate(units_n: int, tau_pp: float, points_n: int, organisations_n: int, seed: int) -> Outcome:
    """Draw organisations whose units differ by τ, score them, and hold the estimates against the truth.

    A person answers a point with 4 draws of her own share, which is beta distributed around the unit's.
    """
    rng = np.random.default_rng(seed)
    groups_n = organisations_n * units_n
    n = rng.integers(*PEOPLE_N, groups_n, endpoint=True)
    truth = np.clip(MEAN_PCT + tau_pp * rng.standard_normal(groups_n), 3, 97)
    group = np.repeat(np.arange(groups_n), n)
    answers = _answer(rng, truth[group] / 100, points_n)
    people = make_respondents(answers, block=group // units_n)
    columns = one_category("abcdefgh"[:points_n])
    starts = np.searchsorted(people.block, np.arange(organisations_n + 1))
    spread = [measure_spread(answers[a:b], columns, FEW).phi for a, b in pairwise(starts)]
    people.few[:] = FEW
    people = replace(people, spread=np.array(spread))
    members = Members(group, np.arange(len(group)), groups_n)
    scores = score_groups(people, members, np.ones((groups_n, columns.columns_n), bool), columns)
    at = columns.level_rows.index(("category", "c"))
    low, high = scores.interval
    unit = [f"u{i}" for i in range(units_n)]
    published = pd.DataFrame(
        {
            "period": "2026", "unit": unit * organisations_n, "role": "*", "level": "category",
            "key": np.repeat(np.arange(organisations_n).astype(str), units_n), "status": "published",
            "bound": np.where(scores.end[:, at] != 0, "at_least", ""), "df": np.asarray(scores.df[:, at], float), "n": scores.n[:, at],
            "score": np.round(scores.score_pct[:, at], 1),
            "ci_low": np.round(low[:, at], 1), "ci_high": np.round(high[:, at], 1),
        }
    )  # fmt: skip
    table = estimate_small_units(published, UnitTree(dict.fromkeys(unit, "")))
    table = table[(table["status"] == "published").to_numpy()].astype({"unit": str, "key": str})
    known = table.merge(published.assign(truth=truth), on=["unit", "key"], suffixes=("", "_own"))
    own_covers = known["truth"].between(known["ci_low_own"], known["ci_high_own"])
    covers = known["truth"].between(known["ci_low"], known["ci_high"])
    errors = ((known[c] - known["truth"]) ** 2 for c in ("estimate", "own"))
    return Outcome(
        float(own_covers.mean()), float(covers.mean()), float(next(errors).mean() / next(errors).mean()), len(known)
    )  # fmt: skip


def _answer(rng: np.random.Generator, share: np.ndarray, points_n: int) -> np.ndarray:
    """Answers in percent: variance 0.3·m(100 − m) of a single point; 0.32 of several, which correlate by 0.28."""
    rho = (4 * POINT_SPREAD - 1) / 3 if points_n == 1 else SHARED * POINT_SPREAD
    precision = 1 / rho - 1
    own = rng.beta(share * precision, (1 - share) * precision)
    return 25.0 * rng.binomial(4, own[:, None], (len(share), points_n))


@pytest.mark.parametrize("units_n", UNITS_N)
def test_intervals_cover_and_estimates_lie_nearer(units_n):
    found = simulate(units_n, 6.0, 1, 1_500 // units_n, seed=units_n)
    assert 0.93 <= found.coverage <= 0.985
    assert found.error_ratio < 0.8


def tabulate(organisations_n: int = 2_000) -> pd.DataFrame:
    """Coverage and gain by number of points, units, and τ."""
    rows = []
    for points_n in (1, 6):
        for units_n in UNITS_N:
            for tau in TAU_PP:
                seed = 1000 * points_n + 10 * units_n + int(tau)
                found = simulate(units_n, tau, points_n, organisations_n * 5 // units_n, seed)
                rows.append({"points": points_n, "units": units_n, "tau": tau, **vars(found)})
    return pd.DataFrame(rows)


@pytest.mark.long
def test_coverage_and_gain_by_units_and_their_spread():
    table = tabulate()
    print(f"\n{table.round(3).to_string(index=False)}")
    apart = table[table["tau"] > 0]
    assert apart["coverage"].min() >= 0.93
    assert apart.groupby("units")["coverage"].mean().between(0.93, 0.97).all()
    # where units are all alike, intervals are too wide rather than too narrow
    assert table.loc[table["tau"] == 0, "coverage"].min() >= 0.97
    assert table["error_ratio"].max() <= 1.0
    assert apart.groupby("units")["error_ratio"].mean().is_monotonic_decreasing


if __name__ == "__main__":
    print(tabulate().round(3).to_string(index=False))
