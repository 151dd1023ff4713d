"""Months, dates and periods: in words, and as places on an axis of years."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from babel.dates import format_date

from dimios_core.languages import formats_of


@cache
def write_date(when: str, language: str) -> str:
    """Return a month ("2024-01") or a date in words; as it is where it is something else."""
    for form, words in (("%Y-%m", "MMMM y"), ("%Y-%m-%d", "d MMMM y")):
        try:
            day = datetime.strptime(when, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return format_date(day, words, locale=formats_of(language).code)
    return when


def year_of(period: str) -> int:
    """Return the calendar year of a period.

    >>> year_of("2026-1")
    2026
    """
    return int(period[:4])


def time_of(period: str) -> float:
    """Return where a period lies on an axis of years; the second half of a year lies half a year later.

    >>> time_of("2026"), time_of("2026-1"), time_of("2026-2")
    (2026.0, 2026.0, 2026.5)
    """
    return year_of(period) + (0.5 if period.endswith("-2") else 0.0)
