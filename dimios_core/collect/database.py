"""The database of a bundle: who may answer, as hashes; drafts, and what was submitted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dimios_core.errors import InputError, Problem

DATABASE = "answers.sqlite"
#: for so long does one process wait for another that writes
BUSY_SECONDS = 20.0
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cells (no INTEGER PRIMARY KEY, unit TEXT NOT NULL, role TEXT NOT NULL, stratum TEXT NOT NULL, weight REAL NOT NULL,
  UNIQUE (unit, role, stratum, weight));
CREATE TABLE people (no INTEGER PRIMARY KEY, cell INTEGER NOT NULL REFERENCES cells, language TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'begun', 'submitted', 'withdrawn')),
  pseudonym TEXT UNIQUE, begun TEXT, submitted TEXT);
CREATE TABLE links (hash BLOB PRIMARY KEY, person INTEGER NOT NULL UNIQUE REFERENCES people) WITHOUT ROWID;
CREATE TABLE sessions (hash BLOB PRIMARY KEY, person INTEGER NOT NULL REFERENCES people, language TEXT NOT NULL,
  expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE drafts (person INTEGER PRIMARY KEY REFERENCES people, content BLOB NOT NULL);
CREATE TABLE buffers (cell INTEGER PRIMARY KEY REFERENCES cells, content BLOB NOT NULL);
CREATE TABLE held (id BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE answers (id BLOB PRIMARY KEY, unit TEXT NOT NULL, role TEXT NOT NULL, stratum TEXT NOT NULL, weight REAL NOT NULL,
  pseudonym TEXT UNIQUE, begun TEXT, submitted TEXT, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE initiatives (id BLOB PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counts (unit TEXT NOT NULL, role TEXT NOT NULL, invited INTEGER NOT NULL, submitted INTEGER NOT NULL,
  PRIMARY KEY (unit, role)) WITHOUT ROWID;
"""


def connect(folder: Path, *, make: bool = False) -> sqlite3.Connection:
    """Open the database of a bundle so that what is committed is on the disk, and what is deleted is overwritten.

    Raises
    ------
    InputError
        There is none, or it cannot be opened.
    """
    path = folder / DATABASE
    if not (make or path.is_file()):
        raise InputError(
            Problem(str(path), "there are no answers here", "make the bundle: dimios collect open")
        )
    try:
        database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        for setting in (
            "secure_delete = ON",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",  # VACUUM would else write all answers to a file in /tmp
        ):
            database.execute(f"PRAGMA {setting}").fetchall()
        if make:
            database.executescript(SCHEMA)
        elif not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'people'").fetchone():
            raise sqlite3.DatabaseError
    except sqlite3.Error:
        remedy = "let this user write to the folder; is the file damaged, take the bundle from a backup"
        raise InputError(Problem(str(path), "the answers cannot be opened", remedy)) from None
    return database


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """Write all of a block, on the disk, or nothing of it; who else writes waits."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def compact(database: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted: neither in the write-ahead log nor in the file.

    Raises
    ------
    InputError
        Another process is reading all the while, so that the log cannot be emptied.
    """
    try:
        emptied = empty_log(database)
        database.execute("VACUUM")
        emptied = empty_log(database) and emptied
    except sqlite3.OperationalError:
        emptied = False
    if not emptied:
        what = "what was deleted may still stand in the file or its log: another process holds them, or the disk is full"
        remedy = "stop dimios collect serve, make room, and give the same command again"
        raise InputError(Problem(DATABASE, what, remedy))


def empty_log(database: sqlite3.Connection) -> bool:
    """Put what the write-ahead log holds into the file, and empty it; False where another process reads all the while."""
    busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def read_meta(database: sqlite3.Connection, key: str) -> str:
    """Return something that is noted of the whole survey; "" where it is not."""
    row = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return "" if row is None else str(row[0])


def write_meta(database: sqlite3.Connection, key: str, value: str) -> None:
    """Note something of the whole survey."""
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
