"""The files: the same bytes by seed, and as messy as they say they are."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
import yaml

from dimios_core.demo import DemoFiles, make_consortium, mark_as_demo

PERIODS = ("2023", "2024", "2025", "2026")


def _hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_at_another_time(
    demo: DemoFiles, tmp_path: Path
) -> None:
    time.sleep(1.1)  # .sav and zip carry seconds
    code = "import sys, pathlib; from dimios_core.demo import make_consortium; make_consortium(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "again")], check=True)
    assert _hashes(tmp_path / "again") == _hashes(demo.folder)


def test_a_folder_can_be_written_again_and_holds_nothing_else(tmp_path: Path) -> None:
    started = time.process_time()
    first = make_consortium(tmp_path / "åäö raw", seed=3)
    assert time.process_time() - started < 10
    before = _hashes(first.folder)
    make_consortium(first.folder, seed=3)
    assert _hashes(first.folder) == before
    named = {first.organisations, first.units, first.invited, *(f.path for f in first.responses)}
    assert named == set(first.folder.iterdir())
    assert len(first.responses) == 12 + 4


def test_csv_is_windows_1252_with_semicolons_and_swedish_labels(demo: DemoFiles) -> None:
    for period in PERIODS:
        content = (demo.folder / f"Digital_mognad_{period}.csv").read_bytes()
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
        # en dash and ellipsis are where Windows-1252 and ISO 8859-1 part ways
        assert b"\x96" in content
        text = content.decode("cp1252")
        assert "Instämmer helt" in text
        assert ("Vet ej" in text) == (period >= "2025")
        assert ("Vet inte" in text) == (period < "2025")
        header, *rows = csv.reader(text.splitlines(keepends=True), delimiter=";")
        assert {"Vikt", "Tid (minuter)", "Kommentar", "F26. Styrning"} <= set(header)
        assert {len(row) for row in rows} == {len(header)}
        weights = pd.Series([row[header.index("Vikt")] for row in rows])
        assert weights.str.fullmatch(r"[0-2],\d\d").all()
        assert weights.nunique() > 10
        comments = [row[header.index("Kommentar")] for row in rows]
        assert any("\n" in c for c in comments)
        assert any(";" in c for c in comments)


def test_weights_are_only_delivered_for_two_organisations(demo: DemoFiles) -> None:
    table = pd.read_csv(demo.folder / "Digital_mognad_2026.csv", sep=";", decimal=",", encoding="cp1252")
    spread = table.groupby("Organisation")["Vikt"].nunique()
    assert set(spread[spread > 1].index) == {"Lindvalla kommun", "Tallfors kommun"}
    assert table["Vikt"].between(0.5, 2).all()


def test_xlsx_has_a_cover_a_title_and_numbers_as_text(demo: DemoFiles) -> None:
    for period in PERIODS:
        book = openpyxl.load_workbook(demo.folder / f"enkatsvar-{period}.xlsx")
        assert book.sheetnames == ["Läs mig", "Svar"]
        assert book["Läs mig"]["A1"].value == "Demodata, påhittade organisationer"
        rows = list(book["Svar"].iter_rows(values_only=True))
        assert rows[3][0] == "Deltagarnummer"
        cells = [cell for row in rows[4:] for cell in row[7:]]
        assert {type(c).__name__ for c in cells} == {"int", "str", "NoneType"}
        assert {c for c in cells if isinstance(c, str)} == {*"12345-", "Vet ej / ingen uppfattning"}
        assert {type(row[0]).__name__ for row in rows[4:]} == {"int", "str"}
        assert all(hasattr(row[5], "year") for row in rows[4:])
        assert any(hasattr(row[6], "year") for row in rows[4:])


def test_sav_has_value_labels_and_a_missing_value_of_its_own(demo: DemoFiles) -> None:
    for period in PERIODS:
        path = demo.folder / f"digmog{period}.sav"
        table, meta = pyreadstat.read_sav(path, user_missing=True)
        assert meta.variable_value_labels["q1"][5] == "Instämmer helt"
        assert meta.variable_value_labels["q26"][8] == "Vet ej"
        assert meta.missing_ranges["q1"] == [{"lo": 9, "hi": 9}]
        assert (table.filter(regex=r"^q\d") == 9).any().any()
        assert table.filter(regex=r"^q\d").isna().any().any()
        assert meta.column_names_to_labels["q25"] == "Teknisk skuld"
        assert "DEMO" in str(meta.file_label)
        assert {meta.original_variable_types[name] for name in ("starttid", "sluttid")} == {"DATETIME20"}
        assert path.read_bytes()[92:109] == b"01 Jan 0000:00:00"


def test_everybody_began_before_they_sent_and_within_the_field_period(raw: pd.DataFrame) -> None:
    assert (raw["started_at"] <= raw["answered_at"]).all()
    season = raw["period"].str[5:].map({"": "-03-01 08:00", "1": "-03-01 08:00", "2": "-09-01 08:00"})
    opening = pd.to_datetime(raw["period"].str[:4] + season)
    assert (raw["started_at"] >= opening).all()
    assert (raw["started_at"] < opening + pd.Timedelta(days=56)).all()


def test_each_tool_serves_its_own_organisations_in_every_period(raw: pd.DataFrame, demo: DemoFiles) -> None:
    served = {}
    for tool in ("csv", "xlsx", "sav"):
        files = [f for f in demo.responses if f.tool == tool]
        halves = {"2024-2", "2025-1", "2025-2", "2026-1"} if tool == "xlsx" else set()
        assert [f.period for f in files] == sorted({*PERIODS, *halves})
        files = [f for f in files if f.period in PERIODS]
        assert len({f.mapping for f in files}) == 1
        served[tool] = files
    csv_names = set(pd.read_csv(served["csv"][3].path, sep=";", encoding="cp1252")["Organisation"])
    xlsx_names = set(
        pd.read_excel(served["xlsx"][3].path, sheet_name="Svar", header=3, engine="openpyxl")[
            "Deltagande organisation"
        ]
    )
    assert csv_names.isdisjoint(xlsx_names)
    assert (
        len(set(raw["organisation"]) - csv_names - xlsx_names) == 18 + 1
    )  # and the one that measures half years


def test_mappings_name_the_columns_and_all_points(demo: DemoFiles) -> None:
    headers = {
        "csv": list(pd.read_csv(demo.responses[0].path, sep=";", encoding="cp1252", nrows=1)),
        "xlsx": list(
            pd.read_excel(demo.responses[1].path, sheet_name="Svar", header=3, nrows=1, engine="openpyxl")
        ),
        "sav": pyreadstat.read_sav(demo.responses[2].path, metadataonly=True)[1].column_names,
    }
    for file in (f for f in demo.responses if f.period == "2023"):
        mapping = yaml.safe_load(file.mapping.read_text(encoding="utf-8"))
        asked = [c["column"] for c in mapping["columns"].values()] + list(mapping["items"])
        assert set(asked) <= set(headers[file.tool])
        assert len(set(mapping["items"].values())) == 26


def test_the_register_speaks_swedish(register: pd.DataFrame) -> None:
    assert register["typ"].value_counts().to_dict() == {
        "kommun": 40,
        "myndighet": 10,
        "region": 6,
        "bolag": 4,
    }
    assert set(register["delning"]) == {"namngiven", "anonym", "sluten"}
    assert set(register["storlek"]) == {"liten", "medel", "stor"}
    assert set(register["tröskel"]) == {"", "8", "10"}
    assert register["län"].str.fullmatch(r"(\d\d)?").all()


def test_the_key_is_fixed_and_public(demo: DemoFiles) -> None:
    assert len(bytes.fromhex(demo.key.read_text(encoding="ascii").strip())) == 32
    readme = demo.key.with_name("README.md").read_text(encoding="utf-8")
    assert "public and for the demo" in readme


def test_the_mark_carries_the_label_in_both_languages(tmp_path: Path) -> None:
    path = mark_as_demo(tmp_path)
    assert path == tmp_path / "responses" / "register" / "demo.json"
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "demo": True,
        "label": {
            "sv": "Demodata, påhittade organisationer",
            "en": "Demo data, fictitious organisations",
        },
    }
    assert [p.name for p in path.parent.iterdir()] == ["demo.json"]
