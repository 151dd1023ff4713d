"""Audit of means over organisations: they are what the organisations' own folders give, as long as they are of today.

Benchmarks of a period may stand while fewer than six organisations have changed (docs/method.md, 5). Then organisations'
folders tell something else than the means rest on, and what is left is that public tables agree with each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.published.conventions import PEERS_MIN, QUARTILES_MIN
from dimios_core.published.store import PublicResults
from dimios_core.results.audit.grid import HALF_UNIT, PUBLISHED, Fault
from dimios_core.results.audit.group_gaps import check_group_gaps
from dimios_core.results.audit.intervals import check_intervals, check_words
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.audit.wholes import Everybody, stack

KEY = ["period", "group", "level", "key"]
#: means of the same figures in two tables
SAME = 1e-6
#: a share of three decimals, and the mean of shares in steps of 5 % below it
SHARE_REACH = 0.0005 + 1e-6
#: tables of figures of many organisations, and the columns that name the periods they rest on
OF_MANY = {
    **dict.fromkeys(
        ("benchmarks", "group_levels", "group_gaps", "distribution", "reliability", "variance_shares"),
        ("period",),
    ),
    "group_changes": ("period", "period_from"),
}
#: of a period's means, so many must be what today's folders give, or the period is one that stands
TODAY_SHARE = 0.8


def check_benchmarks(public: PublicResults, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    """Yield what is wrong with benchmarks, and with the levels and changes of groups: period, about what, what is wrong.

    Parameters
    ----------
    public : PublicResults
    everybody : Everybody
    today : set of str
        See `find_today`.
    """
    yield from _check_small_periods(public)
    benchmarks = _shown(public.benchmarks)
    yield from _check_means(benchmarks, everybody, today)
    levels = _shown(public.group_levels)
    yield from _check_levels(levels, benchmarks, everybody, today)
    yield from _check_changes(_shown(public.group_changes), benchmarks)
    yield from check_group_gaps(public.group_gaps, public.group_levels)
    yield from _check_bins(public.distribution.astype(dict.fromkeys(KEY, str)), everybody, today)
    about = ["group", "level", "key"]
    for table, ends in (("group_levels", True), ("group_changes", False)):
        frame, value = getattr(public, table), "mean" if ends else "change"
        sheet = Sheet.of_frame(frame)
        yield from _named(table, check_intervals(sheet, value, about, clipped=ends))
        yield from _named(
            table, check_intervals(sheet, value, about, ("own_low", "own_high"), clipped=ends, error=False)
        )
        few = frame[(frame["status"] == PUBLISHED) & (frame["df"] != frame["organisations_n"] - 1)]
        for row in few.itertuples():
            yield (
                str(row.period),
                f"{table} {row.group} {row.key}",
                "degrees of freedom that its organisations do not give",
            )
    family = ["period", "period_from", "group", "level"]
    yield from _named("group_changes", check_words(sheet, "change", about, family, None))


def find_small_periods(public: PublicResults) -> set[str]:
    """Return the periods in which too few organisations took part for anything of many to be shown.

    A period in which nobody has a whole result has no row of participation, and is one of them.
    """
    taking_part = public.participation.astype({"period": str}).groupby("period")["organisations_n"].sum()
    taking_part = taking_part.reindex(sorted(set(public.benchmarks["period"].astype(str))), fill_value=0)
    return set(taking_part.index[taking_part < PEERS_MIN])


def _check_small_periods(public: PublicResults) -> Iterator[Fault]:
    """Whatever else a figure of many could be held against: of a period with few there is none."""
    small = find_small_periods(public)
    for table, names in OF_MANY.items():
        shown = getattr(public, table).astype(dict.fromkeys(names, str))
        if "status" in shown:  # else only what is shown has a row
            shown = shown[(shown["status"] == PUBLISHED).to_numpy()]
        for row in shown[shown[list(names)].isin(small).any(axis=1)].itertuples():
            yield row.period, table, "published though too few organisations took part"


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["status"] == PUBLISHED).to_numpy()].astype(dict.fromkeys(KEY, str))


def find_today(benchmarks: pd.DataFrame, everybody: Everybody) -> set[str]:
    """Return the periods whose benchmarks are of what organisations' folders hold today."""
    found = set()
    for period, rows in benchmarks[benchmarks["group"] == "all"].groupby("period"):
        own = everybody.complete.get(str(period), [])
        if not own or len(own) != rows["organisations_n"].iloc[0]:
            continue
        mean, at = stack(own, "told").mean(axis=0), _at(rows, everybody)
        close = np.abs(mean[at] - rows["mean"].to_numpy(float)) <= 2 * HALF_UNIT + _loose(own)[at]
        if close.mean() >= TODAY_SHARE:
            found.add(str(period))
    return found


