"""What is shown of an organisation and period: as it was shown before, or decided and held against all that was.

The same answers by the same rule show what they showed. By another rule (a new method, another threshold) a column shows
all that was shown of it before, and more, or nothing that was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from dimios_core.published.status import Status
from dimios_core.results.disclosure.pattern import tie_items
from dimios_core.results.estimate import decide_status
from dimios_core.results.scoring.columns import Columns, items_of
from dimios_core.results.scoring.groups import Block, UnitTree, build_block
from dimios_core.results.scoring.matrix import Respondents, build_respondents
from dimios_core.results.scoring.stored import rename_items
from dimios_core.results.versions.archive import Archive, Rule, Shown
from dimios_core.results.versions.findings import Findings
from dimios_core.results.versions.other_models import find_sharing, translate_items
from dimios_core.results.versions.people import BASES
from dimios_core.results.versions.releases import Version, Versions

Statuses = Mapping[str, np.ndarray]


def decide(respondents: Respondents, block: Block, index: int, columns: Columns) -> dict[str, np.ndarray]:
    """Decide what one block may show by itself: base -> int array (groups, columns) of Status."""
    pattern = decide_status(respondents, block, index, columns)
    return dict(zip(BASES, (pattern.scores, pattern.dont_know), strict=True))


def lay_out(
    table: pa.Table, strata_merge: dict[str, str], rule: Rule, columns: Columns
) -> tuple[Respondents, UnitTree, Block] | None:
    """Lay out response rows under a rule; None if the tree lacks a unit that somebody belongs to."""
    respondents = build_respondents(table, columns, 0, strata_merge, rule.threshold)
    tree = UnitTree(rule.parent)
    if not set(respondents.unit) <= {"", *tree.parent}:
        return None
    return respondents, tree, build_block("", "", rule.threshold, tree, respondents.unit, respondents.role)


def propose(
    answers: str, table: pa.Table, strata_merge: dict[str, str], rule: Rule, columns: Columns
) -> tuple[Version, Statuses] | None:
    """Build the version that answers would be by a rule, and its statuses; None where they do not fit the tree."""
    laid_out = lay_out(table, strata_merge, rule, columns)
    if laid_out is None:
        return None
    respondents, tree, block = laid_out
    status = decide(respondents, block, 0, columns)
    return Version(answers, respondents, tree, block, _published(status)), status


def _published(status: Statuses) -> dict[str, np.ndarray]:
    return {base: s == Status.PUBLISHED for base, s in status.items()}


def recall(archive: Archive, period: str, organisation: str, columns: Columns) -> list[Version]:
    """Build all versions that were shown of an organisation and period, whatever its name then, over today's columns."""
    names = (*archive.kin(period, organisation), (period, organisation))
    return [version for name in names for version in recall_own(archive, *name, columns)]


def recall_own(archive: Archive, period: str, organisation: str, columns: Columns) -> list[Version]:
    """Build those that were shown under this name, oldest first."""
    versions = []
    renamed = translate_items(archive.statements, columns)
    for shown in archive.shown(period, organisation):
        table, strata_merge = archive.answers(period, organisation, shown.answers)
        laid_out = lay_out(rename_items(table, renamed), strata_merge, shown.rule, columns)
        assert laid_out is not None  # it was laid out by this rule before
        respondents, tree, block = laid_out
        pattern = _over_columns(shown, block, renamed, columns)
        versions.append(Version(shown.answers, respondents, tree, block, pattern))
    return versions


def is_unlike(archive: Archive, period: str, organisation: str, columns: Columns) -> bool:
    """Whether a version was shown with a model that has no item in common with today's: nothing can be compared."""
    renamed = translate_items(archive.statements, columns)
    return any(
        not any(item in renamed for items in shown.items.values() for item in items)
        for shown in archive.shown(period, organisation)
    )


def _over_columns(
    shown: Shown, block: Block, renamed: Mapping[str, str], columns: Columns
) -> dict[str, np.ndarray]:
    """What a version showed, over today's columns: one shows what any did that shares an item with it."""
    place = {group: g for g, group in enumerate(block.groups)}
    at = [place[group] for group in shown.groups]
    pattern = {base: np.zeros((block.groups_n, columns.columns_n), bool) for base in BASES}
    for j, sharing in enumerate(find_sharing(shown.items, renamed, columns)):
        if sharing:
            for base in BASES:
                published = shown.status[base][:, sharing] == Status.PUBLISHED
                pattern[base][at, j] = published.any(axis=1)
    return pattern


def settle(
    archive: Archive, respondents: Respondents, blocks: Sequence[Block], rules: Mapping[str, Rule], columns: Columns,
    method: int, settled: Callable[[Block], Statuses | None] = lambda _: None,
) -> list[Statuses]:  # fmt: skip
    """Settle what every block of a batch shows, and note it in the (staged) ledger where it is new.

    Parameters
    ----------
    archive : Archive
        Of the staged ledger, whose answers the blocks are.
    rules : mapping
        Organisation -> its rule.
    method : int
        Version of the method.
    settled : callable, optional
        What a block shows that was settled with another version of the model, over these columns; None of others.

    Returns
    -------
    list of dict
        A block each: base -> int array (groups, columns) of Status.
    """
    items, found = items_of(columns), list[Statuses]()
    for i, block in enumerate(blocks):
        before = settled(block)
        if before is not None:
            found.append(before)
            continue
        name, rule = (block.period, block.organisation), rules[block.organisation]
        digest, known = archive.digest(*name), archive.shown(*name)
        same = [s for s in known if s.is_by(digest, rule, method, items)]
        if same:
            found.append(same[-1].status)
            continue
        status = decide(respondents, block, i, columns)
        if known:
            status = _limit(archive, name, digest, rule, status, columns)
        correction = max((s.correction for s in known), default=0)
        archive.add(*name, Shown(digest, correction, rule, method, items, block.groups, status))
        found.append(status)
    return found


def _limit(
    archive: Archive, name: tuple[str, str], digest: str, rule: Rule, status: Statuses, columns: Columns
) -> dict[str, np.ndarray]:
    """Take from what the same answers show by a new rule what earlier versions leave no room for."""
    laid_out = lay_out(*archive.answers(*name, digest), rule, columns)
    assert laid_out is not None  # they were just laid out
    respondents, tree, block = laid_out
    new = Version(digest, respondents, tree, block, _published(status))
    told = Findings(archive.ledger).recall(*name, columns)
    limited = Versions(recall(archive, *name, columns), new, told).limit()
    left = {
        base: np.where((s == Status.PUBLISHED) & ~limited[base], Status.SUPPRESSED_COMPLEMENT, s)
        for base, s in status.items()
    }
    for shown in left.values():
        tie_items(shown, columns.items_of)
    return left
