"""Changes between two periods with the same people, partly the same, and others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dimios_core.results.scoring.compare import change_between
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.overlap import compare_by_overlap
from tests.spec.comparisons.people import all_usable, in_order, members_by, model_columns, respondents_of

SUBJECT = "Changes from one period to the next"
DESIGN = "survey 4.1-1: svydesign(ids = ~person) over both periods, svyby, svycontrast, degf"
APART = "survey 4.1-1: svydesign with strata within periods, svycontrast; df by hand"
HAND = "by hand in R: V = V₁ + V₂ − 2C, df the smaller"
REFERENCE = {"full": DESIGN, "none": APART, "partial": HAND}


def compare() -> Iterator[Comparison]:
    """Every level of every case; R's design where it is the formula's, else the formula by hand in R."""
    answers, figures, columns = read_data("changes"), read_figures("changes"), model_columns()
    for case, own in answers.groupby("case", sort=False):
        _, members = members_by(own["period"])
        people, usable = respondents_of(own, columns), all_usable(members, columns)
        d = change_between(people, members, usable, np.array([0]), np.array([1]), columns)
        wanted = in_order(figures[figures["case"] == case], columns)
        found = {"change": d.value_pp[0], "standard error": d.se[0], "df": d.df[0], "n": d.n[0]}
        yield from compare_by_overlap(SUBJECT, str(case), REFERENCE, wanted, found)
