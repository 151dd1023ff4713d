"""What a lookup finds: an outcome, names of which one is right, or a number; and what its texts may say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dimios_core.report.base_pages import OrganisationPage

Values = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """Which outcome the figures have, and what its texts may say."""

    outcome: str
    values: Values


@dataclass(frozen=True)
class Named:
    """One of the names to choose among, what is so of it, and whether it is the right one."""

    name: str
    state: str
    right: bool
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Figured:
    """A number to answer with, numbers that come of common mistakes, and whether all are a made-up example's."""

    right: float
    mistakes: Mapping[str, float]
    values: Values
    made_up: bool = False


@dataclass(frozen=True)
class Lookup(Generic[Result]):
    """How a right answer is found.

    Attributes
    ----------
    find : callable
        An organisation's page -> what its published figures say.
    outcomes : tuple of str
        The outcomes there are, or the states of a name.
    words : tuple of str
        What every text may name.
    figures : tuple of str
        What texts of outcomes with figures may name beside these.
    without : tuple of str
        Outcomes without figures.
    """

    find: Callable[[OrganisationPage], Result]
    outcomes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
