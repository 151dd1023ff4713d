"""Whether a survey can open, and what speaks against how it is planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.languages import check_language
from dimios_core.survey.frame import read_frame
from dimios_core.survey.letters import KINDS, check_template
from dimios_core.survey.planning import hash_frame, read_plan
from dimios_core.survey.sampled import PLAN, SAMPLE, read_sample
from dimios_core.survey.settings import SETTINGS, Survey, read_survey
from dimios_core.survey.starting import OPENS_IN

#: months and days within which measurements are made
WINDOWS = (((2, 1), (6, 1)), ((8, 1), (12, 1)))
#: days that a survey is open
SHORTEST_DAYS, LONGEST_DAYS = 14, 28
#: days between one letter and the next
LETTERS_APART_DAYS = 5
#: drawn people of a stratum; one alone tells nothing of how much they differ
DRAWN_MIN = 2


@dataclass(frozen=True)
class Finding:
    """What was found; `must`: it has to be mended before the survey opens."""

    must: bool
    problem: Problem


def check_survey(folder: Path) -> list[Finding]:
    """Check a survey whole: times, letters, plan and sample.

    Raises
    ------
    InputError
        There is no survey, or its settings cannot be.
    """
    survey = read_survey(folder)
    must = [
        *_check_year(survey),
        *_check_roles(survey),
        *check_told(survey),
        *check_letters(survey),
        *_check_sample(folder),
    ]
    think = [*_check_times(survey), *_check_mode(survey)]
    return [Finding(True, problem) for problem in must] + [Finding(False, problem) for problem in think]


def _check_year(survey: Survey) -> Iterator[Problem]:
    year, half = int(survey.period[:4]), survey.period[5:]
    if {survey.opens.year, survey.closes.year} != {year}:
        what = f"the survey of {survey.period} is open {survey.opens} to {survey.closes}"
        yield Problem(f"{SETTINGS}, opens", what, f"measure within {year}, or name another period")
    elif half and (survey.opens.month > 6) != (OPENS_IN[half] > 6):
        what = f"{survey.period} is the {'spring' if half == '1' else 'autumn'}, and the survey opens {survey.opens}"
        yield Problem(
            f"{SETTINGS}, opens", what, "open it in that half of the year, or name the other period"
        )


def _check_roles(survey: Survey) -> Iterator[Problem]:
    if survey.mode == "anonymous" and survey.confirm_role:
        what = "in the anonymous mode nobody's own role is kept: it is that of the list"
        yield Problem(f"{SETTINGS}, confirm_role", what, "write confirm_role: false")


def _check_times(survey: Survey) -> Iterator[Problem]:
    opens, closes = survey.opens, survey.closes
    inside = any(
        date(opens.year, *first) <= opens and closes <= date(opens.year, *last) for first, last in WINDOWS
    )
    if not inside:
        what = f"{opens} to {closes} lies outside 1 February to 1 June and 1 August to 1 December"
        yield Problem(
            f"{SETTINGS}, opens",
            what,
            "choose days when people are at work, as others do: results are compared",
        )
    if not SHORTEST_DAYS <= survey.days_n <= LONGEST_DAYS:
        what = f"the survey is open for {survey.days_n} days"
        yield Problem(
            f"{SETTINGS}, closes", what, f"let it be open for {SHORTEST_DAYS} to {LONGEST_DAYS} days"
        )
    for before, after in pairwise((opens, *survey.reminders)):
        if after - before < timedelta(LETTERS_APART_DAYS):
            what = f"a letter goes out {before}, and the next {after}"
            yield Problem(f"{SETTINGS}, reminders", what, f"leave {LETTERS_APART_DAYS} days between letters")
    if not survey.reminders:
        what, remedy = (
            "there is no reminder",
            "plan one or two: the first brings some eleven percentage points",
        )
        yield Problem(f"{SETTINGS}, reminders", what, remedy)


def _check_mode(survey: Survey) -> Iterator[Problem]:
    if survey.mode == "anonymous":
        what = "anonymous answers cannot be followed from one survey to the next: changes become less certain"
        yield Problem(f"{SETTINGS}, mode", what, "choose confidential where changes matter")


def check_told(survey: Survey) -> Iterator[Problem]:
    """Tell what the letters have to say and the settings do not."""
    contact = survey.contact
    told = {
        "contact": bool(contact.name and (contact.email or contact.phone)),
        "responsible": bool(survey.responsible),
        "kept_until": survey.kept_until is not None,
        "report": survey.report is not None,
    }
    for name, is_there in told.items():
        if not is_there:
            yield Problem(f"{SETTINGS}, {name}", "it is empty, and letters have to tell it", "fill it in")
    for language in survey.languages:
        if not survey.legal_basis.get(language):
            what = f"it is empty for {language}, and letters have to tell it"
            yield Problem(
                f"{SETTINGS}, legal_basis", what, "ask your data protection officer, and fill it in"
            )
    if survey.kept_until is not None and survey.kept_until <= survey.closes:
        what = "names and addresses are deleted before the survey is over"
        yield Problem(f"{SETTINGS}, kept_until", what, "name a later day")


def check_letters(survey: Survey) -> Iterator[Problem]:
    """Tell what is wrong with the letters of its languages."""
    for language in survey.languages:
        if problems := check_language(language, place=f"{SETTINGS}, languages"):
            yield from problems
            continue
        for kind in KINDS:
            yield from check_template(kind, language)


def _check_sample(folder: Path) -> Iterator[Problem]:
    try:
        people, plan, sample = read_frame(folder), read_plan(folder), read_sample(folder)
    except InputError as error:
        yield from error.problems
        return
    if hash_frame(people) != plan.frame:
        yield Problem(PLAN, "it is the plan of another frame", "plan again: dimios survey plan")
        return
    drawn = Counter(person.stratum for person in sample)
    known = set(people["person_id"])
    if drawn != {s.name: s.invited for s in plan.strata if s.invited} or not known.issuperset(
        person.person_id for person in sample
    ):
        yield Problem(SAMPLE, "it is not the sample of the plan", "draw it again: dimios survey sample")
    for stratum in plan.strata:
        if stratum.invited < min(stratum.people, DRAWN_MIN):
            what = f"{stratum.invited} of {stratum.people} are drawn in the stratum {stratum.name}"
            yield Problem(PLAN, what, "plan again with more invited: dimios survey plan --invite")
