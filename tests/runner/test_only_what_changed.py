"""Only what changed is run again, and nobody gets figures that are not their own: with the real notebooks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.page.build import read_about, read_reads
from dimios_core.published.reads import hash_read_file
from dimios_core.runner.jobs import ReportJob, plan_jobs, published_organisations
from dimios_core.runner.made import MadeReports, hash_code
from dimios_core.runner.own_figures import OwnFiguresError, check_own_figures
from dimios_core.runner.parameters import OrganisationParameters
from dimios_core.suites import load_suite
from tests.pages import TABS

ORGANISATIONS = ("almvik", "vintersjo")


@pytest.fixture(scope="module")
def made(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outputs folder with the reports of two organisations."""
    place = tmp_path_factory.mktemp("changes") / "outputs"
    shutil.copytree(demo_outputs / "results", place / "results")
    Project(place, workers=2).report(ORGANISATIONS).check()
    return place


@pytest.fixture
def outputs(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil; times of files are kept."""
    return shutil.copytree(made, tmp_path / "outputs")


def run_again(place: Path, **wishes) -> tuple[int, dict[str, str]]:
    """Run the same batch; return the exit code and each notebook's status."""
    code = Project(place, workers=2).report(ORGANISATIONS, **wishes).exit_code
    manifest = json.loads(max(place.glob("runs/*/manifest.json")).read_text(encoding="utf-8"))
    rows = {f"{r['organisation']} {Path(r['notebook']).stem}": r["status"] for r in manifest["notebooks"]}
    return code, rows


def test_nothing_is_run_when_nothing_changed(outputs: Path) -> None:
    code, rows = run_again(outputs)
    assert code == 0
    assert len(rows) == len(ORGANISATIONS) * len(TABS) and set(rows.values()) == {"unchanged"}
    assert set(run_again(outputs, force=True)[1].values()) == {"made"}


def test_only_notebooks_that_show_a_changed_table_run_again(outputs: Path) -> None:
    path = outputs / "results" / "organisation=almvik" / "contrasts.parquet"
    table = pd.read_parquet(path)
    table.iloc[::-1].to_parquet(path)
    readers = {
        f"almvik {p.stem}"
        for p in outputs.glob("reports/*/almvik/sv/*.ipynb")
        if "organisation=almvik/contrasts.parquet" in read_about(nbformat.read(p, as_version=4))["reads"]
    }
    assert "almvik internal_comparison" in readers and "almvik everyones_result" not in readers
    code, rows = run_again(outputs)
    assert code == 0
    assert {name for name, status in rows.items() if status == "made"} == readers


def test_each_published_file_in_turn_makes_exactly_its_readers_fall(outputs: Path) -> None:
    results, code = outputs / "results", hash_code()
    jobs = plan_jobs(
        published_organisations(results), load_suite("organisation").paths, organisations=ORGANISATIONS
    )
    reads = {
        job: read_about(nbformat.read(outputs / "reports" / job.relative_path, as_version=4))["reads"]
        for job in jobs
    }
    files = [*results.glob("public/*"), *results.glob("organisation=almvik/*")]
    for path in files:
        name, before = path.relative_to(results).as_posix(), path.read_bytes()
        path.write_bytes(before + b"\n")
        made = MadeReports(outputs, results, code)
        fallen = {job for job in jobs if not made.stands(job, with_page=True)}
        path.write_bytes(before)
        assert fallen == {job for job in jobs if name in reads[job]}, name
    readers_n = [
        sum(path.relative_to(results).as_posix() in held for held in reads.values()) for path in files
    ]
    assert {0, len(jobs)} < set(readers_n)  # some are read by nobody here, some by all, most by some


def test_the_stamp_of_the_whole_store_alone_changes_no_report(outputs: Path) -> None:
    path = outputs / "results" / "stamp.json"
    stamp = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(stamp | {"results_version": "0" * 12}), encoding="utf-8")
    assert set(run_again(outputs)[1].values()) == {"unchanged"}
    path.write_text(json.dumps(stamp | {"demo": None}), encoding="utf-8")
    assert set(run_again(outputs)[1].values()) == {"made"}


def test_a_report_that_was_touched_or_lost_is_made_again(outputs: Path) -> None:
    (touched,) = outputs.glob("reports/*/almvik/sv/our_result.ipynb")
    touched.write_text(touched.read_text(encoding="utf-8").replace("Almvik", "Vintersjö"), encoding="utf-8")
    (lost,) = outputs.glob("reports/*/vintersjo/sv/improvements.html")
    lost.unlink()
    rows = run_again(outputs)[1]
    assert {n for n, status in rows.items() if status == "made"} == {
        "almvik our_result",
        "vintersjo improvements",
    }
    assert lost.is_file()


