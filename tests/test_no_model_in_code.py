"""The model is data: no code but the demo's knows a dimension, a category, a measure point or an item by its id.

Nor does any text or code name the composite: what the level above the dimensions is called stands in the instrument file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dimios_core
from dimios_core.instrument import list_instruments, load_instrument

PACKAGE = Path(dimios_core.__file__).parent
#: the rooms that are about one model
ABOUT_ONE_MODEL = ("demo", "instrument")
#: ids that are words of the project's own, too: tables have a column `organisation`
COMMON = {"organisation"}
#: kinds of initiatives are called as some parts of the model are; the audit's own list of codes has them
KINDS = {"results/audit/rules.py": {"governance", "technology"}}
NAMES = re.compile(r"digital[a-z]* mognad|digital maturity", re.IGNORECASE)
#: what the project itself is for, where the command line says it
OF_THE_PROJECT = ("From raw survey answers to reports on digital maturity.",)


def list_ids() -> set[str]:
    models = [load_instrument(name) for name in list_instruments()]
    parts = (m.dimension_ids + m.category_ids + m.point_ids + m.item_ids for m in models)
    return {name for ids in parts for name in ids} - COMMON


def list_constants(source: str) -> Iterator[str]:
    """List the text constants of a module; docstrings are words about code."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented)]
    docstrings = {id(b[0].value) for b in bodies if b and isinstance(b[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def list_known(source: str, ids: set[str]) -> list[str]:
    """List the ids that stand in a module's texts as words of their own, as a class in a tag does."""
    words = (set(re.findall(r"[a-z0-9_]+", c)) & ids for c in list_constants(source) if " " not in c.strip())
    tagged = (
        set(re.findall(r"[a-z0-9_]+", name)) & ids
        for c in list_constants(source)
        for name in re.findall(r"class=\"([^\"]*)\"", c)
    )
    return sorted({word for found in (*words, *tagged) for word in found})


def list_modules() -> list[Path]:
    found = PACKAGE.rglob("*.py")
    return sorted(p for p in found if p.relative_to(PACKAGE).parts[0] not in ABOUT_ONE_MODEL)


def test_the_search_finds_what_it_looks_for() -> None:
    source = '"""capability in a docstring"""\nx = "heritage"\ny = f\'<p class="capability">{x}</p>\'\nz = "point:users"\n'
    assert list_known(source, list_ids()) == ["capability", "heritage", "users"]


def test_no_code_knows_a_part_of_the_model() -> None:
    ids = list_ids()
    places = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in list_modules()
    }
    found = {place: list_known(source, ids - KINDS.get(place, set())) for place, source in places.items()}
    assert {place: known for place, known in found.items() if known} == {}


def test_no_style_knows_a_part_of_the_model() -> None:
    for path in (p for kind in ("css", "typ", "js", "j2") for p in PACKAGE.rglob(f"*.{kind}")):
        found = set(re.findall(r"\.([a-z][\w-]*)", path.read_text(encoding="utf-8")))
        assert not found & list_ids(), path


def test_no_code_and_no_text_names_the_composite() -> None:
    for path in list_modules():
        told = [c for c in list_constants(path.read_text(encoding="utf-8")) if NAMES.search(c)]
        assert [c for c in told if c not in OF_THE_PROJECT] == [], path
    data = (p for kind in ("yaml", "j2", "md", "typ", "js", "css") for p in PACKAGE.rglob(f"*.{kind}"))
    for path in data:
        if path.relative_to(PACKAGE).parts[0] not in ABOUT_ONE_MODEL:
            assert not NAMES.search(path.read_text(encoding="utf-8")), path
