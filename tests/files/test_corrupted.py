"""Files damaged in one way that a careful person would see: read rightly or refused, never silently wrong.

Made by seed: here one of each kind; two hundred others, elsewhere in the file and in words or numbers, are long.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.responses import ingest

from .conftest import BASE, KEY, Reader

PEOPLE = 12
WORDS = {
    1: "Instämmer inte alls",
    2: "Instämmer inte",
    3: "Varken eller",
    4: "Instämmer",
    5: "Instämmer helt",
}
HEADER = ["ID", "Kommun", "Mätning", "Fråga 1", "Fråga 2", "Fråga 3"]
ITEMS = HEADER[3:]
MAPPING = """id: m
layout: wide
columns: {organisation: {column: Kommun}, period: {column: Mätning}, respondent: {column: ID}}
items: {Fråga 1: plan, Fråga 2: work, Fråga 3: learn}
answers:
  labels: {Instämmer inte alls: 1, Instämmer inte: 2, Varken eller: 3, Instämmer: 4, Instämmer helt: 5}
"""
NUMBERS = MAPPING.split("answers:")[0]

Rows = list[list[str]]
#: the file's bytes, its ending, and the mapping that reads it whole
Damaged = tuple[bytes, str, str]


class Survey:
    """One sound survey in words or numbers, and a place in it to damage."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.answers = [[self.draw.randint(1, 5) for _ in ITEMS] for _ in range(PEOPLE)]
        self.worded = self.draw.random() < 0.5
        self.row = self.draw.randrange(PEOPLE)
        self.column = self.draw.randrange(3, 6)

    @property
    def mapping(self) -> str:
        return MAPPING if self.worded else NUMBERS

    @property
    def rows(self) -> Rows:
        return [
            [f"p{n:02}å", "lindby", "2026", *(WORDS[a] if self.worded else str(a) for a in answers)]
            for n, answers in enumerate(self.answers)
        ]

    def text(self, rows: Rows | None = None, header: list[str] | None = None, between: str = ";") -> str:
        lines = [header or HEADER, *(self.rows if rows is None else rows)]
        return "".join(between.join(line) + "\n" for line in lines)

    def csv(self, text: str, encoding: str = "utf-8") -> Damaged:
        return text.encode(encoding), ".csv", self.mapping

    def with_cell(self, change: Callable[[str], str], column: int | None = None) -> Damaged:
        rows = self.rows
        place = self.column if column is None else column
        rows[self.row][place] = change(rows[self.row][place])
        return self.csv(self.text(rows))

    def workbook(self) -> bytes:
        book, out = openpyxl.Workbook(), io.BytesIO()
        for line in (HEADER, *self.rows):
            book.active.append(line)
        book.save(out)
        return out.getvalue()

    def sav(self, folder: Path) -> bytes:
        path = folder / "whole.sav"
        frame = pd.DataFrame(self.rows, columns=["ID", "Kommun", "Matning", "q1", "q2", "q3"])
        pyreadstat.write_sav(frame, str(path))
        return path.read_bytes()


DAMAGES: dict[str, Callable[[Survey], Damaged]] = {}


def damage(make: Callable[[Survey], Damaged]) -> Callable[[Survey], Damaged]:
    DAMAGES[make.__name__] = make
    return make


for _encoding in ("utf-8-sig", "utf-16", "cp1252", "mac-roman", "cp850"):
    DAMAGES[f"in {_encoding}"] = lambda s, e=_encoding: s.csv(s.text(), e)
for _between in (",", "\t", ";;", "|", " ; "):
    DAMAGES[f"divided by {_between!r}"] = lambda s, b=_between: s.csv(s.text(between=b))
for _end in ("\r\n", "\r", "\r\r\n", "\n\n", ";\n", "\u2028", "\x1a"):
    DAMAGES[f"lines end in {_end!r}"] = lambda s, e=_end: s.csv(s.text().replace("\n", e))
