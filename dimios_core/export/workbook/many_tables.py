"""Published tables on many organisations as a workbook's sheets hold them: of a county, or of the nation and its types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dimios_core.export.workbook.published_tables import NOTHING
from dimios_core.instrument.lead import begin_large
from dimios_core.office.workbook.outline import SheetColumn, SheetRow, SheetTable
from dimios_core.published.rows import Row
from dimios_core.published.schema import table_schema
from dimios_core.report.base_pages import ConsortiumPage
from dimios_core.report.figures import PUBLISHED, Key, PeerGroupFact
from dimios_core.report.narrative import Narrator
from dimios_core.report.sector.sector_facts import EVERYBODY, list_keys
from dimios_core.report.sector.wording import say_status

#: columns that say what a row is of, and how the figures beside them are written, as of `SheetColumn`
ABOUT = {"period": "text", "group": "text", "level": "text", "key": "text"}
INTERVAL = {"own_low": "score", "own_high": "score"}
SECTOR = {"ci_low": "score", "ci_high": "score"}
DIFFERENCE = {"ci_low": "difference", "ci_high": "difference"}
#: sheet -> the published table that it is made of, and its columns; `workbook.many.<sheet>` of the texts has its name
SHEETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "levels": ("group_levels", ABOUT | {"organisations_n": "count", "mean": "score"} | SECTOR | INTERVAL),
    "gaps": ("group_gaps", ABOUT | {"organisations_n": "count", "gap": "difference"} | DIFFERENCE | {"certainty": "text"}),
    "changes": ("group_changes", {"period": "text", "period_from": "text"} | ABOUT | {"organisations_n": "count",
        "mean_from": "score", "mean": "score", "change": "difference"} | DIFFERENCE
        | {"own_low": "difference", "own_high": "difference", "certainty": "text"}),
    "unknowns": ("group_levels", {"period": "text", "group": "text", "key": "text", "dont_know_share": "share"}),
    "named": ("named", {"period": "text", "name": "text", "level": "text", "key": "text", "score": "score", "low": "score",
        "high": "score", "period_from": "text", "change": "difference", "certainty": "text"}),
}  # fmt: skip
#: what says that a row is certain
CERTAIN = ("increase", "decrease")


@dataclass(frozen=True)
class ManyEdition:
    """The published figures of a county, or of all organisations and their types, until a period.

    Parameters
    ----------
    page : ConsortiumPage
        Of the period, in the reader's language.
    county : str
        Two-digit code; "" for the nation.
    """

    page: ConsortiumPage
    county: str

    @property
    def narrator(self) -> Narrator:
        """The page's narrator."""
        return self.page.narrator

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups that are told of, in the order to show."""
        if self.county:
            return (f"county:{self.county}", EVERYBODY)
        found = self.page.results.table("group_levels").distinct("group")
        return (EVERYBODY, *sorted(g for g in found if g.startswith("type:")))

    @cached_property
    def places(self) -> dict[Key, int]:
        """Where a figure stands."""
        return {key: i for i, key in enumerate(list_keys(self.page.results.instrument))}

    def rows(self, sheet: str) -> list[Row]:
        """Return the rows of a sheet, the newest period first, then group by group and in the model's order.

        A group of which nothing is published in a period has one row, which says why.
        """
        table, _ = SHEETS[sheet]
        if sheet == "named":
            rows = [r for r in self.page.results.rows("named", county=self.county) if r["id"] and r["name"]]
            rows = [r for r in rows if r["score"] is not None] if self.county else []
        else:
            rows = self.page.results.rows(table, group=self.groups)
        rows = [r for r in rows if r["period"] <= self.page.period and (r["level"], r["key"]) in self.places]
        if sheet == "unknowns":
            rows = [r for r in rows if r["level"] == "point"]
        order = {g: i for i, g in enumerate(self.groups)}
        rows.sort(
            key=lambda r: (
                order.get(r.get("group", ""), 0),
                r.get("name", ""),
                self.places[r["level"], r["key"]],
            )
        )
        rows.sort(key=lambda r: (r["period"], r.get("period_from") or ""), reverse=True)
        return [r for i, r in enumerate(rows) if self._is_told(r) or not self._follows(rows, i)]

    def _is_told(self, r: Row) -> bool:
        return bool(r.get("status", PUBLISHED) == PUBLISHED)

    def _follows(self, rows: list[Row], i: int) -> bool:
        """Tell whether the row before is of the same group and periods."""
        same = ("period", "period_from", "group")
        return i > 0 and all(rows[i].get(c) == rows[i - 1].get(c) for c in same)

    def tabulate(self, sheet: str) -> SheetTable:
        """Return a sheet's table."""
        _, columns = SHEETS[sheet]
        made = []
        for r in self.rows(sheet):
            shown = self._is_told(r)
            cells = [self._cell(sheet, r, c, shown) for c in columns]
            made.append(SheetRow(tuple(cells), shown, r.get("certainty") in CERTAIN))
        heads = tuple(
            SheetColumn(self.heading(sheet, c), kind, kind == "difference" or c == "certainty")
            for c, kind in columns.items()
        )
        return SheetTable(sheet, heads, tuple(made))

    def heading(self, sheet: str, column: str) -> str:
        """Return what a column is called, with its unit."""
        title, unit = self.title(sheet, column), self.unit(sheet, column)
        return f"{title} ({unit})" if unit else title

    def title(self, sheet: str, column: str) -> str:
        """Return what a column is called; a figure's key is shown as its name, so an organisation's is called otherwise."""
        if column == "key":
            return self.narrator.say("workbook.columns.name.title")
        if column == "name":
            return self.narrator.say("workbook.guide.origin.organisation")
        return table_schema(SHEETS[sheet][0]).columns[column].title(self.page.language)

    def unit(self, sheet: str, column: str) -> str:
        """Return a column's unit; "" where it has none."""
        unit = table_schema(SHEETS[sheet][0]).columns[column].unit
        return str(self.narrator.texts["workbook"]["units"][unit]) if unit else ""

    def meaning(self, sheet: str, column: str) -> str:
        """Return what a column means."""
        if column == "key":
            return self.narrator.say("workbook.columns.name.meaning")
        return table_schema(SHEETS[sheet][0]).columns[column].description(self.page.language)

    def _cell(self, sheet: str, r: Row, column: str, shown: bool) -> Any:
        narrator = self.narrator
        if column == "group":
            group = PeerGroupFact(r["group"], r["group"].partition(":")[0], 0)
            return begin_large(narrator.name_group(group))
        if column == "level":
            return narrator.say(f"workbook.level.{r['level']}")
        if column == "key":
            return narrator.name(r["level"], r["key"])
        figures = [c for c, kind in SHEETS[sheet][1].items() if kind != "text" and c != "organisations_n"]
        if not shown and column in (*figures, "organisations_n", "certainty"):
            return say_status(narrator, r["status"]) if column == figures[0] else NOTHING
        if column == "certainty":
            if sheet == "named" and r["change"] is None:
                return NOTHING
            return narrator.say(f"{'certainty' if sheet == 'gaps' else 'change_certainty'}.{r[column]}")
        value = r[column]
        return NOTHING if value is None or value == "" else value
