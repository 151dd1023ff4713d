"""Writes words onto sheets: lists of a label and a sentence, and tables of words, under headings."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from dimios_core.office.workbook.outline import Section
from dimios_core.office.workbook.sheets import HEADER_ROW, LINE_PT
from dimios_core.office.workbook.styles import Styles

WIDTHS = (26, 34, 24, 84)


def write_sections(sheet: Worksheet, sections: Sequence[Section], styles: Styles) -> None:
    """Write sections below each other, under the sheet's top."""
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    row = HEADER_ROW + 1
    for section in sections:
        sheet.write_string(row, 0, section.heading, styles.heading)
        write = _write_table if section.headers else _write_list
        row = write(sheet, section, row + 1, styles) + 1


def _write_list(sheet: Worksheet, section: Section, row: int, styles: Styles) -> int:
    """Write a label and a sentence a row; return the row after them."""
    for label, words in section.rows:
        if label:
            sheet.write_string(row, 0, label, styles.label)
        first = 1 if label else 0
        sheet.merge_range(row, first, row, len(WIDTHS) - 1, words, styles.words)
        sheet.set_row(row, LINE_PT * (1 + len(words) // sum(WIDTHS[first:])))
        row += 1
    return row


def _write_table(sheet: Worksheet, section: Section, row: int, styles: Styles) -> int:
    """Write a table with header cells; return the row after it."""
    for i, text in enumerate(section.headers):
        sheet.write_string(row, i, text, styles.head)
    for cells in section.rows:
        row += 1
        lines_n = max(1 + len(text) // width for text, width in zip(cells, WIDTHS, strict=True))
        sheet.set_row(row, LINE_PT * lines_n)
        for i, text in enumerate(cells):
            sheet.write_string(row, i, text, styles.words)
    return row + 1
