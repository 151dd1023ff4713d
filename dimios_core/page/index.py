"""The index: which reports there are, and the page that lists them, for a server and for a folder alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from dimios_core.errors import InputError
from dimios_core.instrument.lead import name_composite
from dimios_core.languages import DEFAULT, list_languages, load_texts, name_language, say
from dimios_core.markup import load_template
from dimios_core.page.assets import embed_static, read_static
from dimios_core.page.navigation import reading_order, title_of
from dimios_core.places import CONSORTIUM
from dimios_core.published.store import load_public
from dimios_core.replacing import write_whole
from dimios_core.suites import name_set

INDEX = "index.html"


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
    """The pages of one period and language; `missing` is how many of those that belong to it are not there.

    `name` is what pages are called that stand apart from the organisation's report, "" of the report itself.
    """

    period: str
    language: str
    pages: tuple[ListedPage, ...]
    missing: int
    name: str = ""


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
    language: str = DEFAULT,
) -> list[Shelf]:
    """Return the stored pages that lie in the reports folder: on all organisations first, then one by one.

    A page of an organisation without a label is left out: its results are not published. Organisations come
    in the alphabetical order of the list's language.

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
    language
        In which the list is written; of a period, reports in it come first.
    """
    names = dict(labels)
    if labels and with_all:
        names[CONSORTIUM] = OrganisationLabel(
            say(language, "index.all"), any(o.demo for o in labels.values())
        )
    known, sets = list_languages(), load_texts(language)["index"]["sets"]
    found: dict[str, dict[tuple[str, str, str], list[Path]]] = {}
    owners = "*" if len(names) != 1 else next(iter(names))
    for path in reports.glob(f"*/{owners}/*/*.html"):
        period, owner, language_of, _ = path.relative_to(reports).parts
        if owner in names and language_of in known:
            place = (period, language_of, name_set(path.stem))
            found.setdefault(owner, {}).setdefault(place, []).append(path)
    shelves = {}
    for owner, places in found.items():
        listed = []
        for (period, language_of, suite), paths in places.items():
            paths.sort(key=lambda p: reading_order(p.stem))
            pages = tuple(
                ListedPage(title_of(p.stem, language_of), prefix + quote(p.relative_to(reports).as_posix()))
                for p in paths
            )
            whole = owner == CONSORTIUM or suite
            missing = 0 if whole else len(set(expected) - {p.stem for p in paths})
            name = sets.get(suite, suite.capitalize())
            listed.append(ListedReport(period, language_of, pages, missing, name))
        listed.sort(key=lambda r: (r.language, r.name))
        listed.sort(key=lambda r: (r.period, r.language == language), reverse=True)
        shelves[owner] = Shelf(names[owner].name, names[owner].demo, tuple(listed))
    letters = load_texts(language)["language"]["last_letters"]
    last = str.maketrans({letter: f"\uffff{n}" for n, letter in enumerate(letters)})
    return [
        shelves[o]
        for o in sorted(shelves, key=lambda o: (o != CONSORTIUM, names[o].name.lower().translate(last)))
    ]


def index_language(results: Path) -> str:
    """Return the language of the list: the model's first that there are texts in, else the default."""
    try:
        languages = load_public(results).instrument.languages
    except (InputError, OSError):  # none, or of another version: the list is shown all the same
        return DEFAULT
    return next((code for code in languages if code in list_languages()), DEFAULT)


def name_subject(results: Path) -> str:
    """Return what the reports of a results folder are about, as it stands in running text; "" where nothing says it."""
    try:
        words = name_composite(load_public(results).instrument, index_language(results))
    except (InputError, OSError):  # as above
        return ""
    return words.running if words else ""


def render_index(shelves: list[Shelf], subject: str = "", language: str = DEFAULT) -> str:
    """Return the page that lists the reports, which are about a subject where one is told."""
    heading = (
        say(language, "index.heading_about", subject=subject) if subject else say(language, "index.heading")
    )
    template = load_template(read_static("index.html.j2"), lstrip_blocks=True)
    return template.render(
        shelves=shelves,
        language=language,
        heading=heading,
        say=partial(say, language),
        name_language=partial(name_language, reader=language),
        any_demo=any(shelf.demo for shelf in shelves),
        all_demo=all(shelf.demo for shelf in shelves),
        style=embed_static("page.css"),
    )


def write_index(
    reports: Path,
    labels: Mapping[str, OrganisationLabel],
    expected: Sequence[str] = (),
    subject: str = "",
    language: str = DEFAULT,
) -> Path:
    """Write the index of the stored pages into the reports folder: it opens without a server."""
    target = reports / INDEX
    reports.mkdir(parents=True, exist_ok=True)  # there is none yet where every report failed
    shelves = list_shelves(reports, labels, "", expected, language=language)
    write_whole(target, render_index(shelves, subject, language))
    return target
