"""Audit of an organisation's own tables by working out again what follows from what is published in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dimios_core.published.conventions import ALL, DIRECT
from dimios_core.results.audit.differences import (
    check_changes,
    check_contrasts,
    check_gaps,
    check_standardised,
    check_trends,
)
from dimios_core.results.audit.grid import GROUP, Fault, Grid
from dimios_core.results.audit.intervals import check_intervals, check_words
from dimios_core.results.audit.level_intervals import check_level_intervals, implied_answers
from dimios_core.results.audit.levels import check_levels, check_sums
from dimios_core.results.audit.people import check_quality, check_rate_sums, check_rates, check_spread
from dimios_core.results.audit.places import check_regions
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.scoring.groups import UnitTree

#: table -> its difference, what a fault names, the family of its words and whose number they look at
DIFFERENCES = {
    "changes": ("change", "unit role level key", "period period_from level group_kind", "n"),
    "gaps": ("gap", "group level key", "", None),
    "trends": ("slope", "unit role level key", "", None),
    "contrasts": ("difference", "kind unit role other level key", "period kind level", "n"),
    "standardised": ("change", "level key", "", None),
}
#: families of tables that do not tell how many answered
UNTOLD = {"gaps": "period group level", "trends": "period level group_kind"}


def check_recomputed(
    sheets: Mapping[str, Sheet], periods: list[str], tree: UnitTree, grid: Grid, wide: Grid
) -> Iterator[Fault]:
    """Yield what does not follow from an organisation's published levels: period, what it is about, what is wrong.

    Parameters
    ----------
    sheets : mapping
        Its tables.
    periods : list of str
        Those in which it took part.
    tree : UnitTree
    grid : Grid
        Its levels.
    wide : Grid
        These, and beside them what follows from levels of periods that were asked with earlier versions of the model.
    """
    answers = implied_answers(grid)
    yield from check_levels(grid)
    yield from check_level_intervals(grid, answers)
    yield from check_sums(grid, divide_groups(list(grid.number), tree))
    yield from check_changes(sheets["changes"], wide)
    yield from check_gaps(sheets["gaps"], grid)
    yield from check_trends(sheets["trends"], wide, periods)
    yield from check_contrasts(sheets["contrasts"], grid)
    yield from check_standardised(sheets["standardised"])
    yield from check_regions(sheets["regions"], grid, answers)
    rates = sheets["response_rates"]
    yield from check_rates(rates, grid)
    yield from check_rate_sums(rates, divide_groups(list(rates.rows(*GROUP)), tree))
    yield from check_quality(sheets["quality"], grid)
    # people who belong to no unit count as one more
    yield from check_spread(sheets["spread"], grid, len(tree.parent) + 1)
    for table, (value, about, family, n) in DIFFERENCES.items():
        sheet = sheets[table]
        yield from _named(table, check_intervals(sheet, value, about.split()))
        words = family or UNTOLD.get(table, "")
        if words:
            yield from _named(table, check_words(sheet, value, about.split(), words.split(), n))


def divide_groups(groups: list[tuple[str, str, str]], tree: UnitTree) -> list[tuple[tuple, list[tuple]]]:
    """Return ways in which groups (period, unit, role) are divided: by role, and by the units directly below."""
    by_unit: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    by_role: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    for period, unit, role in groups:
        above = parent_of(unit, tree.parent)
        if above is not None:
            by_unit.setdefault((period, above, role), []).append((period, unit, role))
        if role != ALL:
            by_role.setdefault((period, unit, ALL), []).append((period, unit, role))
    known = set(groups)
    return [(g, parts) for ways in (by_unit, by_role) for g, parts in ways.items() if g in known]


def parent_of(unit: str, parent: Mapping[str, str]) -> str | None:
    """Return the unit directly above, ALL for the organisation; None for the organisation itself."""
    if unit == ALL:
        return None
    if unit.endswith(DIRECT):
        return unit.removesuffix(DIRECT) or ALL
    return parent.get(unit, "") or ALL


def _named(table: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    return ((period, f"{table} {about}", what) for period, about, what in faults)
