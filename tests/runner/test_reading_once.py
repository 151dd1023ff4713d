"""A report's child opens each published file once: what it shows, its hash and the check at the end come of one reading."""

from __future__ import annotations

import pickle
import shutil
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dimios_core.export.orders import Order
from dimios_core.export.production import FORMATS, PRELOAD, export_order
from dimios_core.forking import ForkServer, environment_of_results
from dimios_core.forking.shared_server import PRELOAD as PRELOAD_PAGES
from dimios_core.forking.shared_server import SharedServer
from dimios_core.instrument import Instrument
from dimios_core.places import project_root
from dimios_core.published.gathering import gather_once, kept_within
from dimios_core.published.reads import Content, hash_read_file, keep_contents, read_content
from dimios_core.published.rows import Table, read_rows
from dimios_core.published.store import PublishedResults
from dimios_core.report.groups import rates
from dimios_core.report.pages.about_measurement.page import AboutMeasurement
from dimios_core.report.pages.improvements import evidence
from dimios_core.report.pages.improvements.page import Improvements
from dimios_core.report.pages.internal_comparison.page import InternalComparison
from dimios_core.report.pages.our_result.page import OurResult
from dimios_core.report.warming import prepare_pages
from dimios_core.runner.execution import RunSettings, run_job
from dimios_core.runner.finishing import finish_report
from dimios_core.runner.isolation import run_report
from dimios_core.runner.jobs import plan_jobs, published_organisations
from dimios_core.suites import load_suite
from tests.benchmarks.floor import build
from tests.forking.calls import list_modules
from tests.forking.linux import FORKING
from tests.opening import count_opened


@pytest.fixture
def outputs(stored_reports: Path, tmp_path: Path) -> Path:
    """An outputs folder that nobody else reads: one organisation, its reports, and what all may see."""
    results = stored_reports / "results"
    for name in ("public", "organisation=almvik"):
        shutil.copytree(results / name, tmp_path / "results" / name)
    shutil.copy(results / "stamp.json", tmp_path / "results")
    own = Path("reports", "2026", "almvik", "sv")
    shutil.copytree(stored_reports / own, tmp_path / own)
    return tmp_path


@pytest.fixture
def folders(outputs: Path) -> list[Path]:
    """The folders whose files are counted."""
    results = outputs / "results"
    return [results, results / "public", results / "organisation=almvik", outputs / "reports/2026/almvik/sv"]


@FORKING
@pytest.mark.parametrize("page", load_suite("organisation").pages)
def test_a_report(outputs, folders, page):
    results = outputs / "results"
    paths = [path for path in load_suite("organisation").paths if path.stem == page]
    (job,) = plan_jobs(published_organisations(results), paths)
    settings = RunSettings(outputs, results, outputs / "runs" / "1", project_root(), finish=finish_report)
    SharedServer.close()
    try:
        with count_opened(folders) as opened:
            (outcome,) = run_report([job], settings)
    finally:
        SharedServer.close()
    assert outcome.error is None
    assert "organisation=almvik/scores.parquet" in outcome.reads
    assert "public/instrument.json" in outcome.reads
    # the parent reads what all may see once for all children; the child the rest
    times = {name: opened[results / name] for name in outcome.reads if (results / name).exists()}
    assert times == dict.fromkeys(times, 1)
    assert all(n == 1 for path, n in opened.items() if results in path.parents)
    # it tells all of the organisation's own that was opened, and nothing else
    own = results / "organisation=almvik"
    there = {name for name in outcome.reads if (results / name).exists() and (results / name).parent == own}
    assert there == {path.relative_to(results).as_posix() for path in opened if path.parent == own}


@FORKING
def test_the_whole_report_reads_each_file_once_and_each_page_tells_all_of_its_own(outputs, folders):
    results, suite = outputs / "results", load_suite("organisation")
    jobs = plan_jobs(published_organisations(results), suite.paths)
    settings = RunSettings(outputs, results, outputs / "runs" / "1", project_root(), finish=finish_report)
    SharedServer.close()
    try:
        with count_opened(folders) as opened:
            outcomes = run_report(jobs, settings)
        alone = [run_report([job], settings)[0] for job in jobs[::-1]][::-1]
    finally:
        SharedServer.close()
    assert [outcome.error for outcome in outcomes] == [None] * len(suite.pages)
    # what another page has read before is told, too: as if each had run alone
    assert [outcome.reads for outcome in outcomes] == [outcome.reads for outcome in alone]
    assert {n for path, n in opened.items() if results in path.parents} == {1}


