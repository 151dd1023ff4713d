"""How well the points of each category hang together: alpha with its interval, and McDonald's omega."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.instrument import Instrument
from dimios_core.research.answers import Answers
from dimios_core.research.moments import correlate
from dimios_core.research.result import Result, check_language, draw_intervals, say
from dimios_core.research.sums import Sums, gather_sums
from dimios_core.results.consortium.reliability import (
    FACTOR_POINTS_MIN,
    cronbach_alpha,
    omega_total,
    spearman_brown,
)

#: below this, sums of a category's points are rough measures of one thing (Nunnally 1978)
USUAL_FLOOR = 0.7


@dataclass(frozen=True, repr=False)
class Reliability(Result):
    """Reliability of categories, or of one set of items.

    `table`: index category (and group), columns points_n, n (people behind the covariance: the smallest number that
    answered two of its points), mean_r, alpha, alpha_low, alpha_high (Feldt's 95 % interval), omega (NaN without a
    one-factor solution), spearman_brown (of two points alone).

    Attributes
    ----------
    points : dict
        Category -> its points ("" of a frame).
    centre : str
        Index level whose groups' means were taken away; "" for none.
    """

    points: dict[str, list[str]]
    centre: str

    def words(self, language: str = "sv") -> str:
        """Which categories hang together least, and what that means and does not mean."""
        whole = {"sv": "alla tillsammans", "en": "all together"}[check_language(language)]
        known = self.table["alpha"].dropna()
        high = self.table["alpha_high"].reindex(known.index)
        low, unsure, negative = (
            ", ".join(self.name(i, language) or whole for i in known.index[of])
            for of in (high < USUAL_FLOOR, (known < USUAL_FLOOR) & (high >= USUAL_FLOOR), known < 0)
        )
        n = f"{int((high < USUAL_FLOOR).sum())}/{len(known)}"
        texts = {
            "sv": f"Alfa är under {say(USUAL_FLOOR, 1, 'sv')} för {n}" + (f": {low}." if low else ".") +
            (f" Det kan vara under för {unsure}: intervallet når över." if unsure else "") +
            (f" Negativt för {negative}: mätpunkterna drar åt olika håll. Är någon vänd åt fel håll?" if negative else "") +
            "\nLåg reliabilitet är inget fel i ett index: en kategori samlar det som hör till samma fråga, inte det som "
            "samvarierar. Den säger hur säker en enskild persons summa är, inte hur säkert en grupps medelvärde är.",
            "en": f"Alpha is below {say(USUAL_FLOOR, 1, 'en')} for {n}" + (f": {low}." if low else ".") +
            (f" It may be below for {unsure}: the interval reaches above." if unsure else "") +
            (f" Negative for {negative}: its points pull apart. Is one of them turned the wrong way?" if negative else "") +
            "\nLow reliability is no fault of an index: a category gathers what belongs to one question, not what varies "
            "together. It tells how certain one person's sum is, not how certain a group's mean is.",
        }  # fmt: skip
        return texts[language]

    def figure(self, language: str = "sv") -> go.Figure:
        """Alpha and its interval."""
        shown = self.table.dropna(subset=["alpha"])
        title = {"sv": "Alfa med 95 % intervall", "en": "Alpha with its 95% interval"}[
            check_language(language)
        ]
        names = [self.name(i, language) for i in shown.index]
        return draw_intervals(names, shown["alpha"], shown["alpha_low"], shown["alpha_high"], title, "α")

    @property
    def r_call(self) -> str:
        """psych's alpha of each category's points, from whose answers means were taken as here."""
        alpha = 'psych::alpha(points[{}], use = "pairwise")'
        centred = (
            f"points[] <- lapply(points, \\(x) x - ave(x, {self.centre}, FUN = \\(v) mean(v, na.rm = TRUE)))"
        )
        quoted = {
            c: f"c({', '.join(repr(p).replace(chr(39), chr(34)) for p in own)})"
            for c, own in self.points.items()
        }
        if list(quoted) == [""]:
            call = alpha.format(quoted[""])
        else:
            listed = ", ".join(f"{category} = {own}" for category, own in quoted.items())
            call = f"lapply(list({listed}), \\(own) {alpha.format('own')})"
        return f"{centred}; {call}" if self.centre else call


def reliability(
    data: Answers | pd.DataFrame, by: str | None = None, centre: str | None = None
) -> Reliability:
    """Reliability of each category (of all columns, for a frame).

    `α = k/(k − 1)·(1 − Σ s_kk/Σ s_kl)` (Cronbach 1951) with Feldt's (1965) interval; `ω = (Σλ)²/((Σλ)² + Σψ)`
    (McDonald 1999) of a one-factor model by maximum likelihood.

    Parameters
    ----------
    data : Answers or DataFrame
        Point scores; a frame has a row a person, a column an item.
    by : str, optional
        Index level: figures of each of its groups.
    centre : str, optional
        Index level whose groups' means are taken away first ("organisation": how people within one differ).

    Returns
    -------
    Reliability

    Notes
    -----
    Missing answers: covariances of two points rest on everybody who answered both, as in psych. Listwise would leave one
    in ten. Intervals take the smallest such number as n.

    Raises
    ------
    InputError
        Too few people, a point that does not vary, or a level that the index lacks.
    """
    known = data.columns.point_ids if isinstance(data, Answers) else list(data.columns)
    sets = _points_by_category(data.instrument) if isinstance(data, Answers) else {"": known}
    rows = {
        (group, name) if by is not None else name: _measure(
            sums.keep([known.index(p) for p in points]), points
        )
        for group, sums in gather_sums(data, None, by, centre).items()
        for name, points in sets.items()
        if len(points) > 1
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table = table.rename_axis(["group", "category"] if by is not None else "category")
    model = data.instrument if isinstance(data, Answers) else None
    return Reliability(table, {k: v for k, v in sets.items() if len(v) > 1}, centre or "", instrument=model)


def _points_by_category(instrument: Instrument) -> dict[str, list[str]]:
    return {c: [p.id for p in instrument.points_of(c)] for c in instrument.category_ids}


def _measure(sums: Sums, points: list[str]) -> dict[str, float]:
    sums.check(points)
    n, covariance = int(sums.n.min()), sums.covariance(1)
    k = len(covariance)
    r = correlate(covariance)
    alpha, low, high = cronbach_alpha(covariance, n - 1)
    return {
        "points_n": k, "n": n, "mean_r": float(r[~np.eye(k, dtype=bool)].mean()), "alpha": alpha, "alpha_low": low,
        "alpha_high": high, "omega": omega_total(covariance) if k >= FACTOR_POINTS_MIN else np.nan,
        "spearman_brown": spearman_brown(covariance) if k == 2 else np.nan,
    }  # fmt: skip
