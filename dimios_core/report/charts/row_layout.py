"""Where rows of groups lie: names left of the marks and words right of them, on a phone both above.

Heights are in pixels, since long names take several lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dimios_core.report.charts.parts import INK, MUTED, box, frame, label
from dimios_core.report.charts.wrapping import wrap_words

WIDE_PX, NARROW_PX, TOP_PX, BOTTOM_PX = 760, 350, 26, 4
#: room for names; room at the sides on a phone, for half a tick label
NAME_PX, EDGE_PX = 250, 16
ROW_PX, LINE_PX, BAR_PX = 32, 15, 34
INDENT_PX, LETTER_PX, SMALL_LETTER_PX = 14, 6.9, 6.2
WHITE = "#fff"


@dataclass(frozen=True)
class GroupRow:
    """A row: name, value with interval, and the words that tell it; or why there is none.

    Attributes
    ----------
    value, low, high : float or None
    words : str
        The value as it is written at the row.
    certain : bool
        Bold words and a filled mark; else an open one, where the rows are differences.
    reason : str
        Why there is no value.
    """

    name: str
    depth: int = 1
    value: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""
    certain: bool = False
    reason: str = ""

    @property
    def indent(self) -> float:
        """How far the name is set in, pixels."""
        return INDENT_PX * max(self.depth - 1, 0)


@dataclass(frozen=True)
class RowLayout:
    """The layout of rows on a scale.

    Parameters
    ----------
    rows : sequence of GroupRow
    scale : (low, high)
    narrow : bool
    right_px : int
        Room for the words, in the wide form.
    """

    rows: Sequence[GroupRow]
    scale: tuple[float, float]
    narrow: bool
    right_px: int

    @property
    def half(self) -> float:
        """Half the height of a band or bar, pixels."""
        return 5 if self.narrow else 6

    @cached_property
    def lines(self) -> list[list[str]]:
        """Every row's name in lines."""
        found = []
        for row in self.rows:
            room = NARROW_PX - 24 - 7.2 * len(row.words) if self.narrow else NAME_PX - 16
            found.append(wrap_words(row.name, room - row.indent, LETTER_PX))
        return found

    @cached_property
    def tops(self) -> list[float]:
        """Upper edge of every row and the lower edge of the last, pixels below the axis."""
        tops = [0.0]
        for lines in self.lines:
            more = LINE_PX * len(lines)
            tops.append(tops[-1] + (more + BAR_PX if self.narrow else max(ROW_PX, more + 6)))
        return tops if self.rows else [0.0, float(ROW_PX)]

    @property
    def bottom(self) -> float:
        """Lower edge of the plot in the figure's coordinates."""
        return -self.tops[-1]

    def places(self) -> list[tuple[float, GroupRow]]:
        """Each row with the height of its mark."""
        return [(self._mark(i), row) for i, row in enumerate(self.rows)]

    def _mark(self, i: int) -> float:
        if self.narrow:
            return -(self.tops[i] + LINE_PX * len(self.lines[i]) + 14)
        return -(self.tops[i] + self.tops[i + 1]) / 2

    def plates(self) -> list[dict[str, Any]]:
        """White under what is written across the lines of the scale: reasons, and names on a phone."""
        width = NARROW_PX - 2 * EDGE_PX if self.narrow else WIDE_PX - NAME_PX - self.right_px
        low, unit = self.scale[0], (self.scale[1] - self.scale[0]) / width
        left = low - EDGE_PX * unit if self.narrow else low + 3 * unit
        found = []
        for i, row in enumerate(self.rows):
            hidden = row.value is None and row.reason
            reason_px = len(row.reason) * SMALL_LETTER_PX + 8 if hidden else 0.0
            if self.narrow:
                name_px = max(len(line) for line in self.lines[i]) * LETTER_PX
                reach = min(row.indent + max(name_px, reason_px) - EDGE_PX, width)
                foot = self.tops[i + 1] if hidden else self.tops[i] + 4 + LINE_PX * len(self.lines[i])
                found.append(box(left, low + reach * unit, -foot, -self.tops[i], WHITE))
            elif hidden:
                at = self._mark(i)
                found.append(box(left, low + min(reason_px, width) * unit, at - 9, at + 9, WHITE))
        return found

    def labels(self) -> list[dict[str, Any]]:
        """Names, words and reasons."""
        found = []
        for i, row in enumerate(self.rows):
            words = f"<b>{row.words}</b>" if row.certain else row.words
            middle = self._mark(i)
            first = -(self.tops[i] + 11) if self.narrow else middle + (len(self.lines[i]) - 1) / 2 * LINE_PX
            edge = EDGE_PX if self.narrow else self.right_px - 4
            if words:
                y = first if self.narrow else middle
                found.append(label(words, 1, y, "right", 13, INK, xref="paper", xshift=edge))
            left = row.indent - (EDGE_PX if self.narrow else NAME_PX)
            for j, line in enumerate(self.lines[i]):
                found.append(label(line, 0, first - j * LINE_PX, "left", 13, INK, xref="paper", xshift=left))
            if row.value is None and row.reason:
                shift = left if self.narrow else 6
                found.append(label(row.reason, 0, middle, "left", 12, MUTED, xref="paper", xshift=shift))
        return found

    def frame(
        self,
        ticks: Sequence[tuple[int, str]],
        data: list[dict[str, Any]],
        shapes: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """Put the figure together; `ticks` are values of the scale with their names."""
        margin = {"l": EDGE_PX, "r": EDGE_PX, "t": TOP_PX, "b": BOTTOM_PX}
        if not self.narrow:
            margin |= {"l": NAME_PX, "r": self.right_px}
        xaxis = {
            "range": list(self.scale), "tickvals": [t for t, _ in ticks], "ticktext": [name for _, name in ticks],
            "side": "top", "showgrid": True,
        }  # fmt: skip
        width = NARROW_PX if self.narrow else WIDE_PX
        height = round(TOP_PX + BOTTOM_PX + self.tops[-1])
        yaxis = {"range": [self.bottom, 0]}
        return frame(width, height, margin, xaxis, yaxis, data, shapes, self.labels())
