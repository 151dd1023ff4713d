"""The steps of a survey before it opens, each from files to files of its folder: all of them change or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.instrument import Instrument
from dimios_core.locks import holding
from dimios_core.responses.labels import suggest
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import Transaction, make_private
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.scoring.stored import list_trees
from dimios_core.survey.allocation import Method
from dimios_core.survey.before import Before
from dimios_core.survey.calendar import write_calendar
from dimios_core.survey.checking import check_letters, check_told
from dimios_core.survey.drawing import draw_sample
from dimios_core.survey.filled import read_filled
from dimios_core.survey.frame import Frame, build_frame, read_frame, write_frame
from dimios_core.survey.letters import FOLDER as LETTERS
from dimios_core.survey.letters import KINDS, SUBJECT, Writer
from dimios_core.survey.planning import Aim, Plan, Planner, read_plan, write_plan
from dimios_core.survey.sampled import FRAME, PLAN, SAMPLE, Invited, refuse_frozen, write_sample
from dimios_core.survey.settings import FOLDER, SETTINGS, Survey, read_survey, survey_folder
from dimios_core.survey.staff import read_staff
from dimios_core.survey.starting import start_settings, write_settings
from dimios_core.survey.titles import read_titles
from dimios_core.survey.workbook import write_workbook

WORKBOOK, READERS = "survey.xlsx", "readers.csv"


@holding("dimios survey new")
def start_survey(
    outputs: Path,
    organisation: str,
    period: str,
    instrument: Instrument,
    register: Register,
    languages: Sequence[str],
) -> Survey:
    """Write settings and workbook of a new survey; the workbook is in the first of its languages.

    Raises
    ------
    InputError
        The organisation is not in the register, the period is none, the model has no such language, or the survey is there already.
    """
    folder = survey_folder(outputs, organisation, period)
    problems = []
    known = register.organisations["id"].tolist()
    if organisation not in known:
        what = f"{organisation} is not in the register{suggest(organisation, known)}"
        problems.append(
            Problem("organisation", what, "use an id of the register; dimios register stores who takes part")
        )
    problems += [
        Problem(
            "--language",
            f"the model has no words in “{code}”",
            f"use some of: {', '.join(instrument.languages)}",
        )
        for code in languages
        if code not in instrument.languages
    ]
    if (folder / SETTINGS).is_file():
        what = f"there is a survey of {organisation}, {period}, already"
        problems.append(Problem(str(folder), what, "go on with it, or take its folder away first"))
    if problems:
        raise InputError(problems)
    survey = start_settings(organisation, period, instrument.id, languages)
    own = register.units[register.units["organisation"] == organisation]
    units = list(zip(own["unit"], own["name"], own["parent"], strict=True))
    for above in (outputs / FOLDER, folder.parent):
        make_private(above)
    with Transaction(folder) as transaction:
        transaction.stage(SETTINGS).write_text(write_settings(survey), encoding="utf-8")
        book = write_workbook(survey, instrument, units, read_titles(instrument), languages[0])
        transaction.stage(WORKBOOK).write_bytes(book)
        transaction.commit()
    return survey


@holding("dimios survey frame")
def take_frame(outputs: Path, folder: Path, path: Path, register: Register, instrument: Instrument) -> Frame:
    """Take a staff list in, or the survey's workbook with its settings; plan and sample of an earlier list go.

    Raises
    ------
    InputError
        The survey is open already, or every fault of list and workbook.
    """
    refuse_frozen(folder)
    survey, problems = read_survey(folder), []
    try:
        filled = read_filled(path, survey, instrument)
    except InputError as error:
        filled, problems = None, error.problems
    try:
        staff, found = read_staff(path)
        own = filled.titles if filled else {}
        frame = build_frame(
            staff,
            found,
            filled.survey if filled else survey,
            register,
            instrument,
            own | read_titles(instrument),
        )
    except InputError as error:
        raise InputError([*problems, *error.problems], len(problems) + error.found) from None
    if filled is None:
        raise InputError(problems)
    _forget(folder, PLAN, SAMPLE)
    with Transaction(folder) as transaction:
        transaction.stage(FRAME).write_bytes(write_frame(frame.people))
        if filled.survey != survey:
            transaction.stage(SETTINGS).write_text(write_settings(filled.survey), encoding="utf-8")
        if filled.readers:
            text = _write_readers(filled.readers, survey.organisation)
            transaction.stage(READERS).write_text(text, encoding="utf-8")
        transaction.commit()
    return frame


def _forget(folder: Path, *names: str) -> None:
    """Take away what rested on what is about to change."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _write_readers(readers: Sequence[str], organisation: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("reader", "organisation"), *((defuse(reader), organisation) for reader in readers)])
    return text.getvalue()


