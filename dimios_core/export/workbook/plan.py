"""Plans the workbook of one organisation: a sheet that explains the others, charts, and a sheet a table."""

from __future__ import annotations

from dimios_core.export.workbook.chart_tables import tabulate_charts
from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.guide import explain
from dimios_core.export.workbook.published_tables import tabulate_all
from dimios_core.office.workbook.outline import Book, Charts, Sheet, SheetTable, Words
from dimios_core.published.store import PublishedResults


def plan_workbook(results: PublishedResults, period: str, language: str) -> Book:
    """Plan the workbook of one organisation.

    Parameters
    ----------
    results : PublishedResults
    period : str
        One of the organisation's; the tables hold it and all before it.
    language : str
        One of the model.

    Returns
    -------
    Book
        The same from the same results.
    """
    edition = Edition(results, period, language)
    say, subject = edition.narrator.say, results.profile["name"]
    tables = {table.id: table for table in tabulate_all(edition)}
    held: dict[str, Words | Charts | SheetTable] = {
        "guide": explain(edition),
        "charts": Charts(tuple(tabulate_charts(edition))),
        **tables,
    }
    return Book(
        title=say("workbook.title", name=subject, period=period),
        subject=subject,
        label=edition.demo_label,
        nothing=say("workbook.empty"),
        sheets=tuple(
            Sheet(say(f"workbook.sheets.{name}.name"), say(f"workbook.sheets.{name}.tells"), holds)
            for name, holds in held.items()
        ),
        reads=results.reads.as_dict(),  # last: by now all files have been read
    )
