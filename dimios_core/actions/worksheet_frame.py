"""The file of a worksheet: laid out by XlsxWriter once a language, filled in for each organisation.

To lay out sheets, columns, looks and print settings takes ten times as long as to write what stands in the cells.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, repeat

from dimios_core.archives import freeze, pack, unpack
from dimios_core.languages import load_texts
from dimios_core.markup import Markup, attributes, join, markup, markup_each

#: letters of the columns that a group fills in, and how wide they are, in characters; those of the measure points
LETTERS = "ABCDEFGHIJK"
WIDTHS, POINTS_WIDTHS = (46, 22, 12, 32, 40, 16, 16, 18, 13, 16, 40), (34, 26, 90)
#: height of a line of text in points, and how many letters of a wide typeface a character of a column's width holds
LINE_POINTS, LETTERS_A_CHARACTER = 15, 0.85
#: as text: 2027-03 stays what was written
_FRAMED = {"border": 1, "border_color": "#BBBBBB", "num_format": "@"}
_WRAPPED = {"text_wrap": True, "valign": "top"}
#: what cells look like, plain ones besides
LOOKS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "key": {"bold": True},
    "column": {"bold": True, "bg_color": "#E8EDF3"} | _FRAMED | _WRAPPED,
    "entry": _FRAMED | _WRAPPED,
    "long": _WRAPPED,
}
#: looks of cells whose texts go on in a new line where the column ends
WRAPPED = [name for name, look in LOOKS.items() if look.keys() >= _WRAPPED.keys()]
#: models, times languages, whose sheet of measure points is kept
MODELS_KEPT_N = 8
#: the sheets among the parts of the file: what is planned, and the measure points
PLAN_SHEET, POINTS_SHEET = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
#: what is written anew: the cells of a sheet, and what tells before them how many there are, which no program needs
_CELLS = re.compile(rb"<sheetData ?/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")


@dataclass(frozen=True)
class Row:
    """A row of a sheet: the texts of its cells, and what each looks like; the last look holds for all that follow."""

    texts: tuple[str, ...] = ()
    looks: tuple[str, ...] = ("plain",)


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


@dataclass(frozen=True, eq=False)
class Frame:
    """A worksheet's file without cells; there is one a language.

    Attributes
    ----------
    parts : mapping of str to bytes
        Name -> content, in the order of the file.
    looks : mapping of str to str
        What cells look like ("plain", "title", "key", "column", "entry", "long") -> the number of its style in the file, in digits.
    """

    parts: Mapping[str, bytes]
    looks: Mapping[str, str]

    def fill(self, plan: Iterable[Row], choices: Sequence[Choice], points: tuple[Row, ...]) -> bytes:
        """Return the file with the rows of both sheets, and lists to choose from in the first."""
        cells = self.write_rows(plan, WIDTHS) + _write_choices(choices)
        sheets = {PLAN_SHEET: self.put_into(PLAN_SHEET, cells), POINTS_SHEET: write_points(self, points)}
        return pack({**self.parts, **sheets})

    def put_into(self, name: str, cells: Markup) -> bytes:
        """Return a sheet with its cells."""
        return _CELLS.sub(lambda _: cells.encode(), self.parts[name])

    def write_rows(self, rows: Iterable[Row], widths: Sequence[int]) -> Markup:
        """Return the cells of rows; `widths` of their columns tell how high each is."""
        written = (
            markup(
                '<row r="{}"{}>{}</row>',
                number,
                # a program may make it higher, as it does where somebody writes more
                attributes(ht=LINE_POINTS * lines if (lines := _count_lines(row, widths)) > 1 else None),
                self._write_cells(number, row),
            )
            for number, row in enumerate(rows, start=1)
        )
        return markup("<sheetData>{}</sheetData>", join(written))

    def _write_cells(self, number: int, row: Row) -> Markup:
        places = [f"{letter}{number}" for letter in LETTERS[: len(row.texts)]]
        looks = [self.looks[look] for look, _ in zip(_list_looks(row), row.texts, strict=False)]
        if not any(row.texts):
            return join(markup_each('<c r="{}" s="{}"/>', places, looks))
        return join(
            # as text, whatever it begins with
            markup(
                '<c r="{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>',
                place,
                look,
                text,
            )
            if text
            else markup('<c r="{}" s="{}"/>', place, look)
            for place, look, text in zip(places, looks, row.texts, strict=True)
        )


@lru_cache(MODELS_KEPT_N)
def write_points(frame: Frame, points: tuple[Row, ...]) -> bytes:
    """Return the sheet of the measure points, the same for all organisations."""
    return frame.put_into(POINTS_SHEET, frame.write_rows(points, POINTS_WIDTHS))


def _list_looks(row: Row) -> Iterator[str]:
    return chain(row.looks, repeat(row.looks[-1]))


def _count_lines(row: Row, widths: Sequence[int]) -> int:
    """Return how many lines the longest text of a row takes: some programs open a file with rows of one line."""
    wrapped = (
        [(line, int(width * LETTERS_A_CHARACTER)) for line in text.split("\n")]
        for text, look, width in zip(row.texts, _list_looks(row), widths, strict=False)
        if text and look in WRAPPED
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
    """Lay out the file of worksheets in a language; nobody's data are in it.

    Raises
    ------
    InputError
        There are no texts in that language.
    """
    import xlsxwriter

    words, made = load_texts(language)["worksheet"], io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        plan, points = (book.add_worksheet(words[name]) for name in ("plan_sheet", "points_sheet"))
        for sheet, widths in ((plan, WIDTHS), (points, POINTS_WIDTHS)):
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
        plan.freeze_panes(find_first_entry(language) - 1, 0)
        plan.set_landscape()
        plan.fit_to_pages(1, 0)
        for row, look in enumerate(LOOKS.values()):
            plan.write_blank(row, 0, None, book.add_format(look))
    parts = unpack(freeze(made.getvalue()))
    numbers = re.findall(rb'<c r="A\d+" s="(\d+)"/>', parts[PLAN_SHEET])
    parts |= {name: _DIMENSION.sub(b"", parts[name]) for name in (PLAN_SHEET, POINTS_SHEET)}
    return Frame(parts, {"plain": "0"} | {look: n.decode() for look, n in zip(LOOKS, numbers, strict=True)})


def find_first_entry(language: str) -> int:
    """Return the number of the first row to fill in, under title, explanations, organisation, period and columns' names, and two empty rows."""
    return len(load_texts(language)["worksheet"]["explanations"]) + 7
