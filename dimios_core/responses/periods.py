"""Periods: "2026" for a year, "2026-1" and "2026-2" for its spring and autumn; one kind a year."""

from __future__ import annotations

import re
from collections.abc import Iterable

PERIOD = re.compile(r"(?:19|20)\d\d(?:-[12])?")
PERIOD_REMEDY = "write the year (2026), or its half (2026-1 for spring, 2026-2 for autumn)"


def is_period(text: str) -> bool:
    """Say whether a text is a period.

    Examples
    --------
    >>> is_period("2026"), is_period("2026-2"), is_period("2026-3"), is_period("26")
    (True, True, False, False)
    """
    return PERIOD.fullmatch(text) is not None


def mixed_years(periods: Iterable[str]) -> list[str]:
    """Return the years that are there both as a whole and as a half.

    Examples
    --------
    >>> mixed_years(["2025", "2026", "2026-1", "2027-1", "2027-2"])
    ['2026']
    """
    whole = {p for p in periods if len(p) == 4}
    return sorted(whole & {p[:4] for p in periods if len(p) > 4})
