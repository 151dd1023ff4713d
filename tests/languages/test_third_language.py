"""A language that is added by files alone goes from the model to every page and file, and no word of another stands among them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from babel import Locale
from openpyxl import load_workbook
from typer.testing import CliRunner

from dimios_core.actions.plan_files import read_plan
from dimios_core.audit.outputs import audit_outputs
from dimios_core.audit.passages import read_passages
from dimios_core.cli import app
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.languages import load_texts
from dimios_core.page.statement import STATEMENT
from dimios_core.published.store import load_public, load_results, read_json
from dimios_core.published.writing import hash_store, write_json
from dimios_core.report import OurResult
from dimios_core.responses import ResponseStore
from dimios_core.results.evidence.advice import read_advice, read_reference
from dimios_core.results.evidence.expert_help import read_expert_help
from dimios_core.results.evidence.glossary import read_glossary
from dimios_core.results.score import score_responses
from tests.languages.third import LANGUAGE, MARK, WORD, Seen, add_language, make_project, unmarked
from tests.once import make_once
from tests.real.command_line import run_dimios

ORGANISATION, COUNTY = "almvik", "14"
#: published texts that people wrote themselves, or that name them
OF_PEOPLE = (
    "name", "title", "what", "who", "effect", "expected", "outcome", "text", "contact", "organisation_name", "written_by",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(demo_outputs: Path, heavy: None, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo's answers, scored and reported on in a project with a third language."""

    def make(folder: Path) -> None:
        project, outputs = make_project(folder / "project"), folder / "outputs"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DIMIOS_PROJECT", str(project))
            patch.setenv("DIMIOS_OUTPUTS", str(outputs))
            shutil.copytree(demo_outputs / "results", outputs / "results")
            tell_in_the_models_languages(project, outputs / "results")
            (outputs / "responses").symlink_to(demo_outputs / "responses")
            wanted = ("--language", LANGUAGE)
            run_dimios("report", "-o", ORGANISATION, "--to", "html,pdf,pptx,xlsx", *wanted)
            run_dimios("report", "--suite", "national", "--to", "xlsx", *wanted)
            run_dimios("report", "--suite", "county", "--county", COUNTY, "--to", "pptx", *wanted)
            run_dimios("export", "data")
            run_dimios("plan", "worksheet", ORGANISATION, "2026", "--file", folder / "plan.xlsx", *wanted)

    return make_once(tmp_path_factory, worker_id, "third-language", make)


def tell_in_the_models_languages(project: Path, results: Path) -> None:
    """Write what published results say in words as `dimios score` writes it in a project; no figure depends on it."""
    model, parameters, public = load_instrument("dimios"), project / "parameters", results / "public"
    (public / "instrument.json").write_text(model.model_dump_json(indent=1), encoding="utf-8")
    write_json(read_advice(parameters / "advice.yaml", model), public / "advice.json")
    write_json(read_reference(parameters / "reference.yaml", model), public / "reference.json")
    write_json(read_glossary(parameters / "glossary.yaml", model), public / "glossary.json")
    write_json(read_expert_help(parameters / "expert_help.yaml", model), public / "expert_help.json")
    stamp = read_json(results / "stamp.json")
    stamp["demo"] = add_language(stamp["demo"])
    write_json(stamp | {"results_version": hash_store(results)}, results / "stamp.json")


