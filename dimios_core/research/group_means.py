"""Means of groups of one's own making: what may leave the workbench by rule (`publishable`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.research.answers import Answers
from dimios_core.research.result import Result, check_language, draw_intervals, say
from dimios_core.research.rows import IDENTIFIERS
from dimios_core.responses.labels import suggest
from dimios_core.results.findings.asked import JOINED, Asked, AskedGroup
from dimios_core.results.scoring.columns import Columns

LEVELS = ("point", "category", "dimension", "maturity")
#: what organisations are registered with, and people may be divided by
REGISTERED = ("type", "county", "size")
Z_95 = 1.959964


@dataclass(frozen=True, repr=False)
class GroupMeans(Result):
    """Means of groups, and who belongs to them.

    `table`: index period, whom, key; columns organisations_n, n (people with an answer, of all organisations), mean (0-100
    percent: of one organisation its people's weighted mean, of several the mean of their means), se (percentage points: of
    people, or of organisations; NaN of one). Restricted: nothing is withheld in it.

    Attributes
    ----------
    asked : Asked
        Whom it is of: what `publishable` judges.
    """

    asked: Asked

    def words(self, language: str = "sv") -> str:
        """How many groups there are, and which lie lowest and highest."""
        known = self.table["mean"].dropna()
        told = {"sv": "Ingen har svarat.", "en": "Nobody has answered."}[check_language(language)]
        if len(known):
            ends = [
                f"{self.name(tuple(whom.split(JOINED)), language)}, {self.name(key, language)}: {say(known[period, whom, key], 1, language)}"
                for period, whom, key in (known.idxmin(), known.idxmax())
            ]
            told = {
                "sv": f"Lägst och högst av {len(known)}: {'; '.join(ends)} procent.",
                "en": f"Lowest and highest of {len(known)}: {'; '.join(ends)} percent.",
            }[language]
        caution = {
            "sv": "Begränsat: siffrorna får inte lämna verkstaden förrän publishable säger ja. Det som publiceras kan skilja sig "
            "från dem: det utelämnar mätpunkter som för få har svarat på, och organisationer där gruppen inte får visas för sig.",
            "en": "Restricted: these figures may not leave the workbench before publishable says yes. What is published may differ "
            "from them: it leaves out points that too few have answered, and organisations in which the group may not be told by itself.",
        }[language]
        return f"{told}\n{caution}"

    def figure(self, language: str = "sv") -> go.Figure:
        """Means with 95 % intervals."""
        t = self.table.dropna(subset=["mean"])
        names = [
            f"{self.name(tuple(whom.split(JOINED)), language)} · {self.name(key, language)} {period}"
            for period, whom, key in t.index
        ]
        title = {"sv": "Gruppers medelvärden", "en": "Means of groups"}[check_language(language)]
        half = Z_95 * t["se"].fillna(0)
        return draw_intervals(names, t["mean"], t["mean"] - half, t["mean"] + half, title, "0-100")

    @property
    def r_call(self) -> str:
        """R's weighted means by group."""
        return "by(data, groups, \\(d) weighted.mean(d$score_pct, d$weight, na.rm = TRUE))"


def group_means(
    answers: Answers,
    by: str | pd.Series | Sequence[str | pd.Series] = (),
    level: str = "point",
    keys: Sequence[str] | None = None,
) -> GroupMeans:
    """Means of groups of respondents, period by period.

    Of one organisation, people's weighted means `Σw·y/Σw`, and of categories and above their points' means weighted as the
    model says. Of several organisations, the mean of their own means, each counted once. What is published is computed alike, of
    less: points that too few have answered are left out of categories and above, and organisations in which the group may not be
    told by itself out of means over them. So the two may differ by some percentage points; `publishable` shows the latter.

    Parameters
    ----------
    answers : Answers
    by : str, Series, or several
        What people are divided by, beside the period: "organisation", "unit", "role"; what organisations are registered with ("type",
        "county", "size"); or a named series of words by `answers.index`, of your own: who is not in it, or NaN, is in no group.
        Nothing: everybody together.
    level : {"point", "category", "dimension", "maturity"}
    keys : sequence of str, optional
        Which of the level; default all. The fewer, the more groups may be told of.

    Returns
    -------
    GroupMeans

    Raises
    ------
    InputError
        A level, a key or a division that there is not; or, of what is there, names of groups that could not be told
        (`find_name_problems`). All at once, before anything is computed.

    Notes
    -----
    Missing answers: whoever has not answered a point is not in its mean.

    Examples
    --------
    >>> long_here = pd.Series("länge här", answers.index, name="anställning")  # doctest: +SKIP
    >>> group_means(answers.select(organisations=["almvik"]), [long_here, "role"], "category")  # doctest: +SKIP
    """
    parts = [by] if isinstance(by, str | pd.Series) else list(by)
    model = answers.instrument
    known = _list_keys(model)
    problems = list(_find_problems(parts, level, keys, known))
    if problems:
        raise InputError(problems)
    divided = tuple(str(p.name) if isinstance(p, pd.Series) else p for p in parts if _is_other(p))
    own = tuple(isinstance(p, pd.Series) for p in parts if _is_other(p))
    who = answers.index.to_frame(index=False)[["period", "organisation", "respondent"]]
    labels = pd.DataFrame({i: _divide(answers, p) for i, p in enumerate(p for p in parts if _is_other(p))})
    inside = labels.notna().all(axis=1).to_numpy() if divided else np.ones(len(who), bool)
    names = (
        pd.MultiIndex.from_frame(labels[inside]) if divided else pd.MultiIndex.from_arrays([[""] * len(who)])
    )
    groups = [
        AskedGroup(tuple(map(str, label)) if divided else (), who[inside][(names == label)])
        for label in sorted(set(names), key=str)
    ]
    asked = Asked(divided, own, groups, level, tuple(keys if keys is not None else known[level]))
    if problems := list(asked.find_name_problems()):
        raise InputError(problems)
    return GroupMeans(_tabulate(answers, asked), asked, instrument=model)


