"""Personal links to reports: made, with mails that carry them, listed, revoked."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from dimios_core.access.keys import load_keys
from dimios_core.access.links import BOOK_NAME, DEFAULT_ADDRESS, Link, LinkBook, draft_link
from dimios_core.access.recipients import check_organisation, check_reader, read_recipients
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.places import CONSORTIUM, access_dir
from dimios_core.report.messages.mail import mail_writer
from dimios_core.runner.jobs import published_organisations

COLUMNS = ("reader", "organisation", "link", "expires")
#: in lists and files of links, instead of the folder's name
EVERYTHING = "consortium"
#: the order in which links are listed
STATES = ("valid", "expired", "revoked")


def name_owner(link: Link) -> str:
    """Return whose reports a link opens: an organisation's id, or "consortium"."""
    return EVERYTHING if link.owner == CONSORTIUM else link.owner


@dataclass(frozen=True)
class Links:
    """The links of an outputs folder.

    Attributes
    ----------
    outputs : Path
    access : Path or None
        The folder of links, their secret and the log. Default: `dimios_core.places.access_dir`.
    address : str
        What readers open: scheme and host.
    """

    outputs: Path
    access: Path | None = None
    address: str = DEFAULT_ADDRESS

    def create(
        self, reader: str, organisation: str = "", *, consortium: bool = False, days: int = 60, mail: str = ""
    ) -> tuple[Link, str]:
        """Make a link for a reader, to one organisation's reports or to all.

        Returns
        -------
        (Link, str)
            The link, and its address; with `mail`, a language, a text to send that holds it.

        Raises
        ------
        InputError
            The address, the reader's name or the organisation is none; all problems at once.
        """
        reader = reader.strip()
        problems = [*self._check_address(), *check_reader(reader, "--reader")]
        if bool(organisation) == consortium:
            what = "both are given" if consortium else "neither is given"
            problems.append(Problem("--organisation, --consortium", what, "choose one of them"))
        elif organisation:
            place = f"--organisation {organisation}"
            problems += check_organisation(organisation, self._name_published(), place)
        if problems:
            raise InputError(problems)
        write = self._open_mail(mail)
        link, token = self._open_book().create(reader, organisation or CONSORTIUM, days)
        address = self._write_address(token)
        return link, write(link.owner, address, link.expires) if write else address

    def create_many(self, file: Path, to: Path, *, days: int = 60, mail: str = "") -> list[Link]:
        """Make a link for each reader of a list (CSV of reader,organisation), all or none, and write them to a new CSV file.

        Raises
        ------
        InputError
            The address, the list or the file to write: all problems at once; there is no link then.
        """
        problems = self._check_address()
        if to.exists():
            problems.append(Problem(str(to), "the file exists already", "name another with --to"))
        try:
            recipients = read_recipients(file, self._name_published())
        except InputError as error:
            problems += error.problems
        if problems:
            raise InputError(problems)
        write, book, now = self._open_mail(mail), self._open_book(), datetime.now(UTC)
        links = [draft_link(r.reader, r.owner, days, now) for r in recipients]
        _write_links(to, [(link, self._write_address(book.token(link))) for link in links], book, write)
        return links

    def all(self) -> list[tuple[Link, str]]:
        """Return all links with their state (valid, expired, revoked): those that hold first, the one that expires next first."""
        now, book = datetime.now(UTC), self._find_book()
        found = [(link, str(link.state(now))) for link in book.links()] if book else []
        return sorted(found, key=lambda pair: (STATES.index(pair[1]), pair[0].expires))

    def revoke(self, link_id: str) -> Link:
        """Revoke a link for good.

        Raises
        ------
        InputError
            There is no such link.
        """
        book = self._find_book()
        if book is None:
            remedy = "name the folder in which it was made, with --access or --outputs"
            raise InputError(Problem(f"link {link_id}", "there are no links here", remedy))
        return book.revoke(link_id)

    @property
    def _folder(self) -> Path:
        return self.access or access_dir(self.outputs)

    def _open_book(self) -> LinkBook:
        return LinkBook(self._folder, load_keys(self._folder, os.environ))

    def _find_book(self) -> LinkBook | None:
        """Return the book if there is one: who only looks makes no folder and no secret."""
        return self._open_book() if (self._folder / BOOK_NAME).exists() else None

    def _open_mail(self, language: str) -> Callable[[str, str, datetime], str] | None:
        return mail_writer(self.outputs / "results", language) if language else None

    def _name_published(self) -> dict[str, str]:
        return {o.id: o.name for o in published_organisations(self.outputs / "results")}

    def _check_address(self) -> list[Problem]:
        try:
            parts = urlsplit(self.address)
            is_plain = bool(parts.hostname) and not (parts.path.strip("/") or parts.query or parts.fragment)
        except ValueError:
            is_plain = False
        if is_plain and parts.scheme in ("https", "http"):
            return []
        remedy = "give scheme and host alone, like https://matning.example.se"
        return [Problem("--address", f"readers cannot open {self.address!r}", remedy)]

    def _write_address(self, token: str) -> str:
        return f"{self.address.rstrip('/')}/l/{token}"


def _write_links(
    path: Path,
    links: list[tuple[Link, str]],
    book: LinkBook,
    write: Callable[[str, str, datetime], str] | None,
) -> None:
    """Write the file, the texts of mails in a column of their own, then put its links into the book: if either fails, there is no file and no link."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*COLUMNS, *(["mail"] if write else [])))
    for link, address in links:
        text_of_mail = [defuse(write(link.owner, address, link.expires))] if write else []
        writer.writerow(
            (defuse(link.reader), name_owner(link), address, f"{link.expires:%Y-%m-%d}", *text_of_mail)
        )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                # the mark tells spreadsheets that it is UTF-8
                file.write(text.getvalue().encode("utf-8-sig"))
                file.flush()
                os.fsync(file.fileno())
            book.add([link for link, _ in links])
        except BaseException:
            path.unlink()
            raise
    except OSError as error:
        remedy = "name a new file, in a folder that you may write to, where there is room"
        raise InputError(Problem(str(path), f"it cannot be written ({error.strerror})", remedy)) from None
