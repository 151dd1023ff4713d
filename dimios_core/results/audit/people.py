"""Audit of what is told of people: response rates, reliability and the spread within an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import fdtri

from dimios_core.published.conventions import ALL, UNKNOWN_ROLE, band_of
from dimios_core.results.audit.grid import GROUP, PUBLISHED, Fault, Grid
from dimios_core.results.audit.sheets import Sheet

#: groups that are told to be small or empty as a whole
CLOSED = ("suppressed_small", "no_answers")
#: people behind reliability and spread of an organisation's own
OWN_N_MIN = 50
#: units or roles behind a share of the spread
LEVELS_MIN = 3
#: half a unit of two, and of three, decimals
HALF_CENT, HALF_MILLE = 0.005 + 1e-9, 0.0005 + 1e-9


def check_rates(rates: Sheet, grid: Grid) -> Iterator[Fault]:
    """Rate and band follow from the numbers, and at least as many answered as a level rests on."""
    by_role = not {*rates.text("role")} <= {ALL, UNKNOWN_ROLE}
    closed = np.any(grid.status.are(CLOSED)[:, grid.columns.columns_n :], axis=1, keepdims=True)[:, 0]
    names = (*GROUP, "invited", "answered", "rate", "band")
    for period, unit, role, invited, answered, rate, band in rates.shown.rows(*names):
        place = str(period), f"response rate ({unit}, {role})"
        if np.isnan(invited) or np.isnan(answered) or not 0 <= answered <= invited:
            yield *place, "numbers that cannot be"
            continue
        share = answered / invited
        if not abs(rate - share) <= HALF_MILLE or band not in {band_of(share)}:
            yield *place, "a rate that its numbers do not give"
        at = grid.number.get((period, unit, role))
        if at is None:
            continue
        if answered < np.nanmax(grid.n[at], initial=0):
            yield *place, "fewer answered than its levels rest on"
        if (role == ALL or by_role) and closed[at] != (answered < grid.threshold):
            yield *place, "another number answered than its levels say"


def check_rate_sums(rates: Sheet, parts: list[tuple[tuple, list[tuple]]]) -> Iterator[Fault]:
    """Numbers of a group are no fewer than those of its published parts, and theirs added up where all are."""
    told = zip(
        rates.text("status"),
        *(np.nan_to_num(rates.number(n)).tolist() for n in ("invited", "answered")),
        strict=True,
    )
    plain = dict(zip(rates.rows(*GROUP), told, strict=True))
    for group, of_group in parts:
        whole, *divided = (plain[g] for g in (group, *of_group))
        if whole[0] != PUBLISHED:
            continue
        shown = [part for part in divided if part[0] == PUBLISHED]
        for numbers in ((whole[at], sum(part[at] for part in shown)) for at in (1, 2)):
            if numbers[0] < numbers[1] or (len(shown) == len(divided) and numbers[0] != numbers[1]):
                yield (
                    group[0],
                    f"response rate ({group[1]}, {group[2]})",
                    "numbers that its parts do not give",
                )
                break


class Measure(NamedTuple):
    """A row of measures of reliability."""

    period: str
    key: str
    measure: str
    status: str
    points_n: float
    value: float
    ci_low: float
    ci_high: float
    n: float


def check_quality(quality: Sheet, grid: Grid) -> Iterator[Fault]:
    """Measures of reliability: of fifty complete cases, of published categories, with Feldt's interval."""
    columns = grid.columns
    size = dict(
        zip((c.id for c in columns.instrument.categories), columns.in_category.sum(axis=0), strict=True)
    )
    for row in map(Measure._make, quality.rows(*Measure._fields)):
        place = str(row.period), f"{row.measure} {row.key}"
        k = int(size.get(row.key, 0))
        if row.points_n != k or (row.measure == "spearman_brown") != (k == 2):
            yield *place, "a measure of another number of points"
        if row.status != PUBLISHED:
            continue
        at = grid.number.get((str(row.period), ALL, ALL), -1)
        inside = np.flatnonzero(columns.in_category[:, list(size).index(row.key)]).tolist() if k else []
        if at < 0 or not grid.points[at, inside].all():
            yield *place, "a measure of points that are not published"
        elif not OWN_N_MIN <= row.n <= np.nanmin(grid.n[at, inside]):
            yield *place, "a measure of other people than answered"
        yield from ((*place, what) for what in off_reliability(row, row.n - 1, k))


def off_reliability(row: object, df: float, k: int) -> Iterator[str]:
    """Say what is wrong with a published measure on `df` degrees of freedom, of `k` points."""
    value, low, high = (float(getattr(row, n)) for n in ("value", "ci_low", "ci_high"))
    if not -10 <= value <= 1:
        yield "a measure beyond its limits"
    if row.measure != "alpha":  # type: ignore[attr-defined]
        if not (np.isnan(low) and np.isnan(high)):
            yield "an interval that there is none of"
        return
    for end, level in ((low, 0.975), (high, 0.025)):
        factor = float(fdtri(df, df * (k - 1), level))
        if not abs(end - (1 - (1 - value) * factor)) <= HALF_CENT * (1 + factor):
            yield "an interval that its measure does not give"
            return


def check_spread(spread: Sheet, grid: Grid, units_n: int) -> Iterator[Fault]:
    """Shares of the spread: of fifty people, together one, of units and roles where there are three."""
    of_period, first = spread.shown.group("period")
    for i, (period,) in enumerate(spread.shown.take(first).rows("period")):
        rows, at = spread.shown.take(of_period == i), grid.number.get((period, ALL, ALL), -1)
        # respondents with an answer to any point that is published
        most = np.nansum(grid.n[at, grid.columns.points]) if at >= 0 else 0
        share, parts = rows.number("share"), {*rows.text("part")}
        roles_n = len({g[2] for g in grid.groups if g[0] == period and g[2] != ALL})
        if (
            most < OWN_N_MIN
            or ("units" in parts and units_n < LEVELS_MIN)
            or ("roles" in parts and roles_n < LEVELS_MIN)
        ):
            yield str(period), "spread", "a share of few people or parts"
        if not (share >= 0).all() or abs(share.sum() - 1) > 1e-6 or "people" not in parts:
            yield str(period), "spread", "shares that do not make one whole"
