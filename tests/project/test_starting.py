"""A project of one's own: a copy to edit, which goes first where one stands in it, and which overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimios_core import places
from dimios_core.errors import InputError
from dimios_core.project.starting import start_project
from dimios_core.suites import load_suite

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_places_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIMIOS_PROJECT", "DIMIOS_OUTPUTS", "DIMIOS_RESULTS"):
        monkeypatch.delenv(name, raising=False)


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_it_holds_the_program_s_notebooks_and_parameters_and_keeps_outputs_out_of_git(tmp_path: Path) -> None:
    project = start_project(tmp_path / "new" / "mine")
    assert project == tmp_path / "new" / "mine"
    shipped = {p for part in ("notebooks", "parameters") for p in (ROOT / part).rglob("*") if p.is_file()}
    expected = {str(p.relative_to(ROOT)) for p in shipped if ".ipynb_checkpoints" not in p.parts}
    written = read_files(project)
    assert written.keys() == expected | {".gitignore"}
    assert all(written[name] == (ROOT / name).read_bytes() for name in expected)
    assert written[".gitignore"] == b"outputs/\n"


def test_it_goes_first_where_one_stands_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = start_project(tmp_path)  # an empty folder will do
    suite = project / "parameters" / "suites" / "organisation.yaml"
    suite.write_text(
        "id: organisation\nper: organisation\nnotebooks: [organisation/improvements]", encoding="utf-8"
    )
    monkeypatch.chdir(project / "notebooks" / "organisation")
    assert (places.project_root(), places.outputs_dir()) == (project, project / "outputs")
    assert load_suite("organisation").paths == [project / "notebooks" / "organisation" / "improvements.ipynb"]


def test_an_installed_program_brings_its_own_and_writes_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, shipped = tmp_path / "here", tmp_path / "site-packages" / "dimios_core" / "shipped"
    here.mkdir()
    (shipped / places.MARK).mkdir(parents=True)
    monkeypatch.setattr(places, "SHIPPED", shipped)
    monkeypatch.chdir(here)
    assert (places.project_root(), places.outputs_dir()) == (shipped, here / "outputs")
    monkeypatch.setenv("DIMIOS_PROJECT", str(shipped))  # as children are told
    assert places.outputs_dir() == here / "outputs"


def test_what_lies_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine", encoding="utf-8")
    for folder, told in (
        (tmp_path, "something lies there already: a.csv"),
        (tmp_path / "a.csv", "cannot be written"),
    ):
        with pytest.raises(InputError, match=told) as raised:
            start_project(folder)
        assert "name a" in raised.value.problems[0].remedy
    assert read_files(tmp_path) == {"a.csv": b"mine"}


def test_a_copy_that_breaks_off_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    incomplete = tmp_path / "shipped"
    (incomplete / "notebooks").mkdir(parents=True)
    monkeypatch.setattr(places, "SHIPPED", incomplete)  # its parameters are missing
    with pytest.raises(InputError, match="cannot be written"):
        start_project(tmp_path / "mine")
    assert read_files(tmp_path / "mine") == {}
