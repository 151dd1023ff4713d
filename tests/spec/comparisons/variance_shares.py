"""Where differences between people lie: shares of the variance by restricted maximum likelihood."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.results.consortium.reml import crossed_components, nested_components
from dimios_core.results.consortium.spread import collect_spread, stack_units
from dimios_core.results.estimate import Batch, estimate_batch
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree, build_block
from dimios_core.results.scoring.matrix import Respondents, concatenate
from tests.spec.comparisons.comparison import Comparison, read_data, read_figures
from tests.spec.comparisons.people import model_columns, respondents_of

SUBJECT = "Shares of the variance"
REFERENCE = "lme4 1.1-31: lmer(REML = TRUE)"
#: both sides maximise a likelihood that is flat at its top; shares are told with two decimals
LIKELIHOOD = 1e-5


def compare() -> Iterator[Comparison]:
    """Organisations, units in them and people; unit and role within one organisation."""
    people, figures, columns = read_data("organisations"), read_figures("variance_shares"), model_columns()
    wanted = {of: own["variance"].to_numpy() for of, own in figures.groupby("of")}
    batch, respondents = _batch_of(people, columns)
    sums, _ = collect_spread(batch, respondents, columns)
    nested = nested_components(stack_units(list(sums.values())))
    data = "14 organisations: organisations, units in them, people"
    yield Comparison(
        SUBJECT, data, REFERENCE, "share", *map(_shares, (nested, wanted.pop("all"))), LIKELIHOOD
    )
    for of, variance in wanted.items():
        own = people[people["organisation"] == of]
        answers = 25 * (own[columns.point_ids].to_numpy(float) - 1)
        score = np.nanmean(answers - np.nanmean(answers, axis=0), axis=1)
        factors = [np.unique(own[name], return_inverse=True)[1] for name in ("unit", "role")]
        found = crossed_components(score, factors)
        data = f"organisation {of}: unit and role crossed, people"
        yield Comparison(SUBJECT, data, REFERENCE, "share", *map(_shares, (found, variance)), LIKELIHOOD)


def _shares(variance: np.ndarray) -> np.ndarray:
    return variance / variance.sum()


def _batch_of(people: pd.DataFrame, columns: Columns) -> tuple[Batch, Respondents]:
    """Organisations of one period, a block each."""
    parts, blocks = [], []
    for number, (name, own) in enumerate(people.groupby("organisation")):
        one = respondents_of(own.assign(person=own.index), columns)
        one.block[:] = number
        tree = UnitTree(dict.fromkeys(np.unique(one.unit.astype(str)), ""))
        blocks.append(build_block("2026", str(name), 5, tree, one.unit, one.role))
        parts.append(one)
    respondents = concatenate(parts)
    return estimate_batch(respondents, blocks, columns), respondents
