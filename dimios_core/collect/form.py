"""What a form asks and says, as it lies in a bundle: checked when it is read, and nothing in it of anybody who answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from dimios_core.documents import Frozen
from dimios_core.errors import InputError, Problem
from dimios_core.replacing import write_whole

FORM = "form.json"
#: language -> text
Words = dict[str, str]
#: what stands for "don't know" among answers
DONT_KNOW = "dont_know"
#: characters of an initiative's title, and of what it says
TITLE_LIMIT, TEXT_LIMIT = 150, 600


class Choice(Frozen):
    """An answer that can be chosen: the number that stands for it, and its label ("" where it has none)."""

    value: float
    label: Words = Field(default_factory=dict)


class Question(Frozen):
    """A statement, what may be answered, and its measure point in plain words; `dont_know` is None where it is not offered."""

    id: str
    statement: Words
    choices: list[Choice]
    dont_know: Words | None = None
    about: Words = Field(default_factory=dict)
    example: Words = Field(default_factory=dict)


class Part(Frozen):
    """What stands on one page: a category of the model."""

    id: str
    name: Words
    about: Words = Field(default_factory=dict)
    questions: list[Question] = Field(min_length=1)


class Form(Frozen):
    """A form.

    Attributes
    ----------
    id : str
        Of the survey, as it stands in addresses: organisation and period.
    organisation, period, name : str
        The organisation by id and by name.
    title : Words
    mode : {"confidential", "anonymous"}
    opens, closes : date
        First and last day on which answers are taken, both whole, in Stockholm.
    languages : list of str
        The first is that of whom no language is known.
    responsible, contact, kept_until : str
        Who is responsible for the data, whom to ask (name, mail, telephone, as given), and until when names are kept.
    legal_basis : Words
    parts : list of Part
    roles : dict of id -> Words
        Empty unless respondents confirm their role; the last one is for those who have none of them.
    points, kinds : dict of id -> Words
        What an initiative may be about, and its kind.
    label : Words
        What the survey is marked with where it is made up; else empty.
    key_mark : str
        By which the key of pseudonyms is known again; "" in the anonymous mode. Not the key.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    organisation: str
    period: str
    name: str
    title: Words
    mode: Literal["confidential", "anonymous"]
    opens: date
    closes: date
    languages: list[str] = Field(min_length=1)
    responsible: str
    contact: list[str]
    kept_until: date | None = None
    legal_basis: Words = Field(default_factory=dict)
    parts: list[Part] = Field(min_length=1)
    roles: dict[str, Words] = Field(default_factory=dict)
    points: dict[str, Words] = Field(default_factory=dict)
    kinds: dict[str, Words] = Field(default_factory=dict)
    label: Words = Field(default_factory=dict)
    key_mark: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Whether no answer is anybody's once it is submitted."""
        return self.mode == "anonymous"

    @property
    def questions(self) -> dict[str, Question]:
        """Questions by id, in the order in which they are asked."""
        return {q.id: q for part in self.parts for q in part.questions}


def survey_id(organisation: str, period: str) -> str:
    """Return the id of a survey: that of its form, the name of its bundle, and how its addresses begin."""
    return f"{organisation}-{period}"


def write_form(folder: Path, form: Form) -> None:
    """Write a form into its bundle."""
    write_whole(folder / FORM, form.model_dump_json(indent=1), private=True)


def read_form(folder: Path) -> Form:
    """Read the form of a bundle.

    Raises
    ------
    InputError
        There is none, or it is damaged.
    """
    path = folder / FORM
    try:
        return Form.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        remedy = "make the bundle: dimios collect open; or take it from a backup"
        raise InputError(Problem(str(path), "there is no form here that can be read", remedy)) from None
