"""Event studies of every point at once: which changes after initiatives are more than chance among so many?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.families import adjust_holm
from dimios_core.research.answers import Answers
from dimios_core.research.event_study import event_study
from dimios_core.research.events import follow
from dimios_core.research.result import Result, check_language, draw_intervals, say

ALPHA = 0.05
#: organisations that began: with fewer, how much they vary is itself known by chance alone
BEGAN_MIN = 5


@dataclass(frozen=True, repr=False)
class EventSearch(Result):
    """Event studies of all points that five organisations or more began something for.

    `table`: index point, columns effect (percentage points), low, high (95 %, of each by itself), p, p_holm (over all of them),
    pretrend_p, treated_n, control_n, flagged (p_holm below 0.05).
    """

    def words(self, language: str = "sv") -> str:
        """Which points, how much, and what a search is not."""
        check_language(language)
        found = self.table[self.table["flagged"].astype(bool)]
        told = ", ".join(
            f"{point} ({say(row['effect'], 1, language)}; {say(row['low'], 1, language)} – {say(row['high'], 1, language)})"
            for point, row in found.iterrows()
        )
        n = len(self.table)
        texts = {
            "sv": (f"Av {n} mätpunkter är förändringen efter en insats större än slumpen ger för: {told}." if told else
            f"Ingen av {n} mätpunkter förändras mer efter en insats än slumpen ger.")
            + "\nP-värden är justerade för att så många prövas (Holm). Att en punkt inte syns betyder inte att inget hände: med få "
            "organisationer syns bara stora förändringar.",
            "en": (f"Of {n} measure points, the change after an initiative is larger than chance makes it for: {told}." if told else
            f"For none of {n} measure points is the change after an initiative larger than chance makes it.")
            + "\nP values are adjusted for how many are tried (Holm). That a point is not seen does not mean that nothing happened: with "
            "few organisations only large changes are.",
        }  # fmt: skip
        return texts[language]

    def figure(self, language: str = "sv") -> go.Figure:
        """Effects with their intervals."""
        sv, t = check_language(language) == "sv", self.table
        title = "Förändring efter insats" if sv else "Change after initiatives"
        axis = "procentenheter mot jämförbara" if sv else "percentage points against comparable ones"
        return draw_intervals([str(i) for i in t.index], t["effect"], t["low"], t["high"], title, axis)

    @property
    def r_call(self) -> str:
        """The package did, a point at a time, and Holm's method."""
        return 'p.adjust(sapply(points, function(p) did::aggte(did::att_gt(p, …), type = "dynamic")), "holm")'


def search_events(answers: Answers, seed: int, control: str = "not_yet") -> EventSearch:
    """Run `event_study` for every point, in one pass through the answers.

    Parameters
    ----------
    seed, control
        As in `event_study`.

    Raises
    ------
    InputError
        For no point enough organisations began something.

    Notes
    -----
    Missing answers as in `event_study`. A point with fewer than five organisations that began, or that did not, is left out.
    """
    course, rows = follow(answers), {}
    for point in answers.columns.point_ids:
        try:
            study = event_study(answers, seed, point=point, control=control, course=course)
        except InputError:
            continue
        if min(study.treated_n, study.control_n) < BEGAN_MIN:
            continue
        effect = study.effect
        rows[point] = {
            "effect": effect.estimate, "low": effect.low, "high": effect.high, "p": effect.p, "pretrend_p": study.pretrend_p,
            "treated_n": study.treated_n, "control_n": study.control_n,
        }  # fmt: skip
    if not rows:
        raise InputError(
            Problem(
                "answers", "no point has enough initiatives to compare", "take more organisations or periods"
            )
        )
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("point")
    table.insert(4, "p_holm", adjust_holm(table["p"].to_numpy()))
    return EventSearch(table.assign(flagged=table["p_holm"] < ALPHA))
