"""The anonymous mode: drafts under a key that is destroyed, and answers that no order, time or backup ties to anybody.

- A draft is encrypted, of one size whatever is in it; the key lies outside the bundle and its backups.
- What is submitted goes into the buffer of those whom the list tells nothing apart of (unit, role, stratum, weight): slots of one
  size, encrypted anew as a whole each time, so that no two states of it can be compared.
- When twice a lot is there, a lot of it, drawn at random, goes among the answers under random numbers. So a lot always remains,
  and what comes after it leaves together with it: between any two states at least five answers of the same kind have come.
- Initiatives wait under the key until the end, and leave all at once: beside nobody's answers, nor those of a lot.
- At the end, kinds that never came to a lot leave together with others, without what they do not share: unit or role or both.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dimios_core.collect.box import ID_BYTES, Box, Person
from dimios_core.collect.database import writing
from dimios_core.collect.form import TEXT_LIMIT, TITLE_LIMIT, Form
from dimios_core.collect.keys import destroy_key, read_key
from dimios_core.errors import InputError, Problem

#: fewer answers than this never come, or leave, together
LOT = 5
#: what a slot holds beside answers and an initiative: names of fields, brackets, numbers
SLOT_REST, ANSWER_REST = 512, 24
#: bytes that a character of a text takes at most, escaped as JSON does
CHARACTER_BYTES = 12
NONCE_BYTES = 12
UNKNOWN = "unknown"


class Kind(NamedTuple):
    """What answers leave with: of the register, of the model, of the sample."""

    unit: str
    role: str
    stratum: str
    weight: float


class AnonymousBox(Box):
    """The answers of a bundle, in the anonymous mode; parameters as of `Box`, and the folder of the key.

    Raises
    ------
    InputError
        The key is not there, and the survey is not closed; or it is another survey's.
    """

    _cipher: AESGCM | None = None

    def __init__(self, folder: Path, form: Form, keys: Path) -> None:
        super().__init__(folder, form)
        self.keys = keys
        self.slot_bytes = find_slot(form)
        if not self.is_closed:
            self._cipher = AESGCM(read_key(keys, form.id))
            self._fill_buffers()

    def _fill_buffers(self) -> None:
        """Make an empty buffer for every kind: who opens the bundle does so once, before anybody answers."""
        with writing(self.database):
            missing = self.database.execute(
                "SELECT no FROM cells WHERE no NOT IN (SELECT cell FROM buffers)"
            ).fetchall()
            for (cell,) in missing:
                self._write_buffer(cell, [])

    @property
    def is_closed(self) -> bool:
        """Whether the survey was closed; a process that sees so keeps no key."""
        closed = super().is_closed
        if closed:
            self._cipher = None
        return closed

    # -- what is encrypted ---------------------------------------------------------------------------------

    def _seal(self, person: int, content: bytes) -> bytes:
        return self._lock(f"draft {person}", content, self.slot_bytes)

    def _open(self, person: int, content: bytes) -> bytes:
        return self._unlock(f"draft {person}", content)

    def _lock(self, name: str, content: bytes, size: int) -> bytes:
        assert self._cipher is not None and len(content) <= size
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content.ljust(size), name.encode())

    def _unlock(self, name: str, content: bytes) -> bytes:
        assert self._cipher is not None
        try:
            opened = self._cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], name.encode())
        except InvalidTag:
            what = "what is stored is not under this key"
            remedy = "name the folder of this survey's key"
            raise InputError(Problem(str(self.keys / f"{self.form.id}.key"), what, remedy)) from None
        return opened

    # -- what was submitted --------------------------------------------------------------------------------

    def _tell(self, now: datetime) -> str | None:
        return None  # no day, no minute

    def _may_enter(self, person: Person) -> bool:
        return person.state in ("waiting", "begun")

    def _keep(self, person: Person) -> None:
        entered = asdict(self.read(person))
        cell = self.database.execute("SELECT cell FROM people WHERE no = ?", (person.no,)).fetchone()[0]
        waiting = [*self._read_buffer(cell), {name: entered[name] for name in ("answers", "initiative")}]
        if len(waiting) == 2 * LOT:
            secrets.SystemRandom().shuffle(waiting)  # who of them leaves
            self._put(self._kind_of(cell), waiting[:LOT])
            self._hold(waiting[:LOT])
            waiting = waiting[LOT:]
        self._write_buffer(cell, waiting)
        self._let_go(person)

    def _read_buffer(self, cell: int) -> list[dict[str, Any]]:
        content = self.database.execute("SELECT content FROM buffers WHERE cell = ?", (cell,)).fetchone()[0]
        found: list[dict[str, Any]] = json.loads(self._unlock(f"buffer {cell}", content))
        return found

    def _write_buffer(self, cell: int, waiting: list[dict[str, Any]]) -> None:
        content = self._lock(f"buffer {cell}", json.dumps(waiting).encode(), 2 * LOT * self.slot_bytes)
        self.database.execute("INSERT OR REPLACE INTO buffers VALUES (?, ?)", (cell, content))

    def _kind_of(self, cell: int) -> Kind:
        row = self.database.execute("SELECT unit, role, stratum, weight FROM cells WHERE no = ?", (cell,))
        return Kind(*row.fetchone())

    def _put(self, kind: Kind, entered: Iterable[dict[str, Any]]) -> None:
        """Put a lot's answers among what leaves, in an order of their own: where they lie in the file would tell it."""
        for one in shuffle(entered):
            self.put_answers(*kind, one["answers"])

    def _hold(self, entered: Iterable[dict[str, Any]]) -> None:
        """Keep a lot's initiatives until the end, told or not in one size: beside the lot they would be five people's."""
        name = secrets.token_bytes(ID_BYTES)
        told = json.dumps([one["initiative"] for one in shuffle(entered)]).encode()
        content = self._lock(f"held {name.hex()}", told, LOT * self.slot_bytes)
        self.database.execute("INSERT INTO held VALUES (?, ?)", (name, content))

    def _read_held(self) -> Iterator[dict[str, str]]:
        for name, content in self.database.execute("SELECT id, content FROM held").fetchall():
            yield from json.loads(self._unlock(f"held {name.hex()}", content))

    # -- the end -------------------------------------------------------------------------------------------

    def _release(self) -> int:
        cells = [no for (no,) in self.database.execute("SELECT no FROM cells ORDER BY no").fetchall()]
        lots, left_out_n = gather_lots({self._kind_of(cell): self._read_buffer(cell) for cell in cells})
        told = list(self._read_held())
        for kind, entered in lots:
            self._put(kind, entered)
            told += [one["initiative"] for one in entered]
        for initiative in shuffle(told):
            self.put_initiative(initiative)
        return left_out_n

    def _forget(self) -> None:
        self._cipher = None
        destroy_key(self.keys, self.form.id)


