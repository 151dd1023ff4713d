"""Suites: which notebooks make a report, for whom each is run, and how they follow each other (parameters/suites/*.yaml).

The one place that says which pages there are, in which order, and which one a reader sees first.
"""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir, project_root

#: for whom a suite is run; reports on one organisation come before those on many
Per = Literal["organisation", "consortium", "county", "comparison"]
#: what stands between a page's name and those whom it compares, and between these: no identifier holds it
APART = "__"


class Suite(Frozen):
    """Notebooks that belong together.

    Attributes
    ----------
    id : str
        The name that `--suite` takes.
    per : str
        "organisation": once for each; "consortium": once for all together; "county": once for each county;
        "comparison": once for two or three organisations that are named.
    notebooks : tuple of str
        Paths under notebooks/, without .ipynb, in the order of the report's tabs.
    landing : str
        The one that a reader sees first; the first of them where none is told.
    apart : bool
        Its pages stand by themselves: no tabs of the report that lies beside them, and a line of their own in the index.
    """

    id: str
    per: Per
    notebooks: tuple[str, ...] = Field(min_length=1)
    landing: str = ""
    apart: bool = False

    @model_validator(mode="after")
    def _check_landing(self) -> Self:
        if self.landing and self.landing not in self.notebooks:
            raise ValueError(f"landing: {self.landing} is none of the notebooks")
        return self

    @property
    def paths(self) -> list[Path]:
        """Where the notebooks lie."""
        return [(project_root() / "notebooks" / f"{name}.ipynb").resolve() for name in self.notebooks]

    @property
    def pages(self) -> tuple[str, ...]:
        """Names of the pages that the notebooks make, in the order of the tabs."""
        return tuple(Path(name).name for name in self.notebooks)

    @property
    def landing_page(self) -> str:
        """Name of the page that a reader sees first."""
        return Path(self.landing or self.notebooks[0]).name


def find_notebooks(page: str) -> list[Path]:
    """Find the notebooks of the project that would make a page of a name: one, unless two have the same name."""
    folder = project_root() / "notebooks"
    found = (p for p in folder.rglob("*.ipynb") if p.stem == page)
    return sorted(
        p.resolve() for p in found if not any(x.startswith(".") for x in p.relative_to(folder).parts)
    )


def list_suites() -> list[str]:
    """Return the names of the suites there are."""
    return sorted(p.stem for p in (parameters_dir() / "suites").glob("*.yaml"))


def load_suite(name: str) -> Suite:
    """Load a suite by its name.

    Raises
    ------
    InputError
        There is no such suite, or its file is not one; all problems at once. Whether the notebooks are there is
        found out when jobs are planned.
    """
    path = parameters_dir() / "suites" / f"{name}.yaml"
    if not path.is_file():
        near = difflib.get_close_matches(name, list_suites(), n=1)
        remedy = f"did you mean {near[0]}?" if near else f"choose among: {', '.join(list_suites())}"
        raise InputError(Problem(f"--suite {name}", "there is no such suite", remedy))
    return read_model(path, Suite, "suite")


def load_suites() -> list[Suite]:
    """Load all suites: those of one organisation first, then by name.

    Raises
    ------
    InputError
        A file is not a suite.
    """
    suites = [load_suite(name) for name in list_suites()]
    return sorted(suites, key=lambda s: (get_args(Per).index(s.per), s.id))


def list_pages() -> tuple[str, ...]:
    """List the names of all suites' pages in reading order; of a county's page the name without its code."""
    return _list_pages(parameters_dir())


def name_set(page: str) -> str:
    """Return which set of pages one belongs to: its suite where that stands apart, else "", the report itself.

    Examples
    --------
    >>> name_set("our_result"), name_set("week1_digitalisation")
    ('', 'training')
    """
    return list_sets().get(page, "")


def list_sets() -> dict[str, str]:
    """List the pages that stand apart from the report, each with its suite."""
    return _list_sets(parameters_dir())


@cache
def _list_sets(_parameters: Path) -> dict[str, str]:
    """Name the sets once for each project: page -> suite, of those that stand apart."""
    return {page: suite.id for suite in load_suites() if suite.apart for page in suite.pages}


@cache
def _list_pages(_parameters: Path) -> tuple[str, ...]:
    """List the pages once for each project: pages and indexes ask for every report."""
    return tuple(dict.fromkeys(page for suite in load_suites() for page in suite.pages))
