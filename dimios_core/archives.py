"""Office files as archives whose bytes depend on nothing but their content: no clock, no machine."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import openpyxl

#: the earliest time that an archive can carry
EPOCH = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")
_FIXED = rb"\g<1>2000-01-01T00:00:00Z\g<3>"


def freeze(archive: bytes, change: Callable[[str, bytes], bytes] = lambda name, part: part) -> bytes:
    """Return an office file without the times that programs put into it.

    Parameters
    ----------
    archive : bytes
        A .pptx or .xlsx file.
    change : callable
        (name, content) -> content of each part.

    Returns
    -------
    bytes
        The same parts, by name; what lists their types comes first, as programs want it.
    """
    parts = unpack(archive)
    if (core := "docProps/core.xml") in parts:
        parts[core] = _CLOCK.sub(_FIXED, parts[core])
    return pack({name: change(name, part) for name, part in parts.items()})


def unpack(archive: bytes) -> dict[str, bytes]:
    """Return the parts of an office file by name, with what lists their types first, as programs want it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        names = sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n))
        return {name: source.read(name) for name in names}


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return an office file of parts, in their order: name -> content. No time and no system stands in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, part)
    return packed.getvalue()


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file's bytes, without the times that openpyxl and zip put into it."""
    raw = io.BytesIO()
    book.save(raw)
    return freeze(raw.getvalue())
