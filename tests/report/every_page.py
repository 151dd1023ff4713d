"""Opens every page that there is, for whomever it can be opened, and lists its sections: no page is named here."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from html import unescape
from itertools import product
from pathlib import Path

from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import OrganisationPage, Page
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.pages import load_pages
from dimios_core.report.pages.comparison.facts import list_named
from dimios_core.report.pages.county_report.facts import list_counties

COUNTIES = ("12", "14", "24")
#: who are compared, where all of them are there by name
COMPARED = (("almvik", "bergtuna"), ("almvik", "oxtuna", "region-almland"))
#: combinations of a section's controls that are looked at
CHOICES_MAX = 40


def open_pages(
    results: Path, language: str, organisations: typing.Iterable[str], period: str = "2026"
) -> Iterator[Page]:
    """Open every page for each of the organisations, the counties and the nation."""
    for page in load_pages().values():
        if issubclass(page, OrganisationPage):
            for organisation in organisations:
                yield page.open(organisation, period, language, str(results))
        else:
            asked = next(iter(inspect.signature(page.open).parameters))  # type: ignore[attr-defined]
            for given in list_given(results, asked, period):
                yield page.open(*given, period, language, str(results))  # type: ignore[attr-defined]


def list_given(results: Path, asked: str, period: str) -> list[tuple[str, ...]]:
    """List what a page on many is opened for, by the name of its first parameter."""
    public = PublicResults(results)
    if asked == "county":
        return [(county,) for county in COUNTIES if county in list_counties(public, period)]
    if asked == "organisations":
        named = set(list_named(public, period))
        sets = [chosen if named.issuperset(chosen) else sorted(named)[: len(chosen)] for chosen in COMPARED]
        return [(" ".join(chosen),) for chosen in sets]
    return [()]


def list_sections(page: type[Page]) -> list[str]:
    """List the methods of a page that a cell can display, in the order they are defined."""
    found = []
    for name, method in vars(page).items():
        if name.startswith("_") or not inspect.isfunction(method):
            continue
        returned = typing.get_type_hints(method).get("return")
        if returned in (Piece, LivePiece) and len(inspect.signature(method).parameters) == 1:
            found.append(name)
    return found


def words_of(html: str) -> list[str]:
    """Return the paragraphs, headings and list items of a section, without charts, tables and controls."""
    bare = re.sub(r"<(style|svg|script|details|select|table)\b.*?</\1>", "", html, flags=re.DOTALL)
    found = re.findall(r"<(p|h1|h2|h3|h4|dt|dd|li|figcaption)\b[^>]*>(.*?)</\1>", bare, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", text)) for _, text in found]


def show(page: Page, choices_n: int = 1) -> dict[str, list[str]]:
    """Return the HTML of every section of a page; with its first choices where it has controls."""
    shown = {}
    for name in list_sections(type(page)):
        piece = getattr(page, name)()
        shown[name] = [piece.html]
        if isinstance(piece, LivePiece):
            names = [c.name for c in piece.controls]
            choices = list(product(*([v for _, v in c.options] for c in piece.controls)))
            shown[name] += [
                piece.render(**dict(zip(names, c, strict=True)))
                for c in choices[1 : min(choices_n, CHOICES_MAX)]
            ]
    return shown
