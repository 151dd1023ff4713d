"""All text and numbers in a report file, wherever they hide.

A notebook is walked whole: sources, outputs of every kind, metadata, widget state. HTML, also inside of other
things, gives its text, comments, embedded JSON and every attribute that is not layout. Figures give all their
texts and the numbers of their traces; colours, sizes and places on the paper are no figures of anybody.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pyarrow.parquet as pq

from dimios_core.office.office_text import read_office
from dimios_core.office.pdf_text import read_pdf
from dimios_core.page.assets import SCRIPTS, pack_plotly, read_static
from dimios_core.page.packed import PACKED_TYPE, unpack

#: a number with decimals, after a comma or a point; not part of a version, a date or an identifier
NUMBER = re.compile(r"(?<![\w.,/])\d{1,3}(?:[\u00a0\u202f]\d{3})*[.,]\d+(?![\w]|[.,]\d|/)")
#: attributes of HTML and SVG that say in numbers how something looks, or where it is, and nothing else
LAYOUT_ATTRIBUTES = {
    "style", "width", "height", "viewbox", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "d", "points",
    "transform", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "font-size", "dx", "dy", "rotate", "offset",
    "letter-spacing", "stroke-opacity", "baseline-shift", "textlength", "pathlength",
}  # fmt: skip
#: parts of a figure that say how it looks
LAYOUT_KEYS = {
    "marker", "line", "font", "layout", "domain", "width", "size", "opacity", "colorscale", "colorbar", "xgap", "ygap",
    "symbol", "fillcolor", "textfont", "hoverlabel", "template", "zmin", "zmax", "zmid", "thickness", "bargap",
    "offset", "base_width", "selected", "unselected", "textposition", "margin", "pad",
}  # fmt: skip
FIGURE = "application/vnd.plotly.v1+json"
#: a chart's two forms as a page carries them: the wide figure, and what is otherwise in the narrow one
FORMS = {"wide", "narrow"}
#: geometry of a shape, as the attribute `d` is: it begins with a move, which a figure by itself does not
PATH = re.compile(r"[Mm][MLHVCSQTAZmlhvcsqtaz\d\s,.+-]*")
BINARY = ("image/", "font/")


@dataclass(frozen=True)
class Passage:
    """Some text, or a number of a figure, and where it stands."""

    where: str
    text: str

    def list_numbers(self, *, group: str) -> list[str]:
        """List numbers with decimals, without sign, with a decimal point and no thousands separators.

        Parameters
        ----------
        group : str
            The sign between thousands in the passage's language: after a comma, as in English, "1,204" has no decimals.
        """
        if "." not in self.text and "," not in self.text:
            return []
        thousands = re.compile(rf"\d{{1,3}}({re.escape(group)}\d{{3}})+")
        found = (n for n in NUMBER.findall(self.text) if not thousands.fullmatch(n))
        return [re.sub("[\u00a0\u202f]", "", n).replace(",", ".") for n in found]


def read_passages(path: Path) -> Iterator[Passage]:
    """Yield everything in a file.

    Parameters
    ----------
    path : Path
        A notebook, a page, a chart, a workbook or plain text, told by its suffix.
    """
    if path.suffix in (".xlsx", ".pptx"):
        yield from (Passage(place, text) for place, text in read_office(path.read_bytes()))
        return
    if path.suffix == ".csv":
        yield from _read_csv(path)
        return
    if path.suffix == ".parquet":
        yield from _read_parquet(path)
        return
    if path.suffix == ".pdf":
        yield from (Passage(place, text) for place, text in read_pdf(path.read_bytes()))
        return
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        yield from _read_notebook(json.loads(text))
    elif path.suffix == ".json":
        yield from _walk(json.loads(text), "data")
    elif path.suffix in {".html", ".svg"}:
        yield from read_html(text, "page")
    else:
        yield Passage("text", text)


def _read_notebook(notebook: dict[str, Any]) -> Iterator[Passage]:
    yield from _walk(notebook.get("metadata", {}), "notebook metadata")
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"cell {number}"
        yield Passage(f"{where} source", _joined(cell.get("source", "")))
        rest = {
            k: v for k, v in cell.items() if k not in ("source", "outputs", "cell_type", "execution_count")
        }
        yield from _walk(rest, f"{where} metadata")
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                yield from _read_mime(kind, content, f"{where} {kind}")
            rest = {k: v for k, v in output.items() if k not in ("data", "execution_count")}
            yield from _walk(rest, f"{where} output")


def _read_mime(kind: str, content: Any, where: str) -> Iterator[Passage]:
    if kind.startswith(BINARY) and kind != "image/svg+xml":
        return
    if kind == FIGURE:
        yield from _read_figure(content, where)
    elif isinstance(content, str | list) and all(isinstance(part, str) for part in content):
        yield from read_html(_joined(content), where)
    else:
        yield from _walk(content, where)


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(text)


def _read_figure(figure: Any, where: str) -> Iterator[Passage]:
    """A figure: its traces with numbers, all else with texts only."""
    if not isinstance(figure, dict):
        yield from _walk(figure, where)
        return
    rest = {k: v for k, v in figure.items() if k != "data"}
    yield from _walk(rest, f"{where} layout", numbers=False)
    layout = figure.get("layout") or {}
    for trace in figure.get("data") or []:
        if not isinstance(trace, dict):
            yield from _walk(trace, f"{where} data")
            continue
        places = {c for c in "xy" if _is_place(layout, trace.get(f"{c}axis") or c)}
        for key, value in trace.items():
            numbers = key not in LAYOUT_KEYS and key.removeprefix("error_") not in places
            yield from _walk(value, f"{where} data", numbers)


def _is_place(layout: dict[str, Any], axis: str) -> bool:
    """An axis that is told to have no ticks has no scale: rows of a chart, or panels beside each other."""
    return (layout.get(f"{axis[0]}axis{axis[1:]}") or {}).get("tickvals") == []


def _walk(value: Any, where: str, numbers: bool = True) -> Iterator[Passage]:
    """All strings of nested data, and its numbers but those under a key of layout."""
    if isinstance(value, dict):
        if value.keys() == FORMS:
            whole = _changed(value["wide"], value["narrow"])
            yield from _read_figure(value["wide"], f"{where} figure")
            yield from _read_figure(whole, f"{where} narrow figure")
            return
        if "data" in value and "layout" in value and isinstance(value["data"], list):
            yield from _read_figure(value, f"{where} figure")
            return
        for key, item in value.items():
            yield Passage(where, str(key))
            if key == "path" and _is_geometry(item):
                continue
            yield from _walk(item, where, numbers and key not in LAYOUT_KEYS)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, where, numbers)
    elif isinstance(value, str):
        if value[:1] in "{[" and (data := _as_json(value)) is not None:
            yield from _walk(data, where, numbers)
        else:
            yield from read_html(value, where)
    elif isinstance(value, float) and numbers and value % 1:
        yield Passage(where, repr(value) if "e" not in repr(value) else f"{value:.6f}")


def _is_geometry(item: Any) -> bool:
    """A shape's path, or a column of them, with nothing where a shape has none."""
    if isinstance(item, list):
        return all(one is None or (isinstance(one, str) and PATH.fullmatch(one)) for one in item)
    return isinstance(item, str) and PATH.fullmatch(item) is not None


