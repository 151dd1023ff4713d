"""Worksheets that a group has filled in (XLSX or CSV): read and checked cell by cell. Restricted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from dimios_core.actions.choices import label_choices, tell_unknown
from dimios_core.actions.initiative_files import TEXT_LIMIT, organisation_labels, point_labels
from dimios_core.actions.worksheet import CHOICES, FILLED_COLUMNS
from dimios_core.characters import REMEDY, find_refused
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts, usable_languages
from dimios_core.responses.files import WORKBOOK_SUFFIXES, open_table
from dimios_core.responses.labels import normalise_label, show_value, suggest
from dimios_core.responses.periods import PERIOD_REMEDY, is_period
from dimios_core.responses.register import Register
from dimios_core.responses.source_tables import FileOptions, SourceTable

PLAN_COLUMNS = ("organisation", "period", *FILLED_COLUMNS)
NEEDED = ("what", "who", "when", "point")
#: what an empty cell means, where that is something
ABSENT = {"consent": "no"}
#: rows in which the column names are looked for
HEADER_SEARCHED_ROWS = 40
#: what columns are called beside what worksheets call them, in any language
ALSO = {
    "förväntat": "expected",
    "status": "progress",
    "samtycke": "consent",
    **{name: name for name in FILLED_COLUMNS},
}
SWEDISH = {"what": "Vad", "who": "Vem", "when": "När", "point": "Mätpunkt"}
_DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?")
DATE_REMEDY = "write year and month, such as 2027-03, or a date, such as 2027-03-15"
NO_UNITS_REMEDY = "leave the cell empty: the register has no units of this organisation"
#: units that a message names
UNITS_TOLD_N = 20
_FRESH = "start from a new worksheet: dimios plan worksheet ORGANISATION PERIOD"


@cache
def _list_headers(languages: Sequence[str]) -> dict[str, str]:
    """Column name of a worksheet in any language, normalised -> column."""
    named = [load_texts(language)["worksheet"]["columns"] for language in reversed(languages)]
    return {normalise_label(name): c for columns in named for c, name in columns.items()} | ALSO


@cache
def _list_keys(languages: Sequence[str]) -> dict[str, str]:
    """What the rows above the columns begin with in any language, normalised -> organisation or period."""
    named = [load_texts(language)["worksheet"] for language in reversed(languages)]
    return {normalise_label(words[key]): key for words in named for key in ("organisation", "period")}


@dataclass
class _Sheet:
    """A worksheet under reading: where its cells are, and what is wrong with them."""

    table: SourceTable
    positions: dict[str, int]
    problems: list[Problem]

    def place(self, row: int, column: int, name: str) -> str:
        """Name a cell as the reader sees it: D9 in a workbook, row and column in a text file."""
        if self.table.path.suffix.lower() in WORKBOOK_SUFFIXES:
            return f"{self.table.label}, cell {get_column_letter(column + 1)}{row} ({name})"
        return f"{self.table.label}, row {row}, column {name}"

    def note(self, row: int, column: str, what: str, remedy: str) -> None:
        """Note a fault of a cell below the column names."""
        at = self.positions[column]
        self.problems.append(Problem(self.place(row, at, self.table.header[at]), what, remedy))


def read_plan(path: Path, register: Register, instrument: Instrument) -> pd.DataFrame:
    """Read a worksheet that was filled in (XLSX or CSV), in any language there are texts in, and check every cell.

    Parameters
    ----------
    path : pathlib.Path
        As `write_worksheet` makes it: above the column names stand rows that begin with "Organisation" and
        "Mätning" (or "Period"); the columns are Vad, Vem, När, Mätpunkt, Förväntat resultat, Nästa mätning, Slag, Enhet,
        Läge, Får delas med länet, Vad det gav. Empty rows are left out; all columns after the first four may be empty, or missing.
    register : Register
    instrument : Instrument

    Returns
    -------
    pandas.DataFrame
        `PLAN_COLUMNS`, all text, in the order of the file: `when` YYYY-MM or YYYY-MM-DD, `point` an id,
        `measure_period` a period later than `period`, or ""; `kind` and `progress` codes of `words.yaml`, or ""; `unit` the
        id of one of the organisation's units, or ""; `consent` "yes" or "no"; `outcome` what came of it, or "".

    Raises
    ------
    InputError
        Every fault of the file, each with its cell.
    """
    first = open_table(path)
    head = first.head(HEADER_SEARCHED_ROWS)
    header_row = _find_header(first, head)
    table = open_table(
        path, FileOptions(header_row=header_row), expected=list(_list_headers(usable_languages()))
    )
    sheet = _Sheet(table, {}, [])
    for at, name in enumerate(table.header):
        column = _list_headers(usable_languages()).get(normalise_label(name))
        if column in sheet.positions:
            place = sheet.place(header_row, at, name)
            sheet.problems.append(Problem(place, "the column is there twice", "keep one of the two"))
        elif column:
            sheet.positions[column] = at
    for column in NEEDED:
        if column not in sheet.positions:
            what = f"the column {SWEDISH[column]} / {column} is missing"
            sheet.problems.append(
                Problem(f"{table.label}, row {header_row}", what, "add it, or mend its name")
            )
    about = _read_keys(sheet, head[: header_row - 1], register)
    if sheet.problems:
        raise InputError(sheet.problems)
    labels = {column: label_choices(codes) for column, codes in CHOICES.items()}
    labels |= {"point": point_labels(instrument), "unit": unit_labels(register, about["organisation"])}
    rows = _read_rows(sheet, about, labels)
    if not rows and not sheet.problems:
        sheet.problems.append(Problem(table.label, "no row is filled in", "write at least one thing to do"))
    if sheet.problems:
        raise InputError(sheet.problems)
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype("str")


def unit_labels(register: Register, organisation: str) -> dict[str, str]:
    """Return how a unit of an organisation may be written (id, or a name that no other has; normalised) and its id."""
    own = register.units[register.units["organisation"] == organisation]
    names: dict[str, list[str]] = {}
    for unit, name in zip(own["unit"], own["name"], strict=True):
        for written in {normalise_label(name), normalise_label(defuse(name))}:
            names.setdefault(written, []).append(unit)
    labels = {name: units[0] for name, units in names.items() if len(units) == 1}
    return {"": ""} | labels | {normalise_label(u): u for u in own["unit"]}


def tell_units(units: Iterable[str]) -> str:
    """Return how to mend a unit that there is not: which ones there are."""
    ids = sorted(set(units) - {""})
    if not ids:
        return NO_UNITS_REMEDY
    more = f" and {len(ids) - UNITS_TOLD_N} more" if len(ids) > UNITS_TOLD_N else ""
    listed = ", ".join(ids[:UNITS_TOLD_N])
    return f"write the id of one of its units ({listed}{more}), a name that only one of them has, or leave the cell empty"


def _find_header(table: SourceTable, head: list[list[str]]) -> int:
    for number, cells in enumerate(head, start=1):
        known = {_list_headers(usable_languages()).get(normalise_label(cell)) for cell in cells} - {None}
        if len(known & set(NEEDED)) > 1:
            return number
    raise table.fail("there is no row with the column names Vad, Vem, När, Mätpunkt", _FRESH)


def _read_keys(sheet: _Sheet, head: list[list[str]], register: Register) -> dict[str, str]:
    """Organisation and period, from the rows above the column names."""
    found: dict[str, tuple[int, str, str]] = {}
    for number, cells in enumerate(head, start=1):
        key = _list_keys(usable_languages()).get(normalise_label(cells[0])) if cells else None
        if key and key not in found:
            found[key] = (number, cells[0], next((c.strip() for c in cells[1:] if c.strip()), ""))
    labels = organisation_labels(register)
    about = {}
    for key, shown in (("organisation", "Organisation"), ("period", "Mätning / Period")):
        if key not in found:
            what = f"there is no row that begins with {shown} above the column names"
            sheet.problems.append(Problem(sheet.table.label, what, _FRESH))
            continue
        number, name, text = found[key]
        place = sheet.place(number, 1, name)
        if key == "organisation":
            about[key] = labels.get(normalise_label(text), "")
            if not about[key]:
                what = f"the organisation {show_value(text)} is not in the register{suggest(text, labels)}"
                sheet.problems.append(
                    Problem(place, what, "write the organisation's id or name, or register it")
                )
        else:
            about[key] = text
            if not is_period(text):
                sheet.problems.append(Problem(place, f"{show_value(text)} is no period", PERIOD_REMEDY))
    return about


def _read_rows(
    sheet: _Sheet, about: dict[str, str], labels: dict[str, dict[str, str]]
) -> list[dict[str, str]]:
    out = []
    for batch in sheet.table.batches(list(sheet.positions.values())):
        for fault in batch.faults:
            where = f"{sheet.table.label}, row {fault.row}{', ' + fault.where if fault.where else ''}"
            sheet.problems.append(Problem(where, fault.what, fault.remedy))
        texts = [[(cell or "").strip() for cell in column.to_pylist()] for column in batch.columns]
        for number, *cells in zip(batch.rows.tolist(), *texts, strict=True):
            row = dict.fromkeys(FILLED_COLUMNS, "") | dict(zip(sheet.positions, cells, strict=True))
            if all(not text for column, text in row.items() if column != "point"):
                continue  # a measure point that was written in beforehand, and left alone
            _check_row(sheet, number, row, about, labels)
            out.append({**about, **row, **{c: row[c] or absent for c, absent in ABSENT.items()}})
    return out


def _check_row(
    sheet: _Sheet, number: int, row: dict[str, str], about: dict[str, str], labels: dict[str, dict[str, str]]
) -> None:
    for column, text in row.items():
        if column in sheet.positions and (what := find_refused(text)) is not None:
            sheet.note(number, column, what, REMEDY)
    for column in NEEDED:
        if not row[column]:
            sheet.note(number, column, "the cell is empty", "fill it in, or empty the whole row")
    for column in ("what", "who", "expected", "outcome"):
        if len(row[column]) > TEXT_LIMIT:
            sheet.note(number, column, f"the text has more than {TEXT_LIMIT} characters", "shorten it")
    if row["point"]:
        point = labels["point"].get(normalise_label(row["point"]))
        if point is None:
            near = suggest(row["point"], labels["point"])
            what = f"there is no measure point {show_value(row['point'])}{near}"
            sheet.note(number, "point", what, "choose one from the sheet of measure points")
        row["point"] = point or ""
    for column, codes in CHOICES.items():
        found = labels[column].get(normalise_label(row[column]))
        if found is None:
            sheet.note(number, column, *tell_unknown(codes, row[column]))
        row[column] = found or ""
    unit = labels["unit"].get(normalise_label(row["unit"]))
    if unit is None:
        what = f"the organisation has no unit {show_value(row['unit'])}{suggest(row['unit'], labels['unit'])}"
        sheet.note(number, "unit", what, tell_units(labels["unit"].values()))
    row["unit"] = unit or ""
    if row["when"] and not _DATE.fullmatch(row["when"]):
        sheet.note(number, "when", f"{show_value(row['when'])} is no month or date", DATE_REMEDY)
    then = row["measure_period"]
    if then and not is_period(then):
        sheet.note(number, "measure_period", f"{show_value(then)} is no period", PERIOD_REMEDY)
    elif then and then <= about["period"]:
        what = f"the measurement {then} is not later than {about['period']}, which the plan follows"
        sheet.note(number, "measure_period", what, "name a later measurement, or leave the cell empty")
