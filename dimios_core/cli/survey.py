"""`dimios survey`: a measurement is planned, from a staff list to a sample and its letters."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import Language, Model, OutputsFolder

survey = typer.Typer(
    no_args_is_help=True, help="Plan a measurement: who is asked, how sure the result will be, letters."
)
app.add_typer(survey, name="survey")

Whose = Annotated[
    str | None,
    typer.Option(
        "--organisation", "-o", help="The organisation's id; not needed where there is one survey alone."
    ),
]
When = Annotated[
    str | None,
    typer.Option("--period", help="The survey's period; not needed where there is one survey alone."),
]


@survey.command("new")
def new_survey_command(
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="The organisation's id.")],
    period: Annotated[str, typer.Option(help="The year, or its half: 2026-1 spring, 2026-2 autumn.")],
    language: Annotated[
        list[str] | None,
        typer.Option(
            help="A language of form and letters, the usual one first; repeat for several. Default: sv."
        ),
    ] = None,
    instrument: Model = None,
    outputs: OutputsFolder = None,
) -> None:
    """Begin a survey: settings, and a workbook for the key user to fill in."""
    say(open_project(outputs, instrument).survey.new(organisation, period, languages=language or ("sv",)))
    say("Next: fill in survey.xlsx, then dimios survey frame survey.xlsx")


@survey.command("frame")
def frame_command(
    file: Annotated[
        Path,
        typer.Argument(help="A staff list (CSV or a workbook), or the survey's own workbook, filled in."),
    ],
    organisation: Whose = None,
    period: When = None,
    instrument: Model = None,
    outputs: OutputsFolder = None,
) -> None:
    """Take in who could be asked; every fault of the list is told at once, and nothing is stored until it is mended."""
    say(open_project(outputs, instrument).survey.frame(file, organisation, period))
    say("Next: dimios survey plan")


@survey.command("plan")
def plan_command(
    organisation: Whose = None,
    period: When = None,
    invite: Annotated[int | None, typer.Option(min=1, help="So many are asked.")] = None,
    half_width: Annotated[
        float | None,
        typer.Option(
            "--half-width",
            help="As many as give this half width of the whole's interval, points. Default: 3.",
        ),
    ] = None,
    change: Annotated[
        float | None, typer.Option(help="As many as make a change of so many points show.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            help="Share who answer, such as 0.6. Default: as last time, as far as it is published, else 0.6."
        ),
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            help="proportional, or neyman: more of those who differ more, as last time's roles tell."
        ),
    ] = "proportional",
    instrument: Model = None,
    outputs: OutputsFolder = None,
) -> None:
    """Plan how many are asked where: how sure the result will be, what change would show, who will get figures."""
    project = open_project(outputs, instrument)
    say(
        project.survey.plan(
            organisation,
            period,
            invite=invite,
            half_width=half_width,
            change=change,
            rate=rate,
            method=method,
        )
    )
    say("Next: dimios survey sample --seed TEXT")


@survey.command("page")
def page_command(
    organisation: Whose = None,
    period: When = None,
    language: Language = "sv",
    instrument: Model = None,
    outputs: OutputsFolder = None,
) -> None:
    """Write the plan as a page to talk about: who is asked, how sure it will be, days, preparations, letters; no names."""
    say(open_project(outputs, instrument).survey.write_page(organisation, period, language=language))


@survey.command("sample")
def sample_command(
    seed: Annotated[
        str, typer.Option(help="Any text; told beforehand, it lets anyone draw the same sample.")
    ],
    organisation: Whose = None,
    period: When = None,
    outputs: OutputsFolder = None,
) -> None:
    """Draw the sample; the same staff list and seed give the same people."""
    say(open_project(outputs).survey.sample(organisation, period, seed=seed))
    say("Next: dimios survey letters, then dimios survey check")


@survey.command("letters")
def letters_command(
    organisation: Whose = None, period: When = None, instrument: Model = None, outputs: OutputsFolder = None
) -> None:
    """Write every letter as it will look, and the survey's calendar (.ics)."""
    today = datetime.now().astimezone().date()
    say(open_project(outputs, instrument).survey.letters(organisation, period, today=today))
    say("Next: read them, then dimios survey check")


@survey.command("check")
def check_command(organisation: Whose = None, period: When = None, outputs: OutputsFolder = None) -> None:
    """Tell what stands in the way of opening the survey, and what speaks against how it is planned."""
    made = open_project(outputs).survey.check(organisation, period)
    say(made)
    leave(made.exit_code)