IMPOSSIBLE = (
    "6|0|-1|5.5|S|5)|½|5/5|1-maj|#N/A|#REF!|=1+1|1e0|1 234|4;5|4,5|4 5|'4|\x00|\u202e4|TRUE|2026-05-01"
)
MISSPELT = "Instammer|inst\xc3\xa4mmer|vet inte"
for _answer in (*IMPOSSIBLE.split("|"), *MISSPELT.split("|")):
    DAMAGES[f"an answer is {_answer!r}"] = lambda s, a=_answer: s.with_cell(lambda _: a)
for _name in ("lindbyy", "Lindby", "LINDBY ", "", "lind\xc3\xa5by"):
    DAMAGES[f"an organisation is {_name!r}"] = lambda s, n=_name: s.with_cell(lambda _: n, 1)
for _period in ("26", "2026.0", "2026-01-01", "", "20226", "2026 ", "Vår 2026"):
    DAMAGES[f"a period is {_period!r}"] = lambda s, p=_period: s.with_cell(lambda _: p, 2)


@damage
def cut_in_a_row(s: Survey) -> Damaged:
    whole = s.text()
    lines = whole.splitlines()
    row = lines[1 + s.row]
    return s.csv(whole[: whole.index(row) + s.draw.randrange(1, len(row.rsplit(";", 1)[0]))])


@damage
def a_field_is_lost(s: Survey) -> Damaged:
    rows = s.rows
    del rows[s.row][s.column]
    return s.csv(s.text(rows))


@damage
def a_field_too_many(s: Survey) -> Damaged:
    rows = s.rows
    rows[s.row].insert(s.column, "x;y")
    return s.csv(s.text(rows))


@damage
def a_quote_is_left_open(s: Survey) -> Damaged:
    return s.with_cell(lambda value: f'"{value}')


@damage
def a_quote_within(s: Survey) -> Damaged:
    return s.with_cell(lambda value: f'{value}"')


@damage
def all_quoted(s: Survey) -> Damaged:
    rows = [[f'"{value}"' for value in row] for row in s.rows]
    return s.csv(s.text(rows, [f'"{name}"' for name in HEADER]))


@damage
def a_row_twice(s: Survey) -> Damaged:
    return s.csv(s.text([*s.rows, s.rows[s.row]]))


@damage
def a_person_twice_with_other_answers(s: Survey) -> Damaged:
    other = [*s.rows[s.row][:3], *s.rows[(s.row + 1) % PEOPLE][3:]]
    return s.csv(s.text([*s.rows, other]))


@damage
def a_name_is_spelt_apart(s: Survey) -> Damaged:
    again = s.rows[s.row]
    again[0] = f" {again[0].upper()}\u00a0"
    return s.csv(s.text([*s.rows, again]))


@damage
def two_files_one_after_another(s: Survey) -> Damaged:
    half = PEOPLE // 2
    return s.csv(s.text(s.rows[:half]) + s.text(s.rows[half:]))


@damage
def the_second_half_in_another_order(s: Survey) -> Damaged:
    half, order = PEOPLE // 2, [0, 1, 2, 5, 4, 3]
    rows = [[row[i] for i in order] for row in s.rows[half:]]
    return s.csv(s.text(s.rows[:half]) + s.text(rows, [HEADER[i] for i in order]))


@damage
def columns_in_another_order(s: Survey) -> Damaged:
    order = s.draw.sample(range(6), 6)
    return s.csv(s.text([[row[i] for i in order] for row in s.rows], [HEADER[i] for i in order]))


@damage
def a_header_twice(s: Survey) -> Damaged:
    header = [*HEADER]
    header[s.column] = HEADER[3 if s.column != 3 else 4]
    return s.csv(s.text(header=header))


@damage
def a_header_is_lost(s: Survey) -> Damaged:
    header = [*HEADER]
    header[s.column] = s.draw.choice(["", "Fråga", "Fråga 11", "fråga  9"])
    return s.csv(s.text(header=header))


@damage
def a_question_that_nobody_mapped(s: Survey) -> Damaged:
    header = [*HEADER[:3], "Fråga 0", *HEADER[3:]]
    return s.csv(s.text([[*row[:3], "5", *row[3:]] for row in s.rows], header))


