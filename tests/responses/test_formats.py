"""The same answers in every format, layout and encoding are stored as the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.responses import RESPONSE_SCHEMA, ResponseStore, ingest

from .conftest import KEY, SETUP

TABLE = [line.split(";") for line in (SETUP / "good.csv").read_text(encoding="utf-8").splitlines()]
HEADER, ROWS = TABLE[0], TABLE[1:]
LONG_HEADER = [*HEADER[:5], "Fråga", "Svar"]
LONG_ROWS = [[*row[:5], HEADER[5 + i], row[5 + i]] for row in ROWS for i in range(3)]

# worked out by hand from tests/bad/setup/good.csv: (respondent, organisation, unit, role, item, answer, kind)
EXPECTED = {
    ("a1", "lindby", "care", "politicians", "plan", 5.0, "answered"),
    ("a1", "lindby", "care", "politicians", "work", 4.0, "answered"),
    ("a1", "lindby", "care", "politicians", "learn", None, "dont_know"),
    ("a2", "lindby", "home-care", "managers", "plan", 5.0, "answered"),
    ("a2", "lindby", "home-care", "managers", "work", 1.0, "answered"),
    ("a2", "lindby", "home-care", "managers", "learn", 2.0, "answered"),
    ("a3", "berga", "", "unknown", "plan", 3.0, "answered"),
    ("a3", "berga", "", "unknown", "work", None, "missing"),
    ("a3", "berga", "", "unknown", "learn", 1.0, "answered"),
}


def hashed(organisation: str, respondent: str) -> int:
    """The pseudonym, straight from its definition: keyed BLAKE2b-64 of organisation, NUL, identity."""
    digest = hashlib.blake2b(f"{organisation}\0{respondent}".encode(), key=KEY, digest_size=8).digest()
    return int.from_bytes(digest, "big")


def as_text(rows: list[list[str]], delimiter: str) -> str:
    cells = [['"' + c + '"' if delimiter in c else c for c in row] for row in rows]
    return "".join(delimiter.join(row) + "\r\n" for row in cells)


def csv_writer(encoding: str, delimiter: str) -> Callable[[Path, list[list[str]]], Path]:
    def write(folder: Path, rows: list[list[str]]) -> Path:
        path = folder / "answers.csv"
        path.write_bytes(as_text(rows, delimiter).encode(encoding))
        return path

    return write


def write_xlsx(folder: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(c) if c.isdecimal() else c or None for c in row])
    book.save(folder / "answers.xlsx")
    return folder / "answers.xlsx"


SAV_NAMES = {
    "Svars-ID": "svarsid",
    "Organisation": "organisation",
    "Mätning": "period",
    "Enhet": "enhet",
    "Roll": "roll",
    "Vi planerar": "q1",
    "Vi arbetar": "q2",
    "Vi lär": "q3",
    "Fråga": "item",
    "Svar": "answer",
}
SAV_CODES = {
    "5": 5,
    "4,0": 4,
    "3": 3,
    "2": 2,
    "1": 1,
    "Instämmer inte alls": 1,
    "Instämmer helt": 5,
    "Vet ej": 9,
}
SAV_LABELS = {1: "Instämmer inte alls", 5: "Instämmer helt", 9: "Vet ej"}


def write_sav(folder: Path, rows: list[list[str]]) -> Path:
    frame = pd.DataFrame(rows[1:], columns=[SAV_NAMES[name] for name in rows[0]])
    coded = [name for name in ("q1", "q2", "q3", "answer") if name in frame]
    frame[coded] = frame[coded].apply(lambda c: c.map(SAV_CODES).astype(float))
    pyreadstat.write_sav(
        frame,
        folder / "answers.sav",
        variable_value_labels=dict.fromkeys(coded, SAV_LABELS),
        # "don't know" is declared missing in the file, as survey tools do; it is an answer all the same
        missing_ranges={name: [9] for name in coded},
    )
    return folder / "answers.sav"


def stored_rows(outputs: Path, period: str = "2026") -> set[tuple[object, ...]]:
    store = ResponseStore(outputs)
    names = {hashed(o, r): r for o in ("lindby", "berga") for r in ("a1", "a2", "a3")}
    return {
        (
            names[row["respondent"]],
            *(row[c] for c in ("organisation", "unit", "role", "item", "answer", "answer_kind")),
        )
        for organisation in store.organisations(period)
        for row in store.read(period, organisation).to_pylist()
    }


WRITERS = {
    "utf-8, semicolon": csv_writer("utf-8", ";"),
    "utf-8 with mark, comma": csv_writer("utf-8-sig", ","),
    "utf-8, tab": csv_writer("utf-8", "\t"),
    "windows-1252, semicolon": csv_writer("cp1252", ";"),
    "windows-1252, comma": csv_writer("cp1252", ","),
    "utf-16, tab": csv_writer("utf-16", "\t"),
    "xlsx": write_xlsx,
    "sav": write_sav,
}


@pytest.mark.parametrize("layout", ["wide", "long"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_every_format_gives_the_rows_worked_out_by_hand(
    tmp_path: Path,
    outputs: Path,
    instrument: Instrument,
    write: Callable[[Path, list[list[str]]], Path],
    layout: str,
) -> None:
    rows = [HEADER, *ROWS] if layout == "wide" else [LONG_HEADER, *LONG_ROWS]
    mapping = tmp_path / "mapping.yaml"
    text = (SETUP / f"{layout}.yaml").read_text(encoding="utf-8")
    if write is write_sav:
        for name, short in SAV_NAMES.items():
            text = text.replace(f"column: {name}}}", f"column: {short}}}").replace(
                f"column: {name},", f"column: {short},"
            )
            text = text.replace(f'"{name}":', f'"{short}":') if layout == "wide" else text
    mapping.write_text(text, encoding="utf-8")
    ingest([write(tmp_path, rows)], mapping, instrument, outputs, key=KEY)
    assert stored_rows(outputs) == EXPECTED


def test_rows_are_sorted_and_typed(outputs: Path, instrument: Instrument) -> None:
    ingest([SETUP / "good.csv"], SETUP / "wide.yaml", instrument, outputs, key=KEY)
    frame = ResponseStore(outputs).read("2026", "lindby").to_pandas()
    expected = frame.assign(item=frame["item"].astype(str)).sort_values(["respondent", "item"]).index
    assert list(expected) == list(range(6))
    assert frame["respondent"].dtype == "uint64"
    assert frame["answer"].dtype == "float32"
    assert (frame["weight"] == 1.0).all()
    assert frame["answered_at"].isna().all()


def test_weights_times_and_strata_are_stored(tmp_path: Path, outputs: Path, instrument: Instrument) -> None:
    lines = (SETUP / "good.csv").read_text(encoding="utf-8").splitlines()
    more = [";Vikt;Tid;Stratum", ";1,5;2026-03-01;norr", ";0.25;2026-03-01 14:05;syd", ";2;;"]
    file = tmp_path / "weighted.csv"
    file.write_text("\n".join(a + b for a, b in zip(lines, more, strict=True)), encoding="utf-8")
    mapping = tmp_path / "weighted.yaml"
    text = (SETUP / "weighted.yaml").read_text(encoding="utf-8")
    mapping.write_text(
        text.replace("  weight:", "  stratum: {column: Stratum}\n  weight:") + "strata_merge: {norr: syd}\n",
        encoding="utf-8",
    )
    ingest([file], mapping, instrument, outputs, key=KEY)
    store = ResponseStore(outputs)
    rows = {r["respondent"]: r for r in store.read("2026", "lindby").to_pylist()}
    first, second = rows[hashed("lindby", "a1")], rows[hashed("lindby", "a2")]
    assert (first["weight"], first["stratum"], str(first["answered_at"])) == (
        1.5,
        "norr",
        "2026-03-01 00:00:00",
    )
    assert (second["weight"], second["stratum"], str(second["answered_at"])) == (
        0.25,
        "syd",
        "2026-03-01 14:05:00",
    )
    assert store.read("2026", "berga").column("answered_at").null_count == 3
    assert store.provenance("2026", "lindby").strata_merge == {"norr": "syd"}


def ingest_times(
    tmp_path: Path, outputs: Path, instrument: Instrument, times: list[str]
) -> tuple[Path, ResponseStore]:
    """Take in the good answers with these starts and ends, "start;end" a respondent."""
    lines = (SETUP / "good.csv").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "timed.csv"
    more = ["Påbörjad;Slutförd", *times]
    file.write_text("\n".join(f"{a};{b}" for a, b in zip(lines, more, strict=True)), encoding="utf-8")
    ingest([file], SETUP / "timed.yaml", instrument, outputs, key=KEY)
    return file, ResponseStore(outputs)


def test_starts_are_stored_and_may_be_as_coarse_as_a_tool_writes_them(
    tmp_path: Path, outputs: Path, instrument: Instrument
) -> None:
    # begun within the minute, and on the day, that it was sent; and nothing known of the third
    times = ["2026-03-01 14:05:30;2026-03-01 14:05", "2026-03-02 09:31;2026-03-02", ";"]
    _, store = ingest_times(tmp_path, outputs, instrument, times)
    rows = {r["respondent"]: r for r in store.read("2026", "lindby").to_pylist()}
    assert str(rows[hashed("lindby", "a1")]["started_at"]) == "2026-03-01 14:05:30"
    assert str(rows[hashed("lindby", "a2")]["started_at"]) == "2026-03-02 09:31:00"
    assert store.read("2026", "berga", ["started_at"]).column(0).null_count == 3


@pytest.mark.parametrize(
    "times",
    [
        "2026-03-01 14:06;2026-03-01 14:05",
        "2026-03-01 14:05:31;2026-03-01 14:05:30",
        "2026-03-02;2026-03-01",
    ],
)
def test_a_start_after_the_end_is_told_with_every_other_fault(
    tmp_path: Path, outputs: Path, instrument: Instrument, times: str
) -> None:
    with pytest.raises(InputError) as caught:
        ingest_times(tmp_path, outputs, instrument, [times, "yesterday;today", times])
    problems = [(p.place.partition("row")[2], p.what) for p in caught.value.problems]
    assert problems == [
        ("s 2, 4, column Påbörjad", "begun after it was answered (column Slutförd)"),
        (" 3, column Påbörjad", "“yesterday” is no time"),
        (" 3, column Slutförd", "“today” is no time"),
    ]


def test_files_stored_before_there_were_starts_are_read_and_are_the_same_answers(
    tmp_path: Path, outputs: Path, instrument: Instrument
) -> None:
    file, store = ingest_times(tmp_path, outputs, instrument, [";2026-03-01", ";2026-03-02", ";"])
    now, provenance = store.read_with_provenance("2026", "lindby")
    path = store.folder / store.file_name("2026", "lindby")
    stored = pq.read_table(path, partitioning=None)
    pq.write_table(stored.drop_columns(["started_at"]), path, compression="zstd")

    then, provenance_then = store.read_with_provenance("2026", "lindby")
    assert then.equals(now)
    assert then.schema.names == RESPONSE_SCHEMA.names
    assert provenance_then == provenance
    two = store.read("2026", "lindby", ["started_at", "item"])
    assert (two.schema.names, two.column("started_at").null_count) == (["started_at", "item"], 6)
    assert store.read("2026", "lindby", ["item"]).schema.names == ["item"]
    again = ingest([file], SETUP / "timed.yaml", instrument, outputs, key=KEY)
    assert {group.status for group in again.groups} == {"unchanged"}