def test_a_damaged_input_fails_its_reports_and_the_last_good_ones_stay(outputs: Path) -> None:
    path = outputs / "results" / "organisation=almvik" / "scores.parquet"
    path.write_bytes(path.read_bytes()[:200])
    before = {p: p.read_bytes() for p in outputs.glob("reports/*/*/sv/*.ipynb")}
    code, rows = run_again(outputs)
    assert code == 1
    assert {n.split()[0] for n, status in rows.items() if status == "failed"} == {"almvik"}
    assert {status for n, status in rows.items() if n.startswith("vintersjo")} == {"unchanged"}
    assert {p: p.read_bytes() for p in before} == before
    kept = list(outputs.glob("runs/*/failed/*/almvik/sv/*.ipynb"))
    assert kept
    assert all("papermill-error-cell" in p.read_text(encoding="utf-8") for p in kept)


def test_reports_are_byte_identical_in_another_folder(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "else where"
    shutil.copytree(made / "results", place / "results")
    Project(place, workers=1).report(ORGANISATIONS).check()
    held = [
        {
            path.relative_to(folder): path.read_bytes()
            for path in sorted((folder / "reports").rglob("*"))
            if path.suffix in (".ipynb", ".html")
        }
        for folder in (made, place)
    ]
    assert (
        len(held[0]) == len(ORGANISATIONS) * len(TABS) * 2 + 2
    )  # notebooks, pages, the index, the statement
    assert held[0] == held[1]


def test_a_page_tells_what_it_was_made_of(made: Path) -> None:
    for path in made.glob("reports/*/almvik/sv/*.html"):
        reads = read_reads(path.read_text(encoding="utf-8"))
        assert reads == read_about(nbformat.read(path.with_suffix(".ipynb"), as_version=4))["reads"]
        assert all(hash_read_file(made / "results", name) == held for name, held in reads.items())


class TestOwnFigures:
    """What a mix-up would look like, put into a notebook that was right."""

    @pytest.fixture
    def notebook(self, made: Path) -> nbformat.NotebookNode:
        (path,) = made.glob("reports/*/almvik/sv/our_result.ipynb")
        return nbformat.read(path, as_version=4)

    @staticmethod
    def check(
        notebook: nbformat.NotebookNode, made: Path, organisation: str = "almvik", **changed: str
    ) -> None:
        given = {"organisation": organisation, "period": "2026", "language": "sv"} | changed
        job = ReportJob(Path("our_result.ipynb"), OrganisationParameters.model_validate(given))
        check_own_figures(notebook, job, made / "results")

    @staticmethod
    def about(notebook: nbformat.NotebookNode) -> dict:
        return next(
            o.metadata["dimios"]
            for c in reversed(notebook.cells)
            for o in c.get("outputs", [])
            if "dimios" in o.get("metadata", {})
        )

    def test_the_right_one_passes(self, notebook, made) -> None:
        self.check(notebook, made)

    @pytest.mark.parametrize(
        "changed", [{"organisation": "vintersjo"}, {"period": "2024"}, {"language": "en"}]
    )
    def test_another_ones_is_refused(self, notebook, made, changed) -> None:
        with pytest.raises(OwnFiguresError, match="it shows the"):
            self.check(notebook, made, **changed)

    def test_figures_of_another_under_the_right_name_are_refused(self, notebook, made) -> None:
        other = nbformat.read(next(made.glob("reports/*/vintersjo/sv/our_result.ipynb")), as_version=4)
        self.about(notebook)["fingerprint"] = self.about(other)["fingerprint"]
        with pytest.raises(OwnFiguresError, match="not those that are published"):
            self.check(notebook, made)

    def test_files_of_another_are_refused(self, notebook, made) -> None:
        name = "organisation=vintersjo/scores.parquet"
        self.about(notebook)["reads"][name] = hash_read_file(made / "results", name)
        with pytest.raises(OwnFiguresError, match="another's"):
            self.check(notebook, made)

    def test_results_that_were_replaced_meanwhile_are_refused(self, notebook, made) -> None:
        self.about(notebook)["reads"]["organisation=almvik/scores.parquet"] = "0" * 12
        with pytest.raises(OwnFiguresError, match="replaced while it ran"):
            self.check(notebook, made)

    def test_one_that_tells_nothing_is_refused(self, notebook, made) -> None:
        self.about(notebook).clear()
        with pytest.raises(OwnFiguresError, match="does not tell its"):
            self.check(notebook, made)
