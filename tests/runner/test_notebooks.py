"""A notebook that many jobs run is loaded once: none finds what another has made of it, and a changed one is read anew."""

from __future__ import annotations

from pathlib import Path

import nbformat
from papermill.iorw import load_notebook_node

from dimios_core.runner import notebooks
from dimios_core.runner.notebooks import keep_notebooks, load_notebook


def store(path: Path, source: str) -> Path:
    """Store a notebook of one cell."""
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), path)
    return path


def test_each_job_gets_what_papermill_loads(tmp_path):
    path = store(tmp_path / "a.ipynb", "1")
    first = load_notebook(path)
    first.cells[0].source = "2"
    first.metadata.papermill["parameters"] = {"organisation": "lillby"}
    assert load_notebook(path) == load_notebook_node(str(path))


def test_a_notebook_that_has_changed_is_read_anew(tmp_path):
    path = store(tmp_path / "a.ipynb", "1")
    load_notebook(path)
    store(path, "1 + 1")
    assert load_notebook(path).cells[0].source == "1 + 1"


def test_a_suites_notebook_that_cannot_be_read_is_passed_over(tmp_path, monkeypatch):
    good, bad = store(tmp_path / "a.ipynb", "1"), tmp_path / "b.ipynb"
    bad.write_text("no notebook", encoding="utf-8")

    class Suite:
        paths = (tmp_path / "missing.ipynb", bad, good)

    monkeypatch.setattr(notebooks, "load_suites", lambda: [Suite])
    notebooks._load.cache_clear()
    keep_notebooks()
    assert notebooks._load.cache_info().currsize == 1
