"""Times of answering: read from text, and held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from dimios_core.responses.answers import NO_TIME
from dimios_core.responses.labels import show_value
from dimios_core.responses.lookups import Texts
from dimios_core.responses.messages import report_texts
from dimios_core.responses.problems import ProblemList

MINUTE, DAY = 60_000, 86_400_000


def read_milliseconds(text: str) -> int | None:
    """Read an ISO 8601 time as milliseconds since 1970; None where it is none.

    A time with a zone is turned into UTC, one without is taken as it is written; "" is `NO_TIME`.

    Examples
    --------
    >>> read_milliseconds("1970-01-02"), read_milliseconds("1970-01-01 01:00:00+01:00"), read_milliseconds("3/4")
    (86400000, 0, None)
    """
    if not text:
        return int(NO_TIME)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return round(time.timestamp() * 1000)


def read_times(texts: Texts, rows: np.ndarray, where: str, problems: ProblemList) -> np.ndarray:
    """Return the time of every row, int64 milliseconds or `NO_TIME`; what is no time becomes a problem, and `NO_TIME`.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (n,)
        Row numbers of the texts.
    where : str
        Column, for the place of the problem.
    """
    times = [read_milliseconds(text) for text in texts.distinct]
    report_texts(
        problems,
        rows,
        texts,
        texts.spread([time is None for time in times], bool),
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
