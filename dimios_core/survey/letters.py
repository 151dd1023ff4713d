"""Letters to the invited, from templates in `parameters/letters/<language>/`, in the words of the survey's mode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path

import jinja2
from babel.dates import format_date
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from dimios_core.characters import REMEDY, find_refused
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_lead
from dimios_core.languages import say
from dimios_core.places import parameters_dir
from dimios_core.survey.settings import Survey

FOLDER = "letters"
KINDS = ("information", "invitation", "reminder", "thanks")
#: what an invitation has to say, and what everybody is told of the survey
NEEDED = (
    "closes",
    "link",
    "purpose",
    "time",
    "voluntary",
    "dont_know",
    "limit",
    "mode",
    "data",
    "contact",
    "results",
)
FILLED = ("name", "organisation", "subject", "opens", *NEEDED)
SUBJECT = "Subject:"
#: what a question takes, read and answered
SECONDS_A_QUESTION = 20
#: minutes are told in steps of
MINUTES_STEP = 5
_GRAMMAR = SandboxedEnvironment(
    undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True
)


@dataclass(frozen=True)
class Letter:
    """A letter as it is read; `subject` is one line."""

    subject: str
    text: str


@dataclass(frozen=True)
class Writer:
    """Writes the letters of a survey.

    Attributes
    ----------
    survey : Survey
        Whole: `dimios_core.survey.checking` tells what is missing.
    instrument : Instrument
    organisation : str
        Its name.
    threshold : int
        Answers needed behind a published figure.
    """

    survey: Survey
    instrument: Instrument
    organisation: str
    threshold: int

    def write(self, kind: str, language: str, name: str | None = None, link: str | None = None) -> Letter:
        """Write a letter; without name and link as an example.

        Parameters
        ----------
        kind : str
            One of `KINDS`.
        language : str
            One of the survey's.
        name, link : str, optional
            Whose letter it is, and her link.

        Raises
        ------
        InputError
            There is no such template, or it cannot be filled in.
        """
        values = self._fill(language) | {
            "name": name or say(language, "survey.example.name"),
            "link": link or say(language, "survey.example.link"),
        }
        head, _, text = read_template(kind, language).render(values).partition("\n")
        return Letter(" ".join(head.removeprefix(SUBJECT).split()), text.strip() + "\n")

    def _fill(self, language: str) -> dict[str, str]:
        s = self.survey

        def tell(part: str, **values: object) -> str:
            return say(language, f"survey.says.{part}", **values)

        def day(value: date | None) -> str:
            return "" if value is None else format_date(value, "long", locale=language)

        words = self.instrument.scales["default"].dont_know
        minutes = ceil(len(self.instrument.items) * SECONDS_A_QUESTION / 60 / MINUTES_STEP) * MINUTES_STEP
        contact = ", ".join(part for part in (s.contact.name, s.contact.email, s.contact.phone) if part)
        about = {
            "responsible": s.responsible, "legal_basis": s.legal_basis.get(language, ""), "kept_until": day(s.kept_until),
        }  # fmt: skip
        return {
            "organisation": self.organisation,
            "subject": name_lead(self.instrument, language).running,
            "opens": day(s.opens),
            "closes": day(s.closes),
            "purpose": tell("purpose"),
            "time": tell("time", minutes=minutes),
            "voluntary": tell("voluntary"),
            "dont_know": tell("dont_know", words=words[language]) if words else tell("dont_know_none"),
            "limit": tell("limit", threshold=self.threshold),
            "mode": tell(f"mode.{s.mode}"),
            "data": tell("data" if s.mode == "confidential" else "data_anonymous", **about),
            "contact": tell("contact", contact=contact),
            "results": tell("results", report=day(s.report)),
        }


def find_template(kind: str, language: str) -> Path:
    """Return where the template of a letter lies; it may not be there."""
    return parameters_dir() / FOLDER / language / f"{kind}.txt"


def check_template(kind: str, language: str) -> list[Problem]:
    """Tell what is wrong with a template: it is not there, cannot be read, names what is not filled in, or leaves out what has to be said."""
    path = find_template(kind, language)
    place = f"{FOLDER}/{language}/{path.name}"
    if not path.is_file():
        remedy = f"write it as {FOLDER}/README.md tells, or leave the language out of the survey"
        return [Problem(place, "there is no such letter", remedy)]
    text = path.read_text(encoding="utf-8")
    try:
        used = meta.find_undeclared_variables(_GRAMMAR.parse(text))
    except jinja2.TemplateSyntaxError as error:
        return [
            Problem(f"{place}, line {error.lineno}", f"it cannot be read: {error.message}", "mend the line")
        ]
    problems = [
        Problem(place, f"it names {name}, which nobody fills in", f"use some of: {', '.join(FILLED)}")
        for name in sorted(used - set(FILLED))
    ]
    if not text.startswith(SUBJECT):
        problems.append(
            Problem(f"{place}, line 1", "there is no subject", f"begin the first line with {SUBJECT}")
        )
    if (what := find_refused(text)) is not None:
        problems.append(Problem(place, what, REMEDY))
    needed = NEEDED if kind == "invitation" else ("link",) if kind == "reminder" else ()
    problems += [
        Problem(place, f"it does not say {{{{ {name} }}}}", "say it: the invited have to know")
        for name in needed
        if name not in used
    ]
    return problems


def read_template(kind: str, language: str) -> jinja2.Template:
    """Return the template of a letter.

    Raises
    ------
    InputError
        As `check_template` tells.
    """
    if problems := check_template(kind, language):
        raise InputError(problems)
    return _GRAMMAR.from_string(find_template(kind, language).read_text(encoding="utf-8"))
