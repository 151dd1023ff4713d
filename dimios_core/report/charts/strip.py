"""How all organisations are spread on one figure, with one's own marked, and those that show themselves."""

from __future__ import annotations

from typing import Any

from dimios_core.report.charts.parts import (
    BAND,
    CAPABILITY,
    HERITAGE,
    INK,
    MARK,
    MUTED,
    STEP_PP,
    accent_of,
    box,
    cut_scale,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.data_tables import say_score
from dimios_core.report.figures import Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.pages.everyones_result.facts import Bin, GroupFigure, OtherOrganisation

WIDE_PX, NARROW_PX = 760, 350
BOX, HALF, OWN_BAND = "#e6e9ed", "#b3bac2", "#cfd4da"
#: tallest box, room above it for its count, and heights of the rows beneath, pixels
BOX_PX, COUNT_PX, OWN_PX, HALF_PX, LANE_PX, TITLE_PX = 88, 22, 34, 30, 20, 22
#: more names than this in one chart cannot be read
NAMES_MAX = 24
#: generous width of a letter at 12 px, so that no font lets labels meet
LETTER_PX = 7.0
TOP_PX = 26


def colour_of(facts: Facts, level: str, key: str) -> tuple[str, str]:
    """Return the colour of one's own mark and of its interval: ink and grey for maturity."""
    color = INK if level == "maturity" else accent_of(facts, level, key)
    return color, BAND[color] if color in (CAPABILITY, HERITAGE) else OWN_BAND


def cut_of_spread(
    figures: list[Figure], groups: list[GroupFigure], others: list[OtherOrganisation] | None = None
) -> tuple[float, float]:
    """Return the cut of the 0-100 scale that shows intervals, quartiles, means, inner borders of bins and others."""
    values = [v for f in figures for v in (f.low, f.high, f.score) if v is not None]
    values += [v for g in groups for v in (g.q1, g.q3, g.low, g.high, g.mean) if v is not None]
    values += [b.low for g in groups for b in g.bins[1:]] + [o.score for o in others or []]
    return cut_scale(values)


def scale_axis(low: float, high: float, narrow: bool) -> dict[str, Any]:
    """Return the axis of a cut of the scale, ticks above."""
    step = STEP_PP * (2 if narrow and high - low > 60 else 1)
    ticks = list(range(int(low), int(high) + 1, step))
    texts = [str(t) for t in ticks]
    return {"range": [low, high], "tickvals": ticks, "ticktext": texts, "side": "top", "showgrid": True}


def draw_strip(
    narrator: FactsNarrator,
    figure: Figure,
    group: GroupFigure,
    others: list[OtherOrganisation],
    named: set[str],
    *,
    narrow: bool,
) -> dict[str, Any]:
    """Build the spread of one figure: boxes with counts, own result, middle half, others as dots.

    Parameters
    ----------
    narrator : FactsNarrator
    figure : Figure
        One's own; a figure that is not published says why in its place.
    group : GroupFigure
    others : list of OtherOrganisation
        To show as dots.
    named : set of str
        Identifiers of those whose names stand beside their dots, at most `NAMES_MAX`.
    narrow : bool
        For a phone: the rows' titles stand above them.
    """
    low, high = cut_of_spread([figure], [group], others)
    margin = {"l": 10, "r": 10, "t": TOP_PX, "b": 4} if narrow else {"l": 168, "r": 14, "t": TOP_PX, "b": 4}
    width = NARROW_PX if narrow else WIDE_PX
    per_pp = (width - margin["l"] - margin["r"]) / (high - low)
    rows = _Rows(narrator, narrow)
    shapes, annotations, data = _draw_boxes(narrator, group, rows, (low, high), per_pp)
    color, band = colour_of(narrator.facts, figure.level, figure.key)
    at = rows.open("you", OWN_PX)
    if figure.low is None or figure.high is None:
        annotations.append(say_in_place(say_score(narrator, figure), low, at))
    else:
        shapes.append(box(figure.low, figure.high, at - 6, at + 6, band))
        words = f"<b>{say_score(narrator, figure)}</b>"
        right = (high - figure.high) * per_pp > 60
        end, anchor, shift = (figure.high, "left", 8) if right else (figure.low, "right", -8)
        annotations.append(label(words, end, at, anchor, 13, color, xshift=shift))
        if figure.score is not None:
            data.append(marks([figure.score], [at], "circle", 12, color, [say_score(narrator, figure)]))
    at = rows.open("half", HALF_PX)
    if group.q1 is not None and group.q3 is not None and group.median is not None:
        shapes += [
            box(group.q1, group.q3, at - 5, at + 5, HALF),
            stroke(group.median, group.median, at - 9, at + 9, INK, 2),
        ]
        for value, anchor, shift in ((group.q1, "right", -6), (group.q3, "left", 6)):
            annotations.append(
                label(narrator.number.score(value), value, at, anchor, 12, MUTED, xshift=shift)
            )
    else:
        annotations.append(say_in_place(narrator.say("everyones.no_spread"), low, at))
    if others:
        data += _draw_others(others, named, rows, (low, high), per_pp, annotations)
    annotations += rows.titles
    return frame(
        width, TOP_PX + 4 + rows.used, margin, scale_axis(low, high, narrow), {"range": [-rows.used, 0]},
        data, shapes, annotations,
    )  # fmt: skip


class _Rows:
    """Rows of a strip from above, in pixels; titles at the left, or above each row on a phone."""

    def __init__(self, narrator: FactsNarrator, narrow: bool) -> None:
        self.narrator, self.narrow, self.used = narrator, narrow, 0
        self.titles: list[dict[str, Any]] = []

    def open(self, name: str, height: int) -> float:
        """Open a row and return the middle of it."""
        words = self.narrator.say(f"everyones.{name}")
        words = f"<b>{words}</b>" if name == "you" else words
        if self.narrow:
            self.titles.append(label(words, 0, -self.used - TITLE_PX / 2, "left", 12, MUTED, xref="paper"))
            self.used += TITLE_PX
        middle = -self.used - height / 2
        if not self.narrow:
            # a title stands at the first line of a tall row
            at = (
                middle
                if height < 2 * OWN_PX
                else -self.used - (COUNT_PX + BOX_PX - 12 if name == "how_many" else 10)
            )
            self.titles.append(label(words, 0, at, "right", 13, INK, xref="paper", xshift=-14))
        self.used += height
        return middle


def say_in_place(words: str, low: float, at: float) -> dict[str, Any]:
    """Return words where a mark would be: why there is none."""
    return label(words, low, at, "left", 12, MUTED, xshift=4)


def _draw_boxes(
    narrator: FactsNarrator, group: GroupFigure, rows: _Rows, scale: tuple[float, float], per_pp: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    if not group.bins:
        at = rows.open("how_many", OWN_PX)
        return [], [say_in_place(narrator.say("everyones.no_spread"), scale[0], at)], []
    height = COUNT_PX + BOX_PX + 8
    base = rows.open("how_many", height) - height / 2 + 8
    tallest = max(b.organisations_n for b in group.bins)
    shapes: list[dict[str, Any]] = [stroke(*scale, base, base, MUTED)]
    annotations = []
    for i, one in enumerate(group.bins):
        left, right = max(one.low, scale[0]), min(one.high, scale[1])
        top = base + BOX_PX * one.organisations_n / tallest
        shapes.append(box(left, right, base, top, BOX) | {"line": {"color": "#ffffff", "width": 2}})
        middle = (left + right) / 2
        annotations.append(label(f"<b>{one.organisations_n}</b>", middle, top, "center", 13, INK, yshift=10))
        words = _tell_edge(narrator, group.bins, i)
        fits = len(words) * LETTER_PX < (right - left) * per_pp and top - base > 20
        if words and fits:
            annotations.append(label(words, middle, base, "center", 12, MUTED, yshift=11))
    return shapes, annotations, []


def _tell_edge(narrator: FactsNarrator, bins: tuple[Bin, ...], i: int) -> str:
    """Say how far a bin reaches: the outer ones are open."""
    if len(bins) == 1:
        return ""
    if i == 0:
        return narrator.say("everyones.below", edge=f"{bins[0].high:.0f}")
    if i == len(bins) - 1:
        return narrator.say("everyones.above", edge=f"{bins[i].low:.0f}")
    return f"{bins[i].low:.0f}–{bins[i].high:.0f}"


def _draw_others(
    others: list[OtherOrganisation], named: set[str], rows: _Rows, scale: tuple[float, float], per_pp: float,
    annotations: list[dict[str, Any]],
) -> list[dict[str, Any]]:  # fmt: skip
    ordered = sorted(others, key=lambda o: (o.score, o.name))
    texts = [o.name if o.id in named else "" for o in ordered]
    spots = place_labels(
        [(o.score - scale[0]) * per_pp for o in ordered], texts, (scale[1] - scale[0]) * per_pp
    )
    height = LANE_PX * (1 + max(lane for lane, _ in spots))
    middle = rows.open("named", height)
    at = [middle + height / 2 - LANE_PX * (lane + 0.5) for lane, _ in spots]
    for o, text, (_, right), y in zip(ordered, texts, spots, at, strict=True):
        if text:
            annotations.append(
                label(text, o.score, y, "left" if right else "right", 12, INK, xshift=8 if right else -8)
            )
    found = []
    for symbol, with_name in (("circle", True), ("circle-open", False)):
        chosen = [(o.score, y, o.name) for o, y in zip(ordered, at, strict=True) if bool(o.id) == with_name]
        if chosen:
            xs, ys, names = (list(part) for part in zip(*chosen, strict=True))
            found.append(marks(xs, ys, symbol, 8, MARK, names))
    return found


def place_labels(at_px: list[float], texts: list[str], width_px: float) -> list[tuple[int, bool]]:
    """Place dots with their labels in lanes so that nothing meets.

    Parameters
    ----------
    at_px : list of float
        Where the dots are.
    texts : list of str
        Labels; "" for a dot without.
    width_px : float
        A label that would reach beyond stands left of its dot.

    Returns
    -------
    list of (lane, right)
        Lanes from above; whether the label stands right of the dot.

    Examples
    --------
    >>> place_labels([10, 14, 300], ["Almvik", "", "Ekeskär"], 320)
    [(0, True), (1, True), (0, False)]
    """
    lanes: list[list[tuple[float, float]]] = []
    found = []
    for x, text in zip(at_px, texts, strict=True):
        length = len(text) * LETTER_PX + (12 if text else 0)
        right = x + length <= width_px
        start, end = (x - 6, x + length + 6) if right else (x - length - 6, x + 6)
        lane = next(
            (i for i, taken in enumerate(lanes) if all(end <= a or start >= b for a, b in taken)), len(lanes)
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((start, end))
        found.append((lane, right))
    return found
