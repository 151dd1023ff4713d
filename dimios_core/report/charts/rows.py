"""Rows: a name, marks and bars on a common scale, and words; the one layout that every chart of rows is drawn in.

A row is data: what is marked where, in which form and colour. A chart kind says which rows it makes of its figures, in
which room, and in which order forms are drawn. Heights are pixels below the scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dimios_core.report.charts.colours import INK, MUTED
from dimios_core.report.charts.parts import (
    NARROW_PX,
    WIDE_PX,
    Drawing,
    Part,
    box,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.charts.placing import wrap_words
from dimios_core.report.charts.scales import Scale, Tick
from dimios_core.report.drawable import bold

TOP_PX, BOTTOM_PX = 26, 4
LINE_PX = 15
#: generous widths of letters of names, and of words that may be bold
LETTER_PX, WORDS_LETTER_PX = 6.9, 7.2
#: between a name that ends at its row and the row
NAME_GAP_PX, WORDS_GAP_PX, REASON_GAP_PX = 12, 4, 4


@dataclass(frozen=True)
class Mark:
    """A mark: a value, its form ("circle", "circle-open", "diamond", "line-ns"), and what plotly says of it.

    `narrow_px` is its size on a phone, where that differs.
    """

    value: float
    text: str
    form: str = "circle"
    size_px: float = 10
    colour: str = INK
    narrow_px: float | None = None


@dataclass(frozen=True)
class Bar:
    """A band or bar from one value to another; `narrow_px` is its height on a phone, where that differs."""

    low: float
    high: float
    colour: str
    height_px: float = 10
    narrow_px: float | None = None


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes
    ----------
    name : str
    words : str
        What is written at the right: the figure.
    bold : bool
        Words are bold: certain.
    marks : tuple of Mark
    bars : tuple of Bar
        In the order to draw.
    reason : str
        Why there is nothing, in the place of the marks.
    depth : int
        How far the name is set in, from 1.
    """

    name: str
    words: str = ""
    bold: bool = False
    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()
    reason: str = ""
    depth: int = 1

    @property
    def values(self) -> list[float]:
        """Everything that its scale has to show."""
        return [m.value for m in self.marks] + [v for b in self.bars for v in (b.low, b.high)]

    @property
    def told(self) -> str:
        """The words as they are written."""
        return bold(self.words) if self.bold else self.words


def list_values(rows: Sequence[Row]) -> list[float]:
    """List everything that the rows' scale has to show."""
    return [v for row in rows for v in row.values]


@dataclass(frozen=True)
class Room:
    """How much room rows have, pixels: left and right of the marks, and at their sides on a phone, where names and words
    stand above them; the height of a row with one line of name; on a phone, from the upper edge of a row to its name and to
    its marks, which are in the middle else, how far a reason is set in, and the least width that words have. Words that are not bold are muted where `quiet`.
    """

    names_px: int
    words_px: int
    edge_px: int = 14
    row_px: int = 32
    narrow_row_px: int = 50
    narrow_name_px: float = 13.5
    narrow_mark_px: float = 36
    narrow_reason_px: float = REASON_GAP_PX
    narrow_words_px: int = 0
    quiet: bool = False


