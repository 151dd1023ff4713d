"""A notebook of one's own, run by itself: what it is given, where it has to lie, and the jobs that it means.

A page is audited by making it again. So its notebook lies in the project's `notebooks/`, and no other there has its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT
from dimios_core.runner.jobs import (
    LATEST,
    OwnParameters,
    PublishedOrganisation,
    ReportJob,
    model_languages,
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
)
from dimios_core.runner.parameters import DeclaredParameter, Scalar, read_declared_parameters
from dimios_core.suites import find_notebooks

#: parameters that a report is asked for with, and the option that gives each
ASKED_FOR = {
    "organisation": "give --organisation",
    "county": "give --county",
    "period": "give --period",
    "language": "give --language",
    "results": "give --outputs",
}
WORDS: dict[str, Scalar] = {"True": True, "False": False, "None": None}


def plan_notebook(
    results: Path,
    published: Sequence[PublishedOrganisation],
    notebook: Path,
    own: OwnParameters = (),
    *,
    organisations: Sequence[str] = (),
    counties: Sequence[str] = (),
    period: str = LATEST,
    language: str = DEFAULT,
) -> list[ReportJob]:
    """Return the jobs of one notebook: for each organisation, each county or all together, as its parameters are.

    Parameters
    ----------
    results : Path
        The results folder.

    The others are those of `dimios_core.runner.jobs.plan_jobs` and `plan_consortium_jobs`.

    Raises
    ------
    InputError
        As these, all problems at once.
    """
    declared = read_declared_parameters(notebook)
    wish: dict[str, Any] = {
        "period": period, "language": language, "languages": model_languages(results), "own": own,
    }  # fmt: skip
    if "organisation" in declared or organisations or not {"period", "language"} <= set(declared):
        return plan_jobs(published, [notebook], organisations=organisations, **wish)
    per_county = "county" in declared
    public = public_periods(results)
    return plan_consortium_jobs(public, [notebook], per_county=per_county, counties=counties, **wish)


def read_own(notebook: Path, given: Mapping[str, Scalar] | Iterable[str]) -> OwnParameters:
    """Read own parameters: values by name, or "name=value" each, as Papermill reads them.

    That is: whole numbers, numbers, True, False, None, words.

    What a notebook declares as a text stays one: `-p code=01`.

    Raises
    ------
    InputError
        One without a name, one that has an option of its own, or one that is given twice; all problems at once. Whether the
        notebook takes it is found out when jobs are planned.
    """
    declared = read_declared_parameters(notebook) if given else {}
    problems: list[Problem] = []
    own: dict[str, Scalar] = {}
    values = given if isinstance(given, Mapping) else None
    for words in given:
        name, equals, text = words.partition("=")
        if not name.isidentifier() or not (equals or values):
            problems.append(Problem(f"-p {words}", "it gives no value to a name", "write -p name=value"))
        elif name in ASKED_FOR:
            problems.append(Problem(f"-p {words}", "it has an option of its own", ASKED_FOR[name]))
        elif name in own:
            problems.append(Problem(f"-p {words}", f"{name} is given twice", "give it once"))
        else:
            own[name] = values[name] if values else _read_value(text, declared.get(name))
    if problems:
        raise InputError(problems)
    return tuple(own.items())


def _read_value(text: str, declared: DeclaredParameter | None) -> Scalar:
    value = WORDS.get(text, text)
    for kind in (float, int):
        try:
            value = kind(text)
        except ValueError:
            continue
    kept = declared is not None and not declared.admits(value) and declared.admits(text)
    return text if kept else value


def check_place(notebook: Path) -> None:
    """Check that a page can be made of a notebook.

    Raises
    ------
    InputError
        It does not lie in the project's notebooks, or another one there has its name.
    """
    there = find_notebooks(notebook.stem)
    if notebook.resolve() not in there:
        what = "a page is made of notebooks of the project alone: dimios audit makes it again from there"
        raise InputError(Problem(str(notebook), what, "put it into notebooks/own/, or give --no-page"))
    if len(there) > 1:
        others = ", ".join(p.parent.name for p in there if p != notebook.resolve())
        what = f"notebooks of the same name lie in {others}: one page would take the place of the other"
        raise InputError(Problem(str(notebook), what, "give it a name of its own"))


def plan_again(
    results: Path, published: Sequence[PublishedOrganisation], stored: Path, place: Path
) -> ReportJob | None:
    """Return the job that makes a stored own page again; None where nothing of the project makes it.

    Parameters
    ----------
    results : Path
        The results folder.
    published : sequence of PublishedOrganisation
        Who has results there.
    stored : Path
        The executed notebook beside the page.
    place : Path
        Where it lies in the reports folder.
    """
    try:
        given = _read_given(stored)
        period, owner, language, _ = place.parts
        county = given.get("county")
        page = place.stem.removesuffix(f"_{county}") if county else place.stem
        (notebook,) = find_notebooks(page)
        own = tuple((name, value) for name, value in given.items() if name not in ASKED_FOR)
        of: dict[str, Any] = {"counties": [county]} if county else {}
        of |= {"organisations": [owner]} if "organisation" in given else {}
        jobs = plan_notebook(results, published, notebook, own, period=period, language=language, **of)
    except (InputError, ValueError, KeyError, TypeError, OSError):
        return None
    return next((job for job in jobs if job.relative_path == place), None)


def _read_given(stored: Path) -> Mapping[str, Scalar]:
    """Return what an executed notebook was given."""
    given = json.loads(stored.read_text(encoding="utf-8"))["metadata"]["papermill"]["parameters"]
    if not all(isinstance(value, Scalar) for value in given.values()):
        raise ValueError("a parameter is no plain value")
    return dict(given)
