"""Published tables as a workbook's sheets hold them: words and numbers in columns, and a reason where there is no number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dimios_core.export.workbook.columns import COLUMNS, word_column
from dimios_core.export.workbook.edition import Edition
from dimios_core.instrument.lead import begin_large
from dimios_core.office.workbook.outline import SheetColumn, SheetRow, SheetTable, Value
from dimios_core.published.rows import Row
from dimios_core.report.figures import PUBLISHED, WHOLE, PeerGroupFact

#: stands where a row has no such number
NOTHING = "–"


def tabulate_all(edition: Edition) -> list[SheetTable]:
    """Return all tables of a workbook, in the order of its sheets."""
    makers = (tabulate_scores, tabulate_changes, tabulate_gaps, tabulate_dont_know, tabulate_rates)
    return [make(edition) for make in makers]


def tabulate_scores(edition: Edition) -> SheetTable:
    """Tabulate the scores of all levels, groups and periods."""

    def cells(r: Row) -> list[Value | None]:
        bound = edition.narrator.say(f"workbook.bound.{r['bound']}") if r["bound"] else None
        return [r["score"], r["ci_low"], r["ci_high"], bound, r["n"], r["n_points"]]

    return _tabulate(edition, "scores", edition.rows("scores"), cells)


def tabulate_changes(edition: Edition) -> SheetTable:
    """Tabulate changes between periods, with whether they are certain."""

    def cells(r: Row) -> list[Value | None]:
        word = edition.narrator.say(f"change_certainty.{r['certainty']}")
        return [r["change"], r["ci_low"], r["ci_high"], word, r["detectable"], r["n"]]

    return _tabulate(edition, "changes", edition.rows("changes"), cells)


def tabulate_gaps(edition: Edition) -> SheetTable:
    """Tabulate how far the whole organisation lies from the means of its peer groups."""

    def cells(r: Row) -> list[Value | None]:
        word = edition.narrator.say(f"certainty.{r['certainty']}")
        return [r["benchmark"], r["gap"], r["ci_low"], r["ci_high"], word, r["detectable"]]

    return _tabulate(edition, "gaps", edition.rows("gaps"), cells)


def tabulate_dont_know(edition: Edition) -> SheetTable:
    """Tabulate which share of people do not know, point by point, of the whole organisation.

    Of a small group, the share and how many answered would together tell how many people did not know.
    """
    rows = [
        {**r, "status": r["dont_know_status"]}
        for r in edition.rows("scores")
        if r["level"] == "point" and (r["unit"], r["role"]) == (WHOLE, WHOLE)
    ]
    return _tabulate(edition, "dont_know", rows, lambda r: [r["dont_know_share"], r["n"]])


def tabulate_rates(edition: Edition) -> SheetTable:
    """Tabulate response rates."""

    def cells(r: Row) -> list[Value | None]:
        band = edition.narrator.say(f"workbook.band.{r['band']}") if r["band"] else None
        return [r["rate"], r["answered"], r["invited"], band]

    return _tabulate(edition, "rates", edition.rows("response_rates"), cells)


def _tabulate(
    edition: Edition,
    name: str,
    rows: Sequence[Row],
    cells: Callable[[Row], list[Value | None]],
) -> SheetTable:
    """Tabulate rows; the figures of a row come from `cells`, the columns before them say what it is of.

    The first figure of a row that is not published is the reason; the others stand empty with a dash.
    """
    made = []
    for r in rows:
        published = r["status"] == PUBLISHED
        figures = cells(r)
        if not published:
            figures = [edition.narrator.say(f"status.{r['status']}"), *[None] * (len(figures) - 1)]
        head = [_describe(edition, r, column) for column in list(COLUMNS[name])[: -len(figures) - 1]]
        status = edition.narrator.say(f"workbook.status.{r['status']}")
        values = (NOTHING if v is None or v == "" else v for v in [*head, *figures, status])
        certain = r.get("certainty") in ("increase", "decrease")
        made.append(SheetRow(tuple(values), published, certain))
    return SheetTable(name, _head(edition, name), tuple(made))


def _head(edition: Edition, name: str) -> tuple[SheetColumn, ...]:
    """Return the columns of a table; of a row with a certain difference, that stands out."""
    return tuple(
        SheetColumn(
            word_column(edition, name, column).heading, kind, kind == "difference" or column == "certainty"
        )
        for column, kind in COLUMNS[name].items()
    )


def _describe(edition: Edition, r: Row, column: str) -> Any:
    """Return what a row is of, in words."""
    narrator = edition.narrator
    match column:
        case "kind":
            return narrator.say(f"workbook.kind.{edition.kind_of((r['unit'], r['role']))}")
        case "group":
            return narrator.name_who((r["unit"], r["role"]))
        case "level":
            return narrator.say(f"workbook.level.{r['level']}")
        case "part_of":
            return edition.part_of((r["level"], r["key"]))
        case "name":
            return narrator.name(r["level"], r["key"])
        case "own":
            figure = edition.figures[r["period"], r["level"], r["key"]]
            return figure.score if figure.published else narrator.say(f"status.{figure.status}")
        case "peers":
            kind = r["group"].partition(":")[0]
            return begin_large(narrator.name_others(PeerGroupFact(r["group"], kind, r["peers_n"] or 0)))
    return r[column]
