"""Plans the workbook of a county, or of the nation: a sheet that explains the others, charts, and a sheet a table."""

from __future__ import annotations

from dimios_core.export.workbook.many_tables import SHEETS, ManyEdition
from dimios_core.export.workbook.published_tables import NOTHING
from dimios_core.office.workbook.outline import (
    Book,
    Charts,
    ChartTable,
    Section,
    Sheet,
    SheetTable,
    Words,
)
from dimios_core.published.store import PublicResults
from dimios_core.report.pages.county_report.page import CountyReport
from dimios_core.report.pages.national_status.page import NationalStatus
from dimios_core.report.sector.sector_facts import SectorFacts

#: what the first sheet cautions of, from the page's own small print
COUNTY_CAUTIONS = ("these", "country", "sharing", "panel", "who", "caution")
NATIONAL_CAUTIONS = ("selected", "sector", "unweighted", "panel", "hidden", "caution")


def plan_many_workbook(results: PublicResults, county: str, period: str, language: str) -> Book:
    """Plan the workbook of a county, or of the nation where `county` is "".

    Parameters
    ----------
    results : PublicResults
    county : str
        Two-digit code, or "".
    period : str
        The tables hold it and all before it.
    language : str
        One of the model.

    Returns
    -------
    Book
        The same from the same results.
    """
    page: CountyReport | NationalStatus = (
        CountyReport(results, county, period, language)
        if county
        else NationalStatus(results, period, language)
    )
    edition, say = ManyEdition(page, county), page.narrator.say
    told = [name for name in SHEETS if county or name != "named"]
    held: dict[str, Words | Charts | SheetTable] = {name: edition.tabulate(name) for name in told}
    held = {"guide": _explain(edition, told), "charts": Charts(tuple(_list_charts(page))), **held}
    return Book(
        title=say("workbook.title", name=page.subject, period=period),
        subject=page.subject,
        label=page.demo_label,
        nothing=say("workbook.empty"),
        sheets=tuple(
            Sheet(say(f"workbook.many.{name}.name"), say(f"workbook.many.{name}.tells"), holds)
            for name, holds in held.items()
        ),
        reads=results.reads.as_dict(),  # last: by now all files have been read
    )


def _list_charts(page: CountyReport | NationalStatus) -> list[ChartTable]:
    """The categories, beside the country's where the group is a county; those of nothing are left out."""
    say, narrator = page.narrator.say, page.narrator
    county = isinstance(page, CountyReport)
    facts: SectorFacts = page.facts.group if isinstance(page, CountyReport) else page.facts
    figures = facts.of_level("category")
    rows: list[tuple[str | float | None, ...]] = []
    for f in figures:
        interval = (f.own_low, f.own_high) if county else (f.low, f.high)
        row = [narrator.name("category", f.key), f.mean, *interval]
        if isinstance(page, CountyReport):
            row.append(page.facts.country.level(("category", f.key)).mean)
        rows.append((*row, ""))
    names = ["category", "mean", "low", "high", *(["country"] if county else []), "remark"]
    headers = tuple(say(f"workbook.many.chart.{n}") for n in names)
    title = say(f"workbook.many.chart.{'title_county' if county else 'title'}")
    conclusion = page.telling.headline()
    kinds = ("score",) * (len(names) - 2)
    table = ChartTable(title, conclusion, say("workbook.charts.beside"), headers, kinds, tuple(rows))
    return [table] if table.shows_anything else []


def _explain(edition: ManyEdition, told: list[str]) -> Words:
    """Return what the first sheet says."""
    page, say = edition.page, edition.narrator.say
    kind, names = ("county", COUNTY_CAUTIONS) if edition.county else ("sector", NATIONAL_CAUTIONS)
    stamp, model = page.results.stamp, page.results.instrument
    origin = {
        "organisation": page.subject,
        "period": page.period,
        "model": f"{model.text(model.name, page.language)} ({stamp['instrument']}, {model.version})",
        "method": str(stamp["method_version"]),
        "version": page.results.reads.version,
    }
    about = [(say(f"workbook.guide.origin.{n}"), text) for n, text in origin.items() if n != "organisation"]
    about.insert(0, (say("workbook.many.subject"), page.subject))
    sheets = [(say(f"workbook.many.{n}.name"), say(f"workbook.many.{n}.tells")) for n in ("charts", *told)]
    columns = [
        (
            say(f"workbook.many.{n}.name"),
            edition.title(n, c),
            edition.unit(n, c) or NOTHING,
            edition.meaning(n, c),
        )
        for n in told
        for c in SHEETS[n][1]
    ]
    headers = tuple(say(f"workbook.guide.column_{part}") for part in ("sheet", "title", "unit", "meaning"))
    return Words(
        (
            Section(say("workbook.guide.about"), tuple(about)),
            Section(say("workbook.guide.cautions"), tuple(("", say(f"{kind}.reading.{n}")) for n in names)),
            Section(say("workbook.guide.sheets"), tuple(sheets)),
            Section(say("workbook.guide.columns"), tuple(columns), headers),
        )
    )
