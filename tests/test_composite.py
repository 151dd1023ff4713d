"""Surveys whose composite is not called digital mognad, or that have none, from answers to reports and files to take along.

`make long` adds the one that is called otherwise, and all that `dimios audit` makes again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dimios_core.audit.outputs import audit_outputs
from dimios_core.audit.passages import read_passages
from dimios_core.audit.reading import audit_reports
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.places import EXPORTS
from dimios_core.published.store import load_public, load_results
from dimios_core.responses.store import ResponseStore, write_answers
from dimios_core.results.score import score_responses
from tests.once import make_once
from tests.real.command_line import run_dimios

OWN_COMPOSITE = """\
composite:
  name: {sv: "Datamognad", en: "Data proficiency"}
"""
SURVEYS = {"named": OWN_COMPOSITE, "none": "composite: none\n"}
ORGANISATION, COUNTY = "almvik", "14"
#: what the words of another survey look like
FOREIGN = re.compile(r"digital[a-z]* mognad|digital maturity", re.IGNORECASE)
#: what a sentence that lacks a word looks like
BROKEN = re.compile(r"\{\{|\}\}|\bNone\b(?! of )|\bNaN\b| ,| \.(?:\s|$)|: ?\.|^[,.;]")


def write_instrument(folder: Path, composite: str) -> Path:
    """Write the demo's model under another name, with another composite or none."""
    text = Path("parameters/instruments/dimios.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^composite:\n(?:  .*\n)+", composite, text, flags=re.MULTILINE)
    text = text.replace("id: dimios\n", "id: other\n")
    text = text.replace("Digital mognad i offentlig sektor (DiMiOS)", "Undersökning av data")
    text = text.replace("Digital maturity in the public sector (DiMiOS)", "A survey of data")
    path = folder / "other.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def borrow_answers(demo: Path, outputs: Path, instrument: Instrument) -> None:
    """Copy what the demo has stored, as answers to another survey."""
    for part in ("responses", "initiatives", "plans", "goals", "conclusions"):
        shutil.copytree(demo / part, outputs / part)
    shutil.rmtree(outputs / "responses" / "models")
    store = ResponseStore(outputs)
    for period in store.periods():
        for organisation in store.organisations(period):
            answers, own = store.read_with_provenance(period, organisation)
            path = store.folder / store.file_name(period, organisation)
            write_answers(answers, replace(own, instrument=instrument.id), path)


def make(folder: Path, composite: str, demo: Path) -> None:
    """Take the demo's answers through the rest of the line, as another survey's."""
    instrument = load_instrument(write_instrument(folder, composite))
    outputs = folder / "outputs"
    borrow_answers(demo, outputs, instrument)
    score_responses(outputs, instrument)
    at = ("--outputs", outputs)
    for language in ("sv", "en"):
        wanted = (*at, "--language", language)
        run_dimios("report", "-o", ORGANISATION, *wanted)
        run_dimios("report", "--suite", "national", *wanted)
        run_dimios("report", "--suite", "county", "--county", COUNTY, *wanted)
        # slides and workbooks have words of their own; HTML and PDF set those of the pages: one language will do
        formats = "html,pdf,pptx,xlsx" if language == "sv" else "pptx,xlsx"
        run_dimios("export", "-o", ORGANISATION, "--to", formats, *wanted)
        run_dimios("export", "--county", COUNTY, "--to", "html,pptx" if language == "sv" else "pptx", *wanted)
        sheet = folder / f"plan-{language}.xlsx"
        given = ("--instrument", folder / "other.yaml", "--language", language)
        run_dimios("plan", "worksheet", ORGANISATION, "2026", "--file", sheet, *given, *at)
    run_dimios("export", "--suite", "national", "--to", "html", *at)
    run_dimios("export", "data", *at)


