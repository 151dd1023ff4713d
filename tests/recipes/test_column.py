"""The recipe of a published column: it is published and withheld, and whoever leaves a step out is stopped."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import load_instrument
from tests.building import make_organisations, write_store
from tests.recipes.carrying_out import RECIPES, run

RECIPE = "A published table or column"
TABLE, COLUMN = "scores", "width"
SCHEMA = "dimios_core/published/tables/organisation.yaml"
KNOWN = "dimios_core/results/audit/known.py"
#: people of two roles in each of two organisations: one role is withheld
SIZES = {"big": (12, 3), "other": (9, 8)}


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    instrument, rng = load_instrument("dimios"), np.random.default_rng(5)
    roles = [role.id for role in instrument.roles]
    rows = [
        (
            organisation,
            "2026",
            "",
            roles[at],
            100 * at + person,
            *rng.integers(1, 6, len(instrument.item_ids)),
        )
        for organisation, sizes in SIZES.items()
        for at, size in enumerate(sizes)
        for person in range(size)
    ]
    columns = ["organisation", "period", "unit", "role", "respondent", *instrument.item_ids]
    folder = tmp_path / "outputs"
    write_store(folder, instrument, pd.DataFrame(rows, columns=columns), make_organisations(*SIZES))
    return folder


def dimios(project: Path, outputs: Path, command: str) -> subprocess.CompletedProcess[str]:
    return run(project, f".venv/bin/python -m dimios_core {command} --workers 1 --outputs '{outputs}'")


def test_the_column_is_published_withheld_documented_and_found_safe(copy, outputs) -> None:
    project = copy(RECIPE)
    for command in RECIPES[RECIPE].commands:
        assert run(project, command).returncode == 0
    scored = dimios(project, outputs, "score")
    assert scored.returncode == 0, scored.stderr

    table = pd.read_parquet(outputs / "results" / "organisation=big" / f"{TABLE}.parquet")
    shown = table["status"] == "published"
    assert shown.any() and (table["status"] == "suppressed_small").any()
    assert (table[COLUMN].notna() == shown).all()
    width = table["ci_high"] - table["ci_low"]  # each of the three is rounded by itself
    assert ((table[COLUMN] - width)[shown].abs() < 0.15 + 1e-9).all()

    audited = dimios(project, outputs, "audit")
    assert audited.returncode == 0, audited.stderr
    text = (project / "docs" / "architecture.md").read_text(encoding="utf-8")
    about = text.partition(f"/{TABLE}**")[2].partition("\n**")[0]
    assert f"**{COLUMN}**" in about and f"\n| {COLUMN} | " in about


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (SCHEMA, f"{TABLE}: columns that are declared in no schema: {COLUMN}"),
        (KNOWN, f"{TABLE}, {COLUMN}: is no column that the audit knows"),
    ],
)
def test_without_its_line_nothing_is_published(copy, outputs, left_out, said) -> None:
    scored = dimios(copy(RECIPE, without=left_out), outputs, "score")
    assert scored.returncode == 2
    assert said in " ".join(scored.stderr.split())
    assert not (outputs / "results").exists()


def test_a_document_that_is_not_written_anew_is_noticed(copy) -> None:
    project = copy(RECIPE)
    ran = run(
        project,
        ".venv/bin/python -m pytest -q --noconftest -p no:cacheprovider tests/published/test_documenting.py",
    )
    assert ran.returncode == 1 and "test_the_section_is_todays" in ran.stdout
