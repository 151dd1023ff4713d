"""What is decided of a measurement before anybody is asked: survey.yaml, in a folder of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.responses.periods import PERIOD_REMEDY, is_period
from dimios_core.responses.slugs import SLUG_REMEDY, is_slug
from dimios_core.responses.transaction import finish_committed

#: folder of all surveys, under the outputs folder; mode 0700
FOLDER = "surveys"
SETTINGS = "survey.yaml"
#: whose days and nights a survey keeps
TIME_ZONE = "Europe/Stockholm"

Mode = Literal["confidential", "anonymous"]


class Contact(Frozen):
    """Whom the invited may ask; what is empty is told by `survey check`."""

    name: str = ""
    email: str = ""
    phone: str = ""


class Survey(Frozen):
    """A measurement of one organisation in one period, as planned.

    Parameters
    ----------
    organisation, period : str
        Id in the register; "2026", "2026-1" or "2026-2".
    instrument : str
        Id of the model that is asked with.
    mode : str
        "confidential": a pseudonym is kept, and a respondent can change and withdraw until the survey closes.
        "anonymous": change until submitted, never after; no person, no day; the panel is lost.
    opens, closes : date
        First and last day on which answers are taken, both whole, in `TIME_ZONE`.
    reminders : tuple of date
        Days on which those are reminded who have not answered, in order, within the window; three at most.
    report, follow_up, next_opens : date or None
        When results are told; when the group looks at what came of them; when the next survey opens.
    languages : tuple of str
        Of form and letters; the first is that of whom no language is known.
    confirm_role : bool
        Respondents are asked whether the role that the staff list gave them is theirs.
    contact : Contact
    responsible : str
        Who is responsible for the personal data, such as "Lindby kommun".
    legal_basis : dict of str to str
        By language.
    kept_until : date or None
        When names, addresses and the key between them and answers are deleted.
    """

    organisation: str
    period: str
    instrument: str = "dimios"
    mode: Mode = "confidential"
    opens: date
    closes: date
    reminders: tuple[date, ...] = ()
    report: date | None = None
    follow_up: date | None = None
    next_opens: date | None = None
    languages: tuple[str, ...] = ("sv",)
    confirm_role: bool = False
    contact: Contact = Contact()
    responsible: str = ""
    legal_basis: dict[str, str] = Field(default_factory=dict)
    kept_until: date | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not is_slug(self.organisation):
            raise ValueError(f"“{self.organisation}” cannot be an identifier: {SLUG_REMEDY}")
        if not is_period(self.period):
            raise ValueError(f"“{self.period}” is no period: {PERIOD_REMEDY}")
        if self.closes <= self.opens:
            raise ValueError("the survey closes before it opens, or on the same day")
        if list(self.reminders) != sorted(set(self.reminders)) or len(self.reminders) > 3:
            raise ValueError("reminders are at most three days, in order, none twice")
        if any(not self.opens < day <= self.closes for day in self.reminders):
            raise ValueError("a reminder lies outside the window")
        if not self.languages or len(set(self.languages)) < len(self.languages):
            raise ValueError("languages are one or more, none twice")
        later = [self.closes, *(d for d in (self.report, self.follow_up, self.next_opens) if d is not None)]
        if later != sorted(later):
            raise ValueError("closes, report, follow_up and next_opens are in this order")
        return self

    @property
    def days_n(self) -> int:
        """How many days the window is open, first and last counted."""
        return (self.closes - self.opens).days + 1


def survey_folder(outputs: Path, organisation: str, period: str) -> Path:
    """Return where a survey lies; it may not be there.

    Raises
    ------
    InputError
        The identifier or the period cannot be one.
    """
    problems = []
    if not is_slug(organisation):
        what = f"“{organisation}” cannot be an identifier"
        problems.append(Problem("organisation", what, SLUG_REMEDY))
    if not is_period(period):
        problems.append(Problem("period", f"“{period}” is no period", PERIOD_REMEDY))
    if problems:
        raise InputError(problems)
    return outputs / FOLDER / organisation / period


def read_survey(folder: Path) -> Survey:
    """Read what is decided of the survey in a folder.

    Raises
    ------
    InputError
        There is no survey, its settings cannot be, or they are those of another folder.
    """
    finish_committed(folder)
    if not (folder / SETTINGS).is_file():
        what = f"there is no survey of {folder.parent.name}, {folder.name}"
        remedy = f"begin one: dimios survey new {folder.parent.name} --period {folder.name}"
        raise InputError(Problem(str(folder), what, remedy))
    survey = read_model(folder / SETTINGS, Survey, "survey")
    if (survey.organisation, survey.period) != (folder.parent.name, folder.name):
        what = f"it says that it is of {survey.organisation}, {survey.period}, and lies in the folder of {folder.parent.name}, {folder.name}"
        raise InputError(Problem(SETTINGS, what, "mend organisation and period, or begin a new survey"))
    return survey