def _is_other(part: str | pd.Series) -> bool:
    return isinstance(part, pd.Series) or part != "period"  # periods always stand apart


def _list_keys(model: Instrument) -> dict[str, list[str]]:
    maturity = ["maturity"] if model.composite is not None else []
    points = [p.id for p in model.points]
    return dict(zip(LEVELS, (points, model.category_ids, model.dimension_ids, maturity), strict=True))


def _find_problems(
    parts: list[str | pd.Series], level: str, keys: Sequence[str] | None, known: dict[str, list[str]]
) -> Iterator[Problem]:
    divisions = [*IDENTIFIERS[:4], *REGISTERED]
    for part in parts:
        if isinstance(part, pd.Series):
            if not part.name:
                yield Problem(
                    "by", "a series has no name", 'say what people are divided by: series.rename("…")'
                )
        elif part not in divisions:
            what = f"people are not divided by “{part}”{suggest(str(part), divisions)}"
            yield Problem(
                "by", what, f"use some of {', '.join(divisions)}, or a named series by answers.index"
            )
    if level not in LEVELS:
        yield Problem("level", f"there is no level “{level}”{suggest(level, LEVELS)}", f"use one of {LEVELS}")
        return
    for key in keys or ():
        if key not in known[level]:
            what = f"the model has no {level} “{key}”{suggest(key, known[level])}"
            yield Problem("keys", what, f"use some of {', '.join(known[level])}")


def _divide(answers: Answers, part: str | pd.Series) -> np.ndarray:
    if isinstance(part, pd.Series):
        return part.reindex(answers.index).astype(object).to_numpy()
    if part in REGISTERED:
        told = answers.organisations[part]
        return (
            told.reindex(answers.index.get_level_values("organisation")).replace("", np.nan).to_numpy(object)
        )
    return answers.index.get_level_values(part).to_numpy(object)


def _tabulate(answers: Answers, asked: Asked) -> pd.DataFrame:
    """Means by period, group and key; the answers' own, whether published or not."""
    columns, rows = answers.columns, {}
    y, w = answers.points().to_numpy(), answers.people["weight"].to_numpy(float)
    place = {who: i for i, who in enumerate(zip(*(answers.index.get_level_values(n) for n in ("period", "organisation", "respondent")), strict=True))}  # fmt: skip
    for group in asked.groups:
        for period, people in group.people.groupby("period"):
            means, ns, spreads = [], [], []
            for _, own in people.groupby("organisation"):
                at = [place[who] for who in own.itertuples(index=False, name=None)]
                mean, n, se = _summarise(y[at], w[at], columns, asked)
                means.append(mean)
                ns.append(n)
                spreads.append(se)
            held = np.array(means)
            k = (~np.isnan(held)).sum(axis=0)
            filled = np.where(k > 0, np.nansum(held, axis=0) / np.maximum(k, 1), np.nan)
            between = np.sqrt(
                np.nansum((held - filled) ** 2, axis=0) / np.maximum(k - 1, 1) / np.maximum(k, 1)
            )
            se = spreads[0] if len(held) == 1 else np.where(k > 1, between, np.nan)
            for j, key in enumerate(asked.keys):
                rows[str(period), group.name, key] = (k[j], np.sum(ns, axis=0)[j], filled[j], se[j])
    index = pd.MultiIndex.from_tuples(rows, names=["period", "whom", "key"])
    return pd.DataFrame([*rows.values()], index, ["organisations_n", "n", "mean", "se"]).astype(
        {"organisations_n": int, "n": int}
    )


def _summarise(
    y: np.ndarray, w: np.ndarray, columns: Columns, asked: Asked
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, n and se of each key of one organisation's group; arrays (keys,)."""
    answered = ~np.isnan(y)
    weight = answered * w[:, None]
    total = weight.sum(axis=0)
    point = np.divide(
        (np.nan_to_num(y) * weight).sum(axis=0), total, out=np.full(y.shape[1], np.nan), where=total > 0
    )
    to_key = _weights_of(columns, asked, ~np.isnan(point))
    mean = np.where(to_key.sum(axis=0) > 0, np.nan_to_num(point) @ to_key, np.nan)
    off = np.divide(weight * np.nan_to_num(y - point), total, out=np.zeros(y.shape), where=total > 0) @ to_key
    n = (answered @ (to_key > 0) > 0).sum(axis=0)
    se = np.where(n > 1, np.sqrt((off**2).sum(axis=0) * n / np.maximum(n - 1, 1)), np.nan)
    return mean, n, se


def _weights_of(columns: Columns, asked: Asked, usable: np.ndarray) -> np.ndarray:
    """Weight of each point's mean in each key asked for, shape (points, keys); columns of what is incomplete are 0."""
    if asked.level == "point":
        return np.eye(columns.points_n)[:, [columns.point_ids.index(k) for k in asked.keys]] * usable[:, None]
    model = columns.instrument
    within, complete = columns.point_weights_within(usable[None, :])
    category = within[0][:, None] * columns.in_category * complete[0]
    if asked.level == "category":
        return category[:, [model.category_ids.index(k) for k in asked.keys]]
    whole = np.array([complete[0][w > 0].all() for w in columns.category_weight.T])
    dimension = category @ columns.category_weight * whole
    if asked.level == "dimension":
        return dimension[:, [model.dimension_ids.index(k) for k in asked.keys]]
    return dimension @ columns.dimension_weight * whole.all()
