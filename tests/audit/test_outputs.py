"""The whole audit as one call: each part's findings reach its summary, and what was not read is not said to be well."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from dimios_core.audit.outputs import AuditSummary, audit_outputs
from dimios_core.errors import DimiosError
from dimios_core.results.audit.tables import AuditFinding
from tests.audit.test_reading import hidden_figure, workbook


@pytest.fixture
def own(scored, tmp_path) -> Path:
    """A copy that a test may alter."""
    return Path(shutil.copytree(scored, tmp_path / "outputs"))


def test_honest_outputs_are_found_safe(own):
    made = audit_outputs(own)
    assert made == AuditSummary(6, 0, 0, 0, ())
    assert str(made) == (
        "Audited 6 organisations and the public part: nothing can be worked out.\n"
        "Read 0 files of reports and exports of 0 readers, 0 numbers: all stand in tables that their reader may see, "
        "and reports and exports are what would be made today."
    )


def test_what_was_not_read_is_not_said_to_be_well(tmp_path):
    with pytest.raises(DimiosError, match=r"/results: there are no published results"):
        audit_outputs(tmp_path)


def test_a_figure_in_a_withheld_row_of_a_table_is_found(own):
    path = own / "results" / "organisation=north" / "scores.parquet"
    scores = pd.read_parquet(path)
    withheld = (scores["unit"] == "b") & (scores["level"] == "maturity")
    assert set(scores.loc[withheld, "status"]) == {"suppressed_small"}
    scores.loc[withheld, "score"] = 12.5
    scores.to_parquet(path)
    (found,) = audit_outputs(own).findings
    assert (found.organisation, found.what) == ("north", "a row that is not published carries figures")


def test_a_mean_that_is_bounded_too_narrowly_is_found(own, monkeypatch):
    """That check has tests of its own; here its findings reach the summary."""
    told = AuditFinding("north", "2026", "alpha", "lies within 3 points")
    monkeypatch.setattr(
        "dimios_core.audit.outputs.audit_bounds", lambda results, who: [told] * (who == "north")
    )
    assert audit_outputs(own).findings == (told,)


def test_a_figure_in_a_report_is_found(own, scored):
    place = own / "reports" / "2026" / "north" / "sv"
    place.mkdir(parents=True)
    (place / "notes.txt").write_text(f"{hidden_figure(scored):.1f}".replace(".", ","), encoding="utf-8")
    made = audit_outputs(own)
    assert (made.readers_n, made.files_n, made.numbers_n) == (1, 1, 1)
    assert [f.organisation for f in made.findings] == ["north"]
    assert "is in no table that its reader may see" in made.findings[0].what


def test_a_file_that_nobody_makes_is_found(own):
    (own / "exports").mkdir()
    (own / "exports" / "notes.txt").write_text("of nobody", encoding="utf-8")
    (found,) = audit_outputs(own).findings
    assert str(found) == ", , notes.txt: is no file that dimios export makes: take it away"


def test_many_findings_are_counted_and_the_first_fifty_told():
    findings = tuple(AuditFinding("north", "2026", str(i), "x") for i in range(51))
    lines = str(AuditSummary(1, 1, 1, 1, findings)).splitlines()
    assert lines[0] == "  north, 2026, 0: x" and lines[49] == "  north, 2026, 49: x"
    assert lines[50:] == ["51 findings: do not hand these results out."]


@pytest.mark.usefixtures("heavy")
def test_the_command_says_it_and_exits_with_2(own, scored):
    folder = own / "exports" / "2026" / "north" / "sv"
    folder.mkdir(parents=True)
    (folder / "north-2026-sv.xlsx").write_bytes(workbook(hidden_figure(scored)))
    (folder / "notes.txt").write_text("of nobody")
    command = [sys.executable, "-m", "dimios_core", "audit", "--workers", "1", "--outputs", str(own)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "2026/north/sv/north-2026-sv.xlsx" in done.stderr
    assert f"{hidden_figure(scored):.1f} in xl/worksheets/sheet1.xml" in done.stderr
    assert "was not made from today's results: run dimios export again" in done.stderr
    # it makes them again, too
    assert "north-2026-sv.xlsx: is not what dimios export makes of today's results" in done.stderr
    assert "notes.txt: is no file that dimios export makes" in done.stderr
