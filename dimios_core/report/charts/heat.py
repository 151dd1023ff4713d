"""Heat map: groups × figures, each cell with its number and interval; what is not shown is hatched, never blank."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import MUTED
from dimios_core.report.charts.heat_sheet import SMALL_LETTER_PX, HeatCell, HeatSheet
from dimios_core.report.charts.parts import NARROW_PX, WIDE_PX, Drawing, sheet
from dimios_core.report.charts.placing import wrap_words
from dimios_core.report.charts.scales import Scale
from dimios_core.report.drawable import bold

NAME_PX = 240
ROW_PX, HIDDEN_ROW_PX, GAP_PX = 42, 30, 3
NARROW_CELL_PX, NARROW_FIRST_PX, NARROW_HIDDEN_PX, NARROW_LINE_PX = 42, 28, 26, 16
INDENT_PX, LETTER_PX, LINE_PX = 14, 6.9, 15
#: between kinds of groups
APART_PX = 14
#: columns on a phone: three where the names are short, else two
SHORT_NAME_N = 15
#: the longest name that has room beside its number on one line
LINE_NAME_N = 22


@dataclass(frozen=True)
class HeatRow:
    """A group with its cells.

    Attributes
    ----------
    name : str
    depth : int
        How far it is set in; 0 for the whole organisation, which is bold.
    cells : sequence of HeatCell
    apart : bool
        It begins another kind of groups.
    """

    name: str
    depth: int
    cells: Sequence[HeatCell]
    apart: bool = False

    @property
    def hidden(self) -> str:
        """The common reason where no cell is shown, else ""."""
        reasons = {c.reason for c in self.cells}
        shown = any(c.score is not None for c in self.cells)
        return "" if shown or len(reasons) != 1 else next(iter(reasons))


def draw_heat(rows: Sequence[HeatRow], columns: Sequence[str], scale: Scale, *, narrow: bool) -> Drawing:
    """Build a heat map; on a phone each group is a block of its own, with the names inside the cells.

    Parameters
    ----------
    rows : sequence of HeatRow
    columns : sequence of str
        Names of the figures.
    scale : (low, high)
        Percent at the light and the dark end.
    narrow : bool

    Returns
    -------
    dict
        A plotly figure.
    """
    cells = HeatSheet(scale)
    height = _fill_narrow(cells, rows, columns) if narrow else _fill_wide(cells, rows, columns)
    width = NARROW_PX if narrow else WIDE_PX
    return sheet(width, height, -height, cells.traces(), cells.shapes(), cells.names)


def _fill_wide(sheet: HeatSheet, rows: Sequence[HeatRow], columns: Sequence[str]) -> int:
    width = (WIDE_PX - NAME_PX) / max(len(columns), 1)
    y = _write_heads(sheet, columns, width)
    for row in rows:
        y += APART_PX if row.apart else 0
        indent = INDENT_PX * max(row.depth - 1, 0)
        lines = wrap_words(row.name, NAME_PX - 8 - indent, SMALL_LETTER_PX)
        height = max(HIDDEN_ROW_PX if row.hidden else ROW_PX, LINE_PX * len(lines) + 6)
        for i, line in enumerate(lines):
            words = bold(line) if row.depth == 0 else line
            sheet.name(words, indent, y + height / 2 - 2 + (i - (len(lines) - 1) / 2) * LINE_PX)
        if row.hidden:
            sheet.hatch(NAME_PX, y, WIDE_PX - NAME_PX - GAP_PX, height - GAP_PX, row.hidden)
        for i, cell in enumerate([] if row.hidden else row.cells):
            sheet.cell(cell, NAME_PX + i * width, y, width - GAP_PX, height - GAP_PX)
        y += height
    return math.ceil(y)


def _write_heads(sheet: HeatSheet, columns: Sequence[str], width: float) -> float:
    """Write the columns' names; long ones in steps from both sides, each with a line down to its column."""
    heads = [wrap_words(c, width - 2, SMALL_LETTER_PX) for c in columns]
    if all(len(line) * SMALL_LETTER_PX <= width for head in heads for line in head):
        lines_n = max((len(h) for h in heads), default=1)
        for i, head in enumerate(heads):
            for j, line in enumerate(head):
                y = 9 + (lines_n - len(head) + j) * LINE_PX
                sheet.centre(line, NAME_PX + (i + 0.5) * width - GAP_PX / 2, y, 12, MUTED)
        return lines_n * LINE_PX + 6
    heads = [wrap_words(c, 0.4 * (WIDE_PX - NAME_PX), LETTER_PX) for c in columns]
    tiers = [min(i, len(columns) - 1 - i) for i in range(len(columns))]
    tier_px = LINE_PX * max(len(h) for h in heads) + 4
    bottom = tier_px * (max(tiers) + 1) + 4
    for i, (head, tier) in enumerate(zip(heads, tiers, strict=True)):
        left, top = i < len(columns) / 2, tier * tier_px
        x = NAME_PX + i * width + (0 if left else width - GAP_PX)
        sheet.rule(x, top + 2, bottom)
        for j, line in enumerate(head):
            anchor, shift = ("left", 4) if left else ("right", -4)
            sheet.name(line, x + shift, top + 9 + j * LINE_PX, anchor, MUTED, 12)
    return bottom


def _fill_narrow(sheet: HeatSheet, rows: Sequence[HeatRow], columns: Sequence[str]) -> int:
    across = 3 if max((len(c) for c in columns), default=0) <= SHORT_NAME_N else 2
    width = NARROW_PX / across
    # a lone last cell looks forgotten: the first then has a line of its own
    alone = len(columns) % across == 1 and len(columns[0]) <= LINE_NAME_N
    first_n = 1 if alone else 0
    names = [wrap_words(c, width - GAP_PX - 8, SMALL_LETTER_PX) for c in columns[first_n:]]
    cell_px = NARROW_CELL_PX + 14 * (max((len(n) for n in names), default=1) - 1)
    y = 0.0
    for row in rows:
        y += APART_PX if row.apart else 0
        indent = INDENT_PX * max(row.depth - 1, 0)
        for line in wrap_words(row.name, NARROW_PX - indent, LETTER_PX + 0.3):
            sheet.name(bold(line), indent, y + 9)
            y += NARROW_LINE_PX
        y += 3
        if row.hidden:
            sheet.hatch(0, y, NARROW_PX - GAP_PX, NARROW_HIDDEN_PX, row.hidden)
            y += NARROW_HIDDEN_PX + 10
            continue
        if first_n:
            room = (NARROW_PX - GAP_PX, NARROW_FIRST_PX - GAP_PX)
            sheet.named_cell(row.cells[0], [columns[0]], 0, y, *room)
            y += NARROW_FIRST_PX
        for i, (cell, name) in enumerate(zip(row.cells[first_n:], names, strict=True)):
            at = y + (i // across) * cell_px
            sheet.named_cell(cell, name, (i % across) * width, at, width - GAP_PX, cell_px - GAP_PX)
        y += math.ceil((len(columns) - first_n) / across) * cell_px + 8
    return math.ceil(max(y, 1))
