"""Which notebooks may share a child: those of one report whose cells do nothing but call sections of a page.

What must stay apart is one organisation from the next, and code that somebody has written from every other report. A cell
of a page's own notebook opens a page of this program, or calls one of its sections; it can change nothing that the next
notebook would find. Any other cell may do anything: its notebook has a child of its own.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from dimios_core.runner.engine import OWN_KERNEL
from dimios_core.runner.jobs import ReportJob

#: where pages come from
PAGES_FROM = ("dimios_core.report", "dimios_core.training")
#: what opens one
OPENERS = ("open", "of")
#: what types of parameters are written with
OF_TYPES = (ast.Name, ast.Constant, ast.BinOp, ast.BitOr, ast.Subscript, ast.Tuple, ast.Load)
NOTEBOOKS_N = 1_000


def group_jobs(jobs: Iterable[ReportJob]) -> list[tuple[ReportJob, ...]]:
    """Return the jobs in groups, each for one child: those of one report that may share it, and every other alone.

    A report has one owner, period and language, and one set of parameters. Groups come in the order of their first jobs.
    """
    groups: dict[object, list[ReportJob]] = {}
    for job in jobs:
        groups.setdefault(job.parameters if may_share(job.notebook) else job, []).append(job)
    return [tuple(group) for group in groups.values()]


def may_share(notebook: Path) -> bool:
    """Tell whether a notebook does nothing but call sections of a page, in this environment's Python."""
    try:
        return _calls_alone(notebook.read_bytes())
    except OSError:
        return False


@lru_cache(NOTEBOOKS_N)
def _calls_alone(content: bytes) -> bool:
    try:
        document = json.loads(content)
        kernel = document["metadata"].get("kernelspec", {}).get("name", OWN_KERNEL)
        cells = ["".join(c["source"]) for c in document["cells"] if c["cell_type"] == "code"]
        statements = [statement for cell in cells for statement in ast.parse(cell).body]
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError):
        return False
    pages: set[str] = set()
    opened: set[str] = set()
    return kernel == OWN_KERNEL and all(_is_plain(statement, pages, opened) for statement in statements)


def _is_plain(statement: ast.stmt, pages: set[str], opened: set[str]) -> bool:
    """Tell whether a statement is a parameter, brings a page, opens one or calls a section; note the names that it brings."""
    match statement:
        case ast.AnnAssign(target=ast.Name(), annotation=kind, value=value):
            return _is_value(value) and all(isinstance(part, OF_TYPES) for part in ast.walk(kind))
        case ast.ImportFrom(module=module, names=names, level=0) if module in PAGES_FROM:
            pages.update(alias.asname or alias.name for alias in names)
            return all(alias.name[:1].isupper() for alias in names)
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr=called)) as value
        ):
            opened.add(name)
            return called in OPENERS and _is_call(value, pages)
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_value(value)
        case ast.Expr(value=ast.Call() as value):
            return _is_call(value, opened)
    return False


def _is_call(node: ast.Call, known: set[str]) -> bool:
    """Tell whether a call is one of a thing that is known, with plain values and names."""
    match node.func:
        case ast.Attribute(value=ast.Name(id=name), attr=called):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            plain = all(isinstance(value, ast.Name | ast.Constant) for value in given)
            return name in known and not called.startswith("_") and plain
    return False


def _is_value(node: ast.expr | None) -> bool:
    match node:
        case None | ast.Constant() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
    return False
