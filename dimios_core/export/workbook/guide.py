"""The first sheet of a workbook: whom it is about, what the others hold, what every column means, and cautions."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.sheets import HEADER_ROW, LINE_PT, open_sheet
from dimios_core.export.workbook.styles import Styles
from dimios_core.export.workbook.tables import NOTHING, SheetTable

STATUSES = ("published", "suppressed_small", "suppressed_complement", "incomplete", "no_answers")
CAUTIONS = ("interval", "certain", "dont_know", "hidden", "caution")
WIDTHS = (26, 34, 24, 84)


def write_guide(sheet: Worksheet, tables: Sequence[SheetTable], edition: Edition, styles: Styles) -> None:
    """Write the first sheet."""
    say = edition.narrator.say
    open_sheet(sheet, edition, styles, say("workbook.sheets.guide.name"), say("workbook.sheets.guide.tells"))
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    writer = _Writer(sheet, styles, HEADER_ROW + 1)
    writer.list(say("workbook.guide.about"), _list_origin(edition))
    writer.list(say("workbook.guide.cautions"), [("", say(f"reading.{c}", response="")) for c in CAUTIONS])
    names = ["charts", *(table.id for table in tables)]
    writer.list(
        say("workbook.guide.sheets"),
        [(say(f"workbook.sheets.{name}.name"), say(f"workbook.sheets.{name}.tells")) for name in names],
    )
    writer.list(
        say("workbook.guide.statuses"),
        [(say(f"workbook.status.{s}"), say(f"workbook.status_meaning.{s}")) for s in STATUSES],
    )
    columns = [
        tuple(say(f"workbook.columns.{c.id}.{part}") or NOTHING for part in ("title", "unit", "meaning"))
        for table in tables
        for c in table.columns
    ]
    sheets = [say(f"workbook.sheets.{table.id}.name") for table in tables for _ in table.columns]
    heads = [say(f"workbook.guide.column_{part}") for part in ("sheet", "title", "unit", "meaning")]
    writer.table(
        say("workbook.guide.columns"), heads, [(s, *c) for s, c in zip(sheets, columns, strict=True)]
    )


def _list_origin(edition: Edition) -> list[tuple[str, str]]:
    """What the file was made of, and when that was measured."""
    say, facts, results = edition.narrator.say, edition.facts, edition.results
    stamp, model = results.stamp, results.instrument
    answered = say("response_unknown", n=facts.maturity.n) if facts.maturity.n is not None else ""
    if facts.response is not None:
        n, invited, share, _ = facts.response
        answered = say("response", answered=n, invited=invited, share=share)
    told = {
        "organisation": facts.organisation["name"],
        "period": edition.period,
        "periods": edition.narrator.number.listed(list(reversed(edition.periods))),
        "answered": answered or say(f"status.{facts.maturity.status}"),
        "model": f"{model.text(model.name, edition.language)} ({stamp['instrument']}, {stamp['instrument_version']})",
        "method": str(stamp["method_version"]),
        "version": results.reads.version,
    }
    return [(say(f"workbook.guide.origin.{name}"), text) for name, text in told.items()]


class _Writer:
    """Writes headings, lists and a table below each other."""

    def __init__(self, sheet: Worksheet, styles: Styles, row: int) -> None:
        self._sheet, self._styles, self._row = sheet, styles, row

    def list(self, heading: str, entries: Sequence[tuple[str, str]]) -> None:
        """Write a label and a sentence a row."""
        self._head(heading)
        for label, words in entries:
            if label:
                self._sheet.write_string(self._row, 0, label, self._styles.label)
            first = 1 if label else 0
            self._sheet.merge_range(self._row, first, self._row, len(WIDTHS) - 1, words, self._styles.words)
            width = sum(WIDTHS[first:])
            self._sheet.set_row(self._row, LINE_PT * (1 + len(words) // width))
            self._row += 1
        self._row += 1

    def table(self, heading: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write a table with header cells."""
        self._head(heading)
        for i, text in enumerate(heads):
            self._sheet.write_string(self._row, i, text, self._styles.head)
        for row in rows:
            self._row += 1
            lines = max(1 + len(text) // width for text, width in zip(row, WIDTHS, strict=True))
            self._sheet.set_row(self._row, LINE_PT * lines)
            for i, text in enumerate(row):
                self._sheet.write_string(self._row, i, text, self._styles.words)
        self._row += 1

    def _head(self, heading: str) -> None:
        self._sheet.write_string(self._row, 0, heading, self._styles.heading)
        self._row += 1
