"""The index: which reports there are, and the page that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import jinja2
import tornado.web

DEMO_LABEL = "Demodata, påhittade organisationer"
REPORT_TITLES = {"our_result": "Vårt resultat"}
RENDER_PREFIX = "/voila/render/"
#: period, organisation, language, notebook: what a report's address is made of, and nothing else
REPORT_PATH_PATTERN = r"(\d{4}(?:-[12])?/[a-z0-9][a-z0-9-]*/(?:sv|en)/[a-z0-9_]+\.ipynb)"
#: å, ä and ö come last in the Swedish alphabet, in this order
SWEDISH_LAST = str.maketrans({"å": "\uffff1", "ä": "\uffff2", "ö": "\uffff3"})


@dataclass(frozen=True)
class OrganisationLabel:
    """How an organisation is named on the page; `demo` marks made-up data."""

    name: str
    demo: bool


@dataclass(frozen=True)
class ServedReport:
    """One report on the page and its address on this server."""

    period: str
    language: str
    title: str
    address: str


@dataclass(frozen=True)
class Shelf:
    """One organisation's reports, the newest first."""

    name: str
    demo: bool
    reports: tuple[ServedReport, ...]


Labels = Callable[[], Mapping[str, OrganisationLabel]]


def list_shelves(reports: Path, labels: Mapping[str, OrganisationLabel]) -> list[Shelf]:
    """Return the reports that lie in the reports folder, by organisation in Swedish alphabetical order.

    A report of an organisation without a label is left out: its results are not published.
    """
    found: dict[str, list[ServedReport]] = {}
    for path in reports.glob("*/*/*/*.ipynb"):
        period, organisation, language, _ = path.relative_to(reports).parts
        title = REPORT_TITLES.get(path.stem, path.stem.replace("_", " ").capitalize())
        address = RENDER_PREFIX + quote(path.relative_to(reports).as_posix())
        found.setdefault(organisation, []).append(ServedReport(period, language, title, address))
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
    source = (
        resources.files("dimios_core.serve").joinpath("pages", "index.html.j2").read_text(encoding="utf-8")
    )
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source).render(
        shelves=shelves, any_demo=any(shelf.demo for shelf in shelves), demo_label=DEMO_LABEL
    )


class IndexHandler(tornado.web.RequestHandler):
    """Shows the index."""

    def initialize(self, reports: Path, labels: Labels) -> None:
        """Keep where the reports lie and how organisations are named."""
        self.reports, self.labels = reports, labels

    def get(self) -> None:
        """Answer with the page, made anew each time: reports may have been added."""
        self.set_header("Cache-Control", "no-store")
        self.finish(render_index(list_shelves(self.reports, self.labels())))
