"""Right answers worked out from the published files alone, without the code that asks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

#: which peer groups are meant first
GROUPS = ("type:", "type-size:", "size:", "all", "county:")


class Published:
    """The published tables of one organisation, as pandas reads them."""

    def __init__(self, results: Path, organisation: str) -> None:
        self.own, self.public = results / f"organisation={organisation}", results / "public"
        self.profile = json.loads((self.own / "organisation.json").read_text(encoding="utf-8"))
        self.period = self.profile["periods"][-1]
        self.model = json.loads((self.public / "instrument.json").read_text(encoding="utf-8"))

    def table(self, name: str, **wanted: str) -> pd.DataFrame:
        place = self.own if (self.own / f"{name}.parquet").exists() else self.public
        frame = pd.read_parquet(place / f"{name}.parquet").astype(dict.fromkeys(wanted, str))
        for column, value in wanted.items():
            frame = frame[frame[column] == value]
        return frame

    def whole(self, name: str, **wanted: str) -> pd.DataFrame:
        return self.table(name, period=self.period, unit="*", role="*", **wanted)

    def name(self, part: str, key: str) -> str:
        return next(entry["name"]["sv"] for entry in self.model[part] if entry["id"] == key)

    # -- what is right ------------------------------------------------------------------------------------

    def lead_change(self) -> str:
        rows = self.whole("changes", level="maturity")
        last = rows[rows["period_from"].astype(str) == str(rows["period_from"].astype(str).max())]
        if not len(last) or last["status"].iloc[0] != "published":
            return "unknown"
        return str(last["certainty"].iloc[0])

    def would_show(self) -> str:
        rows = self.whole("changes", level="maturity")
        last = rows[rows["period_from"].astype(str) == str(rows["period_from"].astype(str).max())]
        if not len(last) or pd.isna(last["detectable"].iloc[0]):
            return "unknown"
        return "yes" if last["detectable"].iloc[0] <= 5 else "no"

    def placement(self) -> str:
        placed = str(self.whole("regions")["placement"].iloc[0])
        return "between" if "-" in placed else placed

    def unit_difference(self) -> str:
        rows = self.table(
            "contrasts", period=self.period, kind="unit_rest", level="maturity", status="published"
        )
        told = set(rows["certainty"].astype(str)) - {"unknown"}
        return "some" if told & {"increase", "decrease"} else "none" if told else "unknown"

    def gaps(self) -> pd.DataFrame:
        rows = self.table("gaps", period=self.period, level="category", status="published")
        if not len(rows):
            return rows
        every = self.table("gaps", period=self.period, status="published")["group"].astype(str).unique()
        first = min(every, key=lambda g: next(i for i, p in enumerate(GROUPS) if g.startswith(p)))
        return rows[rows["group"].astype(str) == first]

    def category_below(self) -> str:
        rows = self.gaps()
        rows = rows[rows["certainty"].astype(str) == "decrease"]
        return self.name("categories", str(rows.sort_values("gap")["key"].iloc[0])) if len(rows) else ""

    def most_unknown(self) -> str:
        rows = self.whole("scores", level="point").dropna(subset=["dont_know_share"])
        most = rows[rows["dont_know_share"] == rows["dont_know_share"].max()]
        alone = len(most) == 1 and most["dont_know_share"].iloc[0] > 0
        return self.name("points", str(most["key"].iloc[0])) if alone else ""

    def moved_point(self) -> str:
        rows = self.table("evidence", status="published", certainty="increase")
        return self.name("points", str(rows.sort_values("difference")["point"].iloc[-1])) if len(rows) else ""

    def roles_hidden(self) -> set[str]:
        shown: set[str] = set()
        for name in ("scores", "response_rates"):
            shown |= set(
                self.table(name, period=self.period, unit="*", status="published")["role"].astype(str)
            )
        return {r["name"]["sv"] for r in self.model["roles"] if r["id"] not in shown}

    def gap_size(self) -> float | None:
        rows = self.gaps()
        rows = rows[rows["gap"].abs() >= 0.5]
        return float(rows.loc[rows["gap"].abs().idxmax(), "gap"]) if len(rows) else None

    def numbers(self) -> set[str]:
        """Every published figure as Swedish writes it, without its sign."""
        found = set()
        for path in [*self.own.glob("*.parquet"), *self.public.glob("*.parquet")]:
            frame = pd.read_parquet(path).select_dtypes("number")
            for column in frame:
                found |= {f"{abs(v):.1f}".replace(".", ",") for v in frame[column].dropna()}
        return found


def list_decimals(text: str) -> list[str]:
    """Numbers with decimals in a text, without their signs."""
    return re.findall(r"\d+,\d+", text)


def right_of(asked: Any) -> str:
    """The text of the right answer of a choice."""
    (right,) = [a.text for a in asked.answers if a.right]
    return str(right)
