"""What is to be run: the published organisations, and one job per notebook, owner, period and language."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT, check_language
from dimios_core.published.store import load_public, tell_no_results
from dimios_core.runner.parameters import (
    PERIOD_PATTERN,
    SLUG_PATTERN,
    CountyParameters,
    OrganisationParameters,
    ReportParameters,
    Scalar,
    check_parameters,
)

LATEST = "latest"
SCORE_FIRST = "run `dimios score`, which publishes results"

#: names and values
OwnParameters = Sequence[tuple[str, Scalar]]
#: period -> counties whose organisations are enough to be shown together
PublicPeriods = Mapping[str, Sequence[str]]


class PublishedOrganisation(BaseModel):
    """One organisation that has published results, as organisation.json describes it.

    `periods` are in time order; `demo` marks made-up data, which is labelled wherever it shows.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(pattern=SLUG_PATTERN)
    name: str
    type: str
    county: str = ""
    periods: tuple[str, ...]
    demo: bool
    #: what others may see of its result: named, anonymous, closed
    sharing: str = ""


@dataclass(frozen=True)
class ReportJob:
    """One notebook to run with one set of parameters."""

    notebook: Path
    parameters: ReportParameters
    #: names of the pages that will lie in the same folder: the report's tabs
    siblings: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def relative_path(self) -> Path:
        """Where the report lies under outputs/reports: period, owner, language, notebook."""
        p = self.parameters
        return Path(p.period, p.owner, p.language, f"{self.notebook.stem}{p.suffix}.ipynb")

    def __str__(self) -> str:
        p = self.parameters
        return f"{p.owner} {p.period} {p.language} {self.notebook.stem}{p.suffix}"


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
        raise tell_no_results(results)
    return found


def public_periods(results: Path) -> dict[str, list[str]]:
    """Return the periods with public results, and the counties that are shown in each, by code.

    Periods in which no figure of many is shown, such as half years that a single organisation measured, are left out as
    long as there are others.
    """
    path = results / "public" / "benchmarks.parquet"
    if not path.is_file():
        raise InputError(Problem(str(path), "there are no public results", SCORE_FIRST))
    names = ["period", "group", "kind", "status"]
    table = pq.read_table(path, columns=names)
    rows = set(zip(*(table[name].cast(pa.string()).to_pylist() for name in names), strict=True))
    shown: dict[str, list[str]] = {period: [] for period in sorted({row[0] for row in rows})}
    for period, group, kind, status in sorted(rows):
        if kind == "county" and status == "published":
            shown[period].append(group.removeprefix("county:"))
    told = {period for period, _, _, status in rows if status == "published"}
    return {p: c for p, c in shown.items() if p in told} or shown


def model_languages(results: Path) -> list[str]:
    """Return the languages of the model that results were scored with."""
    return load_public(results).instrument.languages


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
    notebooks: Sequence[Path],
    *,
    organisations: Sequence[str] = (),
    period: str = LATEST,
    language: str = DEFAULT,
    languages: Sequence[str] | None = None,
    own: OwnParameters = (),
) -> list[ReportJob]:
    """Return the jobs of organisations' reports, validated as a whole before anything runs.

    Parameters
    ----------
    published
        What the results have.
    notebooks
        The notebooks to run for each organisation; their parameters cells must take organisation, period and
        language.
    organisations
        Identifiers; empty means all that have the period.
    period
        `latest` (each organisation's own) or one period. An organisation named in `organisations`
        must have it; of all organisations, those without it are left out.
    languages
        Those of the model (`model_languages`); a report is in one of them. Any that there are texts in where it is None.
    own
        Parameters that the notebooks take beside these.

    Raises
    ------
    InputError
        Unknown organisation (the nearest ones are suggested), period, language or notebook parameter;
        all problems at once.
    """
    by_id = {o.id: o for o in published}
    problems = [unknown_organisation(given, by_id) for given in organisations if given not in by_id]
    problems += _check_wishes(sorted({p for o in published for p in o.periods}), period, language, languages)
    chosen = [by_id[i] for i in dict.fromkeys(organisations) if i in by_id] if organisations else [*published]
    if organisations and not problems:
        problems = [_without_period(o, period) for o in chosen if not _has_period(o, period)]
    if problems:
        raise InputError(problems)
    given = [
        {
            "organisation": o.id,
            "period": o.periods[-1] if period == LATEST else period,
            "language": language,
            "own": own,
        }
        for o in chosen
        if _has_period(o, period)
    ]
    if not given:
        raise InputError(Problem("results", "no organisation has a period", SCORE_FIRST))
    return make_jobs(notebooks, [OrganisationParameters.model_validate(g) for g in given])


