"""Files of goals (CSV or XLSX), a row a goal: read and checked cell by cell. Restricted."""

from __future__ import annotations

from pathlib import Path

from dimios_core.actions.goals import GOAL_TYPES, LEVELS, check_goal
from dimios_core.actions.initiative_files import organisation_labels
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.responses.labels import normalise_label
from dimios_core.responses.register import Register
from dimios_core.responses.register_files import read_rows

#: headers of a file, as `normalise_label` writes them
HEADERS = {
    "nivå": "level",
    "nyckel": "key",
    "värde": "value",
    "mål": "value",
    "goal": "value",
    "år": "year",
    **{name: name for name in GOAL_TYPES},
}
#: the composite needs no key
OPTIONAL = frozenset({"key"})
LEVEL_NAMES = {"kategori": "category", "mätpunkt": "point", "measure point": "point"}


def read_goals(path: Path, register: Register, instrument: Instrument) -> list[dict[str, object]]:
    """Read a file of goals and check every cell.

    Parameters
    ----------
    path : pathlib.Path
        Columns with Swedish or English headers: `organisation` (id or name), `nivå`/`level` (maturity or the composite's
        name, dimension, category/kategori, point/mätpunkt), `nyckel`/`key` (id or name on the level; empty for the
        composite), `värde`/`mål`/`value` (percent, 0-100), `år`/`year`.
    register : Register
    instrument : Instrument

    Returns
    -------
    list of dict
        `GOAL_TYPES`, in the order of the file.

    Raises
    ------
    InputError
        Every fault of the file, with row and column.
    """
    organisations, levels = organisation_labels(register), level_names(instrument)
    goals: list[dict[str, object]] = []
    problems: list[Problem] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in read_rows(path, HEADERS, list(GOAL_TYPES), OPTIONAL):
        cells = row.cells
        organisation = organisations.get(normalise_label(cells["organisation"]), cells["organisation"])
        level = levels.get(normalise_label(cells["level"]), cells["level"])
        goal, faults = check_goal(
            organisation, level, cells["key"], cells["value"], cells["year"], register, instrument
        )
        problems += [row.problem(column, what, remedy) for column, what, remedy in faults]
        place = tuple(goal.get(c) for c in ("organisation", "level", "key", "year"))
        if goal and seen.setdefault(place, row.number) != row.number:
            what = f"the same goal for the same year is also in row {seen[place]}"
            problems.append(row.problem("year", what, "keep one of the rows"))
        goals.append(goal)
    if problems:
        raise InputError(problems)
    return goals


def level_names(instrument: Instrument) -> dict[str, str]:
    """Return how a level may be written (id, or name; normalised) and its id."""
    composite = instrument.composite
    names = {} if composite is None else {normalise_label(n): COMPOSITE[0] for n in composite.name.values()}
    return names | LEVEL_NAMES | {level: level for level in LEVELS}
