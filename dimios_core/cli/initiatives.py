"""`dimios initiatives` and `dimios plan`: what organisations do, and what they mean to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, say
from dimios_core.cli.options import Model, OutputsFolder
from dimios_core.errors import InputError, Problem
from dimios_core.places import outputs_dir
from dimios_core.replacing import write_whole

initiatives = typer.Typer(no_args_is_help=True, help="What organisations report as driving their maturity.")
plan = typer.Typer(no_args_is_help=True, help="Plans that organisations make after a measurement.")
app.add_typer(initiatives, name="initiatives")
app.add_typer(plan, name="plan")

Organisation = Annotated[str | None, typer.Option(help="Only those of one organisation (its id).")]


@initiatives.command("add")
def add_initiatives_command(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX of initiatives.")],
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Store initiatives. A new or changed one is shown to nobody until it is validated."""
    from dimios_core.actions.initiatives import add_initiatives
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore

    folder = outputs_dir(outputs)
    added = add_initiatives(file, folder, ResponseStore(folder).register(), load_instrument(instrument))
    say(f"{file.name}: {len(added.new)} new, {len(added.changed)} changed, {len(added.unchanged)} as before.")
    if added.kept_kinds_n:
        say(
            f"The file has no column for kinds: the {added.kept_kinds_n} that are stored stay. Empty cells take kinds away."
        )
    if added.said_valid_n:
        say(
            f"{added.said_valid_n} rows say that they are validated; that is done here, by whoever has read them."
        )
    if added.new or added.changed:
        say("Next: read them (dimios initiatives list --unvalidated), then dimios initiatives validate ID …")
    else:
        say("Next: dimios score")


@initiatives.command("validate")
def validate_initiatives_command(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, as listed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are stored.")] = False,
    outputs: OutputsFolder = None,
) -> None:
    """Mark initiatives as read: the text names nobody who has not agreed, and says what was done."""
    from dimios_core.actions.initiatives import load_initiatives, validate_initiatives

    if bool(ids) == everything:
        what = "both ids and --all are given" if ids else "neither ids nor --all are given"
        raise InputError(Problem("dimios initiatives validate", what, "give ids, or --all"))
    folder = outputs_dir(outputs)
    done = validate_initiatives(folder, None if everything else ids)
    left = int((~load_initiatives(folder)["validated"].astype(bool)).sum())
    say(f"{len(done)} validated; {left} not validated. Next: dimios score")


@initiatives.command("list")
def list_initiatives_command(
    organisation: Organisation = None,
    unvalidated: Annotated[bool, typer.Option("--unvalidated", help="Only those still to be read.")] = False,
    outputs: OutputsFolder = None,
) -> None:
    """List stored initiatives; those still to be validated with their whole text."""
    from dimios_core.actions.initiatives import load_initiatives

    stored = load_initiatives(outputs_dir(outputs))
    if organisation is not None:
        stored = stored[stored["organisation"] == organisation]
    if unvalidated:
        stored = stored[~stored["validated"].astype(bool)]
    for row in stored.to_dict("records"):
        state = "validated" if row["validated"] else "not validated"
        head = (
            row["id"],
            row["organisation"],
            row["point"],
            *([row["kind"]] if row["kind"] else []),
            row["start"],
            f"consent {row['consent']}",
            state,
        )
        typer.echo("  ".join([*head, row["title"]]))
        if unvalidated:
            for text in (row["what"], row["effect"], row["contact"]):
                if text:
                    typer.echo(f"    {text}")
    say(f"{len(stored)} initiatives.")


@plan.command("add")
def add_plan_command(
    file: Annotated[Path, typer.Argument(help="The worksheet, filled in: XLSX or CSV.")],
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Take in a worksheet; it replaces the organisation's plan of the same period."""
    from dimios_core.actions.plans import add_plan
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore

    folder = outputs_dir(outputs)
    made = add_plan(file, folder, ResponseStore(folder).register(), load_instrument(instrument))
    organisation, period = made.loc[0, ["organisation", "period"]]
    say(f"Plan of {organisation} after {period}: {len(made)} things to do. Next: dimios score")


@plan.command("list")
def list_plans_command(organisation: Organisation = None, outputs: OutputsFolder = None) -> None:
    """List stored plans: organisation, period, when, measure point, progress, kind, unit, consent, what."""
    from dimios_core.actions.plans import load_plans

    stored = load_plans(outputs_dir(outputs))
    if organisation is not None:
        stored = stored[stored["organisation"] == organisation]
    for row in stored.to_dict("records"):
        about = [f"{c} {row[c]}" for c in ("progress", "kind", "unit") if row[c]]
        about += ["may be shared with the county"] if row["consent"] == "yes" else []
        head = [row[c] for c in ("organisation", "period", "when", "point")]
        typer.echo("  ".join([*head, *about, row["what"]]))
    say(f"{len(stored)} things to do, in {len(stored[['organisation', 'period']].drop_duplicates())} plans.")


@plan.command("worksheet")
def write_worksheet_command(
    organisation: Annotated[str, typer.Argument(help="The organisation's id.")],
    period: Annotated[str, typer.Argument(help="The measurement that the plan follows, such as 2026.")],
    file: Annotated[Path | None, typer.Option(help="Where to write it (.xlsx or .csv).")] = None,
    language: Annotated[str, typer.Option(help="One of the model.")] = "sv",
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Write the empty worksheet for a group to fill in together."""
    from dimios_core.actions.worksheet import write_worksheet, write_worksheet_csv
    from dimios_core.instrument import load_instrument
    from dimios_core.languages import check_language
    from dimios_core.responses import ResponseStore
    from dimios_core.responses.labels import suggest
    from dimios_core.responses.periods import PERIOD_REMEDY, is_period

    people = ResponseStore(outputs_dir(outputs)).register().organisations.set_index("id")["name"]
    target = file or Path(f"plan-{organisation}-{period}.xlsx")
    problems = []
    if organisation not in people.index:
        what = f"{organisation} is not in the register{suggest(organisation, people.index)}"
        problems.append(Problem("organisation", what, "use an id of the register"))
    if not is_period(period):
        problems.append(Problem("period", f"{period} is no period", PERIOD_REMEDY))
    model = load_instrument(instrument)
    problems += check_language(language, model.languages)
    if target.suffix.lower() not in (".xlsx", ".csv"):
        problems.append(
            Problem("--file", f"{target.name} is neither .xlsx nor .csv", "give it one of these names")
        )
    if problems:
        raise InputError(problems)
    given = (model, organisation, people[organisation], period, language)
    if target.suffix.lower() == ".csv":
        content = write_worksheet_csv(*given).encode("utf-8-sig")
    else:
        content = write_worksheet(*given)
    write_whole(target, content)
    say(f"The worksheet is in {target}. When it is filled in: dimios plan add {target}")
