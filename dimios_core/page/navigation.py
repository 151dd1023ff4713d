"""Where one is, and where one can go: page titles, the tabs of one report, and the way back to the index.

Tabs are read off the folder that a page lies in, so that none of them leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dimios_core.languages import load_texts, say
from dimios_core.markup import Markup, join, markup
from dimios_core.replacing import write_whole
from dimios_core.suites import APART, list_pages, list_sets

#: what stands between these in a stored page is written anew when its neighbours are there
TABS_BEGIN, TABS_END = "<!--tabs-->", "<!--/tabs-->"
_COUNTY = re.compile(r"^(?P<page>.+)_(?P<county>\d{2})$")


@dataclass(frozen=True)
class Tab:
    """A page of the same report."""

    title: str
    address: str
    current: bool


def title_of(stem: str, language: str) -> str:
    """Return the title of a page by its file's name: "our_result", "county_report_14"; of a comparison without whom it compares."""
    texts, (stem, *_) = load_texts(language), stem.split(APART)
    match = _COUNTY.match(stem)
    page = match["page"] if match else stem
    title = texts["pages"].get(page, page.replace("_", " ").capitalize())
    if not match:
        return title
    return f"{title} {texts['peers']['counties'].get(match['county'], match['county'])}"


def county_of(stem: str) -> str:
    """Return the code of the county that a page is about, by its file's name; "" for others."""
    match = _COUNTY.match(stem)
    return match["county"] if match else ""


def reading_order(stem: str) -> tuple[int, str]:
    """Return what pages are sorted by: the order of the suites; pages of no suite come after, by name."""
    return _place(stem, list_pages())


def _place(stem: str, order: Sequence[str]) -> tuple[int, str]:
    match = _COUNTY.match(name := stem.split(APART)[0])
    page = match["page"] if match else name
    return (order.index(page) if page in order else len(order), stem)


def list_tabs(stems: Iterable[str], current: str, language: str, prefix: str = "") -> list[Tab]:
    """Return the tabs of a report, or of a set of pages that stands apart from it.

    A page alone has none, nor has a comparison: there may be many.

    Parameters
    ----------
    stems : iterable of str
        Names of the pages that lie in the same folder; those of another set are left out.
    current : str
        The page that is read.
    prefix : str
        Put before "<name>.html" to make an address.
    """
    sets, order = list_sets(), list_pages()
    own = {s for s in stems if sets.get(s, "") == sets.get(current, "")}
    found = sorted((s for s in {*own, current} if APART not in s), key=lambda stem: _place(stem, order))
    if len(found) < 2 or current not in found:
        return []
    return [Tab(title_of(s, language), f"{prefix}{s}.html", s == current) for s in found]


def render_tabs(tabs: list[Tab], language: str) -> Markup:
    """Return the tabs as a navigation landmark; nothing where there are none."""
    if not tabs:
        return Markup()
    items = join(
        markup('<li><a href="{}" aria-current=page>{}</a></li>', t.address, t.title)
        if t.current
        else markup('<li><a href="{}">{}</a></li>', t.address, t.title)
        for t in tabs
    )
    return markup('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', say(language, "frame.tabs"), items)


def render_sections(sections: Sequence[tuple[str, str]], language: str) -> Markup:
    """Return the links to a page's sections (id, title), folded; nothing where there are fewer than two."""
    if len(sections) < 2:
        return Markup()
    items = join(markup('<li><a href="#{}">{}</a></li>', id, title) for id, title in sections)
    return markup(
        '<details class="sections"><summary>{}</summary><ul>{}</ul></details>',
        say(language, "frame.sections"),
        items,
    )


def render_breadcrumb(parts: list[str], index: str, language: str) -> Markup:
    """Return where the page lies: the index as a link, then the parts."""
    words = load_texts(language)["frame"]
    items = [markup('<li><a href="{}">{}</a></li>', index, words["index"])]
    items += [markup("<li>{}</li>", part) for part in parts]
    return markup('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', words["where"], join(items))


def link_pages(folder: Path) -> None:
    """Give every stored page of a folder the tabs of its neighbours; pages that have them stay untouched."""
    stems = [p.stem for p in folder.glob("*.html")]
    language = folder.name
    for stem in stems:
        path = folder / f"{stem}.html"
        page = path.read_text(encoding="utf-8")
        begin, end = page.find(TABS_BEGIN), page.find(TABS_END)
        if begin < 0 or end < begin:
            continue
        tabs = render_tabs(list_tabs(stems, stem, language), language)
        linked = "".join((page[: begin + len(TABS_BEGIN)], tabs, page[end:]))
        if linked != page:
            write_whole(path, linked)
