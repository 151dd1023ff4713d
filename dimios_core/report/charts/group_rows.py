"""Rows of groups within an organisation: scores or differences with their intervals, response rates, parts of the spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dimios_core.report.charts.colours import INK, MARK, MUTED, NEUTRAL_BAND, PLATE
from dimios_core.report.charts.parts import Drawing, Part, box, label
from dimios_core.report.charts.rows import LETTER_PX, LINE_PX, Bar, Mark, Room, Row, RowLayout
from dimios_core.report.charts.scales import Scale, tick_whole

#: room right of the rows for a number, and for counts with their share
NUMBERS = Room(250, 72, 16, narrow_row_px=49, narrow_name_px=11, narrow_mark_px=29)
COUNTS = replace(NUMBERS, words_px=150)
BAR_PX, NARROW_BAR_PX = 12, 10
INDENT_PX, SMALL_LETTER_PX = 14, 6.2
#: lower limits of the bands of response rates, percent
BAND_LIMITS = (0, 40, 60, 80, 100)
SHARE_TICKS = (0, 25, 50, 75, 100)
#: an upright mark is 1.4 times as high as its size
UPRIGHT = 1.4


def make_group(
    name: str, depth: int, value: float, low: float | None, high: float | None, words: str, *,
    certain: bool = False, filled: bool = True,
) -> Row:  # fmt: skip
    """Make the row of a group: its value with interval; bold where certain, the mark open where not `filled`."""
    mark = Mark(value, f"{name}: {words}", "circle" if filled else "circle-open")
    if low is None or high is None:
        return Row(name, words, certain, depth=depth)
    return Row(
        name, words, certain, (mark,), (Bar(low, high, NEUTRAL_BAND, BAR_PX, NARROW_BAR_PX),), depth=depth
    )


def make_group_bar(name: str, depth: int, percent: float, words: str) -> Row:
    """Make the bar of a group, in whole percent as the words say it: nothing finer lies in the figure."""
    end = round(percent)
    # as high as the bar, so that it ends square
    return Row(
        name, words, marks=(Mark(end, f"{name}: {words}", "line-ns", BAR_PX / UPRIGHT, MARK, NARROW_BAR_PX / UPRIGHT),),
        bars=(Bar(0, end, MARK, BAR_PX, NARROW_BAR_PX),), depth=depth,
    )  # fmt: skip


def draw_group_rows(rows: Sequence[Row], scale: Scale, *, narrow: bool) -> Drawing:
    """Build interval rows of groups; a scale that goes below 0 has a line there. Returns a plotly figure."""
    layout = GroupLayout(rows, scale, NUMBERS, narrow)
    shapes = [layout.upright(0, MUTED, 1.5)] if scale[0] < 0 else []
    shapes += layout.plates() + layout.bars()
    return layout.frame(tick_whole(scale, narrow), layout.traces(("circle", "circle-open")), shapes)


def draw_group_bars(rows: Sequence[Row], ticks: Sequence[int], *, narrow: bool) -> Drawing:
    """Build bars of percent from 0, with lines at the ticks: `BAND_LIMITS` for rates, `SHARE_TICKS` for shares."""
    layout = GroupLayout(rows, (0.0, 100.0), COUNTS, narrow)
    shapes = [layout.upright(0, MARK), *layout.plates(), *layout.bars()]
    return layout.frame([(t, f"{t}") for t in ticks], layout.traces(("line-ns",)), shapes)


@dataclass(frozen=True)
class GroupLayout(RowLayout):
    """Rows of groups, whose names may be long and set in: from the left edge, in lines; on a phone with words beside."""

    @staticmethod
    def indent(row: Row) -> float:
        """Return how far a row's name is set in."""
        return INDENT_PX * max(row.depth - 1, 0)

    def labels(self) -> list[Part]:
        """Words, names and reasons."""
        found = []
        edge = self.room.edge_px
        for i, row in enumerate(self.rows):
            if row.words:
                found.append(self.write_words(i, row.told, INK, edge if self.narrow else None))
            left = self.indent(row) - (edge if self.narrow else self.room.names_px)
            for j, line in enumerate(self.lines[i]):
                y = self.name_at(i) - j * LINE_PX
                found.append(label(line, 0, y, "left", 13, INK, xref="paper", xshift=left))
            if row.reason:
                shift = left if self.narrow else 6
                found.append(
                    label(row.reason, 0, self.marks_at[i], "left", 12, MUTED, xref="paper", xshift=shift)
                )
        return found

    def plates(self) -> list[Part]:
        """White under what is written across the lines of the scale: reasons, and names on a phone."""
        low, unit = self.scale[0], (self.scale[1] - self.scale[0]) / self.width_px
        edge = self.room.edge_px
        left = low - edge * unit if self.narrow else low + 3 * unit
        found = []
        for i, row in enumerate(self.rows):
            reason_px = len(row.reason) * SMALL_LETTER_PX + 8 if row.reason else 0.0
            if self.narrow:
                name_px = max(len(line) for line in self.lines[i]) * LETTER_PX
                reach = min(self.indent(row) + max(name_px, reason_px) - edge, self.width_px)
                foot = self.tops[i + 1] if row.reason else self.tops[i] + 4 + LINE_PX * len(self.lines[i])
                found.append(box(left, low + reach * unit, -foot, -self.tops[i], PLATE))
            elif row.reason:
                at = self.marks_at[i]
                found.append(box(left, low + min(reason_px, self.width_px) * unit, at - 9, at + 9, PLATE))
        return found
