"""What is done between two measurements, and in which month: parameters/training/between.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dimios_core.documents import Frozen, read_model
from dimios_core.training.material.reading import (
    Words,
    check_texts,
    training_dir,
)

FILE = "between.yaml"
Texts = dict[str, Words]


class BetweenStep(Frozen):
    """A step: how many months after the results came, what it is called, what is done."""

    month: Annotated[int, Field(ge=0, le=36)]
    name: Texts
    what: Texts


class _Between(Frozen):
    steps: tuple[BetweenStep, ...] = Field(min_length=1)


def read_between(language: str) -> tuple[BetweenStep, ...]:
    """Read the steps, by month.

    Raises
    ------
    InputError
        The file has a fault, or a text lacks the language.
    """
    steps = read_model(training_dir() / FILE, _Between, "training").steps
    texts = {f"month {s.month}, {part}": getattr(s, part) for s in steps for part in ("name", "what")}
    check_texts(texts, language, FILE)
    return tuple(sorted(steps, key=lambda step: step.month))
