"""Where the differences between people's answers lie: organisations, units, roles, people (method 4).

A person's score is the mean of the answers less the points' means, so that somebody who skipped the points that
all rate high does not pass for critical. What is left between people includes errors of measurement.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import QUARTILES_MIN, UNKNOWN_ROLE
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.reliability import OWN_N_MIN
from dimios_core.results.consortium.reml import (
    UnitSums,
    bootstrap_shares,
    crossed_components,
    nested_components,
)
from dimios_core.results.estimate import Batch
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.matrix import Respondents

#: steps that an organisation's own shares are told in
STEP_SHARE = 0.05
#: units, or roles, that a variance between them needs
LEVELS_MIN = 3
#: bootstrap samples of organisations, and the seed that makes them the same in every run
BOOTSTRAP_N, SEED = 200, 20
PARTS = ("organisations", "units", "people")


@dataclass(frozen=True)
class SpreadSums:
    """People of one organisation and period, summed up so that points can be centred later.

    A person's score is x'v with x = (mean of the answers, share of the answers that went to each point) and
    v = (1, −means of the points).

    Attributes
    ----------
    answers_n, answer_sum : float arrays (points,)
    unit_n : float array (units,)
    unit_mean : float array (units, 1 + points)
        Mean of x.
    within : float array (1 + points, 1 + points)
        Σ (x − x̄)(x − x̄)' around the units' means.
    """

    answers_n: np.ndarray
    answer_sum: np.ndarray
    unit_n: np.ndarray
    unit_mean: np.ndarray
    within: np.ndarray


def collect_spread(
    batch: Batch, respondents: Respondents, columns: Columns
) -> tuple[dict[tuple[str, str], SpreadSums], pd.DataFrame]:
    """Sum people up for the shares of all organisations, and publish each organisation's own shares.

    Returns
    -------
    sums : dict
        (organisation, period) -> sums.
    own : DataFrame
        organisation, period, part ("units", "roles", "people"), status (published; suppressed_small: fewer than
        fifty people; incomplete: fewer than three units or roles, or no variance), share (0-1, steps of 0.05,
        the parts together 1).
    """
    start = np.searchsorted(respondents.block, np.arange(len(batch.blocks) + 1))
    sums: dict[tuple[str, str], SpreadSums] = {}
    rows: list[dict] = []
    for b, block in enumerate(batch.blocks):
        inside = slice(start[b], start[b + 1])
        y = respondents.score_pct[inside, : columns.points_n]
        answered = ~np.isnan(y)
        kept = answered.any(axis=1)
        y, answered = np.nan_to_num(y[kept]), answered[kept]
        unit = np.unique(respondents.unit[inside][kept].astype(str), return_inverse=True)[1]
        role = respondents.role[inside][kept].astype(str)
        sums[block.organisation, block.period] = _sum_up(y, answered, unit)
        shares = _own_shares(_centre(y, answered), unit, role)
        head = {"organisation": block.organisation, "period": block.period}
        rows += [head | {"part": p, "status": s.label, "share": v} for p, (s, v) in shares.items()]
    return sums, shape_table("spread", rows, per_organisation=True)


def _centre(y: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Mean of each person's answers less the points' means."""
    mean = y.sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    return ((y - mean) * answered).sum(axis=1) / answered.sum(axis=1)


def _sum_up(y: np.ndarray, answered: np.ndarray, unit: np.ndarray) -> SpreadSums:
    number = answered.sum(axis=1)
    x = np.column_stack([y.sum(axis=1) / number, answered / number[:, None]])
    n = np.bincount(unit).astype(float)
    belongs = (unit[:, None] == np.arange(len(n))).astype(float)
    mean = belongs.T @ x / n[:, None]
    centred = x - mean[unit]
    return SpreadSums(answered.sum(axis=0).astype(float), y.sum(axis=0), n, mean, centred.T @ centred)


