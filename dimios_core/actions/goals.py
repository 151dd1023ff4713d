"""Goals that organisations set themselves: a level to reach by a year. Checked and stored beside plans. Restricted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import COMPOSITE, Category, Dimension, Instrument, Point
from dimios_core.responses.labels import normalise_label, parse_number, show_value, suggest
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import Transaction, finish_committed

FOLDER = "goals"
FILE = "goals.parquet"
GOAL_TYPES = {"organisation": "str", "level": "str", "key": "str", "value": "float64", "year": "int64"}
LEVELS = (COMPOSITE[0], "dimension", "category", "point")
VALUE_MIN, VALUE_MAX = 0.0, 100.0
YEAR_MIN, YEAR_MAX = 2000, 2100


def level_labels(instrument: Instrument, level: str) -> dict[str, str]:
    """Return how what stands on a level may be written (id, or name in any language; normalised) and its id."""
    if level == COMPOSITE[0]:
        named = instrument.composite
        names = [] if named is None else [COMPOSITE[1], *named.name.values()]
        return {normalise_label(name): COMPOSITE[1] for name in names}
    on_level: dict[str, Sequence[Dimension | Category | Point]] = {
        "dimension": instrument.dimensions, "category": instrument.categories, "point": instrument.points,
    }  # fmt: skip
    places = on_level[level]
    labels = {normalise_label(name): place.id for place in places for name in place.name.values()}
    return labels | {normalise_label(place.id): place.id for place in places}


def read_goal(
    organisation: str, level: str, key: str, value: str, year: str, register: Register, instrument: Instrument
) -> dict[str, object]:
    """Check a goal as it was written.

    Parameters
    ----------
    organisation : str
        Id in the register.
    level : str
        One of `LEVELS`.
    key : str
        Id or name, on the level.
    value : str
        Percent, 0-100; kept with one decimal.
    year : str
        2000-2100.
    register : Register
    instrument : Instrument

    Returns
    -------
    dict
        `GOAL_TYPES`.

    Raises
    ------
    InputError
        Everything that is wrong.
    """
    found, problems = _find_place(organisation, level, key, register, instrument)
    number, by = parse_number(value), parse_number(year)
    if number is None or not VALUE_MIN <= number <= VALUE_MAX:
        problems.append(
            Problem("--value", f"{show_value(value)} is no result of 0 to 100", "write percent, such as 60")
        )
    if by is None or by % 1 or not YEAR_MIN <= by <= YEAR_MAX:
        what = f"{show_value(year)} is no year from {YEAR_MIN} to {YEAR_MAX}"
        problems.append(Problem("--year", what, "write the year by which it is to be reached, such as 2027"))
    if problems or number is None or by is None:
        raise InputError(problems)
    return found | {"value": round(number, 1), "year": int(by)}


def _find_place(
    organisation: str, level: str, key: str, register: Register, instrument: Instrument
) -> tuple[dict[str, object], list[Problem]]:
    """Whose goal it is and of what, with what is wrong about that."""
    problems = []
    ids = register.organisations["id"].tolist()
    if organisation not in ids:
        what = f"{show_value(organisation)} is not in the register{suggest(organisation, ids)}"
        problems.append(Problem("organisation", what, "use an id of the register"))
    levels = LEVELS if instrument.composite is not None else LEVELS[1:]
    if level not in levels:
        what = f"{show_value(level)} is no level of the instrument{suggest(level, levels)}"
        problems.append(Problem("--level", what, f"use one of: {', '.join(levels)}"))
        return {}, problems
    labels = level_labels(instrument, level)
    found = COMPOSITE[1] if (level, key) == (COMPOSITE[0], "") else labels.get(normalise_label(key))
    if found is None:
        what = f"the instrument has no {level} {show_value(key)}{suggest(key, labels)}"
        problems.append(Problem("--key", what, f"use an id or name, such as {next(iter(labels.values()))}"))
    return {"organisation": organisation, "level": level, "key": found}, problems


def load_goals(outputs: Path) -> pd.DataFrame:
    """Return all stored goals, by organisation, then in the order in which they were set.

    Returns
    -------
    pandas.DataFrame
        `GOAL_TYPES`: value in percent, year a whole number.
    """
    finish_committed(outputs / FOLDER)
    path = outputs / FOLDER / FILE
    if not path.is_file():
        return pd.DataFrame(columns=list(GOAL_TYPES)).astype(GOAL_TYPES)
    return pd.read_parquet(path)


def set_goal(goal: dict[str, object], outputs: Path) -> bool:
    """Store a goal; it takes the place of one for the same level, key and year. Returns whether there was one."""
    stored = load_goals(outputs)
    same = _find_same(stored, goal)
    _store(pd.concat([stored[~same], pd.DataFrame([goal])], ignore_index=True), outputs)
    return bool(same.any())


def remove_goals(
    organisation: str,
    level: str,
    key: str,
    year: str | None,
    outputs: Path,
    register: Register,
    instrument: Instrument,
) -> int:
    """Take an organisation's goals for a level and key away, those of a year or all; returns how many.

    Raises
    ------
    InputError
        There is no such goal, or no such level or key; nothing is taken away then.
    """
    found, problems = _find_place(organisation, level, key, register, instrument)
    if problems:
        raise InputError(problems)
    stored = load_goals(outputs)
    gone = _find_same(stored, found | ({} if year is None else {"year": year}))
    if not gone.any():
        of = f"{organisation}, {level} {found['key']}{f', {show_value(year)}' if year is not None else ''}"
        raise InputError(Problem(of, "there is no such goal", "see the goals with: dimios goal list"))
    _store(stored[~gone], outputs)
    return int(gone.sum())


def _find_same(stored: pd.DataFrame, goal: dict[str, object]) -> pd.Series:
    same = pd.Series(True, index=stored.index)
    for column in ("organisation", "level", "key", "year"):
        if column in goal:
            same &= stored[column].astype(str) == str(goal[column])
    return same


def _store(goals: pd.DataFrame, outputs: Path) -> None:
    frame = goals.astype(GOAL_TYPES).sort_values("organisation", kind="stable", ignore_index=True)
    with Transaction(outputs / FOLDER) as transaction:
        frame.to_parquet(transaction.stage(FILE), index=False, compression="zstd")
        transaction.commit()
