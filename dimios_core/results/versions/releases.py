"""Whether an organisation's answers may be published beside all that was published of them before (method 5).

Two versions of a mean give away what differs between them: twelve answers with mean 50.0, then thirteen with
mean 51.9, and the thirteenth is 75. So do three, or a version of another tree. All versions are held together: nothing
may follow from all their figures about fewer than threshold people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dimios_core.results.disclosure.pooled import find_few
from dimios_core.results.scoring.ends import end_room, find_ends
from dimios_core.results.scoring.groups import Block, UnitTree
from dimios_core.results.scoring.matrix import Respondents
from dimios_core.results.versions.people import BASES, Records, list_contents, match_people

#: why a group may not be told: of few people, or of people who answered alike
FEW, ALIKE = "few", "alike"


@dataclass(frozen=True)
class Version:
    """One organisation and period as it was, or would be, published.

    Attributes
    ----------
    answers : str
        Digest of the stored answers.
    respondents : Respondents
    tree : UnitTree
    block : Block
    shown : dict
        Base ("answers" of scores, "asked" of don't-know shares) -> bool array (groups, columns): what was published,
        or may be.
    """

    answers: str
    respondents: Respondents
    tree: UnitTree
    block: Block
    shown: Mapping[str, np.ndarray]

    @cached_property
    def inside(self) -> np.ndarray:
        """Who belongs to which group, bool array (groups, respondents)."""
        return self.block.rows[:, self.block.atom_of]

    @cached_property
    def is_shown(self) -> np.ndarray:
        """Of which groups anything is shown, bool array (groups,)."""
        return np.any([shown.any(axis=1) for shown in self.shown.values()], axis=0)

    def is_laid_out_as(self, other: Version) -> bool:
        """Whether both hold the same answers in the same groups."""
        return self.answers == other.answers and self.tree.parent == other.tree.parent


@dataclass(frozen=True)
class _Column:
    """What all versions show of one column: rows over records."""

    records: Records
    before: np.ndarray
    after: np.ndarray
    was: list[tuple[str, str]]
    now: list[tuple[str, str]]

    def shared(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Old and new row of every group that was shown, and would be."""
        place = {group: i for i, group in enumerate(self.now)}
        for row, group in zip(self.before, self.was, strict=True):
            if group in place:
                yield row, self.after[place[group]]


class Versions:
    """Earlier versions of one organisation and period, oldest first, and one that would follow.

    Parameters
    ----------
    earlier : sequence of Version
    new : Version
    beside : sequence of Version, optional
        What findings have told of the same people, in groups of their own (`versions.findings`).
    """

    def __init__(self, earlier: Sequence[Version], new: Version, beside: Sequence[Version] = ()) -> None:
        self.earlier, self.new, self.beside = earlier, new, beside
        self.all = [*earlier, *beside, new]
        self.threshold = max(v.block.threshold for v in self.all)
        self.owners = match_people([v.respondents for v in self.all])

    def may_follow(self) -> bool:
        """Tell whether the new version may be published after the earlier ones."""
        if any(self.new.is_laid_out_as(v) and _shows_no_more(self.new, v) for v in self.earlier):
            return True
        settled: dict[tuple[bytes, ...], bool] = {}
        for base, number in self._columns():
            column = self._lay_out(base, number)
            if base == "answers" and self._differ_alike(column):
                return False
            key = (column.before.tobytes(), column.after.tobytes(), column.records.owner.tobytes())
            if key not in settled:
                settled[key] = not find_few(column.before, column.after, column.records.owner, self.threshold)
            if not settled[key]:
                return False
        return True

    def limit(self) -> dict[str, np.ndarray]:
        """What may be shown of the same answers by another rule: all that it shows, or nothing that is new.

        A column that shows all that was shown before, and more, was decided as a whole; a column that withholds
        something is no secret any longer, and beside it nothing new is told.

        Returns
        -------
        dict
            As `Version.shown`.
        """
        limited = {base: shown.copy() for base, shown in self.new.shown.items()}
        same = all(self.new.is_laid_out_as(v) for v in self.earlier)
        for base, number in self._columns():
            if same:
                was = np.any([v.shown[base][:, number] for v in self.earlier], axis=0)
                now = limited[base][:, number]
                if (was & ~now).any() or any(v.shown[base][:, number].any() for v in self.beside):
                    limited[base][:, number] = now & was
                continue
            column = self._lay_out(base, number)
            shown = np.flatnonzero(self.new.shown[base][:, number])
            before, after = _as_set(column.before), [row.tobytes() for row in column.after]
            if not before <= set(after):
                known = np.array([row in before for row in after], bool)
                limited[base][shown[~known], number] = False
        return limited

    def find_faults(self) -> dict[tuple[str, str], str]:
        """Find groups of the new version that tell of few people, by themselves or beside all that was told.

        Unlike in `may_follow`, nothing of the new version is decided elsewhere: its groups may be any.

        Returns
        -------
        dict
            Group -> `FEW` (something about fewer than threshold people follows, of answers or of who belongs) or `ALIKE`
            (those by whom it differs from another group all answered at an end of the scale).
        """
        faults: dict[tuple[str, str], str] = {}
        settled: set[tuple[bytes, ...]] = set()
        for base, number in self._columns():
            if not self.new.shown[base][:, number].any():
                continue
            column = self._lay_out(base, number)
            if base == "answers":
                faults |= dict.fromkeys(self._find_rests_alike(column), ALIKE)
            key = (column.before.tobytes(), column.after.tobytes(), column.records.owner.tobytes())
            if key not in settled:
                settled.add(key)
                faults |= self._find_involved(column.before, column.after, column.records.owner, column.now)
        people = [self._people_of(v, owner) for v, owner in zip(self.all, self.owners, strict=True)]
        shown = [g for g, s in zip(self.new.block.groups, self.new.is_shown, strict=True) if s]
        everybody = np.arange(people[-1].shape[1])
        return faults | self._find_involved(np.vstack(people[:-1]), people[-1], everybody, shown)

    def find_same_people(self) -> list[tuple[str, str]]:
        """List groups of the new version that are, to a person, a group of which something was told."""
        people = [self._people_of(v, owner) for v, owner in zip(self.all, self.owners, strict=True)]
        shown = [g for g, s in zip(self.new.block.groups, self.new.is_shown, strict=True) if s]
        told = _as_set(np.vstack(people[:-1]))
        return [g for g, row in zip(shown, people[-1], strict=True) if row.tobytes() in told]

    def _find_involved(
        self, before: np.ndarray, after: np.ndarray, owner: np.ndarray, groups: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], str]:
        found = find_few(before, after, owner, self.threshold, decided=False)
        return {groups[i]: FEW for few in found for i in few.involved.tolist()}

    def _people_of(self, version: Version, owner: np.ndarray) -> np.ndarray:
        """Who belongs to each group of which anything is shown, bool array (groups shown, people of all versions)."""
        rows = np.zeros((int(version.is_shown.sum()), 1 + max(o.max(initial=-1) for o in self.owners)), bool)
        rows[:, owner] = version.inside[version.is_shown]
        return rows

    def _find_rests_alike(self, column: _Column) -> Iterator[tuple[str, str]]:
        """Groups that hold another one, or lie within it, where the rest answered alike at an end."""
        others = np.vstack([column.before, column.after])
        both = column.after.astype(int) @ others.T.astype(int)
        new_n, other_n = column.after.sum(axis=1)[:, None], others.sum(axis=1)[None, :]
        nested = (both == np.minimum(new_n, other_n)) & (new_n != other_n)
        for i, j in np.argwhere(nested).tolist():
            if self._is_alike(column.records, column.after[i] ^ others[j]):
                yield column.now[i]

    def says_something_else(self) -> bool:
        """Whether the new version differs from every earlier one in what anybody said, or where anybody belongs."""
        content = [Counter(list_contents(v.respondents)) for v in self.all]
        return content[-1] not in content[:-1]

    def _columns(self) -> list[tuple[str, int]]:
        return [(base, j) for base in BASES for j in range(self.new.shown[base].shape[1])]

    def _lay_out(self, base: str, number: int) -> _Column:
        records = Records.of([v.respondents for v in self.all], self.owners, base, number)
        shown = [v.shown[base][:, number] for v in self.all]
        rows = [records.rows(i, v.inside[s]) for i, (v, s) in enumerate(zip(self.all, shown, strict=True))]
        names = [
            [group for group, s in zip(v.block.groups, some, strict=True) if s]
            for v, some in zip(self.all, shown, strict=True)
        ]
        was = [group for some in names[:-1] for group in some]
        return _Column(records, np.vstack(rows[:-1]), rows[-1], was, names[-1])

    def _differ_alike(self, column: _Column) -> bool:
        """Whether people who came to a group, or left it, all answered alike at an end: their mean follows, too."""
        for old, new in column.shared():
            for more, less in ((old, new), (new, old)):
                added = more & ~less
                if added.any() and not (less & ~more).any() and self._is_alike(column.records, added):
                    return True
        return False

    def _is_alike(self, records: Records, some: np.ndarray) -> bool:
        """Whether the first answers of some people lie at an end; not of those whose answers have changed."""
        changed = np.zeros(len(records.owner), bool)
        for change in records.change:
            changed[change[change >= 0]] = True
        if changed[some].any():
            return False
        mean = np.average(records.value[some], weights=records.weight[some])
        weighted = len(set(records.weight.tolist())) > 1
        room = end_room(some.sum(), np.array(self.threshold - 1), weighted)
        return bool(find_ends(np.array(mean), room) != 0)


def _as_set(rows: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in rows}


def _shows_no_more(new: Version, old: Version) -> bool:
    return all(not (new.shown[base] & ~old.shown[base]).any() for base in BASES)
