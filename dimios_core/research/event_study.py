"""What came of initiatives? Event studies that compare with organisations that have not (yet) done the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.clustered import NO_SLOPE, Slope, slope_within
from dimios_core.research.events import Course, Panel, lay_out
from dimios_core.research.result import Result, check_language, finish_figure, say, say_p

CONTROLS = ("not_yet", "never")
#: draws of the multiplier bootstrap behind bands that hold for all periods at once
DRAWS_N = 2000
ALPHA = 0.05


@dataclass(frozen=True, repr=False)
class EventStudy(Result):
    """Effects by time since an initiative began.

    `table`: index period (0: the first after it began; -1 is the comparison, 0 by construction), columns effect (percentage
    points), se, low, high (95 % band over all periods at once), organisations_n.

    Attributes
    ----------
    effect : Slope
        Mean over all periods after: estimate, se, low, high (95 %), p; by Welch's t, as few may have begun.
    pretrend_p : float
        Test that all effects before are nought, by Hotelling's T²; NaN without any, or where too few had begun.
    twfe : Slope
        Two-way fixed effects beside it; NaN by kind.
    about : str
    control : str
    treated_n, control_n : int
        Organisations.
    """

    effect: Slope
    pretrend_p: float
    twfe: Slope
    about: str
    control: str
    treated_n: int
    control_n: int

    def words(self, language: str = "sv") -> str:
        """The effect, whether ways differed before, and why it is no proof."""
        check_language(language)
        e = self.effect
        limits = f"{say(e.low, 1, language)} – {say(e.high, 1, language)}"
        before = self.pretrend_p < ALPHA
        texts = {
            "sv": f"{self.about}: {self.treated_n} organisationer som började jämförs med {self.control_n} som inte har gjort det. "
            f"Förändringen är {say(e.estimate, 1, 'sv')} procentenheter större ({limits}; {say_p(e.p, 'sv')}). "
            + ("Varning: vägarna skilde sig åt redan innan" if before else "Inget tyder på att vägarna skilde sig åt innan")
            + (f" ({say_p(self.pretrend_p, 'sv')})." if np.isfinite(self.pretrend_p) else ", men det går knappt att pröva.")
            + "\nDet är ingen effekt i sträng mening: vem som startar något är ingen slump, och den som gör en sak gör ofta fler.",
            "en": f"{self.about}: {self.treated_n} organisations that began are held against {self.control_n} that have not. Their change is "
            f"{say(e.estimate, 1, 'en')} percentage points larger ({limits}; {say_p(e.p, 'en')}). "
            + ("Warning: ways differed already before" if before else "Nothing tells that ways differed before")
            + (f" ({say_p(self.pretrend_p, 'en')})." if np.isfinite(self.pretrend_p) else ", but that can hardly be tested.")
            + "\nThis is no effect in the strict sense: who begins is no accident, and who does one thing often does more.",
        }  # fmt: skip
        return texts[language]

    def figure(self, language: str = "sv") -> go.Figure:
        """Effects before and after, with their band."""
        sv = check_language(language) == "sv"
        t = self.table
        error = {
            "type": "data",
            "symmetric": False,
            "array": (t["high"] - t["effect"]).tolist(),
            "arrayminus": (t["effect"] - t["low"]).tolist(),
        }
        dots = go.Scatter(
            x=t.index.tolist(),
            y=t["effect"].tolist(),
            mode="lines+markers",
            error_y=error,
            marker={"color": "#1f5f99"},
        )
        figure = go.Figure(dots)
        figure.add_hline(y=0, line_color="#9aa5b1")
        figure.add_vline(x=-0.5, line_dash="dot", line_color="#9aa5b1")
        x = "mätningar sedan start" if sv else "periods since it began"
        y = "procentenheter mot jämförbara" if sv else "percentage points against comparable ones"
        return finish_figure(figure, self.about, x, y)

    @property
    def r_call(self) -> str:
        """The package did."""
        group = {"not_yet": "notyettreated", "never": "nevertreated"}[self.control]
        return (
            f'did::aggte(did::att_gt("mean", "period", "organisation", "begun", control_group = "{group}", '
            'base_period = "universal"), type = "dynamic")'
        )


def event_study(
    answers: Answers,
    seed: int,
    point: str | None = None,
    kind: str | None = None,
    control: str = "not_yet",
    window: tuple[int, int] = (-3, 3),
    course: Course | None = None,
) -> EventStudy:
    """Compare organisations that began something with those that have not (Callaway and Sant'Anna 2021).

    For organisation i that began before period g, `δ_it = (y_it − y_i,g−1) − mean over controls of (y_jt − y_j,g−1)`; effects by
    time since are means of δ over i. By kind, y is the mean of the points that i's own first initiatives were for, and i's
    controls are measured by the same points. Errors from influence functions, organisations being independent; the mean effect is tested
    by Welch's t (1947), as R's `t.test` does where there is one wave: with few that have begun, a normal test finds six where it should find one.

    Parameters
    ----------
    seed : int
        Of the multiplier bootstrap behind the band.
    point, kind : str
        A measure point or a kind of initiative; one of them.
    control : {"not_yet", "never"}
        Held against those that have not begun by then, or never do.
    window : (int, int), optional
        First and last period, counted from the first after it began.
    course : Course, optional
        Of these answers (`follow`), where several studies share one pass through them.

    Raises
    ------
    InputError
        As `lay_out`; an unknown control; a window without a period after.

    Notes
    -----
    Missing answers: an organisation's mean of a point is of those who answered it, five at least, else the period is missing
    for it. Many organisations are small, so their means are uncertain; that is part of the errors, as it varies between them.
    """
    if control not in CONTROLS:
        raise InputError(Problem("control", f"“{control}” is not known", f"use one of {', '.join(CONTROLS)}"))
    if window[1] < 0:
        raise InputError(
            Problem("window", "no period after the start lies in it", "let it end at 0 or later")
        )
    panel = lay_out(answers, point, kind, course)
    steps = [e for e in range(window[0], window[1] + 1) if e != -1]
    tried = {e: _effect_at(panel, e, control) for e in steps}
    found = {e: f for e, f in tried.items() if f is not None}
    after = [f for e, f in found.items() if e >= 0]
    if not after:
        raise InputError(
            Problem(str(point or kind), "nothing can be compared after it began", "take more periods")
        )
    influence = np.column_stack([f[1] for f in found.values()])
    se = np.sqrt((influence**2).sum(axis=0))
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (DRAWS_N, len(influence)))
    width = float(np.quantile(np.abs(signs @ influence / se).max(axis=1), 1 - ALPHA))
    effect = np.array([f[0] for f in found.values()])
    table = pd.DataFrame(
        {"effect": effect, "se": se, "low": effect - width * se, "high": effect + width * se,
         "organisations_n": [f[2] for f in found.values()]},
        pd.Index(list(found), name="period"),
    )  # fmt: skip
    if window[0] <= -1:
        table.loc[-1] = [0.0, 0.0, 0.0, 0.0, float(np.isfinite(panel.begun).sum())]
    weights = np.array([f[2] for f in after], float)
    has_begun = np.isfinite(panel.begun)
    overall = _sum_up(
        np.array([f[0] for f in after]), np.column_stack([f[1] for f in after]), weights, has_begun
    )
    before = np.array([e < -1 for e in found])
    twfe = _twfe(panel, int(panel.points.index(point))) if point is not None else NO_SLOPE
    treated = int(has_begun.sum())
    behind = min((f[2] for e, f in found.items() if e < -1), default=0)
    return EventStudy(
        table.sort_index(), overall, _test_all(effect[before], influence[:, before], behind), twfe, str(point or kind),
        control, treated, len(panel.begun) - treated,
    )  # fmt: skip


def _effect_at(panel: Panel, since: int, control: str) -> tuple[float, np.ndarray, int] | None:
    """Mean of δ at a time since, its influence function (organisations,), and how many organisations it is of."""
    n, periods_n, _ = panel.mean.shape
    deltas, who, shares = [], [], []
    for i in np.flatnonzero(np.isfinite(panel.begun)):
        g = int(panel.begun[i])
        t, base = g + since, g - 1
        if base < 0 or not 0 <= t < periods_n:
            continue
        change = panel.mean[:, t][:, panel.own[i]].mean(axis=1) - panel.mean[:, base][:, panel.own[i]].mean(
            axis=1
        )
        waiting = (
            (panel.begun > max(t, base)) & (panel.begun != g)
            if control == "not_yet"
            else np.isinf(panel.begun)
        )
        others = waiting & ~np.isnan(change)
        if np.isnan(change[i]) or others.sum() < 2:
            continue
        level = change[others].mean()
        share = np.zeros(n)
        share[others] = (change[others] - level) / others.sum()
        deltas.append(change[i] - level)
        who.append(i)
        shares.append(share)
    if len(deltas) < 2:
        return None
    delta = np.array(deltas)
    influence = -np.sum(shares, axis=0) / len(delta)
    influence[who] += (delta - delta.mean()) / len(delta)
    return float(delta.mean()), influence, len(delta)


def _sum_up(effects: np.ndarray, influence: np.ndarray, weights: np.ndarray, treated: np.ndarray) -> Slope:
    """Weighted mean of effects; two groups' own variances and degrees of freedom, as few may have begun (Welch 1947)."""
    weights = weights / weights.sum()
    estimate, pull = float(effects @ weights), influence @ weights
    parts = [pull[group & (pull != 0)] for group in (treated, ~treated)]
    sizes = [len(part) for part in parts]
    variances = [
        n / (n - 1) * float(part @ part) if n > 1 else 0.0 for n, part in zip(sizes, parts, strict=True)
    ]
    se = float(np.sqrt(sum(variances)))
    df = sum(variances) ** 2 / sum(v**2 / (n - 1) for n, v in zip(sizes, variances, strict=True) if n > 1)
    wide = float(stats.t.ppf(1 - ALPHA / 2, df)) * se
    p = float(2 * stats.t.sf(abs(estimate / se), df))
    return Slope(estimate, se, estimate - wide, estimate + wide, p, len(influence))


def _test_all(effects: np.ndarray, influence: np.ndarray, treated_n: int) -> float:
    """P value that all effects are nought: Hotelling's T², as the covariance is of as many as have begun; NaN where too few have."""
    q = len(effects)
    if not q or treated_n <= q:
        return np.nan
    square = effects @ np.linalg.pinv(influence.T @ influence) @ effects * (treated_n - 1) / treated_n
    return float(stats.f.sf(square * (treated_n - q) / (q * (treated_n - 1)), q, treated_n - q))


def _twfe(panel: Panel, point: int) -> Slope:
    """Regression on organisations, periods, and having begun; biased where effects grow (Goodman-Bacon 2021)."""
    n, periods_n, _ = panel.mean.shape
    y = panel.mean[:, :, point].ravel()
    organisation, period = np.divmod(np.arange(n * periods_n), periods_n)
    begun = (period >= panel.begun[organisation]).astype(float)
    seen = ~np.isnan(y)
    dummies = np.eye(periods_n)[period[seen]]
    own = organisation[seen]
    base = dummies - pd.DataFrame(dummies).groupby(own).transform("mean").to_numpy()
    parts = [v[seen] - pd.Series(v[seen]).groupby(own).transform("mean").to_numpy() for v in (y, begun)]
    y, begun = (v - base @ np.linalg.lstsq(base, v, rcond=None)[0] for v in parts)
    return slope_within(y, begun, own, own)
