"""Which numbers an own page may tell: those of the published tables that it has opened, in their own rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.errors import Problem
from dimios_core.published.schema import TableSchema, load_tables
from dimios_core.published.store import PublicResults
from dimios_core.report.narrative import Narrator
from dimios_core.report.own.frames import name_rows
from dimios_core.report.own.plot import Plot

#: published numbers have no more decimals
DECIMALS_MAX = 3
#: a number in words: "47,7", "1 204", "95"; no part of a name such as "K2"
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[\u00a0\u202f]\d{3})*(?:[.,]\d+)?(?!\w)")
#: a year, or a half of one
PERIOD = re.compile(r"(?<![\w.,-])\d{4}(?:-[12])?(?![\w-])")
#: ends of the scale and of shares, and the level of all intervals
ALWAYS = ("0", "100", "95")
TOLD_MAX = 5
OTHERS = "show published figures of `report.published`, none computed from them"
SAY = "tell numbers by `report.say('… {score} …', row)`, which takes them from a published row; write others as words"
IN_WORDS = "tell published figures that the notebook has opened; write other numbers as words"


class OpenedTable:
    """A published table as it is held against: its identifiers by name, and its numbers without their signs.

    Parameters
    ----------
    schema : TableSchema
    frame, named : DataFrame
        As it is published, and with names in the reader's language.
    """

    def __init__(self, schema: TableSchema, frame: pd.DataFrame, named: pd.DataFrame) -> None:
        about = [schema.columns[c] for c in frame.columns]
        self.names = {c.name: named[c.name].astype(str) for c in about if c.type == "text" and c.identifier}
        self.numbers = {
            c.name: np.abs(frame[c.name].to_numpy(float, na_value=np.nan).round(DECIMALS_MAX))
            for c in about
            if c.type in ("number", "count")
        }
        #: identifiers that say what a row is about: which periods and levels there are tells of nothing
        self.subjects = [name for name in self.names if name != "level" and not name.startswith("period")]
        self.units = {c.name: c.unit for c in about}

    @cached_property
    def _places(self) -> list[dict[str, np.ndarray]]:
        return [column.groupby(column).indices for column in self.names.values()]

    def find_rows(self, name: str) -> np.ndarray:
        """Find the rows that are about a name, or a key."""
        return np.unique(np.concatenate([np.zeros(0, int), *(p[name] for p in self._places if name in p)]))

    def find_units(self, rows: np.ndarray, numbers: Sequence[float]) -> set[str]:
        """Find the units of columns that hold each of some numbers in some of the rows."""
        return {
            self.units[name]
            for name, column in self.numbers.items()
            if np.all([(np.abs(column[rows] - abs(n)) < 1e-6).any() for n in numbers])
        }

    def is_about(self, name: str) -> bool:
        """Tell whether a name is one of what the table is about, other than a period."""
        return any(
            name in places
            for column, places in zip(self.names, self._places, strict=True)
            if column in self.subjects
        )

    def hold_in_a_row(self, rows: np.ndarray, numbers: Sequence[float]) -> bool:
        """Tell whether one of some rows has all of some numbers."""
        held = np.array([column[rows] for column in self.numbers.values()]).reshape(-1, len(rows))
        return bool(np.all([(np.abs(held - abs(n)) < 1e-6).any(axis=0) for n in numbers], axis=0).any())

    def find_strange(self, frame: pd.DataFrame, column: str) -> list[float]:
        """Find numbers of a frame's column that do not stand in the same column beside the same names."""
        shared = [name for name in self.names if name in frame.columns]
        held = set(zip(*(self.names[name] for name in shared), self.numbers[column], strict=True))
        told = frame[column].to_numpy(float, na_value=np.nan)
        rows = zip(
            *(frame[name].astype(str) for name in shared), np.abs(told.round(DECIMALS_MAX)), strict=True
        )
        exact = np.isclose(told, told.round(DECIMALS_MAX), rtol=0, atol=1e-9)
        return [
            v
            for v, row, same in zip(told, rows, exact, strict=True)
            if np.isfinite(v) and not (same and row in held)
        ]


