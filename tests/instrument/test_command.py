"""`dimios instrument show` and `check`, as run at a keyboard."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("heavy")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dimios_core", "instrument", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", ("Digitalt arv", "Skugg-IT", "Vet ej")), ("en", ("Digital heritage", "Shadow IT", "Don't know"))],
)
def test_show_prints_the_model_in_a_language(language: str, words: tuple[str, ...]) -> None:
    done = run("show", "--language", language)
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words)
    assert "technical_debt" in done.stdout


def test_show_names_the_languages_there_are() -> None:
    done = run("show", "--language", "de")
    assert done.returncode == 2
    assert "choose among: sv, en" in done.stderr


def test_check_counts_what_a_valid_file_holds(small_text: str, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(small_text, encoding="utf-8")
    done = run("check", str(path))
    assert done.returncode == 0, done.stderr
    assert "no faults" in done.stdout
    assert "2 dimensions, 2 categories, 2 measure points, 3 items" in done.stdout


def test_check_lists_every_fault_without_a_traceback(small_text: str, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(small_text.replace("weight: 2", "weight: 0").replace("border: 50", "border: 500"))
    done = run("check", str(path))
    assert done.returncode == 2
    assert "line 26, categories[0].weight" in done.stderr
    assert "line 52, quadrants.border" in done.stderr
    assert "Traceback" not in done.stderr
