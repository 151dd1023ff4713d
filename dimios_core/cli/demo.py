"""`dimios demo`: the made-up consortium, from raw files through the same steps as real answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dimios_core.cli.app import app, console
from dimios_core.cli.processes import open_executor
from dimios_core.cli.report import make_reports
from dimios_core.errors import InputError, Problem
from dimios_core.locks import hold
from dimios_core.places import outputs_dir

if TYPE_CHECKING:
    from dimios_core.demo import DemoFiles

DEMO_SEED = 2022
#: counties of the demo that get a report: enough organisations, three years or more
DEMO_COUNTIES = ("12", "14")
RAW = Path("demo", "raw")
ACTIONS = Path("demo", "initiatives")
SEED_FILE = Path("demo", "seed.txt")


@dataclass
class DemoRun:
    """What the steps of a demo share.

    Attributes
    ----------
    outputs : Path
        The outputs folder.
    seed : int
        The seed of the made-up consortium.
    files : DemoFiles or None
        The raw files, once they are made.
    summary : list of (str, str)
        Name and text of the lines that the closing summary shows; every step adds its own.
    """

    outputs: Path
    seed: int
    files: DemoFiles | None = None
    summary: list[tuple[str, str]] = field(default_factory=list)

    def made_files(self) -> DemoFiles:
        """Return the raw files; a step that needs them comes after the one that makes them."""
        if self.files is None:
            raise RuntimeError("the raw files have not been made yet")
        return self.files


#: what a step calls to tell how far it is: (done, of how many)
Tell = Callable[[int, int], None]
#: a step's title, and what it does
Step = tuple[str, Callable[[DemoRun, Tell], None]]


def make_raw_files(run: DemoRun, tell: Tell) -> None:
    """Write the raw files of the made-up consortium into <outputs>/demo/raw/."""
    from dimios_core.demo import make_consortium

    run.files = make_consortium(run.outputs / RAW, run.seed)
    (run.outputs / SEED_FILE).write_text(f"{run.seed}\n", encoding="ascii")
    tell(1, 1)
    made = run.files
    run.summary.append(
        (
            "raw files",
            f"{len(made.responses)} exports of three survey tools and the register's 3 files: {made.folder}",
        )
    )
    run.summary.append(
        ("who", f"{made.organisations_n} organisations, {made.respondents_n:,} respondents over four periods")
    )


def register_organisations(run: DemoRun, tell: Tell) -> None:
    """Store organisations, units and invited counts, and mark the outputs as demo data."""
    from dimios_core.demo import mark_as_demo
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import read_register, store_register

    made = run.made_files()
    mark_as_demo(run.outputs)
    register = read_register(
        made.organisations, made.units, made.invited, roles=load_instrument("dimios").role_ids
    )
    store_register(register, run.outputs)
    tell(1, 1)
    run.summary.append(
        ("register", f"{len(register.organisations)} organisations, {len(register.units)} units")
    )


def ingest_exports(run: DemoRun, tell: Tell) -> None:
    """Take every export through the same ingest as anybody's, with its tool's mapping and the demo's key."""
    from dimios_core.demo import read_demo_key
    from dimios_core.responses import StoredGroup, ingest

    made = run.made_files()
    shares = {file.path: 0.0 for file in made.responses}

    def on_read(path: Path, share: float) -> None:
        shares[path] = share
        tell(int(sum(shares.values())), len(shares))

    on_read(made.responses[0].path, 0.0)
    groups: list[StoredGroup] = []
    for mapping in dict.fromkeys(file.mapping for file in made.responses):
        paths = [file.path for file in made.responses if file.mapping == mapping]
        summary = ingest(paths, mapping, outputs=run.outputs, key=read_demo_key(), progress=on_read)
        groups += summary.groups
        for path in paths:
            on_read(path, 1.0)
    answers_n = sum(group.answers_n for group in groups)
    new_n = sum(group.status != "unchanged" for group in groups)
    run.summary.append(
        (
            "answers",
            f"{answers_n:,} answers and “vet ej” of {len(groups)} organisations × periods, {new_n} of them new:"
            f" {run.outputs / 'responses'}",
        )
    )


