"""The report notebook, executed on the demo; its numbers are those of results/."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import nbformat
import pytest

from dimios_core.runner.scrubbing import scrub_notebook
from tests.notebooks.picking import pick_organisations
from tests.notebooks.reading import NOTEBOOK, ROOT, check_rows, execute, html_of

KB_MAX = 300


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", ["typical", "small", "newcomer"])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    organisation = pick_organisations(results)[which]
    made = execute(tmp_path, organisation, "2026", language, results)
    scrubbed = scrub_notebook(nbformat.read(made, as_version=4), [])
    assert len(nbformat.writes(scrubbed).encode()) < KB_MAX * 1000
    html = html_of(made)
    found = check_rows(html, organisation, "2026", language, results)
    assert found >= 2 + 6
    label = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}[
        language
    ]
    assert label in html
    assert str(results) not in html


def test_it_runs_under_nbval(demo_outputs):
    environment = os.environ | {"DIMIOS_RESULTS": str(demo_outputs / "results")}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:cacheprovider", str(NOTEBOOK)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert re.search(r"\d+ passed", ran.stdout)