@pytest.fixture
def outputs(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The outputs, in the project with the language."""
    monkeypatch.setenv("DIMIOS_PROJECT", str(made / "project"))
    return made / "outputs"


@pytest.fixture
def known(outputs: Path) -> set[str]:
    """Words that are nobody's texts: names, what people wrote, and what Babel says of dates and lists."""
    own, public = load_results(ORGANISATION, outputs / "results"), load_public(outputs / "results")
    told = [own.profile["name"], *(unit["name"] for unit in own.profile["units"])]
    for results, tables in (
        (own, ("plans", "goals", "conclusions")),
        (public, ("initiatives", "named", "positions")),
    ):
        for row in (row for table in tables for row in results.rows(table)):
            told += [str(row[column]) for column in OF_PEOPLE if row.get(column)]
    told += [read_json(p)["name"] for p in (outputs / "results").glob("organisation=*/organisation.json")]
    babel = Locale.parse(LANGUAGE)
    told += [*babel.months["format"]["wide"].values(), *babel.list_patterns["standard"].values()]
    return {word.lower() for text in told for word in WORD.findall(text)}


def test_every_word_of_every_page_is_the_languages_own(outputs: Path, known: set[str]) -> None:
    pages = sorted([*outputs.glob("reports/**/*.html"), *outputs.glob("exports/**/*.html")])
    pages.remove(outputs / "reports" / STATEMENT)  # a statement by law, in Swedish and English
    assert len(pages) == 5 + 1 + 1 + 1 + 1
    for path in pages:
        seen = Seen(path.read_text(encoding="utf-8"))
        assert seen.languages == {LANGUAGE}, path
        assert sum(len(WORD.findall(text)) for text in seen.texts) > 30, path
        assert {text: words for text in seen.texts if (words := unmarked(text, known))} == {}, path


def read_cells(path: Path) -> list[str]:
    """The texts of a workbook's sheets, and what they are called."""
    book = load_workbook(path)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    return [*book.sheetnames, *(text for text in cells if isinstance(text, str))]


def read_slides(path: Path) -> list[str]:
    """The texts of slides and of the notes to them."""
    parts = ("ppt/slides/slide", "ppt/notesSlides/notesSlide")
    return [
        p.text
        for p in read_passages(path)
        if p.where.startswith(parts)
        and p.where.endswith(".xml")
        and not p.text.startswith("{")  # a style's id
    ]


def test_files_to_take_along_say_nothing_in_another(made: Path, outputs: Path, known: set[str]) -> None:
    files = sorted(p for suffix in ("pptx", "xlsx") for p in outputs.glob(f"exports/2026/**/*.{suffix}"))
    assert len(files) == 4
    ids = {
        word
        for point in load_instrument("dimios").point_ids
        for word in WORD.findall(point.replace("_", " "))
    }
    for path in [*files, made / "plan.xlsx"]:
        texts = read_slides(path) if path.suffix == ".pptx" else read_cells(path)
        assert sum(text.count(MARK) for text in texts) > 100, path
        allowed = known | {ORGANISATION, "dimios"} | ids
        assert {t: words for t in texts if (words := unmarked(t, allowed))} == {}, path


def test_paper_is_marked_as_the_languages_and_says_nothing_in_another(outputs: Path, known: set[str]) -> None:
    papers = sorted(outputs.glob("exports/2026/**/*.pdf"))
    assert len(papers) == 3
    for path in papers:
        passages = list(read_passages(path))
        assert [p for p in passages if p.where == "properties" and f">{LANGUAGE}<" in p.text], path
        # words that are parted at the end of a line are read whole, too: U+FFFE is where they were
        texts = [p.text.replace("\ufffe", "") for p in passages if p.where.startswith("page")]
        assert sum(text.count(MARK) for text in texts) > 100, path
        words = {word for text in texts for word in unmarked(text, known)}
        assert {word for word in words if word.replace("-", "").lower() not in known} == set(), path


def test_data_are_described_in_the_models_languages(outputs: Path) -> None:
    folder = outputs / "exports" / "data" / "published"
    about = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert MARK in about["title"] and "offentlig sektor" in about["title_sv"]
    for resource in about["resources"]:
        for described in (resource, *resource["schema"]["fields"]):
            assert MARK in described["title"] + described["description"]
            assert described["title_sv"] and MARK not in described["title_sv"]
    header = (folder / "data" / "model.csv").read_text(encoding="utf-8").splitlines()[0]
    assert {"name_nb", "name_sv"} <= set(header.split(",")) and "name_en" not in header


@pytest.mark.long
def test_what_readers_get_can_be_found_in_published_tables(outputs: Path) -> None:
    assert audit_outputs(outputs).findings == ()


def test_a_language_that_the_model_lacks_is_refused_with_those_it_has(outputs: Path) -> None:
    for command in ("report", "export"):
        asked = [command, "-o", ORGANISATION, "--outputs", str(outputs), "--language", "en"]
        error = CliRunner().invoke(app, asked).exception
        assert isinstance(error, InputError)
        assert "the model has no words in 'en'" in str(error) and "choose among: sv, nb" in str(error)
    with pytest.raises(InputError, match="no words in 'en'"):
        OurResult.open(ORGANISATION, "2026", "en", str(outputs / "results"))


def test_a_filled_in_worksheet_is_understood(made: Path, outputs: Path, tmp_path: Path) -> None:
    book = load_workbook(made / "plan.xlsx")
    sheet, words = book.worksheets[0], load_texts(LANGUAGE)
    columns = words["worksheet"]["columns"]
    (header,) = [row for row in sheet.iter_rows() if row[0].value == columns["what"]]
    place = {cell.value: cell.column for cell in header}
    point = book.worksheets[1]["A2"].value
    filled = {"what": "Gjøre det", "who": "Kari", "when": "2027-03", "point": point,
        "kind": words["published"]["codes"]["action_kind"]["process"]}  # fmt: skip
    for column, text in filled.items():
        sheet.cell(header[0].row + 1, place[columns[column]], text)
    book.save(tmp_path / "filled.xlsx")
    plan = read_plan(tmp_path / "filled.xlsx", ResponseStore(outputs).register(), load_instrument("dimios"))
    assert plan.loc[0, ["what", "point", "kind"]].tolist() == [
        "Gjøre det", book.worksheets[1]["B2"].value, "process",
    ]  # fmt: skip


@pytest.mark.long
def test_answers_are_scored_in_a_project_with_the_language(
    made: Path, demo_outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIMIOS_PROJECT", str(made / "project"))
    for part in ("responses", "initiatives", "plans", "goals", "conclusions"):
        shutil.copytree(demo_outputs / part, tmp_path / part)
    shutil.copy(made / "project" / "parameters" / "expert_help.yaml", tmp_path)
    mark = tmp_path / "responses" / "register" / "demo.json"
    with pytest.raises(InputError, match="there is no label in nb"):
        score_responses(tmp_path, load_instrument("dimios"))
    mark.write_text(json.dumps(add_language(json.loads(mark.read_text("utf-8")))), encoding="utf-8")
    score_responses(tmp_path, load_instrument("dimios"))
    for path in sorted((made / "outputs" / "results" / "public").glob("*.json")):
        assert (tmp_path / "results" / "public" / path.name).read_bytes() == path.read_bytes(), path.name
