"""One batch of organisations: from their stored answers to their part of both new stores.

Batches are independent of each other, so any executor may run them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.published.store import PREFIX
from dimios_core.published.writing import write_json, write_parquet, write_published
from dimios_core.responses.store import ResponseStore
from dimios_core.results.consortium.public import Gathered, gather_batch
from dimios_core.results.consortium.wholes import (
    Whole,
    collect_wholes,
)
from dimios_core.results.disclosure.pattern import Pattern
from dimios_core.results.estimate import Batch, Changes, estimate_batch, estimate_changes, estimate_regions
from dimios_core.results.gate import publish_changes, publish_regions, publish_scores, tabulate_estimates
from dimios_core.results.organisation.contrasts import publish_contrasts
from dimios_core.results.organisation.rates import compute_rates, invited_by_group
from dimios_core.results.organisation.sensitivity import publish_sensitivity
from dimios_core.results.organisation.small_units import publish_small_units
from dimios_core.results.organisation.standardise import publish_standardised
from dimios_core.results.organisation.trend import publish_trends
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.scoring.matrix import Respondents
from dimios_core.results.scoring.stored import load_stored
from dimios_core.results.versions.archive import Archive, Rule
from dimios_core.results.versions.ledger import STAGED
from dimios_core.results.versions.patterns import settle
from dimios_core.results.versions.people import BASES


@dataclass(frozen=True)
class BatchSummary:
    wholes: list[Whole]
    gathered: Gathered
    rows_n: int
    published_n: int


def score_batch(
    outputs: Path, instrument: Instrument, periods_of: dict[str, list[str]], number: int, method: int
) -> BatchSummary:
    """Score some organisations, all their periods, and write their part of both new stores and what the ledger keeps."""
    store, columns = ResponseStore(outputs / STAGED), Columns(instrument)
    register = store.register()
    about = register.organisations.set_index("id")
    stored = load_stored(store, register, periods_of, columns)
    respondents, trees = stored.respondents, stored.trees
    rules = {organisation: Rule.of(register, organisation) for organisation in periods_of}
    shown = settle(Archive(outputs / STAGED), respondents, stored.blocks, rules, columns, method)
    pattern = Pattern(*(np.vstack([s[base] for s in shown]) for base in BASES))
    batch = estimate_batch(respondents, stored.blocks, columns, pattern)
    changes = estimate_changes(batch, respondents, columns)
    tables, invited = _tabulate(batch, respondents, columns, trees, register.invited, changes)
    gathered, own_tables = gather_batch(batch, respondents, columns, changes, tables["changes"])
    tables |= own_tables
    estimates = tabulate_estimates(batch, respondents, columns, invited)
    write_parquet(estimates, outputs / ".estimates.new" / "estimates.parquet" / f"part-{number:05}.parquet")
    for organisation in periods_of:
        folder = outputs / ".results.new" / f"{PREFIX}{organisation}"
        folder.mkdir()
        for name, table in tables.items():
            own = table[table["organisation"] == organisation].drop(columns="organisation")
            write_published(name, _trimmed(own), folder)
        write_json(
            _profile(
                organisation,
                about,
                register.units,
                periods_of[organisation],
                instrument,
                demo_mark(outputs).exists(),
            )
            | {
                "weighted": organisation in stored.weighted,
                "effective_n": count_effective(batch, respondents, organisation),
            },
            folder / "organisation.json",
        )
    published = int((tables["scores"]["status"] == Status.PUBLISHED.label).sum())
    return BatchSummary(collect_wholes(batch, respondents, columns), gathered, len(estimates), published)


def _tabulate(
    batch: Batch,
    respondents: Respondents,
    columns: Columns,
    trees: dict[str, UnitTree],
    invited: pd.DataFrame,
    changes: Changes,
) -> tuple[dict[str, pd.DataFrame], dict[int, int]]:
    """Published tables of a batch, and how many were invited to each group."""
    rates, invited_to, first = [], {}, 0
    asked = dict(iter(invited.groupby(["organisation", "period"], observed=True)))
    for block in batch.blocks:
        rows = asked.get((block.organisation, block.period), invited.iloc[:0])
        tree = trees[block.organisation]
        rate = compute_rates(block, tree, rows)
        rates.append(rate.assign(organisation=block.organisation, period=block.period))
        if len(rows):
            lookup = invited_by_group(block, tree, rows)[2]
            for g, key in enumerate(block.groups):
                if key in lookup:
                    invited_to[first + g] = lookup[key]
        first += block.groups_n
    tables = {
        "scores": publish_scores(batch, columns),
        "changes": publish_changes(batch, changes, columns),
        "response_rates": shape_table("response_rates", rates, per_organisation=True),
        "contrasts": publish_contrasts(batch, respondents, columns),
        "standardised": publish_standardised(batch, respondents, changes, columns),
        "trends": publish_trends(batch, respondents, columns),
    }
    tables["sensitivity"] = publish_sensitivity(tables["scores"], tables["response_rates"], trees, columns)
    tables["small_units"] = publish_small_units(tables["scores"], trees)
    regions = estimate_regions(batch, respondents, columns)
    if regions is not None:
        tables["regions"] = publish_regions(batch, regions, columns)
    return tables, invited_to


def _trimmed(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop categories of other organisations: what is published holds nothing but its own."""
    categorical = frame.select_dtypes("category").columns
    return frame.assign(**{c: frame[c].cat.remove_unused_categories() for c in categorical}).reset_index(
        drop=True
    )


def count_effective(batch: Batch, respondents: Respondents, organisation: str) -> dict[str, int]:
    """Period -> (Σw)²/Σw² of all respondents, rounded: as how many of equal weight they count (Kish 1965).

    Only of an organisation whose respondents carry different weights, in periods with the threshold of them or more.
    """
    found: dict[str, int] = {}
    for i, block in enumerate(batch.blocks):
        if block.organisation != organisation or not respondents.weighted[i]:
            continue
        w = respondents.weight[respondents.block == i]
        if len(w) >= block.threshold:
            found[block.period] = round(float(w.sum() ** 2 / (w**2).sum()))
    return found


def _profile(
    organisation: str,
    about: pd.DataFrame,
    units: pd.DataFrame,
    periods: list[str],
    instrument: Instrument,
    demo: bool,
) -> dict:
    row = about.loc[organisation]
    own = units[units["organisation"] == organisation]
    return {
        "id": organisation,
        **{
            c: ("" if pd.isna(row[c]) else str(row[c])) for c in ("name", "type", "county", "size", "sharing")
        },
        "threshold": int(row["threshold"]),
        "periods": periods,
        "units": [
            {"id": u, "name": n, "parent": p or ""}
            for u, n, p in zip(own["unit"], own["name"], own["parent"].fillna(""), strict=True)
        ],
        "instrument": instrument.id,
        "demo": demo,
    }


def demo_mark(outputs: Path) -> Path:
    """The file that marks a register as made up; its label goes along to everything that shows."""
    return outputs / "responses" / "register" / "demo.json"
