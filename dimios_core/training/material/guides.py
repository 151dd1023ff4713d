"""The guides of the weeks as data: aim, timetable, what is expected to be heard, what is said over slides.

A folder a language in parameters/training/guides, a file a week, and `course.yaml` with what all weeks share.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.training.material.reading import Words, training_dir

#: a seminar, from the first word to the last
SEMINAR_MINUTES = 90
#: a calm voice that leaves time to look at a slide
WORDS_A_MINUTE = 110
#: what can be listened to in one go
SCRIPT_MINUTES = (10, 15)


class Shown(Frozen):
    """What a slide shows: a title that tells the message, and a few lines."""

    title: Words
    points: tuple[Words, ...] = Field(min_length=1, max_length=6)


class Spoken(Shown):
    """A slide of the self-study, and what is said over it."""

    say: Words


class Step(Frozen):
    """A step of the seminar; `slide` is what the group sees meanwhile."""

    minutes: int = Field(ge=1)
    title: Words
    do: Words
    slide: Shown | None = None


class Answer(Frozen):
    """What somebody will say that is not so, or sounds hard, and what to say to it."""

    heard: Words
    say: Words


class Guide(Frozen):
    """A week's guide.

    Attributes
    ----------
    week : int
    instrument : str
        The model whose words it uses.
    title, aim, output : str
        What the week is about, what the group can do afterwards, what it takes along.
    before, material, rules, stings : tuple of str
        What is prepared; what lies on the table; rules beside those of the course; what to do when a result hurts.
    timetable : tuple of Step
        `SEMINAR_MINUTES` in all.
    expected : tuple of Answer
    study : tuple of Spoken
        The script, slide by slide: `SCRIPT_MINUTES` read aloud at `WORDS_A_MINUTE`.
    """

    week: int = Field(ge=1)
    instrument: str
    title: Words
    aim: Words
    output: Words
    before: tuple[Words, ...] = Field(min_length=1)
    material: tuple[Words, ...] = Field(min_length=1)
    rules: tuple[Words, ...] = ()
    timetable: tuple[Step, ...] = Field(min_length=1)
    expected: tuple[Answer, ...] = Field(min_length=1)
    stings: tuple[Words, ...] = Field(min_length=1)
    study: tuple[Spoken, ...] = Field(min_length=1)

    @property
    def script_words_n(self) -> int:
        """Words of the script."""
        return sum(len(slide.say.split()) for slide in self.study)

    @model_validator(mode="after")
    def _check_times(self) -> Self:
        if (minutes := sum(step.minutes for step in self.timetable)) != SEMINAR_MINUTES:
            raise ValueError(f"the timetable takes {minutes} minutes, not {SEMINAR_MINUTES}")
        least, most = (minutes * WORDS_A_MINUTE for minutes in SCRIPT_MINUTES)
        if not least <= self.script_words_n <= most:
            raise ValueError(
                f"the script has {self.script_words_n} words; {least} to {most} are what 10 to 15 minutes hold"
            )
        return self


class Course(Frozen):
    """What all weeks share: the course's name, how to use the material, rules of the group, when a result stings."""

    name: Words
    use: tuple[Words, ...] = Field(min_length=1)
    rules: tuple[Words, ...] = Field(min_length=1)
    stings: tuple[Words, ...] = Field(min_length=1)
    study_use: Words
    slides_use: Words


def read_course(language: str) -> Course:
    """Read what all weeks share, in a language."""
    return read_model(training_dir() / "guides" / language / "course.yaml", Course, "training")


def read_guides(language: str, instrument: Instrument) -> list[Guide]:
    """Read the guides of all weeks, in their order.

    Raises
    ------
    InputError
        There are none in that language or for that model, one has a fault, or a week is told twice; all problems at once.
    """
    folder = training_dir() / "guides" / language
    guides: list[Guide] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("week*.yaml")):
        try:
            guide = read_model(path, Guide, "training")
        except InputError as error:
            problems += error.problems
            continue
        if guide.week in {g.week for g in guides}:
            problems.append(Problem(path.name, f"week {guide.week} is told twice", "keep one of the two"))
        guides.append(guide)
    if problems:
        raise InputError(problems)
    fitting = [guide for guide in guides if guide.instrument == instrument.id]
    if not fitting:
        what = f"there are no guides in {language!r} for the model {instrument.id}"
        raise InputError(Problem(f"parameters/training/guides/{language}", what, "write them as those in sv"))
    return sorted(fitting, key=lambda guide: guide.week)
