"""What a workbook's columns are called and mean: published ones as their schema says, its own as the texts say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dimios_core.export.workbook.edition import Edition
from dimios_core.published.schema import table_schema

#: the tables in the order of their sheets (`workbook.sheets.<id>` of the texts has their names), with the published one that
#: each is made of
PUBLISHED_TABLES = {
    "scores": "scores", "changes": "changes", "gaps": "gaps", "dont_know": "scores", "rates": "response_rates",
}  # fmt: skip
PERIOD, STATUS = {"period": "text"}, {"status": "text"}
GROUP = {"kind": "text", "group": "text"}
KEY = {"level": "text", "part_of": "text", "name": "text"}
INTERVAL = {"ci_low": "score", "ci_high": "score"}
DIFFERENCE_INTERVAL = {"ci_low": "difference", "ci_high": "difference"}
SURE = {"certainty": "text", "detectable": "score"}
N = {"n": "count"}
#: columns of each, and how they are written, as of `SheetColumn`
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "scores": PERIOD | GROUP | KEY | {"score": "score"} | INTERVAL | {"bound": "text"} | N | {"n_points": "count"} | STATUS,
    "changes": PERIOD | {"period_from": "text"} | GROUP | KEY | {"change": "difference"} | DIFFERENCE_INTERVAL | SURE | N
        | STATUS,
    "gaps": PERIOD | {"peers": "text", "peers_n": "count"} | KEY | {"own": "score", "benchmark": "score", "gap": "difference"}
        | DIFFERENCE_INTERVAL | SURE | STATUS,
    "dont_know": PERIOD | {"part_of": "text", "name": "text", "dont_know_share": "share", "answered_n": "count"} | STATUS,
    "rates": PERIOD | GROUP | {"rate": "share", "answered": "count", "invited": "count", "band": "text"} | STATUS,
}  # fmt: skip


@dataclass(frozen=True)
class ColumnWords:
    """What a column is called, its unit ("" where it has none), and what it means."""

    title: str
    unit: str
    meaning: str

    @property
    def heading(self) -> str:
        """The title, and the unit in brackets."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


def word_column(edition: Edition, table: str, column: str) -> ColumnWords:
    """Say what a column of a workbook's table is.

    Parameters
    ----------
    table : str
        One of `COLUMNS`.
    column : str
        One that the workbook makes (`workbook.columns` of the texts), or of the published table. What a reader of the sheet
        needs to know beside that stands in `workbook.hints`.
    """
    texts = edition.narrator.texts["workbook"]
    if column in texts["columns"]:
        return ColumnWords(
            *(
                edition.narrator.say(f"workbook.columns.{column}.{part}")
                for part in ("title", "unit", "meaning")
            )
        )
    published = table_schema(PUBLISHED_TABLES[table]).columns[column]
    unit = texts["units"][published.unit] if published.unit else ""
    meaning = " ".join(filter(None, (published.description(edition.language), texts["hints"].get(column))))
    return ColumnWords(
        published.title(edition.language), texts["interval_unit"] if column in INTERVAL else unit, meaning
    )
