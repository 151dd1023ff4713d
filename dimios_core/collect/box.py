"""What somebody has entered, from the first statement to the sealed file: one answer a person, whatever happens.

Every change is one transaction, on the disk before it is told. This is the confidential mode: what was submitted stays its
respondent's, to change or to withdraw, until the survey closes. `anonymous` keeps it apart from everybody.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from dimios_core.collect.database import compact, connect, empty_log, read_meta, write_meta, writing
from dimios_core.collect.form import Form
from dimios_core.collect.tokens import hash_secret, make_session
from dimios_core.collect.window import State, find_end, tell_minute, tell_state

#: for so long does a device that was left alone stay with its respondent
SESSION_SECONDS = 4 * 3600.0
#: devices and tabs that one link may hold at once; the oldest is let go of
SESSIONS_MAX = 20
ID_BYTES = 16
CLOSED = "closed"
Standing = Literal["waiting", "begun", "submitted", "withdrawn"]


@dataclass(frozen=True)
class Person:
    """Somebody who may answer: a number that means nothing, the language on the list, how far she is."""

    no: int
    language: str
    state: Standing


@dataclass(frozen=True)
class Entered:
    """What somebody has entered so far.

    Attributes
    ----------
    answers : dict of item -> number or "dont_know"
        Statements that were left out are not in it.
    role : str
        As confirmed; "" as long as it is not.
    initiative : dict of str
        point, kind, title, what, start; empty where none is told.
    """

    answers: Mapping[str, float | str] = field(default_factory=dict)
    role: str = ""
    initiative: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Closed:
    """What closing a survey came to: how many were invited and had submitted; `left_out_n` of them leave with no answers."""

    invited_n: int
    submitted_n: int
    left_out_n: int = 0


class Box:
    """The answers of a bundle, in the confidential mode.

    Parameters
    ----------
    folder : Path
    form : Form
        Of that bundle.
    """

    def __init__(self, folder: Path, form: Form) -> None:
        self.form = form
        self.database = connect(folder)

    def stop(self) -> None:
        """Let go of the database."""
        self.database.close()

    def state(self, now: datetime) -> State:
        """Tell whether answers are taken: "over" from the survey's last day on, and as soon as it is closed."""
        return "over" if self.is_closed else tell_state(self.form.opens, self.form.closes, now)

    @property
    def is_closed(self) -> bool:
        """Whether the survey was closed: what was submitted is sealed."""
        return bool(read_meta(self.database, CLOSED))

    # -- who is there --------------------------------------------------------------------------------------

    def find_link(self, token: str) -> Person | None:
        """Return whose link it is; nothing changes."""
        return self._find("links JOIN people ON person = no", "hash = ?", hash_secret(token))

    def open_session(self, person: Person, language: str, now: datetime) -> str:
        """Return what a device of somebody's keeps, from now on."""
        session, expires = make_session(), now.timestamp() + SESSION_SECONDS
        with writing(self.database):
            self.database.execute("DELETE FROM sessions WHERE expires <= ?", (now.timestamp(),))
            self.database.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)",
                (hash_secret(session), person.no, language, expires),
            )
            self.database.execute(
                "DELETE FROM sessions WHERE person = ? AND hash NOT IN (SELECT hash FROM sessions WHERE person = ? "
                "ORDER BY expires DESC LIMIT ?)",
                (person.no, person.no, SESSIONS_MAX),
            )
        return session

    def find_session(self, session: str, now: datetime) -> Person | None:
        """Return who answers on a device, in the language chosen there; None where it was left alone too long."""
        rows = self.database.execute(
            "SELECT no, sessions.language, state FROM sessions JOIN people ON person = no WHERE hash = ? AND expires > ?",
            (hash_secret(session), now.timestamp()),
        )
        return next((Person(*row) for row in rows), None)

    def choose_language(self, session: str, language: str) -> None:
        """Note in which language somebody goes on."""
        with writing(self.database):
            told = language, hash_secret(session)
            self.database.execute("UPDATE sessions SET language = ? WHERE hash = ?", told)

    def end_session(self, session: str) -> None:
        """Let a device know nobody any more."""
        with writing(self.database):
            self.database.execute("DELETE FROM sessions WHERE hash = ?", (hash_secret(session),))

    def role_of(self, person: Person) -> str:
        """Return the role that the list gives somebody."""
        rows = self.database.execute(
            "SELECT role FROM people JOIN cells ON cell = cells.no WHERE people.no = ?", (person.no,)
        )
        return str(next(rows)[0])

    def _find(self, table: str, where: str, value: object) -> Person | None:
        rows = self.database.execute(f"SELECT no, language, state FROM {table} WHERE {where}", (value,))
        return next((Person(*row) for row in rows), None)

    # -- what she enters -----------------------------------------------------------------------------------

    def read(self, person: Person) -> Entered:
        """Return what somebody has entered."""
        rows = self.database.execute("SELECT content FROM drafts WHERE person = ?", (person.no,))
        found = next(rows, None)
        return Entered() if found is None else Entered(**json.loads(self._open(person.no, found[0])))

    def save(self, person: Person, now: datetime, **changed: Any) -> bool:
        """Save what has changed of `Entered`; of its answers only those named (None takes one back).

        Returns
        -------
        bool
            False where nothing was saved: the survey is over, or the person may enter nothing any more.
        """
        with writing(self.database):
            known = self._find("people", "no = ?", person.no)
            if self.state(now) != "open" or known is None or not self._may_enter(known):
                return False
            before = self.read(known)
            answers = {**before.answers, **changed.pop("answers", {})}
            kept = {item: value for item, value in answers.items() if value is not None}
            entered = Entered(**(asdict(before) | changed | {"answers": kept}))
            content = self._seal(person.no, json.dumps(asdict(entered)).encode())
            self.database.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (person.no, content))
            begun = "UPDATE people SET state = 'begun', begun = ? WHERE no = ? AND state = 'waiting'"
            self.database.execute(begun, (self._tell(now), person.no))
        return True

    def submit(self, person: Person, now: datetime) -> bool:
        """Submit what somebody has entered; again changes nothing. False where the survey is over or there is nothing to submit."""
        with writing(self.database):
            known = self._find("people", "no = ?", person.no)
            if self.state(now) != "open" or known is None:
                return False
            if known.state == "submitted":
                return True
            if known.state != "begun" or not self.read(known).answers:
                return False
            done = "UPDATE people SET state = 'submitted', submitted = ? WHERE no = ?"
            self.database.execute(done, (self._tell(now), person.no))
            self._keep(known)
        return True

    def withdraw(self, person: Person, now: datetime) -> bool:
        """Take back all that somebody has entered or submitted, for good; False where that can no longer be done."""
        with writing(self.database):
            known = self._find("people", "no = ?", person.no)
            if self.state(now) != "open" or known is None or not self._may_enter(known):
                return False
            self._let_go(person)
            gone = "UPDATE people SET state = 'withdrawn', begun = NULL, submitted = NULL WHERE no = ?"
            self.database.execute(gone, (person.no,))
        with suppress(
            sqlite3.OperationalError
        ):  # it is taken back all the same; the next one empties it, or the end
            empty_log(self.database)  # what was deleted still stands there
        return True

    def _let_go(self, person: Person) -> None:
        """Delete what somebody has entered, and let her devices know nobody any more."""
        for table in ("drafts", "sessions"):
            self.database.execute(f"DELETE FROM {table} WHERE person = ?", (person.no,))

    def _may_enter(self, person: Person) -> bool:
        return person.state != "withdrawn"

    def _keep(self, person: Person) -> None:
        """Keep what was submitted: in this mode it stays where it is, its respondent's until the survey closes."""

    def _tell(self, now: datetime) -> str | None:
        return tell_minute(now)

    def _open(self, person: int, content: bytes) -> bytes:
        return content

    def _seal(self, person: int, content: bytes) -> bytes:
        return content

    # -- the end -------------------------------------------------------------------------------------------

    def close(self, now: datetime, *, early: bool = False) -> Closed | None:
        """Close the survey: what was submitted is sealed, everything else of anybody is gone. Again finishes what was stopped.

        Parameters
        ----------
        now : datetime
        early : bool
            Before its last day has passed, too.

        Returns
        -------
        Closed or None
            None where its last day has not passed.
        """
        with writing(self.database):
            if not self.is_closed:
                if not early and now < find_end(self.form.closes):
                    return None
                self.database.execute(
                    "INSERT INTO counts SELECT unit, role, count(*), sum(state = 'submitted') FROM people JOIN cells "
                    "ON cell = cells.no GROUP BY unit, role"
                )
                left_out_n = self._release()
                for table in ("sessions", "links", "drafts", "buffers", "held", "people", "cells"):
                    self.database.execute(f"DELETE FROM {table}")
                write_meta(self.database, "left out", str(left_out_n))
                write_meta(self.database, CLOSED, now.astimezone(UTC).isoformat(timespec="minutes"))
        self._forget()
        compact(self.database)
        counts = self.database.execute("SELECT sum(invited), sum(submitted) FROM counts").fetchone()
        return Closed(int(counts[0]), int(counts[1]), int(read_meta(self.database, "left out")))

    def _release(self) -> int:
        """Make rows of answers of what was submitted; return how many respondents are left out."""
        rows = self.database.execute(
            "SELECT people.no, unit, role, stratum, weight, pseudonym, begun, submitted, content FROM people "
            "JOIN cells ON cell = cells.no JOIN drafts ON person = people.no WHERE state = 'submitted'"
        ).fetchall()
        for no, unit, role, stratum, weight, pseudonym, begun, submitted, content in rows:
            entered = Entered(**json.loads(self._open(no, content)))
            self.put_answers(
                unit, entered.role or role, stratum, weight, entered.answers, pseudonym, begun, submitted
            )
            self.put_initiative(entered.initiative)
        return 0

    def _forget(self) -> None:
        """Destroy what could open drafts; there is nothing of the kind in this mode."""

    def put_answers(
        self, unit: str, role: str, stratum: str, weight: float, answers: Mapping[str, float | str],
        pseudonym: str | None = None, begun: str | None = None, submitted: str | None = None,
    ) -> None:  # fmt: skip
        """Put a respondent's answers among those that leave, under a random number; in the form's order, not that of answering."""
        ordered = {item: answers[item] for item in self.form.questions if item in answers}
        row = unit, role, stratum, weight, pseudonym, begun, submitted, json.dumps(ordered)
        insert = "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self.database.execute(insert, (secrets.token_bytes(ID_BYTES), *row))

    def put_initiative(self, initiative: Mapping[str, str]) -> None:
        """Put an initiative among those that leave, beside nobody's answers."""
        if initiative:
            row = secrets.token_bytes(ID_BYTES), json.dumps(dict(initiative))
            self.database.execute("INSERT INTO initiatives VALUES (?, ?)", row)


def count_states(database: sqlite3.Connection) -> list[tuple[str, str, int, int]]:
    """Return unit, role, invited and submitted, by the groups of the list."""
    return database.execute(
        "SELECT unit, role, invited, submitted FROM counts UNION ALL SELECT unit, role, count(*), "
        "sum(state = 'submitted') FROM people JOIN cells ON cell = cells.no GROUP BY unit, role ORDER BY 1, 2"
    ).fetchall()