@FORKING
def test_a_child_finds_all_modules_loaded_and_none_that_pages_do_without(outputs):
    jobs = plan_jobs(published_organisations(outputs / "results"), load_suite("organisation").paths)
    settings = RunSettings(
        outputs, outputs / "results", outputs / "runs" / "1", project_root(), finish=finish_report
    )
    environment = environment_of_results(outputs / "results")
    with ForkServer([f"{PRELOAD_PAGES}:sv"], environment) as server, closing(server.child()) as child:
        before = child.call(list_modules)
        assert [child.call(run_job, job, settings).error for job in jobs] == [None] * len(jobs)
        assert set(child.call(list_modules)) - set(before) == set()
    assert not {"pandas", "ipywidgets", "openpyxl", "requests"} & set(before)


@FORKING
def test_an_export_in_all_formats(outputs, folders):
    pages = load_suite("organisation").pages
    order = Order(outputs, "almvik", "2026", "sv", pages)
    with ForkServer([PRELOAD], environment_of_results(outputs / "results")) as server:
        server.warm_up()
        with count_opened(folders) as opened:
            made = server.call(export_order, order, list(FORMATS))
    assert made.error == ""
    assert {path.suffix for path in made.paths} == {".html", ".pdf", ".pptx", ".xlsx"}
    assert {path.name for path in opened if path.suffix == ".ipynb"} == {f"{page}.ipynb" for page in pages}
    assert outputs / "results/organisation=almvik/scores.parquet" in opened
    assert set(opened.values()) == {1}


@pytest.fixture
def keeping(monkeypatch) -> None:
    """This process keeps what it reads, for one test."""
    monkeypatch.setattr(Content, "kept", None)
    keep_contents()


@pytest.mark.usefixtures("keeping")
def test_a_file_that_is_replaced_is_read_anew(outputs):
    results = outputs / "results"
    name = "organisation=almvik/scores.parquet"
    path, before, rows = results / name, hash_read_file(results, name), read_rows(results / name).rows()
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path.with_suffix(".new"), compression="zstd")
    path.with_suffix(".new").replace(path)
    assert hash_read_file(results, name) != before
    assert read_rows(path).rows() == rows[1:]


def gather_values(results: PublishedResults, table: str) -> list[float | None]:
    return [row["score"] for row in results.rows(table, period=results.profile["periods"][-1])]


def tell_asked(results: PublishedResults) -> str | None:
    results.table("scores")
    return results.asked


@pytest.mark.usefixtures("keeping")
def test_what_is_gathered_once_is_read_by_all_who_ask_and_anew_where_it_has_changed(outputs):
    results = outputs / "results"
    first, second = (PublishedResults(results, "almvik") for _ in range(2))
    found = gather_once(gather_values, first, "scores")
    assert found == gather_values(PublishedResults(results, "almvik"), "scores")
    assert gather_once(gather_values, second, "scores") is found
    named = {"organisation=almvik/organisation.json", "organisation=almvik/scores.parquet"}
    assert first.reads.as_dict().keys() == named and second.reads.as_dict() == first.reads.as_dict()
    path = results / "organisation=almvik/scores.parquet"
    pq.write_table(pq.read_table(path).slice(1), path.with_suffix(".new"), compression="zstd")
    path.with_suffix(".new").replace(path)
    third = PublishedResults(results, "almvik")
    assert gather_once(gather_values, third, "scores") is not found
    assert third.reads.as_dict().keys() == named and third.reads.as_dict() != first.reads.as_dict()


@pytest.mark.usefixtures("keeping")
def test_what_all_are_told_alike_is_written_once_and_has_been_read_by_each_who_shows_it(outputs, monkeypatch):
    results = outputs / "results"
    monkeypatch.setenv("DIMIOS_RESULTS", str(results))
    prepare_pages(["sv"])
    written = []
    monkeypatch.setattr(evidence, "chart_kinds", lambda *given: written.append(given))
    shutil.copytree(results / "organisation=almvik", results / "organisation=other")
    one, other = (Improvements.open(name, "2026", "sv") for name in ("almvik", "other"))
    assert one.evidence().html == other.evidence().html and not written
    assert one.written is other.written
    named = {f"public/{name}" for name in ("evidence.parquet", "evidence_kinds.parquet", "glossary.json")}
    assert named <= one.results.reads.as_dict().keys()
    path = results / "public/evidence_kinds.parquet"
    pq.write_table(pq.read_table(path), path.with_suffix(".new"), compression="gzip")
    path.with_suffix(".new").replace(path)
    assert Improvements.open(one.results.organisation, "2026", "sv").evidence().html and len(written) == 1


