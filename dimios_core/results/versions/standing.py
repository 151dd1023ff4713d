"""Which organisations' results benchmarks are published from: today's, or those published before (method 5).

Benchmarks have versions as groups of respondents have. When fewer than six organisations, but at least one,
were added, removed or changed in a peer group since a period's benchmarks were published, their results follow
from the difference (six, as one of them may be the reader, who knows her own). Then the organisations' results
behind the published benchmarks stand for the period.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.published.conventions import GROUP_MIN
from dimios_core.published.writing import write_parquet
from dimios_core.results.consortium.benchmarks import WORTH, list_peer_groups, publishable_groups
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.scoring.columns import Columns

FOLDER = "benchmarks"
#: register columns that decide which peer groups an organisation belongs to
ATTRIBUTES = ["type", "county", "size"]
_WHOLE_FIELDS = [f.name for f in fields(Whole) if f.name not in ("organisation", "period")]


@dataclass(frozen=True)
class PeersReleased:
    """What everything public is made from.

    Attributes
    ----------
    wholes : list of Whole
        A period's are all today's or all those published before.
    people : DataFrame
        id, name, type, county, size, sharing of all organisations among them, and of all that are scored.
    standing : list of str
        Periods whose published benchmarks stand.
    """

    wholes: list[Whole]
    people: pd.DataFrame
    standing: list[str]


@dataclass(frozen=True)
class _Recorded:
    """What a period's benchmarks were published from."""

    wholes: dict[str, Whole]
    attributes: pd.DataFrame  # index id


def release_peers(ledger: Path, wholes: list[Whole], people: pd.DataFrame, columns: Columns) -> PeersReleased:
    """Choose the results to publish benchmarks from, and record them in the (staged) ledger.

    Parameters
    ----------
    ledger : Path
    wholes : list of Whole
        As just scored.
    people : DataFrame
        id, name, type, county, size, sharing (str) of the scored organisations.
    columns : Columns

    Returns
    -------
    PeersReleased
    """
    rows_n = len(columns.level_rows)
    recorded = {p: r for p, r in _read_records(ledger).items() if _fits(r, rows_n)}
    fresh: dict[str, dict[str, Whole]] = {}
    for w in wholes:
        fresh.setdefault(w.period, {})[w.organisation] = w
    today = people.set_index("id")[ATTRIBUTES]
    before = pd.concat([r.attributes for r in recorded.values()]) if recorded else today.iloc[:0]
    before = before[~before.index.duplicated(keep="last")]
    gone = before[~before.index.isin(today.index)]
    attributes = pd.concat([today, gone])
    standing = _standing(fresh, recorded, attributes)
    known = today.index.intersection(before.index)
    if standing and not today.loc[known].equals(before.loc[known]):
        # organisations stay in the groups that they were published in
        attributes.loc[known] = before.loc[known]
        standing = _standing(fresh, recorded, attributes)
    chosen = [
        w
        for period, own in sorted(fresh.items())
        for w in (recorded[period].wholes if period in standing else own).values()
    ]
    names = people.drop(columns=ATTRIBUTES).set_index("id")
    everybody = attributes.join(names).assign(
        name=lambda f: f["name"].fillna(""), sharing=lambda f: f["sharing"].fillna("closed")
    )
    everybody = everybody.loc[[*people["id"], *gone.index]].rename_axis("id").reset_index()
    if not standing:  # nobody stands who is gone
        everybody = everybody[everybody["id"].isin(people["id"])]
    _write_records(ledger, chosen, attributes, set(standing))
    return PeersReleased(chosen, everybody.reindex(columns=people.columns), sorted(standing))


def _standing(
    fresh: dict[str, dict[str, Whole]], recorded: dict[str, _Recorded], attributes: pd.DataFrame
) -> list[str]:
    """Periods that may not be published anew, alone or in a panel with another period."""
    standing: set[str] = set()
    periods = sorted(set(fresh) & set(recorded))
    while True:
        now = {p: recorded[p].wholes if p in standing else fresh[p] for p in periods}
        failed = {
            later if later not in standing else earlier
            for earlier, later in combinations_with_replacement(periods, 2)
            if not _passes(recorded[earlier], recorded[later], now[earlier], now[later], attributes)
        } - standing
        if not failed:
            return sorted(standing)
        standing |= failed


