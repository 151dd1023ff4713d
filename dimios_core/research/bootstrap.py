"""How certain is a figure that has no formula for it? Draws of people within organisations, or of organisations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.drawing import OF, draw_means, draw_sums
from dimios_core.research.result import Result, check_language, draw_intervals, say
from dimios_core.research.sums import Sums
from dimios_core.research.tallies import complete_means
from dimios_core.results.consortium.reliability import cronbach_alpha

#: of sums by period (of points, in the instrument's order), a figure a name
Statistic = Callable[[Mapping[str, Sums]], pd.Series]
STATISTICS = ("levels", "changes", "alpha")


@dataclass(frozen=True, repr=False)
class Bootstrap(Result):
    """Figures with the spread of their draws.

    `table`: index of the figures, columns estimate (of the answers as they are), se (standard deviation of the draws), low, high
    (their 2.5th and 97.5th percentiles).

    Attributes
    ----------
    draws : pandas.DataFrame
        A row a draw, a column a figure.
    of : str
    statistic : str
        Of the statistic.
    """

    draws: pd.DataFrame
    of: str
    statistic: str

    def words(self, language: str = "sv") -> str:
        """What was drawn, how certain figures are, and for whom that holds."""
        n, wide = len(self.draws), float((self.table["high"] - self.table["low"]).median())
        people = self.of == "people"
        texts = {
            "sv": f"{len(self.table)} värden, {n} dragningar av {'personer inom organisationerna' if people else 'organisationer'}. "
            f"Intervallen är i median {say(wide, 2, 'sv')} breda.\n"
            + ("De gäller just dessa organisationer: andra människor kunde ha svarat i dem." if people else
            "De gäller organisationer som dessa: andra kunde ha deltagit. Med färre än ett tjugotal är de för smala."),
            "en": f"{len(self.table)} figures, {n} draws of {'people within organisations' if people else 'organisations'}. Intervals are {say(wide, 2, 'en')} "
            "wide in the median.\n"
            + ("They hold for these organisations: other people could have answered in them." if people else
            "They hold for organisations like these: others could have taken part. With fewer than some twenty they are too narrow."),
        }  # fmt: skip
        return texts[check_language(language)]

    def figure(self, language: str = "sv") -> go.Figure:
        """Figures with their intervals."""
        title = {"sv": "Värden med 95 % intervall", "en": "Figures with their 95% intervals"}[
            check_language(language)
        ]
        t = self.table
        names = [" · ".join(map(str, i)) if isinstance(i, tuple) else str(i) for i in t.index]
        return draw_intervals(names, t["estimate"], t["low"], t["high"], title, "")

    @property
    def r_call(self) -> str:
        """The package boot."""
        within = ", strata = data$organisation" if self.of == "people" else ""
        return f"boot::boot(data, statistic, R = {len(self.draws)}{within})"


def bootstrap(
    answers: Answers, statistic: str | Statistic, seed: int, of: str = "people", draws_n: int = 1000
) -> Bootstrap:
    """Draw answers anew, and see how much figures move (Efron 1979; of groups: Davison and Hinkley 1997, section 3.8).

    A draw of people takes as many people as each organisation has, with replacement, with all that each has answered in all
    periods; a draw of organisations as many organisations, with all their people. Only sums are drawn: nobody's answers are
    copied, and any number of them goes through in blocks (`answers.over(executor)` spreads these).

    Parameters
    ----------
    statistic : {"levels", "changes", "alpha"} or callable
        Means of points, categories, dimensions and composite by period; their changes from the first period to the last; alpha
        of each category, of all rows. Or a function from sums by period (`Sums`: `.mean`, `.covariance(1)`, points in the
        instrument's order) to a pandas Series.
    seed : int
        Of the draws. Each organisation's people have a stream of their own, so the draws are the same however blocks are cut and
        whoever works on them.
    of : {"people", "organisations"}
    draws_n : int, optional

    Returns
    -------
    Bootstrap

    Raises
    ------
    InputError
        An unknown `of` or statistic, or changes of one period.

    Notes
    -----
    Missing answers: each figure is of those who answered, in every draw; covariances of two points of those who answered both.
    Design weights are not used.
    """
    periods = answers.names("period")
    problems = []
    if of not in OF:
        problems.append(Problem("of", f"“{of}” is not known", f"use one of {', '.join(OF)}"))
    if not callable(statistic) and statistic not in STATISTICS:
        remedy = f"use one of {', '.join(STATISTICS)}, or a function of sums"
        problems.append(Problem("statistic", f"“{statistic}” is not known", remedy))
    if statistic == "changes" and len(periods) < 2:
        problems.append(Problem("statistic", "there is but one period", "take answers of two or more"))
    if problems:
        raise InputError(problems)
    if statistic in ("levels", "changes"):
        drawn = draw_means(answers, seed, of, draws_n)
        found = pd.concat(
            {p: complete_means(drawn[p], answers) for p in periods}, axis=1, names=["period", "level"]
        )
        if statistic == "changes":
            found = found[periods[-1]] - found[periods[0]]
    else:
        tell = statistic if callable(statistic) else _Alpha(answers)
        found = pd.DataFrame([tell(sums) for sums in draw_sums(answers, seed, of, draws_n)])
    # the first row is of the answers as they are
    own, drawn_rows = found.iloc[0], found.iloc[1:]
    table = pd.DataFrame(
        {
            "estimate": own, "se": drawn_rows.std(), "low": drawn_rows.quantile(0.025), "high": drawn_rows.quantile(0.975),
        }
    )  # fmt: skip
    name = statistic if isinstance(statistic, str) else getattr(statistic, "__name__", "statistic")
    return Bootstrap(table.dropna(how="all"), drawn_rows.reset_index(drop=True), of, name)


class _Alpha:
    """Alpha of each category with two points or more, of all periods together."""

    def __init__(self, answers: Answers) -> None:
        ids, instrument = answers.columns.point_ids, answers.instrument
        self.sets = {c: [ids.index(p.id) for p in instrument.points_of(c)] for c in instrument.category_ids}

    def __call__(self, sums: Mapping[str, Sums]) -> pd.Series:
        first, *rest = sums.values()
        whole = sum(rest, start=first)
        covariance, n = whole.covariance(1), whole.n
        return pd.Series(
            {
                c: cronbach_alpha(covariance[at][:, at], int(n[at][:, at].min()) - 1)[0]
                for c, at in self.sets.items()
                if len(at) > 1
            }
        )
