"""The same person in several versions of an organisation's answers, and what of theirs changed (method 5).

People are told by all they said and where they belong first, then by pseudonym, then by what they said alone: shifted row
numbers do not pass for a thousand changes, nor do new pseudonyms, units or an organisation under another name. Whoever
is left takes the place of somebody in the same unit and role who is gone: it may be the same person, and counts as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dimios_core.results.scoring.matrix import Respondents

#: what figures rest on: scores on answers, don't-know shares on answers and "don't know"
BASES = ("answers", "asked")
#: so many answers are seldom given by two people alike
TELLING_ANSWERS_N = 8


def match_people(versions: Sequence[Respondents]) -> list[np.ndarray]:
    """Number the people of several versions.

    Parameters
    ----------
    versions : sequence of Respondents
        Oldest first, laid out over the same columns.

    Returns
    -------
    list of int array (respondents,)
        A version each: who the respondents are, the same number in each. Nobody is there twice in one version.
    """
    pool = [defaultdict[object, list[int]](list) for _ in _WAYS]
    numbered: list[np.ndarray] = []
    owners_n = 0
    for people in versions:
        owner = np.full(len(people), -1)
        taken: set[int] = set()
        keys = [way(people) for way in _WAYS]
        for known, key in zip(pool, keys, strict=True):
            for i in np.flatnonzero(owner < 0).tolist():
                fitting = known.get(key[i], ())
                if (found := next((o for o in reversed(fitting) if o not in taken), None)) is not None:
                    owner[i] = found
                    taken.add(found)
        for i in np.flatnonzero(owner < 0).tolist():
            owner[i] = owners_n
            owners_n += 1
        for known, key in zip(pool, keys, strict=True):
            for one, o in zip(key, owner.tolist(), strict=True):
                if o not in (held := known[one]):
                    held.append(o)
        numbered.append(owner)
    return numbered


def _said(people: Respondents) -> list[object]:
    """Everything that enters figures, but for where somebody belongs; pseudonyms do not."""
    return [
        (h, n, w, y.tobytes(), d.tobytes())
        for h, n, w, y, d in zip(
            people.stratum, people.neighbour, people.weight, np.nan_to_num(people.score_pct, nan=-1.0),
            people.dont_know, strict=True,
        )
    ]  # fmt: skip


def list_contents(people: Respondents) -> list[object]:
    """Everything that enters figures, respondent by respondent, with where they belong."""
    return list(zip(people.unit, people.role, _said(people), strict=True))


@dataclass(frozen=True)
class Said:
    """What a set of people said, whoever and wherever they were.

    Attributes
    ----------
    answers : Counter
        Of the answers of one person.
    people_n : int
        All of them.
    """

    answers: Counter[tuple[bytes, bytes]]
    people_n: int

    @classmethod
    def of(cls, people: Respondents, *, telling: bool) -> Said:
        """Count answers; with `telling`, only of those who gave so many that two seldom give the same."""
        each = zip(
            np.nan_to_num(people.score_pct, nan=-1.0),
            people.dont_know,
            people.answered.sum(axis=1),
            strict=True,
        )
        counted = Counter(
            (y.tobytes(), d.tobytes()) for y, d, n in each if n >= TELLING_ANSWERS_N or not telling
        )
        return cls(counted, len(people))

    def is_mostly(self, other: Said) -> bool:
        """Tell whether both are the same answers by more than half of the smaller."""
        return 2 * (self.answers & other.answers).total() > min(self.people_n, other.people_n)


#: ways to know somebody again, the surest first
_WAYS: tuple[Callable[[Respondents], list[object]], ...] = (
    lambda people: list(zip(people.person.tolist(), list_contents(people), strict=True)),
    list_contents,
    lambda people: list(people.person.tolist()),
    _said,
    lambda people: list(zip(people.unit, people.role, strict=True)),
)


@dataclass(frozen=True)
class Records:
    """One column of several versions as records: the first answer of each person, and each later change of it.

    Attributes
    ----------
    owner : int array (records,)
    weight, value : float arrays (records,)
        Of the answer that the record stands for: its weight, and percent (0 or 1 for "don't know").
    first, change : list of int array (respondents,)
        A version each: record of the respondent's first answer, and of the difference to it (−1: there is none);
        both −1 for those who said nothing.
    """

    owner: np.ndarray
    weight: np.ndarray
    value: np.ndarray
    first: list[np.ndarray]
    change: list[np.ndarray]

    @classmethod
    def of(cls, versions: Sequence[Respondents], owners: list[np.ndarray], base: str, column: int) -> Records:
        """Lay out one column; somebody whose weight or stratum changes changes the answer, too."""
        said = [_base(people, base)[:, column] for people in versions]
        inside = np.concatenate(said)
        owner = np.concatenate(owners)[inside]
        value = np.concatenate(
            [(p.score_pct if base == "answers" else p.dont_know.astype(float))[:, column] for p in versions]
        )[inside]
        weight = np.concatenate([p.weight for p in versions])[inside]
        stratum = np.unique(np.concatenate([p.stratum.astype(str) for p in versions]), return_inverse=True)[
            1
        ][inside]
        _, at, variant = np.unique(
            np.stack([owner, weight, value, stratum], axis=1), axis=0, return_index=True, return_inverse=True
        )
        order = np.argsort(np.argsort(at))  # variants by when they are first seen
        variant, at = order[variant.ravel()], np.sort(at)
        owner_of = owner[at]
        _, earliest, who = np.unique(owner_of, return_index=True, return_inverse=True)
        base_of = earliest[who]  # the first variant of each variant's owner
        first, change = np.full(len(inside), -1), np.full(len(inside), -1)
        first[inside] = base_of[variant]
        change[inside] = np.where(base_of[variant] == variant, -1, variant)
        cuts = np.cumsum([len(p) for p in versions])[:-1]
        return cls(owner_of, weight[at], value[at], np.split(first, cuts), np.split(change, cuts))

    def rows(self, version: int, inside: np.ndarray) -> np.ndarray:
        """Sums over groups of a version's respondents (bool array (groups, respondents)) as rows over records."""
        padded = np.zeros((len(inside), len(self.owner) + 1), bool)
        for record in (self.first[version], self.change[version]):
            padded[:, record[record >= 0]] |= inside[:, record >= 0]
        return padded[:, :-1]


def _base(people: Respondents, base: str) -> np.ndarray:
    return people.answered if base == "answers" else people.answered | people.dont_know
