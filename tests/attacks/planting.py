"""Leaks to plant in what readers get: every place of a page, a notebook and an export × every kind of thing to hide there."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf

from dimios_core.page.packed import pack, unpack

#: what is hidden, in words of a Swedish page; each could stand there, and says something of a group that is withheld
KINDS = {
    "decimal number": "61,3",
    "whole number": "4",
    "fraction in words": "3 av 4",
    "fraction": "3/4",
    "percent": "75 %",
    "name": "{closed}",
}


def _behind(before: str) -> Callable[[str, str], str]:
    """Put something right behind the first place where `before` stands."""

    def plant(text: str, planted: str) -> str:
        assert before in text, f"no {before!r} to plant beside"
        return text.replace(before, f"{before}{planted}", 1)

    return plant


def _in_a_bar(text: str, planted: str) -> str:
    """Draw a bar as wide as the first number of what is hidden (or its length)."""
    number = re.search(r"\d+", planted)
    width = number[0] if number else str(len(planted))
    changed = re.sub(r'(<rect\b[^>]*?\bwidth=")[^"]*', rf"\g<1>{width}.25", text, count=1)
    assert changed != text
    return changed


def _in_the_packed_figures(text: str, planted: str) -> str:
    """Say something when a mark of an explored chart is pointed at."""
    packed = re.search(r'(?<=id="figures">)[^<]*', text)
    figures = unpack(packed[0]).decode().replace('"hovertext":["', f'"hovertext":["{planted} ', 1)
    return text.replace(packed[0], pack(figures.encode()))


#: place in a page -> puts something there
PAGE: dict[str, Callable[[str, str], str]] = {
    "text": _behind("</h1>"),
    "title of the page": _behind("<title>"),
    "aria-label": _behind('aria-label="'),
    "title of a chart": lambda text, planted: text.replace("</svg>", f"<title>{planted}</title></svg>", 1),
    "metadata": lambda text, planted: _behind("<head>")(text, f'<meta name="note" content="{planted}">'),
    "comment": lambda text, planted: text.replace("</main>", f"<!-- {planted} --></main>", 1),
    "script": lambda text, planted: text.replace("</main>", f"<script>/* {planted} */</script></main>", 1),
    "what is not seen": lambda text, planted: text.replace("</main>", f"<p hidden>{planted}</p></main>", 1),
    "style": lambda text, planted: text.replace("</main>", f"<i style='content:\"{planted}\"'></i></main>", 1),
    "width of a bar": _in_a_bar,
    "packed figures": _in_the_packed_figures,
}  # fmt: skip


def _displayed(notebook: dict) -> dict:
    """Return the first output of a notebook that holds HTML."""
    return next(
        o for c in notebook["cells"] for o in c.get("outputs", []) if "text/html" in o.get("data", {})
    )


def _hover(notebook: dict, planted: str) -> None:
    figure = {"data": [{"type": "scatter", "hovertext": [planted]}], "layout": {}}
    _displayed(notebook)["data"]["application/vnd.plotly.v1+json"] = figure


def _widget(notebook: dict, planted: str) -> None:
    state = {"m1": {"model_name": "HTMLModel", "state": {"value": planted}}}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}


#: place in a notebook -> puts something there
NOTEBOOK: dict[str, Callable[[dict, str], object]] = {
    "displayed": lambda notebook, planted: _displayed(notebook)["data"].update({"text/plain": planted}),
    "hover text": _hover,
    "widget state": _widget,
    "metadata of a cell": lambda notebook, planted: notebook["cells"][0]["metadata"].update(note=planted),
    "metadata of the notebook": lambda notebook, planted: notebook["metadata"].update(note=planted),
    "source": lambda notebook, planted: notebook["cells"][0].update(source=f"# {planted}"),
}


def plant_in_page(path: Path, place: str, planted: str) -> None:
    """Alter a page."""
    text = path.read_text(encoding="utf-8")
    changed = PAGE[place](text, planted)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def plant_in_notebook(path: Path, place: str, planted: str) -> None:
    """Alter a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    NOTEBOOK[place](notebook, planted)
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


#: suffix -> place -> part of the file, what stands there, what stands there then
OFFICE = {
    ".xlsx": {
        "cell": ("xl/worksheets/sheet3.xml", r"<v>\d\d\.\d</v>", "<v>{}</v>"),
        "text": ("xl/sharedStrings.xml", "</sst>", "<si><t>{}</t></si></sst>"),
        "comment": ("xl/worksheets/sheet3.xml", "</sheetData>", "<!-- {} --></sheetData>"),
        "property": ("docProps/core.xml", "<dc:title>", "<dc:title>{} "),
        "width of a column": ("xl/worksheets/sheet3.xml", r'width="[\d.]+"', 'width="{}"'),
    },
    ".pptx": {
        "text": ("ppt/slides/slide3.xml", "<a:t>", "<a:t>{} "),
        "alternative text": ("ppt/slides/slide2.xml", 'descr="', 'descr="{} '),
        "notes": ("ppt/notesSlides/notesSlide5.xml", "<a:t>", "<a:t>{} "),
        "property": ("docProps/core.xml", "<dc:title>", "<dc:title>{} "),
    },
}


def plant_in_office(path: Path, place: str, planted: str) -> None:
    """Alter a workbook or slides."""
    part, old, new = OFFICE[path.suffix][place]
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    text = parts[part].decode()
    changed = re.sub(old, lambda _: new.format(planted), text, count=1)
    assert changed != text
    parts[part] = changed.encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)


def plant_in_pdf(path: Path, place: str, planted: str) -> None:
    """Alter a PDF."""
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        if place == "property":
            document.docinfo["/Subject"] = planted
        elif place == "attachment":
            document.attachments["more.txt"] = planted.encode()
        else:
            stream = f"BT /F1 8 Tf 20 20 Td ({planted}) Tj ET".encode("latin-1", "replace")
            document.pages[0].contents_add(document.make_stream(stream))
        document.save(path)


PDF = ("property", "attachment", "text")
