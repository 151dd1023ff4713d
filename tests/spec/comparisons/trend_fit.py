"""Whether yearly means lie on a straight line: generalised least squares, Q as Hotelling's T²."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import linalg

from dimios_core.results.organisation.trend import slope_over_years
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import panel_covariance
from dimios_core.results.scoring.linearise import score_groups
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.people import all_usable, in_order, members_by, model_columns, respondents_of

SUBJECT = "Straight line through yearly means"
DESIGN = "survey 4.1-1: svyby and svycontrast, vcov; stats: qr, solve, pf"
HAND = "by hand in R; stats: qr, solve, pf"
REFERENCE = {"full": DESIGN, "none": DESIGN, "partial": HAND}


def compare() -> Iterator[Comparison]:
    """Q of every level of every case, from the yearly means and their covariances; and the trend's own p."""
    people, figures, columns = read_data("trends"), read_figures("trend_fit"), model_columns()
    for case, own in people.groupby("case", sort=False):
        q, p = _test_straight(own, columns)
        wanted = in_order(figures[figures["case"] == case], columns)
        for overlap, reference in REFERENCE.items():
            at = (wanted["overlap"] == overlap).to_numpy()
            own_q = "q" if overlap == "partial" else "q_design"
            for name, found, r in (("Q", q, own_q), ("p", p, "p_hotelling")):
                if at.any():
                    yield Comparison(
                        SUBJECT, str(case), reference, name, found[at], wanted[r].to_numpy(float)[at]
                    )


def _test_straight(people: pd.DataFrame, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Q = (L'θ)'(L'VL)⁻¹(L'θ), L orthogonal to 1 and t, and the p that a trend tells; arrays (level rows,)."""
    years, members = members_by(people["year"])
    respondents = respondents_of(people, columns)
    each = [members.take(np.array([t])) for t in range(len(years))]
    scores = [score_groups(respondents, m, all_usable(m, columns), columns) for m in each]
    theta = np.array([s.score_pct[0] for s in scores])
    v = np.array([np.diag([s.variance[0, k] for s in scores]) for k in range(theta.shape[1])])
    for s, t in combinations(range(len(years)), 2):
        covariance, _ = panel_covariance(respondents, each[s], each[t], scores[s], scores[t])
        v[:, s, t] = v[:, t, s] = covariance[0]
    off = linalg.null_space(np.array([np.ones(len(years)), np.array(years, float) - years[0]]))
    bends = theta.T @ off
    q = np.einsum("kl,klm,km->k", bends, np.linalg.inv(off.T @ v @ off), bends)
    at, t = np.arange(len(years))[None, :], np.array([years], float)
    slopes = slope_over_years(respondents, members, all_usable(members, columns), at, t, columns)
    return q, slopes.straight_p[0]
