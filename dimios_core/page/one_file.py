"""A whole report as one self-contained file: all its pages in reading order, under one heading and a table of contents.

It opens offline and by itself, so it has no tabs, controls or links to neighbours, and plotly's script lies in it,
compressed, until a chart is explored.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from jinja2 import Template

from dimios_core.languages import load_texts
from dimios_core.markup import Markup, attributes, embed_json, load_template, put_into, trust
from dimios_core.page.assets import embed_static, pack_plotly, read_static
from dimios_core.page.build import check_headings, script_words, write_reads
from dimios_core.page.packed import PACKED_TYPE
from dimios_core.page.whole import WholeReport

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_CONTROLS = re.compile(r'<div class="controls" hidden>.*?</div>', re.DOTALL)
_HEADING = re.compile(r"(</?h)([1-5])(?=[ >])")
_HEADING_IN_STYLE = re.compile(r"\bh([1-5])\b")
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_IDS = re.compile(r' (id|for|headers|list|aria-(?:labelledby|describedby|controls|owns))="([^"]*)"')
_LINK = re.compile(r' href="(?:([\w-]+)\.html)?(?:#([^"]*))?"')
_SECTION = re.compile(r"<h3([^>]*)>(.*?)</h3>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Part:
    """One page of the report, as a part of the file.

    Attributes
    ----------
    id : str
        The page's name, and the part's anchor.
    title : str
    html : Markup
        Headings one level down, every id beginning with the part's.
    sections : tuple of (anchor, title)
    """

    id: str
    title: str
    html: Markup
    sections: tuple[tuple[str, str], ...]


def build_one_file(report: WholeReport, survey: str) -> str:
    """Build one self-contained HTML document of all pages of a report.

    Parameters
    ----------
    report : WholeReport
    survey : str
        What its title calls the survey.

    Returns
    -------
    str
        One HTML document that asks for no other file.

    Raises
    ------
    PageError
        Headings are out of order.
    """
    styles: dict[str, None] = {}
    names = list(report.pages)
    parts = [_make_part(report, name, names, styles) for name in names]
    document = _load_frame().render(
        subject=report.subject,
        period=report.period,
        language=report.language,
        demo_label=report.demo_label,
        made_of=write_reads(report.reads),
        results_version=report.results_version,
        words=load_texts(report.language)["frame"],
        said=embed_json(script_words(report.language)),
        survey=survey,
        parts=parts,
        style=trust(_lower_style(read_static("page.css") + "".join(styles)) + read_static("one_file.css")),
        packed_type=PACKED_TYPE,
        plotly=pack_plotly(),
        explore=embed_static("explore.js"),
        save=embed_static("save.js"),
        address=embed_static("address.js"),
    )
    check_headings(document)
    return document


@functools.cache
def _load_frame() -> Template:
    return load_template(read_static("one_file.html.j2"))


def _make_part(report: WholeReport, name: str, names: Sequence[str], styles: dict[str, None]) -> Part:
    """Make a part of what a page's cells displayed; its style goes to `styles`, each once."""
    html = "\n".join(report.pages[name])
    styles.update(dict.fromkeys(_STYLE.findall(html)))
    html = _CONTROLS.sub("", _STYLE.sub("", html))
    html = _HEADING.sub(lambda m: f"{m[1]}{int(m[2]) + 1}", html)
    html = _TAG.sub(lambda m: _anchor_tag(m[0], name, names), html)
    html = put_into(html, "h2", id=f"{name}--title")
    sections: list[tuple[str, str]] = []

    def anchor_heading(match: re.Match[str]) -> str:
        own = _ID.search(match[1])
        anchor = own[1] if own else f"{name}--{len(sections) + 1}"
        sections.append((anchor, unescape(_MARKUP.sub("", match[2]))))
        return match[0] if own else put_into(match[0], "h3", id=anchor)

    html = _SECTION.sub(anchor_heading, html)
    return Part(name, report.title_of(name), trust(html), tuple(sections))


def _anchor_tag(tag: str, name: str, names: Sequence[str]) -> str:
    """Make ids in a tag the part's own, and links to other pages of the report links to their parts."""

    def link(match: re.Match[str]) -> str:
        page, place = match[1] or name, match[2]
        if page not in names or (match[1] is None and place is None):
            return match[0]
        return attributes(href=f"#{page}--{place}" if place else f"#{page}")

    own = _IDS.sub(lambda m: attributes(**{m[1]: " ".join(f"{name}--{i}" for i in m[2].split())}), tag)
    return _LINK.sub(link, own)


def _lower_style(style: str) -> str:
    """Return a style whose rules for headings hold one level down."""
    return _HEADING_IN_STYLE.sub(lambda m: f"h{int(m[1]) + 1}", style)
