"""notebooks/research/the_line.ipynb, from raw files to a report."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import papermill
import pytest

from dimios_core import Project
from dimios_core.places import project_root
from tests.project.conftest import FEW, PERIODS


@pytest.mark.usefixtures("heavy")
def test_it_goes_from_raw_files_to_a_report(raw: Path, tmp_path: Path) -> None:
    given = {"raw": str(raw), "place": str(tmp_path / "place"), "organisation": "granfors"}
    notebook = project_root() / "notebooks" / "research" / "the_line.ipynb"
    (tmp_path / "elsewhere").mkdir()
    papermill.execute_notebook(
        notebook, tmp_path / "made.ipynb", given, cwd=tmp_path / "elsewhere", progress_bar=False
    )
    made = nbformat.read(tmp_path / "made.ipynb", as_version=4)
    tables = {
        re.findall(r"project\.(\w+)", cell.source)[-1]: output["data"]["text/html"]
        for cell in made.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    }
    assert set(tables) == {"register", "ingest", "score", "published", "public", "report", "answers"}
    for words in (f"{len(FEW)} organisations", "changed: organisations, units, invited"):
        assert words in tables["register"]
    assert all(f"<td>{name}</td>" in tables["ingest"] for name in FEW)
    assert tables["report"].count("<td>made</td>") == 5
    counts = Project(tmp_path / "place" / "outputs").published("granfors").scores
    assert set(counts["period"]) == set(PERIODS)
    assert not list((tmp_path / "elsewhere").iterdir())
