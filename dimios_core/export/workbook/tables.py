"""Published tables as a workbook's sheets hold them: words and numbers in columns, and a reason where there is no number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.export.workbook.edition import Edition
from dimios_core.published.rows import Row
from dimios_core.report.figures import PUBLISHED, WHOLE, PeerGroupFact

#: stands where a row has no such number
NOTHING = "–"
#: a cell: a number, or words
Value = str | float | int


@dataclass(frozen=True)
class SheetColumn:
    """A column; `workbook.columns.<id>` of the texts has its title, unit and meaning.

    Attributes
    ----------
    id : str
    kind : str
        "text", "score" (one decimal), "difference" (with its sign), "share" (0-1) or "count".
    """

    id: str
    kind: str = "text"


@dataclass(frozen=True)
class SheetRow:
    """A row of cells; `shown` where its figures are published, `certain` where its difference is."""

    cells: tuple[Value, ...]
    shown: bool = True
    certain: bool = False


@dataclass(frozen=True)
class SheetTable:
    """A table; `workbook.sheets.<id>` of the texts has its name and what it tells."""

    id: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]


PERIOD, STATUS = SheetColumn("period"), SheetColumn("status")
GROUP = (SheetColumn("kind"), SheetColumn("group"))
KEY = (SheetColumn("level"), SheetColumn("part_of"), SheetColumn("name"))
INTERVAL = (SheetColumn("ci_low", "score"), SheetColumn("ci_high", "score"))
DIFFERENCE_INTERVAL = (SheetColumn("ci_low", "difference"), SheetColumn("ci_high", "difference"))
SURE = (SheetColumn("certainty"), SheetColumn("detectable", "score"))
N = SheetColumn("n", "count")


def tabulate_all(edition: Edition) -> list[SheetTable]:
    """Return all tables of a workbook, in the order of its sheets."""
    makers = (tabulate_scores, tabulate_changes, tabulate_gaps, tabulate_dont_know, tabulate_rates)
    return [make(edition) for make in makers]


def tabulate_scores(edition: Edition) -> SheetTable:
    """Tabulate the scores of all levels, groups and periods."""
    columns = (PERIOD, *GROUP, *KEY, SheetColumn("score", "score"), *INTERVAL, SheetColumn("bound"), N,
               SheetColumn("n_points", "count"), STATUS)  # fmt: skip

    def cells(r: Row) -> list[Value | None]:
        bound = edition.narrator.say(f"workbook.bound.{r['bound']}") if r["bound"] else None
        return [r["score"], r["ci_low"], r["ci_high"], bound, r["n"], r["n_points"]]

    return _tabulate(edition, "scores", columns, edition.rows("scores"), cells)


def tabulate_changes(edition: Edition) -> SheetTable:
    """Tabulate changes between periods, with whether they are certain."""
    columns = (PERIOD, SheetColumn("period_from"), *GROUP, *KEY, SheetColumn("change", "difference"),
               *DIFFERENCE_INTERVAL, *SURE, N, STATUS)  # fmt: skip

    def cells(r: Row) -> list[Value | None]:
        word = edition.narrator.say(f"change_certainty.{r['certainty']}")
        return [r["change"], r["ci_low"], r["ci_high"], word, r["detectable"], r["n"]]

    return _tabulate(edition, "changes", columns, edition.rows("changes"), cells)


def tabulate_gaps(edition: Edition) -> SheetTable:
    """Tabulate how far the whole organisation lies from the means of its peer groups."""
    columns = (PERIOD, SheetColumn("peers"), SheetColumn("peers_n", "count"), *KEY, SheetColumn("own", "score"),
               SheetColumn("benchmark", "score"), SheetColumn("gap", "difference"), *DIFFERENCE_INTERVAL, *SURE,
               STATUS)  # fmt: skip

    def cells(r: Row) -> list[Value | None]:
        word = edition.narrator.say(f"certainty.{r['certainty']}")
        return [r["benchmark"], r["gap"], r["ci_low"], r["ci_high"], word, r["detectable"]]

    return _tabulate(edition, "gaps", columns, edition.rows("gaps"), cells)


def tabulate_dont_know(edition: Edition) -> SheetTable:
    """Tabulate which share of people do not know, point by point, of the whole organisation.

    Of a small group, the share and how many answered would together tell how many people did not know.
    """
    columns = (PERIOD, SheetColumn("part_of"), SheetColumn("name"), SheetColumn("dont_know_share", "share"),
               SheetColumn("answered_n", "count"), STATUS)  # fmt: skip
    rows = [
        r
        for r in edition.rows("scores")
        if r["level"] == "point" and (r["unit"], r["role"]) == (WHOLE, WHOLE)
    ]
    return _tabulate(edition, "dont_know", columns, rows, lambda r: [r["dont_know_share"], r["n"]])


def tabulate_rates(edition: Edition) -> SheetTable:
    """Tabulate response rates."""
    columns = (PERIOD, *GROUP, SheetColumn("rate", "share"), SheetColumn("answered", "count"),
               SheetColumn("invited", "count"), SheetColumn("band"), STATUS)  # fmt: skip

    def cells(r: Row) -> list[Value | None]:
        band = edition.narrator.say(f"workbook.band.{r['band']}") if r["band"] else None
        return [r["rate"], r["answered"], r["invited"], band]

    return _tabulate(edition, "rates", columns, edition.rows("response_rates"), cells)


def _tabulate(
    edition: Edition,
    name: str,
    columns: tuple[SheetColumn, ...],
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
        head = [_describe(edition, r, c.id) for c in columns[: len(columns) - len(figures) - 1]]
        status = edition.narrator.say(f"workbook.status.{r['status']}")
        values = (NOTHING if v is None or v == "" else v for v in [*head, *figures, status])
        certain = r.get("certainty") in ("increase", "decrease")
        made.append(SheetRow(tuple(values), published, certain))
    return SheetTable(name, columns, tuple(made))


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
            name = narrator.name_others(PeerGroupFact(r["group"], kind, r["peers_n"] or 0))
            return name[:1].upper() + name[1:]
    return r[column]
