"""The quadrant: where an organisation lies on two dimensions, how it came there, and where others are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import ACROSS, GRID, INK, MARK, MUTED, PEER, PLATE, REGION, UPWARDS
from dimios_core.report.charts.parts import (
    NARROW_PX,
    Drawing,
    Part,
    area,
    frame,
    label,
    line,
    marks,
    outline_ellipse,
    stroke,
)
from dimios_core.report.charts.scales import Scale
from dimios_core.report.drawable import bold

SIZE_PX = 430
MARGIN = {"l": 40, "r": 12, "t": 12, "b": 48}
REGION_OPACITY = 0.75


@dataclass(frozen=True)
class Cell:
    """One of the four fields of the plane; `right` and `top` tell which."""

    id: str
    name: str
    right: bool
    top: bool


@dataclass(frozen=True)
class Plane:
    """The plane: names of the dimensions across and upwards, the border of both in percent, and the fields."""

    across: str
    upwards: str
    border: float
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Place:
    """A place in the plane, percent; the name is "" for anonymous organisations, the period along one's own path."""

    name: str
    across: float
    upwards: float


@dataclass(frozen=True)
class Region:
    """The joint region around a place: half axes in percentage points, and degrees from the across axis."""

    across: float
    upwards: float
    major: float
    minor: float
    angle: float


def draw_quadrant(
    plane: Plane,
    path: Sequence[Place],
    you: str,
    region: Region | None,
    peers: Sequence[Place],
    mean: tuple[float, float] | None,
    scale: Scale,
    *,
    narrow: bool,
) -> Drawing:
    """Build the quadrant with the joint region, the path over periods, the peers and their mean.

    Parameters
    ----------
    plane : Plane
    path : sequence of Place
        One's own, oldest first; empty where none is published.
    you : str
        What stands at the last of them.
    region : Region or None
    peers : sequence of Place
    mean : (across, upwards) or None
        The peers', percent.
    scale : (low, high)
        Percent, the same across and upwards.
    narrow : bool
        For a phone.

    Returns
    -------
    dict
        A plotly figure.
    """
    low, high = scale
    size = NARROW_PX if narrow else SIZE_PX
    side = size - MARGIN["l"] - MARGIN["r"]
    shapes = [
        stroke(low, high, plane.border, plane.border, MUTED),
        stroke(plane.border, plane.border, low, high, MUTED),
        *(stroke(low, high, v, v, GRID) for v in scale),
        *(stroke(v, v, low, high, GRID) for v in scale),
    ]
    annotations = [part for cell in plane.cells for part in _name_cell(cell, scale)]
    if region is not None:
        ellipse = outline_ellipse(
            region.across, region.upwards, region.major, region.minor, region.angle, low, high
        )
        shapes.append(area(ellipse, REGION, UPWARDS, 1.5) | {"opacity": REGION_OPACITY})
    data = [_mark(peers, "circle", 6, PEER)]
    if mean is not None:
        data.append(marks([mean[0]], [mean[1]], "diamond", 9, MARK))
    if path:
        across, upwards = [p.across for p in path], [p.upwards for p in path]
        data.append(line(across, upwards, UPWARDS, 1.5))
        data += [_mark(path[:-1], "circle", 8, UPWARDS, PLATE), _mark(path[-1:], "circle", 12, UPWARDS)]
        annotations += _name_path(path, you, high - low)
    middle = (low + high) / 2
    annotations += [
        label(bold(f"{plane.across} →"), middle, low, "center", 12, ACROSS, yshift=-36),
        {
            **label(bold(f"{plane.upwards} →"), low, middle, "center", 12, UPWARDS, xshift=-28),
            "textangle": -90,
        },
    ]
    ticks = (low, plane.border, high)
    axis = {"range": [low, high], "tickvals": list(ticks), "ticktext": [f"{t:.0f}" for t in ticks]}
    height = side + MARGIN["t"] + MARGIN["b"]
    return frame(size, height, MARGIN, {**axis, "side": "bottom"}, axis, data, shapes, annotations)


def _mark(places: Sequence[Place], form: str, size: float, colour: str, fill: str | None = None) -> Part:
    across, upwards = [p.across for p in places], [p.upwards for p in places]
    return marks(across, upwards, form, size, colour, [p.name for p in places], fill)


def _name_cell(cell: Cell, scale: Scale) -> list[Part]:
    low, high = scale
    edge = 0.02 * (high - low)
    x, y = (high - edge if cell.right else low + edge), (high - 2 * edge if cell.top else low + 2 * edge)
    anchor, shift = ("right", -16) if cell.right else ("left", 16)
    return [
        label(bold(cell.id), x, y, anchor, 15, MUTED),
        label(cell.name, x, y, anchor, 12, MUTED, xshift=shift),
    ]


def _name_path(path: Sequence[Place], you: str, span: float) -> list[Part]:
    """Name the last place, and the first where it lies apart."""
    first, last = path[0], path[-1]
    from_above = len(path) > 1 and path[-2].upwards > last.upwards  # the label keeps out of the path's way
    shift = -13 if from_above else 11
    found = [label(bold(you), last.across, last.upwards, "left", 13, UPWARDS, xshift=11, yshift=shift)]
    apart = math.hypot(first.across - last.across, first.upwards - last.upwards)
    if len(path) > 1 and apart > 0.06 * span:
        found.append(label(first.name, first.across, first.upwards, "right", 12, INK, xshift=-8, yshift=-8))
    return found
