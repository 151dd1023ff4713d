"""Whom an own page is about: one organisation, a county's organisations, or all together."""

from __future__ import annotations

from dimios_core.errors import InputError, Problem
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import ConsortiumPage, OrganisationPage, Page, write_given
from dimios_core.report.charts.chart import Charts

OWN = "own"
EVERYBODY = "all"
COUNTY_DIGITS_N = 2


class OwnOrganisation(OrganisationPage):
    """The frame of an own page about one organisation."""

    name = OWN
    title = ""

    @property
    def charts(self) -> Charts:
        """None: its sections hold them."""
        return Charts()


class OwnConsortium(ConsortiumPage):
    """The frame of an own page about a county's organisations, or all together."""

    name = OWN
    title = ""
    county = ""

    @property
    def charts(self) -> Charts:
        """None: its sections hold them."""
        return Charts()

    @property
    def group(self) -> str:
        """Whose figures the page is built around, as public tables call them."""
        return f"county:{self.county}" if self.county else EVERYBODY

    @property
    def subject(self) -> str:
        """The county's name, or the sector."""
        if self.county:
            return str(self.narrator.texts["peers"]["counties"].get(self.county, self.county))
        return self.narrator.say("sector.subject")

    @property
    def owner(self) -> dict[str, str]:
        """All organisations together, and the county that the page is about."""
        return super().owner | ({"county": self.county} if self.county else {})

    @property
    def levels(self) -> list[tuple[str, str, float | None]]:
        """The group's levels in the page's period."""
        rows = self.results.rows("group_levels", period=self.period, group=self.group)
        return [(r["level"], r["key"], r["mean"]) for r in rows]


def open_subject(
    title: str, organisation: str | int, county: str | int, period: str | int, language: str, results: str
) -> Page:
    """Open the frame of an own page.

    Raises
    ------
    InputError
        No title, both an organisation and a county, or no published results of what is asked for.
    """
    problems = []
    if not title.strip():
        problems.append(Problem("OwnPage, title", "it is empty", "say what the page is about"))
    if organisation and county:
        problems.append(
            Problem("OwnPage", "organisation and county are both given", "give one of them, or neither")
        )
    if problems:
        raise InputError(problems)
    page: OwnOrganisation | OwnConsortium
    if organisation:
        page = OwnOrganisation.open(write_given(organisation), period, language, results)
    else:
        public, told = OwnConsortium.open_public(period, language, results)
        page = OwnConsortium(public, told, language)
        if county:
            page.county = write_given(county, COUNTY_DIGITS_N)
            _check_county(public, told, page.county)
    page.title = title
    return page


def _check_county(results: PublicResults, period: str, county: str) -> None:
    rows = results.rows("group_levels", period=period, kind="county")
    shown = sorted({r["group"].partition(":")[2] for r in rows if r["mean"] is not None})
    if county not in shown:
        what = f"the organisations of county {county!r} are not shown together in {period}"
        remedy = f"choose among: {', '.join(shown)}" if shown else "no county is shown"
        raise InputError(Problem("OwnPage, county", what, remedy))
