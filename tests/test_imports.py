"""No module needs another that needs it: the import graph has no circle, within rooms either.

Read from the source: every import counts, wherever it stands; one inside a function or for types alone is a circle, too,
which only has not met itself yet.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import dimios_core

PACKAGE = Path(dimios_core.__file__).parent

#: module -> the modules that it imports
Graph = Mapping[str, Collection[str]]


def read_graph(package: Path) -> dict[str, set[str]]:
    """Read which modules of a package import which, by their full names; a package is its `__init__`."""
    sources = {name_of(path, package): path for path in package.rglob("*.py")}
    return {
        module: {
            found
            for name in list_imports(path, module)
            if (found := name if name in sources else name.rpartition(".")[0]) in sources and found != module
        }
        for module, path in sources.items()
    }


def name_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def list_imports(path: Path, module: str) -> Iterator[str]:
    """Yield every imported name; of `from a import b` that is `a.b`, which may be a module or something in one."""
    own_package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = own_package[: len(own_package) - node.level + 1] if node.level else []
            base = [*base, *([node.module] if node.module else [])]
            yield from (".".join((*base, alias.name)) for alias in node.names)


def find_circles(graph: Graph) -> list[list[str]]:
    """Return the modules that reach each other, circle by circle: what is left when ends are taken away, again and again."""
    reached = {module: reach(module, graph) for module in graph}
    circles = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in graph
        if module in reached[module]
    }
    return sorted(map(list, circles))


def reach(start: str, graph: Graph) -> set[str]:
    """Return all that a module imports, directly or by way of others."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in set(graph[waiting.pop()]) - found:
            found.add(other)
            waiting.append(other)
    return found


def test_no_module_needs_one_that_needs_it():
    graph = read_graph(PACKAGE)
    assert (
        "dimios_core.project.scoring" in graph["dimios_core.project.project"]
    )  # which stands inside a function
    assert find_circles(graph) == []


def test_a_circle_is_found_wherever_its_imports_stand(tmp_path):
    files = {
        "house/__init__.py": "",
        "house/roof.py": "from house import wall\n",
        "house/wall.py": "def build():\n    from .cellar.floor import lay\n",
        "house/cellar/__init__.py": "",
        "house/cellar/floor.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import house.wall\n",
        "house/garden.py": "from .roof import TILES\nfrom house.garden_path import STONES\n",
        "house/garden_path.py": "import os.path\nSTONES = 'from house.garden import x'\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    graph = read_graph(tmp_path / "house")
    assert graph["house.garden"] == {"house.roof", "house.garden_path"}
    assert find_circles(graph) == [["house.cellar.floor", "house.wall"]]
