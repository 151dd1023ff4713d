"""What somebody wants to tell: means of groups of their own making, and who belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from dimios_core.errors import Problem
from dimios_core.published.conventions import GROUP_MIN
from dimios_core.published.schema import load_codes
from dimios_core.results.scoring.columns import Columns

#: what a group of one's own may be called: words, no numbers that could be figures
LABEL = re.compile(r"[^\W\d_](?:[^\W\d_]|[ \-–]){0,39}")
LABEL_REMEDY = "call it in words: at most 40 letters, spaces and hyphens, a letter first; no underscores or commas, numbers as words"
#: between the parts of a group's name
JOINED = " · "


@dataclass(frozen=True)
class AskedGroup:
    """People of one kind.

    Attributes
    ----------
    labels : tuple of str
        A part for each thing that people are divided by.
    people : DataFrame
        period, organisation (str), respondent (uint64): who.
    """

    labels: tuple[str, ...]
    people: pd.DataFrame

    @property
    def name(self) -> str:
        """What a reader is told of it."""
        return JOINED.join(self.labels) or "*"

    @cached_property
    def organisations(self) -> list[str]:
        """Whose people they are."""
        return sorted(set(self.people["organisation"]))


@dataclass(frozen=True)
class Asked:
    """Figures of groups that are to be told.

    Attributes
    ----------
    divided : tuple of str
        What people are divided by.
    own : tuple of bool
        Which of these the author brought; the others are the store's.
    groups : sequence of AskedGroup
    level : {"point", "category", "dimension", "maturity"}
    keys : tuple of str
        Which of the level.
    """

    divided: tuple[str, ...]
    own: tuple[bool, ...]
    groups: Sequence[AskedGroup]
    level: str
    keys: tuple[str, ...]

    @cached_property
    def organisations(self) -> list[str]:
        """Whose people they are."""
        return sorted({o for group in self.groups for o in group.organisations})

    @property
    def organisation(self) -> str:
        """Whose figures they are: the only organisation's, else "" for all."""
        return self.organisations[0] if len(self.organisations) == 1 else ""

    @cached_property
    def blocks(self) -> dict[tuple[str, str], dict[str, np.ndarray]]:
        """Period and organisation -> group -> pseudonyms."""
        blocks: dict[tuple[str, str], dict[str, np.ndarray]] = {}
        for group in self.groups:
            for (period, organisation), people in group.people.groupby(["period", "organisation"], sort=True):
                own = blocks.setdefault((str(period), str(organisation)), {})
                own[group.name] = people["respondent"].to_numpy(np.uint64)
        return blocks

    def find_told(self, columns: Columns) -> np.ndarray:
        """Which columns the figures tell of, bool array (columns,): a category counts as each of its points."""
        told = np.zeros(columns.columns_n, bool)
        model = columns.instrument
        parts = {
            "point": {p.id: {p.id} for p in model.points},
            "category": {c: {p.id for p in model.points_of(c)} for c in model.category_ids},
        }
        category_of = {c.id: c.dimension for c in model.categories}
        everything = {p.id for p in model.points}
        parts["dimension"] = {
            d: {p.id for p in model.points if category_of[p.category] == d} for d in model.dimension_ids
        }
        held = set().union(*(parts.get(self.level, {}).get(key, everything) for key in self.keys))
        told[: columns.points_n] = [p in held for p in columns.point_ids]
        return told

    def find_name_problems(self) -> Iterator[Problem]:
        """Find words of the author's own that cannot be told: they could be figures, or more than a name."""
        for label in dict.fromkeys(_list_own(self)):
            if not LABEL.fullmatch(label):
                yield Problem(f"group {label!r}", "that is no name for a group", LABEL_REMEDY)

    def find_problems(self) -> Iterator[Problem]:
        """Find what cannot be told whatever is published: names, periods, how many organisations."""
        if not self.groups:
            yield Problem("groups", "nobody is in any group", "choose other answers, or other groups")
        yield from self.find_name_problems()
        names = [group.name for group in self.groups]
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield Problem(f"group {name!r}", "several groups are called so", "give each a name of its own")
        if not self.organisation and not any(len(g.organisations) >= GROUP_MIN for g in self.groups):
            what = f"no group holds people of {GROUP_MIN} organisations, and all would read it"
            remedy = (
                "make larger groups, or tell of one organisation by itself: answers.select(organisations=[…])"
            )
            yield Problem("groups", what, remedy)
        if self.level not in load_codes()["level"]:
            yield Problem("level", f"{self.level} is none", f"use one of {', '.join(load_codes()['level'])}")


def _list_own(asked: Asked) -> Iterator[str]:
    """Words of the author's own: names of what people are divided by, and of groups."""
    for i, own in enumerate(asked.own):
        if own:
            yield asked.divided[i]
            yield from (group.labels[i] for group in asked.groups)
