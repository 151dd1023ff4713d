"""The parameters of report notebooks: their models, and what a notebook declares.

Everything is checked before the first notebook runs: Papermill only logs a warning about an unknown
parameter and accepts any type.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dimios_core.errors import InputError, Problem
from dimios_core.languages import LANGUAGE_PATTERN
from dimios_core.places import CONSORTIUM
from dimios_core.suites import APART

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
PERIOD_PATTERN = r"^\d{4}(-[12])?$"
PARAMETERS_TAG = "parameters"
#: what a parameter may be: nothing of it changes on its way into a notebook
Scalar = str | int | float | bool | None

#: the types a parameter may be declared with: JSON scalars only, so that nothing changes on its way in
SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "None": (type(None),),
}


class ReportParameters(BaseModel):
    """What every report notebook is run with.

    `results` is empty in a batch: the notebook finds the published results through `DIMIOS_RESULTS`,
    so that no path of this machine is written into an output.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    period: str = Field(pattern=PERIOD_PATTERN)
    language: str = Field(pattern=LANGUAGE_PATTERN)
    results: str = ""
    #: of a notebook of one's own: what it takes beside these
    own: tuple[tuple[str, Scalar], ...] = ()

    @property
    def owner(self) -> str:
        """Whose report it is: the folder under the period."""
        return CONSORTIUM

    @property
    def suffix(self) -> str:
        """What tells reports of one notebook and owner apart, in the file's name."""
        return ""

    def to_inject(self) -> dict[str, Scalar]:
        """Return the parameters that are written into the notebook: all but the place of the results."""
        return self.model_dump(exclude={"results", "own"}) | dict(self.own)


class OrganisationParameters(ReportParameters):
    """What a notebook about one organisation is run with."""

    organisation: str = Field(pattern=SLUG_PATTERN)

    @property
    def owner(self) -> str:
        """The organisation's identifier."""
        return self.organisation


class CountyParameters(ReportParameters):
    """What a notebook about one county is run with; the county is its two-digit code."""

    county: str = Field(pattern=r"^[0-9]{2}$")

    @property
    def suffix(self) -> str:
        """The county's code."""
        return f"_{self.county}"


class ComparisonParameters(ReportParameters):
    """What a notebook that compares organisations is run with: two or three identifiers, with spaces between."""

    organisations: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*( [a-z0-9][a-z0-9-]*){1,2}$")

    @property
    def suffix(self) -> str:
        """The identifiers; none holds what stands between them."""
        return APART + self.organisations.replace(" ", APART)


@dataclass(frozen=True)
class DeclaredParameter:
    """One assignment in a notebook's parameters cell.

    `allowed` are the Python types or, where `values` is not empty, the literal values it takes.
    """

    name: str
    allowed: tuple[type, ...]
    values: tuple[Any, ...] = ()
    has_default: bool = True

    def admits(self, value: Any) -> bool:
        """Tell whether `value` fits the declared type (a bool is not a number here)."""
        if self.values and value in self.values:
            return True
        if isinstance(value, bool):
            return bool in self.allowed
        return isinstance(value, self.allowed)

    @property
    def described(self) -> str:
        """The declared type in words, for messages."""
        return " or ".join([t.__name__ for t in self.allowed] + [repr(v) for v in self.values])


def read_declared_parameters(notebook: Path) -> dict[str, DeclaredParameter]:
    """Return what the one cell tagged `parameters` of a notebook declares, by name.

    Raises
    ------
    InputError
        No such file, not a notebook, no or several cells with the tag, a cell that is not plain
        assignments, or a type that is not a JSON scalar; all problems at once.
    """
    try:
        document = json.loads(notebook.read_text(encoding="utf-8"))
        cells = [
            "".join(cell["source"])
            for cell in document["cells"]
            if cell["cell_type"] == "code" and PARAMETERS_TAG in cell.get("metadata", {}).get("tags", [])
        ]
    except FileNotFoundError:
        raise InputError(Problem(str(notebook), "no such notebook", "check the path")) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            Problem(str(notebook), "not a notebook (version 4)", "open and save it in JupyterLab")
        ) from None
    if len(cells) != 1:
        raise InputError(
            Problem(
                str(notebook),
                f"{len(cells)} cells are tagged '{PARAMETERS_TAG}'",
                f"tag exactly one code cell '{PARAMETERS_TAG}'",
            )
        )
    return _read_assignments(cells[0], str(notebook))


def check_parameters(notebook: Path, given: Mapping[str, Any]) -> None:
    """Check values against what the notebook declares.

    Raises
    ------
    InputError
        A value for a parameter that the notebook does not have or of another type than declared, or
        a declared parameter that has neither a default nor a value; all problems at once.
    """
    declared = read_declared_parameters(notebook)
    problems = []
    for name, value in given.items():
        if name not in declared:
            problems.append(
                Problem(
                    f"{notebook}, parameters cell",
                    f"it has no parameter '{name}'",
                    f"declare it there; it has {', '.join(declared) or 'none'}",
                )
            )
        elif not declared[name].admits(value):
            problems.append(
                Problem(
                    f"{notebook}, parameter '{name}'",
                    f"{value!r} is not {declared[name].described}",
                    "give a value of the declared type, or change the declaration",
                )
            )
    problems += [
        Problem(
            f"{notebook}, parameter '{p.name}'", "it has no default and no value is given", "add a default"
        )
        for p in declared.values()
        if not p.has_default and p.name not in given
    ]
    if problems:
        raise InputError(problems)


def _read_assignments(source: str, place: str) -> dict[str, DeclaredParameter]:
    place = f"{place}, parameters cell"
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise InputError(
            Problem(f"{place}, line {error.lineno}", "it is not valid Python", "mend the line")
        ) from None
    declared: dict[str, DeclaredParameter] = {}
    problems = []
    for statement in statements:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name, default = statement.target.id, statement.value
            kinds = _allowed_by_annotation(statement.annotation)
        elif (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        ):
            name, default = statement.targets[0].id, statement.value
            kinds = _allowed_by_default(default)
        else:
            problems.append(
                Problem(
                    f"{place}, line {statement.lineno}",
                    "only assignments belong there",
                    "move the line to a cell of its own",
                )
            )
            continue
        if kinds is None:
            problems.append(
                Problem(
                    f"{place}, line {statement.lineno}",
                    f"the type of '{name}' is not a JSON scalar",
                    "annotate it with str, int, float, bool, None, Literal[...] or a union of them",
                )
            )
        else:
            declared[name] = DeclaredParameter(name, *kinds, has_default=default is not None)
    if problems:
        raise InputError(problems)
    return declared


def _allowed_by_annotation(node: ast.expr) -> tuple[tuple[type, ...], tuple[Any, ...]] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        left, right = _allowed_by_annotation(node.left), _allowed_by_annotation(node.right)
        return None if left is None or right is None else (left[0] + right[0], left[1] + right[1])
    text = ast.unparse(node)
    if text in SCALARS:
        return SCALARS[text], ()
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).split(".")[-1] == "Literal":
        members = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if all(isinstance(m, ast.Constant) for m in members):
            return (), tuple(m.value for m in members if isinstance(m, ast.Constant))
    return None


def _allowed_by_default(node: ast.expr) -> tuple[tuple[type, ...], tuple[Any, ...]] | None:
    if isinstance(node, ast.Constant) and type(node.value).__name__ in SCALARS:
        return SCALARS[type(node.value).__name__], ()
    return None
