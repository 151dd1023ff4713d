"""One organisation's published figures as a workbook: a sheet that explains the others, charts, and a sheet a table.

Its bytes depend on the published results alone: no clock, no user, no path.
"""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from dimios_core.export.workbook.charts import write_charts
from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.guide import write_guide
from dimios_core.export.workbook.sheets import open_sheet, write_table
from dimios_core.export.workbook.styles import Styles
from dimios_core.export.workbook.tables import tabulate_all
from dimios_core.office.office_text import READS_PROPERTY
from dimios_core.published.store import PublishedResults

#: when every workbook says that it was made: the time would tell of the machine, not of the results
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes times without a zone
#: texts are texts, whatever they begin with; in memory, or the archive would carry times of files
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def make_workbook(results: PublishedResults, period: str, language: str) -> bytes:
    """Make the workbook of one organisation.

    Parameters
    ----------
    results : PublishedResults
    period : str
        One of the organisation's; the tables hold it and all before it.
    language : str
        "sv" or "en".

    Returns
    -------
    bytes
        An .xlsx file; the same from the same results.
    """
    edition = Edition(results, period, language)
    say, target = edition.narrator.say, io.BytesIO()
    tables = tabulate_all(edition)
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        styles = Styles(book)
        names = ("guide", "charts", *(table.id for table in tables))
        guide, charts, *rest = [book.add_worksheet(say(f"workbook.sheets.{name}.name")) for name in names]
        write_guide(guide, tables, edition, styles)
        write_charts(book, charts, edition, styles)
        for sheet, table in zip(rest, tables, strict=True):
            title, tells = (say(f"workbook.sheets.{table.id}.{part}") for part in ("name", "tells"))
            open_sheet(sheet, edition, styles, title, tells)
            write_table(sheet, table, edition, styles)
        name = results.profile["name"]
        book.set_properties(
            {
                "title": say("workbook.title", name=name, period=period),
                "subject": edition.demo_label,
                "created": CREATED,
            }
        )
        # last: by now all files have been read
        for file, held in results.reads.as_dict().items():
            book.set_custom_property(READS_PROPERTY + file, held, "text")
    return target.getvalue()
