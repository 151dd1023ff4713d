"""From chapters to a PDF: the data that `static/paper.typ` sets, and the run of Typst.

The PDF is tagged (PDF/UA-1), carries no time, host or path, and its bytes depend on the paper alone.
"""

from __future__ import annotations

import json
import logging
import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import font_source_sans_pro
import typst

from dimios_core.characters import UNSEEN
from dimios_core.markup import put_into
from dimios_core.office.pdf.blocks import Block

STANDARD = "ua-1"
FONT = "Source Sans Pro"
#: width of a drawing that fills the paper's width, in pixels of the drawing
FULL_PX = 760
#: share of the paper's height that a drawing may take, tried until a paper is short enough
TALLEST = (0.65, 0.55, 0.45, 0.35, 0.25)
TALLEST_OF_WHOLE = (0.55, 0.4)
#: the same before a whole chapter gives way: a drawing that is smaller cannot be read
SHORT_TALLEST = (0.55, 0.45, 0.35)
#: the same on a sheet to draw on, under its title
TALLEST_OF_HANDOUT = 0.85
#: size of the letters of a sheet to act on, tried until it holds all
SHEET_POINTS = (10.5, 10.0, 9.5, 9.0, 8.5)
#: what stands where the typefaces lack a character
REPLACEMENT = "□"
#: what the typefaces have for certain
TYPED = frozenset(string.printable) | {REPLACEMENT}
_LACKING = re.compile(r'(?:the text|the disallowed codepoint) `"(.+?)"`')
#: what makes one sign of several: of no use where the signs are not there
_JOINERS = re.compile("[\u200d\u20e3\ufe00-\ufe0f]")
_LOG = logging.getLogger(__name__)
#: ideas side by side
IDEAS = "ideas"


@dataclass(frozen=True)
class Chapter:
    """A part of a paper; the title stands in its heading."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Paper:
    """What is set on paper, with all words that stand around it.

    Attributes
    ----------
    title : str
        On the first page, and of the file.
    name : str
        At the head of every page, and the file's author.
    subject, period : str
        Whom and when it is about, at the head of every page.
    language : str
    label : str
        At the foot of every page; "" for none.
    colophon : str
        What it was made of, in words; of a short paper, how it was measured, too.
    contents, unnamed : str
        What the list of contents is called, and a column that has no title.
    made_of : sequence of str
        Keywords of the file.
    chapters : sequence of Chapter
    """

    title: str
    name: str
    subject: str
    period: str
    language: str
    label: str
    colophon: str
    contents: str
    unnamed: str
    made_of: Sequence[str]
    chapters: Sequence[Chapter]


def set_paper(paper: Paper, pages_max: int | None = None) -> bytes:
    """Set a paper: title and contents, every chapter; drawings give way some where it takes more pages than wished for."""
    chapters = [*map(_dress, paper.chapters)]
    for tallest in TALLEST_OF_WHOLE:
        pages_n, content = _set_and_count(paper, chapters, short=False, tallest=tallest)
        if pages_max is None or pages_n <= pages_max:
            break
    return content


def set_tables(paper: Paper) -> bytes:
    """Set the tables of a paper's drawings alone: title and contents, a chapter for each that has any."""
    chapters = [Chapter(c.title, tables) for c in paper.chapters if (tables := _list_tables(c.blocks))]
    return _set_and_count(paper, chapters, short=False, tallest=TALLEST[0])[1]


def set_short_paper(paper: Paper, last: Sequence[Block], pages_max: int) -> bytes:
    """Set a paper without a title page, on a few sheets at most, the last of which holds `last`.

    Parameters
    ----------
    paper : Paper
        Its chapters stand below each other without their titles, the most important first. Drawings give way until all fits,
        then whole chapters from the end; the first one stays.
    last : sequence of Block
        What the paper ends with, on a sheet of its own; empty for nothing.
    pages_max : int

    Raises
    ------
    ValueError
        The words of the first chapter and of `last` alone take more.
    """
    chapters = [_dress(chapter) for chapter in paper.chapters]
    ends = [_dress(Chapter("", last))] if last else []
    size = _fit_sheet(paper, last)[0] if last else SHEET_POINTS[0]
    pages_n = 0
    for kept in range(len(chapters), 0, -1):
        for tallest in SHORT_TALLEST if kept > 1 else TALLEST:
            pages_n, content = _set_and_count(
                paper, chapters[:kept], short=True, tallest=tallest, ends=ends, ends_points=size
            )
            if pages_n <= pages_max:
                return content
    raise ValueError(f"a short version takes {pages_n} pages; {pages_max} is the most")


