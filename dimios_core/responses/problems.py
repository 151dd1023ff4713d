"""Collect the faults of one file: like ones are grouped, so that a list stays readable and small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from dimios_core.errors import Problem

#: kinds of fault that are told apart in one file; further ones are counted only
GROUPS_LIMIT = 500
ROWS_NAMED = 3


@dataclass
class _Group:
    where: str
    what: str
    remedy: str
    rows: list[np.ndarray] = field(default_factory=list)
    first_rows: list[int] = field(default_factory=list)
    rows_n: int = 0


class ProblemList:
    """The faults of a file: some of the file as a whole, others of rows.

    Parameters
    ----------
    label : str
        The file's name in messages.
    keep_rows : bool
        Keep every faulty row's number (8 bytes each), so that the rows can be rejected one by one;
        otherwise the first few and the count.
    """

    def __init__(self, label: str, keep_rows: bool = False) -> None:
        self.label = label
        self.keep_rows = keep_rows
        self.of_file: list[Problem] = []
        self._groups: dict[tuple[str, str, str], _Group] = {}

    def add(self, what: str, remedy: str, where: str = "") -> None:
        """Note a fault of the file as a whole; no row can be stored then."""
        problem = Problem(f"{self.label}{where}", what, remedy)
        if problem not in self.of_file:
            self.of_file.append(problem)

    def add_rows(
        self,
        rows: np.ndarray,
        where: str,
        what: str,
        remedy: str,
        *,
        other: str = "other faults",
        key: str = "",
    ) -> None:
        """Note a fault of rows.

        Parameters
        ----------
        rows : numpy.ndarray of int, shape (n,)
            Row numbers; each row may come once.
        where : str
            Column or cell, such as "column Roll".
        what, remedy : str
            As in `Problem`. Rows with the same `where` and `what` are one entry of the list.
        other : str
            What the fault is called when the list is full.
        key : str
            Keeps entries with the same text apart.
        """
        if not len(rows):
            return
        entry = (where, what, key)
        if entry not in self._groups and len(self._groups) >= GROUPS_LIMIT:
            entry, what = (where, other, ""), other
        group = self._groups.setdefault(entry, _Group(where, what, remedy))
        group.rows_n += len(rows)
        if len(group.first_rows) < ROWS_NAMED:
            group.first_rows += [int(r) for r in rows[: ROWS_NAMED - len(group.first_rows)]]
        if self.keep_rows:
            group.rows.append(np.asarray(rows, dtype=np.int64))

    def forget_row(self, row: int) -> None:
        """Take back what was said of a row (it was no row of answers at all)."""
        for key, group in list(self._groups.items()):
            if row in group.first_rows:
                group.first_rows.remove(row)
                group.rows = [rows[rows != row] for rows in group.rows]
                group.rows_n -= 1
                if not group.rows_n:
                    del self._groups[key]

    @property
    def has_row_faults(self) -> bool:
        """Whether any row is faulty."""
        return bool(self._groups)

    @property
    def found(self) -> int:
        """How many faults there are in all, each row counted."""
        return len(self.of_file) + sum(group.rows_n for group in self._groups.values())

    def __bool__(self) -> bool:
        return bool(self.of_file or self._groups)

    def problems(self) -> list[Problem]:
        """Return the list for the reader: faults of the file first, then by row."""
        groups = sorted(self._groups.values(), key=lambda g: g.first_rows[:1])
        return self.of_file + [
            Problem(
                f"{self.label}, {name_rows(g.first_rows, g.rows_n)}{', ' + g.where if g.where else ''}",
                g.what,
                g.remedy,
            )
            for g in groups
        ]

    def reasons(self) -> dict[int, list[str]]:
        """Return what is wrong with each faulty row, by row number (needs `keep_rows`)."""
        reasons: dict[int, list[str]] = {}
        for group in self._groups.values():
            reason = f"{group.where}: {group.what}" if group.where else group.what
            for rows in group.rows:
                for row in rows.tolist():
                    reasons.setdefault(row, []).append(reason)
        return reasons


def name_some(names: Sequence[str], shown_n: int) -> str:
    """Name the first of some things, and say where there are more.

    Examples
    --------
    >>> name_some(["a", "b"], 2), name_some(["a", "b", "c"], 2)
    ('a, b', 'a, b and others')
    """
    return ", ".join(names[:shown_n]) + (" and others" if len(names) > shown_n else "")


def name_rows(first_rows: Iterable[int], rows_n: int) -> str:
    """Name some rows and count the others.

    Examples
    --------
    >>> name_rows([5], 1), name_rows([5, 7, 9], 315)
    ('row 5', 'rows 5, 7, 9 and 312 others')
    """
    named = list(first_rows)
    more = rows_n - len(named)
    listed = f"row{'s' if len(named) > 1 else ''} {', '.join(map(str, named))}"
    return f"{listed} and {more} other{'s' if more > 1 else ''}" if more else listed