@holding("dimios survey plan")
def make_plan(
    outputs: Path,
    folder: Path,
    register: Register,
    instrument: Instrument,
    before: Before,
    aim: Aim,
    method: Method,
) -> Plan:
    """Plan a survey of its frame; a sample of an earlier plan goes.

    Raises
    ------
    InputError
        The survey is open already, there is no frame, or the aim cannot be reached.
    """
    refuse_frozen(folder)
    survey = read_survey(folder)
    tree, threshold = find_rules(register, survey.organisation)
    planner = Planner(read_frame(folder), tree, before, threshold, Columns(instrument), method)
    plan = planner.plan(survey.organisation, survey.period, aim)
    _forget(folder, SAMPLE)
    with Transaction(folder) as transaction:
        transaction.stage(PLAN).write_text(write_plan(plan), encoding="utf-8")
        transaction.commit()
    return plan


@holding("dimios survey sample")
def make_sample(outputs: Path, folder: Path, register: Register, seed: str) -> tuple[Invited, ...]:
    """Draw the sample of a plan.

    Raises
    ------
    InputError
        The survey is open already, nothing is planned, or the frame is no longer that of the plan.
    """
    refuse_frozen(folder)
    survey = read_survey(folder)
    tree, _ = find_rules(register, survey.organisation)
    drawn = draw_sample(read_frame(folder), tree, read_plan(folder), seed)
    with Transaction(folder) as transaction:
        transaction.stage(SAMPLE).write_bytes(write_sample(drawn))
        transaction.commit()
    return drawn


@holding("dimios survey letters")
def write_letters(
    outputs: Path, folder: Path, register: Register, instrument: Instrument, today: date
) -> list[Path]:
    """Write every letter as it will look, and the calendar, in each of the survey's languages.

    Raises
    ------
    InputError
        The settings leave out what letters have to tell, a template is missing or faulty, or the organisation is no longer in the register.
    """
    survey = read_survey(folder)
    if problems := [*check_told(survey), *check_letters(survey)]:
        raise InputError(problems)
    writer = open_writer(survey, register, instrument)
    files: dict[str, bytes] = {}
    for language in survey.languages:
        for kind in KINDS:
            letter = writer.write(kind, language)
            files[f"{LETTERS}/{language}/{kind}.txt"] = (
                f"{SUBJECT} {letter.subject}\n\n{letter.text}".encode()
            )
        calendar = write_calendar(survey, instrument, writer.organisation, language, today)
        files[f"{LETTERS}/{language}/calendar.ics"] = calendar
    with Transaction(folder) as transaction:
        for file, content in files.items():
            transaction.stage(file).write_bytes(content)
        transaction.commit()
    return [folder / file for file in files]


def open_writer(survey: Survey, register: Register, instrument: Instrument) -> Writer:
    """Return what writes the letters of a survey, with the organisation's name and threshold of the register.

    Raises
    ------
    InputError
        The organisation is no longer in the register.
    """
    _, threshold = find_rules(register, survey.organisation)
    name = register.organisations.set_index("id")["name"][survey.organisation]
    return Writer(survey, instrument, name, threshold)


def find_rules(register: Register, organisation: str) -> tuple[UnitTree, int]:
    """Return an organisation's tree of units, and how many answers a figure of it needs.

    Raises
    ------
    InputError
        The organisation is no longer in the register.
    """
    own = register.organisations[register.organisations["id"] == organisation]
    if own.empty:
        what = f"{organisation} is no longer in the register"
        raise InputError(Problem("register", what, "store it again: dimios register --organisations"))
    return list_trees(register, [organisation])[organisation], int(own["threshold"].iloc[0])


def list_surveys(outputs: Path) -> list[tuple[str, str]]:
    """Return organisation and period of every survey, in order."""
    return sorted((p.parent.parent.name, p.parent.name) for p in (outputs / FOLDER).glob(f"*/*/{SETTINGS}"))
