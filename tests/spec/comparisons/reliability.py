"""Alpha, omega, Spearman-Brown and intraclass correlations of categories."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.results.consortium.reliability import cronbach_alpha, intraclass, omega_total, spearman_brown
from tests.spec.comparisons.comparison import SAME, Comparison, read_data, read_figures
from tests.spec.comparisons.people import model_columns

SUBJECT = "Reliability"
REFERENCES = {
    "alpha": "psych 2.2.9: alpha, alpha.ci (Feldt)",
    "omega": "stats: factanal",
    "spearman_brown": "stats: cor; 2r/(1 + r)",
    "icc1": "stats: mean squares of aov",
}
QUANTITIES = {
    "alpha": "alpha", "alpha_low": "interval from", "alpha_high": "interval to", "omega": "omega total",
    "spearman_brown": "Spearman-Brown", "icc1": "ICC(1)", "icc2": "ICC(2)",
}  # fmt: skip
#: both sides maximise a likelihood of four points step by step, and end at eight digits of a loading (this one) or more (R)
LIKELIHOOD = 1e-5


def compare() -> Iterator[Comparison]:
    """Of all organisations, centred in their own, and of the largest one."""
    people, figures = read_data("organisations"), read_figures("reliability")
    for of in figures["of"].unique():
        own = people if of == "all" else people[people["organisation"] == of]
        found = _measure(own, pooled=of == "all")
        wanted = figures[figures["of"] == of].set_index(["measure", "category"])["value"]
        data = (
            f"{people['organisation'].nunique()} organisations" if of == "all" else "the largest organisation"
        )
        for measure, name in QUANTITIES.items():
            if measure not in wanted.index:
                continue
            r = wanted[measure]
            reference = next(v for k, v in reversed(REFERENCES.items()) if measure[:3] == k[:3])
            values = np.array([found[measure, category] for category in r.index])
            tolerance = LIKELIHOOD if measure == "omega" else SAME
            yield Comparison(SUBJECT, data, reference, name, values, r.to_numpy(), tolerance)


def _measure(people: pd.DataFrame, pooled: bool) -> dict[tuple[str, str], float]:
    """(measure, category) -> value."""
    columns = model_columns()
    found: dict[tuple[str, str], float] = {}
    for c, category in enumerate(columns.instrument.categories):
        at = np.flatnonzero(columns.in_category[:, c])
        kept = people.dropna(subset=[columns.point_ids[k] for k in at])
        y = 25 * (kept[[columns.point_ids[k] for k in at]].to_numpy(float) - 1)
        group = np.unique(kept["organisation"], return_inverse=True)[1]
        n = np.bincount(group).astype(float)
        centred = y - np.array([y[group == g].mean(axis=0) for g in range(len(n))])[group]
        df = len(y) - len(n)
        covariance = centred.T @ centred / df
        if len(at) == 2:
            found["spearman_brown", category.id] = spearman_brown(covariance)
        else:
            alpha = cronbach_alpha(covariance, df)
            found |= {
                (m, category.id): v for m, v in zip(("alpha", "alpha_low", "alpha_high"), alpha, strict=True)
            }
            found["omega", category.id] = omega_total(covariance)
        if pooled:
            score = y @ (columns.point_weight[at] / columns.point_weight[at].sum())
            mean = np.bincount(group, score) / n
            within = np.bincount(group, (score - mean[group]) ** 2)
            found |= {
                (m, category.id): v
                for m, v in zip(("icc1", "icc2"), intraclass(n, mean, within), strict=True)
            }
    return found
