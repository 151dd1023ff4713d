"""A made-up organisation whose staff is asked with the form: its register, its staff list, its plan's settings, and how they answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dimios_core.demo.respondents import PAGES_MAX, Choose
from dimios_core.instrument import Instrument

ORGANISATION, NAME, PERIOD = "provby", "Provby", "2026"
#: when the robot answers, within the window of the settings
NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
UNITS = {"omsorg": "Omsorg", "skola": "Skola", "bygg": "Bygg och miljö", "kultur": "Kultur", "stab": "Stab"}
PEOPLE_N, INVITED_N = 240, 180
#: shares of who answers, of who begins and leaves, and of whom an initiative is heard
ANSWERS, LEAVES, TELLS = 0.65, 0.05, 0.06
#: shares of statements that are answered with "don't know", and left out
UNSURE, LEFT_OUT = 0.06, 0.02
MEAN, SPREAD, NOISE = 3.1, 0.6, 0.8
INITIATIVE = {
    "title": "Fråga den som ringer",
    "what": "Vi ringer upp tre som har använt tjänsten, varje månad, och ändrar en sak.",
    "start": "2026-02",
}
SETTINGS = """\
organisation: provby
period: "2026"
mode: confidential
opens: 2026-09-07
closes: 2026-09-25
reminders: [2026-09-14, 2026-09-21]
report: 2026-10-15
languages: [sv, en]
contact: {name: Påhittad Person, email: enkat@provby.example}
responsible: Provby kommun (påhittad)
legal_basis: {sv: "Uppgift av allmänt intresse.", en: "A task in the public interest."}
kept_until: 2027-01-31
"""


@dataclass(frozen=True)
class StaffFiles:
    """The files that it is registered and planned with."""

    organisations: Path
    units: Path
    staff: Path


def write_staff(folder: Path, instrument: Instrument, seed: int) -> StaffFiles:
    """Write the register's files and the staff list; the same seed, the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = StaffFiles(folder / "organisations.csv", folder / "units.csv", folder / "staff.csv")
    files.organisations.write_text(
        f"id,namn,typ,delning\n{ORGANISATION},{NAME},kommun,namngiven\n", encoding="utf-8"
    )
    units = [f"{ORGANISATION},{unit},{name}" for unit, name in UNITS.items()]
    files.units.write_text("\n".join(["organisation,enhet,namn", *units]) + "\n", encoding="utf-8")
    drawn = random.Random(seed)
    rows = ["namn,e-post,person-id,enhet,roll"]
    for number in range(1, PEOPLE_N + 1):
        unit = drawn.choices([*UNITS], weights=(6, 6, 4, 3, 2))[0]
        role = drawn.choice([role.id for role in instrument.roles])
        email = f"p{number}@{ORGANISATION}.example" if drawn.random() > 0.1 else ""
        rows.append(f"Påhittad Person {number},{email},{number + 1000},{unit},{role}")
    files.staff.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return files


@dataclass(frozen=True)
class Will:
    """What somebody means to do: how many pages she fills in, whether she tells of an initiative, and what she chooses."""

    pages: int
    tells: bool
    choose: Choose


def draw_will(seed: int, person: str) -> Will | None:
    """Draw what somebody who is invited does; None for nothing. The same seed and person, the same."""
    drawn = random.Random(f"{seed} {person}")
    share = drawn.random()
    if share > ANSWERS + LEAVES:
        return None
    level = drawn.gauss(MEAN, SPREAD)

    def choose(name: str, offered: Sequence[str]) -> str:
        kind = drawn.random()
        if kind < LEFT_OUT:
            return ""
        numbers = [value for value in offered if value.isdecimal()]
        if kind < LEFT_OUT + UNSURE or not numbers:
            return offered[-1]
        wished = drawn.gauss(level, NOISE)
        return min(numbers, key=lambda value: abs(float(value) - wished))

    pages = 2 if share > ANSWERS else PAGES_MAX
    return Will(pages, drawn.random() < TELLS, choose)
