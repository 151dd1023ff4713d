"""Scores of all levels, with standard error, degrees of freedom and interval: R's `survey`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.results.scoring.linearise import score_groups
from tests.building import one_group
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.people import all_usable, in_order, model_columns, respondents_of

SUBJECT = "Scores of points, categories, dimensions and the composite"
REFERENCE = (
    "survey 4.1-1: svydesign, svymean, svyby, svycontrast, degf; the interval by hand with stats::qbeta"
)


def compare() -> Iterator[Comparison]:
    """Levels of groups with strata and weights, and on scales of two, three and eleven categories."""
    people, figures = read_data("levels"), read_figures("levels")
    for case, own in people.groupby("case", sort=False):
        yield from _compare_group(str(case), own, figures[figures["case"] == case], 5)
    people, figures = read_data("scales"), read_figures("scales")
    for categories_n, own in people.groupby("categories_n", sort=False):
        wanted = figures[figures["case"] == categories_n]
        yield from _compare_group(f"{categories_n} answer categories", own, wanted, int(categories_n))


def _compare_group(
    case: str, people: pd.DataFrame, figures: pd.DataFrame, categories_n: int
) -> Iterator[Comparison]:
    columns = model_columns(categories_n)
    members = one_group(len(people))
    scores = score_groups(respondents_of(people, columns), members, all_usable(members, columns), columns)
    low, high = scores.interval
    found = {
        "score": scores.score_pct, "standard error": scores.se, "df": scores.df, "n": scores.n,
        "interval from": low, "interval to": high,
    }  # fmt: skip
    wanted = in_order(figures, columns)
    for name, r_name in zip(found, ("score", "se", "df", "n", "ci_low", "ci_high"), strict=True):
        yield Comparison(
            SUBJECT, case, REFERENCE, name, np.asarray(found[name][0], float), wanted[r_name].to_numpy(float)
        )
