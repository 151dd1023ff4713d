"""`dimios link`: personal links to reports, made, listed, revoked."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from dimios_core.cli.app import app, say
from dimios_core.cli.link_mail import mail_writer
from dimios_core.cli.options import OutputsFolder
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.places import CONSORTIUM, access_dir, outputs_dir

if TYPE_CHECKING:
    from dimios_core.access.links import Link, LinkBook

link_app = typer.Typer(no_args_is_help=True, help="Personal links, by which readers open their reports.")
app.add_typer(link_app, name="link")

DEFAULT_ADDRESS = "http://127.0.0.1:8866"
COLUMNS = ("reader", "organisation", "link", "expires")
#: in lists and files of links, instead of the folder's name
EVERYTHING = "consortium"

Access = Annotated[
    Path | None,
    typer.Option(envvar="DIMIOS_ACCESS", help="Links, secret, log. Default: access/ of outputs."),
]
Address = Annotated[
    str, typer.Option(envvar="DIMIOS_ADDRESS", help="What readers open, e.g. https://matning.example.se.")
]
Mail = Annotated[
    str,
    typer.Option(metavar="LANGUAGE", help="sv or en: the text of a mail, with what the report says first."),
]
Days = Annotated[int, typer.Option(min=1, max=730, help="For how many days it holds.")]


@link_app.command("create")
def create_link(
    reader: Annotated[str, typer.Option(help="Whom it is for; stands in lists and in the access log.")],
    organisation: Annotated[str, typer.Option("--organisation", "-o", help="Whose reports, by id.")] = "",
    consortium: Annotated[bool, typer.Option("--consortium", help="All reports of everybody.")] = False,
    days: Days = 60,
    outputs: OutputsFolder = None,
    access: Access = None,
    address: Address = DEFAULT_ADDRESS,
    mail: Mail = "",
) -> None:
    """Make a personal link and print it; with --mail, in a text to send. It works on several devices, until it expires or is revoked."""
    from dimios_core.access.recipients import check_organisation, check_reader

    place = outputs_dir(outputs)
    reader = reader.strip()
    problems = [*_check_address(address), *check_reader(reader, "--reader")]
    if bool(organisation) == consortium:
        what = "both are given" if consortium else "neither is given"
        problems.append(Problem("--organisation, --consortium", what, "choose one of them"))
    elif organisation:
        problems += check_organisation(organisation, _published(place), f"--organisation {organisation}")
    if problems:
        raise InputError(problems)
    write = mail_writer(place / "results", mail) if mail else None
    book = _open_book(place, access)
    link, token = book.create(reader, organisation or CONSORTIUM, days)
    say(f"{link.reader} reads {_whose(link)} with it until {_minute(link.expires)} UTC.")
    say(f"Whoever has the link can do so: hand it over with care. Revoke it: dimios link revoke {link.id}")
    place_of_report = _write_address(address, token)
    typer.echo(write(link.owner, place_of_report, link.expires) if write else place_of_report)


@link_app.command("create-many")
def create_many_links(
    file: Annotated[Path, typer.Argument(help='CSV of reader,organisation: an id, or "consortium" for all.')],
    to: Annotated[Path, typer.Option("--to", "-o", help="The CSV file to write; it must not exist.")],
    days: Days = 60,
    outputs: OutputsFolder = None,
    access: Access = None,
    address: Address = DEFAULT_ADDRESS,
    mail: Mail = "",
) -> None:
    """Make a personal link for each reader of a list, all or none, and write them to a file for a mail merge."""
    from dimios_core.access.links import draft_link
    from dimios_core.access.recipients import read_recipients

    place = outputs_dir(outputs)
    problems = _check_address(address)
    if to.exists():
        problems.append(Problem(str(to), "the file exists already", "name another with --to"))
    try:
        recipients = read_recipients(file, _published(place))
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    write = mail_writer(place / "results", mail) if mail else None
    book = _open_book(place, access)
    now = datetime.now(UTC)
    links = [draft_link(r.reader, r.owner, days, now) for r in recipients]
    _write_links(to, [(link, _write_address(address, book.token(link))) for link in links], book, write)
    say(f"{len(links)} links, until {_minute(links[0].expires)} UTC, are in {to}, which only you can read.")
    say("Whoever has it can read all those reports: delete it when the links have been sent.")


@link_app.command("list")
def list_links(
    everything: Annotated[bool, typer.Option("--all", help="Also those that hold no more.")] = False,
    outputs: OutputsFolder = None,
    access: Access = None,
) -> None:
    """List links: those that hold, the one that expires next first."""
    now = datetime.now(UTC)
    order = ("valid", "expired", "revoked")
    book = _find_book(outputs_dir(outputs), access)
    found = [(link, link.state(now)) for link in book.links()] if book else []
    shown = [(link, state) for link, state in found if everything or state == "valid"]
    if not shown:
        more = f"; {len(found)} hold no more (--all lists them)" if found else ""
        say(f"There are no links{more}: `dimios link create` makes one.")
        return
    shown.sort(key=lambda pair: (order.index(pair[1]), pair[0].expires))
    rows = [("id", "reader", "whose", "created (UTC)", "expires (UTC)", "state")] + [
        (link.id, link.reader, _whose(link), _minute(link.created), _minute(link.expires), state)
        for link, state in shown
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@link_app.command("revoke")
def revoke_link(
    link_id: Annotated[
        str, typer.Argument(metavar="ID", help="The link's id, as `dimios link list` tells it.")
    ],
    outputs: OutputsFolder = None,
    access: Access = None,
) -> None:
    """Revoke a link for good, on all devices; a running server refuses it from the next click on."""
    book = _find_book(outputs_dir(outputs), access)
    if book is None:
        remedy = "name the folder in which it was made, with --access or --outputs"
        raise InputError(Problem(f"link {link_id}", "there are no links here", remedy))
    link = book.revoke(link_id)
    say(f"The link {link.id} of {link.reader} is revoked and opens nothing any more.")


def _open_book(outputs: Path, access: Path | None) -> LinkBook:
    from dimios_core.access.keys import load_keys
    from dimios_core.access.links import LinkBook

    folder = access or access_dir(outputs)
    return LinkBook(folder, load_keys(folder, os.environ))


def _find_book(outputs: Path, access: Path | None) -> LinkBook | None:
    """Return the book if there is one: who only looks makes no folder and no secret."""
    from dimios_core.access.links import BOOK_NAME

    exists = ((access or access_dir(outputs)) / BOOK_NAME).exists()
    return _open_book(outputs, access) if exists else None


def _published(outputs: Path) -> dict[str, str]:
    from dimios_core.runner.jobs import published_organisations

    return {o.id: o.name for o in published_organisations(outputs / "results")}


def _check_address(address: str) -> list[Problem]:
    try:
        parts = urlsplit(address)
        is_plain = bool(parts.hostname) and not (parts.path.strip("/") or parts.query or parts.fragment)
    except ValueError:
        is_plain = False
    if is_plain and parts.scheme in ("https", "http"):
        return []
    remedy = "give scheme and host alone, like https://matning.example.se"
    return [Problem("--address", f"readers cannot open {address!r}", remedy)]


def _write_address(address: str, token: str) -> str:
    return f"{address.rstrip('/')}/l/{token}"


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
            (defuse(link.reader), _whose(link), address, f"{link.expires:%Y-%m-%d}", *text_of_mail)
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


def _whose(link: Link) -> str:
    return EVERYTHING if link.owner == CONSORTIUM else link.owner


def _minute(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"
