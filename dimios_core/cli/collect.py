"""`dimios collect`: a survey is opened, served as a form, told how far it is, closed, taken in."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, console, open_project, say
from dimios_core.cli.options import OutputsFolder
from dimios_core.project.collecting import DEFAULT_ADDRESS, DEFAULT_PORT, LOOPBACK

collect_app = typer.Typer(no_args_is_help=True, help="Ask a survey with the project's own form.")
app.add_typer(collect_app, name="collect")

Organisation = Annotated[str, typer.Argument(metavar="ORGANISATION", help="Whose survey, by id.")]
Period = Annotated[str, typer.Option("--period", "-p", help="Of which period.")]
Bundles = Annotated[
    Path | None,
    typer.Option(envvar="DIMIOS_BUNDLES", help="Where open surveys lie. Default: collect/ of outputs."),
]
Keys = Annotated[
    Path | None,
    typer.Option(
        envvar="DIMIOS_COLLECT_KEYS",
        help="Where keys of anonymous surveys lie: a folder that no backup takes.",
    ),
]
Address = Annotated[
    str,
    typer.Option(
        envvar="DIMIOS_COLLECT_ADDRESS",
        help="What respondents open, e.g. https://svar.example.se. Default: this machine.",
    ),
]
KeyFile = Annotated[Path | None, typer.Option(help="The secret key of pseudonyms.")]


@collect_app.command("open")
def open_survey(
    organisation: Organisation,
    period: Period,
    address: Address = "",
    outputs: OutputsFolder = None,
    bundles: Bundles = None,
    keys: Keys = None,
    key_file: KeyFile = None,
) -> None:
    """Freeze the plan of a survey, and make of it what is served, and everybody's link."""
    collecting = open_project(outputs).collecting(bundles, keys)
    say(collecting.open(organisation, period, address=address or DEFAULT_ADDRESS, key_file=key_file))


@collect_app.command("serve")
def serve_survey(
    host: Annotated[
        str, typer.Option(envvar="DIMIOS_COLLECT_HOST", help="The address to listen at.")
    ] = LOOPBACK,
    port: Annotated[
        int,
        typer.Option(envvar="DIMIOS_COLLECT_PORT", min=0, max=65535, help="The port; 0 takes any free one."),
    ] = DEFAULT_PORT,
    address: Address = "",
    outputs: OutputsFolder = None,
    bundles: Bundles = None,
    keys: Keys = None,
) -> None:
    """Serve the form of all open surveys, in a process that knows no name. It needs their bundles and nothing else."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    def on_ready(opened: str, surveys: list[str]) -> None:
        console.print(f"Surveys: {', '.join(surveys)}. Stop with Ctrl-C.")
        typer.echo(opened)

    open_project(outputs).collecting(bundles, keys).serve(host, port, address, on_ready)
    console.print("Stopped.")


@collect_app.command("cards")
def write_cards(
    organisation: Organisation,
    period: Period,
    everybody: Annotated[bool, typer.Option("--all", help="Of those who have a mail address, too.")] = False,
    address: Address = "",
    outputs: OutputsFolder = None,
) -> None:
    """Write cards with links as QR codes, to print and cut: for those without mail, and for groups that answer together."""
    collecting = open_project(outputs).collecting()
    say(collecting.write_cards(organisation, period, address=address or DEFAULT_ADDRESS, everybody=everybody))


@collect_app.command("status")
def tell_status(
    organisation: Organisation,
    period: Period,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Write the links of those who are to be reminded, too.")
    ] = False,
    address: Address = "",
    outputs: OutputsFolder = None,
    bundles: Bundles = None,
) -> None:
    """Tell how many have answered, by unit and by role; counts of fewer than five are not told."""
    collecting = open_project(outputs).collecting(bundles)
    if waiting:
        say(collecting.write_waiting(organisation, period, address=address or DEFAULT_ADDRESS))
    status = collecting.status(organisation, period)
    typer.echo(json.dumps({"state": status.state, "groups": status.rows()}) if as_json else str(status))


@collect_app.command("close")
def close_survey(
    organisation: Organisation,
    period: Period,
    early: Annotated[
        bool, typer.Option("--early", help="Before its last day has passed, too; for good.")
    ] = False,
    outputs: OutputsFolder = None,
    bundles: Bundles = None,
    keys: Keys = None,
) -> None:
    """Close a survey: what was sent in is sealed, everything else of anybody is deleted."""
    say(open_project(outputs).collecting(bundles, keys).close(organisation, period, early=early))


@collect_app.command("take-in")
def take_in_survey(
    organisation: Organisation,
    period: Period,
    outputs: OutputsFolder = None,
    bundles: Bundles = None,
    key_file: KeyFile = None,
) -> None:
    """Take the sealed answers into the store, as those of any other survey tool; then `dimios score`."""
    say(open_project(outputs).collecting(bundles).take_in(organisation, period, key_file=key_file))
    say("Next: dimios score")
