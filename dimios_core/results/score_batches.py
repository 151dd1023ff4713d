"""One batch of organisations: from their stored answers to their part of both new stores.

Batches are independent of each other, so any executor may run them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.published.shaping import shape_table, stack_tables
from dimios_core.published.status import Status
from dimios_core.published.store import PREFIX
from dimios_core.published.writing import write_json, write_parquet, write_published_of
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
from dimios_core.results.scoring.groups import Block, UnitTree
from dimios_core.results.scoring.matrix import Respondents
from dimios_core.results.scoring.models import Models
from dimios_core.results.scoring.stored import Stored, load_stored
from dimios_core.results.versions.archive import Archive, Name, Rule
from dimios_core.results.versions.ledger import STAGED
from dimios_core.results.versions.patterns import Statuses, settle
from dimios_core.results.versions.people import BASES

#: what the blocks of a version show, for later ones: name -> groups, and base -> statuses
_Settled = dict[Name, tuple[list[tuple[str, str]], Statuses]]


@dataclass(frozen=True)
class BatchSummary:
    """What a batch hands over of the periods of one version of the model."""

    wholes: list[Whole]
    gathered: Gathered
    rows_n: int
    published_n: int


def score_batch(
    outputs: Path, models: Models, periods_of: dict[str, list[str]], number: int, method: int
) -> dict[int, BatchSummary]:
    """Score some organisations, all their periods, and write their part of both new stores and what the ledger keeps.

    Every version of the model has a pass over its own columns. It makes the tables of the periods that were asked with it;
    periods asked with earlier ones take part as what changes are from, with the answers that mean the same in both.
    """
    store = ResponseStore(outputs / STAGED)
    register = store.register()
    loaded = {
        version: load_stored(store, register, until, models, version)
        for version in models.versions
        if (until := _list_until(models, version, periods_of))
    }
    weighted = {organisation for stored in loaded.values() for organisation in stored.weighted}
    settled: dict[int, _Settled] = {}
    done: dict[int, BatchSummary] = {}
    made: dict[str, list[pd.DataFrame]] = {}
    effective: dict[str, dict[str, int]] = {}
    for version, stored in loaded.items():
        stored.respondents.weighted[:] = [b.organisation in weighted for b in stored.blocks]
        rules = Rule.all_of(register, stored.trees)
        shown = settle(
            Archive(outputs / STAGED), stored.respondents, stored.blocks, rules, models.columns[version], method,
            partial(_carry_over, settled, models, version),
        )  # fmt: skip
        settled[version] = {
            (b.period, b.organisation): (b.groups, s) for b, s in zip(stored.blocks, shown, strict=True)
        }
        tables, estimates, done[version] = _score_version(
            models, version, stored, shown, register.invited, effective
        )
        for name, table in tables.items():
            made.setdefault(name, []).append(table)
        part = outputs / ".estimates.new" / "estimates.parquet" / f"part-{number:05}-{version}.parquet"
        write_parquet(estimates, part)
    tables = {name: stack_tables(name, parts, per_organisation=True) for name, parts in made.items()}
    about, demo = register.organisations.set_index("id"), demo_mark(outputs).exists()
    units = register.units[register.units["organisation"].isin(periods_of)]
    folders = {o: outputs / ".results.new" / f"{PREFIX}{o}" for o in periods_of}
    for folder in folders.values():
        folder.mkdir()
    for name, table in tables.items():
        write_published_of(name, table, folders)
    for organisation, periods in periods_of.items():
        profile = _profile(organisation, about, units, periods, models.instruments[models.latest], demo)
        more = {"weighted": organisation in weighted, "effective_n": effective[organisation]}
        write_json(profile | more, folders[organisation] / "organisation.json")
    return done


def _list_until(models: Models, version: int, periods_of: dict[str, list[str]]) -> dict[str, list[str]]:
    """Organisation -> its periods that were asked with a version or an earlier one; of those that have any with the version."""
    own = set(models.periods(version))
    return {
        organisation: [p for p in periods if models.version_of[p] <= version]
        for organisation, periods in periods_of.items()
        if own & set(periods)
    }


def _score_version(
    models: Models, version: int, stored: Stored, shown: list[Statuses], invited: pd.DataFrame, effective: dict[str, dict[str, int]]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, BatchSummary]:  # fmt: skip
    """Tables, estimates and summary of the periods that were asked with a version; `effective` is added to."""
    own, columns = set(models.periods(version)), models.columns[version]
    respondents = stored.respondents
    pattern = Pattern(*(np.vstack([s[base] for s in shown]) for base in BASES))
    batch = estimate_batch(respondents, stored.blocks, columns, pattern)
    changes = estimate_changes(batch, respondents, columns)
    tables, invited_to = _tabulate(batch, respondents, columns, stored.trees, invited, changes)
    gathered, own_tables = gather_batch(batch, respondents, columns, changes, tables["changes"])
    tables = {name: table[table["period"].isin(own)] for name, table in (tables | own_tables).items()}
    estimates = tabulate_estimates(batch, respondents, columns, invited_to)
    estimates = estimates[estimates["period"].isin(own)].reset_index(drop=True)
    for organisation in stored.trees:
        told = count_effective(batch, respondents, organisation, own)
        effective[organisation] = effective.get(organisation, {}) | told
    summary = BatchSummary(
        [w for w in collect_wholes(batch, respondents, columns) if w.period in own],
        gathered.within(own),
        len(estimates),
        int((tables["scores"]["status"] == Status.PUBLISHED.label).sum()),
    )
    return tables, estimates, summary


def _carry_over(settled: dict[int, _Settled], models: Models, version: int, block: Block) -> Statuses | None:
    """What a block of an earlier version shows, over the columns of a later one: nothing where these ask something else."""
    then = models.version_of[block.period]
    if then == version:
        return None
    groups, shown = settled[then][block.period, block.organisation]
    place = {group: g for g, group in enumerate(groups)}
    rows, columns = [place[group] for group in block.groups], models.places(then, version)
    return {
        base: np.insert(s, s.shape[1], Status.NO_ANSWERS, axis=1)[np.ix_(rows, columns)]
        for base, s in shown.items()
    }


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


def count_effective(
    batch: Batch, respondents: Respondents, organisation: str, periods: Collection[str]
) -> dict[str, int]:
    """Period -> (Σw)²/Σw² of all respondents, rounded: as how many of equal weight they count (Kish 1965).

    Only of an organisation whose respondents carry different weights, in those of the periods with the threshold of them or more.
    """
    found: dict[str, int] = {}
    for i, block in enumerate(batch.blocks):
        if block.organisation != organisation or block.period not in periods or not respondents.weighted[i]:
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
