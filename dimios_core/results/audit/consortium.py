"""The audit of the tables over all organisations: panels beside plain means, distributions, named rows, coverage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.published.conventions import GROUP_MIN, PEERS_MIN, QUARTILES_MIN
from dimios_core.published.status import Status
from dimios_core.published.store import PublicResults
from dimios_core.results.consortium.benchmarks import publishable_groups
from dimios_core.results.consortium.named import BIN_WIDTHS_PP
from dimios_core.results.consortium.panels import LEAKS_AT_A_TIME, TOLERANCE
from dimios_core.results.consortium.positions import find_leaks

PUBLISHED = Status.PUBLISHED.label
#: period, key, what was found
Found = tuple[str, str, str]


def audit_consortium(public: PublicResults) -> Iterator[Found]:
    """Audit what is published over all organisations besides benchmarks and dots; nothing where there are no files."""
    cells = public.panel_participation
    yield from _check_levels(public.group_levels, public.benchmarks)
    yield from _check_changes(public.group_changes, cells)
    yield from _check_panels(public.group_changes, cells, public.benchmarks)
    yield from _check_counts(cells, public)
    yield from _check_distribution(public.distribution, public.benchmarks)
    yield from _check_named(public.named, public.positions)
    yield from _check_coverage(public.coverage)


def _check_levels(levels: pd.DataFrame, benchmarks: pd.DataFrame) -> Iterator[Found]:
    """Levels are benchmarks with other intervals: published together or not at all."""
    key = ["period", "group", "level", "key"]
    plain = benchmarks[benchmarks["status"] == PUBLISHED][[*key, "organisations_n"]].astype(
        dict.fromkeys(key, str)
    )
    shown = levels[levels["mean"].notna()].astype(dict.fromkeys(key, str))
    beside = shown.merge(plain, on=key, how="left", suffixes=("", "_plain"))
    for row in beside[beside["organisations_n_plain"].isna()].itertuples():
        yield row.period, f"{row.group} {row.key}", "a level without a published benchmark"
    for row in beside[
        (beside["organisations_n"] != beside["organisations_n_plain"]).fillna(False)
    ].itertuples():
        yield row.period, f"{row.group} {row.key}", "a level of other organisations than its benchmark"
    for row in shown[(shown["organisations_n"] < QUARTILES_MIN) & shown["between_sd"].notna()].itertuples():
        yield row.period, f"{row.group} {row.key}", f"a spread of fewer than {QUARTILES_MIN} organisations"


def _check_changes(changes: pd.DataFrame, cells: pd.DataFrame) -> Iterator[Found]:
    """Panels are large enough, and are those that were counted in both periods."""
    counted: dict[tuple[str, str], int] = {}
    for cell in cells.itertuples():
        for token in filter(None, cell.panels.split("|")):
            counted[cell.period, token] = counted.get((cell.period, token), 0) + int(cell.organisations_n)
    shown = changes[changes["status"] == PUBLISHED].drop_duplicates(["period", "period_from", "group"])
    for row in shown.itertuples():
        token, number = f"{row.period}<{row.period_from} {row.group}", int(row.organisations_n)
        if number < GROUP_MIN:
            yield str(row.period), row.group, f"a panel of fewer than {GROUP_MIN} organisations"
        if any(counted.get((str(p), token), 0) != number for p in (row.period, row.period_from)):
            yield str(row.period), row.group, "the panel is not the one that was checked"


def _check_panels(changes: pd.DataFrame, cells: pd.DataFrame, benchmarks: pd.DataFrame) -> Iterator[Found]:
    """Plain means, panel means with the year before and with the year after: a table of its own in each period."""
    panels = changes[changes["status"] == PUBLISHED].drop_duplicates(["period", "period_from", "group"])
    plain = benchmarks[benchmarks["status"] == PUBLISHED]
    for period, own in cells.groupby("period"):
        tokens = [
            f"{p.period}<{p.period_from} {p.group}"
            for p in panels.itertuples()
            if period in (p.period, p.period_from)
        ]
        listed = list(dict.fromkeys(plain.loc[plain["period"] == period, "group"].astype(str)))
        if not tokens:
            continue
        number, named = own["organisations_n"].to_numpy(int), own["named_n"].to_numpy(int)
        of_cell = [
            {*groups.split("|"), *names.split("|")}
            for groups, names in zip(own["groups"], own["panels"], strict=True)
        ]
        rows = np.array([[t in held for held in of_cell] for t in [*listed, *tokens]], bool).repeat(
            number, axis=1
        )
        place = np.arange(number.sum()) - np.repeat(number.cumsum() - number, number)
        for leak in find_leaks(rows, place >= named.repeat(number), LEAKS_AT_A_TIME):
            involved = [
                tokens[j] for j in np.flatnonzero(np.abs(leak.combination[len(listed) :]) > TOLERANCE)
            ]
            if involved:
                what = (
                    f"the mean of {leak.others_n} organisations follows from panels {involved} and {listed}"
                )
                yield str(period), "group_changes", what
                break


def _check_counts(cells: pd.DataFrame, public: PublicResults) -> Iterator[Found]:
    """Counts by plain groups are the same in both files that the checks rest on."""
    if cells.empty:
        return
    coarse = public.participation
    for period, own in cells.groupby("period"):
        fine = own.groupby("groups")["organisations_n"].sum().to_dict()
        plain = coarse[coarse["period"] == period].groupby("groups")["organisations_n"].sum().to_dict()
        if fine != plain:
            yield (
                str(period),
                "panel_participation",
                "organisations are counted otherwise than beside the means",
            )


def _check_distribution(bins: pd.DataFrame, benchmarks: pd.DataFrame) -> Iterator[Found]:
    key = ["period", "group", "level", "key"]
    bins = bins.astype(dict.fromkeys(key, str))
    for row in bins[bins["organisations_n"] < PEERS_MIN].itertuples():
        yield (
            row.period,
            f"distribution {row.group} {row.key}",
            f"a bin of fewer than {PEERS_MIN} organisations",
        )
    narrowest = min(BIN_WIDTHS_PP)
    for row in bins[bins["bin_high"] - bins["bin_low"] < narrowest].itertuples():
        yield (
            row.period,
            f"distribution {row.group} {row.key}",
            f"a bin narrower than {narrowest} percentage points",
        )
    inner = bins[(bins["bin_low"] > 0) & (bins["bin_high"] < 100)]
    widths = (inner["bin_high"] - inner["bin_low"]).groupby([inner[c] for c in key]).nunique()
    for period, group, _, name in widths[widths > 1].index:
        yield period, f"distribution {group} {name}", "bins of different widths between the outer ones"
    ends = bins.groupby(key, as_index=False).agg(
        low=("bin_low", "min"), high=("bin_high", "max"), n=("organisations_n", "sum")
    )
    plain = benchmarks[benchmarks["status"] == PUBLISHED].astype(dict.fromkeys(key, str))
    beside = ends.merge(plain[[*key, "organisations_n"]], on=key, how="left")
    wrong = (beside["n"] < QUARTILES_MIN) | (beside["n"] != beside["organisations_n"]).fillna(True)
    for row in beside[wrong | (beside["low"] != 0) | (beside["high"] != 100)].itertuples():
        yield (
            row.period,
            f"distribution {row.group} {row.key}",
            "bins that tell more than the group's mean may",
        )


def _check_named(named: pd.DataFrame, dots: pd.DataFrame) -> Iterator[Found]:
    """Rows of single organisations are of those that are dots; without a name nothing but type and level."""
    by_name = set(zip(dots["period"].astype(str), dots["id"].astype(str), strict=True)) - {
        (str(p), "") for p in dots["period"]
    }
    own = named[named["id"] != ""]
    here = set(zip(own["period"], own["id"], strict=True))
    for period, organisation in sorted(here - by_name):
        yield period, f"named {organisation}", "a row of an organisation that is not shown"
    told = own[own["change"].notna()]
    for period, organisation in sorted(set(zip(told["period_from"], told["id"], strict=True)) - by_name):
        yield period, f"named {organisation}", "a change from a period in which the organisation is not shown"
    bare = named[named["id"] == ""]
    tells = (bare[["name", "size", "county", "period_from"]] != "").any(axis=1) | bare["change"].notna()
    for row in bare[tells].itertuples():
        yield row.period, f"named {row.type}", "a row without a name tells more than type and level"
    n = bare.groupby(["period", "type", "level", "key"]).size()
    anonymous = dots[dots["id"] == ""].groupby(["period", "type"]).size().to_dict()
    for (period, kind, _, key), number in n.items():
        if number != anonymous.get((period, kind), 0):
            yield str(period), f"named {kind} {key}", "other rows without a name than there are dots"


def _check_coverage(coverage: pd.DataFrame) -> Iterator[Found]:
    few = coverage[
        (coverage["organisations_n"] < GROUP_MIN) & coverage[["respondents_n", "rate"]].notna().any(axis=1)
    ]
    for row in few.itertuples():
        yield str(row.period), f"coverage {row.value}", f"people of fewer than {GROUP_MIN} organisations"
    parts = coverage[coverage["kind"].isin(["all", "type"])]
    for period, own in parts.groupby("period", observed=True):
        types = own[own["kind"] == "type"]
        number = types["organisations_n"].to_numpy(int)
        if own.loc[own["kind"] == "all", "organisations_n"].sum() != number.sum():
            continue  # somebody has no type: then types do not add up to all
        for column in ("respondents_n", "answered_n"):
            shown = own[column].notna().to_numpy()
            rows = np.array(
                [
                    np.repeat((types["value"] == r.value).to_numpy() | (r.kind == "all"), number)
                    for r in own.itertuples()
                ],
                bool,
            )[shown]
            if (
                len(rows)
                and not publishable_groups(rows, np.zeros(len(rows)), np.zeros(rows.shape[1], bool)).all()
            ):
                yield (
                    str(period),
                    f"coverage {column}",
                    "numbers of people of one to four organisations follow",
                )