@damage
def no_header(s: Survey) -> Damaged:
    return s.csv(s.text().split("\n", 1)[1])


@damage
def a_line_of_totals(s: Survey) -> Damaged:
    return s.csv(s.text([*s.rows, ["Medel", "", "", "3,1", "2,9", "3,0"]]))


@damage
def a_title_above(s: Survey) -> Damaged:
    return s.csv("Export 2026-05-04\n\n" + s.text())


@damage
def empty_lines_within(s: Survey) -> Damaged:
    lines = s.text().splitlines()
    lines[s.row + 1 : s.row + 1] = ["", ";;;;;"]
    return s.csv("\n".join(lines))


@damage
def bytes_that_are_no_text(s: Survey) -> Damaged:
    whole = bytearray(s.text().encode())
    start = whole.index(s.rows[s.row][0].encode()) + len("p00å;lindby;2026;".encode())
    whole[start] |= 0x80
    return bytes(whole), ".csv", s.mapping


@damage
def read_as_another_encoding_and_written_again(s: Survey) -> Damaged:
    return s.csv(s.text().encode().decode("cp1252"))


@damage
def a_web_page(s: Survey) -> Damaged:
    cells = "".join("<tr>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>" for row in s.rows)
    return s.csv(f"<html><table>{cells}</table></html>")


@damage
def a_zip_by_another_name(s: Survey) -> Damaged:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("answers.csv", s.text())
    return out.getvalue(), ".csv", s.mapping


@damage
def nothing(s: Survey) -> Damaged:
    return b"", ".csv", s.mapping


@damage
def a_workbook_called_csv(s: Survey) -> Damaged:
    return s.workbook(), ".csv", s.mapping


@damage
def a_workbook_cut(s: Survey) -> Damaged:
    whole = s.workbook()
    return whole[: s.draw.randrange(100, len(whole) - 30)], ".xlsx", s.mapping


@damage
def a_workbook_with_other_bytes(s: Survey) -> Damaged:
    whole = bytearray(s.workbook())
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    for _ in range(3):
        whole[sheet.header_offset + 60 + s.draw.randrange(sheet.compress_size - 40)] ^= 0x55
    return bytes(whole), ".xlsx", s.mapping


def damaged_sav(s: Survey, folder: Path) -> Damaged:
    whole = s.sav(folder)
    named = {"Mätning": "Matning", "Fråga 1": "q1", "Fråga 2": "q2", "Fråga 3": "q3"}
    mapping = s.mapping
    for header, name in named.items():
        mapping = mapping.replace(header, name)
    return whole[: s.draw.randrange(10, len(whole) - 5)], ".sav", mapping


def what_comes_of(seed: int, name: str, folder: Path) -> str:
    """Return "right" or "refused"; fails with the file where something else was stored, or where it crashed."""
    survey = Survey(seed)
    content, ending, mapping = damaged_sav(survey, folder) if name == "a .sav cut" else DAMAGES[name](survey)
    reader = Reader(folder)
    file, written = reader.write(f"answers{ending}", content), reader.write("map.yaml", mapping)
    try:
        ingest([file], written, load_instrument(BASE / "instrument.yaml"), reader.outputs, key=KEY)
    except InputError as error:
        assert all(p.remedy for p in error.problems), f"{name}: {error}"
        assert reader.people() == {}, name
        return "refused"
    truth = sorted(tuple(float(a) for a in row) for row in survey.answers)
    assert reader.answers() == truth, f"{name}, seed {seed}: {content!r}"
    return "right"


KINDS = [*DAMAGES, "a .sav cut"]


@pytest.mark.parametrize(
    "seeds",
    [range(len(KINDS)), pytest.param(range(len(KINDS), 280), marks=pytest.mark.long)],
    ids=["one of each kind", "two hundred others"],
)
def test_none_is_silently_wrong(tmp_path: Path, seeds: range) -> None:
    came: Counter[str] = Counter()
    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        came[what_comes_of(seed, KINDS[seed % len(KINDS)], folder)] += 1
    assert came.total() == len(seeds)
    assert min(came["right"], came["refused"]) > len(seeds) // 5, came
