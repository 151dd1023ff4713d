"""Goals that organisations set themselves: a level to reach by a year. Checked and stored beside plans. Restricted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dimios_core.actions.choices import label_places
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import COMPOSITE, Category, Dimension, Instrument, Point
from dimios_core.locks import holding
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
    return label_places(on_level[level])


#: a fault of a goal: what it is a fault of (a column of `GOAL_TYPES`), what is wrong, how to mend it
Fault = tuple[str, str, str]
PLACES = {c: c if c == "organisation" else f"--{c}" for c in GOAL_TYPES}


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
    found, faults = check_goal(organisation, level, key, value, year, register, instrument)
    if faults:
        raise InputError([Problem(PLACES[column], what, remedy) for column, what, remedy in faults])
    return found


def check_goal(
    organisation: str, level: str, key: str, value: str, year: str, register: Register, instrument: Instrument
) -> tuple[dict[str, object], list[Fault]]:
    """Check a goal as `read_goal` does; returns what it says, and everything that is wrong with it."""
    found, faults = _find_place(organisation, level, key, register, instrument)
    number, by = parse_number(value), parse_number(year)
    if number is None or not VALUE_MIN <= number <= VALUE_MAX:
        faults.append(("value", f"{show_value(value)} is no result of 0 to 100", "write percent, such as 60"))
    if by is None or by % 1 or not YEAR_MIN <= by <= YEAR_MAX:
        what = f"{show_value(year)} is no year from {YEAR_MIN} to {YEAR_MAX}"
        faults.append(("year", what, "write the year by which it is to be reached, such as 2027"))
    if faults or number is None or by is None:
        return {}, faults
    return found | {"value": round(number, 1), "year": int(by)}, []


def _find_place(
    organisation: str, level: str, key: str, register: Register, instrument: Instrument
) -> tuple[dict[str, object], list[Fault]]:
    """Whose goal it is and of what, with what is wrong about that."""
    faults: list[Fault] = []
    ids = register.organisations["id"].tolist()
    if organisation not in ids:
        what = f"{show_value(organisation)} is not in the register{suggest(organisation, ids)}"
        faults.append(("organisation", what, "use an id of the register"))
    levels = LEVELS if instrument.composite is not None else LEVELS[1:]
    if level not in levels:
        what = f"{show_value(level)} is no level of the instrument{suggest(level, levels)}"
        faults.append(("level", what, f"use one of: {', '.join(levels)}"))
        return {}, faults
    labels = level_labels(instrument, level)
    found = COMPOSITE[1] if (level, key) == (COMPOSITE[0], "") else labels.get(normalise_label(key))
    if found is None:
        what = f"the instrument has no {level} {show_value(key)}{suggest(key, labels)}"
        faults.append(("key", what, f"use an id or name, such as {next(iter(labels.values()))}"))
    return {"organisation": organisation, "level": level, "key": found}, faults


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


@dataclass(frozen=True)
class SetGoals:
    """What setting goals did: how many are new, changed (another value), and as they were."""

    new_n: int
    changed_n: int
    unchanged_n: int


@holding("dimios goal")
def set_goals(goals: Sequence[dict[str, object]], outputs: Path) -> SetGoals:
    """Store goals; each takes the place of one for the same organisation, level, key and year."""
    stored = load_goals(outputs)
    place = ["organisation", "level", "key", "year"]
    known = {tuple(row[c] for c in place): row["value"] for row in stored.to_dict("records")}
    before = [known.get(tuple(goal[c] for c in place)) for goal in goals]
    same_n = sum(goal["value"] == value for goal, value in zip(goals, before, strict=True))
    new_n = before.count(None)
    if same_n < len(goals):
        everything = pd.concat([stored, pd.DataFrame(list(goals)).astype(GOAL_TYPES)], ignore_index=True)
        _store(everything.drop_duplicates(place, keep="last"), outputs)
    return SetGoals(new_n, len(goals) - new_n - same_n, same_n)


def set_goal(goal: dict[str, object], outputs: Path) -> bool:
    """Store a goal; it takes the place of one for the same level, key and year. Returns whether there was one."""
    return set_goals([goal], outputs).new_n == 0


@holding("dimios goal remove")
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
    found, faults = _find_place(organisation, level, key, register, instrument)
    if faults:
        raise InputError([Problem(PLACES[column], what, remedy) for column, what, remedy in faults])
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