def _passes(
    was: _Recorded,
    was_too: _Recorded,
    now: dict[str, Whole],
    now_too: dict[str, Whole],
    attributes: pd.DataFrame,
) -> bool:
    """No peer group, nor anything that follows from both versions, differs by one to five organisations.

    The second record is that of another period for a panel, or the same again.
    """
    before = {
        o for o, w in was.wholes.items() if w.complete and o in was_too.wholes and was_too.wholes[o].complete
    }
    after = {o for o, w in now.items() if w.complete and o in now_too and now_too[o].complete}
    order = sorted(before | after)
    old_attributes = attributes.loc[order].copy()
    old_attributes.update(was.attributes.loc[was.attributes.index.isin(order)])
    differs = np.array(
        [
            (o in before) != (o in after)
            or not (_alike(was.wholes[o], now[o]) and _alike(was_too.wholes[o], now_too[o]))
            for o in order
        ],
        bool,
    )
    moved = (old_attributes != attributes.loc[order]).any(axis=1).to_numpy()
    if not (differs | moved).any():
        return True
    old_groups = {g.id: (g, m) for g, m in list_peer_groups(old_attributes)}
    new_groups = {g.id: (g, m) for g, m in list_peer_groups(attributes.loc[order])}
    was_in, is_in = (np.array([o in s for o in order], bool) for s in (before, after))
    shown_before, shown_after = _published(old_groups, was_in), _published(new_groups, is_in)
    for group in set(shown_before) & set(shown_after):
        old_member, new_member = old_groups[group][1] & was_in, new_groups[group][1] & is_in
        touched = int(((differs & (old_member | new_member)) | (old_member != new_member)).sum())
        if 0 < touched < GROUP_MIN:
            return False
    old_rows = np.array([old_groups[g][1] for g in shown_before], bool).reshape(-1, len(order))
    new_rows = np.array([new_groups[g][1] for g in shown_after], bool).reshape(-1, len(order))
    own = np.hstack([old_rows, np.zeros_like(old_rows)])
    counts = np.concatenate([was_in, differs]).astype(int)
    alone = RowSpace(own, counts)
    unions = RowSpace(np.vstack([own, np.hstack([new_rows, new_rows])]), counts).small_unions(GROUP_MIN)
    return all(alone.contains(u[None, :])[0] and not (u & (counts > 0))[len(order) :].any() for u in unions)


def _published(groups: dict, inside: np.ndarray) -> list[str]:
    """Identifiers of the groups whose means are published of these organisations."""
    rows = np.array([m & inside for _, m in groups.values()], bool)
    worth = np.array([WORTH[g.kind] for g, _ in groups.values()], float)
    kept = publishable_groups(rows[:, inside], worth, np.zeros(int(inside.sum()), bool))
    return [g for g, k in zip(groups, kept, strict=True) if k]


def _alike(a: Whole, b: Whole) -> bool:
    return all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True)
        for name in ("score_pct", "se", "dont_know_share")
    )


def _fits(record: _Recorded, rows_n: int) -> bool:
    """Whether a record was made with a model of the same shape."""
    return all(len(w.score_pct) == rows_n for w in record.wholes.values())


def _read_records(ledger: Path) -> dict[str, _Recorded]:
    records = {}
    for path in sorted((ledger / FOLDER).glob("period=*.parquet")):
        frame = pd.read_parquet(path)
        if not {*_WHOLE_FIELDS} <= {*frame.columns}:
            continue  # of an earlier version of the program: nothing to hold today's results against
        period = path.stem.removeprefix("period=")
        wholes = {}
        for row in frame.to_dict("records"):
            held: dict[str, Any] = {name: row[name] for name in _WHOLE_FIELDS}
            points_n = len(held["point_floor2"])
            held["point_covariance"] = held["point_covariance"].reshape(points_n, points_n)
            wholes[row["organisation"]] = Whole(organisation=row["organisation"], period=period, **held)
        records[period] = _Recorded(wholes, frame.set_index("organisation")[ATTRIBUTES].rename_axis("id"))
    return records


def _write_records(ledger: Path, wholes: list[Whole], attributes: pd.DataFrame, standing: set[str]) -> None:
    folder = ledger / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for period in sorted({w.period for w in wholes} - standing):
        rows = [
            {"organisation": w.organisation, **attributes.loc[w.organisation].to_dict()}
            | {name: np.ravel(v) if np.ndim(v := getattr(w, name)) else v for name in _WHOLE_FIELDS}
            for w in wholes
            if w.period == period
        ]
        write_parquet(pd.DataFrame(rows), folder / f"period={period}.parquet")
