"""Faulty files that no text editor shows: made here, refused like the others."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from .conftest import SETUP, Place

GOOD = [line.split(";") for line in (SETUP / "good.csv").read_text(encoding="utf-8").splitlines()]
DECOY_BYTES = 300 * 2**20
DECOY_MB = 400


def write_workbook(path: Path, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Blad1"
    for row in GOOD:
        sheet.append(row)
    change(sheet)
    book.save(path)
    return path


def write_sav(path: Path) -> Path:
    names = [f"v{i}" for i in range(len(GOOD[0]))]
    pyreadstat.write_sav(pd.DataFrame(GOOD[1:] * 200, columns=names), path)
    return path


def formula(folder: Path) -> Path:
    return write_workbook(folder / "formula.xlsx", lambda s: s.__setitem__("F3", "=2+3"))


def error_value(folder: Path) -> Path:
    return write_workbook(folder / "error.xlsx", lambda s: s.__setitem__("F3", "#N/A"))


def merged(folder: Path) -> Path:
    return write_workbook(folder / "merged.xlsx", lambda s: s.merge_cells("B2:B3"))


def empty_sheet(folder: Path) -> Path:
    return write_workbook(folder / "empty.xlsx", lambda s: s.delete_rows(1, 10))


def truncated_workbook(folder: Path) -> Path:
    path = write_workbook(folder / "cut.xlsx", lambda s: None)
    path.write_bytes(path.read_bytes()[:-700])
    return path


def damaged_workbook(folder: Path) -> Path:
    path = folder / "damaged.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "no workbook")
    return path


def zip_bomb(folder: Path) -> Path:
    path = write_workbook(folder / "bomb.xlsx", lambda s: None)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (64 * 2**20))
    return path


def workbook_called_csv(folder: Path) -> Path:
    return write_workbook(folder / "book.xlsx", lambda s: None).rename(folder / "book.csv")


def old_workbook(folder: Path) -> Path:
    path = folder / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))
    return path


def protected_workbook(folder: Path) -> Path:
    path = folder / "secret.xlsx"
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + stream + bytes(1024))
    return path


def truncated_sav(folder: Path) -> Path:
    path = write_sav(folder / "cut.sav")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def sav_without_cases(folder: Path) -> Path:
    path = write_sav(folder / "headless.sav")
    path.write_bytes(path.read_bytes()[:200])
    return path


def sav_called_csv(folder: Path) -> Path:
    return write_sav(folder / "data.sav").rename(folder / "data.csv")


def missing_file(folder: Path) -> Path:
    return folder / "nowhere.csv"


def a_folder(folder: Path) -> Path:
    (folder / "answers.csv").mkdir()
    return folder / "answers.csv"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (formula, ("row 3, cell F3", "a formula", "paste it back as values")),
        (error_value, ("row 3, cell F3", "an error value", "leave the cell empty")),
        (merged, ("cells B2:B3", "merged cells", "unmerge")),
        (empty_sheet, ("no sheet with cells", "export the answers again")),
        (truncated_workbook, ("damaged or cut short", "export it again")),
        (damaged_workbook, ("damaged or is no workbook", "save it again")),
        (zip_bomb, ("unpacks to 64 MB", "more than an honest one", "export them as CSV")),
        (workbook_called_csv, ("called .csv but holds a workbook", "the name .xlsx")),
        (old_workbook, ("old .xls format", "save it as .xlsx")),
        (protected_workbook, ("protected by a password", "remove the password")),
        (truncated_sav, ("damaged or cut short", "export it again")),
        (sav_without_cases, ("damaged or cut short", "export it again")),
        (sav_called_csv, ("holds SPSS data", "the name .sav")),
        (missing_file, ("no such file", "check the name")),
        (a_folder, ("no such file", "check the name")),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_faulty_file_is_refused(place: Place, make: Callable[[Path], Path], says: tuple[str, ...]) -> None:
    before = place.contents()
    path = make(place.folder)
    ended = place.ingest(path)
    assert ended.code == 2
    for words in (path.name, *says, "→"):
        assert words in ended.said, ended.said
    assert place.contents() == before


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(place: Place) -> None:
    before = place.contents()
    ended = place.ingest(write_workbook(place.folder / "book.xlsx", lambda s: None), "sheet")
    assert ended.code == 2
    assert "no sheet called “Svar”; there are: Blad1" in ended.said
    assert place.contents() == before


def test_merged_cells_beside_the_answers_do_no_harm(place: Place) -> None:
    path = write_workbook(place.folder / "title.xlsx", lambda s: s.merge_cells("K1:L2"))
    assert place.ingest(path).code == 0


def zeros(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(DECOY_BYTES)


def table_then_zeros(path: Path) -> None:
    path.write_bytes((SETUP / "good.csv").read_bytes())
    with path.open("r+b") as file:
        file.truncate(DECOY_BYTES)


def one_line(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(DECOY_BYTES // 2**20):
            file.write(b"a" * 2**20)


_RUN = """
import json, pathlib, re
from dimios_core.cli import main
try:
    main()
except SystemExit as end:
    # not ru_maxrss: it starts from the size of the process that started this one
    peak_kb = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]
    print(json.dumps([end.code, int(peak_kb) / 1024]))
"""


@pytest.mark.usefixtures("heavy")
@pytest.mark.parametrize(
    ("name", "fill", "says"),
    [
        ("decoy.csv", zeros, "binary content"),
        ("decoy.xlsx", zeros, "no Excel workbook"),
        ("decoy.sav", zeros, "no SPSS data file"),
        ("decoy.csv", table_then_zeros, "binary content"),
        ("decoy.csv", one_line, "no line break in the first megabyte"),
    ],
    ids=["zeros.csv", "zeros.xlsx", "zeros.sav", "table_then_zeros.csv", "one_line.csv"],
)
def test_a_decoy_of_300_mb_is_refused_at_once(
    place: Place, name: str, fill: Callable[[Path], None], says: str
) -> None:
    before = place.contents()
    fill(place.folder / name)
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            _RUN,
            "ingest",
            place.folder / name,
            "--mapping",
            SETUP / "wide.yaml",
            "--instrument",
            SETUP / "instrument.yaml",
            "--outputs",
            place.outputs,
            "--key-file",
            place.folder / "pseudonym.key",
        ],
        capture_output=True,
        text=True,
    )
    (place.folder / name).unlink()
    code, peak_mb = json.loads(process.stdout)
    assert code == 2
    assert says in process.stderr
    assert peak_mb < DECOY_MB
    assert place.contents() == before
