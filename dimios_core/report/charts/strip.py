"""How all organisations are spread on one figure, with one's own marked, and those that show themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import (
    BAND,
    GRID,
    GROUP_BAND,
    INK,
    MARK,
    MUTED,
    OWN_BAND,
    WHITE,
)
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
from dimios_core.report.charts.placing import LETTER_PX, place_labels
from dimios_core.report.charts.rows import BOTTOM_PX, REASON_GAP_PX, TOP_PX
from dimios_core.report.charts.scales import Scale, tick_tens
from dimios_core.report.drawable import bold

#: tallest box, room above it for its count and under it for its span, and heights of the rows beneath, pixels
BOX_PX, COUNT_PX, SPAN_PX, OWN_PX, HALF_PX, LANE_PX, TITLE_PX = 88, 22, 24, 34, 30, 20, 22
NAMES_PX, EDGE_PX = 190, 14
#: width of two boxes that are both open
OPEN_PP = 10
#: more names than this in one chart cannot be read
NAMES_MAX = 24


@dataclass(frozen=True)
class Box:
    """Organisations from `low` up to `high` percent, and how far that reaches in words, "" where nothing is said.

    The outer ones reach to the ends of the scale.
    """

    low: float
    high: float
    organisations_n: int
    words: str = ""


@dataclass(frozen=True)
class Spread:
    """How a group is spread: boxes from below, quartiles and mean in percent; None and empty where not published.

    `q1_words` and `q3_words` stand at the ends of the middle half.
    """

    boxes: tuple[Box, ...] = ()
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    mean: float | None = None
    q1_words: str = ""
    q3_words: str = ""


@dataclass(frozen=True)
class OwnFigure:
    """One's own figure: level with its interval in percent, and in words; or in words why there is none."""

    value: float | None
    low: float | None
    high: float | None
    words: str
    colour: str = INK

    @property
    def band(self) -> str:
        """Colour of the interval."""
        return BAND.get(self.colour, OWN_BAND)


@dataclass(frozen=True)
class Dot:
    """An organisation that shows its result, percent; the name is "" for anonymous ones."""

    name: str
    value: float
    written: bool = False


@dataclass(frozen=True)
class StripWords:
    """Titles of the rows, and what is said where the spread is not published."""

    how_many: str
    you: str
    half: str
    named: str
    no_spread: str


def draw_strip(
    own: OwnFigure, spread: Spread, others: Sequence[Dot], words: StripWords, scale: Scale, *, narrow: bool
) -> Drawing:
    """Build the spread of one figure: boxes with counts, own result, middle half, others as dots.

    Parameters
    ----------
    own : OwnFigure
    spread : Spread
    others : sequence of Dot
        Those whose names are `written`, at most `NAMES_MAX`, have them beside their dots.
    words : StripWords
    scale : (low, high)
        Percent.
    narrow : bool
        For a phone: the rows' titles stand above them.

    Returns
    -------
    dict
        A plotly figure.
    """
    low, high = scale
    left, right = (EDGE_PX, EDGE_PX) if narrow else (NAMES_PX, EDGE_PX)
    width = NARROW_PX if narrow else WIDE_PX
    per_pp = (width - left - right) / (high - low)
    titles = _Titles(narrow)
    shapes, labels = _draw_boxes(spread, titles, words, scale, per_pp)
    data: list[Part] = []
    at = titles.open(bold(words.you), OWN_PX)
    if own.low is None or own.high is None:
        labels.append(_say_in_place(own.words, low, at))
    else:
        shapes.append(box(own.low, own.high, at - 6, at + 6, own.band))
        after = (high - own.high) * per_pp > 60
        end, anchor, shift = (own.high, "left", 8) if after else (own.low, "right", -8)
        labels.append(label(bold(own.words), end, at, anchor, 13, own.colour, xshift=shift))
        if own.value is not None:
            data.append(marks([own.value], [at], "circle", 12, own.colour, [own.words]))
    at = titles.open(words.half, HALF_PX)
    if spread.q1 is not None and spread.q3 is not None and spread.median is not None:
        shapes += [
            box(spread.q1, spread.q3, at - 5, at + 5, GROUP_BAND),
            stroke(spread.median, spread.median, at - 9, at + 9, INK, 2),
        ]
        ends = ((spread.q1, spread.q1_words, "right", -6), (spread.q3, spread.q3_words, "left", 6))
        labels += [label(text, value, at, anchor, 12, MUTED, xshift=s) for value, text, anchor, s in ends]
    else:
        labels.append(_say_in_place(words.no_spread, low, at))
    if others:
        dots, names = _draw_others(others, titles, words.named, scale, per_pp)
        data, labels = data + dots, labels + names
    ticks = tick_tens(scale, narrow)
    xaxis = {
        "range": [low, high], "tickvals": [v for v, _ in ticks], "ticktext": [t for _, t in ticks],
        "side": "top", "showgrid": True,
    }  # fmt: skip
    margin = {"l": left, "r": right, "t": TOP_PX, "b": BOTTOM_PX}
    return frame(
        width, TOP_PX + BOTTOM_PX + titles.used, margin, xaxis, {"range": [-titles.used, 0]}, data, shapes,
        labels + titles.labels,
    )  # fmt: skip


