"""All text and numbers in a workbook or in slides, shown or not.

Both are archives of XML. What their readers' programs never show is in them all the same: hidden sheets and slides,
properties, names, speaker notes, texts that stand for pictures, headers and footers, comments, figures that charts and
formulas have kept, the workbooks that charts on slides carry, texts that no cell uses any more, comments in the XML.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

SHARED_TEXTS = "xl/sharedStrings.xml"
SHEETS = "xl/worksheets/sheet"
PICTURES = ("xl/media/", "ppt/media/")
CUSTOM_PROPERTIES = "docProps/custom.xml"
#: custom properties that begin like this name a published file that the file was made of; the value is what it held
READS_PROPERTY = "dimios-reads "
#: a paragraph on a slide, and the text of a piece of it
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PARAGRAPH, RUN_TEXT = f"{_DRAWING}p", f"{_DRAWING}t"
#: elements and attributes that say how numbers look, or which program wrote the file
LAYOUT = {"AppVersion", "formatCode"}
_PLAIN_NUMBER = re.compile(r"[-+\d.eE]+")


def read_office(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text and number of a file with its place: a cell's reference, or the part's name.

    Parameters
    ----------
    content : bytes
        An .xlsx or .pptx file.

    Raises
    ------
    zipfile.BadZipFile, xml.etree.ElementTree.ParseError
        It is none.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        texts = _read_shared_texts(archive.read(SHARED_TEXTS)) if SHARED_TEXTS in names else []
        for name in names:
            if name.startswith(PICTURES):
                continue
            part = archive.read(name)
            if name.endswith(".xlsx"):
                yield from ((f"{name} {place}", text) for place, text in read_office(part))
                continue
            if not name.endswith((".xml", ".rels", ".vml")):
                yield name, part.decode("utf-8", errors="replace")
                continue
            everything = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
            root = ElementTree.fromstring(part, ElementTree.XMLParser(target=everything))
            if name.startswith(SHEETS):
                yield from _read_cells(root, texts, name)
            yield from _read_part(root, name)


def read_office_reads(content: bytes) -> dict[str, str]:
    """Return which published files a workbook or slides say they were made of; empty where they do not tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if CUSTOM_PROPERTIES not in archive.namelist():
            return {}
        root = ElementTree.fromstring(archive.read(CUSTOM_PROPERTIES))
    told = ((entry.get("name", ""), "".join(entry.itertext())) for entry in root)
    return {name.removeprefix(READS_PROPERTY): held for name, held in told if name.startswith(READS_PROPERTY)}


def _read_shared_texts(part: bytes) -> list[str]:
    return ["".join(entry.itertext()) for entry in ElementTree.fromstring(part)]


def _read_cells(root: ElementTree.Element, texts: list[str], sheet: str) -> Iterator[tuple[str, str]]:
    """Read the cells of a sheet, and take them out of it: value, and formula where there is one."""
    for row in root.iter():
        for cell in [child for child in row if _local(child.tag) == "c"]:
            where = f"{sheet} {cell.get('r', '')}"
            for content in cell:
                text = "".join(content.itertext())
                shared = cell.get("t") == "s" and _local(content.tag) == "v"
                yield where, texts[int(text)] if shared else text
            row.remove(cell)


def _read_part(root: ElementTree.Element, name: str) -> Iterator[tuple[str, str]]:
    for paragraph in [e for e in root.iter() if e.tag == PARAGRAPH]:
        # a program may cut a word in two wherever its look changes
        if text := "".join(paragraph.itertext()):
            yield name, text
    for element in root.iter():
        if element.tag == RUN_TEXT:
            continue
        if _local(element.tag) not in LAYOUT and element.text and element.text.strip():
            yield name, element.text
        for attribute, value in element.attrib.items():
            if _local(attribute) not in LAYOUT and not _PLAIN_NUMBER.fullmatch(value):
                yield f"{name} {_local(attribute)}", value


def _local(tag: Any) -> str:
    """Return a name without its name space; "" of comments, which have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
