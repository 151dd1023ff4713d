"""Kinds of questions as a reader meets them: asked in one language, with exactly one right answer, and a reason for every one.

`Check`, a question on code, is none of them: participants write no Python.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One answer to choose, and why it is right or not."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Choice:
    """Choose one answer.

    Raises
    ------
    ValueError
        Not exactly one answer is right, there is nothing to choose, or two answers read alike.
    """

    id: str
    ask: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if sum(a.right for a in self.answers) != 1:
            raise ValueError(f"{self.id}: one answer is right, and no other")
        if len({a.text for a in self.answers}) != len(self.answers) or len(self.answers) < 2:
            raise ValueError(f"{self.id}: there are two answers or more, and each reads differently")


@dataclass(frozen=True)
class Number:
    """Answer with a number.

    Attributes
    ----------
    right : float
        A published figure, or that of a made-up example.
    within_tenths : int
        How many tenths an answer may differ: figures are rounded to one decimal.
    why : str
        Why it is that.
    mistakes : tuple of (number, why)
        Numbers that come of a common mistake, none of them within the tolerance.
    """

    id: str
    ask: str
    right: float
    within_tenths: int
    why: str
    mistakes: tuple[tuple[float, str], ...]
    hint: str

    def __post_init__(self) -> None:
        if any(self.accepts(number) for number, _ in self.mistakes):
            raise ValueError(f"{self.id}: a mistake is told to be right")

    def accepts(self, number: float) -> bool:
        """Tell whether a number is near enough to the right one."""
        return round(abs(number - self.right) * 10) <= self.within_tenths


@dataclass(frozen=True)
class Pair:
    """A term or a step, the text that belongs to it, and what tells it apart from others."""

    id: str
    name: str
    text: str
    why: str


@dataclass(frozen=True)
class Sort:
    """Find the term that belongs to each meaning; `shown` has the ids in the order of the meanings on the page."""

    id: str
    ask: str
    pairs: tuple[Pair, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """Put steps in their order: `pairs` has them in the right one, `shown` as they stand on the page."""

    id: str
    ask: str
    pairs: tuple[Pair, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Reflect:
    """Write something for oneself: it is kept by the reader's own browser, printed, and sent nowhere."""

    id: str
    ask: str
    lines: int


Asked = Choice | Number | Sort | Order | Reflect
