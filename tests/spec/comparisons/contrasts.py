"""Contrasts within an organisation, and p-values adjusted by Holm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.results.disclosure.pattern import Pattern
from dimios_core.results.estimate import Batch, estimate_batch
from dimios_core.results.organisation.contrasts import ROLE_PAIR, Contrasts, estimate_contrasts
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree, build_block
from dimios_core.results.scoring.intervals import two_sided_p
from dimios_core.results.scoring.matrix import Respondents
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.people import model_columns, respondents_of

SUBJECT = "Contrasts within an organisation"
SIDES = "survey 4.1-1: a svydesign for each side; V₁ + V₂ and Satterthwaite's df by hand"
WELCH = "stats: t.test"
HOLM = 'stats: t.test and p.adjust(method = "holm")'
NAMES = ("difference", "standard error", "df", "n")


def compare() -> Iterator[Comparison]:
    """Units and roles against the rest, and roles against each other; points without strata by Welch's t test, too."""
    people, figures, columns = read_data("units"), read_figures("contrasts"), model_columns()
    for case, own in people.groupby("case", sort=False):
        respondents = respondents_of(own, columns)
        batch = _whole_batch(respondents, columns)
        contrasts = estimate_contrasts(batch, respondents, columns)
        found = _tabulate(batch, contrasts, columns)
        wanted = figures[figures["case"] == case].set_index(list(found.index.names)).loc[found.index]
        for name, r in zip(NAMES, ("difference", "se", "df", "n"), strict=True):
            yield Comparison(
                SUBJECT, str(case), SIDES, name, found[name].to_numpy(float), wanted[r].to_numpy(float)
            )
        if (welch := wanted["se_welch"].notna()).any():
            for name, r in (("standard error", "se_welch"), ("df", "df_welch"), ("p", "p_welch")):
                yield Comparison(
                    SUBJECT,
                    f"{case}: points",
                    WELCH,
                    name,
                    *(x[welch].to_numpy() for x in (found[name], wanted[r])),
                )
            yield _compare_holm(found[welch])


def _whole_batch(respondents: Respondents, columns: Columns) -> Batch:
    """The organisation's groups, all published."""
    tree = UnitTree(dict.fromkeys(np.unique(respondents.unit.astype(str)), ""))
    block = build_block("2026", "o", 5, tree, respondents.unit, respondents.role)
    everything = np.zeros((block.groups_n, columns.columns_n), int)
    return estimate_batch(respondents, [block], columns, Pattern(everything, everything))


def _tabulate(batch: Batch, contrasts: Contrasts, columns: Columns) -> pd.DataFrame:
    """A row a contrast and level, named as in R's figures."""
    rows = []
    for c, kind in enumerate(contrasts.kind):
        group, other = ((batch.unit[g], batch.role[g]) for g in (contrasts.group[c], contrasts.other[c]))
        name = next(n for n in group if n != "*")
        for at, key in enumerate(columns.level_rows):
            figures = (contrasts.difference_pp, contrasts.se, contrasts.df, contrasts.n)
            rows.append(
                (kind, name, other[1] if kind == ROLE_PAIR else "", *key, *(x[c, at] for x in figures))
            )
    frame = pd.DataFrame(rows, columns=["kind", "group", "other", "level", "key", *NAMES])
    frame["p"] = two_sided_p(*(frame[n].to_numpy() for n in NAMES[:3]))
    return frame.set_index(["kind", "group", "other", "level", "key"])


def _compare_holm(points: pd.DataFrame) -> Comparison:
    """Adjusted within a point, over the pairs of roles."""
    pairs = points.loc[ROLE_PAIR].reset_index()
    pairs["p_holm"] = pairs.groupby("key")["p"].transform(lambda p: adjust_holm(p.to_numpy()))
    both = pairs.merge(read_figures("holm"), on=["group", "other", "key"], suffixes=("", "_r"))
    return Comparison(
        SUBJECT,
        "one stratum: points, pairs of roles",
        HOLM,
        "p",
        both["p_holm"].to_numpy(),
        both["p_holm_r"].to_numpy(),
    )
