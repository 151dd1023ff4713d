"""The same organisations in two years: who is in each panel, and which panel means may be published (method 4 and 5).

A panel's mean beside the plain mean gives away the sum of newcomers. Panels are therefore trimmed and checked
after means and dots are decided (docs/decisions/0017-panels-after-means-and-dots.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, GROUP_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import WORTH, PeerGroup
from dimios_core.results.consortium.positions import find_leaks
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.estimate import Batch, Changes
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import welch_df

#: coefficients of a leak that count
TOLERANCE = 1e-6
#: leaks looked at together: those without a panel row are none of this module's
LEAKS_AT_A_TIME = 1000


@dataclass(frozen=True)
class WholeChange:
    """Change of one organisation as a whole between two periods, arrays (level rows,).

    Attributes
    ----------
    change_pp, se, df : float arrays
        `se` is floored; NaN where there is none.
    published : bool array
        The organisation's own changes show it.
    certainty : str array
        Word of the organisation's own changes.
    """

    organisation: str
    period: str
    period_from: str
    change_pp: np.ndarray
    se: np.ndarray
    df: np.ndarray
    published: np.ndarray
    certainty: np.ndarray


def collect_changes(
    batch: Batch, changes: Changes, published: pd.DataFrame, columns: Columns
) -> list[WholeChange]:
    """Take the changes of organisations as a whole out of a batch.

    Parameters
    ----------
    published : DataFrame
        What `dimios_core.results.gate.publish_changes` made of the same changes: its rows are in the same order.
    """
    unit, role = batch.unit, batch.role
    shape = changes.difference.value_pp.shape
    status = (published["status"] == Status.PUBLISHED.label).to_numpy().reshape(shape)
    certainty = published["certainty"].astype(object).to_numpy().reshape(shape)
    found = []
    for i, (earlier, later) in enumerate(zip(changes.earlier, changes.later, strict=True)):
        if (unit[later], role[later]) != (ALL, ALL):
            continue
        block, before = batch.blocks[batch.block_of[later]], batch.blocks[batch.block_of[earlier]]
        d = changes.difference
        found.append(
            WholeChange(
                block.organisation, block.period, before.period, d.value_pp[i], d.se[i], d.df[i], status[i],
                certainty[i],
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Panel:
    """The organisations with a complete result in both of two periods.

    Attributes
    ----------
    period, period_from : str
    members : bool array (organisations,)
        After trimming, in the order of the membership arrays.
    published : dict
        Peer group -> may its panel means be published?
    changes : dict
        Organisation -> its change.
    """

    period: str
    period_from: str
    members: np.ndarray
    published: dict[str, bool]
    changes: dict[str, WholeChange]

    @property
    def name(self) -> str:
        """How the pair is written in files: "2026<2025"."""
        return f"{self.period}<{self.period_from}"


@dataclass(frozen=True)
class Known:
    """What is known of organisations in each period, arrays (organisations,) in the order of the membership arrays.

    Attributes
    ----------
    complete, named, dots : dict
        Period -> bool array: with a complete result; shown by name; shown at all.
    """

    complete: dict[str, np.ndarray]
    named: dict[str, np.ndarray]
    dots: dict[str, np.ndarray]

    @classmethod
    def of(
        cls,
        wholes: list[Whole],
        people: pd.DataFrame,
        shown: dict[str, set[str]],
        before: Mapping[str, Before],
    ) -> Known:
        """Gather what is known; `shown` is period -> organisations that are dots in the plane; before, others were."""
        ids = people["id"]
        periods = sorted({w.period for w in wholes})
        complete = {p: {w.organisation for w in wholes if w.period == p and w.complete} for p in periods}
        dots = {p: ids.isin(shown.get(p, set())).to_numpy() for p in periods}
        by_name = (people["sharing"] == "named").to_numpy()
        return cls(
            {p: ids.isin(c).to_numpy() for p, c in complete.items()},
            {p: (d & by_name) | before[p].named for p, d in dots.items()},
            {p: d | before[p].known[: len(people)] for p, d in dots.items()},
        )


def list_pairs(wholes: list[Whole]) -> dict[tuple[str, str], set[str]]:
    """Pair each year's last period with the last of the year before: (period, period_from) -> organisations.

    The year before is the last calendar year in which anybody measured. Which period is a year's last is each
    organisation's own: one may measure once a year, another twice.
    """
    last: dict[str, dict[str, str]] = {}
    for w in wholes:
        own = last.setdefault(w.organisation, {})
        year = w.period[:4]
        own[year] = max(own.get(year, ""), w.period)
    years = sorted({year for own in last.values() for year in own})
    pairs: dict[tuple[str, str], set[str]] = {}
    for before, year in pairwise(years):
        for organisation, own in last.items():
            if before in own and year in own:
                pairs.setdefault((own[year], own[before]), set()).add(organisation)
    return dict(sorted(pairs.items()))


def choose_panels(
    wholes: list[Whole],
    changes: list[WholeChange],
    groups: list[tuple[PeerGroup, np.ndarray]],
    people: pd.DataFrame,
    published: dict[str, set[str]],
    known: Known,
    before: Mapping[str, Before],
) -> list[Panel]:
    """Choose the members of every panel, and the panel means that may stand beside plain means and dots.

    Parameters
    ----------
    wholes, changes : lists
    groups : list of (PeerGroup, bool array (organisations,))
    people : DataFrame
        Register columns id, type, in the order of the membership arrays.
    published : dict
        Period -> groups whose plain means are published.
    known : Known
    before : mapping
        Period -> what was told of it before: a panel stands as it was while both its periods do.

    Returns
    -------
    list of Panel
        One a period pair, by period.
    """
    by_pair = {(c.organisation, c.period, c.period_from): c for c in changes}
    of = {(w.organisation, w.period): w for w in wholes if w.complete}
    panels = []
    for (period, start), organisations in list_pairs(wholes).items():
        own = {
            o: _between(of[o, start], of[o, period], by_pair.get((o, period, start)))
            for o in organisations
            if (o, period) in of and (o, start) in of
        }
        own = {o: c for o, c in own.items() if np.isfinite(c.se).all()}
        members = people["id"].isin(own).to_numpy() & known.complete[period] & known.complete[start]
        stood = _find_stood(f"{period}<{start}", before[period], before[start])
        if stood is not None and stood[0] <= set(people["id"][members]):
            kept = people["id"].isin(stood[0]).to_numpy()
            panels.append(Panel(period, start, kept, {g.id: g.id in stood[1] for g, _ in groups}, own))
            continue
        both = published.get(period, set()) & published.get(start, set())
        kept = trim_panel(members, people, {g.type for g, _ in groups if g.kind == "type" and g.id in both},
                          (period, start), known)  # fmt: skip
        wanted = {g.id: bool(g.id in both and (m & kept).sum() >= GROUP_MIN) for g, m in groups}
        panels.append(Panel(period, start, kept, wanted, own))
    _drop_leaking(panels, groups, published, known)
    _drop_beside(panels, groups, published, known, before)
    return panels


def _find_stood(name: str, one: Before, other: Before) -> tuple[frozenset[str], frozenset[str]] | None:
    """Members and published groups of a panel as it was published of the same results of both periods."""
    if not (one.settled and other.settled) or one.panels.get(name) != other.panels.get(name):
        return None
    return one.panels.get(name)


def _drop_beside(
    panels: list[Panel],
    groups: list[tuple[PeerGroup, np.ndarray]],
    published: dict[str, set[str]],
    known: Known,
    before: Mapping[str, Before],
) -> None:
    """Give up panel means that would tell of few beside what was told of a period before."""
    for period, complete in known.complete.items():
        if before[period].settled or not len(before[period].rows):
            continue
        plain = [m & complete for g, m in groups if g.id in published.get(period, set())]
        of_panels = [
            (panel, g, m & panel.members & complete)
            for panel in panels
            if period in (panel.period, panel.period_from)
            for g, m in groups
            if panel.published[g.id]
        ]
        rows = np.array([*plain, *(m for *_, m in of_panels)], bool).reshape(-1, len(complete))
        droppable = np.arange(len(rows)) >= len(plain)
        worth = np.r_[np.zeros(len(plain)), [WORTH[g.kind] for _, g, _ in of_panels]]
        kept = before[period].keep_beside(
            rows, np.ones(len(rows), bool), droppable, worth, known.dots[period]
        )
        for (panel, g, _), stays in zip(of_panels, kept[len(plain) :], strict=True):
            panel.published[g.id] &= bool(stays)


def _between(before: Whole, after: Whole, change: WholeChange | None) -> WholeChange:
    """Change between the two results that benchmarks are published from, with its error.

    These may be older than the organisation's own: then, or where its own changes have none, the two results
    count as independent.
    """
    difference = after.score_pct - before.score_pct
    if change is not None and np.allclose(change.change_pp, difference, rtol=0, atol=TOLERANCE):
        return change
    df = welch_df(before.se**2, before.df.astype(float), after.se**2, after.df.astype(float))
    nothing = np.zeros(len(df), bool)
    return WholeChange(
        after.organisation, after.period, before.period, difference, np.hypot(before.se, after.se), df, nothing,
        np.full(len(df), "unknown", object),
    )  # fmt: skip


def trim_panel(
    members: np.ndarray, people: pd.DataFrame, types: set[str], pair: tuple[str, str], known: Known
) -> np.ndarray:
    """Leave organisations out of a panel so that panel, and plain less panel, are sums of at least six.

    Or of nobody but organisations shown by name. Those left out are not shown, and are chosen by a digest of pair and identifier: not by name, nor by score.
    Types with a published mean are trimmed each by itself, if six remain in the panel; the others together, with
    the smallest of the former where that does not suffice.

    Parameters
    ----------
    members : bool array (organisations,)
        Complete in both periods of the pair.
    types : set of str
        Types with published means in both periods.

    Returns
    -------
    bool array (organisations,)
        A subset of `members`. Where there are too few to leave out, nobody is: the check decides then.
    """
    kind = people["type"].to_numpy(str)
    # another order in every pair: the same organisations left out of two panels would leave their difference bare
    order = np.argsort([sha256(f"{'<'.join(pair)} {i}".encode()).hexdigest() for i in people["id"]])
    separate = sorted(types, key=lambda t: (-int((members & (kind == t)).sum()), t))
    while True:
        kept, rest = members, np.ones(len(members), bool)
        for one in separate:
            cell = kind == one
            trimmed = _trim_cell(kept, cell, order, pair, known)
            if trimmed is not None and (trimmed & cell).sum() >= GROUP_MIN:
                kept, rest = trimmed, rest & ~cell
        trimmed = _trim_cell(kept, rest, order, pair, known)
        if trimmed is not None:
            return trimmed
        if not separate:
            return members.copy()
        separate.pop()


def _trim_cell(
    kept: np.ndarray, cell: np.ndarray, order: np.ndarray, pair: tuple[str, str], known: Known
) -> np.ndarray | None:
    """Leave members of one cell out until those out and those in are safe in both periods; None where none is.

    Safe: shown by name, all of them, or at least six that are no dots.
    """
    kept = kept.copy()
    out = np.array([any(known.dots[p][i] for p in pair) for i in order], bool)
    by_name = np.array([all(known.named[p][i] for p in pair) for i in order], bool)
    spare = [i for i in [*order[~out], *order[out & ~by_name]] if kept[i] and cell[i]]
    for candidate in [*spare, None]:
        sides = [(p, cell & known.complete[p] & side) for p in pair for side in (kept, ~kept)]
        if all(
            not (side & ~known.named[p]).any() or (side & ~known.dots[p]).sum() >= GROUP_MIN
            for p, side in sides
        ):
            return kept
        if candidate is not None:
            kept[candidate] = False
    return None


def _drop_leaking(
    panels: list[Panel],
    groups: list[tuple[PeerGroup, np.ndarray]],
    published: dict[str, set[str]],
    known: Known,
) -> None:
    """Give up panel means, least worth first, until no reader can work out the sum of one to four others.

    A change of a panel follows from its two means, and means of one period say nothing about another, so each
    period is a table of its own: plain means, the panel with the year before, the panel with the year after.
    Checked twice: against readers who know the organisations shown by name, and all dots.
    """
    member = {g.id: m for g, m in groups}
    worth = {g.id: WORTH[g.kind] for g, _ in groups}
    while True:
        leaking: set[tuple[int, str]] = set()
        for period, complete in known.complete.items():
            plain = [g for g in member if g in published.get(period, set())]
            of_panels = [
                (i, g)
                for i, panel in enumerate(panels)
                if period in (panel.period, panel.period_from)
                for g, safe in panel.published.items()
                if safe
            ]
            if not of_panels:
                continue
            rows = np.array(
                [member[g] & complete for g in plain] + [member[g] & panels[i].members for i, g in of_panels]
            )
            for seen in (known.named[period], known.dots[period]):
                for leak in find_leaks(rows[:, complete], ~seen[complete], LEAKS_AT_A_TIME):
                    involved = [
                        of_panels[j]
                        for j in np.flatnonzero(np.abs(leak.combination[len(plain) :]) > TOLERANCE)
                    ]
                    if involved and not leaking & set(involved):
                        leaking.add(
                            min(
                                involved,
                                key=lambda p: (worth[p[1]], (member[p[1]] & panels[p[0]].members).sum(), p),
                            )
                        )
        if not leaking:
            return
        for i, group in leaking:
            panels[i].published[group] = False


def count_panels(
    panels: list[Panel],
    groups: list[tuple[PeerGroup, np.ndarray]],
    published: dict[str, set[str]],
    known: Known,
) -> pd.DataFrame:
    """Count complete organisations by the published plain and panel means they are part of, for the audit.

    Dots without a name are not counted here: how many of them are newcomers could tell whose they are.

    Returns
    -------
    DataFrame
        period, groups (as in participation.parquet), panels ("2026<2025 all|2026<2025 type:region|…": published
        means of panels that have a level in the period), organisations_n, named_n (int): how many of these are
        shown by name.
    """
    counts: dict[tuple[str, str, str], list[int]] = {}
    for period, complete in known.complete.items():
        listed = [(g.id, m) for g, m in groups if g.id in published.get(period, set())]
        tokens = [
            (f"{panel.name} {g.id}", m & panel.members)
            for panel in panels
            if period in (panel.period, panel.period_from)
            for g, m in groups
            if panel.published[g.id]
        ]
        for i in np.flatnonzero(complete):
            key = (
                period,
                "|".join(name for name, m in listed if m[i]),
                "|".join(name for name, m in tokens if m[i]),
            )
            own = counts.setdefault(key, [0, 0])
            own[0] += 1
            own[1] += int(known.named[period][i])
    rows = [
        {"period": p, "groups": g, "panels": t, "organisations_n": n, "named_n": named}
        for (p, g, t), (n, named) in sorted(counts.items())
    ]
    return shape_table("panel_participation", rows)
