"""The programs of docs/project.md run as they stand there: a notebook's, a Snakefile's rules, a Dask program's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.places import project_root
from tests.project.conftest import FEW

pytestmark = pytest.mark.usefixtures("heavy")

TEXT = (project_root() / "docs" / "project.md").read_text(encoding="utf-8")


def block_after(heading: str) -> str:
    """The first block of code under a heading."""
    _, _, under = TEXT.partition(f"\n## {heading}\n")
    (code,) = re.findall(r"^```\w+\n(.*?)^```$", under.partition("\n## ")[0], re.DOTALL | re.MULTILINE)
    return code


#: refuses what a scheduler's machine may not have
REFUSE = """
import importlib.abc
import sys


class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "dimios_core.cli" or name.partition(".")[0] in ("typer", "rich"):
            raise ImportError(f"{name} is refused")


sys.meta_path.insert(0, Refuse())
"""

# looked at before the program and after it
LOADED = """
import dimios_core
dimios_core.Project
assert not {"pandas", "scipy", "papermill"} & set(sys.modules)  # the steps load what they need
"""
AT_THE_END = """
assert not {"typer", "rich", "dimios_core.cli"} & set(sys.modules)
print(made)
"""


@pytest.fixture(scope="module")
def notebook_run(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder in which the notebook's program has run where the command line cannot be imported, and what it printed."""
    folder = tmp_path_factory.mktemp("notebook") / "here"
    shutil.copytree(raw, folder)
    program = REFUSE + LOADED + block_after("From a notebook") + AT_THE_END
    return folder, run_program(program, folder)


def run_program(program: str, folder: Path) -> list[str]:
    """Run a plain script there; it ends well, says nothing but what it prints, and that is returned."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "program.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_notebook_goes_from_files_to_a_report_without_the_command_line(
    notebook_run: tuple[Path, list[str]],
) -> None:
    folder, told = notebook_run
    # nobody watches; and processes that score have not run the program again, which has no `if __name__ == "__main__":`
    assert told[0] == "made       5" and len(told) == len(set(told))
    project = Project(folder / "outputs")
    assert set(project.published("almvik").scores["period"]) == {"2026"}
    assert project.goals.list("almvik")[["value", "year"]].to_numpy().tolist() == [[60, 2028]]
    assert len(list(folder.glob("outputs/reports/2026/almvik/sv/*.html"))) == 5
    assert [p.name for p in folder.glob("outputs/exports/2026/almvik/sv/*")] == ["almvik-2026-sv.xlsx"]


def read_rules(snakefile: str) -> tuple[str, dict[str, dict[str, str]]]:
    """What stands before the rules of a Snakefile, and each rule's sections as they are written."""
    head, *texts = re.split(r"^rule (?=\w+:$)", snakefile, flags=re.MULTILINE)
    rules = {}
    for text in texts:
        name, _, body = text.partition(":\n")
        parts = re.split(r"^    (\w+):", body, flags=re.MULTILINE)[1:]
        rules[name] = dict(zip(parts[::2], map(textwrap.dedent, parts[1::2]), strict=True))
    return head, rules


def run_snakefile(snakefile: str) -> list[str]:
    """Run the rules in the order in which their files come, as Snakemake would: nothing without its inputs, and all outputs there."""
    head, rules = read_rules(snakefile)
    program: dict[str, object] = {"__name__": "Snakefile"}
    exec(compile(head, "Snakefile", "exec"), program)
    files = {
        name: [eval(f"dict({parts.get(kind, '')})") for kind in ("input", "output")]
        for name, parts in rules.items()
    }
    made_by = {path: name for name, (_, out) in files.items() for path in out.values()}
    ran: list[str] = []

    def run(name: str) -> None:
        given, out = files[name]
        for path in given.values():
            if path in made_by and made_by[path] not in ran:
                run(made_by[path])
            assert Path(path).exists(), f"{name}: {path} is not there"
        for path in out.values():
            Path(path).parent.mkdir(exist_ok=True)
        threads = min(2, int(rules[name].get("threads", "1")))
        here = {"input": SimpleNamespace(**given), "output": SimpleNamespace(**out), "threads": threads}
        exec(compile(rules[name].get("run", ""), f"rule {name}", "exec"), program | here)
        assert all(Path(path).exists() for path in out.values())
        ran.append(name)

    run("all")
    return ran


def test_the_snakefile_makes_every_organisations_report(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(raw, tmp_path / "here")
    monkeypatch.chdir(folder)
    assert run_snakefile(block_after("From Snakemake")) == [
        "register", "ingest", "score", "report", "audit", "all",
    ]  # fmt: skip
    table = pd.read_csv("steps/reports.csv")
    assert set(table["owner"]) == set(FEW) and set(table["status"]) == {"made"}
    assert len(list(folder.glob("outputs/exports/2026/*/sv/*.xlsx"))) == len(FEW)
    assert "nothing can be worked out" in Path("steps/audited.txt").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_dask_program_publishes_the_same_on_a_cluster(
    notebook_run: tuple[Path, list[str]], tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    here = notebook_run[0] / "outputs"
    shutil.copytree(here / "responses", tmp_path / "outputs" / "responses")
    told = run_program(block_after("From a Dask program"), tmp_path)
    assert told[0].startswith(f"Scored {len(FEW)} organisations, periods 2026")
    name = "results/organisation=almvik/scores.parquet"
    assert (tmp_path / "outputs" / name).read_bytes() == (here / name).read_bytes()
    assert len(list(tmp_path.glob("outputs/reports/2026/*/sv/our_result.html"))) == len(FEW)
