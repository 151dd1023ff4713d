"""What else a file says of respondents: weight, stratum, and when they answered."""

from __future__ import annotations

import re

import numpy as np

from dimios_core.responses.answers import NO_TIME
from dimios_core.responses.labels import normalise_label, parse_number, show_value
from dimios_core.responses.lookups import Lookup, Texts
from dimios_core.responses.mapping import Mapping
from dimios_core.responses.messages import report_texts
from dimios_core.responses.people import name_field
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.times import read_times, starts_late

#: columns of times, in the order in which they pass
TIMES = ("started_at", "answered_at")
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?")


class WeightsAndTimes:
    """Read the columns weight, stratum, started_at, answered_at and duration_s, those of them that a file has."""

    def __init__(self, mapping: Mapping, problems: ProblemList) -> None:
        self._columns, self._file, self._problems = mapping.columns, mapping.file, problems
        #: strata by code
        self.strata: list[str] = [""]
        self._stratum = Lookup(self._new_stratum)
        named = [name for pair in mapping.strata_merge.items() for name in pair]
        #: how a stratum is spelt: as the mapping does, else as the file first does
        self._spelling = {normalise_label(name): name for name in named}
        #: how weights with a comma are written, and whether any has a point
        self._grouped = self._decimal = self._pointed = False

    def take(self, rows: np.ndarray, texts: dict[str, Texts]) -> dict[str, np.ndarray]:
        """Return the columns of a batch, each of shape (n,): weight float64, stratum int32, times int64 milliseconds."""
        columns: dict[str, np.ndarray] = {}
        if weights := texts.get("weight"):
            columns["weight"] = self._weigh(rows, weights)
        if strata := texts.get("stratum"):
            columns["stratum"] = self._stratum.codes(strata)
        for name in TIMES:
            if name in texts:
                where = name_field(self._columns, name)
                columns[name] = read_times(texts[name], rows, where, self._problems, self._file.dates)
        if set(TIMES) <= set(columns):
            late = starts_late(*(columns[name] for name in TIMES))
            self._problems.add_rows(
                rows[late],
                name_field(self._columns, "started_at"),
                f"begun after it was answered ({name_field(self._columns, 'answered_at')})",
                "correct the times, or name the right columns as started_at and answered_at in the mapping",
            )
        if "duration_s" in texts:
            self._add_duration(columns, rows, texts["duration_s"])
        return columns

    def finish(self) -> None:
        """Refuse weights of which nobody can tell whether a comma begins the decimals or parts the thousands."""
        if self._file.decimal == "auto" and self._grouped and (self._pointed or not self._decimal):
            self._problems.add(
                "a comma in the weights may begin the decimals or part the thousands: 1,234 is 1.234 or 1234",
                'write `decimal: ","` (1,234 is 1.234) or `decimal: "."` (1,234 is 1234) under `file:` in the mapping',
                f", {name_field(self._columns, 'weight')}",
            )

    def _weigh(self, rows: np.ndarray, weights: Texts) -> np.ndarray:
        numbers = [self._read_weight(text) for text in weights.distinct]
        report_texts(
            self._problems,
            rows,
            weights,
            weights.spread([number is None or number <= 0 for number in numbers], bool),
            name_field(self._columns, "weight"),
            lambda text: (f"the weight {show_value(text)} is no positive number", "mend the weight"),
        )
        return weights.spread([number or 1.0 for number in numbers], np.float64)

    def _read_weight(self, text: str) -> float | None:
        decimal = self._file.decimal
        if _GROUPED.fullmatch(text):
            if decimal == ".":
                return float(text.replace(",", ""))
            self._grouped = True
        elif decimal == "," and _GROUPED_BY_POINTS.fullmatch(text):
            return float(text.replace(".", "").replace(",", "."))
        elif "," in text:
            self._decimal = True
        self._pointed = self._pointed or "." in text
        return parse_number(text, decimal)

    def _new_stratum(self, text: str) -> int:
        name = self._spelling.setdefault(normalise_label(text), text) if text else ""
        if name not in self.strata:
            self.strata.append(name)
        return self.strata.index(name)

    def _add_duration(self, columns: dict[str, np.ndarray], rows: np.ndarray, texts: Texts) -> None:
        """Work out the time that a file lacks, from the other one and the seconds between them."""
        seconds = [parse_number(text, self._file.decimal) if text else np.nan for text in texts.distinct]
        bad = [s is None or s < 0 for s in seconds]
        report_texts(
            self._problems,
            rows,
            texts,
            texts.spread(bad, bool),
            name_field(self._columns, "duration_s"),
            lambda text: (
                f"{show_value(text)} is no number of seconds",
                "mend it, or leave `duration_s` out",
            ),
        )
        known = [name for name in TIMES if name in columns]
        if len(known) != 1:
            return
        duration = texts.spread([np.nan if b else s for s, b in zip(seconds, bad, strict=True)], np.float64)
        given = columns[known[0]]
        there = (given != NO_TIME) & ~np.isnan(duration)
        sign = -1 if known[0] == "answered_at" else 1
        other = np.full(len(given), NO_TIME, dtype=np.int64)
        other[there] = given[there] + sign * np.round(duration[there] * 1000).astype(np.int64)
        columns["started_at" if sign < 0 else "answered_at"] = other
