"""The workbench's notebooks run on the demo, top to bottom, and find what was planted."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks" / "research"


def run(path: Path, monkeypatch: pytest.MonkeyPatch, outputs: Path) -> dict:
    """Run the code cells in one namespace and show what each ends with, as a kernel would; returns the namespace."""
    monkeypatch.setenv("DIMIOS_OUTPUTS", str(outputs))
    names: dict = {"__name__": "notebook"}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), str(path), "exec"), names)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), str(path), "eval"), names)
            if hasattr(shown, "_repr_html_"):
                shown._repr_html_()
    return names


def test_initiatives(demo_outputs, monkeypatch):
    names = run(FOLDER / "04_initiatives.ipynb", monkeypatch, demo_outputs)
    assert names["study"].effect.p < 0.001 < names["nothing"].effect.p
    assert names["search"].table["flagged"].sum() == 3


def test_the_template_runs(demo_outputs, monkeypatch):
    assert run(FOLDER / "template.ipynb", monkeypatch, demo_outputs)["signs"].flags.any()


@pytest.mark.long
def test_start(demo_outputs, monkeypatch):
    names = run(FOLDER / "00_start.ipynb", monkeypatch, demo_outputs)
    assert names["first"] < names["everybody"]


@pytest.mark.long
def test_structure(demo_outputs, monkeypatch):
    names = run(FOLDER / "01_structure.ipynb", monkeypatch, demo_outputs)
    fits = names["fits"]
    assert fits["categories"]["rmsea_scaled"] < 0.02 < fits["dimensions"]["rmsea_scaled"]
    assert (
        fits["categories"]["cfi_scaled"]
        > fits["second_order"]["cfi_scaled"]
        > fits["dimensions"]["cfi_scaled"]
    )


@pytest.mark.long
def test_invariance(demo_outputs, monkeypatch):
    names = run(FOLDER / "02_invariance.ipynb", monkeypatch, demo_outputs)
    assert names["politicians"].flagged == ["prioritisation"]
    assert names["whole"].holds == "strict"


@pytest.mark.long
def test_multilevel(demo_outputs, monkeypatch):
    names = run(FOLDER / "03_multilevel.ipynb", monkeypatch, demo_outputs)
    share = names["model"].variances["share"].droplevel("term")
    assert share["Residual"].max() > share["respondent"].max() > share["organisation"].max()


@pytest.mark.long
def test_response_quality(demo_outputs, monkeypatch):
    names = run(FOLDER / "05_response_quality.ipynb", monkeypatch, demo_outputs)
    assert names["missing"].table.loc["late", "p"] < 0.01
    between = (names["with_all"].correlations - names["without"].correlations).to_numpy()
    assert between.sum() > 0  # straight-liners make everything vary together


@pytest.mark.long
def test_trajectories(demo_outputs, monkeypatch):
    names = run(FOLDER / "06_trajectories.ipynb", monkeypatch, demo_outputs)
    assert {"klintnas", "lindvalla"} <= set(names["changes"].members.index[names["rare"]])
