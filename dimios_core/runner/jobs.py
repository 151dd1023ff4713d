"""What is to be run: the published organisations, and one job per organisation, period and language."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.runner.parameters import (
    LANGUAGES,
    PERIOD_PATTERN,
    SLUG_PATTERN,
    ReportParameters,
    check_parameters,
)

LATEST = "latest"
SCORE_FIRST = "run `dimios score`, which publishes results"


class PublishedOrganisation(BaseModel):
    """One organisation that has published results, as organisation.json describes it.

    `periods` are in time order; `demo` marks made-up data, which is labelled wherever it shows.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(pattern=SLUG_PATTERN)
    name: str
    type: str
    periods: tuple[str, ...]
    demo: bool


@dataclass(frozen=True)
class ReportJob:
    """One notebook to run with one set of parameters."""

    notebook: Path
    parameters: ReportParameters

    @property
    def relative_path(self) -> Path:
        """Where the report lies under outputs/reports: period, organisation, language, notebook."""
        p = self.parameters
        return Path(p.period, p.organisation, p.language, self.notebook.name)

    def __str__(self) -> str:
        p = self.parameters
        return f"{p.organisation} {p.period} {p.language}"


def published_organisations(results: Path) -> list[PublishedOrganisation]:
    """Return the organisations with published results, ordered by id.

    Parameters
    ----------
    results
        The results folder; each organisation has a folder `organisation=<id>` with organisation.json.

    Raises
    ------
    InputError
        No organisation is there, or a description cannot be read; all problems at once.
    """
    found, problems = [], []
    for path in sorted(results.glob("organisation=*/organisation.json")):
        try:
            organisation = PublishedOrganisation.model_validate_json(path.read_bytes())
            periods_fit = all(_is_period(period) for period in organisation.periods)
            if path.parent.name == f"organisation={organisation.id}" and periods_fit:
                found.append(organisation)
                continue
        except (ValidationError, OSError):
            pass
        problems.append(Problem(str(path), "it is damaged", SCORE_FIRST))
    if problems:
        raise InputError(problems)
    if not found:
        raise InputError(Problem(str(results), "there are no published results", SCORE_FIRST))
    return found


def read_results_version(results: Path) -> str:
    """Return the version stamp of the whole results folder, from stamp.json.

    Raises
    ------
    InputError
        There is no stamp, or it cannot be read.
    """
    path = results / "stamp.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["results_version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(Problem(str(path), "the results have no version stamp", SCORE_FIRST)) from None


def plan_jobs(
    published: Sequence[PublishedOrganisation],
    notebook: Path,
    *,
    organisations: Sequence[str] = (),
    period: str = LATEST,
    language: str = "sv",
) -> list[ReportJob]:
    """Return the jobs asked for, validated as a whole before anything runs.

    Parameters
    ----------
    published
        What the results have.
    notebook
        The notebook to run; its parameters cell must take organisation, period and language.
    organisations
        Identifiers; empty means all that have the period.
    period
        `latest` (each organisation's own) or one period. An organisation named in `organisations`
        must have it; of all organisations, those without it are left out.

    Raises
    ------
    InputError
        Unknown organisation (the nearest ones are suggested), period, language or notebook parameter;
        all problems at once.
    """
    by_id = {o.id: o for o in published}
    problems = [_unknown_organisation(given, by_id) for given in organisations if given not in by_id]
    if language not in LANGUAGES:
        problems.append(Problem("--language", f"there is no language '{language}'", _choose(LANGUAGES)))
    every_period = sorted({p for o in published for p in o.periods})
    if period != LATEST and period not in every_period:
        problems.append(
            Problem("--period", f"there are no results for '{period}'", _choose([*every_period[-8:], LATEST]))
        )
    chosen = [by_id[i] for i in dict.fromkeys(organisations) if i in by_id] if organisations else [*published]
    if organisations and not problems:
        problems = [_without_period(o, period) for o in chosen if not _has_period(o, period)]
    if problems:
        raise InputError(problems)
    jobs = []
    for organisation in chosen:
        if _has_period(organisation, period):
            parameters = ReportParameters.model_validate(
                {
                    "organisation": organisation.id,
                    "period": organisation.periods[-1] if period == LATEST else period,
                    "language": language,
                }
            )
            jobs.append(ReportJob(notebook, parameters))
    if not jobs:
        raise InputError(Problem("results", "no organisation has a period", SCORE_FIRST))
    check_parameters(notebook, jobs[0].parameters.to_inject())
    return jobs


def _is_period(text: str) -> bool:
    return re.fullmatch(PERIOD_PATTERN, text) is not None


def _has_period(organisation: PublishedOrganisation, period: str) -> bool:
    return bool(organisation.periods) if period == LATEST else period in organisation.periods


def _without_period(organisation: PublishedOrganisation, period: str) -> Problem:
    return Problem(
        f"--organisation {organisation.id}",
        f"it has no results for {'any period' if period == LATEST else period}",
        _choose([*organisation.periods, LATEST]) if organisation.periods else SCORE_FIRST,
    )


def _unknown_organisation(given: str, by_id: dict[str, PublishedOrganisation]) -> Problem:
    ids_by_word = {o.name.casefold(): o.id for o in by_id.values()} | {i: i for i in by_id}
    near = difflib.get_close_matches(given.casefold(), ids_by_word, n=3, cutoff=0.5)
    nearest = list(dict.fromkeys(ids_by_word[word] for word in near))
    remedy = (
        f"did you mean {', '.join(nearest)}?" if nearest else _choose(sorted(by_id)[:8], more=len(by_id) > 8)
    )
    return Problem(f"--organisation {given}", "there is no such organisation in the results", remedy)


def _choose(options: Sequence[str], *, more: bool = False) -> str:
    return f"choose among: {', '.join(options)}{', …' if more else ''}"