def plan_consortium_jobs(
    public: PublicPeriods,
    notebooks: Sequence[Path],
    *,
    per_county: bool,
    counties: Sequence[str] = (),
    period: str = LATEST,
    language: str = DEFAULT,
    languages: Sequence[str] | None = None,
    own: OwnParameters = (),
) -> list[ReportJob]:
    """Return the jobs of reports on many organisations, validated as a whole before anything runs.

    Parameters
    ----------
    public
        Periods with public results, and the counties that are shown in each.
    notebooks
        Their parameters cells must take period and language, and county where `per_county`.
    counties
        Two-digit codes; empty means all that are shown in the period.
    languages
        As `plan_jobs` takes them.
    own
        Parameters that the notebooks take beside these.

    Raises
    ------
    InputError
        Unknown county, period, language or notebook parameter; all problems at once.
    """
    periods = sorted(public)
    problems = _check_wishes(periods, period, language, languages)
    chosen = periods[-1] if period == LATEST and periods else period
    shown = public.get(chosen, [])
    problems += [
        Problem(
            f"--county {c}", f"too few organisations to be shown together in {chosen}", choose_words(shown)
        )
        for c in counties
        if per_county and c not in shown
    ]
    if problems:
        raise InputError(problems)
    common = {"period": chosen, "language": language, "own": own}
    if not per_county:
        return make_jobs(notebooks, [ReportParameters.model_validate(common)])
    codes = list(dict.fromkeys(counties)) or shown
    return make_jobs(notebooks, [CountyParameters.model_validate(common | {"county": c}) for c in codes])


def introduce_siblings(jobs: Sequence[ReportJob]) -> list[ReportJob]:
    """Return the jobs, each knowing the pages that a whole batch puts into its folder."""
    stems: dict[Path, list[str]] = {}
    for job in jobs:
        stems.setdefault(job.relative_path.parent, []).append(job.relative_path.stem)
    return [replace(job, siblings=tuple(stems[job.relative_path.parent])) for job in jobs]


def make_jobs(notebooks: Sequence[Path], parameters: Sequence[ReportParameters]) -> list[ReportJob]:
    """Return the jobs, all notebooks of one owner after each other, so that whole reports are finished first."""
    problems: list[Problem] = []
    for notebook in notebooks if parameters else ():
        try:
            check_parameters(notebook, parameters[0].to_inject())
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return [ReportJob(notebook, p) for p in parameters for notebook in notebooks]


def _check_wishes(
    periods: Sequence[str], period: str, language: str, languages: Sequence[str] | None
) -> list[Problem]:
    problems = check_language(language, languages)
    if period != LATEST and period not in periods:
        problems.append(
            Problem("--period", f"there are no results for '{period}'", choose_words([*periods[-8:], LATEST]))
        )
    return problems


def _is_period(text: str) -> bool:
    return re.fullmatch(PERIOD_PATTERN, text) is not None


def _has_period(organisation: PublishedOrganisation, period: str) -> bool:
    return bool(organisation.periods) if period == LATEST else period in organisation.periods


def _without_period(organisation: PublishedOrganisation, period: str) -> Problem:
    return Problem(
        f"--organisation {organisation.id}",
        f"it has no results for {'any period' if period == LATEST else period}",
        choose_words([*organisation.periods, LATEST]) if organisation.periods else SCORE_FIRST,
    )


def unknown_organisation(given: str, by_id: dict[str, PublishedOrganisation]) -> Problem:
    """Return the problem of an identifier that no organisation has, with the nearest ones."""
    ids_by_word = {o.name.casefold(): o.id for o in by_id.values()} | {i: i for i in by_id}
    near = difflib.get_close_matches(given.casefold(), ids_by_word, n=3, cutoff=0.5)
    nearest = list(dict.fromkeys(ids_by_word[word] for word in near))
    remedy = (
        f"did you mean {', '.join(nearest)}?"
        if nearest
        else choose_words(sorted(by_id)[:8], more=len(by_id) > 8)
    )
    return Problem(f"--organisation {given}", "there is no such organisation in the results", remedy)


def choose_words(options: Sequence[str], *, more: bool = False) -> str:
    """Return the remedy that names what there is to choose among."""
    return f"choose among: {', '.join(options)}{', …' if more else ''}"
