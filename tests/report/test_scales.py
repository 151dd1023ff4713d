"""Scales show all values, end at whole steps, and have no more ticks than fit: limits by hand."""

from __future__ import annotations

import pytest

from dimios_core.report.charts.scales import (
    cut_around,
    cut_changes,
    cut_differences,
    cut_scale,
    tick_changes,
    tick_tens,
    tick_whole,
    write_ends,
)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([], (0, 100)),
        ([42.0, 58.0], (40, 60)),  # two points of room to both sides
        ([41.9, 58.1], (30, 70)),
        ([0.5, 99.5], (0, 100)),
    ],
)
def test_the_scale_is_cut_in_whole_tens_with_room(values, scale):
    assert cut_scale(values) == scale


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ([], 1),
        ([0.4], 1),
        ([-4.0, 1.0], 4),
        ([4.1], 6),
        ([8.1], 10),
        ([20.1], 30),
        ([40.1], 60),
        ([79.0], 80),
    ],
)
def test_changes_have_at_most_four_steps_to_a_side(values, end):
    scale = cut_changes(values)
    assert scale == (-end, end)
    ticks = tick_changes(scale)
    assert len(ticks) <= 2 * 4 + 1
    assert [v for v, _ in ticks] == [-v for v, _ in ticks[::-1]]
    assert (ticks[0][0], ticks[-1][0]) == scale


def test_ticks_of_changes_carry_their_sign():
    assert tick_changes((-4.0, 4.0))[:2] == [(-4, "\u22124"), (-3, "\u22123")]
    assert tick_changes((-4.0, 4.0))[4:6] == [(0, "0"), (1, "+1")]


@pytest.mark.parametrize(
    ("values", "reach"), [([], 10), ([3.0], 10), ([9.0], 10), ([9.1], 20), ([-24.0, 3.0], 30)]
)
def test_differences_are_shown_as_far_to_both_sides(values, reach):
    assert cut_differences(values) == (-reach, reach)


@pytest.mark.parametrize(
    ("values", "scale"), [([], (20, 80)), ([79.0], (20, 80)), ([79.1], (10, 90)), ([8.0], (0, 100))]
)
def test_a_plane_reaches_as_far_to_both_sides_of_its_border(values, scale):
    # one point of room, and never less than twenty
    low, high = cut_around(50, values)
    assert (low, high) == scale


def test_ticks_are_ten_apart_and_twenty_where_a_phone_has_no_room():
    assert [v for v, _ in tick_tens((30.0, 90.0), narrow=True)] == [30, 40, 50, 60, 70, 80, 90]
    assert [v for v, _ in tick_tens((30.0, 100.0), narrow=True)] == [30, 50, 70, 90]
    assert [v for v, _ in tick_tens((30.0, 100.0), narrow=False)] == [30, 40, 50, 60, 70, 80, 90, 100]
    assert [v for v, _ in tick_whole((30.0, 100.0), narrow=True)] == [40, 60, 80, 100]
    assert tick_whole((-10.0, 10.0), narrow=True) == [(-10, "\u221210"), (0, "0"), (10, "+10")]


def test_the_ends_are_told_in_whole_numbers():
    assert write_ends((40.0, 60.0)) == {"low": "40", "high": "60"}
