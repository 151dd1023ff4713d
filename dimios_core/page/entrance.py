"""The list of reports as an entrance: whom there are reports on, by county, and how far each has come.

How far others have come is told to those alone who may see all organisations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dimios_core.languages import load_texts, say
from dimios_core.page.index import OrganisationLabel, Shelf, order_of_names
from dimios_core.page.navigation import title_of
from dimios_core.page.state import FailedPage, State
from dimios_core.places import CONSORTIUM
from dimios_core.report.numbers import NumberFormat

#: so many organisations stand in one list, not folded by county
UNFOLDED_MAX = 12
YEAR_DIGITS_N = 4
#: how far an organisation has come with the newest measurement, what asks for something first
STATUSES = ("failed", "late", "none", "part", "made")


@dataclass(frozen=True)
class Entry:
    """An organisation in the list.

    Attributes
    ----------
    shelf : Shelf
        Its reports; of who has none yet the name alone.
    facts : tuple of str
        Its type, when it measured last, how many answered.
    type, county : str
        Codes of the register; "" where they are not told.
    status, told : str
        One of `STATUSES`, and its words; "" where the reader is not told.
    """

    shelf: Shelf
    facts: tuple[str, ...]
    type: str
    county: str
    status: str = ""
    told: str = ""

    @property
    def address(self) -> str:
        """Where its newest report begins; "" where there is none."""
        return self.shelf.reports[0].pages[0].address if self.shelf.reports else ""


@dataclass(frozen=True)
class Group:
    """Organisations of a county, by name; without a title where they are not told apart."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Failure:
    """A page that could not be made: of whom, which, where and why, and what to do."""

    name: str
    page: str
    where: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Entrance:
    """What the list of reports shows.

    Attributes
    ----------
    common : tuple of Shelf
        Reports on many organisations.
    groups : tuple of Group
    types : tuple of (code, words)
        Types of organisations there are, where there are several.
    counts : tuple of (status, words, number of organisations)
        How far all have come; empty for who is not told.
    failures : tuple of Failure
    newest : str
        The newest year in which anybody measured.
    comparable : tuple of (id, name)
        Organisations that may be compared by name, where the reader may see all and there are at least two.
    """

    common: tuple[Shelf, ...]
    groups: tuple[Group, ...]
    types: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    newest: str = ""
    comparable: tuple[tuple[str, str], ...] = ()

    @property
    def entries(self) -> list[Entry]:
        """All organisations, group by group."""
        return [entry for group in self.groups for entry in group.entries]

    @property
    def shelves(self) -> list[Shelf]:
        """All that are shown."""
        return [*self.common, *(entry.shelf for entry in self.entries)]


def build_entrance(
    shelves: Sequence[Shelf],
    labels: Mapping[str, OrganisationLabel],
    language: str,
    state: State | None = None,
) -> Entrance:
    """Put reports and what is known of organisations together.

    Parameters
    ----------
    shelves : sequence of Shelf
        The reports that the reader may read.
    labels : mapping of id -> OrganisationLabel
        The organisations that the reader may be told of.
    language : str
    state : State or None
        How far the consortium has come; None for a reader of one organisation, who is told of others nothing.
    """
    tell = partial(say, language)
    by_id = {shelf.id: shelf for shelf in shelves}
    # some measure half years, and others whole ones
    newest = max(
        (label.periods[-1][:YEAR_DIGITS_N] for label in labels.values() if label.periods), default=""
    )
    known = dict(labels)
    if state is not None:
        made_up = bool(labels) and all(label.demo for label in labels.values())
        for r in state.waiting:
            known.setdefault(r.id, OrganisationLabel(r.name, made_up, r.type, r.county))
    shown = [i for i in known if i in by_id or state is not None]
    failed = Counter(page.owner for page in state.failed) if state is not None else Counter()
    entries = []
    for i in sorted(shown, key=lambda i: order_of_names(language)(known[i].name)):
        label = known[i]
        shelf = by_id.get(i, Shelf(i, label.name, label.demo, ()))
        status, told = ("", "") if state is None else _judge(shelf, label, newest, failed[i], tell)
        entries.append(Entry(shelf, _tell_facts(label, language), label.type, label.county, status, told))
    comparable = tuple((e.shelf.id, e.shelf.name) for e in entries if known[e.shelf.id].named)
    return Entrance(
        tuple(shelf for shelf in shelves if shelf.id not in known),
        _group(entries, language),
        _list_types(entries, tell),
        _count(entries, newest, tell) if state is not None and len(entries) > 1 else (),
        tuple(_tell_failure(page, known, language) for page in state.failed) if state is not None else (),
        newest,
        comparable if state is not None and len(comparable) > 1 else (),
    )


def _judge(
    shelf: Shelf, label: OrganisationLabel, newest: str, failed_n: int, tell: Callable[..., str]
) -> tuple[str, str]:
    """Return how far an organisation has come with its measurement of the newest year, and the words for it."""
    latest = label.periods[-1] if label.periods else ""
    now = [report for report in shelf.reports if report.period == latest]
    missing = min((report.missing for report in now), default=0)
    if failed_n:
        return "failed", tell("index.status.failed", n=failed_n)
    if not latest.startswith(newest):
        return "late", tell("index.status.late", period=newest)
    if latest and not now:
        return "none", tell("index.status.none", period=latest)
    return ("part", tell("index.status.part", n=missing)) if missing else ("made", "")


def _tell_facts(label: OrganisationLabel, language: str) -> tuple[str, ...]:
    facts = [say(language, f"index.types.{label.type}")] if label.type else []
    if label.periods:
        newest = label.periods[-1]
        facts.append(newest)
        if (rate := label.rates.get(newest)) is not None:
            facts.append(say(language, "index.answered", share=NumberFormat(language).share(rate)))
    return tuple(facts)


def _group(entries: list[Entry], language: str) -> tuple[Group, ...]:
    if len(entries) <= UNFOLDED_MAX:
        return (Group("", tuple(entries)),) if entries else ()
    counties = load_texts(language)["peers"]["counties"]
    order = order_of_names(language)
    codes = sorted({e.county for e in entries}, key=lambda c: (c not in counties, order(counties.get(c, c))))
    return tuple(
        Group(
            counties.get(code, code) or say(language, "index.no_county"),
            tuple(entry for entry in entries if entry.county == code),
        )
        for code in codes
    )


def _list_types(entries: list[Entry], tell: Callable[..., str]) -> tuple[tuple[str, str], ...]:
    types = sorted({entry.type for entry in entries if entry.type})
    return tuple((code, tell(f"index.types.{code}")) for code in types) if len(types) > 1 else ()


def _count(entries: list[Entry], newest: str, tell: Callable[..., str]) -> tuple[tuple[str, str, int], ...]:
    counted = Counter(entry.status for entry in entries)
    return tuple((s, tell(f"index.count.{s}", period=newest), counted[s]) for s in STATUSES if counted[s])


def _tell_failure(page: FailedPage, labels: Mapping[str, OrganisationLabel], language: str) -> Failure:
    name = labels[page.owner].name if page.owner in labels else say(language, "index.all")
    cell = "" if page.cell is None else say(language, "index.cell", n=page.cell)
    where = ", ".join(part for part in (page.period, page.language, cell) if part)
    again = "" if page.owner == CONSORTIUM else f" -o {page.owner}"
    remedy = say(language, "index.failed_remedy", command=f"dimios report{again} --period {page.period}")
    return Failure(name, title_of(page.page, language), where, page.reason, remedy)
