"""Who may not have read the questions? Signs of careless answering, row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from dimios_core.research.answers import Answers
from dimios_core.research.moments import gather_moments
from dimios_core.research.patterns import Patterns
from dimios_core.research.result import Result, check_language, finish_figure, say

#: a row with one answer all through is flagged where it has answered this share of the items
ANSWERED_SHARE_MIN = 0.75
#: nobody reads and answers an item in fewer seconds (Huang, Curran, Keeney, Poposki and DeShon 2012)
SECONDS_MIN = 2.0
#: categories with both halves that an even-odd correlation needs
HALVES_MIN = 3
#: items in a row unanswered at the end that tell of somebody who broke off
BREAK_OFF_MIN = 3


@dataclass(frozen=True, repr=False)
class Careless(Result):
    """Signs of careless answering.

    `table`: a row a respondent and period (index of `Answers`); answered_n, longstring (longest run of equal answers), irv
    (standard deviation of a row's answers), even_odd (-1 to 1; NaN without three categories), mahalanobis and its p (of the
    answers that there are), seconds_per_item (NaN where times are not known), straight, fast, broke_off (bool).

    Attributes
    ----------
    flags : pandas.Series of bool
        straight or fast: for `answers.without(flags)`.
    moved_pp : float
        How much the mean of all point scores moves without those, percentage points.
    """

    flags: pd.Series
    moved_pp: float

    def words(self, language: str = "sv") -> str:
        """Shares, what they do to the mean, and why nobody is thrown out for it."""
        check_language(language)
        share = {
            name: say(100 * float(self.table[name].mean()), 1, language)
            for name in ("straight", "fast", "broke_off")
        }
        moved = say(self.moved_pp, 2, language)
        texts = {
            "sv": f"{share['straight']} % av raderna har ett och samma svar rakt igenom, {share['fast']} % är svarade snabbare än frågorna "
            f"går att läsa, {share['broke_off']} % slutade i förtid. Utan de två första flyttas medel {moved} procentenheter.\nEtt tecken är "
            "inget bevis: den som tycker detsamma om allt svarar så. Därför räknas alla med i det som publiceras; jämför i "
            "stället resultatet med och utan.",
            "en": f"{share['straight']}% of rows have one answer all through, {share['fast']}% are answered faster than the questions can be "
            f"read, {share['broke_off']}% stopped early. Without the first two the mean moves {moved} percentage points.\nA sign is no "
            "proof: whoever thinks the same of everything answers so. Hence everybody counts in what is published; compare "
            "the result with and without.",
        }  # fmt: skip
        return texts[language]

    def figure(self, language: str = "sv") -> go.Figure:
        """How long runs of equal answers are."""
        sv = check_language(language) == "sv"
        counts = self.table["longstring"].value_counts().sort_index()
        bars = go.Bar(x=counts.index, y=counts.to_numpy(), marker={"color": "#1f5f99"})
        title = "Längsta följd av lika svar" if sv else "Longest run of equal answers"
        figure = finish_figure(go.Figure(bars), title, "svar" if sv else "answers", "rader" if sv else "rows")
        return figure.update_yaxes(type="log")

    @property
    def r_call(self) -> str:
        """The package careless."""
        return "careless::longstring(x), careless::irv(x, na.rm = TRUE), careless::evenodd(x, sizes), mahalanobis(x, m, S)"


def careless(answers: Answers) -> Careless:
    """Look for signs of careless answering.

    Missing answers: every sign is of the answers that there are, in the instrument's order; a "don't know" is none of them, and
    neither breaks nor makes a run. Mahalanobis distances take means and covariances from EM, and are held against χ² with as
    many degrees of freedom as points answered.

    Notes
    -----
    Signs as in Meade and Craig (2012). Even-odd: the correlation, over categories, of the mean of a row's odd and even points,
    stepped up by `2r/(1 + r)`.
    """
    raw = answers.answer
    seen = ~np.isnan(raw)
    answered = seen.sum(axis=1)
    runs = np.array([_longest_run(row[s]) for row, s in zip(raw, seen, strict=True)], int)
    points = answers.points().to_numpy()
    filled = np.where(seen, raw, 0.0)
    mean = filled.sum(axis=1) / np.maximum(answered, 1)
    spread = (np.where(seen, raw - mean[:, None], 0.0) ** 2).sum(axis=1)
    irv = np.sqrt(np.where(answered > 1, spread / np.maximum(answered - 1, 1), np.nan))
    one = (answered >= ANSWERED_SHARE_MIN * raw.shape[1]) & (spread == 0)
    distance, p = _distances(answers.points())
    took = (answers.people["answered_at"] - answers.people["started_at"]).dt.total_seconds().to_numpy()
    pace = np.where(answered > 0, took / np.maximum(answered, 1), np.nan)
    reversed_at = np.where(answers.kind[:, ::-1] != 2, 1, 0)
    trailing = np.where(reversed_at.any(axis=1), reversed_at.argmax(axis=1), raw.shape[1])
    table = pd.DataFrame(
        {
            "answered_n": answered, "longstring": runs, "irv": irv, "even_odd": _even_odd(points, answers.columns.in_category),
            "mahalanobis": distance, "mahalanobis_p": p, "seconds_per_item": pace, "straight": one,
            "fast": pace < SECONDS_MIN, "broke_off": trailing >= BREAK_OFF_MIN,
        },
        answers.index,
    )  # fmt: skip
    flags = table["straight"] | table["fast"]
    moved = float(np.nanmean(points[~flags.to_numpy()]) - np.nanmean(points)) if not flags.all() else np.nan
    return Careless(table, flags, moved)


def _longest_run(row: np.ndarray) -> int:
    if not len(row):
        return 0
    ends = np.flatnonzero(np.r_[row[1:] != row[:-1], True])
    return int(np.diff(np.r_[-1, ends]).max())


def _even_odd(points: np.ndarray, in_category: np.ndarray) -> np.ndarray:
    """Correlation of halves over categories, stepped up; NaN where fewer than three have both halves, or one is flat."""
    halves = []
    for first in (0, 1):
        means = []
        for inside in in_category.T:
            own = points[:, np.flatnonzero(inside)[first::2]]
            n = (~np.isnan(own)).sum(axis=1)
            means.append(np.where(n > 0, np.nansum(own, axis=1) / np.maximum(n, 1), np.nan))
        halves.append(np.column_stack(means))
    both = ~np.isnan(halves[0]) & ~np.isnan(halves[1])
    n = both.sum(axis=1)
    odd, even = (np.where(both, h, 0.0) for h in halves)
    odd, even = (np.where(both, h - (h.sum(axis=1) / np.maximum(n, 1))[:, None], 0.0) for h in (odd, even))
    size = np.sqrt((odd**2).sum(axis=1) * (even**2).sum(axis=1))
    r = np.divide(
        (odd * even).sum(axis=1), size, out=np.full(len(size), np.nan), where=(n >= HALVES_MIN) & (size > 0)
    )
    return np.maximum(np.divide(2 * r, 1 + r, out=np.full(len(r), -1.0), where=~(r <= -0.5)), -1.0)


def _distances(points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    (moments,) = gather_moments(points, "em").values()
    patterns = Patterns(points.to_numpy(float))
    distance, p = np.full(len(points), np.nan), np.full(len(points), np.nan)
    distance[patterns.kept] = patterns.distances(moments.mean, moments.covariance)
    p[patterns.kept] = stats.chi2.sf(distance[patterns.kept], patterns.seen.sum(axis=1))
    return distance, p
