"""Placing words: names in lines that fit a width, and labels beside dots so that none meet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

#: generous width of a letter at 12 px, so that no font lets labels meet
LETTER_PX = 7.0
#: (left, top, right, bottom), pixels
Box = tuple[float, float, float, float]
#: how far from its place a label is looked for, and in how many directions
DISTANCES_PX, DIRECTIONS_N = range(10, 150, 6), 16
#: how far to the right and upwards each direction leads, most to the right first
DIRECTIONS = [
    (math.cos(2 * math.pi * i / DIRECTIONS_N), math.sin(2 * math.pi * i / DIRECTIONS_N))
    for i in sorted(range(DIRECTIONS_N), key=lambda i: min(i, DIRECTIONS_N - i))
]


def wrap_words(text: str, width_px: float, letter_px: float) -> list[str]:
    """Break a text at its spaces into lines no longer than a width where that is possible.

    Parameters
    ----------
    text : str
    width_px : float
        Room for a line.
    letter_px : float
        Mean width of a letter. A word longer than the room gets a line of its own.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap_words("Barn- och utbildningsförvaltningen", 200, 7)
    ['Barn- och', 'utbildningsförvaltningen']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * letter_px <= width_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


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


def meets_any(box: Box, others: Sequence[Box]) -> bool:
    """Tell whether a box has room in common with any of the others.

    Examples
    --------
    >>> meets_any((0, 0, 10, 10), [(9, 9, 20, 20)]), meets_any((0, 0, 10, 10), [(10, 0, 20, 10)])
    (True, False)
    """
    left, top, right, bottom = box
    for other in others:  # thousands of them a chart
        if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
            return True
    return False


def find_room(
    at: tuple[float, float], size: tuple[float, float], room: Box, taken: Sequence[Sequence[Box]]
) -> Box:
    """Find the place nearest to a point where a label meets nothing.

    Parameters
    ----------
    at : (x, y)
        What the label belongs to, pixels.
    size : (width, height)
        Of the label, pixels.
    room : Box
        Where it has to lie.
    taken : sequence of sequence of Box
        What it must not meet, most important first; where there is no room beside all, the last ones are given up.

    Returns
    -------
    Box
        Right above the point, at the least distance, where there is no room at all.

    Examples
    --------
    >>> find_room((50, 50), (20, 10), (0, 0, 100, 100), [[(44, 44, 56, 56)]])
    (60.0, 45.0, 80.0, 55.0)
    """
    for given_up in range(len(taken)):
        boxes = [box for kind in taken[: len(taken) - given_up] for box in kind]
        for place in _list_places(at, size, room):
            if not meets_any(place, boxes):
                return place
    x, y = at[0], at[1] - DISTANCES_PX[0]
    return (x, y - size[1], x + size[0], y)


def _list_places(at: tuple[float, float], size: tuple[float, float], room: Box) -> Iterator[Box]:
    """Boxes in the room whose nearest edge is at a distance from a point, nearest and most to the right first."""
    for distance, (across, up) in product(DISTANCES_PX, DIRECTIONS):
        left = at[0] + distance * across - size[0] * (1 - across) / 2
        top = at[1] - distance * up - size[1] * (1 + up) / 2
        place = (round(left, 1), round(top, 1), round(left + size[0], 1), round(top + size[1], 1))
        if place[0] >= room[0] and place[1] >= room[1] and place[2] <= room[2] and place[3] <= room[3]:
            yield place
