"""What of plans is due by when, and what is done between two measurements. Restricted, as plans are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

OVERDUE, NOW, LATER, PAST = "overdue", "now", "later", "past"
#: how far a thing has come that nobody needs to be reminded of
DONE = "done"
DUE_COLUMNS = ("due", "organisation", "period", "when", "point", "who", "what")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Say whether a text is a month.

    Examples
    --------
    >>> is_month("2026-11"), is_month("2026-13"), is_month("2026")
    (True, False, False)
    """
    return _MONTH.fullmatch(text) is not None


def add_months(month: str, n: int) -> str:
    """Return the month `n` months after one.

    Examples
    --------
    >>> add_months("2026-11", 3)
    '2027-02'
    """
    year, number = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 + n, 12)
    return f"{year}-{number + 1:02}"


def list_due(
    plans: pd.DataFrame,
    today: date,
    steps: Sequence[tuple[int, str]] = (),
    since: Mapping[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    """List what is not done yet, the earliest first.

    Parameters
    ----------
    plans : DataFrame
        As `dimios_core.actions.plans.load_plans`. What is done is left out; no and partly are not.
    today : date
    steps : sequence of (months, words)
        What everybody does between two measurements, so many months after the result came.
    since : mapping of (organisation, period) to month
        When the result of a measurement came, YYYY-MM; those whose steps are listed.

    Returns
    -------
    DataFrame
        `DUE_COLUMNS`, all text. `due`: "overdue" (its month, or day, is over), "now" (this month), "later". A step has no point and
        nobody, and is "past" instead of overdue: nobody tells whether it was done.
    """
    open_ = plans[plans["progress"] != DONE]
    rows = [
        {"due": _tell_due(row["when"], today), **{c: row[c] for c in DUE_COLUMNS[1:]}}
        for row in open_.to_dict("records")
    ]
    rows += [
        {
            "due": _tell_due(when := add_months(month, n), today, over=PAST),
            "organisation": organisation,
            "period": period,
            "when": when,
            "point": "",
            "who": "",
            "what": words,
        }
        for (organisation, period), month in (since or {}).items()
        for n, words in steps
    ]
    made = pd.DataFrame(rows, columns=list(DUE_COLUMNS)).astype("str")
    return made.sort_values(["when", "organisation"], kind="stable", ignore_index=True)


def _tell_due(when: str, today: date, over: str = OVERDUE) -> str:
    """Tell whether a month or day is past, of this month, or later; a month lasts until its end."""
    this, now = when[:7], f"{today:%Y-%m}"
    if this < now or (len(when) > len(now) and when < today.isoformat()):
        return over
    return NOW if this == now else LATER
