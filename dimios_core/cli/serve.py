"""`dimios serve`: show the reports, to this machine or to everybody who has a link."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dimios_core.cli.app import app, console
from dimios_core.cli.options import OutputsFolder
from dimios_core.errors import InputError, Problem
from dimios_core.places import CONSORTIUM, access_dir, outputs_dir, project_root

if TYPE_CHECKING:
    from dimios_core.serve.app import ReportServer
    from dimios_core.serve.safety import Risk

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8866
NO_CONTACT = (
    "Warning: the statement of accessibility names nobody to tell of what cannot be used, as the law asks. "
    "Give an email or phone in parameters/publisher.yaml."
)
#: the reader who has started the server on this machine, and for how long the link made for it holds
SELF, SELF_DAYS = "this machine", 1


@app.command()
def serve(
    outputs: OutputsFolder = None,
    host: Annotated[
        str, typer.Option(envvar="DIMIOS_HOST", help="The address to listen at; 0.0.0.0 for all.")
    ] = LOOPBACK,
    port: Annotated[
        int,
        typer.Option(envvar="DIMIOS_PORT", min=0, max=65535, help="The port; 0 takes any free one."),
    ] = DEFAULT_PORT,
    address: Annotated[
        str,
        typer.Option(envvar="DIMIOS_ADDRESS", help="What readers open, e.g. https://matning.example.se."),
    ] = "",
    access: Annotated[
        Path | None,
        typer.Option(envvar="DIMIOS_ACCESS", help="Links, secret, log. Default: access/ of outputs."),
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(envvar="DIMIOS_PROXY", help="From where the proxy in front connects; may be repeated."),
    ] = None,
    identity_header: Annotated[
        str,
        typer.Option(envvar="DIMIOS_IDENTITY_HEADER", help="The header in which the proxy names a reader."),
    ] = "",
    readers: Annotated[
        Path | None,
        typer.Option(
            envvar="DIMIOS_READERS",
            help="CSV of identity,organisation: whose reports each named reader reads.",
        ),
    ] = None,
    kernels: Annotated[
        int | None,
        typer.Option(envvar="DIMIOS_KERNELS", min=1, help="Most live kernels. Default: by free memory."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Tell what is not safe, and start nothing.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option(help="A risk, by name, to live with; may be repeated.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser, on this machine only.")] = True,
) -> None:
    """Show the reports. Without options: on this machine only, with a link that lasts a day.

    With --host: to everybody who has a link (`dimios link create`), and only from a safe configuration.
    """
    from dimios_core.access.keys import load_keys
    from dimios_core.access.recipients import check_word
    from dimios_core.listening import bind, is_loopback
    from dimios_core.page.publisher import load_publisher
    from dimios_core.project.serving import label_published
    from dimios_core.serve.admission import open_admission, read_proxy
    from dimios_core.serve.kernels import limit_kernels
    from dimios_core.serve.making import make_server
    from dimios_core.serve.safety import find_risks, refuse_risks

    place = outputs_dir(outputs)
    results, reports = place / "results", place / "reports"
    folder = access if access is not None else access_dir(place)

    trusted = read_proxy(proxy or [], identity_header, readers)
    published = label_published(results)  # a damaged results folder is told now
    if readers is not None and (problems := check_word(published)):
        raise InputError(problems)
    if not any(reports.glob("*/*/*/*.html")):
        raise InputError(
            Problem(str(reports), "there are no reports", "run `dimios report`, which makes them")
        )
    admission = open_admission(address or f"http://{LOOPBACK}:{port}", port, folder, trusted)
    risks = find_risks(admission, load_keys(folder, os.environ), place)
    if not load_publisher().can_be_reached:
        console.print(NO_CONTACT, markup=False, soft_wrap=True)
    if check:
        _tell(risks, accept or [])
        refuse_risks(risks, accept or [])
        return
    if not is_loopback(host):
        refuse_risks(risks, accept or [])

    sockets = bind(host, port)
    admission.port = sockets[0].getsockname()[1]
    if not address:
        admission.address = f"http://{LOOPBACK}:{admission.port}"

    def on_ready(server: ReportServer) -> None:
        if address:
            console.print(f"Reports are served at {address} to everybody who has a link. Stop with Ctrl-C.")
            typer.echo(address)
            return
        _, token = admission.book.create(SELF, CONSORTIUM, SELF_DAYS)
        link = f"{admission.address}/l/{token}"
        console.print("Reports are served at the link below, on this machine only. Stop with Ctrl-C.")
        typer.echo(link)
        if browser:
            server.open_in_browser(link)

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    server = make_server(
        reports,
        results,
        project_root(),
        partial(label_published, results),
        admission,
        sockets,
        kernels_most=kernels or limit_kernels(),
        on_ready=on_ready,
    )
    server.start()
    console.print("Stopped.")


def _tell(risks: list[Risk], accepted: list[str]) -> None:
    if not risks:
        console.print("Nothing unsafe was found.")
    for risk in risks:
        if risk.name in accepted:
            console.print(f"{risk.name}: {risk.what} (accepted)", markup=False)
