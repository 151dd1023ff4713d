"""`dimios link`: personal links to reports, made, listed, revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dimios_core.access.links import DEFAULT_ADDRESS
from dimios_core.cli.app import app, say
from dimios_core.cli.options import OutputsFolder
from dimios_core.places import outputs_dir

link_app = typer.Typer(no_args_is_help=True, help="Personal links, by which readers open their reports.")
app.add_typer(link_app, name="link")

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
    from dimios_core.project.links import Links, name_owner

    links = Links(outputs_dir(outputs), access, address)
    link, text = links.create(reader, organisation, consortium=consortium, days=days, mail=mail)
    say(f"{link.reader} reads {name_owner(link)} with it until {_minute(link.expires)} UTC.")
    say(f"Whoever has the link can do so: hand it over with care. Revoke it: dimios link revoke {link.id}")
    typer.echo(text)


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
    from dimios_core.project.links import Links

    links = Links(outputs_dir(outputs), access, address).create_many(file, to, days=days, mail=mail)
    say(f"{len(links)} links, until {_minute(links[0].expires)} UTC, are in {to}, which only you can read.")
    say("Whoever has it can read all those reports: delete it when the links have been sent.")


@link_app.command("list")
def list_links(
    everything: Annotated[bool, typer.Option("--all", help="Also those that hold no more.")] = False,
    outputs: OutputsFolder = None,
    access: Access = None,
) -> None:
    """List links: those that hold, the one that expires next first."""
    from dimios_core.project.links import Links, name_owner

    found = Links(outputs_dir(outputs), access).all()
    shown = [(link, state) for link, state in found if everything or state == "valid"]
    if not shown:
        more = f"; {len(found)} hold no more (--all lists them)" if found else ""
        say(f"There are no links{more}: `dimios link create` makes one.")
        return
    rows = [("id", "reader", "whose", "created (UTC)", "expires (UTC)", "state")] + [
        (link.id, link.reader, name_owner(link), _minute(link.created), _minute(link.expires), state)
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
    from dimios_core.project.links import Links

    link = Links(outputs_dir(outputs), access).revoke(link_id)
    say(f"The link {link.id} of {link.reader} is revoked and opens nothing any more.")


def _minute(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"
