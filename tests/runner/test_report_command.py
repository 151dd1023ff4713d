"""`dimios report` as a user meets it: exit codes, messages, and the manifest."""

import hashlib
import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.usefixtures("heavy")


def dimios_report(outputs, notebook, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dimios_core", "report", "--outputs", str(outputs)]
    return subprocess.run(
        [*command, "--notebook", str(notebook), "--no-page", *more], capture_output=True, text=True
    )


def test_one_failure_exits_with_1_and_is_told_with_its_cell(outputs, fixture_notebook) -> None:
    notebook = fixture_notebook("fails_in_second_cell")
    done = dimios_report(outputs, notebook, "-o", "lillby", "-o", "storstad")
    assert done.returncode == 1, done.stderr
    assert "failed: lillby 2026 sv fails_in_second_cell: cell 4" in done.stderr
    assert "no figures for lillby" in done.stderr
    (path,) = outputs.glob("runs/*/manifest.json")
    text = path.read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["results_version"] == "r-17"
    assert manifest["run"] == path.parent.name
    assert manifest["inputs"] == {notebook.name: hashlib.sha256(notebook.read_bytes()).hexdigest()}
    assert manifest["started"] <= manifest["ended"] and manifest["ended"].endswith("+00:00")
    rows = {row["organisation"]: row for row in manifest["notebooks"]}
    assert rows["storstad"]["status"] == "made" and rows["storstad"]["error"] is None
    assert rows["lillby"]["error"] == {
        "name": "ValueError",
        "message": "no figures for lillby",
        "cell": 4,
        "first_line": 'if organisation != "storstad":',
    }
    for row in manifest["notebooks"]:
        folder = path.parent if row["status"] == "failed" else outputs
        assert (folder / row["notebook"]).is_file()
    assert str(outputs) not in text and str(notebook.parent) not in text


def test_all_well_exits_with_0_and_names_the_next_command(outputs, fixture_notebook) -> None:
    done = dimios_report(
        outputs, fixture_notebook("prints_parameters"), "--period", "2024", "--language", "en"
    )
    assert done.returncode == 0, done.stderr
    assert "dimios serve" in done.stderr
    assert (outputs / "reports/2024/storstad/en/prints_parameters.ipynb").is_file()


def test_bad_input_exits_with_2_and_runs_nothing(outputs, fixture_notebook) -> None:
    done = dimios_report(outputs, fixture_notebook("prints_parameters"), "-o", "lilby")
    assert done.returncode == 2
    assert "did you mean lillby?" in done.stderr and "Traceback" not in done.stderr
    assert not (outputs / "runs").exists()


def test_runs_are_listed_and_shown(outputs, fixture_notebook) -> None:
    dimios_report(outputs, fixture_notebook("fails_in_second_cell"), "-o", "lillby", "-o", "storstad")
    dimios_report(outputs, fixture_notebook("prints_parameters"), "-o", "lillby")

    def runs(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dimios_core", "runs", *arguments, "--outputs", str(outputs)]
        return subprocess.run(command, capture_output=True, text=True)

    listed = runs("list").stdout.splitlines()
    newest, older = listed[1].split(), listed[2].split()
    assert newest[1] == older[1] == "done"
    assert newest[-4:] == ["1", "0", "0", "1"] and older[-4:] == ["1", "0", "1", "2"]
    shown = runs("show", older[0]).stdout
    assert (
        "failed/2026/lillby/sv/fails_in_second_cell.ipynb, cell 4: ValueError: no figures for lillby" in shown
    )
    assert json.loads(runs("show", "--json").stdout)["run"] == newest[0]
    missing = runs("show", "20000101T000000Z")
    assert missing.returncode == 2 and "there is no record of it" in missing.stderr
