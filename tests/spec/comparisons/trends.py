"""Slopes over three, four and eight years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dimios_core.results.organisation.trend import slope_over_years
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.overlap import compare_by_overlap
from tests.spec.comparisons.people import all_usable, in_order, members_by, model_columns, respondents_of

SUBJECT = "Trends"
DESIGN = "survey 4.1-1: svydesign(ids = ~person) over all years, svyby, svycontrast, degf"
APART = "survey 4.1-1: svydesign with strata within years, svycontrast; df by hand"
HAND = "by hand in R: V = c'Vc, df the smallest"
REFERENCE = {"full": DESIGN, "none": APART, "partial": HAND}


def compare() -> Iterator[Comparison]:
    """Every level of every case; R's design where it is the formula's, else the formula by hand in R."""
    people, figures, columns = read_data("trends"), read_figures("trends"), model_columns()
    for case, own in people.groupby("case", sort=False):
        years, members = members_by(own["year"])
        slopes = slope_over_years(
            respondents_of(own, columns), members, all_usable(members, columns),
            np.arange(len(years))[None, :], np.array([years], float), columns,
        )  # fmt: skip
        wanted = in_order(figures[figures["case"] == case], columns)
        found = {"slope": slopes.value_pp, "standard error": slopes.se, "df": slopes.df, "n": slopes.n}
        told = {name: of_trends[0] for name, of_trends in found.items()}
        yield from compare_by_overlap(SUBJECT, str(case), REFERENCE, wanted, told)
