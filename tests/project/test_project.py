"""`Project` in plain Python: without the command line, stopped, two at once, and what its steps give back."""

from __future__ import annotations

import inspect
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest

import dimios_core
from dimios_core import Project
from dimios_core.errors import DimiosError, InputError
from dimios_core.forking import ForkServer
from dimios_core.forking.shared_server import SharedServer
from dimios_core.locks import hold
from dimios_core.places import MADE
from dimios_core.project.answers import RestrictedWarning
from dimios_core.project.progress import Stage
from dimios_core.project.summaries import Summary
from dimios_core.responses import ResponseStore


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a program in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, text=True, **pipes)


def with_results(demo_outputs: Path, outputs: Path) -> Path:
    """An outputs folder with the demo's results, for reading."""
    outputs.mkdir(exist_ok=True)
    (outputs / "results").symlink_to(demo_outputs / "results")
    return outputs


@pytest.mark.parametrize(
    ("scored", "made", "force", "begun_n"),
    [(True, False, False, 1), (True, True, False, 0), (True, True, True, 1), (False, False, True, 0)],
)
def test_what_makes_reports_gets_ready_early_where_some_are_certain_and_ends_where_none_come(
    tmp_path, monkeypatch, scored: bool, made: bool, force: bool, begun_n: int
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(ForkServer, "begin", lambda server: begun.append(id(server)))
    if scored:
        (tmp_path / "results").mkdir()
    if made:
        (tmp_path / MADE).parent.mkdir(exist_ok=True)
        (tmp_path / MADE).touch()
    with pytest.raises(InputError):  # nothing is published there
        Project(tmp_path).report(force=force)
    assert len(begun) == begun_n
    assert SharedServer._server is None


def test_the_package_offers_project() -> None:
    assert dimios_core.Project is Project and "Project" in dir(dimios_core)
    with pytest.raises(AttributeError, match="Projekt"):
        dimios_core.Projekt  # noqa: B018 - to be missed


STOPPED = """
import sys
from dimios_core import Project
from dimios_core.project.interrupted import Interrupted

def tell(stage):
    if stage.step == "reports" and stage.done >= 2:
        print("two are made", flush=True)
        sys.stdin.read()  # until it is stopped

project = Project(sys.argv[1], workers=1, progress=tell)
try:
    project.report(["almvik", "vintersjo", "ronnstad"])
except KeyboardInterrupt as stopped:
    assert isinstance(stopped, Interrupted)
    print(stopped.summary.status, stopped.summary.exit_code, stopped.summary.counts["made"], flush=True)
"""


@pytest.mark.usefixtures("heavy")
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_ctrl_c_keeps_what_is_made_tells_so_and_goes_on(demo_outputs: Path, tmp_path: Path) -> None:
    outputs = with_results(demo_outputs, tmp_path / "outputs")
    process = start(STOPPED, outputs)
    assert process.stdout is not None and "two are made" in process.stdout.readline()
    # while it works, a second one is told who it is, and writes nothing
    with pytest.raises(InputError, match=rf"dimios report \(process {process.pid}"):
        Project(outputs).report("almvik")
    with pytest.raises(InputError, match="is at work there"):
        Project(outputs).export("xlsx", "almvik")
    process.send_signal(signal.SIGINT)
    told, errors = process.communicate(timeout=60)
    status, code, made_n = told.splitlines()[-1].split()
    assert (process.returncode, status, code) == (0, "interrupted", "130"), errors
    # what its workers finished while it was being stopped lies there, too, and is made again
    there = list(outputs.glob("reports/*/*/sv/*.ipynb"))
    assert 2 <= int(made_n) <= len(there) and int(made_n) < 15
    assert Project(outputs).runs()["status"].tolist() == ["interrupted"]

    again = Project(outputs, workers=2).report(["almvik", "vintersjo", "ronnstad"]).check()
    assert again.counts == {"unchanged": int(made_n), "made": 15 - int(made_n)}
    assert Project(outputs).run_record()["status"] == "done"


@pytest.mark.usefixtures("heavy")
def test_two_processes_at_once_do_not_score_into_one_folder(tmp_path: Path) -> None:
    program = "import sys; from dimios_core import Project; Project(sys.argv[1]).score()"
    with hold(tmp_path, "dimios ingest"):
        process = start(program, tmp_path)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"dimios ingest (process {os.getpid()}" in errors and "wait until it is done" in errors
    assert [p.name for p in tmp_path.iterdir()] == [".lock"]


@pytest.mark.usefixtures("heavy")
def test_a_notebook_that_fails_is_told_in_the_summary_and_raised_where_asked(
    demo_outputs: Path, tmp_path: Path
) -> None:
    outputs = with_results(demo_outputs, tmp_path / "outputs")
    notebook = tmp_path / "fails.ipynb"
    cells = [
        'organisation: str = "almvik"  # id\nperiod: str = "2026"  # when\nlanguage: str = "sv"  # in what',
        'raise ValueError("no figures for " + organisation)',
    ]
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    tags = [["parameters"], []]
    document = {
        "cells": [
            code | {"id": str(n), "metadata": {"tags": tags[n]}, "source": source}
            for n, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    notebook.write_text(json.dumps(document), encoding="utf-8")
    stages: list[Stage] = []
    made = Project(outputs, workers=2, progress=stages.append).report(
        ["almvik", "vintersjo"], notebook=notebook, page=False
    )
    assert made.exit_code == 1 and made.counts == {"failed": 2}
    table = made.to_frame().set_index("owner")
    assert table.loc["almvik", "page"] == "fails" and "no figures for almvik" in table.loc["almvik", "error"]
    with pytest.raises(DimiosError, match="no figures for vintersjo"):
        made.check()
    assert "<td>vintersjo</td>" in made._repr_html_()
    assert stages[-1] == Stage("reports", 2, 2, failed_n=2, ended=True)
    assert [s.note for s in stages if "failed:" in s.note] and all(s.step == "reports" for s in stages)


def test_what_is_asked_for_wrongly_is_told_at_once_and_nothing_is_made(
    demo_outputs: Path, tmp_path: Path
) -> None:
    outputs = with_results(demo_outputs, tmp_path / "outputs")
    with pytest.raises(InputError) as told:
        Project(outputs).export("pdv", "almvk", language="no")
    places = [problem.place for problem in told.value.problems]
    assert places == ["--to", "--organisation almvk", "--language"]
    assert [p.name for p in outputs.iterdir()] == ["results"]


def test_whoever_sees_only_an_error_is_told_of_the_new_key(raw: Path, tmp_path: Path) -> None:
    project, key = Project(tmp_path / "outputs"), tmp_path / "pseudonym.key"
    made = project.register(raw / "organisations.csv", raw / "units.csv")
    assert (made.organisations_n, made.changed) == (5, ("organisations", "units"))
    assert made.to_frame().set_index("table")["changed"].to_dict() == {
        "organisations": True, "units": True, "invited": False,
    }  # fmt: skip
    for notes_n in (1, 0):  # the second time there is a key
        with pytest.raises(InputError, match=r"no\.csv") as told:
            project.ingest(tmp_path / "no.csv", mapping="demo-csv", key_file=key)
        notes = getattr(told.value, "__notes__", [])
        assert len(notes) == notes_n and all(f"{key}. Back it up" in note for note in notes)


def test_published_and_public_are_frames_by_name(demo_outputs: Path) -> None:
    project = Project(demo_outputs)
    scores = pd.read_parquet(demo_outputs / "results" / "organisation=almvik" / "scores.parquet")
    pd.testing.assert_frame_equal(project.published("almvik").scores, scores, check_dtype=False)
    assert {"2023", "2024", "2025", "2026"} <= set(project.public.benchmarks["period"])
    with pytest.raises(InputError, match="almvik"):
        project.published("almvk")
    with pytest.raises(AttributeError):
        project.public.scores  # noqa: B018 - a table of an organisation's own


def test_answers_are_opened_with_a_warning_that_they_are_restricted(demo_outputs: Path) -> None:
    with pytest.warns(RestrictedWarning, match="restricted") as warned:
        answers = Project(demo_outputs).answers(periods=["2026"], organisations=["almvik"])
    assert warned[0].filename == __file__  # it points at whoever opened them
    own = ResponseStore(demo_outputs).read("2026", "almvik").to_pandas()
    assert set(answers.index.get_level_values("respondent")) == set(own["respondent"])
    assert answers.long["answer"].sum() == pytest.approx(own["answer"].sum())


def test_where_nothing_is_answers_and_runs_are_empty_in_their_own_ways(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no answers"):
        Project(tmp_path).answers()
    runs = Project(tmp_path).runs()
    assert runs.empty and "status" in runs


def test_help_reads_like_a_page_of_docs() -> None:
    """Every step explains itself in a sentence, and the page names every parameter of the project."""
    page = inspect.getdoc(Project) or ""
    for name in list(inspect.signature(Project).parameters):
        assert re.search(rf"^{name} : ", page, re.MULTILINE), name
    steps = [name for name in dir(Project) if not name.startswith("_")]
    assert len(steps) > 15
    for name in steps:
        words = inspect.getdoc(getattr(Project, name)) or ""
        assert words.partition("\n")[0].rstrip().endswith((".", ")")), name
    summaries = [getattr(dimios_core.project.summaries, n) for n in dimios_core.project.summaries.__all__]
    for kind in summaries:
        if inspect.isclass(kind) and kind is not Summary:
            assert issubclass(kind, Summary) and kind.__dataclass_params__.frozen, kind
