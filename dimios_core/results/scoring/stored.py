"""From the response store to respondents and groups, for some organisations at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dimios_core.responses.register import Register
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.groups import Block, UnitTree, build_block
from dimios_core.results.scoring.matrix import RESPONDENT_COLUMNS, Respondents, build_respondents, concatenate
from dimios_core.results.scoring.models import Models


@dataclass(frozen=True)
class Stored:
    """What lies in the store of some organisations.

    Attributes
    ----------
    respondents : Respondents
        In the order of the blocks.
    blocks : list of Block
        A block an organisation and period, in the order asked for.
    trees : dict
        Unit tree of each of the organisations.
    weighted : set of str
        Organisations where respondents of a period have different weights.
    """

    respondents: Respondents
    blocks: list[Block]
    trees: dict[str, UnitTree]
    weighted: set[str]


def list_trees(register: Register, organisations: Iterable[str]) -> dict[str, UnitTree]:
    """Return the unit tree of every organisation; an empty one where it has no units."""
    parents: dict[str, dict[str, str]] = {organisation: {} for organisation in organisations}
    units = register.units[register.units["organisation"].isin(parents)]
    for organisation, unit, parent in zip(
        units["organisation"], units["unit"], units["parent"].fillna(""), strict=True
    ):
        parents[organisation][unit] = parent
    return {organisation: UnitTree(parent) for organisation, parent in parents.items()}


def load_stored(
    store: ResponseStore, register: Register, periods_of: Mapping[str, Iterable[str]], models: Models, version: int
) -> Stored:  # fmt: skip
    """Read the answers of some organisations, laid out over the columns of one version of the model.

    Parameters
    ----------
    periods_of : mapping
        Organisation -> periods, at least one in all, that were asked with this version or an earlier one. Of an earlier
        one's answers those are read that mean the same in both.
    models : Models
    version : int

    Raises
    ------
    InputError
        Answers are missing, or a file is damaged.
    """
    thresholds = dict(zip(register.organisations["id"], register.organisations["threshold"], strict=True))
    trees = list_trees(register, periods_of)
    laid = {v: models.laid_over(v, version) for v in models.versions if v <= version}
    common = {v: models.common(v, version) for v in laid}
    blocks: list[Block] = []
    parts: list[Respondents] = []
    for organisation, periods in periods_of.items():
        for period in periods:
            table, provenance = store.read_with_provenance(period, organisation, RESPONDENT_COLUMNS)
            threshold, then = int(thresholds[organisation]), models.version_of[period]
            if then != version:
                means_the_same = pc.is_in(table["item"], pa.array(common[then], pa.string()))
                table = rename_items(table.filter(means_the_same), common[then])
            part = build_respondents(table, laid[then], len(blocks), provenance.strata_merge, threshold)
            if then != version and not len(part):
                continue  # nobody answered what both versions ask
            blocks.append(
                build_block(period, organisation, threshold, trees[organisation], part.unit, part.role)
            )
            parts.append(part)
    weighted = {b.organisation for b, p in zip(blocks, parts, strict=True) if p.weighted[0]}
    respondents = concatenate(parts)
    respondents.weighted[:] = [b.organisation in weighted for b in blocks]
    return Stored(respondents, blocks, trees, weighted)


def rename_items(table: pa.Table, renamed: Mapping[str, str]) -> pa.Table:
    """Return response rows with today's names of items."""
    if all(old == new for old, new in renamed.items()):
        return table
    at = table.schema.get_field_index("item")
    names = [renamed.get(item, item) for item in table["item"].to_pylist()]
    return table.set_column(at, "item", pa.array(names).dictionary_encode())
