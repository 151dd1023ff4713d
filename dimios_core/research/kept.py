"""Blocks of stored answers that a process has read lately, a byte an answer: for what goes through all of them again and again."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from dimios_core.research.rows import Rows, StoredRows
from dimios_core.responses.store import ANSWER_KINDS, ResponseStore

#: bytes that a process keeps at most, besides the block that it works on; what does not fit is read each time
KEPT_MAX = 400_000_000
#: different answers that a byte can tell, besides kinds without one
ANSWERS_MAX = 250


@dataclass(frozen=True)
class _Packed:
    people: pd.DataFrame
    code: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, rows: Rows) -> _Packed | None:
        answered = rows.kind == 0
        values = np.unique(rows.answer[answered])
        if len(values) > ANSWERS_MAX:
            return None
        code = rows.kind.astype(np.uint8) - 1
        code[answered] = np.searchsorted(values, rows.answer[answered]) + len(ANSWER_KINDS) - 1
        return cls(rows.people, code, np.r_[[np.nan] * (len(ANSWER_KINDS) - 1), values])

    def open(self) -> Rows:
        return Rows(
            self.people, self.values[self.code], np.where(self.code < len(ANSWER_KINDS) - 1, self.code + 1, 0).astype(np.int8)
        )  # fmt: skip

    @property
    def size(self) -> int:
        return self.code.nbytes + int(self.people.memory_usage(index=True, deep=True).sum())


@dataclass
class _Keeper:
    """Keeps blocks of one selection of answers at a time, from the second time that they are asked for."""

    selection: Hashable = None
    size: int = 0
    asked: set[Hashable] = field(default_factory=set)
    blocks: dict[Hashable, _Packed] = field(default_factory=dict)

    def read(self, block: StoredRows) -> Rows:
        selection = (block.outputs, block.steps, tuple(block.instrument.item_ids))
        if selection != self.selection:
            self.selection, self.size, self.asked, self.blocks = selection, 0, set(), {}
        store = ResponseStore(block.outputs)
        stats = [(store.folder / store.file_name(*f)).stat() for f in block.files]
        key = (block.files, tuple((s.st_mtime_ns, s.st_size) for s in stats))
        if key in self.blocks:
            return self.blocks[key].open()
        rows = block.read()
        if key not in self.asked:
            self.asked.add(key)
            return rows
        packed = _Packed.of(rows)
        if packed is not None and self.size + packed.size <= KEPT_MAX:
            self.blocks[key] = packed
            self.size += packed.size
        return rows


_KEEPER = _Keeper()


def read_block(block: StoredRows) -> Rows:
    """Return a block's rows, from what is kept or from the store; the same either way."""
    return _KEEPER.read(block)
