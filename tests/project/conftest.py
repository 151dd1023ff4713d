"""Raw files of a few of the demo's organisations, as a survey tool would have exported them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.once import make_once

#: so many, and so few periods, that the whole line takes seconds
FEW = ("almvik", "bjorkhyttan", "granfors", "havtorp", "lindvalla")
PERIODS = ("2025", "2026")


@pytest.fixture(scope="session")
def raw(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with organisations.csv, units.csv, invited.csv and answers/, an export a period."""
    given = demo_outputs / "demo" / "raw"

    def make(folder: Path) -> None:
        people = _read(given / "organisations.csv", sep=";", encoding="utf-8-sig")
        people = people[people["id"].isin(FEW)]
        people.to_csv(folder / "organisations.csv", sep=";", index=False)
        units = pd.read_excel(given / "units.xlsx", dtype=str, keep_default_na=False, engine="openpyxl")
        units[units["organisation"].isin(FEW)].to_csv(folder / "units.csv", sep=";", index=False)
        invited = _read(given / "invited.csv")
        few = invited["organisation"].isin(FEW) & invited["period"].isin(PERIODS)
        invited[few].to_csv(folder / "invited.csv", index=False)
        (folder / "answers").mkdir()
        for period in PERIODS:
            name = f"Digital_mognad_{period}.csv"
            answers = _read(given / name, sep=";", encoding="cp1252")
            own = answers["Organisation"].isin(people["namn"])
            answers[own].to_csv(folder / "answers" / name, sep=";", index=False, encoding="cp1252")

    return make_once(tmp_path_factory, worker_id, "few-raw-files", make)


def _read(path: Path, **how: str) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, **how)
