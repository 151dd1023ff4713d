"""The file of a worksheet: sheets, columns, looks and print settings come with the program, cells are written for each organisation.

What comes with it is made by openpyxl (`python -m tests.actions.worksheet_file`), which takes ten times as long as to write what stands
in the cells.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from pathlib import Path

from dimios_core.archives import pack, unpack
from dimios_core.languages import load_texts
from dimios_core.markup import Markup, attributes, join, markup

#: letters of the columns that a group fills in, and how wide they are, in characters; those of the measure points
LETTERS = "ABCDEFGHIJK"
WIDTHS, POINTS_WIDTHS = (46, 22, 12, 32, 40, 16, 16, 18, 13, 16, 40), (34, 26, 90)
#: height of a line of text in points, and how many letters of a wide typeface a character of a column's width holds
LINE_POINTS, LETTERS_A_CHARACTER = 15, 0.85
#: looks of cells whose texts go on in a new line where the column ends
WRAPPED = ("column", "entry", "long")
#: what comes with the program, and in it: what the sheets are called, and the first row that moves, until a language says it
SHIPPED = Path(__file__).parent / "static" / "worksheet.xlsx"
PLAN_TITLE, POINTS_TITLE, FIRST_ENTRY = "plan", "points", 12
#: what cells look like, in the order of the file's styles
LOOKS = ("plain", "title", "key", "column", "entry", "long")
#: the sheets among the parts of the file, what is planned and the measure points, and what names them
PLAN_SHEET, POINTS_SHEET = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
BOOK = "xl/workbook.xml"
#: what is written anew: the cells of a sheet, and what tells before them how many there are, which no program needs
_CELLS = re.compile(rb"<sheetData ?/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
#: what the name of a sheet may not hold
_NOT_IN_NAMES = re.compile(r"[\\*?:/\[\]]")


@dataclass(frozen=True)
class Row:
    """A row of a sheet: the texts of its cells, and what each looks like; the last look holds for all that follow."""

    texts: Sequence[str] = ()
    looks: Sequence[str] = ("plain",)


@dataclass(frozen=True)
class Choice:
    """A list that cells are chosen from.

    Attributes
    ----------
    cells : str
        Such as "D12:D31".
    formula : str
        Where its words stand, or the words.
    title, error : str
        What is told of a word that is not among them.
    """

    cells: str
    formula: str
    title: str
    error: str


@dataclass(frozen=True)
class Frame:
    """A worksheet's file without cells.

    Attributes
    ----------
    parts : mapping of str to bytes
        Name -> content, in the order of the file.
    looks : mapping of str to str
        What cells look like (`LOOKS`) -> the number of its style in the file, in digits.
    """

    parts: Mapping[str, bytes]
    looks: Mapping[str, str]

    def fill(self, plan: Iterable[Row], choices: Sequence[Choice], points: Iterable[Row]) -> bytes:
        """Return the file with the rows of both sheets, and lists to choose from in the first."""
        written = {
            PLAN_SHEET: self._write_rows(plan, WIDTHS) + _write_choices(choices),
            POINTS_SHEET: self._write_rows(points, POINTS_WIDTHS),
        }
        return pack({**self.parts, **{name: self._put_into(name, cells) for name, cells in written.items()}})

    def _put_into(self, name: str, cells: Markup) -> bytes:
        return _CELLS.sub(lambda _: cells.encode(), self.parts[name])

    def _write_rows(self, rows: Iterable[Row], widths: Sequence[int]) -> Markup:
        written = (
            markup(
                '<row r="{}"{}>{}</row>',
                number,
                # a program may make it higher, as it does where somebody writes more
                attributes(ht=LINE_POINTS * lines if (lines := _count_lines(row, widths)) > 1 else None),
                join(self._write_cells(number, row)),
            )
            for number, row in enumerate(rows, start=1)
        )
        return markup("<sheetData>{}</sheetData>", join(written))

    def _write_cells(self, number: int, row: Row) -> Iterable[Markup]:
        for letter, look, text in zip(LETTERS, _list_looks(row), row.texts, strict=False):
            place = (f"{letter}{number}", self.looks[look])
            if text:
                # as text, whatever it begins with
                yield markup(
                    '<c r="{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>', *place, text
                )
            else:
                yield markup('<c r="{}" s="{}"/>', *place)


def _list_looks(row: Row) -> Iterator[str]:
    return chain(row.looks, repeat(row.looks[-1]))


def _count_lines(row: Row, widths: Sequence[int]) -> int:
    """Return how many lines the longest text of a row takes: some programs open a file with rows of one line."""
    wrapped = (
        [(line, int(width * LETTERS_A_CHARACTER)) for line in text.split("\n")]
        for text, look, width in zip(row.texts, _list_looks(row), widths, strict=False)
        if look in WRAPPED
    )
    return max((sum(_fold(*line) for line in lines) for lines in wrapped), default=1)


def _fold(line: str, letters: int) -> int:
    return len(textwrap.wrap(line, letters)) if len(line) > letters else 1


def _write_choices(choices: Sequence[Choice]) -> Markup:
    written = join(
        markup(
            '<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="{}" error="{}" sqref="{}">'
            "<formula1>{}</formula1></dataValidation>",
            *(c.title, c.error, c.cells, c.formula),
        )
        for c in choices
    )
    return markup('<dataValidations count="{}">{}</dataValidations>', len(choices), written)


@cache
def lay_out(language: str) -> Frame:
    """Return the file of worksheets in a language; nobody's data are in it.

    Raises
    ------
    InputError
        There are no texts in that language.
    ValueError
        A sheet's name holds a sign that none may hold.
    """
    parts, words = unpack(SHIPPED.read_bytes()), load_texts(language)["worksheet"]
    for title, name in ((PLAN_TITLE, words["plan_sheet"]), (POINTS_TITLE, words["points_sheet"])):
        if _NOT_IN_NAMES.search(name):
            raise ValueError(f"the name of a sheet may hold none of these: {name!r}")
        parts[BOOK] = parts[BOOK].replace(f'name="{title}"'.encode(), markup('name="{}"', name).encode())
    first = find_first_entry(language)
    parts[PLAN_SHEET] = parts[PLAN_SHEET].replace(_write_pane(FIRST_ENTRY), _write_pane(first))
    parts |= {name: _DIMENSION.sub(b"", parts[name]) for name in (PLAN_SHEET, POINTS_SHEET)}
    return Frame(parts, {look: str(number) for number, look in enumerate(LOOKS)})


def _write_pane(first: int) -> bytes:
    """Return where the rows begin that move, as the file tells it."""
    return f'ySplit="{first - 1}" topLeftCell="A{first}"'.encode()


def find_first_entry(language: str) -> int:
    """Return the number of the first row to fill in, under title, explanations, organisation, period and columns' names, and two empty rows."""
    return len(load_texts(language)["worksheet"]["explanations"]) + 7
