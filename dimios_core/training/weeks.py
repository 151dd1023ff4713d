"""Weeks as data: `parameters/training/weeks/<name>.yaml`, read and checked whole before anything is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jinja2
from jinja2 import meta
from pydantic import Field

from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir
from dimios_core.report.texts import load_environment
from dimios_core.suites import load_suite
from dimios_core.training.found import Lookup
from dimios_core.training.lookups import NAMES, NUMBERS, OUTCOMES
from dimios_core.training.questions import (
    ChoiceText,
    Id,
    NameText,
    NumberText,
    OrderText,
    OutcomeText,
    Question,
    ReflectText,
    SortText,
    Text,
)
from dimios_core.training.shows import SHOWN

#: the suite whose notebooks show the weeks
SUITE = "training"
#: what every text may name: whom the page is about, when it was measured, answers behind a figure that is shown
ALWAYS = frozenset({"subject", "period", "threshold"})


class Section(Frozen):
    """A part of a week: something to read, figures to look at, questions.

    Attributes
    ----------
    minutes : int
        How long it takes by oneself.
    text : tuple of Text
        Paragraphs.
    points : tuple of Text
        A list under them.
    show : str or None
        Figures or words from elsewhere: `dimios_core.training.shows.SHOWN`.
    after : tuple of Text
        Paragraphs under what is shown.
    """

    id: Id
    title: Text
    minutes: int = Field(ge=1, le=45)
    text: tuple[Text, ...] = ()
    points: tuple[Text, ...] = ()
    show: Literal[tuple(SHOWN)] | None = None  # type: ignore[valid-type]
    after: tuple[Text, ...] = ()
    questions: tuple[Question, ...] = ()


class WeekText(Frozen):
    """What a page of the training says.

    Attributes
    ----------
    instrument : str
        The model that it is about.
    aim : Text
        What its reader can do afterwards.
    how : tuple of Text
        Small print: what the page rests on.
    """

    id: Id
    instrument: str
    aim: Text
    sections: tuple[Section, ...] = Field(min_length=1)
    how: tuple[Text, ...] = Field(min_length=1)

    @property
    def minutes(self) -> int:
        """How long it takes by oneself."""
        return sum(section.minutes for section in self.sections)

    def section(self, name: str) -> Section:
        """Return a section by its id.

        Raises
        ------
        InputError
            There is none.
        """
        found = {section.id: section for section in self.sections}
        if name not in found:
            what, remedy = f"there is no section {name!r}", f"choose among: {', '.join(found)}"
            raise InputError(Problem(f"{self.id}.yaml", what, remedy))
        return found[name]


def list_weeks() -> tuple[str, ...]:
    """List the pages of the training in their order."""
    return load_suite(SUITE).pages


def check_weeks(language: str, instrument: str) -> None:
    """Check all weeks before anything is made.

    Raises
    ------
    InputError
        A file is missing or no week, or is about another model, or says nothing in the language: all problems at once.
    """
    problems: list[Problem] = []
    for name in list_weeks():
        try:
            week = load_week(name)
            check_fitting(week, language, instrument)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def check_fitting(week: WeekText, language: str, instrument: str) -> None:
    """Check that a week is about the model that results were scored with, and that it speaks a language.

    Raises
    ------
    InputError
        It is not, or does not.
    """
    place = f"{week.id}.yaml"
    problems = []
    if week.instrument != instrument:
        what = f"it is about the model {week.instrument}, and the results are of {instrument}"
        problems.append(Problem(place, what, "write weeks about your model, or leave out the training"))
    if language not in week.aim:
        remedy = f"choose among: {', '.join(week.aim)}; or translate it"
        problems.append(Problem(place, f"it says nothing in {language!r}", remedy))
    if problems:
        raise InputError(problems)


def load_week(name: str) -> WeekText:
    """Load a week by its name.

    Raises
    ------
    InputError
        There is no such file, or it is not one: all problems at once, each with its place.
    """
    return _load(parameters_dir() / "training" / "weeks" / f"{name}.yaml")


@cache
def _load(path: Path) -> WeekText:
    if not path.is_file():
        remedy = "write it, or take its notebook out of parameters/suites/training.yaml"
        raise InputError(Problem(str(path), "there is no such week", remedy))
    week = read_model(path, WeekText, "week")
    if problems := list(_check(week, path)):
        raise InputError(problems)
    return week


def _check(week: WeekText, path: Path) -> Iterator[Problem]:
    """Check what no single entry tells: names, languages, and what texts may name."""
    if week.id != path.stem:
        yield Problem(str(path), f"its id is {week.id}", f"call it {path.stem}, as the file")
    ids = Counter(q.id for s in week.sections for q in s.questions) + Counter(s.id for s in week.sections)
    for name in (name for name, times in ids.items() if times > 1):
        yield Problem(f"{path}: {name}", "two parts are called this", "call one of them otherwise")
    for place, text, known in _list_texts(week):
        for language in sorted(set(week.aim) ^ set(text)):
            what = (
                f"it lacks a text in {language!r}"
                if language in week.aim
                else f"only it has a text in {language!r}"
            )
            yield Problem(f"{path}: {place}", what, "every text is there in the same languages")
        for language, words in text.items():
            if problem := _check_words(words, language, known):
                yield Problem(f"{path}: {place} ({language})", problem, "name what may be named there")


def _check_words(words: str, language: str, known: frozenset[str]) -> str:
    try:
        named = meta.find_undeclared_variables(load_environment(language).parse(words))
    except jinja2.TemplateError as error:
        return f"it is no text to fill in: {error}"
    unknown = sorted(named - known)
    return f"nothing is called {', '.join(unknown)}" if unknown else ""


Placed = tuple[str, Text, frozenset[str]]


def _list_texts(week: WeekText) -> Iterator[Placed]:
    """List all texts: place, text, and what it may name."""
    yield "aim", week.aim, ALWAYS
    yield from ((f"how.{n}", text, ALWAYS) for n, text in enumerate(week.how, start=1))
    for section in week.sections:
        place = f"sections.{section.id}"
        yield f"{place}.title", section.title, ALWAYS
        for part in ("text", "points", "after"):
            yield from (
                (f"{place}.{part}.{n}", t, ALWAYS) for n, t in enumerate(getattr(section, part), start=1)
            )
        for question in section.questions:
            yield from (
                (f"{place}.{question.id}.{where}", t, known) for where, t, known in _texts_of(question)
            )


def _texts_of(question: Question) -> Iterator[Placed]:
    match question:
        case ChoiceText():
            yield "ask", question.ask, ALWAYS
            for n, option in enumerate(question.options, start=1):
                yield f"options.{n}.text", option.text, ALWAYS
                yield f"options.{n}.why", option.why, ALWAYS
        case OutcomeText():
            lookup = OUTCOMES[question.lookup]
            words = ALWAYS | {*lookup.words}
            yield "ask", question.ask, words
            for name, outcome in question.options.items():
                yield f"options.{name}.text", outcome.text, words
                yield f"options.{name}.why", outcome.why, words
            for name, text in question.because.items():
                yield f"because.{name}", text, _known(lookup, name)
        case NameText():
            names = NAMES[question.lookup]
            for part in ("ask", "nothing", "nothing_right", "nothing_wrong"):
                yield part, getattr(question, part), ALWAYS
            for name, text in question.reasons.items():
                yield f"reasons.{name}", text, _known(names, name)
        case NumberText():
            words = ALWAYS | {*NUMBERS[question.lookup].words}
            for part in ("ask", "example", "why", "hint"):
                yield part, getattr(question, part), words | {"made_up"}
            for name, text in question.mistakes.items():
                yield f"mistakes.{name}", text, words | {"made_up"}
        case OrderText():
            yield "ask", question.ask, ALWAYS
            for step in question.steps:
                yield f"steps.{step.id}.text", step.text, ALWAYS
                yield f"steps.{step.id}.why", step.why, ALWAYS
        case SortText() | ReflectText():
            yield "ask", question.ask, ALWAYS


def _known(lookup: Lookup[Any], outcome: str) -> frozenset[str]:
    figures = () if outcome in lookup.without else lookup.figures
    return ALWAYS | {*lookup.words, *figures}
