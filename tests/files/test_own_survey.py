"""A survey of one's own, as the README and docs/ingest.md tell it: files, commands and messages as they are printed there."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dimios_core.cli import main
from dimios_core.places import project_root
from dimios_core.responses import ResponseStore

README = (project_root() / "README.md").read_text(encoding="utf-8")
INGEST = (project_root() / "docs" / "ingest.md").read_text(encoding="utf-8")
SECTION = README.partition("\n## Your own survey\n")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
THREE, _, ORGANISATIONS, UNITS, INVITED, REGISTER, ANSWERS, ASKED, FAULT = BLOCKS
FILES = {
    "organisations.csv": ORGANISATIONS,
    "units.csv": UNITS,
    "invited.csv": INVITED,
    "answers.csv": ANSWERS,
}
DRAFT, TAKE_IN, THEN = THREE.splitlines()

Run = Callable[[str], tuple[int, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a line of commands in this process, in a folder that holds the README's files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIMIOS_OUTPUTS", str(tmp_path / "outputs"))
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("COLUMNS", "200")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def carry_out(line: str) -> tuple[int, str]:
        said = ""
        for command in line.partition("#")[0].split("&&"):
            monkeypatch.setattr(sys, "argv", shlex.split(command))
            with pytest.raises(SystemExit) as end:
                main()
            said += "".join(capsys.readouterr())
            if code := int(end.value.code or 0):
                return code, said
        return 0, said

    assert carry_out(REGISTER)[0] == 0
    return carry_out


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_draft_asks_what_the_readme_says(typed: Run, tmp_path: Path) -> None:
    assert typed(DRAFT)[0] == 0
    drafted = (tmp_path / "answers.mapping.yaml").read_text(encoding="utf-8")
    assert all(line in drafted.splitlines() for line in ASKED.splitlines())
    assert drafted.count("# FILL IN") == 1
    code, said = typed(TAKE_IN)
    assert code == 2
    assert "answers.mapping.yaml, line" in said
    # the guide's first block is the same two commands
    block = re.findall(r"^```\n(.*?)^```$", INGEST, re.DOTALL | re.MULTILINE)[0]
    assert [plain(line.partition("#")[0]) for line in block.splitlines()] == [DRAFT, TAKE_IN]


def mend(tmp_path: Path) -> None:
    """Fill in what the draft asks."""
    mapping = tmp_path / "answers.mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(re.sub(r'("Instämer helt":).*', r"\1 5", text), encoding="utf-8")


@pytest.mark.usefixtures("heavy")
def test_the_three_commands_make_reports(typed: Run, tmp_path: Path) -> None:
    typed(DRAFT)
    mend(tmp_path)
    code, said = typed(TAKE_IN)
    assert code == 2
    assert plain(FAULT) in plain(said)
    assert not ResponseStore(tmp_path / "outputs").periods()
    (tmp_path / "answers.csv").write_text(ANSWERS.replace("Skolan", "Skola"), encoding="utf-8")
    assert typed(TAKE_IN)[0] == 0
    code, said = typed(THEN)
    assert code == 0, said
    assert (tmp_path / "outputs" / "reports" / "2026" / "lindby" / "sv" / "our_result.html").is_file()


def test_the_guides_cells_write_a_mapping(typed: Run, tmp_path: Path) -> None:
    (cells,) = re.findall(r"^```python\n(.*?)^```$", INGEST, re.DOTALL | re.MULTILINE)
    exec(compile(cells, "docs/ingest.md", "exec"), {})
    (tmp_path / "answers.csv").write_text(ANSWERS.replace("Skolan", "Skola"), encoding="utf-8")
    assert typed(TAKE_IN)[0] == 0
    stored = ResponseStore(tmp_path / "outputs").read("2026", "lindby").to_pylist()
    assert sorted(row["answer"] for row in stored if row["answer_kind"] == "answered") == [1, 5, 5, 5]
