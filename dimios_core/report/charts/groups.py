"""One's own result against the fixed peer groups, and the organisations most like one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import BAND, GROUP_BAND, INK, LINE, MARK, MUTED, NEUTRAL_BAND, OWN_BAND
from dimios_core.report.charts.parts import Drawing, Part, box, stroke
from dimios_core.report.charts.rows import LINE_PX, Bar, Mark, Room, Row, RowLayout
from dimios_core.report.charts.scales import Scale, tick_tens
from dimios_core.report.drawable import bold

GROUPS = Room(266, 116, narrow_words_px=96)
SIMILAR = Room(238, 72)
#: where the two columns of words end, pixels right of the marks' room; on a phone the first gives way to the second
MEANS_PX, GAPS_PX, NARROW_MEANS_PX = 52, 108, -56
#: the part of a row that its name takes on a phone
NAME_SHARE = 0.48
OWN_OPACITY = 0.55


@dataclass(frozen=True)
class Own:
    """One's own level: a line through all rows, with its interval, percent; None where it is not known."""

    value: float | None
    low: float | None = None
    high: float | None = None
    colour: str = INK


@dataclass(frozen=True)
class PeerGroup:
    """A group: its mean with interval in percent and in words, or why there is none; one's own difference in words.

    `certain` differences are bold.
    """

    name: str
    mean: float | None
    low: float | None = None
    high: float | None = None
    words: str = "–"
    gap: str = ""
    certain: bool = False
    reason: str = ""


@dataclass(frozen=True)
class SimilarOne:
    """An organisation: level now with interval and, where its change is shown, level before; percent, and in words.

    `words` tell the change, bold where `certain`; `told` and `told_before` are what plotly says of the marks.
    """

    name: str
    value: float
    low: float
    high: float
    told: str
    before: float | None = None
    told_before: str = ""
    words: str = "–"
    certain: bool = False


def draw_groups(own: Own, groups: Sequence[PeerGroup], scale: Scale, *, narrow: bool) -> Drawing:
    """Build a row for each group: its mean with interval, the mean in words, one's own difference.

    One's own level runs through the rows that have a mean: words are left free. Returns a plotly figure.
    """
    layout = RowLayout([_row_of(g) for g in groups], scale, GROUPS, narrow)
    shapes: list[Part] = []
    for start, end in _list_runs(layout, [g.mean is not None for g in groups]):
        if own.low is not None and own.high is not None:
            fill = BAND.get(own.colour, OWN_BAND)
            shapes.append(box(own.low, own.high, end, start, fill) | {"opacity": OWN_OPACITY})
        if own.value is not None:
            shapes.append(stroke(own.value, own.value, end, start, own.colour, 2))
    labels = []
    for i, group in enumerate(groups):
        if group.reason:
            labels.append(layout.write_reason(i))
        labels += layout.write_name(i)
        beside = NARROW_MEANS_PX if group.gap else 0
        labels.append(layout.write_words(i, group.words, MUTED, beside if narrow else MEANS_PX))
        if group.gap:
            gap = bold(group.gap) if group.certain else group.gap
            labels.append(layout.write_words(i, gap, INK, 0 if narrow else GAPS_PX))
    data = layout.traces(("line-ns",))
    return layout.frame(tick_tens(scale, narrow), data, shapes + layout.bars(), labels)


def _row_of(group: PeerGroup) -> Row:
    if group.mean is None:
        return Row(group.name, reason=group.reason)
    bars: tuple[Bar, ...] = ()
    if group.low is not None and group.high is not None:
        bars = (Bar(group.low, group.high, GROUP_BAND),)
    return Row(group.name, marks=(Mark(group.mean, f"{group.name}: {group.words}", "line-ns"),), bars=bars)


def _list_runs(layout: RowLayout, shown: Sequence[bool]) -> list[tuple[float, float]]:
    """Where one's own is drawn, from above: unbroken runs of rows with a mean; on a phone under the names."""
    tops = layout.tops
    if layout.narrow:
        name_px = NAME_SHARE * layout.room.narrow_row_px
        names_px = [name_px + LINE_PX * (len(lines) - 1) for lines in layout.lines]
        return [(-(tops[i] + names_px[i]), -tops[i + 1]) for i, one in enumerate(shown) if one]
    starts = [i for i, one in enumerate(shown) if one and (i == 0 or not shown[i - 1])]
    ends = [i + 1 for i, one in enumerate(shown) if one and (i + 1 == len(shown) or not shown[i + 1])]
    return [(-tops[a], -tops[b]) for a, b in zip(starts, ends, strict=True)]


def draw_similar(
    own_pct: float | None, similar: Sequence[SimilarOne], scale: Scale, *, narrow: bool
) -> Drawing:
    """Build a row for each of the most similar, at least one: level before, level now with interval, change.

    One's own level is an upright line. Returns a plotly figure.
    """
    rows = []
    for one in similar:
        marks = [Mark(one.value, one.told, colour=MARK)]
        if one.before is not None:
            marks.append(Mark(one.before, one.told_before, "circle-open", colour=MARK))
        band = (Bar(one.low, one.high, NEUTRAL_BAND),)
        rows.append(Row(one.name, one.words, one.certain, tuple(marks), band))
    layout = RowLayout(rows, scale, SIMILAR, narrow)
    shapes = [
        stroke(own_pct, own_pct, end, start, INK, 2)
        for start, end in _list_runs(layout, [True] * len(similar))
        if own_pct is not None
    ]
    bands = layout.bars()
    for i, one in enumerate(similar):
        shapes.append(bands[i])
        if one.before is not None:
            shapes.append(stroke(one.before, one.value, layout.marks_at[i], layout.marks_at[i], LINE, 2))
    return layout.frame(tick_tens(scale, narrow), layout.traces(("circle-open", "circle")), shapes)