@pytest.mark.usefixtures("keeping")
def test_what_cannot_be_gathered_beforehand_is_left_to_those_who_show_it(outputs, monkeypatch):
    results = outputs / "results"
    monkeypatch.setenv("DIMIOS_RESULTS", str(results))
    (results / "public/evidence.parquet").write_bytes(b"")
    prepare_pages(["sv"])
    with pytest.raises(pa.ArrowInvalid):
        Improvements.open("almvik", "2026", "sv").evidence()
    monkeypatch.setenv("DIMIOS_RESULTS", str(outputs / "nothing"))
    prepare_pages(["sv"])


def test_what_is_kept_within_a_block_is_forgotten_at_its_end(outputs):
    results, path = outputs / "results", outputs / "results/organisation=almvik/scores.parquet"
    for _ in range(2):
        with kept_within():
            assert not Content.kept
            first, second = (
                gather_once(gather_values, PublishedResults(results, "almvik"), "scores") for _ in "ab"
            )
            assert first is second and read_content(path) is read_content(path)
        assert Content.kept is None
    with kept_within():
        assert gather_once(gather_values, PublishedResults(results, "almvik"), "scores") is not first


@pytest.mark.usefixtures("keeping")
def test_what_is_gathered_is_in_the_version_of_the_model_that_who_asks_is_in(outputs, monkeypatch):
    asked = PublishedResults(outputs / "results", "almvik")
    monkeypatch.setattr(
        PublishedResults, "as_asked", lambda self, period: setattr(self, "asked", period) or self
    )
    seen = [gather_once(tell_asked, asked)]
    seen += [gather_once(tell_asked, asked.as_asked(period)) for period in ("2024", "2026", "2024")]
    assert seen == [None, "2024", "2026", "2024"]


def test_tabs_of_a_report_share_one_ranking_and_one_drawing_of_response_rates(outputs, monkeypatch):
    drawn = []
    chart = rates.chart_rates
    monkeypatch.setattr(rates, "chart_rates", lambda narrator: drawn.append(1) or chart(narrator))
    given = ("almvik", "2026", "sv", str(outputs / "results"))
    ours, about, inside, next_steps = (
        page.open(*given) for page in (OurResult, AboutMeasurement, InternalComparison, Improvements)
    )
    with kept_within():
        assert ours.messages is next_steps.messages
        shown = [str(page.render(page.charts["response_rates"])) for page in (about, inside)]
        drawn.clear()
        told = [page.response_rates().html for page in (about, inside)]
    assert drawn == [1] and all(figure in html for figure, html in zip(shown, told, strict=True))


def test_a_process_that_lives_longer_gathers_anew(outputs):
    results = PublishedResults(outputs / "results", "almvik")
    assert gather_once(gather_values, results, "scores") is not gather_once(gather_values, results, "scores")


@pytest.mark.usefixtures("keeping")
def test_nothing_that_is_kept_is_changed_by_who_shows_it(outputs):
    results = outputs / "results"
    for page in load_suite("organisation").pages:
        build(page, "almvik", "2026", "sv", str(results))
    kept = [(content, make) for content in (Content.kept or {}).values() for make in content._made]
    assert len(kept) > 20
    for content, make in kept:
        held, anew = content.made(make), make(content.data)
        assert _spell_out(held) == _spell_out(anew), content.name


def _spell_out(kept: object) -> object:
    """What a model has worked out about itself is not told."""
    if isinstance(kept, Table):
        return kept.rows()
    return kept.model_dump() if isinstance(kept, Instrument) else pickle.dumps(kept)


@pytest.mark.usefixtures("keeping")
def test_a_file_that_is_gone_is_missing(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("{}", encoding="utf-8")
    assert read_content(path).data == b"{}"
    path.unlink()
    assert hash_read_file(tmp_path, "a.json") == "missing"
    with pytest.raises(FileNotFoundError):
        read_content(path)


def test_a_process_that_lives_longer_keeps_nothing(tmp_path):
    assert Content.kept is None
    path = tmp_path / "a.json"
    path.write_text("1", encoding="utf-8")
    first = read_content(path)
    assert read_content(path) is not first
    assert Content.kept is None
