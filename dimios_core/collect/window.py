"""When answers are taken: whole days by the clock of Stockholm, whatever the machine's own says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
State = Literal["early", "open", "over"]


def tell_state(opens: date, closes: date, now: datetime) -> State:
    """Tell whether answers are taken: from the first second of `opens` to the last of `closes`.

    Parameters
    ----------
    opens, closes : date
        In Stockholm; days of 23 and 25 hours are whole days, too.
    now : datetime
        With its time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> days = date(2026, 3, 29), date(2026, 3, 29)
    >>> tell_state(*days, datetime(2026, 3, 29, 21, 59, tzinfo=UTC))
    'open'
    >>> tell_state(*days, datetime(2026, 3, 29, 22, 0, tzinfo=UTC))
    'over'
    """
    today = now.astimezone(ZONE).date()
    if today < opens:
        return "early"
    return "open" if today <= closes else "over"


def find_end(closes: date) -> datetime:
    """Return the first moment at which no answer is taken any more."""
    return datetime.combine(closes + timedelta(days=1), datetime.min.time(), ZONE)


def tell_minute(now: datetime) -> str:
    """Return a moment as exports write it: Stockholm's clock, to the minute.

    Examples
    --------
    >>> from datetime import UTC
    >>> tell_minute(datetime(2026, 7, 1, 10, 5, 59, tzinfo=UTC))
    '2026-07-01 12:05'
    """
    return f"{now.astimezone(ZONE):%Y-%m-%d %H:%M}"