def set_sheet(paper: Paper, blocks: Sequence[Block]) -> bytes:
    """Set blocks on one sheet, under the paper's title; letters give way until they fit, and then the sheet."""
    return _fit_sheet(paper, blocks)[1]


def set_handout(paper: Paper) -> bytes:
    """Set sheets that are handed out: under the paper's title, its chapters one after the other, without theirs.

    A drawing may fill a sheet; where it does not fit under the title it stands on the next one.
    """
    chapters = [_dress(chapter) for chapter in paper.chapters]
    return _set_and_count(paper, chapters, short=True, tallest=TALLEST_OF_HANDOUT)[1]


def _fit_sheet(paper: Paper, blocks: Sequence[Block]) -> tuple[float, bytes]:
    """Set blocks on one sheet; return the size of its letters, in points, and the PDF."""
    chapter = [_dress(Chapter("", blocks))]
    for points in SHEET_POINTS:
        pages_n, content = _set_and_count(
            paper, [], short=True, tallest=TALLEST[-1], ends=chapter, ends_points=points
        )
        if pages_n == 1:
            break
    return points, content


def _dress(chapter: Chapter) -> Chapter:
    return Chapter(chapter.title, _pair_ideas([_give_typeface(block) for block in chapter.blocks]))


def _give_typeface(block: Block) -> Block:
    """Give a block's drawings the paper's typeface."""
    if block["kind"] == "group":
        return block | {"blocks": [_give_typeface(b) for b in block["blocks"]]}
    if block["kind"] == "picture":
        return block | {"svg": put_into(block["svg"], "svg", font_family=FONT)}
    return block


def _pair_ideas(blocks: Sequence[Block]) -> list[Block]:
    """Gather ideas that follow each other, so that they can stand side by side."""
    found: list[Block] = []
    for block in blocks:
        if "idea" not in block.get("style", "").split():
            found.append(block)
        elif found and found[-1].get("style") == IDEAS:
            found[-1]["blocks"].append(block)
        else:
            found.append({"kind": "group", "style": IDEAS, "blocks": [block]})
    return found


def _list_tables(blocks: Sequence[Block]) -> list[Block]:
    """Return the tables of all drawings."""
    found: list[Block] = []
    for block in blocks:
        found += _list_tables(block["blocks"]) if block["kind"] == "group" else block.get("tables", [])
    return found


def _set_and_count(
    paper: Paper,
    chapters: Sequence[Chapter],
    *,
    short: bool,
    tallest: float,
    ends: Sequence[Chapter] = (),
    ends_points: float = 0.0,
) -> tuple[int, bytes]:
    """Set chapters with a paper's words, and what it ends with; return how many pages they take, and the PDF."""
    layout = {"short": short, "tallest": tallest, "full_px": FULL_PX, "ends_points": ends_points}
    data = vars(paper) | layout | {"chapters": chapters, "ends": ends}
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, default=vars)
    content = _compile(UNSEEN.sub("", written), paper.title)
    return content.count(b"/Type/Page/"), content


def _compile(data: str, title: str) -> bytes:
    """Run Typst; a character that the typefaces lack, such as an emoji, is replaced, and named in the log."""
    replaced: list[str] = []
    while True:
        try:
            content: bytes = load_compiler().compile(
                format="pdf", pdf_standards=STANDARD, sys_inputs={"data": data}
            )
        except typst.TypstError as error:
            named = _LACKING.search(str(error))
            lacking = [c for c in _read_named(named[1]) if c not in TYPED] if named else []
            before, data = data, _JOINERS.sub("", data)
            for character in lacking:
                written = json.dumps(character)[1:-1] if character < " " else character
                unseen = unicodedata.category(character)[0] in "CM"
                data = data.replace(written, "" if unseen else REPLACEMENT)
            if data == before:
                raise
            replaced += lacking
            continue
        if replaced:
            codes = ", ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(replaced))
            _LOG.warning("%s: the typeface lacks %s; %s stands instead", title, codes, REPLACEMENT)
        return content


def _read_named(text: str) -> str:
    """Read the characters that an error of Typst names: as they are, or as \\u{7}."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text)


@cache
def load_compiler() -> Any:
    """Load Typst with the template and the paper's typefaces alone: those of a machine would make another file."""
    typesetter: Any = typst  # its annotations do not fit its own arguments
    static, fonts = files("dimios_core.office.pdf") / "static", files(font_source_sans_pro) / "files"
    with as_file(static) as templates, as_file(fonts) as typefaces:
        return typesetter.Compiler(
            str(templates / "paper.typ"), font_paths=[str(typefaces)], ignore_system_fonts=True
        )
