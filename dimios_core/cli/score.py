"""`dimios score` and `dimios audit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dimios_core.cli.app import app, console
from dimios_core.cli.processes import count_processors, open_executor
from dimios_core.cluster import open_cluster
from dimios_core.errors import EXIT_INPUT
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.locks import hold
from dimios_core.places import outputs_dir

if TYPE_CHECKING:
    from dimios_core.results.score import ScoreSummary

Outputs = typer.Option(None, "--outputs", help="Outputs folder; default outputs/ of the project.")


def score_with_progress(
    outputs: Path, instrument: Instrument, workers: int | None, cluster: str | None = None
) -> ScoreSummary:
    """Score everything stored, with a progress bar; on the workers of a cluster where its address is given."""
    from dimios_core.results.score import score_responses  # scipy is slow to import; --help need not wait

    columns = (
        TextColumn("Scoring and auditing"), BarColumn(), MofNCompleteColumn(), TextColumn("batches"), TimeRemainingColumn(),
    )  # fmt: skip
    opened = open_cluster(cluster, shared=outputs) if cluster else open_executor(workers)
    with opened as executor, Progress(*columns, console=console) as bar:
        task = bar.add_task("")
        return score_responses(
            outputs, instrument, executor, lambda done, total: bar.update(task, completed=done, total=total)
        )


def tell_waiting(made: ScoreSummary) -> None:
    """Say whose new answers wait, and for which periods the published benchmarks stand."""
    for waiting in made.waiting:
        console.print(f"  {waiting}", markup=False, soft_wrap=True)
    if made.standing:
        console.print(
            f"  Benchmarks of {', '.join(made.standing)} stand as published: too few organisations differ.",
            soft_wrap=True,
        )


@app.command()
def score(
    instrument: str = typer.Option("dimios", "--instrument", help="Instrument id, or a model file."),
    outputs: Path = Outputs,
    workers: int = typer.Option(None, "--workers", min=1, help="Processes; default one a core."),
    cluster: str = typer.Option(
        None,
        "--cluster",
        help="Score on the workers of this Dask scheduler (tcp://host:port) instead of here. All machines need the "
        "same version of the project and must see the outputs folder under the same path (shared storage).",
    ),
) -> None:
    """Score all responses, decide what may be published, audit it, and publish it to results/."""
    folder = outputs_dir(outputs)
    with hold(folder, "dimios score"):
        made = score_with_progress(folder, load_instrument(instrument), workers, cluster)
    console.print(
        f"Scored {made.organisations_n} organisations, periods {', '.join(made.periods)}: {made.published_n:,} "
        f"of {made.rows_n:,} figures are published, audited and found safe."
    )
    tell_waiting(made)
    console.print(
        f"Results version {made.results_version} in {folder / 'results'}. Next: dimios report", soft_wrap=True
    )


@app.command()
def audit(
    outputs: Path = Outputs,
    workers: int = typer.Option(None, "--workers", min=1, help="Processes; default one a core."),
) -> None:
    """Read published tables, reports and exports, and tell what is or follows from them that should not. Exit code 2 if anything."""
    from dimios_core.audit.outputs import audit_outputs  # scipy is slow to import; --help need not wait

    with open_executor(workers) as executor:
        made = audit_outputs(outputs_dir(outputs), executor, workers or count_processors())
    console.print(str(made), markup=False, soft_wrap=True)
    if made.findings:
        raise typer.Exit(EXIT_INPUT)
