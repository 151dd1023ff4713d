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
    items : dict of str to int
        Position by item id; wide layout only.
    """

    fields: dict[str, int]
    items: dict[str, int]


def item_columns(mapping: Mapping, instrument: Instrument) -> dict[str, str]:
    """Return item id by column header (wide) or by value (long): the mapping's, else the instrument's ids."""
    return mapping.items or {item: item for item in instrument.items}


def expected_columns(mapping: Mapping, instrument: Instrument) -> list[str]:
    """Return the names of the columns that the file must have."""
    names = [s.column for _, s in mapping.columns if isinstance(s, Source) and s.column is not None]
    return names + (list(item_columns(mapping, instrument)) if mapping.layout == "wide" else [])


def locate_columns(
    table: SourceTable, mapping: Mapping, instrument: Instrument, problems: ProblemList
) -> Located:
    """Find every column that the mapping needs; what is missing or there twice goes to `problems`."""
    exact: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for at, name in enumerate(table.header):
        exact.setdefault(name, []).append(at)
        loose.setdefault(normalise_label(name), []).append(at)
    missing: list[str] = []

    def find(name: str) -> int:
        places = exact.get(name.strip()) or loose.get(normalise_label(name)) or []
        if not places:
            missing.append(name)
            return -1
        if len(places) > 1:
            problems.add(
                f"the column is there {len(places)} times",
                "keep one of them, or give them different names",
                f", column {name}",
            )
        return places[0]

    fields = {
        field: find(source.column)
        for field, source in mapping.columns
        if isinstance(source, Source) and source.column is not None
    }
    items: dict[str, int] = {}
    if mapping.layout == "wide":
        items = {item: find(name) for name, item in item_columns(mapping, instrument).items()}
    if missing:
        _report_missing(missing, table, mapping, problems)
    return Located(fields, items)


def _report_missing(missing: list[str], table: SourceTable, mapping: Mapping, problems: ProblemList) -> None:
    wanted = {normalise_label(name) for name in missing}
    for number, row in enumerate(table.head(HINT_ROWS), start=1):
        if number != table.options.header_row and wanted <= {normalise_label(cell) for cell in row}:
            problems.add(
                f"the column names are in row {number}, not in row {table.options.header_row}",
                f"write `header_row: {number}` under `file:` in the mapping, or delete the rows above it",
                f", row {table.options.header_row}",
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
