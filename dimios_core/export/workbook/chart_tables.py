"""What a workbook's charts are drawn of: small tables of published figures, beside each chart for all to read.

A figure that is not shown leaves its cell empty, or the chart would draw it as zero; the row's remark says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.export.workbook.edition import Edition
from dimios_core.report.figures import Comparison, Figure
from dimios_core.report.finding import Finding, find_level
from dimios_core.report.pages.our_result.findings import find_changes, find_rows, find_unknowns


@dataclass(frozen=True)
class ChartTable:
    """A chart's table; `workbook.charts.<id>` of the texts has its title.

    Attributes
    ----------
    id : str
    headers : tuple of str
        The first is of the names, the last of the remarks.
    kinds : tuple of str
        How the columns between them are written, as of `SheetColumn`.
    rows : tuple of tuples
        Name, figures (None where one is not shown), remark.
    findings : tuple of Finding
        What the chart shows, to be told in words.
    """

    id: str
    headers: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    findings: tuple[Finding, ...]

    @property
    def shows_anything(self) -> bool:
        """There is a figure to draw."""
        return any(v is not None for row in self.rows for v in row[1:-1])


def tabulate_charts(edition: Edition) -> list[ChartTable]:
    """Return the tables of all charts, in the order to show; those of nothing are left out."""
    made = [categories_table(edition), development_table(edition), dont_know_table(edition)]
    return [table for table in made if table.shows_anything]


def categories_table(edition: Edition) -> ChartTable:
    """The categories with their intervals; beside them the means of the peer group that comes first, where there is one."""
    facts, say = edition.facts, edition.narrator.say
    figures = facts.of_level("category")
    first, *between, last = (
        say(f"workbook.columns.{c}.title") for c in ("category", "score", "ci_low", "ci_high", "remark")
    )
    rows: list[tuple[str | float | None, ...]] = []
    for f in figures:
        own = (_name(edition, f), f.score, f.low, f.high)
        if facts.group is None:
            rows.append((*own, _remark(edition, f)))
            continue
        gap = facts.gaps.get(("category", f.key)) or Comparison(f.status)
        word = f"certainty.{gap.certainty}" if gap.published else f"status.{gap.status}"
        rows.append((*own, gap.reference, _remark(edition, f) or say(word)))
    if facts.group is None:
        headers = (first, *between, last)
        return ChartTable("categories", headers, ("score",) * 3, tuple(rows), (find_level(facts.maturity),))
    others = edition.narrator.name_others(facts.group)
    headers = (first, *between, others[:1].upper() + others[1:], last)
    findings = (find_level(facts.maturity), find_rows(facts, "category"))
    return ChartTable("peers", headers, ("score",) * 4, tuple(rows), findings)


def development_table(edition: Edition) -> ChartTable:
    """Maturity over the periods, with its intervals, the oldest first."""
    say = edition.narrator.say
    figures = {p: edition.figures[p, "maturity", "maturity"] for p in reversed(edition.periods)}
    rows = tuple((p, f.score, f.low, f.high, _remark(edition, f)) for p, f in figures.items())
    columns = ("period", "score", "ci_low", "ci_high", "remark")
    headers = tuple(say(f"workbook.columns.{c}.title") for c in columns)
    return ChartTable("development", headers, ("score",) * 3, rows, tuple(find_changes(edition.facts)))


def dont_know_table(edition: Edition) -> ChartTable:
    """Shares of don't-know, the largest first."""
    say = edition.narrator.say
    figures = sorted(
        edition.facts.of_level("point"), key=lambda f: (not f.published, -(f.dont_know_share or 0.0))
    )
    return ChartTable(
        "dont_know",
        tuple(say(f"workbook.columns.{c}.title") for c in ("point", "dont_know_share", "remark")),
        ("share",),
        tuple((_name(edition, f), f.dont_know_share, _remark(edition, f)) for f in figures),
        (find_unknowns(edition.facts),),
    )


def _name(edition: Edition, figure: Figure) -> str:
    return edition.narrator.name(figure.level, figure.key)


def _remark(edition: Edition, figure: Figure) -> str:
    """Why a figure is not shown, or that only its bound is; nothing of others."""
    if not figure.published:
        return edition.narrator.say(f"status.{figure.status}")
    return edition.narrator.say(f"workbook.bound.{figure.bound}") if figure.bound else ""