def add_actions(run: DemoRun, tell: Tell) -> None:
    """Take initiatives, plans and goals through the same files and checks as anybody's."""
    from dimios_core.demo import store_actions, write_actions
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore

    instrument = load_instrument("dimios")
    files = write_actions(run.outputs / ACTIONS, instrument)
    stored_n = store_actions(files, run.outputs, ResponseStore(run.outputs).register(), instrument)
    tell(1, 1)
    told = f"{stored_n} initiatives, {len(files.validated)} of them validated, {len(files.plans)} plans and goals"
    run.summary.append(("initiatives", f"{told}: {files.initiatives.parent}"))


def score_answers(run: DemoRun, tell: Tell) -> None:
    """Score, decide what may be published, audit it."""
    from dimios_core.instrument import load_instrument
    from dimios_core.results.score import score_responses

    with open_executor(None) as executor:
        made = score_responses(run.outputs, load_instrument("dimios"), executor, tell)
    run.summary.append(
        (
            "results",
            f"{made.published_n:,} of {made.rows_n:,} figures published, audited and found safe:"
            f" {run.outputs / 'results'}",
        )
    )


STEPS: tuple[Step, ...] = (
    ("raw files", make_raw_files),
    ("register", register_organisations),
    ("answers", ingest_exports),
    ("initiatives", add_actions),
    ("results", score_answers),
)


def run_demo(outputs: Path, seed: int = DEMO_SEED, steps: Sequence[Step] = STEPS) -> DemoRun:
    """Make the made-up consortium and take it through `steps`, one after the other.

    Parameters
    ----------
    outputs : Path
        The outputs folder: one without answers, or one that holds the demo of the same seed.
    seed : int
        Same seed, same demo.
    steps : sequence of (str, callable)
        Title and function; a function gets the run and a callable to tell its progress with (done, total),
        and may add lines to `run.summary`.

    Returns
    -------
    DemoRun
        With the summary's lines.

    Raises
    ------
    InputError
        If the folder holds other answers than this demo's, or a step finds a fault.
    """
    _refuse_other_answers(outputs, seed)
    run = DemoRun(outputs, seed)
    with Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        for title, act in steps:
            task = progress.add_task(title, total=None)

            def tell(done: int, total: int, task_id: int = task) -> None:
                progress.update(task_id, completed=done, total=total)  # type: ignore[arg-type]

            act(run, tell)
    return run


@app.command()
def demo(
    outputs: Annotated[
        Path | None, typer.Option(help="The outputs folder. Default: outputs/ of the project.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same demo.")] = DEMO_SEED,
    reports: Annotated[bool, typer.Option(help="Make the reports, too.")] = True,
) -> None:
    """Make 60 fictitious organisations and take their survey exports through the whole line."""
    place = outputs_dir(outputs)
    console.print(
        f"Demo data, fictitious organisations (seed {seed}) → {place}", markup=False, soft_wrap=True
    )
    started = time.monotonic()
    with hold(place, "dimios demo"):
        run = run_demo(place, seed)
    for name, text in run.summary:
        console.print(f"{name:<13}{text}", markup=False, soft_wrap=True)
    console.print("")
    if not reports:
        console.print("Next: dimios report")
        return
    code = make_reports(place, suites=("organisation", "national", "county"), counties=DEMO_COUNTIES)
    console.print(f"The whole demo took {time.monotonic() - started:.0f} s.")
    if code:
        raise typer.Exit(code)
    console.print("Open them: make serve (or dimios serve), and follow the link it prints.")


def _refuse_other_answers(outputs: Path, seed: int) -> None:
    """Raise where the demo would mix with answers of another kind."""
    responses = outputs / "responses"
    has_answers = (responses / "register").is_dir() or any(responses.glob("period=*"))
    if not has_answers:
        return
    elsewhere = "Give the demo a folder of its own: dimios demo --outputs FOLDER"
    if not (responses / "register" / "demo.json").is_file():
        what = "the folder holds answers that are not the demo's"
        raise InputError(Problem(str(outputs), what, elsewhere))
    mark = outputs / SEED_FILE
    earlier = mark.read_text(encoding="ascii").strip() if mark.is_file() else "unknown"
    if earlier != str(seed):
        what = f"the folder holds the demo of another seed ({earlier})"
        raise InputError(Problem(str(outputs), what, elsewhere))