def _at(rows: pd.DataFrame, everybody: Everybody) -> np.ndarray:
    named = zip(rows["level"].tolist(), rows["key"].tolist(), strict=True)
    return np.array([everybody.level_row[row] for row in named], int)


def _loose(wholes: list) -> np.ndarray:
    """What means may be off by where weights leave the middle of a room open: that of any, at most."""
    loose = stack(wholes, "loose")
    return np.full(loose.shape[1], loose.max(axis=1).mean())


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    for (period, group), own in rows.groupby(["period", "group"], sort=False):
        yield str(period), str(group), own


def _check_means(benchmarks: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    for period, group, rows in _groups(benchmarks):
        own = everybody.members(group, period)
        number = rows["organisations_n"].to_numpy(float)
        if len(set(number)) > 1:
            yield period, group, "levels of different numbers of organisations"
        if period not in today:
            continue
        if len(own) != number[0]:
            yield period, group, "another number of organisations than their own results give"
            continue
        at, told = _at(rows, everybody), stack(own, "told")
        expected = {"mean": told.mean(axis=0)}
        if len(own) >= QUARTILES_MIN:
            quartiles = np.quantile(told, [0.25, 0.5, 0.75], axis=0)
            expected |= dict(zip(("q1", "median", "q3"), quartiles, strict=True))
        for name, value in expected.items():
            off = ~(np.abs(value[at] - rows[name].to_numpy(float)) <= 2 * HALF_UNIT + _loose(own)[at])
            for row in rows[off].itertuples():
                yield (
                    period,
                    f"benchmarks {group} {row.key}",
                    f"a {name} that organisations' own results do not give",
                )


def _check_levels(
    levels: pd.DataFrame, benchmarks: pd.DataFrame, everybody: Everybody, today: set[str]
) -> Iterator[Fault]:
    """The mean is that of the benchmark; spread and don't-know share are those of the organisations."""
    beside = levels.merge(benchmarks[[*KEY, "mean"]], on=KEY, suffixes=("", "_plain"))
    for row in beside[~((beside["mean"] - beside["mean_plain"]).abs() <= SAME)].itertuples():
        yield row.period, f"group_levels {row.group} {row.key}", "another mean than its benchmark"
    for period, group, rows in _groups(levels):
        own = everybody.members(group, period)
        if period not in today or not own:
            continue
        at = _at(rows, everybody)
        with np.errstate(invalid="ignore"):
            spread = stack(own, "told").std(axis=0, ddof=1)[at]
            share = stack(own, "share").mean(axis=0)[at]
        spread = np.where(len(own) >= QUARTILES_MIN, spread, np.nan)
        reach = {
            "between_sd": 3 * HALF_UNIT + _loose(own)[at],
            "dont_know_share": SHARE_REACH + _coarse(own, everybody),
        }
        for name, value in (("between_sd", spread), ("dont_know_share", share)):
            told = rows[name].to_numpy(float)
            off = ~(np.abs(value - told) <= reach[name]) & ~(np.isnan(value) & np.isnan(told))
            if name == "dont_know_share":
                off &= ~np.isnan(value)
            for row in rows[off].itertuples():
                yield (
                    period,
                    f"group_levels {group} {row.key}",
                    f"a {name} that organisations' own results do not give",
                )


def _coarse(own: list, everybody: Everybody) -> float:
    """What a mean of shares may be off by: half a unit of each, half a step where few answered."""
    few = [np.nanmin(w.n[: everybody.columns.columns_n]) < 40 for w in own]
    return float(np.mean(np.where(few, 0.025, 0.0005)))


def _check_changes(changes: pd.DataFrame, benchmarks: pd.DataFrame) -> Iterator[Fault]:
    """A change is later minus earlier; plain means are the benchmarks of the two periods."""
    off = ~((changes["mean"] - changes["mean_from"] - changes["change"]).abs() <= 3 * HALF_UNIT)
    for row in changes[off].itertuples():
        yield row.period, f"group_changes {row.group} {row.key}", "a change that its means do not give"
    plain = benchmarks[[*KEY, "mean"]].rename(columns={"mean": "benchmark"})
    for name, period in (("plain", "period"), ("plain_from", "period_from")):
        beside = changes.astype({"period_from": str}).merge(
            plain.rename(columns={"period": period}), on=[period, *KEY[1:]], how="left"
        )
        for row in beside[~((beside[name] - beside["benchmark"]).abs() <= SAME)].itertuples():
            yield row.period, f"group_changes {row.group} {row.key}", f"a {name} that is no published mean"


def check_peers(
    gaps: pd.DataFrame, benchmarks: pd.DataFrame, everybody: Everybody, today: set[str]
) -> Iterator[tuple[str, str, str, str]]:
    """Check that the mean of the others in organisations' gaps is the group's, less the organisation itself.

    Parameters
    ----------
    gaps : DataFrame
        Published rows of all organisations: as in their tables, and organisation.

    Yields
    ------
    (organisation, period, what it is about, what is wrong)
    """
    if gaps.empty:
        return
    plain = _shown(benchmarks)[[*KEY, "mean", "organisations_n"]]
    beside = gaps.merge(plain, on=KEY, how="left")
    about = zip(beside["organisation"].tolist(), beside["period"].tolist(), strict=True)
    whole = [everybody.of.get(key) for key in about]
    at = _at(beside, everybody).tolist()
    complete = {id(w): w is not None and w.complete for w in {id(w): w for w in whole}.values()}
    loose = {id(w): 0.0 if w is None else float(w.loose.max()) for w in {id(w): w for w in whole}.values()}
    own = np.array([np.nan if w is None else w.told[i] for w, i in zip(whole, at, strict=True)])
    inside = np.array([complete[id(w)] for w in whole])
    m, mean = (beside[n].to_numpy(float, na_value=np.nan) for n in ("organisations_n", "mean"))
    with np.errstate(divide="ignore", invalid="ignore"):
        others = np.where(inside, (m * mean - own) / (m - 1), mean)
        reach = np.where(inside, HALF_UNIT * (m + 1) / (m - 1), HALF_UNIT) + HALF_UNIT
    reach += np.array([loose[id(w)] for w in whole])
    # an organisation that lacks points is compared on its own points: above the points there is no such mean
    alike = inside | beside["level"].isin(["point", "item"]).to_numpy()
    off = alike & ~(np.abs(beside["benchmark"].to_numpy(float) - others) <= reach)
    number = beside["peers_n"].to_numpy(float, na_value=np.nan) != m - inside
    now = beside["period"].isin(today).to_numpy()
    told = {
        "a benchmark that is not the mean of the others": off & now,
        "another number of peers than there are": number & now,
        "a gap to a group without a published mean": np.isnan(m),
    }
    for what, wrong in told.items():
        for row in beside[wrong].itertuples():
            yield row.organisation, row.period, f"gaps {row.group} {row.key}", what


def _check_bins(bins: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    """As many organisations as have a result in the bin; scores next to a border may be on either side."""
    members = {
        (period, group): everybody.members(group, period)
        for period, group in set(zip(bins["period"], bins["group"], strict=True))
        if period in today
    }
    told = {key: (stack(own, "told"), HALF_UNIT + _loose(own)[0]) for key, own in members.items() if own}
    columns = [bins[c].tolist() for c in (*KEY, "bin_low", "bin_high", "organisations_n")]
    for period, group, level, key, low, high, n in zip(*columns, strict=True):
        if (period, group) not in told:
            continue
        scores, reach = told[period, group]
        score, last = scores[:, everybody.level_row[level, key]], high >= 100
        surely = ((score >= low + reach) | (low <= 0)) & ((score < high - reach) | last)
        perhaps = ((score >= low - reach) | (low <= 0)) & ((score < high + reach) | last)
        if not surely.sum() <= n <= perhaps.sum():
            what = "another number of organisations than have such results"
            yield period, f"distribution {group} {key} {low:g}", what


def _named(table: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    return ((period, f"{table} {about}", what) for period, about, what in faults)