def _own_shares(score: np.ndarray, unit: np.ndarray, role: np.ndarray) -> dict[str, tuple[Status, float]]:
    """Shares of units, roles and people in steps; parts that cannot be told have no share."""
    names = ("units", "roles", "people")
    if len(score) < OWN_N_MIN:
        return dict.fromkeys(names, (Status.SUPPRESSED_SMALL, np.nan))
    codes = {"units": unit, "roles": np.unique(role, return_inverse=True)[1]}
    enough = {name: len(np.unique(c)) >= LEVELS_MIN for name, c in codes.items()}
    enough["roles"] &= not set(role) <= {UNKNOWN_ROLE}
    used = [name for name in codes if enough[name]]
    shares = dict.fromkeys(names, (Status.INCOMPLETE, np.nan))
    if not used:
        return shares
    variance = crossed_components(score, [codes[name] for name in used])
    if np.isnan(variance).any():
        return shares
    rounded = np.round(variance[:-1] / variance.sum() / STEP_SHARE) * STEP_SHARE
    told = [*rounded, max(1 - rounded.sum(), 0.0)]
    return shares | {
        name: (Status.PUBLISHED, round(float(s), 2)) for name, s in zip([*used, "people"], told, strict=True)
    }


def stack_units(parts: list[SpreadSums]) -> UnitSums:
    """Put organisations together, with every point centred at its mean over all their people."""
    answers_n = np.sum([s.answers_n for s in parts], axis=0)
    point_mean = np.sum([s.answer_sum for s in parts], axis=0) / np.maximum(answers_n, 1)
    v = np.r_[1.0, -point_mean]
    return UnitSums(
        np.repeat(np.arange(len(parts)), [len(s.unit_n) for s in parts]),
        np.concatenate([s.unit_n for s in parts]),
        np.concatenate([s.unit_mean @ v for s in parts]),
        np.array([max(float(v @ s.within @ v), 0.0) for s in parts]),
    )


def estimate_shares(sums: UnitSums, seed: int = SEED, samples_n: int = BOOTSTRAP_N) -> np.ndarray:
    """Shares of the variance between organisations, units and people, with 95 % bootstrap intervals.

    Organisations are drawn with replacement. The interval is the 2.5th to the 97.5th percentile.

    Returns
    -------
    float array (3, 3)
        A row a part: share, low, high (0-1); NaN where there is no variance.
    """
    variance = nested_components(sums)
    share = variance / variance.sum()
    if np.isnan(share).any():
        return np.full((3, 3), np.nan)
    rng = np.random.default_rng(seed)
    organisations_n = len(sums.within)
    times = rng.multinomial(organisations_n, np.full(organisations_n, 1 / organisations_n), samples_n)
    samples = bootstrap_shares(sums, variance, times)
    if not len(samples):
        return np.column_stack([share, np.full((3, 2), np.nan)])
    return np.column_stack([share, *np.quantile(samples, [0.025, 0.975], axis=0)])


def publish_shares(
    sums: dict[tuple[str, str], SpreadSums],
    complete: set[tuple[str, str]],
    seed: int = SEED,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Shares of the variance in every period, over organisations with a complete result, from twelve of them.

    Parameters
    ----------
    seed : int
        The same seed gives the same intervals.
    executor : Executor, optional
        Works on periods elsewhere.

    Returns
    -------
    DataFrame
        period, part ("organisations", "units", "people"; "people" includes errors of measurement; no row for units
        where no organisation has two), share, ci_low, ci_high (0-1, two decimals), organisations_n (Int64).
    """
    stacked = {}
    for period in sorted({p for _, p in sums}):
        parts = [
            s for key, s in sorted(sums.items()) if key[1] == period and key in complete and s.unit_n.sum()
        ]
        if len(parts) >= QUARTILES_MIN:
            stacked[period] = stack_units(parts)
    run = executor.map if executor else map
    rows = []
    for (period, units), shares in zip(
        stacked.items(), run(estimate_shares, stacked.values(), [seed] * len(stacked)), strict=True
    ):
        organisations_n = len(units.within)
        for part, figures in zip(PARTS, shares, strict=True):
            if part == "units" and len(units.n) == organisations_n:
                continue
            if np.isfinite(figures[0]):
                told = dict(zip(("share", "ci_low", "ci_high"), np.round(figures, 2), strict=True))
                rows.append({"period": period, "part": part, **told, "organisations_n": organisations_n})
    return shape_table("variance_shares", rows)