@dataclass(frozen=True)
class RowLayout:
    """Rows in their room: names end at the marks, in as many lines as they need.

    Parameters
    ----------
    rows : sequence of Row
        In the order to show.
    scale : (low, high)
    room : Room
    narrow : bool
        For a phone.
    """

    rows: Sequence[Row]
    scale: Scale
    room: Room
    narrow: bool

    @property
    def width_px(self) -> float:
        """Width of the plot."""
        if self.narrow:
            return NARROW_PX - 2 * self.room.edge_px
        return WIDE_PX - self.room.names_px - self.room.words_px

    @cached_property
    def lines(self) -> list[list[str]]:
        """Every row's name in lines."""
        return [
            wrap_words(row.name, self.room_for_name(row) - self.indent(row), LETTER_PX) for row in self.rows
        ]

    def room_for_name(self, row: Row) -> float:
        """Return the width that a row's name may have: left of the marks, on a phone left of its words."""
        if self.narrow:
            words_px = max(self.room.narrow_words_px, WORDS_LETTER_PX * len(row.words))
            return NARROW_PX - 2 * self.room.edge_px - NAME_GAP_PX - words_px
        return self.room.names_px - NAME_GAP_PX

    @staticmethod
    def indent(row: Row) -> float:
        """Return how far a row's name is set in; only where names begin at the left edge."""
        return 0.0

    @cached_property
    def tops(self) -> list[float]:
        """Upper edge of every row and the lower edge of the last, pixels below the scale; of no rows, one row's."""
        tops = [0.0]
        for lines in self.lines or [[""]]:
            more = LINE_PX * (len(lines) - 1)
            high = (
                self.room.narrow_row_px + more if self.narrow else max(self.room.row_px, more + LINE_PX + 6)
            )
            tops.append(tops[-1] + high)
        return tops

    @property
    def bottom(self) -> float:
        """Lower edge of the plot in the figure's coordinates."""
        return -self.tops[-1]

    @cached_property
    def marks_at(self) -> list[float]:
        """Where every row's marks have their place."""
        if not self.narrow:
            return [-(top + foot) / 2 for top, foot in pairwise(self.tops)]
        names_px = [LINE_PX * (len(lines) - 1) + self.room.narrow_mark_px for lines in self.lines]
        return [-round(top + px, 2) for top, px in zip(self.tops, names_px, strict=False)]

    def name_at(self, i: int) -> float:
        """Where the first line of a row's name stands, and on a phone its words."""
        if self.narrow:
            return -round(self.tops[i] + self.room.narrow_name_px, 2)
        return self.marks_at[i] + (len(self.lines[i]) - 1) / 2 * LINE_PX

    def places(self) -> Iterator[tuple[float, Row]]:
        """Each row with the height of its marks and bars."""
        return zip(self.marks_at, self.rows, strict=False)

    def write_name(self, i: int) -> list[Part]:
        """Return the lines of a row's name in their place."""
        anchor, shift = ("left", 0) if self.narrow else ("right", -NAME_GAP_PX)
        at = self.name_at(i)
        return [
            label(line, 0, at - j * LINE_PX, anchor, 13, INK, xref="paper", xshift=shift)
            for j, line in enumerate(self.lines[i])
        ]

    def write_words(self, i: int, text: str, colour: str, shift: float | None = None) -> Part:
        """Return words at the right of a row; `shift` is where they end, pixels right of the marks' room."""
        if shift is None:
            shift = 0 if self.narrow else self.room.words_px - WORDS_GAP_PX
        at = self.name_at(i) if self.narrow else self.marks_at[i]
        return label(text, 1, at, "right", 13, colour, xref="paper", xshift=shift)

    def write_reason(self, i: int) -> Part:
        """Return why there is nothing, in the place of a row's marks."""
        shift = self.room.narrow_reason_px if self.narrow else REASON_GAP_PX
        row, y = self.rows[i], self.marks_at[i]
        return label(row.reason, 0, y, "left", 12, MUTED, xref="paper", xshift=shift)

    def labels(self) -> list[Part]:
        """Names, words and reasons."""
        found = []
        for i, row in enumerate(self.rows):
            found += self.write_name(i)
            if row.words:
                colour = MUTED if self.room.quiet and not row.bold else INK
                found.append(self.write_words(i, row.told, colour))
            if row.reason:
                found.append(self.write_reason(i))
        return found

    def bars(self) -> list[Part]:
        """The rows' bars, as far as the scale shows them."""
        low, high = self.scale
        found = []
        for y, row in self.places():
            for bar in row.bars:
                half = self._pick(bar.height_px, bar.narrow_px) / 2
                found.append(box(max(bar.low, low), min(bar.high, high), y - half, y + half, bar.colour))
        return found

    def traces(self, forms: Sequence[str]) -> list[Part]:
        """The rows' marks, a trace for each form and size; those of the last form lie on top.

        Raises
        ------
        ValueError
            A mark has another form.
        """
        drawn: dict[tuple[str, float], list[tuple[float, Mark]]] = {}
        for y, row in self.places():
            for m in row.marks:
                drawn.setdefault((m.form, self._pick(m.size_px, m.narrow_px)), []).append((y, m))
        if others := {form for form, _ in drawn} - set(forms):
            raise ValueError(f"these rows have no marks of the form {', '.join(sorted(others))}")
        found = []
        for (form, size), placed in sorted(drawn.items(), key=lambda one: forms.index(one[0][0])):
            colours = [m.colour for _, m in placed]
            # one colour where all have it: upright lines cannot have more
            colour = colours[0] if len(set(colours)) == 1 else colours
            x, texts = [m.value for _, m in placed], [m.text for _, m in placed]
            found.append(marks(x, [at for at, _ in placed], form, size, colour, texts))
        return found

    def _pick(self, wide_px: float, narrow_px: float | None) -> float:
        return narrow_px if self.narrow and narrow_px is not None else wide_px

    def upright(self, value: float, colour: str, width: float = 1) -> Part:
        """Return a line through all rows."""
        return stroke(value, value, self.bottom, 0, colour, width)

    def frame(
        self,
        ticks: Sequence[Tick],
        data: list[Part],
        shapes: list[Part],
        labels: list[Part] | None = None,
        *,
        grid: bool = True,
    ) -> Drawing:
        """Put the figure together; `labels` are the rows' own unless others are given."""
        left, right = (self.room.edge_px,) * 2 if self.narrow else (self.room.names_px, self.room.words_px)
        xaxis = {
            "range": list(self.scale), "tickvals": [v for v, _ in ticks], "ticktext": [name for _, name in ticks],
            "side": "top", "showgrid": grid,
        }  # fmt: skip
        margin = {"l": left, "r": right, "t": TOP_PX, "b": BOTTOM_PX}
        height = round(TOP_PX + BOTTOM_PX + self.tops[-1])
        width = NARROW_PX if self.narrow else WIDE_PX
        labels = self.labels() if labels is None else labels
        return frame(width, height, margin, xaxis, {"range": [self.bottom, 0]}, data, shapes, labels)
