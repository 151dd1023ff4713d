"""The index: which reports there are, and the page that lists them, for a server and for a folder alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import jinja2

from dimios_core.page.assets import read_static

DEMO_LABEL = "Demodata, påhittade organisationer"
REPORT_TITLES = {"our_result": "Vårt resultat"}
INDEX = "index.html"
#: å, ä and ö come last in the Swedish alphabet, in this order
SWEDISH_LAST = str.maketrans({"å": "\uffff1", "ä": "\uffff2", "ö": "\uffff3"})


@dataclass(frozen=True)
class OrganisationLabel:
    """How an organisation is named on the page; `demo` marks made-up data."""

    name: str
    demo: bool


@dataclass(frozen=True)
class ListedReport:
    """One report in the index.

    `live` is the address of the report with controls ("" where nothing serves it), `stored` that of its page
    ("" where there is none).
    """

    period: str
    language: str
    title: str
    live: str
    stored: str


@dataclass(frozen=True)
class Shelf:
    """One organisation's reports, the newest first."""

    name: str
    demo: bool
    reports: tuple[ListedReport, ...]


Labels = Callable[[], Mapping[str, OrganisationLabel]]


def list_shelves(
    reports: Path, labels: Mapping[str, OrganisationLabel], live_prefix: str | None, stored_prefix: str
) -> list[Shelf]:
    """Return the reports that lie in the reports folder, by organisation in Swedish alphabetical order.

    A report of an organisation without a label is left out: its results are not published.

    Parameters
    ----------
    reports
        period/organisation/language/notebook.ipynb, with the stored page beside it as .html.
    labels
        Names of organisations by id.
    live_prefix
        Put before a notebook's path to make the live report's address; None where nothing serves it.
    stored_prefix
        Put before a page's path to make the stored page's address.
    """
    found: dict[str, list[ListedReport]] = {}
    for path in reports.glob("*/*/*/*.ipynb"):
        place = path.relative_to(reports)
        period, organisation, language, _ = place.parts
        title = REPORT_TITLES.get(path.stem, path.stem.replace("_", " ").capitalize())
        live = "" if live_prefix is None else live_prefix + quote(place.as_posix())
        page = place.with_suffix(".html")
        stored = stored_prefix + quote(page.as_posix()) if (reports / page).is_file() else ""
        if live or stored:
            found.setdefault(organisation, []).append(ListedReport(period, language, title, live, stored))
    shelves = [
        Shelf(
            labels[organisation].name,
            labels[organisation].demo,
            tuple(sorted(entries, key=lambda r: (r.period, r.language == "sv", r.title), reverse=True)),
        )
        for organisation, entries in found.items()
        if organisation in labels
    ]
    return sorted(shelves, key=lambda shelf: shelf.name.lower().translate(SWEDISH_LAST))


def render_index(shelves: list[Shelf]) -> str:
    """Return the page that lists the reports."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(read_static("index.html.j2")).render(
        shelves=shelves,
        any_demo=any(shelf.demo for shelf in shelves),
        any_live=any(r.live for shelf in shelves for r in shelf.reports),
        demo_label=DEMO_LABEL,
    )


def write_index(reports: Path, labels: Mapping[str, OrganisationLabel]) -> Path:
    """Write the index of the stored pages into the reports folder: it opens without a server."""
    target = reports / INDEX
    reports.mkdir(parents=True, exist_ok=True)  # there is none yet where every report failed
    temporary = target.with_name(f".{INDEX}.{os.getpid()}")
    temporary.write_text(render_index(list_shelves(reports, labels, None, "")), encoding="utf-8")
    temporary.replace(target)
    return target
