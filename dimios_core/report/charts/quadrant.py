"""The quadrant: where an organisation lies on two dimensions, how it came there, and where others are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dimios_core.report.charts.colours import ACROSS, GRID, INK, MARK, MUTED, PEER, PLATE, REGION, UPWARDS
from dimios_core.report.charts.parts import (
    NARROW_PX,
    Drawing,
    Part,
    area,
    frame,
    label,
    line,
    list_ellipse,
    marks,
    outline,
    stroke,
)
from dimios_core.report.charts.placing import LETTER_PX, Box, find_room
from dimios_core.report.charts.scales import Scale
from dimios_core.report.drawable import bold

SIZE_PX = 430
MARGIN = {"l": 44, "r": 14, "t": 12, "b": 48}
REGION_OPACITY = 0.75
#: the first place of a path is named from this share of the scale on; names farther than this have a line to their place
APART, LEADER_PX = 0.06, 20


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
    """A place in the plane, percent; the name is "" for anonymous organisations, the period along one's own path.

    `told` is what plotly says of it.
    """

    name: str
    across: float
    upwards: float
    told: str = ""


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
    mean: Place | None,
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
    mean : Place or None
        The peers'.
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
    corners: list[tuple[float, float]] = []
    if region is not None:
        corners = list_ellipse(
            region.across, region.upwards, region.major, region.minor, region.angle, low, high
        )
        shapes.append(area(outline(corners, 2), REGION, UPWARDS, 1.5) | {"opacity": REGION_OPACITY})
    data = [_mark(peers, "circle", 6, PEER)]
    if mean is not None:
        data.append(_mark([mean], "diamond", 9, MARK))
    if path:
        across, upwards = [p.across for p in path], [p.upwards for p in path]
        data.append(line(across, upwards, UPWARDS, 1.5))
        data += [_mark(path[:-1], "circle", 8, UPWARDS, PLATE), _mark(path[-1:], "circle", 12, UPWARDS)]
        places = [*((p, 6.0) for p in peers), *((p, 7.0) for p in path)]
        if mean is not None:
            places.append((mean, 8.0))
        sheet = _Sheet(scale, side, places, corners)
        names, leaders = sheet.name_path(path, you, plane)
        annotations, shapes = annotations + names, shapes + leaders
    middle = (low + high) / 2
    annotations += [
        label(bold(f"{plane.across} →"), middle, low, "center", 12, ACROSS, yshift=-36),
        {
            **label(bold(f"{plane.upwards} →"), low, middle, "center", 12, UPWARDS, xshift=-36),
            "textangle": -90,
        },
    ]
    ticks = (low, plane.border, high)
    axis = {"range": [low, high], "tickvals": list(ticks), "ticktext": [f"{t:.0f}" for t in ticks]}
    height = side + MARGIN["t"] + MARGIN["b"]
    return frame(size, height, MARGIN, {**axis, "side": "bottom"}, axis, data, shapes, annotations)


def _mark(places: Sequence[Place], form: str, size: float, colour: str, fill: str | None = None) -> Part:
    across, upwards = [p.across for p in places], [p.upwards for p in places]
    return marks(across, upwards, form, size, colour, [p.told for p in places], fill)


def _name_cell(cell: Cell, scale: Scale) -> list[Part]:
    low, high = scale
    edge = 0.02 * (high - low)
    x, y = (high - edge if cell.right else low + edge), (high - 2 * edge if cell.top else low + 2 * edge)
    anchor, shift = ("right", -16) if cell.right else ("left", 16)
    return [
        label(bold(cell.id), x, y, anchor, 15, MUTED),
        label(cell.name, x, y, anchor, 12, MUTED, xshift=shift),
    ]


@dataclass(frozen=True)
class _Sheet:
    """The plane in pixels, from its upper left corner: where marks lie, each with half its size, and the region's corners."""

    scale: Scale
    side: float
    places: Sequence[tuple[Place, float]]
    region: Sequence[tuple[float, float]]

    def at(self, across: float, upwards: float) -> tuple[float, float]:
        low, high = self.scale
        unit = self.side / (high - low)
        return (across - low) * unit, (high - upwards) * unit

    def name_path(self, path: Sequence[Place], you: str, plane: Plane) -> tuple[list[Part], list[Part]]:
        """Name the last place, and the first where it lies apart; a thin line leads to a name that lies far."""
        first, last = path[0], path[-1]
        apart = math.hypot(first.across - last.across, first.upwards - last.upwards)
        named = [(last, you, 13, UPWARDS, True)]
        if len(path) > 1 and apart > APART * (self.scale[1] - self.scale[0]):
            named.append((first, first.name, 12, INK, False))
        taken = self._list_taken(path, plane)
        labels, leaders = [], []
        for place, text, size, colour, heavy in named:
            at = self.at(place.across, place.upwards)
            width = len(text) * (LETTER_PX + 0.8 * heavy)
            found = find_room(at, (width, size + 2), (0, 0, self.side, self.side), taken)
            taken[0].append(found)
            labels.append(self._write(text, at, found, size, colour, heavy, place))
            near = min(max(at[0], found[0]), found[2]), min(max(at[1], found[1]), found[3])
            if math.dist(at, near) > LEADER_PX:
                low, high = self.scale
                unit = (high - low) / self.side
                end = low + near[0] * unit, high - near[1] * unit
                leaders.append(stroke(place.across, end[0], place.upwards, end[1], MUTED))
        return labels, leaders

    def _write(
        self,
        text: str,
        at: tuple[float, float],
        found: Box,
        size: int,
        colour: str,
        heavy: bool,
        place: Place,
    ) -> Part:
        shift = (found[0] + found[2]) / 2 - at[0], at[1] - (found[1] + found[3]) / 2
        words = bold(text) if heavy else text
        return label(
            words, place.across, place.upwards, "center", size, colour, xshift=shift[0], yshift=shift[1]
        )

    def _list_taken(self, path: Sequence[Place], plane: Plane) -> list[list[Box]]:
        """What labels keep out of: marks and the cells' names, the own path, the region's edge, the borders."""
        marks = [_square(self.at(p.across, p.upwards), half) for p, half in self.places]
        names = []
        for cell in plane.cells:
            width, height = 24 + LETTER_PX * len(cell.name), 26
            left, top = (self.side - width) * cell.right, (self.side - height) * (not cell.top)
            names.append((left, top, left + width, top + height))
        points = [self.at(p.across, p.upwards) for p in path]
        steps = [
            (a[0] + (b[0] - a[0]) * i / 8, a[1] + (b[1] - a[1]) * i / 8)
            for a, b in pairwise(points)
            for i in range(8)
        ]
        edge = [self.at(*corner) for corner in self.region]
        middle = self.at(plane.border, plane.border)
        lines: list[Box] = [(middle[0], 0, middle[0], self.side), (0, middle[1], self.side, middle[1])]
        return [marks + names, [_square(s, 1) for s in steps], [_square(e, 3) for e in edge], lines]


def _square(at: tuple[float, float], half: float) -> Box:
    return (at[0] - half, at[1] - half, at[0] + half, at[1] + half)
