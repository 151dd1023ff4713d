"""Answers that nobody here made up, beside statsmodels and scipy: psych::bfi and lme4::InstEval.

`tests/real/` takes the same data through the whole line, from survey files to reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from dimios_core.instrument import load_instrument
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import change_between
from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.matrix import Respondents, build_respondents
from tests.real import expected
from tests.real.exports import ITEMS, read_bfi, read_insteval
from tests.spec.comparisons.comparison import Comparison
from tests.spec.comparisons.people import all_usable, members_by

SUBJECT = "Answers that nobody here made up"
INSTRUMENTS = Path(expected.__file__).parent / "instruments"
CLUSTERED = "statsmodels: OLS with people as clusters, times n/(n − 1)"
MOMENTS = "statsmodels: DescrStatsW"
WELCH = "scipy: ttest_ind(equal_var=False)"


def compare() -> Iterator[Comparison]:
    """Levels above the points of twenty panels; means and changes of fourteen departments."""
    yield from _compare_bfi()
    yield from _compare_insteval()


def _compare_bfi() -> Iterator[Comparison]:
    bfi, columns = read_bfi(), Columns(load_instrument(INSTRUMENTS / "bfi.yaml"))
    people = _build(bfi[ITEMS].rename(columns=str.lower), columns)
    panels, members = members_by(bfi["panel"])
    scores = score_groups(people, members, all_usable(members, columns), columns)
    points = expected.score_bfi(bfi)[expected.point_ids()]
    found, wanted = [], []
    for g, panel in enumerate(panels):
        for key, score, se, n in expected.weighted_scores(points[bfi["panel"] == panel]):
            at = columns.level_rows.index(key)
            found.append((scores.score_pct[g, at], scores.se[g, at], scores.n[g, at]))
            wanted.append((score, se, n))
    both = np.array(found, float).T, np.array(wanted, float).T
    for name, *figures in zip(("score", "standard error", "n"), *both, strict=True):
        yield Comparison(
            SUBJECT, "psych::bfi: 2,800 people in 20 panels, 25 items", CLUSTERED, name, *figures
        )


def _compare_insteval() -> Iterator[Comparison]:
    ratings, columns = read_insteval(), Columns(load_instrument(INSTRUMENTS / "insteval.yaml"))
    people = _build(ratings[["y"]].set_axis(["rating"], axis=1), columns)
    # the longer ago the lecture, the earlier the half-year
    groups, members = members_by(
        [f"{dept:02} {6 - age}" for dept, age in zip(ratings["dept"], ratings["lectage"], strict=True)]
    )
    usable = all_usable(members, columns)
    scores = score_groups(people, members, usable, columns)
    samples = [
        25.0 * (ratings["y"].to_numpy()[members.respondent[a:b]] - 1) for a, b in pairwise(members.start)
    ]
    told = [DescrStatsW(sample) for sample in samples]
    data = "lme4::InstEval: 73,421 ratings of 14 departments in 6 half-years"
    wanted = [t.mean for t in told], [t.std_mean for t in told], [t.nobs for t in told]
    for name, found, r in zip(
        ("score", "standard error", "n"), (scores.score_pct, scores.se, scores.n), wanted, strict=True
    ):
        yield Comparison(SUBJECT, data, MOMENTS, name, found[:, 0].astype(float), np.array(r, float))

    earlier = np.array([g for g, (a, b) in enumerate(pairwise(groups)) if a[:2] == b[:2]])
    d = change_between(people, members, usable, earlier, earlier + 1, columns)
    tests = [stats.ttest_ind(samples[g + 1], samples[g], equal_var=False) for g in earlier]
    change = np.array([samples[g + 1].mean() - samples[g].mean() for g in earlier])
    error = change / np.array([t.statistic for t in tests])
    for name, found, r in zip(
        ("change", "standard error", "df"),
        (d.value_pp, d.se, d.df),
        (change, error, [t.df for t in tests]),
        strict=True,
    ):
        yield Comparison(SUBJECT, data, WELCH, name, found[:, 0], np.array(r, float))


def _build(answers: pd.DataFrame, columns: Columns) -> Respondents:
    """A person a row, each of them somebody else; items are columns, NaN is no answer."""
    long = answers.set_axis(np.arange(len(answers)), axis=0).melt(
        var_name="item", value_name="answer", ignore_index=False
    )
    long = long.rename_axis("respondent").reset_index().sort_values(["respondent", "item"])
    table = pa.table(
        {
            "respondent": pa.array(long["respondent"].astype("uint64")),
            "item": pa.array(long["item"].astype(object), pa.string()),
            "answer": pa.array(long["answer"].astype("float32"), from_pandas=False),
            "answer_kind": np.where(long["answer"].isna(), "missing", "answered"),
            "weight": np.ones(len(long)),
        }
        | {name: pa.array([""] * len(long), pa.string()) for name in ("unit", "role", "stratum")}
    )
    made = build_respondents(table, columns, threshold=1)
    return replace(made, spread=np.full_like(made.spread, np.nan))
