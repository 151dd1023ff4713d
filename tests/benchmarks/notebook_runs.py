"""Ways to run the same notebooks, each as a program of its own: `python -m tests.benchmarks.notebook_runs WAY JOBS OUT`.

JOBS is a JSON list of [notebook, parameters]; the executed notebooks go into the folder OUT. What a way leaves out
is that way's affair: only ours puts a report in place when it is whole.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: what cells of pages use, and stored pages do without: the widgets of controls
CONTROLS = "dimios_core.report.warming:warm_up_controls"
#: (notebook, parameters, where the executed notebook goes)
Job = tuple[str, dict[str, str], str]


def run_command_line(jobs: Sequence[Job]) -> None:
    """One `papermill` command after the other, as a shell script would."""
    for notebook, parameters, out in jobs:
        given = [word for name, value in parameters.items() for word in ("-r", name, value)]
        command = [sys.executable, "-m", "papermill", notebook, out, *given, "--no-progress-bar"]
        subprocess.run(command, check=True, capture_output=True)


def run_pool(jobs: Sequence[Job], workers: int = 2) -> None:
    """`papermill.execute_notebook` in a pool of processes."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(_run_papermill, jobs):
            pass


def _run_papermill(job: Job) -> None:
    import papermill

    notebook, parameters, out = job
    papermill.execute_notebook(
        notebook, out, parameters=parameters, progress_bar=False, request_save_on_cell_execute=False
    )


def run_nbclient(jobs: Sequence[Job]) -> None:
    """nbclient in one process, a kernel for each notebook."""
    import nbclient
    import nbformat
    from papermill.parameterize import parameterize_notebook

    for notebook, parameters, out in jobs:
        parametrised = parameterize_notebook(_load(notebook), parameters)
        nbclient.NotebookClient(parametrised).execute()
        nbformat.write(parametrised, out)


def run_ploomber(jobs: Sequence[Job]) -> None:
    """ploomber-engine: the cells in one process for all notebooks; what one leaves behind, the next one finds."""
    from ploomber_engine import execute_notebook

    for notebook, parameters, out in jobs:
        execute_notebook(notebook, out, parameters=parameters, progress_bar=False, log_output=False)


def run_ours(jobs: Sequence[Job], workers: int) -> None:
    """Our engine, without pages: the same work as the others do."""
    from dimios_core.forking.shared_server import SharedServer

    results = Path(jobs[0][1]["results"])
    languages = sorted({parameters["language"] for _, parameters, _ in jobs})
    with SharedServer.expected(results, languages, [CONTROLS]):
        from dimios_core.runner.batches import local_executor, run_batch
        from dimios_core.runner.execution import RunSettings
        from dimios_core.runner.jobs import ReportJob
        from dimios_core.runner.parameters import OrganisationParameters

        out = Path(jobs[0][2]).parent
        planned = [
            ReportJob(Path(notebook), OrganisationParameters.model_validate({**parameters, "results": ""}))
            for notebook, parameters, _ in jobs
        ]
        settings = RunSettings(out, results, out / "run", PROJECT)
        outcomes = run_batch(planned, settings, local_executor(workers))
    failed = [str(o.error) for o in outcomes if o.error]
    if failed:
        raise SystemExit("\n".join(failed))


def run_floor(jobs: Sequence[Job]) -> None:
    """No notebook at all: one warm process builds the same facts and figures, one report after the other.

    As in a child, what all may read is read once, and what else a report reads once for all of its tabs.
    """
    from dimios_core.published.gathering import kept_within
    from dimios_core.published.store import keep_public
    from dimios_core.report.warming import prepare_pages, warm_up
    from tests.benchmarks.floor import build

    os.environ["DIMIOS_RESULTS"] = jobs[0][1]["results"]
    warm_up()
    keep_public()
    prepare_pages()
    for parameters, tabs in groupby(jobs, key=lambda job: job[1]):
        with kept_within():
            for notebook, _, out in tabs:
                built = build(Path(notebook).stem, **parameters)
                Path(out).write_text(json.dumps(built), encoding="utf-8")


def _load(notebook: str):
    from papermill.iorw import load_notebook_node

    return load_notebook_node(notebook)


WAYS: dict[str, Callable[[Sequence[Job]], None]] = {
    "papermill-command": run_command_line,
    "papermill-pool": run_pool,
    "nbclient": run_nbclient,
    "ploomber": run_ploomber,
    "dimios-1": lambda jobs: run_ours(jobs, 1),
    "dimios-2": lambda jobs: run_ours(jobs, 2),
    "floor": run_floor,
}


def main() -> None:
    """Run all jobs in the way that is asked for."""
    way, listed, out = sys.argv[1:4]
    folder = Path(out)
    folder.mkdir(parents=True)
    jobs = [
        (notebook, parameters, str(folder / f"{number}.ipynb"))
        for number, (notebook, parameters) in enumerate(json.loads(Path(listed).read_text(encoding="utf-8")))
    ]
    WAYS[way](jobs)


if __name__ == "__main__":
    main()