class _Titles:
    """Rows of different heights from above, in pixels; titles at the left, or above each row on a phone."""

    def __init__(self, narrow: bool) -> None:
        self.narrow, self.used = narrow, 0
        self.labels: list[Part] = []

    def open(self, title: str, height: int, first_line_px: int = 10) -> float:
        """Open a row and return the middle of it; the title of a tall row stands at its first line."""
        if self.narrow:
            at = -self.used - TITLE_PX / 2
            self.labels.append(label(title, 0, at, "left", 12, MUTED, xref="paper"))
            self.used += TITLE_PX
        middle = -self.used - height / 2
        if not self.narrow:
            at = middle if height < 2 * OWN_PX else -self.used - first_line_px
            self.labels.append(label(title, 0, at, "right", 13, INK, xref="paper", xshift=-14))
        self.used += height
        return middle


def _say_in_place(words: str, low: float, at: float) -> Part:
    """Return words where a mark would be: why there is none."""
    return label(words, low, at, "left", 12, MUTED, xshift=REASON_GAP_PX)


def _draw_boxes(
    spread: Spread, titles: _Titles, words: StripWords, scale: Scale, per_pp: float
) -> tuple[list[Part], list[Part]]:
    if not spread.boxes:
        at = titles.open(words.how_many, OWN_PX)
        return [], [_say_in_place(words.no_spread, scale[0], at)]
    height = COUNT_PX + BOX_PX + SPAN_PX
    base = titles.open(words.how_many, height, COUNT_PX + BOX_PX - 12) - height / 2 + SPAN_PX
    shapes, labels = [stroke(*scale, base, base, MUTED)], []
    fullest = max(one.organisations_n for one in spread.boxes)
    for one, (left, right) in zip(spread.boxes, place_boxes(spread.boxes), strict=True):
        left, right = max(left, scale[0]), min(right, scale[1])
        middle, top = (left + right) / 2, base + BOX_PX * one.organisations_n / fullest
        edge = {"line": {"color": WHITE, "width": 2}}
        shapes.append(box(left, right, base, top, GRID) | edge)
        labels.append(label(bold(str(one.organisations_n)), middle, top, "center", 13, INK, yshift=10))
        if one.words and len(one.words) * LETTER_PX < (right - left) * per_pp:
            labels.append(label(one.words, middle, base, "center", 12, MUTED, yshift=-10))
    return shapes, labels


def place_boxes(boxes: Sequence[Box]) -> list[tuple[float, float]]:
    """Return where boxes begin and end: all are as wide as those between the outer ones, of which words tell that they are open.

    Examples
    --------
    >>> place_boxes([Box(0, 50, 12), Box(50, 60, 35), Box(60, 100, 11)])
    [(40, 50), (50, 60), (60, 70)]
    >>> place_boxes([Box(0, 100, 12)])
    [(0, 100)]
    """
    if len(boxes) == 1:
        return [(boxes[0].low, boxes[0].high)]
    first, last = boxes[0].high, boxes[-1].low
    width = boxes[1].high - first if len(boxes) > 2 else OPEN_PP
    return [(first - width, first), *((b.low, b.high) for b in boxes[1:-1]), (last, last + width)]


def _draw_others(
    others: Sequence[Dot], titles: _Titles, title: str, scale: Scale, per_pp: float
) -> tuple[list[Part], list[Part]]:
    """Dots and the names beside them."""
    ordered = sorted(others, key=lambda o: (o.value, o.name))
    texts = [o.name if o.written else "" for o in ordered]
    spots = place_labels(
        [(o.value - scale[0]) * per_pp for o in ordered], texts, (scale[1] - scale[0]) * per_pp
    )
    height = LANE_PX * (1 + max(lane for lane, _ in spots))
    middle = titles.open(title, height)
    at = [middle + height / 2 - LANE_PX * (lane + 0.5) for lane, _ in spots]
    labels = []
    for o, text, (_, right), y in zip(ordered, texts, spots, at, strict=True):
        if text:
            anchor, shift = ("left", 8) if right else ("right", -8)
            labels.append(label(text, o.value, y, anchor, 12, INK, xshift=shift))
    found = []
    for form, with_name in (("circle", True), ("circle-open", False)):
        chosen = [(o.value, y, o.name) for o, y in zip(ordered, at, strict=True) if bool(o.name) == with_name]
        if chosen:
            xs, ys, names = (list(part) for part in zip(*chosen, strict=True))
            found.append(marks(xs, ys, form, 8, MARK, names))
    return found, labels
