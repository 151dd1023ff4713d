"""What a workbook's charts are drawn of: small tables of published figures, beside each chart for all to read.

A figure that is not shown leaves its cell empty, or the chart would draw it as zero; the row's remark says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.export.workbook.edition import Edition
from dimios_core.report.facts import Comparison, Figure
from dimios_core.report.findings import Finding, find_changes, find_level, find_rows, find_unknowns


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
    made = [
        categories_table(edition),
        peers_table(edition),
        development_table(edition),
        dont_know_table(edition),
    ]
    return [table for table in made if table is not None and table.shows_anything]


def categories_table(edition: Edition) -> ChartTable:
    """The categories with their intervals."""
    say, figures = edition.narrator.say, edition.facts.of_level("category")
    return ChartTable(
        "categories",
        tuple(
            say(f"workbook.columns.{c}.title") for c in ("category", "score", "ci_low", "ci_high", "remark")
        ),
        ("score",) * 3,
        tuple((_name(edition, f), f.score, f.low, f.high, _remark(edition, f)) for f in figures),
        (find_level(edition.facts.maturity),),
    )


def peers_table(edition: Edition) -> ChartTable | None:
    """The categories beside the means of the peer group that comes first; None without one."""
    facts, say = edition.facts, edition.narrator.say
    if facts.group is None:
        return None
    rows: list[tuple[str | float | None, ...]] = []
    for figure in facts.of_level("category"):
        gap = facts.gaps.get(("category", figure.key)) or Comparison(figure.status)
        word = f"certainty.{gap.certainty}" if gap.published else f"status.{gap.status}"
        remark = _remark(edition, figure) or say(word)
        rows.append((_name(edition, figure), figure.score, gap.reference, remark))
    others = edition.narrator.name_others(facts.group)
    headers = (say("workbook.columns.category.title"), say("workbook.columns.own.title"), others[:1].upper() + others[1:],
               say("workbook.columns.remark.title"))  # fmt: skip
    return ChartTable("peers", headers, ("score",) * 2, tuple(rows), (find_rows(facts, "category"),))


def development_table(edition: Edition) -> ChartTable:
    """Maturity and the dimensions over the periods, the oldest first."""
    narrator = edition.narrator
    keys = [("maturity", "maturity"), *((f.level, f.key) for f in edition.facts.of_level("dimension"))]
    rows: list[tuple[str | float | None, ...]] = []
    for period in reversed(edition.periods):
        figures = [edition.figures[(period, *key)] for key in keys]
        reasons = [f"{_name(edition, f)}: {word}" for f in figures if (word := _remark(edition, f))]
        rows.append((period, *(f.score for f in figures), "; ".join(reasons)))
    headers = (narrator.say("workbook.columns.period.title"), *(narrator.name(*k) for k in keys),
               narrator.say("workbook.columns.remark.title"))  # fmt: skip
    findings = tuple(find_changes(edition.facts)) if edition.facts.previous else (Finding("change_first"),)
    return ChartTable("development", headers, ("score",) * len(keys), tuple(rows), findings)


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
