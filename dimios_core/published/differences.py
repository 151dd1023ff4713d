"""Differences between published levels of different organisations, worked out from the levels and their intervals alone.

Nothing is read but what is published, so nothing can follow from them that did not follow already (method 4, comparisons).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, hypot, inf, pi, sin, sqrt

import numpy as np

from dimios_core.families import adjust_holm

#: an interval of an own variance rests on twenty answers or more; of fewer answers it is that of a normal distribution
DF_LEAST = 19
#: t(19; .975)
T_LEAST = 2.0930240544
ALPHA = 0.05


@dataclass(frozen=True)
class Level:
    """A published level, percent 0-100, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """How one level lies against another.

    Attributes
    ----------
    value : float
        The first minus the other, percentage points.
    low, high : float
        95 % interval, not adjusted.
    certainty : str
        "increase" (the first lies above), "decrease" or "none", after adjustment within the family.
    """

    value: float
    low: float
    high: float
    certainty: str = "none"


def subtract(one: Level, other: Level) -> Difference:
    """Return the difference of two independent levels with its interval; no word of certainty yet.

    `low = d − √((θ₁ − l₁)² + (u₂ − θ₂)²)`, `high = d + √((u₁ − θ₁)² + (θ₂ − l₂)²)`, l and u the ends of the levels' own
    intervals, which may lie unevenly around them: method 10 of Newcombe (1998), Statistics in Medicine 17, 873-890; for any
    two estimates Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> subtract(Level(60.0, 57.0, 63.0), Level(50.0, 46.0, 54.0))
    Difference(value=10.0, low=5.0, high=15.0, certainty='none')
    """
    value = one.value - other.value
    low = value - hypot(one.value - one.low, other.high - other.value)
    high = value + hypot(one.high - one.value, other.value - other.low)
    return Difference(value, low, high)


def p_of(difference: Difference) -> float:
    """Return the two-sided p of a difference, read off the side of its interval that faces zero.

    `p = 2·T₁₉(−t(19; .975)·abs(d)/h)`, h the distance from the difference to that end. How many answered is not public, so the
    fewest degrees of freedom that an interval of an own variance rests on stand for all: with more the p is smaller, and so
    it is where the variance is as good as known. Below 0.05 exactly where the interval leaves zero out.
    """
    half = difference.value - difference.low if difference.value > 0 else difference.high - difference.value
    if half <= 0:
        return 1.0 if difference.value == 0 else 0.0
    return two_sided_tail(T_LEAST * abs(difference.value) / half)


def two_sided_tail(t: float) -> float:
    """Return the chance that Student's t with nineteen degrees of freedom lies further from zero than t ≥ 0.

    A finite sum, as for every odd number of degrees of freedom: Abramowitz and Stegun (1964), 26.7.3. Readers' processes are
    forked from one that has loaded no scipy.
    """
    if t == inf:
        return 0.0
    angle = atan(t / sqrt(DF_LEAST))
    term = total = cos(angle)
    for k in range(3, DF_LEAST - 1, 2):
        term *= (k - 1) / k * cos(angle) ** 2
        total += term
    return max(0.0, 1 - 2 / pi * (angle + sin(angle) * total))


def compare(pairs: Sequence[tuple[Level, Level]]) -> list[Difference]:
    """Return the differences of a family of pairs, each the first minus the other, with words of certainty.

    A difference is certain where its p, adjusted by Holm within the family, is below 5 %. Intervals are not adjusted.
    """
    found = [subtract(one, other) for one, other in pairs]
    adjusted = adjust_holm(np.array([p_of(d) for d in found]))
    words = [
        "none" if p >= ALPHA else "increase" if d.value > 0 else "decrease"
        for d, p in zip(found, adjusted, strict=True)
    ]
    return [Difference(d.value, d.low, d.high, word) for d, word in zip(found, words, strict=True)]
