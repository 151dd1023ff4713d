"""A notebook of one's own alone: what it is given, where it has to lie, for whom it is run."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from papermill.cli import _resolve_type

from dimios_core.errors import InputError
from dimios_core.runner.jobs import published_organisations
from dimios_core.runner.own_notebooks import check_place, plan_again, plan_notebook, read_own

SHARED = 'period: str = "2026"  # p\nlanguage: str = "sv"  # l\nresults: str = ""  # r\n'
OWN = (
    'organisation: str = "lillby"  # o\n'
    + SHARED
    + 'n: int = 1  # n\ncode: str = "01"  # c\nx: float = 0.5  # x\n'
)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    return tmp_path


def write(path: Path, parameters: str) -> Path:
    cell = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


def test_values_are_read_as_papermill_reads_them(tmp_path):
    notebook = write(tmp_path / "own.ipynb", "a: None = None  # a")
    values = [
        "1",
        "-3",
        "0.5",
        "1e3",
        "True",
        "False",
        "None",
        "true",
        "2026-1",
        "",
        "a b",
        "01",
        "1_000",
        "ett=två",
    ]
    for value in values:
        ((name, read),) = read_own(notebook, [f"a={value}"])
        assert name == "a" and type(read) is type(_resolve_type(value)) and read == _resolve_type(value)


def test_what_is_declared_as_text_stays_text(tmp_path):
    notebook = write(tmp_path / "own.ipynb", OWN)
    assert read_own(notebook, ["code=01", "n=3", "x=2"]) == (("code", "01"), ("n", 3), ("x", 2))


def test_what_cannot_be_given_is_told_all_at_once(tmp_path):
    notebook = write(tmp_path / "own.ipynb", OWN)
    with pytest.raises(InputError) as raised:
        read_own(notebook, ["n", "=3", "period=2025", "n=1", "n=2", "results=x"])
    assert [(p.place, p.remedy) for p in raised.value.problems] == [
        ("-p n", "write -p name=value"),
        ("-p =3", "write -p name=value"),
        ("-p period=2025", "give --period"),
        ("-p n=2", "give it once"),
        ("-p results=x", "give --outputs"),
    ]


def test_own_parameters_are_checked_and_are_a_part_of_the_job(outputs, tmp_path):
    notebook, results = write(tmp_path / "own.ipynb", OWN), outputs / "results"
    published = published_organisations(results)
    (job,) = plan_notebook(results, published, notebook, (("n", 3),), organisations=["lillby"])
    given = {"organisation": "lillby", "period": "2026", "language": "sv", "n": 3}
    assert job.parameters.to_inject() == given
    with pytest.raises(InputError, match="no parameter 'm'"):
        plan_notebook(results, published, notebook, (("m", 3),))
    with pytest.raises(InputError, match="'three' is not int"):
        plan_notebook(results, published, notebook, (("n", "three"),))


@pytest.mark.parametrize(
    ("parameters", "jobs"),
    [
        (OWN, ["lillby 2026 sv own", "ostmark 2025-2 sv own", "storstad 2026 sv own"]),
        (SHARED, ["_consortium 2026 sv own"]),
        ('county: str = "14"  # c\n' + SHARED, ["_consortium 2026 sv own_14", "_consortium 2026 sv own_12"]),
    ],
)
def test_its_parameters_say_for_whom_it_is_run(outputs, tmp_path, monkeypatch, parameters, jobs):
    notebook, results = write(tmp_path / "own.ipynb", parameters), outputs / "results"
    monkeypatch.setattr("dimios_core.runner.own_notebooks.public_periods", lambda _: {"2026": ["14", "12"]})
    planned = plan_notebook(results, published_organisations(results), notebook)
    assert [str(job) for job in planned] == jobs


def test_a_page_is_made_of_a_notebook_of_the_project_with_a_name_of_its_own(project):
    within, without = write(project / "notebooks" / "own" / "a.ipynb", OWN), write(project / "a.ipynb", OWN)
    check_place(within)
    with pytest.raises(InputError, match=r"of notebooks of the project alone.+\n.+or give --no-page"):
        check_place(without)
    write(project / "notebooks" / ".ipynb_checkpoints" / "a.ipynb", OWN)
    check_place(within)
    write(project / "notebooks" / "more" / "a.ipynb", OWN)
    with pytest.raises(InputError, match="of the same name lie in more"):
        check_place(within)


@pytest.mark.parametrize("damage", ["none", "gone", "another's", "list", "unknown"])
def test_a_stored_page_is_planned_again_from_the_project_alone(project, outputs, damage):
    notebook, results = write(project / "notebooks" / "own" / "a.ipynb", OWN), outputs / "results"
    given = {"organisation": "lillby", "period": "2026", "language": "sv", "n": 3}
    given |= {"another's": {"organisation": "storstad"}, "list": {"n": [1]}, "unknown": {"m": 1}}.get(
        damage, {}
    )
    stored = project / "stored.ipynb"
    stored.write_text(json.dumps({"metadata": {"papermill": {"parameters": given}}}), encoding="utf-8")
    if damage == "gone":
        notebook.unlink()
    place = Path("2026", "lillby", "sv", "a.ipynb")
    job = plan_again(results, published_organisations(results), stored, place)
    if damage in ("none", "another's"):  # whom it is about is where it lies
        assert job is not None and job.relative_path == place
        assert (job.notebook, job.parameters.to_inject()) == (notebook, given | {"organisation": "lillby"})
    else:
        assert job is None
