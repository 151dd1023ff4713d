"""The tables over all organisations, put together: what batches hand over, and what is written in the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.frames import Frames
from dimios_core.results.consortium.group_gaps import publish_group_gaps
from dimios_core.results.consortium.named import publish_distribution, publish_named
from dimios_core.results.consortium.panels import (
    Known,
    Panel,
    WholeChange,
    choose_panels,
    collect_changes,
    count_panels,
)
from dimios_core.results.consortium.reliability import (
    CategorySums,
    collect_categories,
    publish_quality,
    publish_reliability,
)
from dimios_core.results.consortium.sector import publish_group_changes, publish_group_levels
from dimios_core.results.consortium.spread import SpreadSums, collect_spread, publish_shares
from dimios_core.results.consortium.taking_part import publish_coverage
from dimios_core.results.consortium.wholes import Whole, published_groups
from dimios_core.results.estimate import Batch, Changes
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.matrix import Respondents


@dataclass(frozen=True)
class Gathered:
    """What the statistics over all organisations need of a batch, besides the organisations as wholes.

    Attributes
    ----------
    changes : list of WholeChange
    categories, spread : dict
        (organisation, period) -> sums.
    """

    changes: list[WholeChange] = field(default_factory=list)
    categories: dict[tuple[str, str], dict[str, CategorySums]] = field(default_factory=dict)
    spread: dict[tuple[str, str], SpreadSums] = field(default_factory=dict)

    def within(self, periods: Collection[str]) -> Gathered:
        """Return what is of some periods, and the changes to them."""
        return Gathered(
            [c for c in self.changes if c.period in periods],
            {key: sums for key, sums in self.categories.items() if key[1] in periods},
            {key: sums for key, sums in self.spread.items() if key[1] in periods},
        )


def gather_batch(
    batch: Batch, respondents: Respondents, columns: Columns, changes: Changes, published: pd.DataFrame
) -> tuple[Gathered, dict[str, pd.DataFrame]]:
    """Sum a batch up, and make the organisations' own tables `quality` and `spread` of the same sums.

    Parameters
    ----------
    published : DataFrame
        What `dimios_core.results.gate.publish_changes` made of the changes.
    """
    categories = collect_categories(batch, respondents, columns)
    spread, own_spread = collect_spread(batch, respondents, columns)
    gathered = Gathered(collect_changes(batch, changes, published, columns), categories, spread)
    return gathered, {"quality": publish_quality(categories, columns), "spread": own_spread}


def merge_gathered(parts: list[Gathered]) -> Gathered:
    """Put batches together."""
    return Gathered(
        [c for part in parts for c in part.changes],
        {key: sums for part in parts for key, sums in part.categories.items()},
        {key: sums for part in parts for key, sums in part.spread.items()},
    )


def tabulate_consortium(
    wholes: list[Whole],
    gathered: Gathered,
    groups: list[tuple[PeerGroup, np.ndarray]],
    people: pd.DataFrame,
    invited: pd.DataFrame,
    benchmarks: pd.DataFrame,
    shown: dict[str, set[str]],
    frames: Frames,
    columns: Columns,
    before: Mapping[str, Before],
    executor: Executor | None = None,
) -> tuple[dict[str, pd.DataFrame], list[Panel]]:
    """Make tables over all organisations, and return them with the panels that they tell of.

    Parameters
    ----------
    wholes : list of Whole
        Of all organisations, in the periods of one version of the model.
    groups, people
        Peer groups with their members, and register rows in the same order.
    invited : DataFrame
        Register columns organisation, period, invited.
    benchmarks : DataFrame
        As published.
    shown : dict
        Period -> organisations that are dots in the plane.
    before : mapping
        Period -> what was told of it before.
    executor : Executor, optional
        Works on variance shares elsewhere.
    """
    published, known = published_groups(benchmarks), Known.of(wholes, people, shown, before)
    panels = choose_panels(wholes, gathered.changes, groups, people, published, known, before)
    levels = publish_group_levels(wholes, groups, people, benchmarks, frames, columns)
    complete = {(w.organisation, w.period) for w in wholes if w.complete}
    tables = {
        "group_levels": levels,
        "group_gaps": publish_group_gaps(levels),
        "group_changes": publish_group_changes(wholes, panels, groups, people, levels, frames, columns),
        "panel_participation": count_panels(panels, groups, published, known),
        "distribution": publish_distribution(wholes, groups, people["id"].tolist(), benchmarks, columns),
        "named": publish_named(wholes, gathered.changes, people, shown, columns),
        "coverage": publish_coverage(wholes, people, invited, frames),
        "reliability": publish_reliability(gathered.categories, complete, columns),
        "variance_shares": publish_shares(gathered.spread, complete, executor=executor),
    }
    return tables, panels
