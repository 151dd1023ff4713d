"""Where a workbook's archive keeps its sheets, whoever wrote it."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

BLOCK_BYTES = 2**20
#: a part is read on where less than this is left: most records are shorter
LEAST_BYTES = 2**12
#: the kind of the record that names a sheet of a binary workbook ([MS-XLSB] 2.4.303)
_BUNDLE_SHEET = 156


@contextmanager
def open_sheet(path: Path, sheet: str) -> Iterator[IO[bytes]]:
    """Open the part of an .xlsx, .xlsm or .xlsb that holds a sheet.

    Parts are found without regard to case and to which way their slashes lean, as spreadsheets find them.

    Raises
    ------
    KeyError
        The archive has no such part.
    """
    with zipfile.ZipFile(path) as archive:
        names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        book = next(n for n in names if posixpath.basename(n) in ("workbook.xml", "workbook.bin"))
        folder, name = posixpath.split(book)
        relations = archive.read(names[posixpath.join(folder, "_rels", f"{name}.rels")])
        targets = {
            element.get("Id"): element.get("Target", "") for element in ElementTree.fromstring(relations)
        }
        content = archive.read(names[book])
        list_sheets = _list_binary_sheets if name.endswith(".bin") else _list_sheets
        key = dict(list_sheets(content))[sheet]
        target = posixpath.normpath(posixpath.join("/", folder, targets[key].replace("\\", "/")))
        with archive.open(names[target.lstrip("/").lower()]) as stream:
            yield stream


def _list_sheets(content: bytes) -> Iterator[tuple[str, str | None]]:
    for element in ElementTree.fromstring(content).iter():
        if local_name(element.tag) == "sheet":
            key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            yield element.get("name", ""), key


def _list_binary_sheets(content: bytes) -> Iterator[tuple[str, str | None]]:
    for kind, body in read_records(io.BytesIO(content)):
        if kind == _BUNDLE_SHEET:
            key, rest = _read_text(body[8:])
            yield _read_text(rest)[0], key


def _read_text(body: bytes) -> tuple[str, bytes]:
    """Return a text that is preceded by its length, and what follows it."""
    end = 4 + 2 * int.from_bytes(body[:4], "little")
    return body[4:end].decode("utf-16-le"), body[end:]


def local_name(tag: str) -> str:
    """Return an XML name without its namespace."""
    return tag.rpartition("}")[2]


def read_records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records of a binary part ([MS-XLSB] 2.1.4).

    Both kind and length are written with seven bits a byte, the lowest first; the eighth says that more follow.

    Raises
    ------
    IndexError
        The part ends within a record.
    """
    window, at, ended = b"", 0, False
    while True:
        if not ended and len(window) - at < LEAST_BYTES:
            more = stream.read(BLOCK_BYTES)
            window, at, ended = window[at:] + more, 0, not more
        if at == len(window):
            return
        kind = window[at]
        at += 1
        if kind > 0x7F:
            kind = kind & 0x7F | (window[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = window[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        while len(window) - at < size:
            if not (more := stream.read(BLOCK_BYTES)):
                raise IndexError("the part ends within a record")
            window, at = window[at:] + more, 0
        yield kind, window[at : at + size]
        at += size
