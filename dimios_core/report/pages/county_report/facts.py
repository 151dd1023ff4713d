"""Facts of the organisations of a county that measure together. Published figures, picked and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dimios_core.instrument.lead import lead_of
from dimios_core.published.rows import Row
from dimios_core.published.store import PublicResults
from dimios_core.report.figures import PUBLISHED, Key
from dimios_core.report.pages.county_report.sharing import (
    Idea,
    SharedPlan,
    gather_ideas,
    gather_shared_plans,
)
from dimios_core.report.sector.sector_facts import (
    EVERYBODY,
    UNKNOWN,
    GroupChange,
    GroupLevel,
    SectorFacts,
    gather_changes,
    gather_group,
    gather_years,
)

COUNTY_KIND = "county"


@dataclass(frozen=True)
class MemberFigure:
    """One figure of an organisation that shows its result by name.

    Attributes
    ----------
    level, key : str
    score, low, high : float or None
        Percent 0-100 and its 95 % interval.
    period_from : str
        The period that the change is counted from, "" where there is none.
    change : float or None
        Percentage points.
    certainty : str
        Of the change: "increase", "decrease", "none" or "unknown".
    """

    level: str
    key: str
    score: float
    low: float | None = None
    high: float | None = None
    period_from: str = ""
    change: float | None = None
    certainty: str = UNKNOWN


@dataclass(frozen=True)
class Member:
    """An organisation that shows its result by name; its type is "" where it is not told."""

    id: str
    name: str
    figures: Mapping[Key, MemberFigure]
    type: str = ""

    def figure(self, key: Key) -> MemberFigure | None:
        """One of its figures; None where it is not published."""
        return self.figures.get(key)


@dataclass(frozen=True)
class CountyFacts:
    """What is published of a county's organisations in one period.

    Attributes
    ----------
    county : str
        Two-digit code.
    group : SectorFacts
        The county's organisations together.
    country : SectorFacts
        All organisations, those of the county among them.
    members : tuple of Member
        Those that show their result by name, by name.
    elsewhere : tuple of Member
        Those of other counties that do, by name.
    ideas : tuple of Idea
        Initiatives of all that do.
    plans : tuple of SharedPlan
        What the members let the county see of plans that follow this measurement and the one before.
    """

    county: str
    group: SectorFacts
    country: SectorFacts
    members: tuple[Member, ...]
    elsewhere: tuple[Member, ...] = ()
    ideas: tuple[Idea, ...] = ()
    plans: tuple[SharedPlan, ...] = ()

    @property
    def previous(self) -> str | None:
        """The measurement before, of the county or of the country."""
        return self.group.previous or self.country.previous

    @property
    def organisations_n(self) -> int:
        """How many of the county's organisations the group's mean counts."""
        return self.group.lead.organisations_n or 0

    def ranked(self, key: Key) -> list[tuple[Member, MemberFigure]]:
        """Return the members with one of their figures, highest first; those without it are left out."""
        return sorted(self.by_name(key), key=lambda pair: -pair[1].score)

    def by_name(self, key: Key) -> list[tuple[Member, MemberFigure]]:
        """Return the members with one of their figures, by name; those without it are left out."""
        return [(m, f) for m in self.members if (f := m.figure(key)) is not None]

    @property
    def hidden_n(self) -> int:
        """How many of them do not show their result by name."""
        return max(0, self.organisations_n - len(self.members))


@dataclass(frozen=True)
class CountyHistory:
    """One figure of a county over the periods.

    Attributes
    ----------
    key : (level, key)
    years : mapping of period -> GroupLevel
        Oldest first; not published ones are among them.
    changes : mapping of (period, period_from) -> GroupChange
        Of the same organisations.
    members : mapping of name -> mapping of period -> score
        Of the organisations shown by name, in the periods when they are.
    """

    key: Key
    years: Mapping[str, GroupLevel]
    changes: Mapping[tuple[str, str], GroupChange]
    members: Mapping[str, Mapping[str, float]]

    @property
    def shown(self) -> list[str]:
        """Periods with a published mean, oldest first."""
        return [p for p, level in self.years.items() if level.published]


def list_counties(results: PublicResults, period: str) -> list[str]:
    """List the codes of counties whose organisations' mean is published in a period."""
    level, key = lead_of(results.instrument)
    at = {"kind": COUNTY_KIND, "level": level, "key": key, "status": PUBLISHED}
    return sorted(r["group"].partition(":")[2] for r in results.rows("group_levels", period=period, **at))


def gather_county(results: PublicResults, county: str, period: str) -> CountyFacts:
    """Gather what is published of a county's organisations.

    Parameters
    ----------
    results : PublicResults
    county : str
        Two-digit code.
    period : str
    """
    group, country = (gather_group(results, period, g) for g in (f"{COUNTY_KIND}:{county}", EVERYBODY))
    here = _gather_members(results, period, county)
    elsewhere = tuple(m for m in _gather_members(results, period) if m.id not in {h.id for h in here})
    facts = CountyFacts(county, group, country, here, elsewhere)
    return replace(
        facts,
        ideas=gather_ideas(results, {m.id: m.name for m in (*here, *elsewhere)}),
        plans=gather_shared_plans(results, [m.id for m in here], [p for p in (facts.previous, period) if p]),
    )


def _gather_members(results: PublicResults, period: str, county: str = "") -> tuple[Member, ...]:
    """Gather who is shown by name, in a county or anywhere, by name."""
    found = []
    for (name, title), rows in _named_rows(results, period, county):
        figures = {(r["level"], r["key"]): _read_figure(r) for r in rows if r["score"] is not None}
        found.append(Member(name, title, figures, rows[0]["type"]))
    return tuple(sorted(found, key=lambda m: m.name.casefold()))


def gather_county_history(results: PublicResults, county: str, period: str, key: Key) -> CountyHistory:
    """Gather one figure of a county's organisations up to and including a period.

    Members are those that are shown by name in that period.
    """
    group = f"{COUNTY_KIND}:{county}"
    years = {p: v for p, v in gather_years(results, group, key).items() if p <= period}
    changes = {k: v for k, v in gather_changes(results, group, key).items() if k[0] <= period}
    members: dict[str, dict[str, float]] = {}
    for (name, title), _ in _named_rows(results, period, county):
        rows = results.rows("named", id=name, level=key[0], key=key[1])
        scores = {r["period"]: r["score"] for r in rows if r["period"] <= period and r["score"] is not None}
        if scores:
            members[title] = dict(sorted(scores.items()))
    return CountyHistory(key, years, changes, members)


def _named_rows(
    results: PublicResults, period: str, county: str = ""
) -> list[tuple[tuple[str, str], list[Row]]]:
    """Rows of each organisation that is shown by name, of a county or of all: ((id, name), rows)."""
    found: dict[tuple[str, str], list[Row]] = {}
    of = {"county": county} if county else {}
    for r in results.rows("named", period=period, **of):
        if r["id"] and r["name"]:
            found.setdefault((r["id"], r["name"]), []).append(r)
    return [(who, rows) for who, rows in sorted(found.items()) if any(r["score"] is not None for r in rows)]


def _read_figure(r: Row) -> MemberFigure:
    return MemberFigure(
        r["level"], r["key"], r["score"], r["low"], r["high"], r["period_from"], r["change"], r["certainty"]
    )
