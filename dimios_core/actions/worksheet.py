"""The worksheet that a group fills in together: what, who, when, which measure point it should move.

The same organisation, period, model and language give the same bytes. `dimios_core.actions.plans` reads it back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dimios_core.archives import workbook_bytes
from dimios_core.formulas import defuse, keep_as_text
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_composite
from dimios_core.languages import formats_of, load_texts, say
from dimios_core.published.schema import name_codes

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: columns that a group fills in, in order
FILLED_COLUMNS = (
    "what", "who", "when", "point", "expected", "measure_period", "kind", "unit", "progress", "consent", "outcome",
)  # fmt: skip
#: column -> the words that a cell may hold, a list to choose from
CHOICES = {"kind": "action_kind", "progress": "progress", "consent": "yes_no"}
#: empty rows of the worksheet
ROWS_N = 20
LETTERS = "ABCDEFGHIJK"
WIDTHS = (46, 22, 12, 32, 40, 16, 16, 18, 13, 16, 40)


def write_worksheet(
    instrument: Instrument,
    organisation: str,
    name: str,
    period: str,
    language: str = "sv",
    points: Sequence[str] = (),
    plans: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """Write the worksheet of an organisation and period as a workbook (XLSX), empty or with a plan to follow up.

    Parameters
    ----------
    instrument : Instrument
        Its measure points are what a cell of the column Mätpunkt may hold (a list to choose from).
    organisation, name : str
        Identifier and name; both stand in the sheet, the identifier is what is read back.
    period : str
        The measurement that the plan follows.
    language : str
        Code of a language that there are texts in, such as "sv".
    points : sequence of str
        Measure points to write into the first rows, such as the weakest.
    plans : sequence of mapping
        Rows that were filled in before, to be filled in further: `FILLED_COLUMNS`, as `read_plan` reads them.

    Returns
    -------
    bytes
        Equal for equal arguments.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet: Any = book.active
    words = load_texts(language)["worksheet"]
    sheet.title, list_title = words["plan_sheet"], words["points_sheet"]
    rows = _rows(instrument, organisation, name, period, language, points, plans)
    for row in rows:
        sheet.append(row)
    header = len(rows) - max(ROWS_N, len(points) + len(plans))
    last = len(rows)
    sheet["A1"].font = Font(bold=True, size=14)
    line = Side(style="thin", color="BBBBBB")
    for cell in sheet[header]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="E8EDF3")
    for key in range(header - 3, header):
        sheet.cell(key, 1).font = Font(bold=True)
    border, alignment = Border(line, line, line, line), Alignment(wrap_text=True, vertical="top")
    for rows_alike in ((header, header), (header + 1, last)):
        cells = [c for row in sheet.iter_rows(*rows_alike, 1, len(FILLED_COLUMNS)) for c in row]
        cells[0].border, cells[0].alignment = border, alignment
        cells[0].number_format = "@"  # 2027-03 stays what was written
        for cell in cells[1:]:
            cell._style = cells[0]._style  # worked out once: openpyxl compares every style with all it knows
    for letter, width in zip(LETTERS, WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{header + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _list_points(book.create_sheet(list_title), instrument, language)
    names = f"'{list_title}'!$A$2:$A${len(instrument.points) + 1}"
    lists = {"point": (names, words["choose_point"])}
    for column, codes in CHOICES.items():
        lists[column] = (f'"{",".join(name_codes(codes, language).values())}"', words["choose"])
    for column, (formula, error) in lists.items():
        at = FILLED_COLUMNS.index(column)
        choice = DataValidation(type="list", formula1=formula, allow_blank=True)
        choice.error, choice.errorTitle, choice.showErrorMessage = error, words["columns"][column], True
        choice.add(f"{LETTERS[at]}{header + 1}:{LETTERS[at]}{last}")
        sheet.add_data_validation(choice)
    for each in book:
        keep_as_text(each.iter_rows())
    book.properties.creator = ""
    return workbook_bytes(book)


def write_worksheet_csv(
    instrument: Instrument,
    organisation: str,
    name: str,
    period: str,
    language: str = "sv",
    points: Sequence[str] = (),
) -> str:
    """Write the empty worksheet as CSV text: commas, or semicolons where a comma is decimal, as spreadsheets expect.

    Arguments as for `write_worksheet`. To be saved as UTF-8 with byte order mark.
    """
    width = len(FILLED_COLUMNS)
    rows = _rows(instrument, organisation, name, period, language, points)
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=";" if formats_of(language).comma_is_decimal else ",", lineterminator="\r\n"
    )
    writer.writerows([*map(defuse, row), *[""] * (width - len(row))] for row in rows)
    return text.getvalue()


def _rows(
    instrument: Instrument,
    organisation: str,
    name: str,
    period: str,
    language: str,
    points: Sequence[str],
    plans: Sequence[Mapping[str, str]] = (),
) -> list[list[str]]:
    """Title, explanations, organisation and period, header, and the rows to fill in."""
    names = {p.id: instrument.text(p.name, language) for p in instrument.points}
    words = load_texts(language)["worksheet"]
    at = FILLED_COLUMNS.index("point")
    told = {column: {"": "", **name_codes(codes, language)} for column, codes in CHOICES.items()} | {
        "point": names
    }
    filled = [[told[c][plan[c]] if c in told else plan[c] for c in FILLED_COLUMNS] for plan in plans]
    filled += [[names[p] if n == at else "" for n in range(len(FILLED_COLUMNS))] for p in points]
    filled += [[""] * len(FILLED_COLUMNS)] * (ROWS_N - len(filled))
    return [
        [_title(instrument, language)],
        *([text] for text in words["explanations"].values()),
        [],
        [words["organisation"], organisation, name],
        [words["period"], period],
        [],
        [words["columns"][column] for column in FILLED_COLUMNS],
        *filled,
    ]


def _title(instrument: Instrument, language: str) -> str:
    """What the worksheet is, with what was measured where that has one name."""
    composite = name_composite(instrument, language)
    if composite is None:
        return say(language, "worksheet.title")
    return say(language, "worksheet.title_of", subject=composite.running)


def _list_points(sheet: Worksheet, instrument: Instrument, language: str) -> None:
    from openpyxl.styles import Alignment, Font

    header = load_texts(language)["worksheet"]["points"]
    sheet.append([header[part] for part in ("name", "id", "meaning")])
    for point in instrument.points:
        sheet.append(
            [instrument.text(point.name, language), point.id, instrument.text(point.definition, language)]
        )
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABC", (34, 26, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows(2):
        cells[2].alignment = Alignment(wrap_text=True, vertical="top")
