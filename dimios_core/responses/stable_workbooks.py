"""Workbooks whose bytes depend on nothing but their content: no clock, no machine."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from dimios_core.archives import freeze

if TYPE_CHECKING:
    import openpyxl


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file's bytes, without the times that openpyxl and zip put into it."""
    raw = io.BytesIO()
    book.save(raw)
    return freeze(raw.getvalue())