def _changed(base: Any, by: Any) -> Any:
    """Return the narrow form of a figure, of which what is otherwise than in the wide one is told; None takes a property away."""
    if isinstance(base, dict) and isinstance(by, dict):
        changed = base | {name: _changed(base.get(name), value) for name, value in by.items()}
        return {name: value for name, value in changed.items() if value is not None}
    lists = isinstance(base, list) and isinstance(by, list) and len(base) == len(by)
    if lists and all(isinstance(one, dict) for one in (*base, *by)):
        return [_changed(of, one) for of, one in zip(base, by, strict=True)]
    return by


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def read_html(text: str, where: str) -> Iterator[Passage]:
    """Yield text, comments, attributes and embedded data of HTML; plain text is HTML without tags."""
    if "<" not in text and "&" not in text:
        yield Passage(where, text)
        return
    reader = _Reader(where)
    reader.feed(text)
    reader.close()
    yield from reader.passages


class _Reader(HTMLParser):
    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.where = where
        self.passages: list[Passage] = []
        self._inside = ""
        self._type = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read the attributes."""
        if tag in ("style", "script"):
            self._inside, self._type = tag, dict(attrs).get("type") or ""
        for name, value in attrs:
            if value is None or name in LAYOUT_ATTRIBUTES:
                continue
            where = f"{self.where} {tag} {name}"
            if value.startswith("data:"):
                self.passages += _read_data_address(value, where)
            elif (data := _as_json(value) if value[:1] in "{[" else None) is not None:
                self.passages += _walk(data, where)
            else:
                self.passages.append(Passage(where, value))

    def handle_endtag(self, tag: str) -> None:
        """Leave a style or script."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Read text, embedded data, and scripts that are not the project's own."""
        if self._inside == "style" or not data.strip():
            return
        if self._inside == "script":
            if self._type == PACKED_TYPE:
                self.passages += _read_packed(data, f"{self.where} packed script")
                return
            content = _as_json(data) if "json" in self._type else None
            if content is not None:
                self.passages += _walk(content, f"{self.where} embedded data")
            elif data.strip() not in _own_scripts():
                self.passages.append(Passage(f"{self.where} script", data))
            return
        self.passages.append(Passage(self.where, data))

    def handle_comment(self, data: str) -> None:
        """Read comments: nobody sees them, everybody gets them."""
        self.passages.append(Passage(f"{self.where} comment", data))


@cache
def _own_scripts() -> frozenset[str]:
    """Scripts that stand in every page: they tell nothing of anybody."""
    return frozenset(read_static(name).strip() for name in SCRIPTS)


def _read_csv(path: Path) -> Iterator[Passage]:
    """A cell a line, where commas separate: one between two numbers could be taken for a decimal one."""
    text = path.read_text(encoding="utf-8")
    yield Passage(
        "cells", "\n".join(cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
    )
    if ";" in text or "\t" in text:
        yield Passage("text", text)


def _read_parquet(path: Path) -> Iterator[Passage]:
    table = pq.read_table(path)
    yield Passage("rows", table.to_pandas().to_csv(index=False, sep="\n"))  # see _read_csv
    for holder in (table.schema, *table.schema):
        for key, value in (holder.metadata or {}).items():
            yield Passage(f"metadata {key.decode()}", value.decode("utf-8", errors="replace"))


def _read_packed(packed: str, where: str) -> Iterator[Passage]:
    """Figures, and whatever else is packed, but for plotly's own script, which tells nothing of anybody."""
    if packed.strip() == pack_plotly():
        return
    content = unpack(packed).decode("utf-8", errors="replace")
    figures = _as_json(content)
    yield from [Passage(where, content)] if figures is None else _walk(figures, where)


def _read_data_address(address: str, where: str) -> Iterator[Passage]:
    """A file inside an attribute, as a download is."""
    head, _, body = address.removeprefix("data:").partition(",")
    if head.startswith(BINARY) or not body:
        return
    content = base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    if content[:2] == b"PK":
        yield from (Passage(f"{where} {place}", text) for place, text in read_office(content))
    elif "html" in head or "svg" in head:
        yield from read_html(content.decode("utf-8"), where)
    else:
        yield Passage(where, content.decode("utf-8", errors="replace"))
