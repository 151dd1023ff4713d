"""Every comparison of this project's figures with those of R, statsmodels and scipy, subject by subject.

Tests assert on them (`tests/spec/test_against_r.py`), and `tests/spec/checked.py` writes them on a page.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from tests.spec.comparisons import (
    changes,
    contrasts,
    gaps,
    levels,
    real_answers,
    reliability,
    trend_fit,
    trends,
    variance_shares,
)
from tests.spec.comparisons.comparison import Comparison

SUBJECTS: tuple[ModuleType, ...] = (
    levels,
    changes,
    trends,
    trend_fit,
    contrasts,
    gaps,
    reliability,
    variance_shares,
    real_answers,
)


@cache
def compare_all(subject: ModuleType) -> tuple[Comparison, ...]:
    """The comparisons of one subject, made once."""
    return tuple(subject.compare())
