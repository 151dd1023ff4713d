"""Texts that spreadsheet programs would take for formulas.

What somebody has written, the name of an organisation or of a unit, may begin as a formula does; a formula can fetch from
outside and send away. In a workbook a cell says that it is text; in CSV only its first letter can.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: what a cell begins with that Excel, LibreOffice or Google Sheets calculate
OPENERS = ("=", "+", "-", "@", "\t", "\r")


def defuse(text: str) -> str:
    """Return a cell of a CSV file that stays text, with an apostrophe before what would open a formula.

    Examples
    --------
    >>> defuse("=1+1"), defuse("Lindby"), defuse("")
    ("'=1+1", 'Lindby', '')
    """
    return f"'{text}" if text.startswith(OPENERS) else text


def restore(text: str) -> str:
    """Return what a cell said before it was defused, where a file of ours comes back.

    Examples
    --------
    >>> restore("'=1+1"), restore("Lindby"), restore("'t Hof")
    ('=1+1', 'Lindby', "'t Hof")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(OPENERS) else text


def keep_as_text(rows: Iterable[Iterable[Any]]) -> None:
    """Make cells of openpyxl texts where it took them for formulas."""
    for cells in rows:
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
