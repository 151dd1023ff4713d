"""One's own result against the fixed peer groups, and the organisations most like one's own."""

from __future__ import annotations

from typing import Any

from dimios_core.report.charts.parts import INK, MARK, MUTED, box, cut_scale, frame, label, marks, stroke
from dimios_core.report.charts.strip import NARROW_PX, TOP_PX, WIDE_PX, colour_of, cut_of_spread, scale_axis
from dimios_core.report.figures import Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.pages.everyones_result.facts import GroupFigure
from dimios_core.report.pages.everyones_result.similar import Similar

GROUP_BAND, LINE = "#b3bac2", "#7a848e"
ROW_PX, NARROW_ROW_PX = 32, 50
#: half of a band, pixels
BAND_PX = 5
#: the part of a row that its name takes on a phone
NAME_SHARE = 0.48


def draw_groups(
    narrator: FactsNarrator, figure: Figure, groups: list[GroupFigure], own: set[str], *, narrow: bool
) -> dict[str, Any]:
    """Build a row for each group: its mean with interval, the mean in figures, one's own difference.

    Parameters
    ----------
    figure : Figure
        One's own: an upright line with its interval through all rows.
    groups : list of GroupFigure
        Those to show; one that is not published says why in its place.
    own : set of str
        Groups that one belongs to; they carry a star.
    """
    number = narrator.number
    low, high = cut_of_spread([figure], groups)
    margin = {"l": 10, "r": 10, "t": TOP_PX, "b": 4} if narrow else {"l": 266, "r": 116, "t": TOP_PX, "b": 4}
    row = NARROW_ROW_PX if narrow else ROW_PX
    height = row * len(groups)
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    color, band = colour_of(narrator.facts, figure.level, figure.key)
    for start, end in _runs([g.mean is not None for g in groups], narrow):  # words are left free
        if figure.low is not None and figure.high is not None:
            shapes.append(box(figure.low, figure.high, -row * end, -row * start, band) | {"opacity": 0.55})
        if figure.score is not None:
            shapes.append(stroke(figure.score, figure.score, -row * end, -row * start, color, 2))
    means: list[tuple[float, float, str]] = []
    for i, group in enumerate(groups):
        top = -row * i
        at = top - (0.72 if narrow else 0.5) * row
        name = narrator.name_group(group.group)
        name = name[:1].upper() + name[1:] + (" *" if group.group.id in own else "")
        words, gap = "–", ""
        if group.mean is None:
            reason = narrator.say(f"everyones.group_status.{group.status}")
            annotations.append(label(reason, low, at, "left", 12, MUTED, xshift=4))
        else:
            words = number.score(group.mean)
            means.append((group.mean, at, f"{name}: {words}"))
            if group.low is not None and group.high is not None:
                shapes.append(box(group.low, group.high, at - BAND_PX, at + BAND_PX, GROUP_BAND))
            if group.gap is not None and group.gap.value is not None:
                gap = number.signed(group.gap.value)
                gap = f"<b>{gap}</b>" if group.gap.certain else gap
        if narrow:
            line = top - 0.27 * row
            annotations.append(label(name, 0, line, "left", 13, INK, xref="paper"))
            annotations.append(
                label(words, 1, line, "right", 13, MUTED, xref="paper", xshift=-56 if gap else 0)
            )
            annotations += [label(gap, 1, line, "right", 13, INK, xref="paper")] if gap else []
        else:
            annotations.append(label(name, 0, at, "right", 13, INK, xref="paper", xshift=-12))
            annotations.append(label(words, 1, at, "right", 13, MUTED, xref="paper", xshift=52))
            annotations += [label(gap, 1, at, "right", 13, INK, xref="paper", xshift=108)] if gap else []
    data = [marks([m[0] for m in means], [m[1] for m in means], "line-ns", 10, INK, [m[2] for m in means])]
    return frame(
        NARROW_PX if narrow else WIDE_PX, TOP_PX + 4 + height, margin, scale_axis(low, high, narrow),
        {"range": [-height, 0]}, data, shapes, annotations,
    )  # fmt: skip


def _runs(shown: list[bool], narrow: bool) -> list[tuple[float, float]]:
    """Where one's own is drawn, in rows from above: unbroken runs of rows with a mean; on a phone under the names."""
    if narrow:
        return [(i + NAME_SHARE, i + 1.0) for i, one in enumerate(shown) if one]
    starts = [i for i, one in enumerate(shown) if one and (i == 0 or not shown[i - 1])]
    ends = [i + 1 for i, one in enumerate(shown) if one and (i + 1 == len(shown) or not shown[i + 1])]
    return [(float(a), float(b)) for a, b in zip(starts, ends, strict=True)]


def draw_similar(
    narrator: FactsNarrator, similar: list[Similar], names: list[str], own_pct: float | None, *, narrow: bool
) -> dict[str, Any]:
    """Build a row for each of the most similar: level before, level now with interval, change.

    Parameters
    ----------
    similar : list of Similar
        At least one.
    names : list of str
        What they are called, in the same order.
    own_pct : float or None
        One's own level now: an upright line.
    """
    number = narrator.number
    values = [v for s in similar for v in (s.organisation.low, s.organisation.high, s.organisation.start)]
    low, high = cut_scale(values + ([own_pct] if own_pct is not None else []))
    margin = {"l": 10, "r": 10, "t": TOP_PX, "b": 4} if narrow else {"l": 238, "r": 72, "t": TOP_PX, "b": 4}
    row = NARROW_ROW_PX if narrow else ROW_PX
    height = row * len(similar)
    shapes = [
        stroke(own_pct, own_pct, -row * end, -row * start, INK, 2)
        for start, end in _runs([True] * len(similar), narrow)
        if own_pct is not None
    ]
    annotations: list[dict[str, Any]] = []
    before: list[tuple[float, float, str]] = []
    now: list[tuple[float, float, str]] = []
    for i, (one, name) in enumerate(zip(similar, names, strict=True)):
        top, other = -row * i, one.organisation
        at = top - (0.72 if narrow else 0.5) * row
        shapes.append(box(other.low, other.high, at - BAND_PX, at + BAND_PX, "#dcdfe3"))
        words = "–"
        if other.change is not None:
            shapes.append(stroke(other.start, other.score, at, at, LINE, 2))
            before.append((other.start, at, f"{name} {other.period_from}: {number.score(other.start)}"))
            words = number.signed(other.change)
            words = f"<b>{words}</b>" if other.certainty in ("increase", "decrease") else words
        now.append((other.score, at, f"{name}: {number.score(other.score)}"))
        if narrow:
            annotations.append(label(name, 0, top - 0.27 * row, "left", 13, INK, xref="paper"))
            annotations.append(label(words, 1, top - 0.27 * row, "right", 13, INK, xref="paper"))
        else:
            annotations.append(label(name, 0, at, "right", 13, INK, xref="paper", xshift=-12))
            annotations.append(label(words, 1, at, "right", 13, INK, xref="paper", xshift=68))
    data = [
        marks([p[0] for p in points], [p[1] for p in points], symbol, 10, MARK, [p[2] for p in points])
        for symbol, points in (("circle-open", before), ("circle", now))
        if points
    ]
    return frame(
        NARROW_PX if narrow else WIDE_PX, TOP_PX + 4 + height, margin, scale_axis(low, high, narrow),
        {"range": [-height, 0]}, data, shapes, annotations,
    )  # fmt: skip
