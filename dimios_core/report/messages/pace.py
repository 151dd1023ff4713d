"""Whether an organisation is on the way to a goal of its own: its level and its pace, each with its uncertainty."""

from __future__ import annotations

from dimios_core.published.conventions import CERTAINTY_N_MIN
from dimios_core.report.figures import Comparison
from dimios_core.report.goals import NOT_YET, REACHED, Goal

#: how it goes: reached, or its year has come without it; the pace is enough, or is not
MET, MISSED, ON_WAY, OFF_WAY = "met", "missed", "on_way", "off_way"
#: it cannot be told: the level or the pace leave it open; there is no pace yet; there is no level to hold it against
UNSURE, NO_PACE, HIDDEN = "unsure", "no_pace", "hidden"
#: those of which one can be sure
SURE = (MET, MISSED, ON_WAY, OFF_WAY)


def find_way(goal: Goal, pace: Comparison | None, year: int) -> str:
    """Tell how it goes with a goal (method 4, "Own goals").

    On the way, for certain: the lower limit of the pace carries the lower limit of the level to the goal in time. Not on the
    way: the upper limit of the pace does not carry the upper limit of the level there.

    Parameters
    ----------
    goal : Goal
        With today's level.
    pace : Comparison or None
        Percentage points a year, with interval; None where there is no trend.
    year : int
        The year of today's level.

    Returns
    -------
    str
        "met", "missed", "on_way", "off_way", "unsure", "no_pace" or "hidden".

    Examples
    --------
    >>> from dimios_core.report.figures import Figure
    >>> goal = Goal("category", "c", 60.0, 2028, Figure("category", "c", "published", 54.0, 52.0, 56.0, n=40))
    >>> at = [Comparison("published", low + 1, low, low + 2) for low in (4.0, 3.9, 0.0, -0.1)]
    >>> [find_way(goal, pace, 2026) for pace in at]
    ['on_way', 'unsure', 'unsure', 'off_way']
    """
    now = goal.now
    if now is None or now.low is None or now.high is None or now.n is None or now.n < CERTAINTY_N_MIN:
        return HIDDEN
    if goal.state == REACHED:
        return MET
    if year >= goal.year:
        return MISSED if goal.state == NOT_YET else UNSURE
    if pace is None or pace.low is None or pace.high is None:
        return NO_PACE
    years = goal.year - year
    if now.low + years * pace.low >= goal.value:
        return ON_WAY
    return OFF_WAY if now.high + years * pace.high < goal.value else UNSURE
