"""Which questions mean something else to some? Differential item functioning by ordinal logistic regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from dimios_core.errors import InputError, Problem
from dimios_core.families import adjust_holm
from dimios_core.research.answers import Answers
from dimios_core.research.clustered import slope_within
from dimios_core.research.ordered_logit import fit_ordered_logit
from dimios_core.research.reading import group_of
from dimios_core.research.result import Result, check_language, draw_intervals, say, say_p
from dimios_core.research.sums import PEOPLE_MIN
from dimios_core.responses.labels import suggest

#: significance after Holm's method
ALPHA = 0.01
#: rounds of purification
ROUNDS_MAX = 10
#: answers on other questions of a set that stand for a level
OTHERS_MIN = 2


@dataclass(frozen=True, repr=False)
class Dif(Result):
    """Questions that a group answers otherwise than its level on the others says.

    `table`: index point, columns n, uniform (the group's coefficient, log odds; positive is higher answers),
    log_likelihood_level, _group, _both (of the three regressions), p_uniform, p_nonuniform, p_holm (of both together, Holm's
    method over all points), effect_pp (how much higher the group answers than others of the same level, percentage
    points of the scale), effect_low, effect_high (95 %), flagged.

    Attributes
    ----------
    group : str
        Whom it is about: level and value.
    flagged : list of str
    """

    group: str
    flagged: list[str]

    def words(self, language: str = "sv") -> str:
        """Which questions, how much, and what it does not say."""
        sv = check_language(language) == "sv"
        rows = self.table.loc[self.flagged]
        told = [
            f"{self.name(name, language)} ({say(e, 1, language)}; {say_p(p, language)})"
            for name, e, p in rows[["effect_pp", "p_holm"]].itertuples()
        ]
        listed = ", ".join(told)
        if sv:
            first = (
                f"{self.group} svarar annorlunda än sin nivå säger på: {listed} (procentenheter)."
                if told
                else f"Ingen fråga fungerar annorlunda för {self.group}."
            )
            return first + (
                "\nDet säger inte varför: frågan kan betyda något annat för gruppen, eller så är det verkligen annorlunda just där. "
                "Att ingen fråga flaggas betyder att inget så stort att det syns finns."
            )
        first = (
            f"{self.group} answers otherwise than its level says: {listed} (percentage points)."
            if told
            else f"No question works otherwise for {self.group}."
        )
        return first + (
            "\nIt does not tell why: the question may mean something else to the group, or things may really differ just there. "
            "That none is flagged means that nothing large enough to be seen is there."
        )

    def figure(self, language: str = "sv") -> go.Figure:
        """Effects with their intervals."""
        sv = check_language(language) == "sv"
        title = (
            f"Så mycket högre svarar {self.group} än sin nivå"
            if sv
            else f"How much higher {self.group} answers than its level"
        )
        t = self.table
        axis = "procentenheter" if sv else "percentage points"
        return draw_intervals(
            [self.name(i, language) for i in t.index],
            t["effect_pp"],
            t["effect_low"],
            t["effect_high"],
            title,
            axis,
        )

    @property
    def r_call(self) -> str:
        """MASS's ordered logit, three a question."""
        return "MASS::polr(factor(item) ~ rest), polr(factor(item) ~ rest + group), polr(factor(item) ~ rest * group)"


def dif(
    data: Answers | pd.DataFrame,
    over: str,
    group: str | None = None,
    purify: bool = True,
) -> Dif:
    """Search all points for a group that answers them otherwise than its level on the others says.

    Parameters
    ----------
    data : Answers or DataFrame
        Points are held against the others of their category; columns of a frame against all others.
    over : str
        Index level, such as "role" or "period".
    group : str, optional
        The group held against all others; may be left out where there are two.
    purify : bool, optional
        Whether a flagged point no longer counts among the others, one at a time, until nothing new is flagged. Else it shows in
        its neighbours with the opposite sign.

    Returns
    -------
    Dif

    Raises
    ------
    InputError
        An unknown level or group, or too few people in it.

    Notes
    -----
    For a frame: ordered logits of each item on the sum of the others (complete rows), on it and the group, and with their
    product (Zumbo 1999). For Answers many rows lack some of the others, and a sum of two to six answers is measured with
    error, which turns a group's true level into false alarms everywhere. So the effect is a contrast: the point less the
    mean of the others in its category, each from its mean in organisation and period, so that leaving out hard questions does not
    seem a high level; it is regressed on the group with errors
    clustered by organisation; its likelihoods are of the ordered logits of the same rows.

    Missing answers: a row counts for a point where it has the point and at least two others.
    """
    if isinstance(data, Answers):
        frame = data.points()
        sets = {c: [p.id for p in data.instrument.points_of(c)] for c in data.instrument.category_ids}
    else:
        frame, sets = data, {"": list(data.columns)}
    member, name = _members(frame, over, group)
    own = {p: points for points in sets.values() for p in points}
    search = _prepare(frame, member, isinstance(data, Answers))
    flagged: list[str] = []
    stale = set(own)  # whose others have changed
    rows: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS_MAX):
        for point, points in own.items():
            others = [q for q in points if q != point and q not in flagged]
            if point in stale and others:
                rows[point] = _compare(search, point, others)
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("point")
        p = table["p"].drop(flagged)
        holm = pd.Series(adjust_holm(p.to_numpy()), p.index)
        table["p_holm"] = holm.reindex(table.index)
        new = holm.idxmin() if (holm < ALPHA).any() else None
        if new is None or not purify:
            flagged += [] if purify else list(holm.index[holm < ALPHA])
            break
        flagged.append(str(new))
        stale = set(own[str(new)]) - set(flagged)
        rows[str(new)]["p_holm_found"] = float(holm.min())
    table["p_holm"] = table["p_holm"].fillna(table.get("p_holm_found", pd.Series(np.nan, table.index)))
    table["flagged"] = table.index.isin(flagged)
    return Dif(
        table.drop(columns=["p_holm_found", "p"], errors="ignore").reindex(list(own)).dropna(how="all"),
        name,
        flagged,
        instrument=data.instrument if isinstance(data, Answers) else None,
    )


