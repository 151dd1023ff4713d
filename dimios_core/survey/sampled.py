"""Who is invited: the sample as drawn, and as frozen when the survey opens. Restricted: names and addresses."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.responses.transaction import Transaction, finish_committed
from dimios_core.restricted import note_opened
from dimios_core.survey.settings import SETTINGS, read_survey

FRAME, SAMPLE, PLAN = "frame.csv", "sample.csv", "plan.json"
#: what the survey was frozen with
FROZEN = "frozen.json"
#: what may not change any more once it is frozen
HELD = (SETTINGS, FRAME, PLAN, SAMPLE)
_AGAIN = "draw the sample again: dimios survey sample"


@dataclass(frozen=True)
class Invited:
    """Somebody who is asked.

    Attributes
    ----------
    person_id : str
        The same in every period: as the staff list gave it, or made of what else tells the person apart.
    name : str
    email : str or None
        None where there is no address of her own: she gets a card.
    unit, role : str
        Ids of the register ("" is directly under the organisation) and of the instrument.
    language : str
        One of the survey's.
    stratum : str
        What she was drawn within; all with the same name have the same weight.
    weight : float
        N_h/n_h, 1 or more: how many of the stratum she stands for.
    card : bool
        She gets a letter with a code instead of a mail.
    """

    person_id: str
    name: str
    email: str | None
    unit: str
    role: str
    language: str
    stratum: str
    weight: float
    card: bool


COLUMNS = tuple(field.name for field in fields(Invited))


def write_sample(sample: Iterable[Invited]) -> bytes:
    """Return the sample as CSV: UTF-8, commas, a row a person; weights as the shortest text that reads back the same."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for person in sample:
        writer.writerow("" if cell is None else _write_cell(cell) for cell in astuple(person))
    return text.getvalue().encode()


def _write_cell(cell: str | float | bool) -> str:
    return ("yes" if cell else "no") if isinstance(cell, bool) else str(cell)


def read_sample(folder: Path) -> tuple[Invited, ...]:
    """Read who is invited, in the order in which they were drawn.

    Raises
    ------
    InputError
        No sample is drawn, it is no longer the one that was frozen, or somebody has altered the file so that it cannot be read.
    """
    finish_committed(folder)
    path = folder / SAMPLE
    if not path.is_file():
        raise InputError(Problem(SAMPLE, "no sample is drawn yet", "draw one: dimios survey sample"))
    note_opened("names and addresses")
    if is_frozen(folder):
        _check_held(folder)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InputError(Problem(SAMPLE, f"its columns are not {', '.join(COLUMNS)}", _AGAIN))
    problems: list[Problem] = []
    people = [_read_row(row, number, problems) for number, row in enumerate(rows[1:], 2)]
    if problems:
        raise InputError(problems)
    return tuple(person for person in people if person is not None)


def _read_row(row: list[str], number: int, problems: list[Problem]) -> Invited | None:
    try:
        person_id, name, email, unit, role, language, stratum, weight, card = row
        return Invited(
            person_id, name, email or None, unit, role, language, stratum, float(weight),
            {"yes": True, "no": False}[card],
        )  # fmt: skip
    except (ValueError, KeyError):
        problems.append(Problem(f"{SAMPLE}, row {number}", "it is no row of a sample", _AGAIN))
        return None


def is_frozen(folder: Path) -> bool:
    """Tell whether a survey was frozen: its settings, frame, plan and sample stay as they are."""
    return (folder / FROZEN).is_file()


def refuse_frozen(folder: Path) -> None:
    """Raise where a survey is frozen.

    Raises
    ------
    InputError
    """
    if is_frozen(folder):
        what = "the survey is open: its settings, frame, plan and sample stay as they are"
        raise InputError(Problem(str(folder), what, "plan the next one, or begin another period's"))


def freeze(folder: Path) -> None:
    """Freeze a survey before it opens: from now on nothing of it changes. Freezing it again does nothing.

    Raises
    ------
    InputError
        Settings or sample are missing or cannot be read, or they have changed since the survey was frozen.
    """
    read_survey(folder)
    read_sample(folder)
    if is_frozen(folder):
        return
    with Transaction(folder) as transaction:
        transaction.stage(FROZEN).write_text(json.dumps(_hash_held(folder), indent=1), encoding="ascii")
        transaction.commit()


def _hash_held(folder: Path) -> dict[str, str]:
    there = [name for name in HELD if (folder / name).is_file()]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in there}


def _check_held(folder: Path) -> None:
    kept = json.loads((folder / FROZEN).read_text(encoding="ascii"))
    now = _hash_held(folder)
    changed = [name for name in HELD if kept.get(name) != now.get(name)]
    if changed:
        what = "the survey is open, and the file is no longer the one that it was opened with"
        raise InputError(
            [Problem(str(folder / name), what, "restore the file from a backup") for name in changed]
        )
