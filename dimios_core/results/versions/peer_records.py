"""The same organisation in several releases of a period, and which of its results is which (method 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.versions.peers import ANONYMOUS, ATTRIBUTES, NAMED, PeerVersion, is_alike

LevelRows = list[tuple[str, str]]


@dataclass(frozen=True)
class Matched:
    """Records of organisations: a result each, one more for each further result.

    Attributes
    ----------
    owner : list of int
        A record each.
    then : list of dict
        A version each: organisation -> its record.
    today : dict
        Organisation -> its record.
    """

    owner: list[int]
    then: list[dict[str, int]]
    today: dict[str, int]


def match_records(
    versions: Sequence[PeerVersion], own: Mapping[str, Whole], level_rows: LevelRows, method: int,
    kin: Callable[[str], list[str]], is_answered_as: Callable[[str, int], bool],
) -> Matched:  # fmt: skip
    """Match organisations by name, by the names of the same answers, then by their whole result.

    Parameters
    ----------
    versions : sequence of PeerVersion
        Of one period, oldest first.
    own : mapping
        Organisation -> today's result.
    level_rows, method
        Of today's results.
    kin : callable
        Organisation -> other names under which the same answers were published.
    is_answered_as : callable
        (organisation, version of the method) -> whether today's answers were published by that method: then the
        result is the same, however it is computed now.
    """
    records: list[tuple[int, Whole, LevelRows, int]] = []
    owner_of: dict[str, int] = {}
    placed: list[dict[str, int]] = []
    shared: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def same(record: int, whole: Whole, rows: LevelRows, by: int) -> bool:
        _, other, other_rows, other_by = records[record]
        key = (id(other_rows), id(rows))
        if key not in shared:
            place = {row: i for i, row in enumerate(rows)}
            shared[key] = [(i, place[row]) for i, row in enumerate(other_rows) if row in place]
        return bool(shared[key]) and is_alike(other, whole, shared[key], errors=by == other_by)

    sides = [(v.wholes, v.level_rows, v.method) for v in versions] + [(own, level_rows, method)]
    for wholes, rows, by in sides:
        taken = {owner_of[o] for o in wholes if o in owner_of}
        placed.append({})
        for o, whole in wholes.items():
            if o not in owner_of:
                names = [n for n in kin(o) if n in owner_of]
                alike = (
                    r for r, (w, *_) in enumerate(records) if w not in taken and same(r, whole, rows, by)
                )
                found = owner_of[names[0]] if names else next((records[r][0] for r in alike), None)
                owner_of[o] = len(set(owner_of.values())) if found is None else found
                taken.add(owner_of[o])
            mine = [r for r, (who, *_) in enumerate(records) if who == owner_of[o]]
            record = next((r for r in mine if same(r, whole, rows, by)), None)
            if record is None and wholes is own:
                record = next(
                    (r for r in mine if records[r][3] != by and is_answered_as(o, records[r][3])), None
                )
            if record is None:
                record = len(records)
                records.append((owner_of[o], whole, rows, by))
            placed[-1][o] = record
    return Matched([who for who, *_ in records], placed[:-1], placed[-1])


def lay_out_before(
    versions: Sequence[PeerVersion], matched: Matched, own: Mapping[str, Whole], people: pd.DataFrame
) -> Before:
    """Lay out what was told of a period in the order of `people`, with further records behind.

    Parameters
    ----------
    people : DataFrame
        id, type, county, size: organisations with and without a result in the period.
    """
    ids = people["id"].tolist()
    number = {record: i for i, o in enumerate(ids) if (record := matched.today.get(o, -1)) >= 0}
    further = [r for r in range(len(matched.owner)) if r not in number]
    number |= {r: len(ids) + i for i, r in enumerate(further)}
    size = len(ids) + len(further)
    # those without a result have a record of their own, which nothing is about
    owner = np.arange(size) + len(matched.owner)
    for record, at in number.items():
        owner[at] = matched.owner[record]
    rows, known = [], np.zeros(size, bool)
    for version, then in zip(versions, matched.then, strict=True):
        for members in version.means.values():
            row = np.zeros(size, bool)
            row[[number[then[o]] for o in members]] = True
            rows.append(row)
        known[[number[then[o]] for o in version.shown]] = True
    ever = {kind: _ever_shown(versions, matched, kind) for kind in (NAMED, ANONYMOUS)}
    shown = {
        kind: np.array(
            [matched.owner[matched.today[o]] in who if o in matched.today else False for o in ids], bool
        )
        for kind, who in ever.items()
    }
    settled = _find_settled(versions, matched, own, people)
    groups, panels = _read_means(settled) if settled else (frozenset[str](), {})
    return Before(
        np.array(rows, bool).reshape(-1, size), known, owner, shown[NAMED], shown[ANONYMOUS],
        shown[ANONYMOUS] & _moved(versions, matched, people), settled is not None, groups, panels,
    )  # fmt: skip


def _ever_shown(versions: Sequence[PeerVersion], matched: Matched, kind: str) -> set[int]:
    """Owners that were shown in this way in any version."""
    return {
        matched.owner[then[o]]
        for version, then in zip(versions, matched.then, strict=True)
        for o, how in version.shown.items()
        if how == kind
    }


def _moved(versions: Sequence[PeerVersion], matched: Matched, people: pd.DataFrame) -> np.ndarray:
    """Who was shown without a name under another type, county or size: seen twice, few could be behind the dot."""
    today = people.set_index("id")[ATTRIBUTES]
    name_of = {matched.owner[r]: o for o, r in matched.today.items()}
    moved = set()
    for version, then in zip(versions, matched.then, strict=True):
        for o, how in version.shown.items():
            now = name_of.get(matched.owner[then[o]])
            if (
                how == ANONYMOUS
                and now in today.index
                and today.loc[now].tolist() != version.attributes.loc[o].tolist()
            ):
                moved.add(now)
    return people["id"].isin(moved).to_numpy()


def _find_settled(
    versions: Sequence[PeerVersion], matched: Matched, own: Mapping[str, Whole], people: pd.DataFrame
) -> PeerVersion | None:
    """The latest version with today's results in today's groups."""
    today = people.set_index("id")[ATTRIBUTES]
    complete = {o for o, w in own.items() if w.complete}
    for version, then in reversed(list(zip(versions, matched.then, strict=True))):
        if version.complete == complete and all(
            then[o] == matched.today[o] and today.loc[o].tolist() == version.attributes.loc[o].tolist()
            for o in complete
        ):
            return version
    return None


def _read_means(
    version: PeerVersion,
) -> tuple[frozenset[str], dict[str, tuple[frozenset[str], frozenset[str]]]]:
    """Groups whose means were published, and panels with their members and groups."""
    panels: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for label, members in version.means.items():
        if "<" in label:
            name, group = label.split(" ", 1)
            inside, groups = panels.get(name, (frozenset[str](), frozenset[str]()))
            panels[name] = inside | members, groups | {group}
    return frozenset(label for label in version.means if "<" not in label), panels
