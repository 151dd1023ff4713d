"""From titles of a staff list to roles of the model: patterns in `parameters/survey/titles.yaml`, and a survey's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.places import parameters_dir
from dimios_core.responses.labels import normalise_label, suggest

FILE = Path("survey", "titles.yaml")


class _Titles(Frozen):
    role: str
    are: tuple[str, ...]


class _TitleFile(Frozen):
    instrument: str
    titles: tuple[_Titles, ...]


def read_titles(instrument: Instrument, path: Path | None = None) -> dict[str, str]:
    """Return patterns of titles and the role of each, in the order in which they are tried.

    Parameters
    ----------
    instrument : Instrument
        The patterns of another instrument are left alone: there are none then.
    path : pathlib.Path, optional
        Default: the project's own file; without it there are no patterns.

    Raises
    ------
    InputError
        The file cannot be read, or names a role that the instrument does not have.
    """
    place = path or parameters_dir() / FILE
    if not place.is_file():
        return {}
    read = read_model(place, _TitleFile, "list of titles")
    if read.instrument != instrument.id:
        return {}
    roles = [role.id for role in instrument.roles]
    problems = [
        Problem(
            f"{place.name}, {titles.role}",
            f"the instrument has no role “{titles.role}”{suggest(titles.role, roles)}",
            f"use one of: {', '.join(roles)}",
        )
        for titles in read.titles
        if titles.role not in roles
    ]
    if problems:
        raise InputError(problems)
    return {normalise_label(pattern): titles.role for titles in read.titles for pattern in titles.are}


def tell_roles(instrument: Instrument) -> str:
    """Return how to mend a role that there is not: which ones there are."""
    return f"use one of: {', '.join(next(iter(role.name.values())) for role in instrument.roles)}"


def find_role(title: str, patterns: Mapping[str, str]) -> str | None:
    """Return the role of a title: that of the same title, else of the first pattern that fits; None where none does.

    Examples
    --------
    >>> patterns = {"*strateg": "strategists", "chef": "managers", "*chef": "others"}
    >>> [find_role(t, patterns) for t in ("IT-strateg", "Chef", "Enhetschef", "Lärare")]
    ['strategists', 'managers', 'others', None]
    """
    label = normalise_label(title)
    if label in patterns:
        return patterns[label]
    return next((role for pattern, role in patterns.items() if _compile(pattern).fullmatch(label)), None)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
