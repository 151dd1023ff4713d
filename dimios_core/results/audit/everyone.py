"""Audit of what all may read of single organisations, and of who takes part, against organisations' own folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.published.store import PublicResults
from dimios_core.results.audit.benchmarks import find_small_periods
from dimios_core.results.audit.grid import HALF_UNIT, PUBLISHED, Fault
from dimios_core.results.audit.intervals import check_intervals
from dimios_core.results.audit.people import off_reliability
from dimios_core.results.audit.rules import groups_of
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.audit.wholes import Everybody, WholeRows

SAME = 1e-6
MUNICIPALITIES = "county_municipalities"


def check_everyone(public: PublicResults, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    """Yield what is wrong with tables of organisations: period, what it is about, what is wrong.

    Parameters
    ----------
    public : PublicResults
    everybody : Everybody
    today : set of str
        Periods that are of what organisations' folders hold today.
    """
    if {w.period for w in everybody.wholes} - find_small_periods(
        public
    ) <= today:  # else organisations that have left may be counted
        yield from _check_groups(public.peer_groups, everybody)
    yield from _check_participation(public.participation, everybody, today)
    yield from _check_panels(public.panel_participation, public.positions, today)
    yield from _check_positions(public.positions, everybody, today)
    yield from _check_named(public.named, everybody, today)
    yield from _check_shared_plans(public.shared_plans, everybody)
    yield from _check_coverage(public.coverage[public.coverage["period"].isin(today)], everybody)
    yield from _check_frames(public)
    yield from _check_reliability(public.reliability, everybody, today)
    yield from _check_shares(public.variance_shares, everybody, today)
    yield from _check_evidence(public.evidence, "evidence", "point")
    yield from _check_evidence(public.evidence_kinds, "evidence_kinds", "kind")


def _check_groups(groups: pd.DataFrame, everybody: Everybody) -> Iterator[Fault]:
    number = Counter(g for w in everybody.profiles.values() for g in groups_of(w))
    for row in groups.itertuples():
        if number[row.id] != row.members_n and everybody.profiles:
            yield "", f"peer_groups {row.id}", "another number of members than there are organisations"


def _check_participation(cells: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    for row in cells[(cells["shown_n"] > cells["organisations_n"]).to_numpy()].itertuples():
        yield str(row.period), f"participation {row.groups}", "more dots than organisations"
    for period, own in cells[cells["period"].isin(today)].groupby("period"):
        listed = {g for names in own["groups"] for g in names.split("|") if g}
        counted = Counter(
            frozenset(groups_of(everybody.profiles[w.organisation]) & listed)
            for w in everybody.complete[str(period)]
        )
        told = Counter(
            {frozenset(filter(None, r.groups.split("|"))): int(r.organisations_n) for r in own.itertuples()}
        )
        if counted != told:
            yield (
                str(period),
                "participation",
                "organisations are counted otherwise than their own results give",
            )


def _check_panels(cells: pd.DataFrame, dots: pd.DataFrame, today: set[str]) -> Iterator[Fault]:
    """At least as many are counted as shown by name as dots have one: those shown by name once are known ever after."""
    named = Counter(dots.loc[(dots["id"] != "").to_numpy(), "period"])
    for row in cells[(cells["named_n"] > cells["organisations_n"]).to_numpy()].itertuples():
        yield str(row.period), f"panel_participation {row.groups}", "more shown than organisations"
    for period, number in cells.groupby("period")["named_n"].sum().items():
        if period in today and number < named[period]:
            yield str(period), "panel_participation", "fewer shown by name than dots have one"


def _plane(everybody: Everybody) -> list[int]:
    plane = everybody.columns.instrument.quadrants
    assert plane is not None
    return [everybody.level_row["dimension", d] for d in (plane.across, plane.upwards)]


def _check_positions(dots: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    """A dot is where its organisation's own results say; one without a name is that of some that may be such a dot."""
    for dot in dots[dots["period"].isin(today)].itertuples():
        at, place = _plane(everybody), np.array([dot.across, dot.upwards])
        may_be = _may_be(dot, everybody)
        if not any(w.exact[at].all() and (np.abs(w.score[at] - place) <= SAME).all() for w in may_be):
            yield (
                dot.period,
                f"positions {dot.id or dot.type}",
                "a dot where no organisation is that it may be",
            )
        elif dot.id and everybody.profiles[dot.id]["name"] != dot.name:
            yield dot.period, f"positions {dot.id}", "another organisation's name"


