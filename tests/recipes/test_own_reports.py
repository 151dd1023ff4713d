"""docs/own-reports.md as it stands: its notebook, suite and commands, for six organisations; then the audit is put to the test."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import load_instrument
from tests.recipes.carrying_out import (
    ROOT,
    carry_out,
    copy_project,
    read_recipe,
    run,
    score_answers,
    write_notebook,
)

GUIDE = read_recipe((ROOT / "docs" / "own-reports.md").read_text(encoding="utf-8"))
ORGANISATIONS = ("almvik", "bergby", "dalsund", "ekholm", "fors", "granby")
NAME = "teknik"
PEOPLE_N = 12


@pytest.fixture(scope="module")
def project(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with results of six organisations, in which all that the guide says has been done."""
    project = copy_project(tmp_path_factory.mktemp("own") / "project")
    instrument, rng = load_instrument("dimios"), np.random.default_rng(3)
    rows = [
        (
            organisation,
            "2026",
            "",
            "unknown",
            PEOPLE_N * at + person,
            *rng.integers(1, 6, len(instrument.item_ids)),
        )
        for at, organisation in enumerate(ORGANISATIONS)
        for person in range(PEOPLE_N)
    ]
    columns = ["organisation", "period", "unit", "role", "respondent", *instrument.item_ids]
    answers = pd.DataFrame(rows, columns=columns)
    score_answers(project, answers, *ORGANISATIONS)
    carry_out(GUIDE, project)
    return project


@pytest.fixture(scope="module")
def told(project: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """What each command of the guide said, in their order; what they left lies in the project."""
    return {command: run(project, command) for command in GUIDE.commands}


def find_page(project: Path, organisation: str) -> Path:
    return project / "outputs" / "reports" / "2026" / organisation / "sv" / f"{NAME}.html"


def audit(project: Path) -> list[str]:
    """What the audit finds among reports: the tables were audited when they were scored."""
    code = "from dimios_core.audit.remaking_reports import *; print(*audit_remade_reports(Path('outputs'), 1), sep=';')"
    ran = run(project, f'.venv/bin/python -c "{code}"')
    assert ran.returncode == 0, ran.stderr
    return [found for found in ran.stdout.strip().split(";") if found]


def test_every_command_of_the_guide_does_what_it_says(told, project):
    for command, ran in told.items():
        assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    one, everybody, points, suite, audited = (ran.stdout + ran.stderr for ran in told.values())
    assert "1 notebook of teknik.ipynb" in one and re.search(r"made +1\n", one)
    n = len(ORGANISATIONS)
    assert f"{n - 1} notebooks of teknik.ipynb" in everybody and "1 unchanged" in everybody
    assert f"{n} notebooks of teknik.ipynb" in points
    assert f"{n} notebooks of the suite own" in suite
    assert "all stand in tables that their reader may see" in " ".join(audited.split())


def test_each_has_a_page_with_its_own_chart_and_table(told, project):
    instrument = load_instrument("dimios")
    for organisation in ORGANISATIONS:
        page = find_page(project, organisation).read_text(encoding="utf-8")
        scores = pd.read_parquet(
            project / "outputs" / "results" / f"organisation={organisation}" / "scores.parquet"
        )
        scores = scores.query("unit == '*' and role == '*' and level == 'category' and period == '2026'")
        assert page.count('<figure class="chart"') == 1
        for key, score in zip(scores["key"], scores["score"], strict=True):
            name = next(c.name["sv"] for c in instrument.categories if c.id == key)
            assert f'<th scope="row">{name}</th><td class="n">{score:.1f}</td>'.replace(".", ",") in page
    index = (project / "outputs" / "reports" / "index.html").read_text(encoding="utf-8")
    # the organisation's name leads to it, and its own line below
    assert index.count(f"/{NAME}.html") == 2 * len(ORGANISATIONS)


def test_an_own_page_is_made_again_or_refused(told, project):
    """A whole number that is planted, which reading alone says nothing of, and a page whose notebook is gone."""
    template = project / "notebooks" / "own" / "own_report.ipynb"
    made = run(
        project, ".venv/bin/dimios report --notebook notebooks/own/own_report.ipynb -o almvik -p level=point"
    )
    assert made.returncode == 0, made.stderr
    page, own = find_page(project, "almvik"), find_page(project, "almvik").with_stem("own_report")
    text = own.read_text(encoding="utf-8")
    assert text.count('<figure class="chart"') == 2 and text.count("<table") == 3
    assert audit(project) == []  # no suite knows it: its parameters are those that the stored notebook tells

    before = page.read_text(encoding="utf-8")
    assert "Från högst till lägst" in before
    page.write_text(before.replace("Från högst till lägst", "Åtta chefer, 3 av dem"), encoding="utf-8")
    template.unlink()
    found = sorted(finding.partition(" ")[2] for finding in audit(project))
    altered, stray = "is not what dimios report makes", "is no file that dimios report makes"
    for place, what in (
        (f"almvik/sv/{NAME}.html", altered), ("almvik/sv/own_report.html", stray), ("almvik/sv/own_report.ipynb", stray),
    ):  # fmt: skip
        assert len([f for f in found if place in f and what in f]) == 1, found


def test_a_notebook_without_a_page_is_told_what_to_add(told, project):
    notebook = project / "notebooks" / "own" / "trial.ipynb"
    given = next(block.text for block in GUIDE.blocks if block.path.endswith(".ipynb"))
    nbformat.write(write_notebook(given.partition("# %%\nimport")[0] + "# %%\nprint(1)\n"), notebook)
    command = f".venv/bin/dimios report --notebook {notebook} -o almvik"
    refused = run(project, command)
    assert refused.returncode == 1 and "no cell shows a page's opening: begin with" in refused.stderr
    assert run(project, f"{command} --no-page").returncode == 0
    made = find_page(project, "almvik").with_stem("trial")
    assert made.with_suffix(".ipynb").is_file() and not made.exists()
