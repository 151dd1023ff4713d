"""Times of answering: read from text, and held against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from dimios_core.responses.answers import NO_TIME
from dimios_core.responses.labels import show_value
from dimios_core.responses.lookups import Texts
from dimios_core.responses.messages import report_texts
from dimios_core.responses.problems import ProblemList

MINUTE, DAY = 60_000, 86_400_000
_ORDERED = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,?\s+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:\s*([AaPp][Mm]))?)?"
)


def read_milliseconds(text: str, order: str = "iso") -> int | None:
    """Read a time as milliseconds since 1970; None where it is none.

    A time with a zone is turned into UTC, one without is taken as it is written; "" is `NO_TIME`.

    Parameters
    ----------
    order : str
        "iso" for ISO 8601; "dmy" and "mdy" take days and months in that order as well: 31/3/2026 2:05 PM.

    Examples
    --------
    >>> read_milliseconds("1970-01-02"), read_milliseconds("1970-01-01 01:00:00+01:00"), read_milliseconds("3/4")
    (86400000, 0, None)
    >>> read_milliseconds("02.01.1970", "dmy"), read_milliseconds("01/02/1970 12:00 AM", "mdy")
    (86400000, 86400000)
    """
    if not text:
        return int(NO_TIME)
    time: datetime | None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None if order == "iso" else _read_ordered(text, order)
    if time is None:
        return None
    try:
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return round(time.timestamp() * 1000)


def _read_ordered(text: str, order: str) -> datetime | None:
    match = _ORDERED.fullmatch(text)
    if match is None:
        return None
    first, second, year, hour, minute, second_of_minute, half = match.groups()
    day, month = (first, second) if order == "dmy" else (second, first)
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second_of_minute or 0), tzinfo=UTC
        )
    except ValueError:
        return None


def read_times(
    texts: Texts, rows: np.ndarray, where: str, problems: ProblemList, order: str = "iso"
) -> np.ndarray:
    """Return the time of every row, int64 milliseconds or `NO_TIME`; what is no time becomes a problem, and `NO_TIME`.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (n,)
        Row numbers of the texts.
    where : str
        Column, for the place of the problem.
    order : str
        As `read_milliseconds` takes it.
    """
    times = [read_milliseconds(text, order) for text in texts.distinct]
    bad = [time is None for time in times]
    foreign = [
        b and _ORDERED.fullmatch(text) is not None for b, text in zip(bad, texts.distinct, strict=True)
    ]
    problems.add_rows(
        rows[texts.spread(foreign, bool)],
        where,
        "the times are written with day and month in another order than 2026-03-31",
        "write `dates: dmy` (31/3/2026) or `dates: mdy` (3/31/2026) under `file:` in the mapping, or correct the times"
        if order == "iso"
        else "the mapping's `dates:` does not fit these: correct it, or the times",
    )
    report_texts(
        problems,
        rows,
        texts,
        texts.spread([b and not f for b, f in zip(bad, foreign, strict=True)], bool),
        where,
        lambda text: (f"{show_value(text)} is no time", "write it as 2026-03-31 or 2026-03-31 14:05"),
    )
    return texts.spread([NO_TIME if time is None else time for time in times], np.int64)


def starts_late(
    started_at: Sequence[int] | np.ndarray, answered_at: Sequence[int] | np.ndarray
) -> np.ndarray:
    """Tell where an answer was begun after it was given; bool, shape (n,).

    A time written without seconds lasts to the end of its minute, one at midnight, which is how a day is stored, to the
    end of its day. Where one of the two is not known, nothing is wrong.

    Examples
    --------
    >>> noon = 12 * 60 * MINUTE
    >>> starts_late([noon + 30_000, noon + MINUTE, noon, noon], [noon, noon, 0, NO_TIME]).tolist()
    [False, True, False, False]
    """
    start, end = np.asarray(started_at), np.asarray(answered_at)
    lasts = np.select([end % DAY == 0, end % MINUTE == 0], [DAY, MINUTE], 1)
    return (start != NO_TIME) & (end != NO_TIME) & (start - end >= lasts)
