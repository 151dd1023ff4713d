"""The plan of a measurement as a page: counts from the restricted side, in words of the readers' side. It is never among reports."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_survey
from dimios_core.languages import check_language, say
from dimios_core.page.one_file import build_one_file
from dimios_core.page.whole import WholeReport
from dimios_core.project.trying import Tried
from dimios_core.published.conventions import ALL, DIRECT
from dimios_core.report.planned import PlanFacts, PlannedGroup, PlannedStep, PlanPage
from dimios_core.responses import Register
from dimios_core.responses.transaction import Transaction
from dimios_core.survey.calendar import list_days
from dimios_core.survey.checking import check_letters, check_told
from dimios_core.survey.letters import KINDS, Writer
from dimios_core.survey.planning import GroupPlan, Step, read_plan
from dimios_core.survey.sampled import PLAN
from dimios_core.survey.settings import read_survey
from dimios_core.survey.steps import open_writer


def open_plan_page(
    folder: Path, register: Register, instrument: Instrument, language: str, is_demo: bool
) -> PlanPage:
    """Open the page of a survey's plan.

    Raises
    ------
    InputError
        Nothing is planned yet, there are no texts or no model in that language, or the organisation is no longer in the register.
    """
    tried = Tried()
    tried.problems += check_language(language, instrument.languages)
    plan = tried.attempt(lambda: read_plan(folder))
    survey = tried.attempt(lambda: read_survey(folder))
    if plan is None or survey is None or tried.problems:
        raise InputError(tried.problems)
    writer = open_writer(survey, register, instrument)
    names = _name_groups(register, writer, language)
    facts = PlanFacts(
        subject=writer.organisation,
        period=survey.period,
        language=language,
        is_demo=is_demo,
        rate=plan.rate,
        before=plan.before,
        chosen=_tell_step(plan.chosen),
        steps=tuple(_tell_step(step) for step in plan.steps),
        groups=tuple(_tell_group(group, names) for group in plan.groups),
        days=tuple(list_days(survey)),
        letters=_write_letters(writer, language),
    )
    return PlanPage(facts)


def write_plan_page(folder: Path, page: PlanPage, instrument: Instrument) -> Path:
    """Write the page as one file that opens by itself, in the survey's folder."""
    facts, pieces = page.facts, page.pieces()
    made_of = hashlib.sha256((folder / PLAN).read_bytes()).hexdigest()[:12]
    report = WholeReport(
        facts.subject, facts.period, facts.language, pieces[0].metadata["dimios"]["demo_label"], {PLAN: made_of},
        {page.name: [str(piece.html) for piece in pieces]},
    )  # fmt: skip
    file = f"plan-{facts.language}.html"
    with Transaction(folder) as transaction:
        html = build_one_file(report, name_survey(instrument, facts.language))
        transaction.stage(file).write_text(html, encoding="utf-8")
        transaction.commit()
    return folder / file


def _name_groups(register: Register, writer: Writer, language: str) -> dict[str, str]:
    """Return the names of units and roles; of people directly under a unit that has units, too."""
    own = register.units[register.units["organisation"] == writer.survey.organisation]
    units = dict(zip(own["unit"], own["name"], strict=True))
    directly = {
        f"{unit}{DIRECT}": say(language, "planned.directly", name=name)
        for unit, name in {**units, "": writer.organisation}.items()
    }
    model = writer.instrument
    roles = {role.id: model.text(role.name, language) for role in model.roles}
    return directly | units | roles


def _tell_step(step: Step) -> PlannedStep:
    return PlannedStep(step.invited, step.half_width, step.own_now, step.change)


def _tell_group(group: GroupPlan, names: dict[str, str]) -> PlannedGroup:
    named = next((part for part in (group.unit, group.role) if part != ALL), "")
    return PlannedGroup(
        names.get(named, named), group.people, group.invited, group.answers, group.figures, group.half_width
    )


def _write_letters(writer: Writer, language: str) -> tuple[tuple[str, str], ...]:
    """Return the letters in the page's language; none where the settings leave out what they have to tell."""
    survey = writer.survey
    if language not in survey.languages or [*check_told(survey), *check_letters(survey)]:
        return ()
    letters = [writer.write(kind, language) for kind in KINDS]
    return tuple((letter.subject, letter.text) for letter in letters)
