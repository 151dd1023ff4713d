"""Writes a workbook as an Excel file.

Its bytes depend on what it holds alone: no clock, no user, no path.
"""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from dimios_core.office.office_text import READS_PROPERTY
from dimios_core.office.workbook.chart_sheets import write_charts
from dimios_core.office.workbook.outline import Book, Charts, Words
from dimios_core.office.workbook.sheets import open_sheet
from dimios_core.office.workbook.styles import Styles
from dimios_core.office.workbook.table_sheets import write_table
from dimios_core.office.workbook.word_sheets import write_sections

#: when every workbook says that it was made: the time would tell of the machine, not of what it holds
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes times without a zone
#: texts are texts, whatever they begin with; in memory, or the archive would carry times of files
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_book(book: Book) -> bytes:
    """Write a workbook.

    Parameters
    ----------
    book : Book

    Returns
    -------
    bytes
        An .xlsx file; the same of the same book.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        styles = Styles(file)
        for opened, sheet in [(file.add_worksheet(sheet.name), sheet) for sheet in book.sheets]:
            open_sheet(opened, book, sheet, styles)
            if isinstance(sheet.holds, Words):
                write_sections(opened, sheet.holds.sections, styles)
            elif isinstance(sheet.holds, Charts):
                write_charts(file, opened, sheet.holds.tables, book.nothing, styles)
            else:
                write_table(opened, sheet.holds, book.nothing, styles)
        file.set_properties({"title": book.title, "subject": book.label, "created": CREATED})
        for name, held in book.reads.items():
            file.set_custom_property(READS_PROPERTY + name, held, "text")
    return target.getvalue()