def _members(frame: pd.DataFrame, over: str, group: str | None) -> tuple[np.ndarray, str]:
    values = group_of(frame, over)
    known = pd.unique(values)
    if group is None:
        if len(known) != 2:
            remedy = f"name one with group=: {', '.join(map(str, sorted(known, key=str)))}"
            raise InputError(Problem("group", f"{over} has {len(known)} groups", remedy))
        group = sorted(known)[1]
    if group not in known:
        names = [str(k) for k in known]
        raise InputError(
            Problem("group", f"{over} has no group {group}{suggest(str(group), names)}", "mend the name")
        )
    member = values == group
    if member.sum() < PEOPLE_MIN or (~member).sum() < PEOPLE_MIN:
        raise InputError(
            Problem("group", f"{group} or its rest has too few people", f"{PEOPLE_MIN} are needed in each")
        )
    return member, f"{over} {group}"


@dataclass(frozen=True)
class _Search:
    """Points, the same from their cells' means, who is in the group, and who lies in which cell and cluster."""

    frame: pd.DataFrame
    centred: pd.DataFrame
    member: np.ndarray
    cells: np.ndarray
    clusters: np.ndarray
    clustered: bool


def _prepare(frame: pd.DataFrame, member: np.ndarray, clustered: bool) -> _Search:
    if not clustered:
        one = np.zeros(len(frame), int)
        return _Search(frame, frame - frame.mean(), member, one, np.arange(len(frame)), clustered)
    cells = frame.groupby(level=["organisation", "period"])
    clusters = pd.factorize(group_of(frame, "organisation"))[0]
    return _Search(
        frame, frame - cells.transform("mean"), member, cells.ngroup().to_numpy(), clusters, clustered
    )


def _compare(search: _Search, point: str, others: list[str]) -> dict[str, float]:
    frame, clustered = search.frame, search.clustered
    rest = frame[others]
    enough = rest.notna().sum(axis=1) >= (min(OTHERS_MIN, len(others)) if clustered else len(others))
    used = (frame[point].notna() & enough).to_numpy()
    level = rest.mean(axis=1) if clustered else rest.sum(axis=1)
    member = search.member.astype(float)
    y, x, g = frame.loc[used, point], level[used].to_numpy(float), member[used]
    fits = [
        fit_ordered_logit(y.to_numpy(), np.column_stack(columns)) for columns in ([x], [x, g], [x, g, x * g])
    ]
    likelihood = [f.log_likelihood for f in fits]
    found = {
        "n": float(used.sum()), "uniform": float(fits[1].coefficients[1]), "log_likelihood_level": likelihood[0],
        "log_likelihood_group": likelihood[1], "log_likelihood_both": likelihood[2],
        "p_uniform": float(stats.chi2.sf(2 * (likelihood[1] - likelihood[0]), 1)),
        "p_nonuniform": float(stats.chi2.sf(2 * (likelihood[2] - likelihood[1]), 1)),
    }  # fmt: skip
    contrast = (search.centred[point] - search.centred[others].mean(axis=1)).where(used).to_numpy()
    slope = slope_within(contrast, member, search.cells, search.clusters)
    p = slope.p if clustered else float(stats.chi2.sf(2 * (likelihood[2] - likelihood[0]), 2))
    return found | {"effect_pp": slope.estimate, "effect_low": slope.low, "effect_high": slope.high, "p": p}