def _may_be(row: Any, everybody: Everybody) -> list[WholeRows]:
    """Organisations that a row of all organisations may be about, by what the row tells and what they share."""
    sharing = "named" if row.id else "anonymous"
    return [
        w
        for w in everybody.complete.get(row.period, [])
        if everybody.profiles[w.organisation]["sharing"] == sharing
        and (everybody.profiles[w.organisation]["type"] or "") == row.type
        and row.id in ("", w.organisation)
    ]


def _check_named(named: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    """Rows are what organisations' own results say: levels with their intervals."""
    if named.empty:
        return
    now = named[named["period"].isin(today)].astype(object)  # hundreds of thousands of texts, one by one
    seen: set[tuple[str, str, str, str]] = set()
    spots: dict[tuple[str, str, str], list[WholeRows]] = {}
    for row in now.itertuples():
        about = (row.period, row.id, row.type)
        if about not in spots:
            spots[about] = _may_be(row, everybody)
        i = everybody.level_row.get((row.level, row.key), 0)
        where = f"named {row.id or row.type} {row.key}"
        told = (row.score, row.low, row.high)
        if not any(_says(w, i, told) for w in spots[about]):
            yield row.period, where, "figures of no organisation that it may be"
        told_twice = row.id and (row.period, row.id, row.level, row.key) in seen
        seen.add((row.period, row.id, row.level, row.key))
        if told_twice:
            yield row.period, where, "stands twice"
        if row.id:
            profile = everybody.profiles[row.id]
            if any(getattr(row, n) != (profile.get(n) or "") for n in ("name", "type", "size", "county")):
                yield row.period, where, "another organisation's name or kind"
        if pd.isna(row.change) and (row.certainty != "unknown" or row.period_from):
            yield row.period, where, "a word of a change that is not told"


def _says(whole: WholeRows, i: int, told: tuple[float, float, float]) -> bool:
    own = (whole.score[i] if whole.exact[i] else np.nan, whole.low[i], whole.high[i])
    return all((pd.isna(a) and pd.isna(b)) or abs(a - b) <= SAME for a, b in zip(own, told, strict=True))


def check_named_changes(
    named: pd.DataFrame, changes: dict[str, dict[tuple, tuple[float, str]]]
) -> Iterator[Fault]:
    """A change that all may read is that of the organisation's own results.

    Parameters
    ----------
    named : DataFrame
    changes : dict
        Organisation -> (period, earlier period, level, key) -> change and its word, of the whole.
    """
    for row in named[named["change"].notna()].itertuples():
        own = changes.get(row.id, {}).get((row.period, row.period_from, row.level, row.key))
        if own is None or abs(own[0] - row.change) > SAME or own[1] != row.certainty:
            yield (
                row.period,
                f"named {row.id} {row.key}",
                "a change that the organisation's own results do not give",
            )


def _check_shared_plans(plans: pd.DataFrame, everybody: Everybody) -> Iterator[Fault]:
    """What is told of plans is told of organisations that share their name, under that name."""
    for row in plans.itertuples():
        profile = everybody.profiles.get(row.id)
        where = str(row.period), f"shared_plans {row.id} {row.point}"
        if profile is None or profile["sharing"] != "named":
            yield *where, "a plan of an organisation that does not share its name"
        elif any(getattr(row, n) != (profile.get(n) or "") for n in ("name", "county")):
            yield *where, "another organisation's name or county"


def _check_coverage(coverage: pd.DataFrame, everybody: Everybody) -> Iterator[Fault]:
    """Numbers of organisations are those of the folders; numbers of people are theirs where all of them tell."""
    for row in coverage.itertuples():
        where = str(row.period), f"coverage {row.kind} {row.value}"
        own = [w for w in everybody.wholes if w.period == row.period and _belongs(everybody, w, row)]
        if row.organisations_n < len(own) or (row.kind != "all" and row.organisations_n != len(own)):
            yield *where, "another number of organisations than there are"
        if not pd.isna(row.rate) and not abs(row.rate - row.answered_n / row.invited_n) <= 0.0005 + SAME:
            yield *where, "a rate that its numbers do not give"
        if len({pd.isna(x) for x in (row.rate, row.answered_n, row.invited_n)}) > 1:
            yield *where, "a rate without its numbers"
        least = sum(np.nanmax(w.n, initial=0) for w in own)
        answered, invited = (np.array([getattr(w, n) for w in own]) for n in ("answered", "invited"))
        if not pd.isna(row.respondents_n):
            few = row.respondents_n < least or row.respondents_n < np.nansum(answered)
            if few or (np.isfinite(answered).all() and row.respondents_n != answered.sum()):
                yield *where, "a number of people that organisations do not give"
        if not pd.isna(row.answered_n):
            for told, of in ((row.answered_n, answered), (row.invited_n, invited)):
                if told < np.nansum(of) or (np.isfinite(of).all() and told != of.sum()):
                    yield *where, "a number of people that organisations do not give"
                    break


def _belongs(everybody: Everybody, whole: WholeRows, row: Any) -> bool:
    profile = everybody.profiles[whole.organisation]
    if row.kind == MUNICIPALITIES:
        return profile["type"] == "municipality" and profile["county"] == row.value
    return row.kind == "all" or (profile.get(row.kind) or "") == row.value


def _check_frames(public: PublicResults) -> Iterator[Fault]:
    """How many organisations there are of a type stands alike wherever it stands, and is no less than take part."""
    told: dict[str, Counter[float]] = {}
    rows = [
        (f"{r.kind}:{r.value}", r.period, r.frame_n, r.organisations_n)
        for r in public.coverage.itertuples()
        if r.kind in ("type", MUNICIPALITIES)
    ]
    rows += [
        (str(r.group), r.period, r.frame_n, r.organisations_n)
        for r in public.group_levels.itertuples()
        if r.kind == "type"
    ]
    for group, _, frame, _ in rows:
        told.setdefault(group, Counter())[-1 if pd.isna(frame) else float(frame)] += 1
    for group, period, frame, n in rows:
        usual = told[group].most_common(1)[0][0]
        if (-1 if pd.isna(frame) else frame) != usual or (
            not pd.isna(frame) and not pd.isna(n) and frame < n
        ):
            yield str(period), f"organisations there are of {group}", "stands otherwise elsewhere"


def _check_reliability(table: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    columns = everybody.columns
    sizes = dict(
        zip((c.id for c in columns.instrument.categories), columns.in_category.sum(axis=0), strict=True)
    )
    cases: dict[tuple[str, str], tuple[int, int]] = {}
    for row in table[(table["status"] == PUBLISHED).to_numpy()].itertuples():
        where = str(row.period), f"reliability {row.key} {row.measure}"
        k = int(sizes.get(row.key, 0))
        if cases.setdefault((row.period, row.key), (row.n, row.organisations_n)) != (
            row.n,
            row.organisations_n,
        ):
            yield *where, "measures of one category on different people"
        if row.points_n != k:
            yield *where, "a measure of another number of points"
        yield from ((*where, what) for what in off_reliability(row, float(row.n - row.organisations_n), k))
        own = everybody.complete.get(row.period, [])
        category = everybody.level_row.get(("category", row.key), 0)
        most = sum(w.n[category] for w in own)
        if row.period in today and (row.organisations_n > len(own) or row.n > most):
            yield *where, "more people or organisations than there are"


def _check_shares(table: pd.DataFrame, everybody: Everybody, today: set[str]) -> Iterator[Fault]:
    for period, rows in table.groupby("period", observed=True):
        share, low, high = (rows[n].to_numpy(float) for n in ("share", "ci_low", "ci_high"))
        if abs(share.sum() - 1) > 0.005 * len(rows) + SAME:
            yield str(period), "variance_shares", "shares that do not make one whole"
        if ((low > high) | (low > share + 0.2) | (high < share - 0.2)).any():
            yield str(period), "variance_shares", "a share outside of its interval"
        number = rows["organisations_n"].to_numpy(int)
        if (number < 12).any() or (period in today and (number > len(everybody.complete[str(period)])).any()):
            yield str(period), "variance_shares", "another number of organisations than there are"


def _check_evidence(evidence: pd.DataFrame, table: str, about: str) -> Iterator[Fault]:
    yield from check_intervals(Sheet.of_frame(evidence), "difference", [about])
    shown = evidence[(evidence["status"] == PUBLISHED).to_numpy()]
    for row in shown.itertuples():
        where = "", f"{table} {getattr(row, about)}"
        if row.df != row.pairs_n - 1 or row.organisations_n < row.pairs_n:
            yield *where, "degrees of freedom that its pairs do not give"
        if (
            abs(row.hc3_low + row.hc3_high - 2 * row.hc3_difference) > 4 * HALF_UNIT
            or row.hc3_low > row.hc3_high
        ):
            yield *where, "hc3_low and hc3_high do not belong to hc3_difference"
        if (row.ci_low < -HALF_UNIT and not pd.isna(row.rank)) or (
            row.ci_low > HALF_UNIT and pd.isna(row.rank)
        ):
            yield *where, "a rank that its interval does not give"
    ranked = shown[shown["rank"].notna()].sort_values("rank")
    if ranked["rank"].tolist() != list(range(1, len(ranked) + 1)) or (ranked["ci_low"].diff() > 1e-9).any():
        yield "", table, "ranks that their intervals do not give"
