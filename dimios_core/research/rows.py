"""Where answers lie: held in memory, or in the store, from where they are read some whole organisations at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.responses.store import ANSWER_KINDS, ResponseStore
from dimios_core.results.scoring.matrix import label_codes, read_labels

#: names of the index's levels, in order
IDENTIFIERS = ("period", "organisation", "unit", "role", "respondent")
#: columns of `people`: design weight, stratum, when it was begun and sent
ABOUT = ("weight", "stratum", "started_at", "answered_at")
MISSING = ANSWER_KINDS.index("missing")
#: answers (people × items) that are held in memory at once: some 300 MB with what is made of them
HELD_MAX = 10_000_000
#: and those of a block of organisations that is read and worked on by itself; a larger organisation is a block of its own
BLOCK_MAX = 500_000
ONCE = "once"


@dataclass(frozen=True)
class Rows:
    """Answers held in memory: a row a respondent and period.

    Attributes
    ----------
    people : pandas.DataFrame
        Index `IDENTIFIERS`, columns `ABOUT`.
    answer : float array (people, items)
    kind : int8 array (people, items)
    """

    people: pd.DataFrame
    answer: np.ndarray
    kind: np.ndarray

    def keep(self, wanted: np.ndarray) -> Rows:
        """Return some of the rows; `wanted` is a bool array (people,)."""
        return Rows(self.people[wanted], self.answer[wanted], self.kind[wanted])

    def select(self, level: str, names: Collection[str]) -> Rows:
        """Keep rows that have one of the names at a level of the index."""
        return self.keep(self.people.index.get_level_values(level).isin(list(names)))

    def once(self) -> Rows:
        """Keep everybody's first period alone."""
        who = self.people.index.to_frame(index=False)
        order = np.argsort(who["period"].to_numpy(), kind="stable")
        keep = np.zeros(len(who), bool)
        keep[order] = (~who.iloc[order].duplicated(["organisation", "respondent"])).to_numpy()
        return self.keep(keep)


@dataclass(frozen=True)
class StoredRows:
    """Answers left in the store, and which of them are meant: a plan that travels to workers instead of answers.

    Attributes
    ----------
    outputs : pathlib.Path
    instrument : Instrument
    files : tuple of (str, str)
        Period and organisation.
    steps : tuple of (str, tuple of str)
        What is done to an organisation's rows, in order: (level, names to keep), or ("once", ()).
    """

    outputs: Path
    instrument: Instrument
    files: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def select(self, level: str, names: Collection[str]) -> StoredRows:
        """Keep some; files that hold nothing of it are not opened."""
        at = {"period": 0, "organisation": 1}.get(level)
        if at is None or (at == 0 and (ONCE, ()) in self.steps):
            return replace(self, steps=(*self.steps, (level, tuple(names))))
        return replace(self, files=tuple(f for f in self.files if f[at] in names))

    def once(self) -> StoredRows:
        """Keep everybody's first period alone."""
        return replace(self, steps=(*self.steps, (ONCE, ())))

    def names(self, level: str) -> list[str]:
        """Names that rows may have at a level: those of the files, or the model's roles."""
        if level == "role":
            return sorted([*self.instrument.role_ids, "unknown"])
        return sorted({f[("period", "organisation").index(level)] for f in self.files})

    @cached_property
    def sizes(self) -> list[int]:
        """Answers by file, from their headers; before the steps."""
        store = ResponseStore(self.outputs)
        return [pq.read_metadata(store.folder / store.file_name(*f)).num_rows for f in self.files]

    def blocks(self) -> list[StoredRows]:
        """Cut into blocks of whole organisations; the same cut whoever works on them."""
        found: list[list[tuple[str, str]]] = []
        filled = BLOCK_MAX
        by = sorted(zip(self.files, self.sizes, strict=True), key=lambda f: (f[0][1], f[0][0]))
        for _, own in groupby(by, key=lambda f: f[0][1]):
            files, sizes = zip(*own, strict=True)
            if filled + sum(sizes) > BLOCK_MAX:
                found.append([])
                filled = 0
            found[-1] += files
            filled += sum(sizes)
        return [replace(self, files=tuple(files)) for files in found]

    def settle(self) -> Rows | StoredRows:
        """Read them where they are few enough to be held at once."""
        return self.read() if sum(self.sizes) <= HELD_MAX else self

    def hold(self) -> Rows:
        """Read them, or tell that they are too many.

        Raises
        ------
        InputError
        """
        if (n := sum(self.sizes)) > HELD_MAX:
            what = f"{n:,} answers are too many to be held at once ({HELD_MAX:,} at most), and this asks for every row"
            remedy = (
                "select some with answers.select(periods=…, organisations=…), or use what works through all of them: "
                "docs/research.md, Many answers"
            )
            raise InputError(Problem("answers", what, remedy))
        return self.read()

    def read(self) -> Rows:
        """Read all of them."""
        store = ResponseStore(self.outputs)
        parts = [
            _read_file(store, period, organisation, self.instrument) for period, organisation in self.files
        ]
        rows = Rows(
            pd.concat([part.people for part in parts]),
            np.concatenate([part.answer for part in parts]),
            np.concatenate([part.kind for part in parts]),
        )
        for name, names in self.steps:
            rows = rows.once() if name == ONCE else rows.select(name, names)
        return rows


def _read_file(store: ResponseStore, period: str, organisation: str, model: Instrument) -> Rows:
    """People, answers and kinds of one organisation and period; rows are sorted by respondent in the store."""
    table = store.read(period, organisation)
    person = table["respondent"].to_numpy()
    first = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else np.zeros(0, int)
    row = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(person)]))
    item, kind = label_codes(table["item"], model.item_ids), label_codes(table["answer_kind"], ANSWER_KINDS)
    known = item >= 0
    answers = np.full((len(first), len(model.item_ids)), np.nan)
    kinds = np.full(answers.shape, MISSING, np.int8)
    kinds[row[known], item[known]] = kind[known]
    answers[row[known], item[known]] = np.where(kind == 0, table["answer"].to_numpy(), np.nan)[known]
    told = {}
    for name in ("unit", "role", "stratum"):
        codes, labels = read_labels(table[name])
        told[name] = np.array(labels, object)[codes[first]] if len(first) else np.zeros(0, object)
    about = table.select(["weight", "started_at", "answered_at"]).take(first).to_pandas()
    arrays = [[period] * len(first), [organisation] * len(first), told["unit"], told["role"], person[first]]
    index = pd.MultiIndex.from_arrays(arrays, names=IDENTIFIERS)
    about = about.assign(stratum=told["stratum"]).set_axis(index)
    return Rows(about[list(ABOUT)], answers, kinds)
