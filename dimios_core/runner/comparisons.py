"""Comparisons of two or three organisations: who may be compared, and the job that makes the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT, check_language
from dimios_core.places import CONSORTIUM
from dimios_core.published.store import load_public
from dimios_core.runner.jobs import (
    LATEST,
    PublishedOrganisation,
    ReportJob,
    choose_words,
    make_jobs,
    public_periods,
    unknown_organisation,
)
from dimios_core.runner.parameters import ComparisonParameters
from dimios_core.suites import APART, Suite

#: how many are set beside each other
FEWEST_N, MOST_N = 2, 3
#: why an organisation is not compared, by what it has chosen
NOT_SHARED = {
    "anonymous": "it shows its result without its name alone, so it is not compared",
    "closed": "it shows its result to nobody else, so it is not compared",
}
ASK = (
    "ask it; once it shares by name (the register's sharing: named), run `dimios register` and `dimios score`"
)
WITHHELD = "its result by name is not published in {}: it is not whole, or it would give another's away"


def plan_comparison(
    results: Path,
    published: Sequence[PublishedOrganisation],
    notebooks: Sequence[Path],
    *,
    organisations: Iterable[str],
    period: str = LATEST,
    language: str = DEFAULT,
    languages: Sequence[str] | None = None,
) -> list[ReportJob]:
    """Return the job of a comparison, validated as a whole before anything runs.

    Parameters
    ----------
    results : Path
        The results folder; of it only what all may read.
    published : sequence of PublishedOrganisation
    notebooks : sequence of Path
    organisations : iterable of str
        Identifiers of two or three, in any order.
    period : str
        `latest` (the latest one with public results) or one period.
    language : str
    languages : sequence of str, optional
        Those of the model.

    Raises
    ------
    InputError
        Too few or too many, unknown ones, or some that do not share their result by name, each with the reason; a period
        or language that there is not; all problems at once.
    """
    given = sorted(set(organisations))
    periods = sorted(public_periods(results))
    chosen = periods[-1] if period == LATEST and periods else period
    problems = check_language(language, languages)
    if chosen not in periods:
        problems.append(
            Problem("--period", f"there are no results for '{period}'", choose_words([*periods, LATEST]))
        )
    if not FEWEST_N <= len(given) <= MOST_N:
        what = f"{len(given)} organisations are given"
        problems.append(Problem("organisations", what, f"give {FEWEST_N} or {MOST_N} different ones"))
    named = {row["id"] for row in load_public(results).rows("named", period=chosen)}
    by_id = {o.id: o for o in published}
    problems += [p for i in given if (p := _refuse(i, by_id, named, chosen)) is not None]
    if problems:
        raise InputError(problems)
    asked = {"period": chosen, "language": language, "organisations": " ".join(given)}
    return make_jobs(notebooks, [ComparisonParameters.model_validate(asked)])


def plan_stored(
    results: Path,
    published: Sequence[PublishedOrganisation],
    suite: Suite,
    stored: Iterable[Path],
    period: str,
    language: str,
) -> list[ReportJob]:
    """Return the jobs that make stored comparisons of a period and language again; those that may not be made have none.

    Parameters
    ----------
    stored : iterable of Path
        Places in the reports folder: period, owner, language, name.
    """
    jobs: list[ReportJob] = []
    folder = (period, CONSORTIUM, language)
    for stem in sorted({place.stem for place in stored if place.parts[:3] == folder and APART in place.stem}):
        given = stem.split(APART)[1:]
        try:
            jobs += plan_comparison(
                results, published, suite.paths, organisations=given, period=period, language=language
            )
        except InputError:  # somebody has stopped to share
            continue
    return jobs


def _refuse(
    given: str, by_id: Mapping[str, PublishedOrganisation], named: set[str], period: str
) -> Problem | None:
    """Return why an organisation cannot be compared; None where it can."""
    if given not in by_id:
        return unknown_organisation(given, dict(by_id))
    if (sharing := by_id[given].sharing) in NOT_SHARED:
        return Problem(given, NOT_SHARED[sharing], ASK)
    if given not in named:
        return Problem(given, WITHHELD.format(period), choose_words(sorted(named - {""})))
    return None
