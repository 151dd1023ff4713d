"""Figures of groups of organisations as a table's cells tell them."""

from __future__ import annotations

from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.sector.sector_facts import hidden_kind


def say_status(narrator: Narrator, status: str) -> str:
    """Return why a group's figure is not shown."""
    return narrator.say(f"sector.status.{hidden_kind(status)}")


def say_interval(narrator: Narrator, low: float | None, high: float | None) -> str:
    """Return an interval, or a dash."""
    return NOTHING if low is None or high is None else narrator.number.interval(low, high)


def say_span(narrator: Narrator, low: float | None, high: float | None) -> str:
    """Return the interval of a change with its signs: "−0,4 till +1,2"."""
    return NOTHING if low is None or high is None else narrator.say("internal.to", low=low, high=high)


def say_number(narrator: Narrator, value: float | None, signed: bool = False) -> str:
    """Return a percentage or a change, or a dash."""
    if value is None:
        return NOTHING
    return narrator.number.signed(value) if signed else narrator.number.score(value)


def say_count(narrator: Narrator, value: int | None) -> str:
    """Return a whole number, or a dash."""
    return NOTHING if value is None else narrator.number.count(value)
