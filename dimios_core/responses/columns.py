"""Find the columns that a mapping names in a file's header, and say which are missing."""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label, suggest
from dimios_core.responses.mapping import Mapping, Source
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.source_tables import SourceTable

#: rows in which the column names are looked for when the header lacks them
HINT_ROWS = 6


@dataclass(frozen=True)
class Located:
    """Where the mapping's columns are.

    Parameters
    ----------
    fields : dict of str to int
        Position in the header by field of `mapping.columns`; fields with one value for all are not here.
    items : dict of str to list of int
        Positions by item id; wide layout only. Several columns may feed one item.
    """

    fields: dict[str, int]
    items: dict[str, list[int]]


def item_columns(mapping: Mapping, instrument: Instrument) -> dict[str, str]:
    """Return item id by column header (wide) or by value (long): the mapping's, else the instrument's ids."""
    return mapping.items or {item: item for item in instrument.items}


def expected_columns(mapping: Mapping, instrument: Instrument) -> list[str]:
    """Return the names of the columns that the file must have."""
    names = [s.column for _, s in mapping.columns if isinstance(s, Source) and s.column is not None]
    names += [rule.column for rule in mapping.rows]
    return names + (answer_columns(mapping, instrument) if mapping.layout == "wide" else [])


def answer_columns(mapping: Mapping, instrument: Instrument) -> list[str]:
    """Return the names of the columns that hold answers."""
    if mapping.layout == "wide":
        return list(item_columns(mapping, instrument))
    answer = mapping.columns.answer
    return [answer.column] if answer is not None and answer.column is not None else []


def locate_columns(
    table: SourceTable, mapping: Mapping, instrument: Instrument, problems: ProblemList
) -> Located:
    """Find every column that the mapping needs; what is missing or there twice goes to `problems`."""
    find = _Finder(table)

    def find_one(name: str) -> int:
        places = find(name)
        if len(places) > 1:
            problems.add(
                f"the column is there {len(places)} times",
                "keep one of them, or give them different names",
                f", column {name}",
            )
        return places[0] if places else -1

    fields = {
        field: find_one(source.column)
        for field, source in mapping.columns
        if isinstance(source, Source) and source.column is not None
    }
    items: dict[str, list[int]] = {}
    if mapping.layout == "wide":
        fed: dict[int, str] = {}
        for name, item in item_columns(mapping, instrument).items():
            for at in find(name):
                if fed.setdefault(at, item) != item:
                    problems.add(
                        f"the column feeds two items, {fed[at]} and {item}",
                        "keep one of the two under `items:` in the mapping",
                        f", column {table.header[at]}",
                    )
                elif at not in items.setdefault(item, []):
                    items[item].append(at)
    for rule in mapping.rows:
        find_one(rule.column)
    if find.missing:
        _report_missing(find.missing, find.found, table, mapping, problems)
    return Located(fields, items)


class _Finder:
    """Find columns by name: as written, else without regard to case and spacing, else by a part of the name."""

    def __init__(self, table: SourceTable) -> None:
        self.missing: list[str] = []
        self.found: list[str] = []
        self._ways: list[dict[str, list[int]]] = [{}, {}, {}]
        exact, loose, part = self._ways
        for at, name in enumerate(table.header):
            exact.setdefault(name, []).append(at)
            loose.setdefault(normalise_label(name), []).append(at)
        for at, names in enumerate(table.other_names):
            for name in names:
                part.setdefault(normalise_label(name), []).append(at)

    def __call__(self, name: str) -> list[int]:
        keys = (name.strip(), normalise_label(name), normalise_label(name))
        places = next((way[key] for way, key in zip(self._ways, keys, strict=True) if key in way), [])
        (self.found if places else self.missing).append(name)
        return places


def _report_missing(
    missing: list[str], found: list[str], table: SourceTable, mapping: Mapping, problems: ProblemList
) -> None:
    wanted = {normalise_label(name) for name in missing}
    options = table.options
    last = options.header_row + options.header_rows - 1
    for number, row in enumerate(table.head(HINT_ROWS), start=1):
        if options.header_row <= number <= last or not wanted <= {normalise_label(cell) for cell in row}:
            continue
        elsewhere = {normalise_label(name) for name in found} - {normalise_label(cell) for cell in row}
        if elsewhere and number in (options.header_row - 1, last + 1):
            first = min(number, options.header_row)
            setting = "" if first == 1 else f"header_row: {first}, "
            skip = (
                ", and count the rows of skip_after_header from below them"
                if options.skip_after_header
                else ""
            )
            problems.add(
                f"some column names are in row {number}, others in row {options.header_row}",
                f"write `{setting}header_rows: {last - options.header_row + 2}` under `file:` in the mapping{skip}",
                f", rows {first}-{max(number, last)}",
            )
        else:
            problems.add(
                f"the column names are in row {number}, not in row {options.header_row}",
                f"write `header_row: {number}` under `file:` in the mapping, or delete the rows above it",
                f", row {options.header_row}",
            )
        return
    if len(table.header) == 1 and len(missing) > 1:
        problems.add(
            "there is only one column",
            "give the right `delimiter` under `file:` in the mapping, or export the file again",
            f", row {table.options.header_row}",
        )
        return
    for name in missing:
        hint = (
            "name it under `columns:` as the file does"
            if mapping.layout == "long" or mapping.items or name not in missing
            else "list the file's item columns under `items:` in the mapping, and correct `columns:`"
        )
        problems.add(
            f"the column “{name}” is missing{suggest(name, table.header)}", f"{hint}, or add it to the file"
        )
