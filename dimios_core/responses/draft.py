"""Draft a mapping from an export: what is certain is written, what is not is asked, nothing is guessed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from dimios_core.characters import REFUSED
from dimios_core.instrument import Instrument
from dimios_core.responses.draft_answers import FoundAnswers, find_answers
from dimios_core.responses.draft_columns import ALIKE, ANSWER_NUMBERS, LONG_NAMES, find_columns
from dimios_core.responses.draft_lines import CHECK, FILL_IN, quote
from dimios_core.responses.draft_source import DraftSource
from dimios_core.responses.labels import normalise_label, parse_number
from dimios_core.responses.lookups import UNKNOWN, role_lookup
from dimios_core.responses.mapping_draft import MappingDraft
from dimios_core.responses.periods import is_period
from dimios_core.responses.register import Register
from dimios_core.responses.row_rules import MARKS
from dimios_core.responses.times import read_milliseconds

_HALF = re.compile("vår|höst|spring|autumn|fall", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def draft_mapping(
    files: Sequence[Path], instrument: Instrument, register: Register | None = None
) -> MappingDraft:
    """Draft a mapping for exports of one kind.

    Parameters
    ----------
    files : sequence of pathlib.Path
        The first tells the columns; the answers of all are looked at.
    instrument : Instrument
    register : Register, optional
        Tells which column names the organisations.

    Returns
    -------
    MappingDraft

    Raises
    ------
    InputError
        A file cannot be read.
    """
    return _Drafter(files, instrument, register or Register()).draft()


class _Drafter(DraftSource):
    def draft(self) -> MappingDraft:
        self._find_by_content()
        self._use_codes()
        lines = [*self._head(), *self._file(), "columns:", *self._columns(), *self._rows(), *self._items()]
        lines += self._answers()
        return MappingDraft("\n".join(lines) + "\n")

    def _head(self) -> list[str]:
        stem = re.sub(
            r"[^a-z0-9]+", "-", normalise_label(self.files[0].stem).encode("ascii", "ignore").decode()
        ).strip("-")
        return [
            f"# Drafted from {_as_comment(self.files[0].name)}. Lines with {FILL_IN} have to be filled in; those with `{CHECK}` looked at.",
            "# An answer that is none goes from `labels:` to `dont_know:` or `missing:`.",
            f"id: {stem or 'draft'}",
            f"instrument: {self.instrument.id}",
            f"layout: {'long' if self._long() else 'wide'}",
        ]

    def _long(self) -> dict[str, int]:
        """Return where item and answer stand in a long file; empty for a wide one."""
        if len(self.found.items) > 1:
            return {}
        named = [normalise_label(name) for name in self.table.header]
        places = {
            field: next((at for at, name in enumerate(named) if name in names), -1)
            for field, names in LONG_NAMES.items()
        }
        return places if min(places.values()) >= 0 else {}

    def _file(self) -> list[str]:
        options, said = self.table.options, []
        if encoding := getattr(self.table, "encoding", ""):
            said.append(f"  encoding: {encoding}")
        if sheet := getattr(self.table, "sheet", ""):
            said.append(f"  sheet: {quote(sheet)}")
        if self.code_labels:
            said.append("  values: codes   # only some values have labels")
        for name in ("started_at", "answered_at"):
            if name in self.found.fields and (order := _order_of(self.texts[self.found.fields[name]])):
                said.append(f"  dates: {order}")
                break
        if options.header_row > 1:
            said.append(f"  header_row: {options.header_row}")
        if options.header_rows > 1:
            said.append(f"  header_rows: {options.header_rows}")
        if options.skip_after_header:
            said.append(
                f"  skip_after_header: {options.skip_after_header}   # more rows of wording under the names"
            )
        return ["file:", *said] if said else []

    def _columns(self) -> Iterator[str]:
        fields, header = dict(self.found.fields) | self._long(), self.table.header
        for name in ("organisation", "period"):
            if name not in fields:
                yield f"  {name}: {{value: }}   # {FILL_IN}: {_WANTED[name]}"
        for name, at in fields.items():
            self.found.nearest.pop(at, None)
            if name == "respondent" and self._numbers_answers(at):
                why = "numbers of answers; only if a person keeps the same one next time"
                yield f"  # respondent: {{column: {quote(header[at])}}}   # {CHECK}: {why}"
                continue
            values = self._translate(name, at)
            if not values:
                yield f"  {name}: {{column: {quote(header[at])}}}"
                continue
            yield f"  {name}:"
            yield f"    column: {quote(header[at])}"
            yield "    values:"
            yield from (f"      {line}" for line in values)
        if "respondent" not in fields:
            yield "  # no respondent: every row is a person of its own, and nobody is known again"

    def _numbers_answers(self, at: int) -> bool:
        """Tell whether a column numbers the answers of this survey, and not people."""
        return normalise_label(self.table.header[at]) in ANSWER_NUMBERS and all(
            text.isdecimal() for text in self.texts[at]
        )

    def _translate(self, name: str, at: int) -> list[str]:
        """Return the lines of the `values` of a field."""
        lines = []
        for text in self.texts[at] if name == "period" else []:
            years = set(_YEAR.findall(text))
            if is_period(text):
                continue
            if len(years) == 1 and not _HALF.search(text):
                lines.append(f"{quote(text)}: {quote(years.pop())}")
            else:
                lines.append(f"{quote(text)}:   # {FILL_IN}: {_WANTED['period']}")
        ids, lookup = role_lookup(self.instrument, None)
        names = {normalise_label(n): r.id for r in self.instrument.roles for n in r.name.values()}
        for text in self.texts[at] if name == "role" else []:
            if lookup.code(text) != UNKNOWN:
                continue
            near = difflib.get_close_matches(normalise_label(text), names, n=2, cutoff=ALIKE)
            if len({names[n] for n in near}) == 1:
                lines.append(f"{quote(text)}: {names[near[0]]}   # {CHECK}")
            else:
                lines.append(f"{quote(text)}:   # {FILL_IN}: one of {', '.join(ids)}")
        return lines

    def _rows(self) -> list[str]:
        """Leave out what the tool itself marks as no answers; what is unfinished is asked."""
        lines, named = [], [normalise_label(name) for name in self.table.header]
        for at, name in enumerate(named):
            for mark in MARKS:
                if mark.column != name or (mark.beside and not mark.beside & set(named)):
                    continue
                met = [text for text in self.texts[at] if normalise_label(text) in mark.values]
                if met:
                    rule = f"{{column: {quote(self.table.header[at])}, drop: [{', '.join(map(quote, met))}]}}"
                    lines.append(
                        f"  - {rule}   # {mark.what}"
                        if mark.refused
                        else f"  # - {rule}   # {CHECK}: {mark.what}"
                    )
        return (
            ["rows:", *lines]
            if any(not line.lstrip().startswith("#") for line in lines)
            else [line[2:] for line in lines]
        )

    def _items(self) -> Iterator[str]:
        found, header = self.found, self.table.header
        if long := self._long():
            texts = self.texts[long["item"]]
            own = find_columns([[text] for text in texts], self.instrument, [1] * len(texts))
            header = texts
        else:
            own = found
        yield "items:"
        written: set[str] = set()
        for at in sorted({*own.items, *own.likely}):
            item = own.items.get(at) or own.likely[at][0]
            if header[at] in written:
                continue
            written.add(header[at])
            note = f"   # {CHECK}: alike to {own.likely[at][1]:.0%}" if at in own.likely else ""
            yield f"  {quote(header[at])}: {item}{note}"
        missing = [
            i
            for i in self.instrument.items
            if i not in {*own.items.values(), *(i for i, _ in own.likely.values())}
        ]
        if not written:
            yield f'  "":   # {FILL_IN}: no column is like any statement of the instrument {self.instrument.id}'
        if missing:
            yield f"  # no column was found for: {', '.join(missing)}"
        fields = {*found.fields.values(), *self._long().values()}
        left = [
            at
            for at in range(len(header))
            if at not in own.items and at not in own.likely and (own is not found or at not in fields)
        ]
        for at in left:
            near = f" (nearest: {own.nearest[at]})" if at in own.nearest else ""
            yield f"  # left over: {quote(header[at])}{near}"

    def _answers(self) -> list[str]:
        by_scale: dict[str, dict[str, None]] = {}
        long = self._long()
        for at, item in ({**self.found.items, **{a: i for a, (i, _) in self.found.likely.items()}}).items():
            by_scale.setdefault(self.instrument.items[item].scale, {}).update(dict.fromkeys(self.texts[at]))
        if long:
            scales = {item.scale for item in self.instrument.items.values()}
            by_scale = {scale: dict.fromkeys(self.texts[long["answer"]]) for scale in scales}
        found = {name: find_answers(texts, self.instrument.scales[name]) for name, texts in by_scale.items()}
        for one in found.values() if self.code_labels else ():
            one.asked, one.numbers = (
                [t for texts in by_scale.values() for t in texts if parse_number(t) is not None],
                False,
            )
        if len(found) == 1:
            ((name, only),) = found.items()
            return ["answers:", *self._meanings(name, only, "  ")] if found else []
        lines = ["answers:", "  scales:"]
        for name, one in found.items():
            lines += [f"    {name}:", *self._meanings(name, one, "      ")]
        return lines if found else []

    def _meanings(self, name: str, found: FoundAnswers, indent: str) -> list[str]:
        scale = self.instrument.scales[name]
        ends = f"{scale.lowest:g} (lowest) to {scale.highest:g} (highest)"
        lines = []
        if found.numbers:
            lines.append(f"{indent}# {CHECK}: numbers are taken as they stand, {ends}")
        if found.labels or found.asked:
            lines.append(f"{indent}labels:")
            lines += [
                f"{indent}  {quote(t)}: {n:g}" for t, n in sorted(found.labels.items(), key=lambda p: p[1])
            ]
            for text in sorted(found.asked):
                label = f" ({_as_comment(self.code_labels[text])})" if text in self.code_labels else ""
                lines.append(f"{indent}  {quote(text)}:   # {FILL_IN}: {ends}{label}")
        lines.append(f"{indent}dont_know: [{', '.join(map(quote, found.dont_know))}]")
        lines.append(f"{indent}missing: [{', '.join(map(quote, found.missing))}]")
        return lines


_WANTED = {
    "organisation": "the organisation's id, or {column: …}",
    "period": 'the year, such as "2026", or its half, "2026-1"',
}


def _as_comment(text: str) -> str:
    return REFUSED.sub("", " ".join(text.split()))


def _order_of(texts: Sequence[str]) -> str:
    """Return how times are written: "dmy", "mdy", a question, or "" for ISO 8601."""
    if all(read_milliseconds(text) is not None for text in texts):
        return ""
    fits = [o for o in ("dmy", "mdy") if all(read_milliseconds(text, o) is not None for text in texts)]
    return fits[0] if len(fits) == 1 else f"  # {FILL_IN}: dmy (31/3/2026) or mdy (3/31/2026)"
