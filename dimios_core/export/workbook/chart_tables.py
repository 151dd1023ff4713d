"""What a workbook's charts are drawn of: small tables of published figures, beside each chart for all to read.

A figure that is not shown leaves its cell empty, or the chart would draw it as zero; the row's remark says why.
"""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.export.workbook.columns import word_column
from dimios_core.export.workbook.edition import Edition
from dimios_core.instrument.lead import begin_large, lead_of
from dimios_core.office.workbook.outline import ChartTable
from dimios_core.published.conventions import DONT_KNOW_MOST
from dimios_core.report.figures import Comparison, Figure
from dimios_core.report.finding import Finding, find_level
from dimios_core.report.pages.our_result.findings import find_changes, find_rows


def tabulate_charts(edition: Edition) -> list[ChartTable]:
    """Return the tables of all charts, in the order to show; those of nothing are left out."""
    made = [categories_table(edition), development_table(edition), dont_know_table(edition)]
    return [table for table in made if table.shows_anything]


def categories_table(edition: Edition) -> ChartTable:
    """The categories with their intervals; beside them the means of the peer group that comes first, where there is one."""
    facts, say = edition.facts, edition.narrator.say
    figures = facts.of_level("category")
    first, *between, last = (
        word_column(edition, "scores", c).title for c in ("category", "score", "ci_low", "ci_high", "remark")
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
        return _table(edition, "categories", headers, ("score",) * 3, rows, [*map(find_level, facts.tops)])
    others = edition.narrator.name_others(facts.group)
    headers = (first, *between, begin_large(others), last)
    findings = [*map(find_level, facts.tops), find_rows(facts, "category")]
    return _table(edition, "peers", headers, ("score",) * 4, rows, findings)


def development_table(edition: Edition) -> ChartTable:
    """What a report leads with over the periods, with its intervals, the oldest first."""
    lead = lead_of(edition.results.instrument)
    figures = {p: edition.figures[p, *lead] for p in reversed(edition.periods)}
    rows = [(p, f.score, f.low, f.high, _remark(edition, f)) for p, f in figures.items()]
    columns = ("period", "score", "ci_low", "ci_high", "remark")
    headers = tuple(word_column(edition, "scores", c).title for c in columns)
    found = find_changes(edition.facts, [lead])
    return _table(edition, "development", headers, ("score",) * 3, rows, found, joined=True)


def dont_know_table(edition: Edition) -> ChartTable:
    """Shares of don't-know, the largest first."""
    figures = sorted(
        edition.facts.of_level("point"),
        key=lambda f: (f.dont_know_share is None, -(f.dont_know_share or 0.0)),
    )
    headers = tuple(word_column(edition, "scores", c).title for c in ("point", "dont_know_share", "remark"))
    rows = [(_name(edition, f), f.dont_know_share, _remark_on_share(edition, f)) for f in figures]
    return _table(edition, "dont_know", headers, ("share",), rows, [edition.messages.unknowns()])


def _table(
    edition: Edition,
    name: str,
    headers: tuple[str, ...],
    kinds: tuple[str, ...],
    rows: Sequence[tuple[str | float | None, ...]],
    findings: Sequence[Finding | str],
    *,
    joined: bool = False,
) -> ChartTable:
    """Return a chart's table; `workbook.charts.<name>` of the texts has its title."""
    say = edition.narrator.say
    told = " ".join(f if isinstance(f, str) else edition.narrator.tell(f) for f in findings)
    beside = f"{told} {say('workbook.charts.beside')}"
    return ChartTable(say(f"workbook.charts.{name}"), told, beside, headers, kinds, tuple(rows), joined)


def _name(edition: Edition, figure: Figure) -> str:
    return edition.narrator.name(figure.level, figure.key)


def _remark(edition: Edition, figure: Figure) -> str:
    """Why a figure is not shown, or that only its bound is; nothing of others."""
    if not figure.published:
        return edition.narrator.say(f"status.{figure.status}")
    return edition.narrator.say(f"workbook.bound.{figure.bound}") if figure.bound else ""


def _remark_on_share(edition: Edition, figure: Figure) -> str:
    """Why a share of don't-know is not shown, or that only its bound is: it may be told where the score is not."""
    if figure.dont_know_share is None:
        return edition.narrator.say(f"status.{figure.status}")
    return edition.narrator.say("workbook.bound.at_least") if figure.dont_know_share >= DONT_KNOW_MOST else ""
