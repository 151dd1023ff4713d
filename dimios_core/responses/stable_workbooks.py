"""Workbooks whose bytes depend on nothing but their content: no clock, no machine."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import openpyxl

#: the earliest time a zip archive can carry
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
CLOCK_IN_PROPERTIES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")
FIXED_CLOCK = rb"\g<1>2000-01-01T00:00:00Z\g<3>"


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file's bytes, without the times that openpyxl and zip put into it."""
    raw, stable = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = CLOCK_IN_PROPERTIES.sub(FIXED_CLOCK, content)
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, content)
    return stable.getvalue()