@pytest.fixture(scope="module", params=[pytest.param("named", marks=pytest.mark.long), "none"])
def survey(
    request: pytest.FixtureRequest,
    demo_outputs: Path,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> tuple[str, Path]:
    """Which survey it is, and the folder of all that was made of it."""
    kind = request.param

    def make_survey(folder: Path) -> None:
        make(folder, SURVEYS[kind], demo_outputs)

    return kind, make_once(tmp_path_factory, worker_id, f"composite-{kind}", make_survey)


def read_files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Read every file that readers get: pages, notebooks, files to take along, published files, the worksheet."""
    outputs = folder / "outputs"
    parts = [outputs / name for name in ("reports", "exports", "results")]
    files = [f for part in parts for f in sorted(part.rglob("*")) if f.is_file() and "assets" not in f.parts]
    for path in [*files, *sorted(folder.glob("plan-*.xlsx"))]:
        yield path, [passage.text for passage in read_passages(path)]


def test_nothing_speaks_of_digital_maturity(survey: tuple[str, Path]) -> None:
    _, folder = survey
    kinds = set()
    for path, texts in read_files(folder):
        kinds.add(path.suffix)
        assert not [t for t in texts if FOREIGN.search(t)], path
    assert {".html", ".ipynb", ".pdf", ".pptx", ".xlsx", ".parquet", ".json", ".csv", ".md"} <= kinds


def test_everything_that_readers_get_can_be_found_in_published_tables(survey: tuple[str, Path]) -> None:
    """Scoring has audited the tables."""
    outputs = survey[1] / "outputs"
    read = audit_reports(outputs / "reports", outputs / "results", exports=outputs / EXPORTS)
    assert read.files_n > 20 and list(read.findings) == []


@pytest.mark.long
def test_the_whole_audit_finds_nothing(survey: tuple[str, Path]) -> None:
    assert audit_outputs(survey[1] / "outputs").findings == ()


def test_sentences_are_whole(survey: tuple[str, Path]) -> None:
    _, folder = survey
    for path in sorted((folder / "outputs" / "reports").rglob("*.html")):
        words = re.findall(
            r"<(?:p|li|h[1-6]|dt|dd|figcaption|td|th)\b[^>]*>([^<]+)<", path.read_text("utf-8")
        )
        assert len(words) > 20 or path.name == "index.html"
        assert not [w for w in words if BROKEN.search(w)], path


def test_the_composite_is_named_as_the_instrument_names_it(survey: tuple[str, Path]) -> None:
    kind, folder = survey
    for path in (folder / "outputs" / "reports").glob("2026/*/*/*.html"):
        language, text = path.parent.name, path.read_text("utf-8")
        named = ("Datamognad" if language == "sv" else "Data proficiency") in text
        # ideas, and what others did, are about points
        assert named == (kind == "named") or path.stem == "improvements", path


def test_there_are_rows_of_a_composite_only_where_there_is_one(survey: tuple[str, Path]) -> None:
    kind, folder = survey
    found = set()
    made = ("estimates", "results", "exports")  # a goal that somebody has set for a composite stays stored
    for path in (p for part in made for p in (folder / "outputs" / part).rglob("*.parquet")):
        table = pq.read_table(path)
        if "level" in table.column_names and "maturity" in set(table["level"].to_pylist()):
            found.add(path.stem)
    assert ("scores" in found and "benchmarks" in found) == (kind == "named")
    assert bool(found) == (kind == "named")


def test_all_other_figures_are_the_same_with_and_without_a_composite(
    demo_outputs: Path, survey: tuple[str, Path]
) -> None:
    _, folder = survey
    own, demo = (root / "results" for root in (folder / "outputs", demo_outputs))
    pairs = [(load_public(own), load_public(demo), ("group_levels", "benchmarks", "named", "distribution"))]
    tables = ("scores", "changes", "gaps", "contrasts", "trends", "standardised", "sensitivity", "regions")
    pairs.append((load_results(ORGANISATION, own), load_results(ORGANISATION, demo), tables))
    for mine, theirs, names in pairs:
        for name in names:
            expected = [r for r in theirs.rows(name) if r.get("level") != "maturity"]
            found = [r for r in mine.rows(name) if r.get("level") != "maturity"]
            assert len(found) == len(expected) > 0
            assert str(found) == str(expected), name


def test_without_a_composite_the_opening_tells_of_both_dimensions(survey: tuple[str, Path]) -> None:
    kind, folder = survey
    page = folder / "outputs" / "reports" / "2026" / ORGANISATION / "sv" / "our_result.html"
    (lead,) = re.findall(r'<p class="lead">([^<]*)</p>', page.read_text("utf-8"))
    if kind == "none":
        assert all(word in lead for word in ("Digital förmåga", "Digitalt arv", "(osäkerhet "))
