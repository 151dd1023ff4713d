"""Makes a bundle: the form, and a database of those who may answer, without a name, an address or a link."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from errno import EEXIST, ENOTDIR, ENOTEMPTY
from pathlib import Path

from dimios_core.collect.database import compact, connect, writing
from dimios_core.collect.form import Form, write_form
from dimios_core.collect.tokens import hash_secret
from dimios_core.errors import InputError, Problem
from dimios_core.replacing import PRIVATE_FILE, PRIVATE_FOLDER


@dataclass(frozen=True)
class Asked:
    """Somebody who may answer: the token of her link, of which the hash is stored, and what her answers are told apart and weighed by.

    `pseudonym` is None where nobody is to be known again.
    """

    token: str
    unit: str
    role: str
    stratum: str
    weight: float
    language: str
    pseudonym: str | None


def make_bundle(folder: Path, form: Form, people: Iterable[Asked]) -> None:
    """Make a bundle, whole or not at all, which its owner alone may enter.

    Numbers of people are drawn anew: they follow no order of the list.

    Raises
    ------
    InputError
        There is something of that name, or it cannot be written.
    """
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        aside.mkdir(parents=True, mode=PRIVATE_FOLDER)
        write_form(aside, form)
        _write_people(aside, form, list(people))
        aside.rename(folder)  # whole, and who comes second is told so
    except OSError as error:
        if error.errno in (EEXIST, ENOTEMPTY, ENOTDIR):
            what = "there is something already"
            remedy = "a survey opens once; name another folder if this is no survey's"
            raise InputError(Problem(str(folder), what, remedy)) from None
        remedy = "name a folder that you may write to, where there is room"
        raise InputError(Problem(str(folder), f"it cannot be written ({error.strerror})", remedy)) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_people(folder: Path, form: Form, people: list[Asked]) -> None:
    database = connect(folder, make=True)
    with writing(database):
        kinds = sorted({(p.unit, p.role, p.stratum, p.weight) for p in people})
        cells = {kind: no for no, kind in enumerate(kinds, 1)}
        database.executemany(
            "INSERT INTO cells VALUES (?, ?, ?, ?, ?)", [(no, *k) for k, no in cells.items()]
        )
        secrets.SystemRandom().shuffle(people)
        for no, person in enumerate(people, 1):
            kind = person.unit, person.role, person.stratum, person.weight
            row = no, cells[kind], person.language, None if form.is_anonymous else person.pseudonym
            database.execute("INSERT INTO people (no, cell, language, pseudonym) VALUES (?, ?, ?, ?)", row)
            database.execute("INSERT INTO links VALUES (?, ?)", (hash_secret(person.token), no))
    compact(database)
    database.close()
    for path in folder.iterdir():
        path.chmod(PRIVATE_FILE)