def shuffle(things: Iterable[Any]) -> list[Any]:
    """Return things in an order that nobody can know."""
    shuffled = list(things)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def gather_lots(
    waiting: dict[Kind, list[dict[str, Any]]],
) -> tuple[list[tuple[Kind, list[dict[str, Any]]]], int]:
    """Gather what waits at the end into lots of five or more who share all that leaves with their answers.

    Returns
    -------
    lots : list of (Kind, list)
        A kind of five or more leaves as it is. Smaller ones of a unit leave together if they are five, without their role; then
        those of a role, without their unit; then the rest with neither, joined by the smallest other lot if they are fewer than
        five. Who leaves together has the mean of their weights, and one stratum.
    left_out_n : int
        1 to 4 where nobody else is there for them to leave with; else 0.
    """
    lots = [(kind, entered) for kind, entered in waiting.items() if len(entered) >= LOT]
    small = {kind: entered for kind, entered in waiting.items() if 0 < len(entered) < LOT}
    for by in ("unit", "role"):
        for key in sorted({getattr(kind, by) for kind in small}):
            kinds = [kind for kind in small if getattr(kind, by) == key]
            if sum(len(small[kind]) for kind in kinds) >= LOT:
                shared = {"unit": (key, UNKNOWN), "role": ("", key)}[by]
                lots.append(_join(*shared, [(kind, small.pop(kind)) for kind in kinds]))
    rest = list(small.items())
    if rest and sum(len(entered) for _, entered in rest) < LOT:
        if not lots:
            return [], sum(len(entered) for _, entered in rest)
        smallest = min(range(len(lots)), key=lambda n: len(lots[n][1]))
        rest.append(lots.pop(smallest))
    return [*lots, _join("", UNKNOWN, rest)] if rest else lots, 0


def _join(
    unit: str, role: str, parts: list[tuple[Kind, list[dict[str, Any]]]]
) -> tuple[Kind, list[dict[str, Any]]]:
    people = [entered for _, found in parts for entered in found]
    weight = sum(kind.weight * len(found) for kind, found in parts) / len(people)
    return Kind(unit, role, f"{unit or '*'}/{role}", weight), people


def find_slot(form: Form) -> int:
    """Return how many bytes hold whatever somebody may enter."""
    answers = sum(len(item) + ANSWER_REST for item in form.questions)
    texts = CHARACTER_BYTES * (TITLE_LIMIT + TEXT_LIMIT)
    chosen = sum(max(map(len, choices), default=0) for choices in (form.points, form.kinds))
    return SLOT_REST + answers + texts + chosen + len("2026-01")
