"""Static rules that keep a notebook a page of a good paper (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
import typing
from pathlib import Path

import nbformat
import pytest

from dimios_core import report
from dimios_core.report.display import LivePiece
from dimios_core.runner.parameters import read_declared_parameters

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
#: notebooks that a page of the suites is made of
REPORTS = [p for p in NOTEBOOKS if p.parent.name in ("organisation", "consortium")]
CODE_CELLS_MAX = 12
CODE_LINES_MAX = 40
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.Lambda)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [c for c in notebook.cells if c.cell_type == "code"]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_is_stored_without_outputs(path):
    for cell in code_of(read(path)):
        assert cell.outputs == []
        assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_first_code_cell_alone_holds_the_parameters_with_a_comment_a_line(path):
    cells = code_of(read(path))
    tagged = [c for c in cells if "parameters" in c.metadata.get("tags", [])]
    assert tagged == cells[:1]
    for line in tagged[0].source.splitlines():
        assert re.fullmatch(r"\w+: \w+ = .+?  # .+", line), line


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks" / "organisation").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_organisation_notebooks_take_the_four_parameters(path):
    assert list(read_declared_parameters(path)) == ["organisation", "period", "language", "results"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks" / "research").glob("[0-9t]*.ipynb")), ids=lambda p: p.stem
)
def test_research_notebooks_take_outputs_language_and_seed(path):
    if path.stem != "the_line":
        assert list(read_declared_parameters(path)) == ["outputs", "language", "seed"]


@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_a_server_is_told_by_tags_which_cells_a_live_page_needs(path):
    """The cell that opens the report, and those whose piece has controls; nothing else is run for a reader."""
    cells = code_of(read(path))
    (page_name,) = re.findall(r"from dimios_core\.report import (\w+)", "\n".join(c.source for c in cells))
    page = getattr(report, page_name)
    for cell in cells[1:]:
        calls = re.findall(r"\breport\.(\w+)\(", cell.source)
        returned = [typing.get_type_hints(getattr(page, name))["return"] for name in calls]
        expected = ["setup"] if ".open(" in cell.source else ["live"] if LivePiece in returned else []
        assert cell.metadata.get("tags", []) == expected, cell.source


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks" / "research").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_research_notebooks_stand_on_what_one_meets_first(path):
    """They take the front doors alone, and every parameter's default works for whoever has just come."""
    code = "\n".join(c.source for c in code_of(read(path)))
    doors = {"dimios_core", "dimios_core.demo", "dimios_core.research"}
    assert set(re.findall(r"^from (dimios_core[\w.]*) import", code, re.MULTILINE)) <= doors
    assert "import dimios_core" not in code
    assert all(parameter.has_default for parameter in read_declared_parameters(path).values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_is_short_and_defines_nothing(path):
    cells = code_of(read(path))
    lines = [x for c in cells for x in c.source.splitlines() if x.strip() and not x.strip().startswith("#")]
    assert len(cells) <= CODE_CELLS_MAX
    assert len(lines) <= CODE_LINES_MAX
    # researchers may write functions of their own
    forbidden = (ast.ClassDef, ast.Try) if path.parent.name == "research" else FORBIDDEN
    for node in ast.walk(ast.parse("\n".join(c.source for c in cells))):
        assert not isinstance(node, forbidden), ast.unparse(node)
        assert not (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")


@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_a_section_has_the_page_s_own_heading_alone(path):
    """In JupyterLab a reader would see two, one of them in another language: notes stand under what they explain."""
    cells = read(path).cells
    headings = [
        x for c in cells if c.cell_type == "markdown" for x in c.source.splitlines() if x.startswith("#")
    ]
    assert len(headings) == 1 and cells[0].source.startswith("# ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_its_prose_holds_method_and_no_result(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            numbers = re.findall(r"\d+(?:[.,]\d+)?", cell.source)
            assert set(numbers) <= {"95"}, f"numbers typed into prose: {numbers}"
