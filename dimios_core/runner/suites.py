"""Suites: which notebooks make a report, and for whom each is run (parameters/suites/*.yaml)."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir, project_root


class Suite(BaseModel):
    """Notebooks that belong together.

    Attributes
    ----------
    id : str
        The name that `--suite` takes.
    per : str
        "organisation": once for each; "consortium": once for all together; "county": once for each county.
    notebooks : tuple of str
        Paths under notebooks/, without .ipynb, in the order of the report's tabs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    per: Literal["organisation", "consortium", "county"]
    notebooks: tuple[str, ...] = Field(min_length=1)

    @property
    def paths(self) -> list[Path]:
        """Where the notebooks lie."""
        return [(project_root() / "notebooks" / f"{name}.ipynb").resolve() for name in self.notebooks]


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
    try:
        return Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError:
        raise InputError(Problem(str(path), "it is not YAML", "mend the file")) from None
    except ValidationError as error:
        raise InputError(
            [
                Problem(
                    f"{path}: {'.'.join(map(str, e['loc'])) or 'file'}", e["msg"].lower(), "mend the entry"
                )
                for e in error.errors()
            ]
        ) from None
