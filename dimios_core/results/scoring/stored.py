"""From the response store to respondents and groups, for some organisations at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dimios_core.responses.register import Register
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Block, UnitTree, build_block
from dimios_core.results.scoring.matrix import RESPONDENT_COLUMNS, Respondents, build_respondents, concatenate


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
    store: ResponseStore, register: Register, periods_of: Mapping[str, Iterable[str]], columns: Columns
) -> Stored:
    """Read the answers of some organisations.

    Parameters
    ----------
    periods_of : mapping
        Organisation -> periods, at least one in all.

    Raises
    ------
    InputError
        Answers are missing, or a file is damaged.
    """
    thresholds = dict(zip(register.organisations["id"], register.organisations["threshold"], strict=True))
    trees = list_trees(register, periods_of)
    blocks: list[Block] = []
    parts: list[Respondents] = []
    for organisation, periods in periods_of.items():
        for period in periods:
            table, provenance = store.read_with_provenance(period, organisation, RESPONDENT_COLUMNS)
            threshold = int(thresholds[organisation])
            part = build_respondents(table, columns, len(blocks), provenance.strata_merge, threshold)
            blocks.append(
                build_block(period, organisation, threshold, trees[organisation], part.unit, part.role)
            )
            parts.append(part)
    weighted = {b.organisation for b, p in zip(blocks, parts, strict=True) if p.weighted[0]}
    respondents = concatenate(parts)
    respondents.weighted[:] = [b.organisation in weighted for b in blocks]
    return Stored(respondents, blocks, trees, weighted)
