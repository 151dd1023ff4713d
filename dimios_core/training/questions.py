"""Questions as `parameters/training/weeks/*.yaml` has them: texts in every language, right answers named or looked up."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dimios_core.documents import Frozen
from dimios_core.training.lookups import EXAMPLES, NAMES, NUMBERS, OUTCOMES

#: language -> text, where `{{ … }}` is filled in
Text = Annotated[dict[str, str], Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"[a-z][a-z0-9_]*")]


class Option(Frozen):
    """An answer to choose, and what is true of it whether it is right or not."""

    text: Text
    why: Text


class ChoiceOption(Option):
    """An answer that is right or wrong for everybody."""

    right: bool = False


class ChoiceText(Frozen):
    """Choose one answer; which is right is the same for everybody."""

    kind: Literal["choice"]
    id: Id
    ask: Text
    options: tuple[ChoiceOption, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _check_right(self) -> Self:
        if sum(o.right for o in self.options) != 1:
            raise ValueError("one option is right, and no other")
        return self


class OutcomeText(Frozen):
    """Choose one answer; a lookup tells which outcome the figures have, and every outcome is an option.

    Attributes
    ----------
    because : dict of outcome -> Text
        What the figures say, where that is the outcome; told with every answer.
    """

    kind: Literal["outcome"]
    id: Id
    ask: Text
    lookup: Literal[tuple(OUTCOMES)]  # type: ignore[valid-type]
    options: dict[str, Option]
    because: dict[str, Text]

    @model_validator(mode="after")
    def _check_outcomes(self) -> Self:
        wanted = OUTCOMES[self.lookup].outcomes
        for name, given in (("options", self.options), ("because", self.because)):
            if tuple(given) != wanted:
                raise ValueError(
                    f"{name}: they are {', '.join(given)}; the outcomes are {', '.join(wanted)}, in this order"
                )
        return self


class NameText(Frozen):
    """Choose one of some names, or none of them; a lookup tells what is so of each.

    Attributes
    ----------
    reasons : dict of state -> Text
        Why a name of that state is right or wrong.
    nothing : Option
        The answer that none of them is.
    nothing_right, nothing_wrong : Text
        What is said of it beside its own reason.
    """

    kind: Literal["name"]
    id: Id
    ask: Text
    lookup: Literal[tuple(NAMES)]  # type: ignore[valid-type]
    reasons: dict[str, Text]
    nothing: Text
    nothing_right: Text
    nothing_wrong: Text

    @model_validator(mode="after")
    def _check_states(self) -> Self:
        wanted = NAMES[self.lookup].outcomes
        if set(self.reasons) != set(wanted):
            raise ValueError(f"reasons: they are {', '.join(self.reasons)}; there are {', '.join(wanted)}")
        return self


class NumberText(Frozen):
    """Answer with a published figure; where it is not published, with that of a made-up example.

    Attributes
    ----------
    example : Text
        Asks on the made-up example instead.
    why : Text
    mistakes : dict of mistake -> Text
        Why a number that comes of it is wrong.
    hint : Text
        What is said to any other number.
    """

    kind: Literal["number"]
    id: Id
    ask: Text
    example: Text
    lookup: Literal[tuple(NUMBERS)]  # type: ignore[valid-type]
    within_tenths: int = Field(ge=0, le=20)
    why: Text
    mistakes: dict[str, Text]
    hint: Text

    @model_validator(mode="after")
    def _check_mistakes(self) -> Self:
        wanted = EXAMPLES[self.lookup].mistakes
        if set(self.mistakes) != set(wanted):
            raise ValueError(f"mistakes: they are {', '.join(self.mistakes)}; there are {', '.join(wanted)}")
        return self


class SortText(Frozen):
    """Find the term of each meaning; terms are ids of the published glossary."""

    kind: Literal["sort"]
    id: Id
    ask: Text
    terms: tuple[str, ...] = Field(min_length=2)


class Step(Frozen):
    """A step, when it comes, and why it comes there."""

    id: Id
    text: Text
    why: Text


class OrderText(Frozen):
    """Put steps in their order, which is that of the file."""

    kind: Literal["order"]
    id: Id
    ask: Text
    steps: tuple[Step, ...] = Field(min_length=3)


class ReflectText(Frozen):
    """Write something for oneself."""

    kind: Literal["reflect"]
    id: Id
    ask: Text
    lines: int = Field(default=3, ge=1, le=12)


Question = Annotated[
    ChoiceText | OutcomeText | NameText | NumberText | SortText | OrderText | ReflectText,
    Field(discriminator="kind"),
]
