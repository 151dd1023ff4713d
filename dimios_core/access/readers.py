"""Readers: who they are and whose reports they may read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dimios_core.access.rows import read_rows
from dimios_core.errors import InputError, Problem
from dimios_core.places import CONSORTIUM

#: how a list calls those who may read everything
CONSORTIUM_WORD = "consortium"
#: stands for a link where a proxy has named the reader
PROXY_LINK = "proxy"
COLUMNS = ("identity", "organisation")
SESSION_DIGITS_N = 16
_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Reader:
    """Somebody who was let in.

    Attributes
    ----------
    name : str
        As the link, or the proxy, names her.
    owner : str
        Whose reports she may read: an organisation's id, or the consortium for all.
    link : str
        Id of the link that let her in.
    session : str
        Of one device.
    """

    name: str
    owner: str
    link: str
    session: str

    def may_read(self, owner: str) -> bool:
        """Tell whether she may read what belongs to an organisation, or to the consortium."""
        return self.owner in (owner, CONSORTIUM)


@dataclass(frozen=True)
class ReaderList:
    """Whose reports each identity may read that a trusted proxy names."""

    owners: Mapping[str, str]

    def find(self, identity: str) -> Reader | None:
        """Return the reader of an identity, in whatever case it is written; None where the list has none."""
        known = identity.strip().lower()
        owner = self.owners.get(known)
        if owner is None:
            return None
        session = hashlib.sha256(known.encode()).hexdigest()[:SESSION_DIGITS_N]
        return Reader(known, owner, PROXY_LINK, session)


def load_reader_list(path: Path) -> ReaderList:
    """Read a list of readers: CSV with the columns identity and organisation (an id, or "consortium").

    Raises
    ------
    InputError
        It cannot be read, a column is missing, or a row is empty, doubled or names no possible organisation; all
        problems at once.
    """
    owners: dict[str, str] = {}
    problems: list[Problem] = []
    for place, (identity, organisation) in read_rows(path, COLUMNS):
        known = identity.lower()
        if not identity:
            problems.append(Problem(place, "there is no identity", "write the name that the proxy gives"))
        elif known in owners:
            problems.append(Problem(place, f"{identity!r} stands here twice", "keep one of the rows"))
        if not _ORGANISATION.fullmatch(organisation):
            remedy = f"write its id as in the register, or {CONSORTIUM_WORD}"
            problems.append(Problem(place, f"{organisation!r} is no organisation", remedy))
        owners[known] = CONSORTIUM if organisation == CONSORTIUM_WORD else organisation
    if problems:
        raise InputError(problems)
    return ReaderList(owners)
