"""docs/research.md, "From the lab to a page", as it stands: its notebooks and commands, on answers of eight organisations."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import load_instrument
from tests.recipes.carrying_out import ROOT, carry_out, copy_project, read_recipe, run, score_answers

GUIDE = read_recipe(
    (ROOT / "docs" / "research.md").read_text(encoding="utf-8").partition("\n## From the lab to a page\n")[2]
)
LAB = "notebooks/research/svarstid.ipynb"
ORGANISATIONS = ("almvik", "bergby", "dalsund")
PEOPLE_N = 30


@pytest.fixture(scope="module")
def project(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with results of some organisations, in which the guide's notebooks lie."""
    project = copy_project(tmp_path_factory.mktemp("lab") / "project")
    instrument, rng = load_instrument("dimios"), np.random.default_rng(3)
    n = PEOPLE_N * len(ORGANISATIONS)
    answers = pd.DataFrame(rng.integers(1, 6, (n, len(instrument.item_ids))), columns=instrument.item_ids)
    answers = answers.assign(
        organisation=np.repeat(ORGANISATIONS, PEOPLE_N), period="2026", unit="", role="unknown", respondent=range(n),
        answered_at=pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(n), unit="h"),
    )  # fmt: skip
    score_answers(project, answers, *ORGANISATIONS)
    carry_out(GUIDE, project)
    return project


@pytest.fixture(scope="module")
def told(project: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """What the lab's notebook and each command said, in their order."""
    return {c: run(project, c) for c in (f".venv/bin/jupyter execute {LAB}", *GUIDE.commands)}


def test_all_that_the_guide_says_does_what_it_says(told):
    for command, ran in told.items():
        assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    _, listed, report, audited = (ran.stdout + ran.stderr for ran in told.values())
    assert "svarstid" in listed and "published" in listed and "Ada Ek" in listed
    assert "1 notebook of tidigt_och_sent.ipynb" in report
    assert "all stand in tables that their reader may see" in " ".join(audited.split())


def test_the_page_shows_what_was_let_out(told, project):
    rows = pd.read_parquet(project / "outputs" / "results" / "organisation=almvik" / "own_findings.parquet")
    assert set(rows["whom"]) == {"svarade tidigt", "svarade sent"} and len(rows) == 12
    page = project / "outputs" / "reports" / "2026" / "almvik" / "sv" / "tidigt_och_sent.html"
    text = page.read_text(encoding="utf-8")
    assert text.count('<figure class="chart"') == 1
    for score in rows["score"]:
        assert f"{score:.1f}".replace(".", ",") in text
