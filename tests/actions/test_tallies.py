"""A tally goes out empty and comes back as counts; every fault of one is told at once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from dimios_core.actions.tallies import read_tally, write_tally
from dimios_core.errors import InputError

NAMED = {
    "sv": ("Beteckning", "Påstående", "Vet ej"),
    "en": ("Id", "Statement", "Don't know"),
}
STATEMENTS = {"explain": "=1+1", "read": "Jag kan läsa; rapporten"}


@pytest.mark.parametrize(("language", "delimiter"), [("sv", ";"), ("en", ",")])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_tally_that_is_filled_in_is_read_back(
    tmp_path: Path, language: str, delimiter: str, kind: str
):
    rows = list(
        csv.reader(io.StringIO(write_tally(STATEMENTS, 5, NAMED[language], language)), delimiter=delimiter)
    )
    assert [row[1] for row in rows[1:]] == ["'=1+1", "Jag kan läsa; rapporten"]
    rows[1][2:], rows[2][2:] = ["1", "2", "", "4", "5", "6"], ["0", "0", "7", "", "", ""]
    path = tmp_path / f"before.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([rows[0], rows[2], rows[1]])
    else:
        book = openpyxl.Workbook()
        for row in (rows[0], rows[2], rows[1]):
            book.active.append([int(c) if c.isdigit() else c for c in row])
        book.save(path)
    assert np.array_equal(read_tally(path, list(STATEMENTS), 5), [[1, 2, 0, 4, 5, 6], [0, 0, 7, 0, 0, 0]])


def test_every_fault_is_told_at_once_with_its_place(tmp_path: Path):
    path = tmp_path / "before.csv"
    path.write_text(
        "id,1,2,3,4,5\nexplain,1,x,-2,1.5,2\nexplian,1,1,1,1,1\nexplain,1,1,1,1,1\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as told:
        read_tally(path, list(STATEMENTS), 5)
    assert [p.place.partition(", ")[2] for p in told.value.problems] == [
        "row 2, column 2", "row 2, column 3", "row 2, column 4", "row 3, column id", "row 4, column id",
    ]  # fmt: skip
    assert "explain" in told.value.problems[3].what


def test_a_statement_that_nobody_counted_is_missed(tmp_path: Path):
    path = tmp_path / "before.csv"
    path.write_text("id,1,2,3,4,5\nexplain,1,1,1,1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="no row for read"):
        read_tally(path, list(STATEMENTS), 5)
