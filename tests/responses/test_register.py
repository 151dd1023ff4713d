"""The register in Swedish and English, from CSV and XLSX; faulty ones are in tests/bad."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.responses import ResponseStore, ingest, read_register, store_register

from .conftest import KEY, SETUP

INVITED = "organisation;period;enhet;roll;inbjudna\nlindby;2026;care;managers;12\nlindby;2026;;;3\n"


@pytest.mark.parametrize(
    "table",
    [
        [
            ["id", "namn", "typ", "län", "storlek", "delning", "tröskel"],
            ["x", "X", "Kommun", "1", "Medel", "Anonym", ""],
            ["y", "Y", "myndighet", "", "", "sluten", "8"],
        ],
        [
            ["sharing", "id", "Name", "type", "county", "size", "threshold", "note"],
            ["anonymous", "x", "X", "municipality", "01", "medium", "5", "?"],
            ["closed", "y", "Y", "agency", "", "", "8", ""],
        ],
    ],
    ids=["swedish", "english"],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_headers_and_values_in_both_languages(tmp_path: Path, table: list[list[str]], suffix: str) -> None:
    path = tmp_path / f"o.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join(row) for row in table), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in table:
            book.active.append([int(c) if c.isdecimal() and c[0] != "0" else c or None for c in row])
        book.save(path)
    rows = read_register(path).organisations.to_dict("records")
    assert rows == [
        {
            "id": "x",
            "name": "X",
            "type": "municipality",
            "county": "01",
            "size": "medium",
            "sharing": "anonymous",
            "threshold": 5,
        },
        {
            "id": "y",
            "name": "Y",
            "type": "agency",
            "county": "",
            "size": "",
            "sharing": "closed",
            "threshold": 8,
        },
    ]


def test_the_register_comes_back_as_it_was_stored(tmp_path: Path, outputs: Path) -> None:
    (tmp_path / "i.csv").write_text(INVITED, encoding="utf-8")
    stored = ResponseStore(outputs).register()
    new = read_register(invited=tmp_path / "i.csv", stored=stored, roles=["managers", "unknown"])
    assert store_register(new, outputs) == ["invited"]
    assert store_register(new, outputs) == []
    back = ResponseStore(outputs).register()
    assert back.organisations.equals(stored.organisations)
    assert [tuple(row) for row in back.invited.itertuples(index=False)] == [
        ("lindby", "2026", "", "unknown", 3),
        ("lindby", "2026", "care", "managers", 12),
    ]


def test_an_empty_store_has_an_empty_register(tmp_path: Path) -> None:
    register = ResponseStore(tmp_path / "nowhere").register()
    assert register.organisations.empty
    assert list(register.units.columns) == ["organisation", "unit", "name", "parent"]
    assert not (tmp_path / "nowhere").exists()


def test_a_unit_with_stored_answers_stays(tmp_path: Path, outputs: Path, instrument: Instrument) -> None:
    ingest([SETUP / "good.csv"], SETUP / "wide.yaml", instrument, outputs, key=KEY)
    units = tmp_path / "u.csv"
    units.write_text("organisation;enhet;namn;överordnad\nlindby;care;Vård;\n", encoding="utf-8")
    register = read_register(units=units, stored=ResponseStore(outputs).register())
    with pytest.raises(InputError, match="register of units, lindby, home-care"):
        store_register(register, outputs)
