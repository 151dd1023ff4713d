"""Personal links: made, found, revoked; and the sessions that they open.

The book of links is the only truth: a token carries nothing but its link's id, so a link that the book does not know
opens nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from dimios_core.access.keys import Keys
from dimios_core.access.lines import append_events, read_lines
from dimios_core.access.readers import Reader
from dimios_core.access.signing import SEPARATOR, Seal
from dimios_core.errors import DimiosError, InputError, Problem

#: what readers open, where nothing else is told: this machine
DEFAULT_ADDRESS = "http://127.0.0.1:8866"
BOOK_NAME = "links.jsonl"
#: without letters and digits that are taken for one another
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
ID_LETTERS_N = 8
CREATED, REVOKED = "created", "revoked"


class RefusedError(DimiosError):
    """A token that opens nothing, and why."""

    def __init__(self, reason: Literal["forged", "expired", "revoked"]) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Link:
    """A personal link.

    Attributes
    ----------
    id : str
        Eight letters and digits.
    reader : str
        Whom it was made for.
    owner : str
        Whose reports it opens: an organisation's id, or the consortium for all.
    created, expires : datetime
        UTC.
    revoked : datetime or None
        UTC.
    """

    id: str
    reader: str
    owner: str
    created: datetime
    expires: datetime
    revoked: datetime | None = None

    def state(self, now: datetime) -> Literal["valid", "expired", "revoked"]:
        """Return whether it opens anything at a time; from the second of `expires` on it does not."""
        if self.revoked is not None:
            return "revoked"
        return "valid" if now < self.expires else "expired"


class LinkBook:
    """The links of an access folder.

    It is a file of events that only grows, and is read again when it has changed: a link that another process
    makes or revokes is made or revoked here at the next question. Whatever asks the book raises an InputError
    where the file is damaged or cannot be read: until it is mended, no link opens anything.

    Parameters
    ----------
    folder : Path
        The access folder; made with the first link, for its owner alone.
    keys : Keys
    """

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.path = folder / BOOK_NAME
        self._tokens, self._sessions = Seal(keys, "dimios link"), Seal(keys, "dimios session")
        self._seen: tuple[int, int, int] | None = None
        self._links: Mapping[str, Link] = {}

    def create(self, reader: str, owner: str, days: int, now: datetime | None = None) -> tuple[Link, str]:
        """Make a link that holds for so many days, and return it with its token.

        Raises
        ------
        InputError
            The book cannot be written.
        """
        link = draft_link(reader, owner, days, now)
        self.add([link])
        return link, self.token(link)

    def add(self, links: Sequence[Link]) -> None:
        """Put drafted links into the book, all or none. Errors are those of `create`."""
        self._append(
            [
                {
                    "event": CREATED,
                    "id": link.id,
                    "reader": link.reader,
                    "owner": link.owner,
                    "created": link.created.isoformat(),
                    "expires": link.expires.isoformat(),
                }
                for link in links
            ]
        )

    def token(self, link: Link) -> str:
        """Return what a link's address carries: its id, signed."""
        return self._tokens.sign(link.id)

    def links(self) -> list[Link]:
        """Return all links, in the order in which they were made."""
        return list(self._read().values())

    def find(self, link_id: str) -> Link | None:
        """Return a link by its id; None where there is none."""
        return self._read().get(link_id)

    def revoke(self, link_id: str) -> Link:
        """Revoke a link for good, and return it; one that is revoked already stays as it is.

        Raises
        ------
        InputError
            There is no such link, or the book cannot be written.
        """
        link = self.find(link_id)
        if link is None:
            remedy = "look its id up: dimios link list --all"
            raise InputError(Problem(f"link {link_id}", "there is no such link", remedy))
        if link.revoked is not None:
            return link
        now = datetime.now(UTC)
        self._append([{"event": REVOKED, "id": link_id, "at": now.isoformat()}])
        return replace(link, revoked=now)

    def open_token(self, token: str, now: datetime | None = None) -> Link:
        """Return the link that a token belongs to.

        Raises
        ------
        RefusedError
            The token was not made here, or its link does not hold any more.
        """
        link_id = self._tokens.read(token)
        link = None if link_id is None else self.find(link_id)
        if link is None:
            raise RefusedError("forged")
        state = link.state(now or datetime.now(UTC))
        if state != "valid":
            raise RefusedError(state)
        return link

    def sign_session(self, link: Link, session: str) -> str:
        """Return what a device keeps: the link's id and the session's, signed."""
        return self._sessions.sign(f"{link.id}{SEPARATOR}{session}")

    def read_session(self, value: str, now: datetime | None = None) -> Reader | None:
        """Return whose session it is; None where it was not signed here, or its link does not hold any more."""
        text = self._sessions.read(value)
        if text is None:
            return None
        link_id, _, session = text.partition(SEPARATOR)
        link = self.find(link_id)
        if link is None or link.state(now or datetime.now(UTC)) != "valid":
            return None
        return Reader(link.reader, link.owner, link.id, session)

    def _append(self, events: Sequence[Mapping[str, str]]) -> None:
        try:
            append_events(self.path, events)
        except OSError as error:
            what = f"it cannot be written ({error.strerror})"
            remedy = "make room, and let this user write to the folder"
            raise InputError(Problem(str(self.path), what, remedy)) from None

    def _read(self) -> Mapping[str, Link]:
        try:
            found = self.path.stat()
            seen = found.st_mtime_ns, found.st_size, found.st_ino
            if seen != self._seen:
                self._links = _parse(self.path)
                self._seen = seen
            return self._links
        except FileNotFoundError:
            return {}
        except OSError as error:
            what = f"it cannot be read ({error.strerror})"
            raise InputError(Problem(str(self.path), what, "let this user read it")) from None


def draft_link(reader: str, owner: str, days: int, now: datetime | None = None) -> Link:
    """Return a new link that holds for so many days, and opens nothing until a book has it."""
    now = datetime.now(UTC) if now is None else now.astimezone(UTC)
    link_id = "".join(secrets.choice(ALPHABET) for _ in range(ID_LETTERS_N))
    return Link(link_id, reader, owner, now, now + timedelta(days=days))


def _parse(path: Path) -> dict[str, Link]:
    links: dict[str, Link] = {}
    problems = []
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        try:
            link = _link_after(json.loads(line), links)
            links[link.id] = link
        except (ValueError, TypeError, KeyError):
            remedy = (
                "take the file from a backup; or delete the line, and revoke again what it may have revoked"
            )
            problems.append(Problem(f"{path}, line {number}", "it is damaged", remedy))
    if problems:
        raise InputError(problems)
    return links


def _link_after(event: Mapping[str, str], links: Mapping[str, Link]) -> Link:
    """Return what an event makes of its link; ValueError, TypeError or KeyError where it is no event."""
    if event["event"] == REVOKED:
        link = links[event["id"]]
        return replace(link, revoked=link.revoked or _time(event["at"]))
    # the same id again would bring back what was revoked
    if event["event"] != CREATED or event["id"] in links:
        raise ValueError
    words = event["id"], event["reader"], event["owner"]
    if not all(isinstance(word, str) for word in words):
        raise TypeError
    return Link(*words, _time(event["created"]), _time(event["expires"]))


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError
    return time
