"""When people answer, and how long it takes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from dimios_core.demo.consortium import Consortium
from dimios_core.demo.population import Population

#: a field period: 1 March (in autumn 1 September), 08:00, and the eight weeks that follow
FIELD_STARTS, FIELD_DAYS = {"": "-03-01T08:00", "1": "-03-01T08:00", "2": "-09-01T08:00"}, 56
ANSWERING_HOURS = 9


def draw_times(
    consortium: Consortium, people: Population, periods: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw when each row was begun and answered.

    The more willing start earlier in the field period; who gives one answer all through is quick.

    Parameters
    ----------
    periods : pandas.Series
        The period that each row of `people.rounds` is exported under: "2026", or a half-year "2026-1".

    Returns
    -------
    pandas.DataFrame
        In the order of `people.rounds`: started_at and answered_at (datetime64, whole seconds), minutes (float, one decimal).
    """
    rounds, rows_n = people.rounds, len(people.rounds)
    tied = consortium.nonresponse.earliness
    late = np.sqrt(1 - tied**2) * rng.standard_normal(rows_n) - tied * rounds["willing"].to_numpy()
    day = np.floor(ndtr(late) * FIELD_DAYS)
    second = rng.integers(0, ANSWERING_HOURS * 3600, size=rows_n)
    opening = (periods.str[:4] + periods.str[5:].map(FIELD_STARTS)).astype("datetime64[s]")
    started_at = opening + pd.to_timedelta(day, unit="D") + pd.to_timedelta(second, unit="s")
    median = np.where(
        rounds["straight_lines"], consortium.straight_lining.minutes, consortium.duration.minutes
    )
    minutes = np.round(median * rng.lognormal(0, consortium.duration.log_sd, size=rows_n), 1)
    answered_at = started_at + pd.to_timedelta(np.rint(minutes * 60), unit="s")
    return pd.DataFrame({"started_at": started_at, "answered_at": answered_at, "minutes": minutes})
