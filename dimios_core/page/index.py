"""The index: which reports there are, and the page that lists them, for a server and for a folder alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dimios_core.errors import InputError
from dimios_core.instrument.lead import name_composite
from dimios_core.markup import load_template
from dimios_core.page.assets import embed_static, read_static
from dimios_core.page.navigation import reading_order, title_of
from dimios_core.places import CONSORTIUM
from dimios_core.published.store import load_public
from dimios_core.replacing import write_whole

DEMO_LABEL = "Demodata, påhittade organisationer"
CONSORTIUM_NAME = "Alla organisationer tillsammans"
INDEX, INDEX_LANGUAGE = "index.html", "sv"
#: å, ä and ö come last in the Swedish alphabet, in this order
SWEDISH_LAST = str.maketrans({"å": "\uffff1", "ä": "\uffff2", "ö": "\uffff3"})


@dataclass(frozen=True)
class OrganisationLabel:
    """How an organisation is named on the page; `demo` marks made-up data."""

    name: str
    demo: bool


@dataclass(frozen=True)
class ListedPage:
    """One page of a report, and its address."""

    title: str
    address: str


@dataclass(frozen=True)
class ListedReport:
    """The pages of one period and language; `missing` is how many of those that belong to it are not there."""

    period: str
    language: str
    pages: tuple[ListedPage, ...]
    missing: int


@dataclass(frozen=True)
class Shelf:
    """One organisation's reports, the newest first."""

    name: str
    demo: bool
    reports: tuple[ListedReport, ...]


Labels = Callable[[], Mapping[str, OrganisationLabel]]


def list_shelves(
    reports: Path,
    labels: Mapping[str, OrganisationLabel],
    prefix: str,
    expected: Sequence[str] = (),
    with_all: bool = True,
) -> list[Shelf]:
    """Return the stored pages that lie in the reports folder: on all organisations first, then one by one.

    A page of an organisation without a label is left out: its results are not published. Organisations come
    in Swedish alphabetical order.

    Parameters
    ----------
    reports
        period/organisation/language/page.html.
    labels
        Names of organisations by id.
    prefix
        Put before a page's path to make its address.
    expected
        Names of the pages that an organisation's report has when it is whole.
    with_all
        Whether reports on all organisations together are listed, too.
    """
    names = dict(labels)
    if labels and with_all:
        names[CONSORTIUM] = OrganisationLabel(CONSORTIUM_NAME, any(o.demo for o in labels.values()))
    found: dict[str, dict[tuple[str, str], list[Path]]] = {}
    owners = "*" if len(names) != 1 else next(iter(names))
    for path in reports.glob(f"*/{owners}/*/*.html"):
        period, owner, language, _ = path.relative_to(reports).parts
        if owner in names:
            found.setdefault(owner, {}).setdefault((period, language), []).append(path)
    shelves = {}
    for owner, places in found.items():
        listed = []
        for (period, language), paths in places.items():
            paths.sort(key=lambda p: reading_order(p.stem))
            pages = tuple(
                ListedPage(title_of(p.stem, language), prefix + quote(p.relative_to(reports).as_posix()))
                for p in paths
            )
            missing = 0 if owner == CONSORTIUM else len(set(expected) - {p.stem for p in paths})
            listed.append(ListedReport(period, language, pages, missing))
        listed.sort(key=lambda r: (r.period, r.language == "sv"), reverse=True)
        shelves[owner] = Shelf(names[owner].name, names[owner].demo, tuple(listed))
    return [
        shelves[o]
        for o in sorted(
            shelves, key=lambda o: (o != CONSORTIUM, names[o].name.lower().translate(SWEDISH_LAST))
        )
    ]


def name_subject(results: Path) -> str:
    """Return what the reports of a results folder are about, as it stands in running text; "" where nothing says it."""
    try:
        words = name_composite(load_public(results).instrument, INDEX_LANGUAGE)
    except (InputError, OSError):  # none, or of another version: the list is shown all the same
        return ""
    return words.running if words else ""


def render_index(shelves: list[Shelf], subject: str = "") -> str:
    """Return the page that lists the reports, which are about a subject where one is told."""
    template = load_template(read_static("index.html.j2"), lstrip_blocks=True)
    return template.render(
        shelves=shelves,
        heading=f"Rapporter om {subject}" if subject else "Rapporter",
        any_demo=any(shelf.demo for shelf in shelves),
        all_demo=all(shelf.demo for shelf in shelves),
        demo_label=DEMO_LABEL,
        style=embed_static("page.css"),
    )


def write_index(
    reports: Path, labels: Mapping[str, OrganisationLabel], expected: Sequence[str] = (), subject: str = ""
) -> Path:
    """Write the index of the stored pages into the reports folder: it opens without a server."""
    target = reports / INDEX
    reports.mkdir(parents=True, exist_ok=True)  # there is none yet where every report failed
    write_whole(target, render_index(list_shelves(reports, labels, "", expected), subject))
    return target
