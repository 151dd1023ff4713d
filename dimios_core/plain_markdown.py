"""Markdown as a closed set: headings, paragraphs, lists, bold, italic, links. What is outside is told with its line.

Read by markdown-it-py as CommonMark. What is written by it holds nothing but elements from here and escaped text, whatever the
text was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dimios_core.characters import UNSEEN
from dimios_core.markup import Markup, element, join, markup

#: an address that a link may have
LINK = re.compile(
    r"(https://[\w-]+(\.[\w-]+)+(:\d+)?(/[^\s<>\"']*)?|mailto:[\w.+-]+@[\w-]+(\.[\w-]+)+)", re.ASCII
)
HEADING, PARAGRAPH, ITEMS, NUMBERED = "heading", "paragraph", "items", "numbered"
_LISTS = {"bullet_list_open": ITEMS, "ordered_list_open": NUMBERED}
#: token -> what it is called, and how to do without it
_REFUSED = {
    "html_block": ("HTML", "write it as Markdown text"),
    "html_inline": ("HTML", "write it as Markdown text"),
    "image": ("an image", "take it away; the report has its own charts"),
    "fence": ("a block of code", "write it as a paragraph"),
    "code_block": ("a block of code, as a line begins with four spaces", "take the spaces away"),
    "blockquote_open": ("a quotation", "write it as a paragraph"),
}


@dataclass(frozen=True)
class Fault:
    """What may not stand in a text: its line, from 1; what; how to mend it."""

    line: int
    what: str
    remedy: str


@dataclass(frozen=True)
class Run:
    """Some words of one look; `link` is "" for none."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Block:
    """A heading or paragraph with one entry, or a list with an entry an item."""

    kind: str
    entries: list[list[Run]] = field(default_factory=list)


def read_markdown(text: str) -> tuple[list[Block], list[Fault]]:
    """Read a text.

    Returns
    -------
    list of Block
        What of it is in the set, in order; HTML and code as the text that they are.
    list of Fault
        Everything that is not, by line.

    Examples
    --------
    >>> blocks, faults = read_markdown("# Vi\\n\\nHej *alla* <b>!")
    >>> [b.kind for b in blocks], [(f.line, f.what) for f in faults]
    (['heading', 'paragraph'], [(3, 'there is HTML')])
    """
    parser = MarkdownIt("commonmark", {"html": True})
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # told below, not left as text
    faults = [
        Fault(number, "there is a mark that cannot be seen", "write the line anew")
        for number, line in enumerate(text.split("\n"), start=1)
        if UNSEEN.search(line)
    ]
    reader = _Reader(faults)
    reader.read(parser.parse(UNSEEN.sub("", text)))
    return reader.blocks, sorted(faults, key=lambda f: f.line)


class _Reader:
    def __init__(self, faults: list[Fault]) -> None:
        self.blocks: list[Block] = []
        self._faults = faults

    def read(self, tokens: Sequence[Token]) -> None:
        lists: list[str] = []
        for token in tokens:
            line = token.map[0] + 1 if token.map else 1
            if token.type in _REFUSED:
                self._refuse(token.type, line)
                if token.content:
                    self.blocks.append(Block(PARAGRAPH, [[Run(token.content.strip())]]))
            elif token.type in _LISTS:
                if lists:
                    self._faults.append(
                        Fault(
                            line, "there is a list in a list", "write its items in one list, or as paragraphs"
                        )
                    )
                else:
                    self.blocks.append(Block(_LISTS[token.type]))
                lists.append(token.type)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists.pop()
            elif token.type == "list_item_open":
                self.blocks[-1].entries.append([])
            elif token.type == "heading_open":
                self.blocks.append(Block(HEADING, [[]]))
            elif token.type == "paragraph_open" and not lists:
                self.blocks.append(Block(PARAGRAPH, [[]]))
            elif token.type == "inline":
                entry = self.blocks[-1].entries[-1]
                if entry:  # a second paragraph of an item
                    entry.append(Run(" "))
                entry += self._read_inline(token.children or [], line)
            elif not (token.type.endswith("_close") or token.type in ("hr", "paragraph_open")):
                self._faults.append(
                    Fault(line, "there is something that is not shown", "write it as a paragraph")
                )

    def _read_inline(self, tokens: Sequence[Token], line: int) -> Iterator[Run]:
        bold = italic = 0
        link = ""
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                line += 1
                yield Run(" ", bool(bold), bool(italic), link)
            elif token.type in ("text", "code_inline", "text_special"):
                if token.content:
                    yield Run(token.content, bool(bold), bool(italic), link)
            elif token.type in ("strong_open", "strong_close"):
                bold += token.nesting
            elif token.type in ("em_open", "em_close"):
                italic += token.nesting
            elif token.type == "link_open":
                link = self._read_link(str(token.attrGet("href") or ""), line)
            elif token.type == "link_close":
                link = ""
            else:
                self._refuse(token.type, line)
                if token.type == "html_inline":
                    yield Run(token.content, bool(bold), bool(italic), link)

    def _read_link(self, address: str, line: int) -> str:
        if LINK.fullmatch(address):
            return address
        self._faults.append(
            Fault(
                line,
                "there is a link that is no https or mail address",
                "write one such as https://example.org",
            )
        )
        return ""

    def _refuse(self, kind: str, line: int) -> None:
        what, remedy = _REFUSED.get(kind, ("something that is not shown", "write it as text"))
        self._faults.append(Fault(line, f"there is {what}", remedy))


def write_html(blocks: Sequence[Block], heading: str = "h3") -> Markup:
    """Write blocks as HTML: h3, p, ul, ol, li, b, em, a, and escaped text."""
    html = Markup()
    for block in blocks:
        entries = [join(_write_run(run) for run in entry) for entry in block.entries]
        if block.kind in (ITEMS, NUMBERED):
            items = join(markup("<li>{}</li>", entry) for entry in entries)
            html += element("ul" if block.kind == ITEMS else "ol", items, class_="plain")
        else:
            tag = heading if block.kind == HEADING else "p"
            html += join(element(tag, entry) for entry in entries if entry)
    return html


def write_lines(blocks: Sequence[Block]) -> list[str]:
    """Write blocks as plain lines, an entry each."""
    lines = ("".join(run.text for run in entry).strip() for block in blocks for entry in block.entries)
    return [line for line in lines if line]


def _write_run(run: Run) -> Markup:
    html = Markup.escape(run.text)
    html = markup("<em>{}</em>", html) if run.italic else html
    html = markup("<b>{}</b>", html) if run.bold else html
    return markup('<a href="{}" rel="noopener nofollow">{}</a>', run.link, html) if run.link else html
