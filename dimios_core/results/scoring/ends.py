"""Scores near an end of the scale: what is told of them, so that nobody learns that everybody answered alike (method 5).

A score of 100 says of each respondent what he or she answered; so does one of 97.5 where ten answered, nearly. Whoever
is off the end lowers the mean by at most 100/n, so fewer than the threshold can be off it wherever the mean lies within
100·(threshold − 1)/n of the end. Where that is so, and the score lies within five points of the end, only a bound is
told, and one value stands for all scores of that *room* in everything that is computed further.
"""

from __future__ import annotations

import numpy as np

#: scores this close to an end are near it, percentage points; further off nothing is bounded
NEAR_PP = 5.0
#: what a bound is shown as: "at most 5", "at least 95"
END_LOW_PCT, END_HIGH_PCT = NEAR_PP, 100 - NEAR_PP
#: what weighted means of equal numbers may be off by
ROUND_OFF = 1e-9


def end_room(answers: np.ndarray, few: np.ndarray, weighted: np.ndarray | bool = False) -> np.ndarray:
    """Return how near an end a mean is told as a bound, percentage points.

    Parameters
    ----------
    answers : array
        How many answered; 0 gives NEAR_PP.
    few : array
        One less than the threshold; 0 leaves nothing but the ends themselves.
    weighted : bool or bool array
        Respondents of the organisation carry different weights: few of them may then make any difference.

    Returns
    -------
    float array
        `min(5, 100·few/answers)`; 4 for a hundred answers and a threshold of five.
    """
    room = np.minimum(NEAR_PP, 100 * np.asarray(few) / np.maximum(answers, 1))
    return np.where(weighted, NEAR_PP, room)


def find_ends(score_pct: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return −1 where a mean lies in the room at the lower end, 1 at the upper, else 0 (NaN included)."""
    low, high = score_pct <= room + ROUND_OFF, score_pct >= 100 - room - ROUND_OFF
    return np.where(low, -1, np.where(high, 1, 0))


def told_value(score_pct: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return scores as everything further rests on them: the middle of the room where a mean lies in one."""
    end = find_ends(score_pct, room)
    return np.where(end < 0, room / 2, np.where(end > 0, 100 - room / 2, score_pct))
