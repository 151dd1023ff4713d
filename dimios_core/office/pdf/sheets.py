"""Blocks made of plain words, for sheets that are handed out: see `dimios_core.office.pdf.blocks` for those of reports.

Beside the kinds that reports have there are these, which nothing is read of:

- `{"kind": "break"}`: what follows begins on a new sheet
- `{"kind": "lines", "n": int}`: empty lines to write on
- `{"kind": "ticks", "entries": [str], "beside": bool}`: boxes to tick, below or beside each other
- a group of the style "cards", whose groups are cut out along dashed lines, two beside each other
- a group of the style "beside": a drawing, and the rest of its blocks to the right of it
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dimios_core.office.pdf.blocks import Block, Run
from dimios_core.plain_markdown import HEADING, ITEMS, NUMBERED
from dimios_core.plain_markdown import Block as MarkdownBlock

BREAK: Block = {"kind": "break"}


def set_words(text: str, *, bold: bool = False) -> list[Run]:
    """Return words as runs."""
    return [{"text": text, "bold": bold, "link": ""}]


def label_words(label: str, text: str) -> list[Run]:
    """Return words behind a bold label."""
    return [*set_words(f"{label} ", bold=True), *set_words(text)]


def head(text: str, level: int = 2) -> Block:
    """Return a heading; 2 is that of a section."""
    return {"kind": "heading", "level": level, "runs": set_words(text)}


def paragraph(text: str | list[Run], style: str = "") -> Block:
    """Return a paragraph; styles are those of reports ("lead", "quiet", "small", "label")."""
    return {"kind": "paragraph", "style": style, "runs": set_words(text) if isinstance(text, str) else text}


def items(entries: Iterable[str | list[Run]], *, ordered: bool = False) -> Block:
    """Return a list."""
    return {
        "kind": "items",
        "ordered": ordered,
        "entries": [set_words(e) if isinstance(e, str) else e for e in entries],
    }


def table(
    caption: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]], *, fill: bool = False
) -> Block:
    """Return a table of words.

    Parameters
    ----------
    caption : str
    columns : sequence of (title, share of the width)
    rows : iterable of sequence of str
    fill : bool
        Cells are written in by hand.
    """
    told = [{"title": title, "numeric": False, "share": share} for title, share in columns]
    return {
        "kind": "table",
        "caption": caption,
        "columns": told,
        "rows": [list(r) for r in rows],
        "fill": fill,
    }


def group(style: str, blocks: Sequence[Block]) -> Block:
    """Return blocks in a frame: "cards", or one of reports' styles."""
    return {"kind": "group", "style": style, "blocks": list(blocks)}


def lines(n: int) -> Block:
    """Return empty lines to write on."""
    return {"kind": "lines", "n": n}


def ticks(entries: Sequence[str], *, beside: bool = False) -> Block:
    """Return boxes to tick, with what each stands for."""
    return {"kind": "ticks", "entries": list(entries), "beside": beside}


def drawing(svg: str, alt: str, width: float, height: float) -> Block:
    """Return a drawing; sizes in pixels, 760 of which fill the paper's width."""
    shape = {"svg": str(svg), "alt": alt, "width": width, "height": height}  # stored, no longer markup
    return {"kind": "picture", "id": "", "caption": [], "tables": [], **shape}


def read_markdown_blocks(blocks: Iterable[MarkdownBlock]) -> list[Block]:
    """Return a text of the closed set of Markdown as blocks; headings are those of sections."""
    made: list[Block] = []
    for block in blocks:
        entries = [[{"text": r.text, "bold": r.bold, "link": r.link} for r in e] for e in block.entries]
        if block.kind in (ITEMS, NUMBERED):
            made.append(items(entries, ordered=block.kind == NUMBERED))
        elif block.kind == HEADING:
            made += [{"kind": "heading", "level": 2, "runs": entry} for entry in entries]
        else:
            made += [paragraph(entry) for entry in entries]
    return made
