"""The index: which reports there are, for a server and for a folder alike; `entrance` makes the page that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

from dimios_core.errors import InputError
from dimios_core.instrument.lead import name_composite
from dimios_core.languages import DEFAULT, list_languages, load_texts, say
from dimios_core.page.navigation import reading_order, title_of
from dimios_core.places import CONSORTIUM
from dimios_core.published.store import load_public
from dimios_core.suites import APART, name_set

INDEX = "index.html"


@dataclass(frozen=True)
class OrganisationLabel:
    """How an organisation is named on the page, and what is told of it there.

    Attributes
    ----------
    name : str
    demo : bool
        Its data are made up.
    type, county : str
        Codes of the register; "" where they are not told.
    periods : tuple of str
        Those that it has results of, oldest first.
    rates : mapping of period -> share, 0-1
        How many of the invited answered, where that is published.
    named : bool
        Its newest result is published by name, so that it may be compared by name.
    """

    name: str
    demo: bool
    type: str = ""
    county: str = ""
    periods: tuple[str, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    named: bool = False


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
    """One organisation's reports, the newest first; `id` is its own, or the consortium's folder."""

    id: str
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
                ListedPage(
                    name_page(p.stem, language_of, names), prefix + quote(p.relative_to(reports).as_posix())
                )
                for p in paths
            )
            whole = owner == CONSORTIUM or suite
            missing = 0 if whole else len(set(expected) - {p.stem for p in paths})
            name = sets.get(suite, suite.capitalize())
            listed.append(ListedReport(period, language_of, pages, missing, name))
        listed.sort(key=lambda r: (r.language, r.name))
        listed.sort(key=lambda r: (r.period, r.language == language), reverse=True)
        shelves[owner] = Shelf(owner, names[owner].name, names[owner].demo, tuple(listed))
    order = order_of_names(language)
    return [shelves[o] for o in sorted(shelves, key=lambda o: (o != CONSORTIUM, order(names[o].name)))]


def name_page(stem: str, language: str, labels: Mapping[str, OrganisationLabel]) -> str:
    """Return what a page is called in a list: its title, and whom it compares."""
    _, *compared = stem.split(APART)
    names = [labels[i].name if i in labels else i for i in compared]
    return f"{title_of(stem, language)}: {', '.join(names)}" if names else title_of(stem, language)


@cache
def order_of_names(language: str) -> Callable[[str], str]:
    """Return what names are sorted by, as the alphabet of a language has its letters."""
    letters = load_texts(language)["language"]["last_letters"]
    last = str.maketrans({letter: f"\uffff{n}" for n, letter in enumerate(letters)})
    return lambda name: name.lower().translate(last)


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
