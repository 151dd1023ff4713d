"""The quadrant: where the organisation lies on its two dimensions, how it came there, and where others are."""

from __future__ import annotations

import math
from typing import Any

from dimios_core.report.charts.parts import (
    CAPABILITY,
    GRID,
    HERITAGE,
    INK,
    MARK,
    MUTED,
    STEP_PP,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.figures import Position
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import History
from dimios_core.report.pages.our_result.facts import PeerPosition
from dimios_core.report.svg import ellipse_path

PEER, REGION = "#b9c0c8", "#dbe5f0"
REACH_MIN_PP = 20
SIZE_PX, NARROW_PX = 430, 350


def reach_of_scale(
    history: History, peers: list[PeerPosition], period: str, border: float
) -> tuple[float, float]:
    """Return the part of 0-100 that is shown: the same distance to both sides of the border, in whole tens."""
    values: list[float] = [REACH_MIN_PP]
    for p in history.until(period):
        place = history.positions.get(p)
        if place is not None and place.across is not None and place.upwards is not None:
            half = (place.half_across or 0, place.half_upwards or 0) if p == period else (0, 0)
            values += [abs(place.across - border) + half[0], abs(place.upwards - border) + half[1]]
    values += [abs(v - border) for peer in peers for v in (peer.across, peer.upwards)]
    reach = STEP_PP * math.ceil((max(values) + 1) / STEP_PP)
    return max(0.0, border - reach), min(100.0, border + reach)


def draw_quadrant(
    narrator: FactsNarrator,
    history: History,
    peers: list[PeerPosition],
    mean: tuple[float, float] | None,
    *,
    narrow: bool,
) -> dict[str, Any]:
    """Build the quadrant with the joint region, the path over periods, the peers and their mean.

    Parameters
    ----------
    narrator : FactsNarrator
        Its facts tell the period.
    history : History
    peers : list of PeerPosition
    mean : (across, upwards) or None
        The peers' mean in percent.
    narrow : bool
        For a phone.

    Returns
    -------
    dict
        A plotly figure.
    """
    facts = narrator.facts
    plane = facts.instrument.quadrants
    assert plane is not None
    low, high = reach_of_scale(history, peers, facts.period, plane.border)
    size = NARROW_PX if narrow else SIZE_PX
    margin = {"l": 40, "r": 12, "t": 12, "b": 48}
    side = size - margin["l"] - margin["r"]
    edge = 0.02 * (high - low)
    shapes = [
        stroke(low, high, plane.border, plane.border, MUTED),
        stroke(plane.border, plane.border, low, high, MUTED),
        *(stroke(low, high, v, v, GRID) for v in (low, high)),
        *(stroke(v, v, low, high, GRID) for v in (low, high)),
    ]
    annotations = []
    for cell in plane.cells:
        right, top = cell.across == "high", cell.upwards == "high"
        x, y = (high - edge if right else low + edge), (high - 2 * edge if top else low + 2 * edge)
        anchor = "right" if right else "left"
        name = facts.instrument.text(cell.name, narrator.language)
        annotations.append(label(f"<b>{cell.id}</b>", x, y, anchor, 15, MUTED))
        annotations.append(label(name, x, y, anchor, 12, MUTED, xshift=-16 if right else 16))
    shapes += _region(history.positions.get(facts.period), low, high)
    data = [
        marks(
            [p.across for p in peers], [p.upwards for p in peers], "circle", 6, PEER, [p.name for p in peers]
        )
    ]
    if mean is not None:
        data.append(marks([mean[0]], [mean[1]], "diamond", 9, MARK))
    data += _path(history, facts.period)
    annotations += _path_labels(narrator, history, high - low)
    across, upwards = (narrator.name("dimension", d) for d in (plane.across, plane.upwards))
    annotations += [
        label(f"<b>{across} →</b>", (low + high) / 2, low, "center", 12, HERITAGE, yshift=-36),
        {
            **label(f"<b>{upwards} →</b>", low, (low + high) / 2, "center", 12, CAPABILITY, xshift=-28),
            "textangle": -90,
        },
    ]
    ticks = {
        "tickvals": [low, plane.border, high],
        "ticktext": [f"{t:.0f}" for t in (low, plane.border, high)],
    }
    axis = {"range": [low, high], **ticks}
    return frame(
        size,
        side + margin["t"] + margin["b"],
        margin,
        {**axis, "side": "bottom"},
        axis,
        data,
        shapes,
        annotations,
    )


def _region(position: Position | None, low: float, high: float) -> list[dict[str, Any]]:
    if (
        position is None
        or position.across is None
        or position.upwards is None
        or position.radius_major is None
    ):
        return []
    path = ellipse_path(
        position.across,
        position.upwards,
        position.radius_major,
        position.radius_minor or 0,
        position.angle or 0,
        low,
        high,
    )
    line = {"color": CAPABILITY, "width": 1.5}
    return [
        {"type": "path", "layer": "below", "path": path, "fillcolor": REGION, "opacity": 0.75, "line": line}
    ]


def _places(history: History, period: str) -> list[tuple[str, float, float]]:
    return [
        (p, place.across, place.upwards)
        for p in history.until(period)
        if (place := history.positions.get(p)) and place.across is not None and place.upwards is not None
    ]


def _path(history: History, period: str) -> list[dict[str, Any]]:
    places = _places(history, period)
    if not places:
        return []
    x, y, names = [p[1] for p in places], [p[2] for p in places], [p[0] for p in places]
    line = {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "showlegend": False,
        "line": {"color": CAPABILITY, "width": 1.5},
    }  # fmt: skip
    return [
        line,
        marks(x[:-1], y[:-1], "circle-open", 8, CAPABILITY, names[:-1]),
        marks(x[-1:], y[-1:], "circle", 12, CAPABILITY, names[-1:]),
    ]


def _path_labels(narrator: FactsNarrator, history: History, span: float) -> list[dict[str, Any]]:
    places = _places(history, narrator.facts.period)
    if not places:
        return []
    period, x, y = places[-1]
    words = f"<b>{narrator.say('chart.quadrant_you')} {period}</b>"
    from_above = len(places) > 1 and places[-2][2] > y  # the label keeps out of the path's way
    found = [label(words, x, y, "left", 13, CAPABILITY, xshift=11, yshift=-13 if from_above else 11)]
    if len(places) > 1 and math.hypot(places[0][1] - x, places[0][2] - y) > 0.06 * span:
        found.append(label(places[0][0], places[0][1], places[0][2], "right", 12, INK, xshift=-8, yshift=-8))
    return found
