"""The figures of a level as small strips: own interval, middle half, and boxes with counts."""

from __future__ import annotations

from typing import Any

from dimios_core.report.charts.parts import GRID, INK, MARK, MUTED, box, frame, label, marks, stroke
from dimios_core.report.charts.strip import (
    BOX,
    HALF,
    NARROW_PX,
    TOP_PX,
    WIDE_PX,
    colour_of,
    cut_of_spread,
    say_in_place,
    scale_axis,
)
from dimios_core.report.data_tables import say_score
from dimios_core.report.figures import Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.pages.everyones_result.facts import GroupFigure

#: rows of small multiples: with boxes and without, wide and narrow
STRIP_PX, SLIM_PX, NAME_PX = 74, 32, 22


def draw_strips(
    narrator: FactsNarrator,
    figures: list[Figure],
    groups: dict[str, GroupFigure],
    certain: set[str],
    *,
    boxes: bool,
    narrow: bool,
) -> dict[str, Any]:
    """Build a small strip for each figure of a level: own interval, middle half, and boxes with counts.

    Parameters
    ----------
    certain : set of str
        Keys whose figures are bold: certainly in the upper or lower quarter.
    boxes : bool
        Whether to draw the boxes.
    """
    shown = [groups[f.key] for f in figures if f.key in groups]
    low, high = cut_of_spread(figures, shown)
    margin = {"l": 10, "r": 10, "t": TOP_PX, "b": 4} if narrow else {"l": 238, "r": 60, "t": TOP_PX, "b": 4}
    boxed = boxes and any(g.bins for g in shown)
    body = STRIP_PX if boxed else SLIM_PX
    row = body + (NAME_PX if narrow else 0)
    tallest = max((b.organisations_n for g in shown for b in g.bins), default=1)
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    own: list[tuple[float, float, str, str]] = []
    for i, figure in enumerate(figures):
        top = -row * i
        at = top - (row - body) - body / 2
        color, band = colour_of(narrator.facts, figure.level, figure.key)
        name, words = narrator.name(figure.level, figure.key), say_score(narrator, figure)
        group = groups.get(figure.key)
        if group is not None:
            shapes += _draw_group(group, at, boxed, (low, high), tallest, annotations)
        own_at = at + (24 if boxed else 0)
        if figure.low is None or figure.high is None:
            annotations.append(say_in_place(words, low, own_at))
            words = "–"
        else:
            shapes.append(box(figure.low, figure.high, own_at - 5, own_at + 5, band))
            if figure.score is not None:
                own.append((figure.score, own_at, color, f"{name}: {words}"))
        words = f"<b>{words}</b>" if figure.key in certain else words
        if narrow:
            annotations.append(label(name, 0, top - NAME_PX / 2, "left", 13, INK, xref="paper"))
            annotations.append(label(words, 1, top - NAME_PX / 2, "right", 13, INK, xref="paper"))
        else:
            annotations.append(label(name, 0, at, "right", 13, INK, xref="paper", xshift=-12))
            annotations.append(label(words, 1, at, "right", 13, INK, xref="paper", xshift=margin["r"] - 4))
    height = row * len(figures)
    data = [
        marks(
            [o[0] for o in own], [o[1] for o in own], "circle", 10, [o[2] for o in own], [o[3] for o in own]
        )
    ]
    return frame(
        NARROW_PX if narrow else WIDE_PX, TOP_PX + 4 + height, margin, scale_axis(low, high, narrow),
        {"range": [-height, 0]}, data, shapes, annotations,
    )  # fmt: skip


def _draw_group(
    group: GroupFigure, at: float, boxed: bool, scale: tuple[float, float], tallest: int,
    annotations: list[dict[str, Any]],
) -> list[dict[str, Any]]:  # fmt: skip
    shapes: list[dict[str, Any]] = []
    base = at - 22
    for one in group.bins if boxed else ():
        left, right = max(one.low, scale[0]), min(one.high, scale[1])
        edge = {"line": {"color": "#ffffff", "width": 2}}
        shapes.append(box(left, right, base, base + 22 * one.organisations_n / tallest, BOX) | edge)
        annotations.append(
            label(
                str(one.organisations_n),
                (left + right) / 2,
                base + 22 * one.organisations_n / tallest + 8,
                "center",
                12,
                MUTED,
            )
        )
    middle, half = (base - 5, 3) if boxed else (at, 9)
    if group.q1 is not None and group.q3 is not None and group.median is not None:
        shapes.append(box(group.q1, group.q3, middle - half, middle + half, HALF if boxed else GRID))
        shapes.append(stroke(group.median, group.median, middle - half - 2, middle + half + 2, INK, 2))
    elif group.mean is not None:
        shapes.append({**stroke(group.mean, group.mean, middle - half - 2, middle + half + 2, MARK, 2)})
    return shapes
