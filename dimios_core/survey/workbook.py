"""The key user's workbook: staff list, titles, units, times, letters, readers. Made empty, and read back by its labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any

from dimios_core.archives import workbook_bytes
from dimios_core.formulas import keep_as_text
from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts, say
from dimios_core.survey.frame import ALWAYS, NEVER, RANDOM
from dimios_core.survey.settings import Survey
from dimios_core.survey.staff import HEADERS

SHEETS = ("frame", "roles", "units", "times", "letters", "readers")
#: as a staff list is read back
FRAME_COLUMNS = tuple(HEADERS)
#: rows for people that a cell's list of choices reaches
CHOICES_TO_ROW = 5000
#: widths of columns, letters, and the height of a line
NARROWEST, WIDEST, LINE_POINTS = 14, 70, 15
TIMES = ("opens", "closes", "reminder_1", "reminder_2", "reminder_3", "report", "follow_up", "next_opens")
LETTERS = (
    "mode", "languages", "confirm_role", "contact_name", "contact_email", "contact_phone", "responsible", "legal_basis", "kept_until",
)  # fmt: skip


def write_workbook(
    survey: Survey,
    instrument: Instrument,
    units: Sequence[tuple[str, str, str]],
    titles: Mapping[str, str],
    language: str,
) -> bytes:
    """Write the workbook of a survey; equal bytes for equal arguments.

    Parameters
    ----------
    survey : Survey
        Fills the sheets of times and letters.
    instrument : Instrument
    units : sequence of (id, name, parent)
        The organisation's, in the register's order.
    titles : mapping of str to str
        Patterns of titles and their roles.
    language : str
        Of its labels.
    """
    import openpyxl

    words = load_texts(language)["survey"]
    roles = {role.id: instrument.text(role.name, language) for role in instrument.roles}
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    rows: dict[str, Iterable[Sequence[str]]] = {
        "frame": [[words["columns"][c] for c in FRAME_COLUMNS]],
        "roles": [
            [words["columns"][c] for c in ("title", "role")],
            *([t, roles[r]] for t, r in titles.items()),
        ],
        "units": [[words["columns"][c] for c in ("unit", "name", "parent")], *units],
        "times": [_head(words), *_tell("times", write_times(survey), language)],
        "letters": [_head(words), *_tell("letters", write_letters(survey, language), language)],
        "readers": [[words["columns"][c] for c in ("reader", "email")]],
    }
    for name in SHEETS:
        sheet: Any = book.create_sheet(words["sheets"][name])
        for row in rows[name]:
            sheet.append(list(row))
        _finish(sheet, words["explain"][name])
    _offer(book[words["sheets"]["frame"]], list(roles.values()), survey, words, len(units))
    for each in book:
        keep_as_text(each.iter_rows())
    book.properties.creator = ""
    return workbook_bytes(book)


def write_times(survey: Survey) -> dict[str, str]:
    """Return the values of the sheet of times, by row."""
    told = {name: getattr(survey, name) for name in TIMES if not name.startswith("reminder")}
    told |= {f"reminder_{i}": day for i, day in enumerate(survey.reminders, 1)}
    return {name: "" if told.get(name) is None else str(told[name]) for name in TIMES}


def write_letters(survey: Survey, language: str) -> dict[str, str]:
    """Return the values of the sheet of letters, by row; a legal basis has a row a language."""
    words = load_texts(language)["survey"]
    told = {
        "mode": words["modes"][survey.mode],
        "languages": ", ".join(survey.languages),
        "confirm_role": words["said_yes" if survey.confirm_role else "said_no"],
        "contact_name": survey.contact.name,
        "contact_email": survey.contact.email,
        "contact_phone": survey.contact.phone,
        "responsible": survey.responsible,
        "kept_until": str(survey.kept_until or ""),
    }
    basis = {f"legal_basis {code}": survey.legal_basis.get(code, "") for code in survey.languages}
    return {row: told.get(row, basis.get(row, "")) for row in list_letter_rows(survey.languages)}


def list_letter_rows(languages: Sequence[str]) -> list[str]:
    """Return the rows of the sheet of letters; a language's legal basis is "legal_basis <language>"."""
    return [
        row
        for name in LETTERS
        for row in ([f"{name} {code}" for code in languages] if name == "legal_basis" else [name])
    ]


def label_row(row: str, sheet: str, language: str) -> tuple[str, str]:
    """Return the label and the explanation of a row of the sheets of times and letters."""
    name, _, code = row.partition(" ")
    label, why = (say(language, f"survey.{sheet}.{name}.{part}", language=code) for part in ("label", "why"))
    return label, why


def _head(words: Mapping[str, Any]) -> list[str]:
    return [words["columns"][c] for c in ("what", "value", "why")]


def _tell(sheet: str, values: Mapping[str, str], language: str) -> list[list[str]]:
    told = ((label_row(row, sheet, language), value) for row, value in values.items())
    return [[label, value, why] for (label, why), value in told]


def _finish(sheet: Any, explanation: str) -> None:
    """Make the first row a heading, the columns wide enough, and put the explanation behind them."""
    from openpyxl.styles import Alignment, Font, PatternFill

    columns_n = sheet.max_column
    sheet.cell(1, columns_n + 2, explanation)
    for cell in sheet[1][:columns_n]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="E8EDF3")
    lines = dict.fromkeys(range(1, sheet.max_row + 1), 1)
    for cells in sheet.iter_cols(1, columns_n + 2):
        longest = max(len(str(cell.value or "")) for cell in cells)
        width = min(max(longest + 2, NARROWEST), WIDEST)
        column = sheet.column_dimensions[cells[0].column_letter]
        column.width, column.number_format = width, "@"  # what is typed below stays text: 007
        for cell in cells:
            cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
            lines[cell.row] = max(lines[cell.row], ceil(len(str(cell.value or "")) / (width - 2)))
    for row, n in lines.items():
        sheet.row_dimensions[row].height = LINE_POINTS * n
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _offer(sheet: Any, roles: Sequence[str], survey: Survey, words: Mapping[str, Any], units_n: int) -> None:
    """Offer lists to choose from in the staff list: roles, languages, ways of drawing, units."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    draws = [words["draws"][code] for code in (RANDOM, ALWAYS, NEVER)]
    lists = {
        "role": f'"{",".join(roles)}"',
        "language": f'"{",".join(survey.languages)}"',
        "draw": f'"{",".join(draws)}"',
    }
    if units_n:
        lists["unit"] = f"'{words['sheets']['units']}'!$B$2:$B${units_n + 1}"
    for column, formula in lists.items():
        letter = get_column_letter(FRAME_COLUMNS.index(column) + 1)
        choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
        choice.add(f"{letter}2:{letter}{CHOICES_TO_ROW}")
        sheet.add_data_validation(choice)
