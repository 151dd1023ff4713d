"""Every contract of .importlinter breaks when it is broken: in a copy of the code, imports are added that it forbids."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import ConfigParser
from itertools import pairwise, product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PREFIX = "importlinter:contract:"


def read_contracts() -> dict[str, dict[str, str]]:
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return {name.removeprefix(PREFIX): dict(parser[name]) for name in parser.sections() if PREFIX in name}


CONTRACTS = read_contracts()


def list_modules(setting: str) -> list[str]:
    """The modules of a setting, each "*" replaced by what lies there."""
    found: list[str] = []
    for name in setting.split():
        if name.endswith(".*"):
            parent = name.removesuffix(".*")
            found += sorted(
                f"{parent}.{p.parent.name}" for p in place_of(ROOT, parent).parent.glob("*/__init__.py")
            )
        else:
            found.append(name)
    return found


def place_of(root: Path, module: str) -> Path:
    """The file of a module, `__init__.py` of a package."""
    path = root / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def list_forbidden(contract: dict[str, str]) -> list[tuple[str, str]]:
    """Imports (from, to) that a contract forbids, each room at least once."""
    if contract["type"] == "independence":
        return list(pairwise(list_modules(contract["modules"])))
    if contract["type"] == "forbidden":
        return list(
            product(list_modules(contract["source_modules"]), list_modules(contract["forbidden_modules"]))
        )
    container = contract.get("containers", "").strip()
    layers = [
        [f"{container}.{m.strip()}" if container else m.strip() for m in line.split("|")]
        for line in contract["layers"].strip().splitlines()
    ]
    upwards = [(low, high) for above, below in pairwise(layers) for low in below for high in above]
    return upwards + [pair for layer in layers for pair in pairwise(layer)]


@pytest.fixture
def copy(tmp_path: Path, heavy: None) -> Path:
    """A copy of the code and its contracts, in which imports can be added."""
    shutil.copytree(
        ROOT / "dimios_core", tmp_path / "dimios_core", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def add_import(copy: Path, importer: str, imported: str) -> None:
    """Add an import where it is easily overlooked: inside a function."""
    with place_of(copy, importer).open("a", encoding="utf-8") as file:
        file.write(f"\n\ndef _look():\n    import {imported}\n    return {imported}\n")


def check(copy: Path, contract: str) -> tuple[int, str]:
    """Check one contract of the copy; return the exit code and what is told, in one line."""
    command = [
        sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache",
        "--contract", contract,
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    return ran.returncode, " ".join((ran.stdout + ran.stderr).split())


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_import_that_a_contract_forbids_is_told(name, copy):
    forbidden = list_forbidden(CONTRACTS[name])
    assert forbidden
    for importer, imported in forbidden:
        add_import(copy, importer, imported)
    code, told = check(copy, name)
    assert code == 1 and f"{CONTRACTS[name]['name']} BROKEN" in told
    missed = [(a, b) for a, b in forbidden if f"{a} -> {b} (l." not in told]
    assert missed == []


def test_what_is_restricted_is_not_reached_by_way_of_something_else(copy):
    add_import(copy, "dimios_core.archives", "dimios_core.responses.store")
    code, told = check(copy, "wall")
    assert code == 1 and "BROKEN" in told
    assert "dimios_core.archives -> dimios_core.responses.store" in told


def test_a_new_page_and_a_new_module_of_report_are_under_the_contracts(copy):
    pages = copy / "dimios_core" / "report" / "pages"
    (pages / "our_plans").mkdir()
    (pages / "our_plans" / "__init__.py").write_text(
        "import dimios_core.report.pages.our_result.page\n", encoding="utf-8"
    )
    code, told = check(copy, "pages")
    assert (
        code == 1 and "dimios_core.report.pages.our_plans -> dimios_core.report.pages.our_result.page" in told
    )
    (copy / "dimios_core" / "report" / "utils.py").write_text("", encoding="utf-8")
    code, told = check(copy, "report")
    assert code == 1 and "utils" in told