class KnownFigures:
    """What an own page's words, tables and figures are held against.

    Parameters
    ----------
    results : PublicResults
        Its tables count once something of them has been read.
    narrator : Narrator
        Names in the reader's language.
    """

    def __init__(self, results: PublicResults, narrator: Narrator) -> None:
        self._results, self._narrator = results, narrator
        self._tables: dict[str, OpenedTable] = {}
        self._written: list[set[int]] = [set() for _ in range(DECIMALS_MAX + 1)]
        self._periods: set[str] = set()

    def find_typed(self, place: str, texts: Iterable[str], said: Iterable[str]) -> list[Problem]:
        """Find numbers in an author's words that are not those of sentences that were made of published rows."""
        self._learn()
        sentences = [_as_it_stands(s) for s in sorted(filter(None, said), key=len, reverse=True)]
        typed: list[str] = []
        for text in texts:
            for sentence in sentences:
                text = sentence.sub(" ", text)
            typed += self._list_numbers(text)
        return _tell(place, typed, SAY, "typed and not taken from a published row")

    def find_in_words(self, place: str, texts: Iterable[str]) -> list[Problem]:
        """Find numbers in words that are no published ones, rounded to as many decimals as they are written with.

        Periods, the ends of the scale and the level of intervals are always known. A share is known as percent, too.

        Returns
        -------
        list of Problem
            One that tells all of them; empty where there is none.
        """
        self._learn()
        strange = [n for text in texts for n in self._list_numbers(text) if not self._is_written(n)]
        return _tell(place, strange, IN_WORDS)

    def find_in_frame(self, place: str, frame: pd.DataFrame) -> list[Problem]:
        """Find numbers of a table that no published table has in that column beside the same names."""
        self._learn()
        named = name_rows(frame, self._results, self._narrator)
        problems = []
        for column in frame.columns:
            if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(frame[column]):
                continue
            tables = [t for t in self._tables.values() if str(column) in t.numbers]
            about = [t for t in tables if not t.subjects or any(name in named.columns for name in t.subjects)]
            if tables and not about:
                what = f"nothing says what the numbers of {str(column)!r} are about"
                problems.append(Problem(place, what, "keep the columns key, unit or role beside them"))
                continue
            if not tables:
                what = f"{str(column)!r} is a column of no published table that was opened"
                remedy = "keep the published columns and their names: a reader is told their titles"
                problems.append(Problem(place, what, remedy))
                continue
            strange = min((t.find_strange(named, str(column)) for t in about), key=len)
            problems += _tell(f"{place}, column {column}", [f"{v:g}" for v in strange], OTHERS)
        return problems

    def find_in_plot(self, place: str, plot: Plot) -> list[Problem]:
        """Find numbers of a figure that no published row about their name, and about their series, has together.

        Its names, or its series', have to be published ones: beside a label of one's own, any number could stand.
        """
        self._learn()
        problems, strange = [], []
        for series in plot.series:
            unknown = [n for n in plot.names if not self._is_about(n) and not self._is_about(series.name)]
            problems += _tell(
                place, unknown, "name rows as `report.named(frame)` does; lines have names, too: color='key'",
                "none of the names that published tables which were opened are about",
            )  # fmt: skip
        for series in plot.series:
            for i, name in enumerate(plot.names):
                numbers = [
                    n
                    for n in (series.values[i], *(e[i] for e in (series.low, series.high) if e))
                    if n is not None
                ]
                if numbers and not self._hold(numbers, [n for n in (name, series.name) if n]):
                    strange.append(f"{name}: {', '.join(f'{n:g}' for n in numbers)}")
        return problems + _tell(place, strange, OTHERS)

    def _is_about(self, name: str) -> bool:
        return bool(name) and any(table.is_about(name) for table in self._tables.values())

    def find_unit(self, plot: Plot) -> str:
        """Find the unit of a figure's values; "" where columns of several units, or of none, hold them."""
        found: set[str] | None = None
        for series in plot.series:
            for i, name in enumerate(plot.names):
                if (value := series.values[i]) is None:
                    continue
                units: set[str] = set()
                for table in self._tables.values():
                    rows = table.find_rows(name)
                    everywhere = np.arange(len(next(iter(table.numbers.values()), ())))
                    units |= table.find_units(rows if len(rows) else everywhere, [value])
                found = units if found is None else found & units
        return found.pop() if found is not None and len(found) == 1 else ""

    def _hold(self, numbers: list[float], names: list[str]) -> bool:
        about = [name for name in names if any(len(t.find_rows(name)) for t in self._tables.values())]
        for table in self._tables.values():
            rows = np.arange(len(next(iter(table.numbers.values()), ())))
            for name in about:
                rows = np.intersect1d(rows, table.find_rows(name))
            if len(rows) and table.hold_in_a_row(rows, numbers):
                return True
        return False

    def _list_numbers(self, text: str) -> Iterator[str]:
        kept = PERIOD.sub(lambda found: "" if found[0] in self._periods else found[0], text)
        yield from (n for n in NUMBER.findall(kept) if n not in ALWAYS)

    def _is_written(self, number: str) -> bool:
        plain = re.sub("[\u00a0\u202f]", "", number)
        whole, _, decimals = plain.replace(",", ".").partition(".")
        return len(decimals) <= DECIMALS_MAX and int(whole + decimals) in self._written[len(decimals)]

    def _learn(self) -> None:
        """Take in what has been opened since."""
        for name in self._results.opened:
            if name in self._tables:
                continue
            frame = getattr(self._results, name)
            named = name_rows(frame, self._results, self._narrator)
            self._tables[name] = table = OpenedTable(load_tables()[name], frame, named)
            for values in table.numbers.values():
                self._take(values[np.isfinite(values)])
            for column, names in table.names.items():
                if column.startswith("period"):
                    self._periods |= set(names)

    def _take(self, values: np.ndarray) -> None:
        values = np.concatenate([values, 100 * values[values <= 1]])
        for decimals, written in enumerate(self._written):
            scaled = values * 10**decimals
            # a half is rounded up by some, to the even one by others
            written.update(np.round(scaled).astype(np.int64).tolist())
            written.update(np.floor(np.round(scaled, 6) + 0.5).astype(np.int64).tolist())


def _as_it_stands(sentence: str) -> re.Pattern[str]:
    """Find a sentence by itself: a number at its end or beginning is no part of a longer one."""
    before = r"(?<![\w.,])" if sentence[0].isdigit() else ""
    after = r"(?![.,]?\d)" if sentence[-1].isdigit() else ""
    return re.compile(before + re.escape(sentence) + after)


def _tell(
    place: str,
    numbers: list[Any],
    remedy: str,
    what: str = "this stands so in no published table that was opened",
) -> list[Problem]:
    if not numbers:
        return []
    several = list(dict.fromkeys(numbers))
    told = "; ".join(several[:TOLD_MAX])
    if len(several) > TOLD_MAX:
        told += f"; and {len(several) - TOLD_MAX} more"
    return [Problem(place, f"{what}: {told}", remedy)]
