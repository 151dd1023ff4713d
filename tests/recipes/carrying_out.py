"""Recipes of CONTRIBUTING.md: their blocks are read as they stand there, and carried out in a copy of the project.

A block belongs to the file that is named in the line before it, or to the same one as the block before. It is the whole of a new
file; the cells of a notebook ("# %%" begins one); a change, as `diff` writes it; or, named `sh`, a command.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import nbformat
import pandas as pd
from nbformat import v4

from dimios_core.instrument import load_instrument
from tests.building import make_organisations, write_store

ROOT = Path(__file__).parents[2]
#: what of the project recipes change, and what looks at it there
FOLDERS = ("dimios_core", "docs", "notebooks", "parameters", "tests")
FILES = (".importlinter", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "pyproject.toml")
#: what each recipe begins with
PART = re.compile(r"(?m)^### (.+)$")
#: a fence, with the line before it
BLOCK = re.compile(
    r"(?m)^(?P<before>.*)\n\n?(?P<indent> *)```(?P<kind>\w+)\n(?P<text>(?:.*\n)*?)(?P=indent)```$"
)
#: stands between two places of a change
ELSEWHERE = "@@"


@dataclass(frozen=True)
class Block:
    """A block of a recipe: the file that it belongs to ("" of a command), what it is, and what it holds."""

    path: str
    kind: str
    text: str


@dataclass(frozen=True)
class Recipe:
    """A recipe: what a contributor reads, and the blocks in it."""

    words: str
    blocks: tuple[Block, ...]

    @property
    def paths(self) -> set[str]:
        """The files that it makes or changes."""
        return {block.path for block in self.blocks if block.path}

    @property
    def commands(self) -> list[str]:
        """What it tells to run, a line a command."""
        return [line for block in self.blocks if not block.path for line in block.text.splitlines()]


def read_recipes() -> dict[str, Recipe]:
    """Read the recipes by their headings."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("\n## Adding things\n")[2].partition("\n## ")[0]
    _, *parts = PART.split(section)
    return {title: read_recipe(words) for title, words in zip(parts[::2], parts[1::2], strict=True)}


def read_recipe(words: str) -> Recipe:
    """Read what a document tells to do."""
    return Recipe(words, tuple(_read_blocks(words)))


def _read_blocks(words: str) -> Iterator[Block]:
    path = ""
    for found in BLOCK.finditer(words):
        if named := re.fullmatch(r" *`([\w./-]+)`", found["before"]):
            path = named[1]
        kind = found["kind"]
        yield Block("" if kind == "sh" else path, kind, dedent(found["text"]))


def copy_project(folder: Path) -> Path:
    """Copy what recipes touch and what looks at it, byte code too, which spares its making."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, symlinks=True)
    for name in FILES:
        shutil.copy2(ROOT / name, folder)
    return folder


def score_answers(project: Path, answers: pd.DataFrame, *organisations: str) -> None:
    """Store answers in a copy of the project, as `write_store` takes them, and score them there."""
    write_store(project / "outputs", load_instrument("dimios"), answers, make_organisations(*organisations))
    scored = run(project, ".venv/bin/dimios score --workers 1")
    assert scored.returncode == 0, scored.stderr


def carry_out(recipe: Recipe, project: Path, without: str = "") -> None:
    """Do what the blocks of a recipe say, commands left aside, or all but those of one file.

    Raises
    ------
    ValueError
        A file that should be new is there, or what should be changed stands nowhere, or twice.
    """
    for block in recipe.blocks:
        if not block.path or block.path == without:
            continue
        path = project / block.path
        if block.kind == "diff":
            path.write_text(change(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")
            continue
        if path.exists():
            raise ValueError(f"{block.path} is there already")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":
            nbformat.write(write_notebook(block.text), path)
        else:
            path.write_text(block.text, encoding="utf-8")


def change(text: str, diff: str) -> str:
    """Change a text as a diff says: its lines, those that go or stay, stand together in one place; `@@` goes on further down."""
    done = ""
    for part in diff.split(f"{ELSEWHERE}\n"):
        lines = part.splitlines(keepends=True)
        old, new = ("".join(line[1:] or "\n" for line in lines if line[0] != mark) for mark in "+-")
        before, found, text = text.partition(old)
        if not found or (not done and old in text):
            raise ValueError(f"this stands {'twice' if found else 'nowhere'}:\n{old}")
        done += before + new
    return done + text


def run(project: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a copy of the project, on its code; `.venv/bin` is where this Python's programs lie."""
    program, *given = shlex.split(command)
    program = program.replace(".venv/bin", str(Path(sys.executable).parent))
    found = os.environ | {"PYTHONPATH": str(project), "DIMIOS_PROJECT": str(project)} | environment
    return subprocess.run([program, *given], cwd=project, env=found, capture_output=True, text=True)


def write_notebook(text: str) -> nbformat.NotebookNode:
    """Make a notebook of cells that are written one below the other."""
    cells = []
    for number, (head, source) in enumerate(re.findall(r"(?m)^# %%(.*)\n((?:(?!# %%).*\n)*)", text)):
        source = source.rstrip("\n")
        if "[markdown]" in head:
            cell = v4.new_markdown_cell(re.sub(r"(?m)^# ?", "", source), id=str(number))
        else:
            tags = re.findall(r'"(\w+)"', head)
            cell = v4.new_code_cell(source, id=str(number), metadata={"tags": tags} if tags else {})
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


RECIPES = read_recipes()
