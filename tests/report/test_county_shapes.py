"""The map of counties: what it must agree with comes from geography and from geometry done by hand."""

from __future__ import annotations

import math
import struct
from collections import Counter

import numpy as np
import pytest

from dimios_core.languages import load_texts
from dimios_core.report.charts.colours import STEPS
from dimios_core.report.charts.county_shapes import (
    load_county_map,
    measure_area,
    project,
    read_polygons,
    simplify_borders,
    simplify_line,
)
from dimios_core.report.charts.scales import step_means


def corners_of(path: str) -> list[list[tuple[int, int]]]:
    rings = [ring.strip() for ring in path.split("Z") if ring.strip()]
    return [[tuple(map(int, w[1:].split(","))) for w in ring.split(" ")] for ring in rings]


def test_all_counties_have_a_shape_and_a_name():
    codes = [s.code for s in load_county_map().shapes]
    assert len(codes) == 21
    assert set(codes) == set(load_texts("sv")["peers"]["counties"])


def test_sweden_is_as_long_and_wide_as_it_is():
    atlas = load_county_map()
    assert atlas.height_km == pytest.approx(1572, rel=0.03)  # from Smygehuk to Treriksröset
    assert atlas.width_km == pytest.approx(650, rel=0.05)


@pytest.mark.parametrize(
    ("code", "km2"), [("25", 105_000), ("12", 11_000), ("09", 3_150), ("23", 54_000), ("10", 3_000)]
)
def test_areas_are_those_of_the_atlas(code, km2):
    # land and inland water, Statistics Sweden, rounded; small islands are left out
    shape = next(s for s in load_county_map().shapes if s.code == code)
    area = abs(sum(measure_area(r) for r in corners_of(shape.path)))
    assert area == pytest.approx(km2, rel=0.09)


def test_neighbours_share_their_border():
    edges = Counter()
    for shape in load_county_map().shapes:
        for ring in corners_of(shape.path):
            for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
                edges[frozenset((a, b))] += 1
    assert max(edges.values()) == 2
    assert sum(n == 2 for n in edges.values()) > 200


def test_it_is_light_and_the_same_every_time():
    atlas = load_county_map()
    assert sum(len(s.path) for s in atlas.shapes) < 25_000
    load_county_map.cache_clear()
    assert load_county_map() == atlas


def test_labels_stand_north_to_south():
    at = {s.code: s.y for s in load_county_map().shapes}
    assert at["25"] > at["24"] > at["22"] > at["03"] > at["05"] > at["12"]


def test_projection_at_the_meridian_is_the_length_of_the_arc():
    x, y = project(np.array([[15.0, 60.0], [15.0, 61.0]])).T
    assert x == pytest.approx([0, 0])
    assert y[1] - y[0] == pytest.approx(2 * math.pi * 6371 / 360)


def test_projection_shortens_degrees_of_longitude_as_the_cosine():
    x, _ = project(np.array([[14.99, 60.0], [15.01, 60.0]])).T
    assert x[1] - x[0] == pytest.approx(0.02 * 2 * math.pi * 6371 / 360 * 0.5, rel=1e-5)


def test_wkb_is_read_with_its_holes():
    outer = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    hole = [(1, 1), (1, 2), (2, 2), (1, 1)]
    rings = b"".join(
        struct.pack("<I", len(r)) + b"".join(struct.pack("<dd", *c) for c in r) for r in (outer, hole)
    )
    polygon = struct.pack("<BII", 1, 3, 2) + rings
    assert [r.tolist() for r in read_polygons(polygon)] == [[list(c) for c in r] for r in (outer, hole)]
    many = struct.pack("<BII", 1, 6, 2) + polygon + polygon
    assert len(read_polygons(many)) == 4


def test_other_geometries_are_refused():
    with pytest.raises(ValueError, match="only polygons"):
        read_polygons(struct.pack("<BII", 1, 2, 0))


def test_corners_within_the_tolerance_are_left_out():
    line = np.array([(0, 0), (1, 0.4), (2, 0), (3, 2), (4, 0)], float)
    assert simplify_line(line, 0.5).tolist() == [[0, 0], [2, 0], [3, 2], [4, 0]]
    assert len(simplify_line(line, 0.3)) == 5


def test_a_border_is_simplified_alike_from_both_sides():
    border = [(100, y + 0) for y in range(0, 101, 10)]
    border[5] = (103, 50)
    west = np.array([*border, (0, 100), (0, 0), border[0]], float)
    east = np.array([*border[::-1], (200, 0), (200, 100), border[-1]], float)
    found = simplify_borders({"w": [west], "e": [east]}, 5.0)
    assert set(found["w"][0]) == {(0, 0), (100, 0), (100, 100), (0, 100)}
    assert set(found["e"][0]) == {(200, 0), (100, 0), (100, 100), (200, 100)}


@pytest.mark.parametrize(
    ("means", "start", "width"),
    [
        ([51.6, 56.1], 51, 2),
        ([50.0, 54.9], 50, 1),
        ([50.0, 55.0], 50, 2),
        ([38.0, 62.0], 30, 10),
        ([38.0, 59.9], 35, 5),
        ([50.0], 50, 1),
    ],
)
def test_steps_are_whole_and_hold_all_means(means, start, width):
    assert step_means(means) == (start, width)
    assert max(means) < start + width * 5


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ramp", STEPS.values())
def test_figures_on_the_map_can_be_read(ramp):
    for i, color in enumerate(ramp):
        ink = "#ffffff" if i >= 3 else "#1f2429"
        low, high = sorted((luminance(color), luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 4.5
    assert [luminance(c) for c in ramp] == sorted((luminance(c) for c in ramp), reverse=True)
