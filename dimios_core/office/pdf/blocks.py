"""What a report's cells displayed, as blocks that can be set on paper.

Pieces of a report are HTML of a closed set of elements. A block is plain data, ready for JSON:

- `{"kind": "heading", "level": int, "runs": runs}`
- `{"kind": "paragraph", "style": str, "runs": runs}`; styles are the pieces' classes: "", "lead", "quiet", "answer", …
- `{"kind": "terms", "entries": [{"term": runs, "meaning": runs, "tone": str}]}`
- `{"kind": "items", "ordered": bool, "entries": [runs]}`
- `{"kind": "group", "style": str, "blocks": blocks}`; styles: "opening", "three", "advice", "idea", "upwards", …
- `{"kind": "picture", "id": str, "svg": str, "alt": str, "width": px, "height": px, "caption": runs, "tables": tables}`
- `{"kind": "table", "caption": str, "columns": [{"title": str, "numeric": bool, "share": int}], "rows": [[str]],
  "fill": bool}`; shares of the table's width; `fill` for cells to write in by hand

Runs are `[{"text": str, "bold": bool, "link": str}]`. An element outside the set is an error here, so that nothing of a
report is silently left out. What sheets to hand out hold beside these stands in `dimios_core.office.pdf.sheets`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from typing import Any

from lxml import html as lxml_html
from lxml.html import HtmlElement

from dimios_core.markup import markup

Block = dict[str, Any]
Run = dict[str, Any]

#: shown on a screen only: controls choose, downloads are other files, drawings for narrow screens repeat the wide ones,
#: what is told twice stands in full in another chapter, examples of words stand on the page, what is shown on demand is
#: for those who search
LEFT_OUT = ("style", "script", "svg")
CLASSES_LEFT_OUT = {"controls", "demo", "download", "twice", "examples", "on-demand"}
#: elements that are nothing but a frame of what is in them
FRAMES = {"live", "chosen", "dimios", "part"}
INLINE = {"b", "strong", "a", "em", "br", "span"}
#: longer cells are set on several lines
CELL_LETTERS_MAX = 26
GUTTER_LETTERS = 2
#: room for what is written in by hand
FILL_LETTERS_MIN = 18
_SPACES = re.compile(r"[ \n\t]+")
_SVG = re.compile(r"<svg .*?</svg>", re.DOTALL)
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_TOLD = re.compile(r"<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", re.DOTALL)


def read_blocks(pieces: Sequence[str]) -> list[Block]:
    """Read the pieces of a report.

    Parameters
    ----------
    pieces : sequence of str
        HTML.

    Returns
    -------
    list of dict
        Blocks in reading order.

    Raises
    ------
    ValueError
        An element is none of those that reports are made of.
    """
    drawings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        # an HTML parser would change the drawing's letters, and take its time
        drawings.append(match[0])
        return markup('<img data-drawing="{}">', len(drawings) - 1)

    root = lxml_html.fragment_fromstring(_SVG.sub(keep, "".join(pieces)), create_parent="div")
    return list(_Reader(drawings).read_children(root))


class _Reader:
    def __init__(self, drawings: Sequence[str]) -> None:
        self._drawings = drawings

    def read_children(self, parent: HtmlElement) -> Iterator[Block]:
        """Read what is in an element; words that stand there by themselves are a paragraph."""
        loose: list[Run] = [*_text(parent.text)]
        for child in parent:
            if not isinstance(child.tag, str):
                continue
            if child.tag in INLINE:
                loose += _run_of(child)
            else:
                yield from _as_paragraph(loose)
                loose = []
                yield from self._read(child)
            loose += _text(child.tail)
        yield from _as_paragraph(loose)

    def _read(self, element: HtmlElement) -> Iterator[Block]:
        classes = set((element.get("class") or "").split())
        if element.tag in LEFT_OUT or classes & CLASSES_LEFT_OUT or _holds_only_download(element):
            return
        reads: dict[str, Callable[[HtmlElement], Iterable[Block]]] = {
            "dl": self._read_terms, "ul": self._read_items, "ol": self._read_items, "figure": self._read_picture,
            "table": self._read_table, "details": self._read_details,
        }  # fmt: skip
        if match := re.fullmatch(r"h([1-6])", element.tag):
            yield {"kind": "heading", "level": int(match[1]), "runs": _runs(element)}
        elif element.tag == "p":
            yield {
                "kind": "paragraph",
                "style": " ".join(sorted(classes)),
                "runs": _runs(element),
            }
        elif element.tag in reads:
            yield from reads[element.tag](element)
        elif element.tag in ("div", "section"):
            blocks = list(self.read_children(element))
            style = " ".join(sorted(classes - FRAMES))
            if style or _stands_in_columns(element):
                yield {"kind": "group", "style": style, "blocks": blocks}
            else:
                yield from blocks
        else:
            raise ValueError(f"a report holds an element that is not set on paper: {element.tag}")

    def _read_terms(self, element: HtmlElement) -> Iterator[Block]:
        entries: list[dict[str, Any]] = []
        for child in element:
            if child.tag == "dt":
                entries.append({"term": _runs(child), "meaning": [], "tone": ""})
            else:
                entries[-1]["meaning"] += _runs(child)
                entries[-1]["tone"] = child.get("class") or ""
        yield {"kind": "terms", "entries": entries}

    def _read_items(self, element: HtmlElement) -> Iterator[Block]:
        yield {
            "kind": "items",
            "ordered": element.tag == "ol",
            "entries": [_runs(child) for child in element],
        }

    def _read_picture(self, element: HtmlElement) -> Iterator[Block]:
        drawing = self._drawings[int(element.find("img").get("data-drawing"))]  # the first is the wide one
        size, told = _SIZE.search(drawing), _TOLD.search(drawing)
        assert size is not None and told is not None
        title, conclusion = (unescape(t).strip() for t in told.groups())
        caption = element.find("figcaption")
        yield {
            "kind": "picture",
            "id": element.get("id"),
            "svg": drawing,
            "alt": f"{title}. {conclusion}".strip(),
            "width": float(size[1]),
            "height": float(size[2]),
            "caption": _runs(caption) if caption is not None else [],
            "tables": [block for table in element.iter("table") for block in self._read_table(table)],
        }

    def _read_table(self, element: HtmlElement) -> Iterator[Block]:
        caption = element.find("caption")
        head, *_ = element.iter("thead")
        fill = "fill" in (element.get("class") or "").split()
        rows = [[_plain(cell) for cell in row] for body in element.iter("tbody") for row in body]
        columns = [
            {
                "title": (title := _plain(cell)),
                "numeric": cell.get("class") == "n",
                "share": max(
                    _share_of_width(title, [row[i] for row in rows]), FILL_LETTERS_MIN if fill and i else 0
                ),
            }
            for i, cell in enumerate(head[0])
        ]
        yield {
            "kind": "table",
            "caption": "" if caption is None else _plain(caption),
            "columns": columns,
            "fill": fill,
            "rows": rows,
        }

    def _read_details(self, element: HtmlElement) -> Iterator[Block]:
        summary = element.find("summary")
        yield {"kind": "paragraph", "style": "label", "runs": _runs(summary)}
        element.remove(summary)
        yield from self.read_children(element)


def _share_of_width(title: str, cells: Sequence[str]) -> int:
    """Return how much room a column asks for, in letters: its longest cell, between its longest word and a sentence's.

    The room between columns is counted in.
    """
    longest_word = max(len(word) for word in [*title.split(), *" ".join(cells).split(), ""])
    return max(longest_word, min(max(map(len, cells), default=0), CELL_LETTERS_MAX)) + GUTTER_LETTERS


def _stands_in_columns(element: HtmlElement) -> bool:
    """Tell whether a plain frame is one of several columns."""
    parent = element.getparent()
    return parent is not None and (parent.get("class") or "") in ("three", "opening")


def _holds_only_download(element: HtmlElement) -> bool:
    """A paragraph that is nothing but a link to a file of its own."""
    return element.tag == "p" and len(element) == 1 and element[0].get("class") == "download"


def _as_paragraph(runs: list[Run]) -> Iterator[Block]:
    if any(run["text"].strip() for run in runs):
        yield {"kind": "paragraph", "style": "", "runs": _trim(runs)}


def _runs(element: HtmlElement) -> list[Run]:
    """Read the words of an element, with what is bold and what is a link."""
    runs = [*_text(element.text)]
    for child in element:
        if child.tag not in INLINE and child.tag != "p":
            raise ValueError(f"words of a report hold an element that is not set on paper: {child.tag}")
        runs += _run_of(child)
        runs += _text(child.tail)
    return _trim(runs)


def _run_of(element: HtmlElement) -> list[Run]:
    if element.tag == "br":
        return [*_text(" ")]
    link = element.get("href") or ""
    # other pages of the report are other parts of the same paper
    link = link if link.startswith(("mailto:", "https:", "http:")) else ""
    return [*_text(element.text_content(), bold=element.tag in ("b", "strong"), link=link)]


def _text(text: str | None, *, bold: bool = False, link: str = "") -> Iterator[Run]:
    if text:
        yield {"text": _SPACES.sub(" ", text), "bold": bold, "link": link}


def _trim(runs: list[Run]) -> list[Run]:
    if runs:
        runs[0]["text"] = runs[0]["text"].lstrip(" ")
        runs[-1]["text"] = runs[-1]["text"].rstrip(" ")
    return [run for run in runs if run["text"]]


def _plain(element: HtmlElement) -> str:
    return _SPACES.sub(" ", element.text_content()).strip(" ")
