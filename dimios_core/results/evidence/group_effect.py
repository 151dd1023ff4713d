"""What a group answered before and after a training, from counts alone; what may be told of it, and how sure it is.

The answers are anonymous, so nobody is paired with herself: the two are compared as independent groups. What is told follows
the rules of results: nothing of fewer than the threshold, a bound where nearly all chose the end of the scale, and of fewer
than twenty nothing but how many answered and their mean (docs/decisions/0040).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dimios_core.errors import InputError, Problem
from dimios_core.families import adjust_holm
from dimios_core.published.conventions import CERTAINTY_N_MIN, THRESHOLD
from dimios_core.results.scoring.ends import end_room, find_ends
from dimios_core.results.scoring.intervals import CONFIDENCE, t_quantile, two_sided_p
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N, POINT_SPREAD

#: a row that carries figures; too few answers; so near an end of the scale that a bound is all that may be told
TOLD, TOO_FEW, BOUND = "published", "suppressed_small", "bound"
ENDS = {-1: "low", 0: "", 1: "high"}


def compare_groups(
    before: np.ndarray,
    after: np.ndarray,
    statements: Sequence[str],
    names: Sequence[str] = ("before", "after"),
) -> list[dict[str, Any]]:
    """Compare two tallies, statement by statement.

    `d = m2 − m1`, `se² = v1/n1 + v2/n2`, Welch's degrees of freedom on n − 1, Student's t. v is a group's own variance
    (n − 1 in its denominator) from twenty answers on, never below that of one of which threshold − 1 people stand one step off the
    others; below twenty it is φ·m(100 − m) with φ = 0.3. Neither is below the rounding's, step²/12. Words of certainty follow p adjusted
    by Holm (1979) over the statements. Welch (1947), Biometrika 34.

    Parameters
    ----------
    before, after : int arrays (statements, answers + 1)
        Counts from the lowest answer to the highest, "don't know" last; don't knows are in no mean.
    statements : sequence of str
        Ids.
    names : (before, after)
        What the two are called where one is refused.

    Returns
    -------
    list of dict
        A row a statement: `id`, `status` (`TOLD`, `TOO_FEW`, `BOUND`), `n_before`, `n_after`, `before`, `after` (means, 0-100
        percent of the scale, one decimal), `difference`, `low`, `high` (percentage points, one decimal; 95 % interval), `certain` (bool).
        None in what is not told: all of a statement that fewer than five answered before or after, the difference where a mean is a
        bound, and the mean that is one, which `bound_before` and `bound_after` tell ("low", "high" or "").

    Raises
    ------
    InputError
        A group of fewer than five people; both are told at once.
    """
    problems = [
        Problem(name, f"fewer than {THRESHOLD} people have answered", "nothing is told of so few; ask more")
        for name, counts in zip(names, (before, after), strict=True)
        if counts.sum(axis=1).max(initial=0) < THRESHOLD
    ]
    if problems:
        raise InputError(problems)
    sides = [_summarise(counts) for counts in (before, after)]
    (n1, m1, v1, end1), (n2, m2, v2, end2) = sides
    shown = (n1 >= THRESHOLD) & (n2 >= THRESHOLD)
    open_ended = shown & (end1 == 0) & (end2 == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(v1 / n1 + v2 / n2)
        df = (v1 / n1 + v2 / n2) ** 2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
    df, difference = np.where(open_ended, df, np.nan), np.where(open_ended, m2 - m1, np.nan)
    half = t_quantile(df) * se
    enough = np.minimum(n1, n2) >= CERTAINTY_N_MIN
    p = adjust_holm(np.where(open_ended & enough, two_sided_p(difference, se, df), np.nan))
    return [
        {
            "id": name,
            "status": TOLD if open_ended[i] else BOUND if shown[i] else TOO_FEW,
            **_tell_side("before", n1[i], m1[i], end1[i], shown=shown[i]),
            **_tell_side("after", n2[i], m2[i], end2[i], shown=shown[i]),
            "difference": _tell(difference[i]),
            "low": _tell(difference[i] - half[i]),
            "high": _tell(difference[i] + half[i]),
            "certain": bool(p[i] < 1 - CONFIDENCE),
        }
        for i, name in enumerate(statements)
    ]


def _tell_side(at: str, n: float, mean: float, end: int, *, shown: bool) -> dict[str, Any]:
    """Tell how many answered and their mean, or which bound it is; nothing where the other side is too small, too."""
    return {
        f"n_{at}": int(n) if shown else None,
        at: _tell(mean) if shown and end == 0 else None,
        f"bound_{at}": ENDS[int(end)] if shown else "",
    }


def _summarise(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return answers, mean in percent, floored variance, and whether the mean is a bound (−1, 0, 1), of each statement."""
    given = counts[:, :-1].astype(float)
    value = np.linspace(0, 100, given.shape[1])
    step, n = value[1], given.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = given @ value / n
        own = (given * (value - mean[:, None]) ** 2).sum(axis=1) / (n - 1)
        own = np.maximum(own, step**2 * (THRESHOLD - 1) / (n - 1))
    variance = np.where(n >= OWN_SPREAD_N, own, POINT_SPREAD * mean * (100 - mean))
    return (
        n,
        mean,
        np.maximum(variance, step**2 / 12),
        find_ends(mean, end_room(n, np.asarray(THRESHOLD - 1))),
    )


def _tell(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 1)
