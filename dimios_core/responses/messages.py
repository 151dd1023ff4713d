"""What is said about a cell that is not understood: what is wrong, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np

from dimios_core.responses.labels import show_value, suggest
from dimios_core.responses.lookups import AMBIGUOUS, Texts
from dimios_core.responses.meanings import NOT_MAPPED, OFF_SCALE, OFF_STEP, AnswerLookup
from dimios_core.responses.periods import PERIOD_REMEDY
from dimios_core.responses.problems import GROUPS_LIMIT, ProblemList

#: (what is wrong, how to mend it)
Message = tuple[str, str]
DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d+)?)?)?|\d\d:\d\d(:\d\d)?")
FURTHER = "further values that are not understood"


def report_texts(
    problems: ProblemList,
    rows: np.ndarray,
    texts: Texts,
    faulty: np.ndarray,
    where: str,
    describe: Callable[[str], Message],
) -> None:
    """List faulty rows, one entry a distinct text.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (n,)
        Row numbers of the texts.
    faulty : numpy.ndarray of bool, shape (n,)
    where : str
        Column, for the place of the problem.
    describe : callable
        Gives the message of a text.
    """
    for text, positions in texts.rows_by_text(faulty, GROUPS_LIMIT):
        shown = texts.distinct[texts.at[positions[0]]] if text is None else text
        what, remedy = describe(shown)
        problems.add_rows(rows[positions], where, FURTHER if text is None else what, remedy, other=FURTHER)


def organisation_message(text: str, known: Iterable[str]) -> Message:
    """Return what to say of an organisation that is not in the register."""
    if not text:
        return "the organisation is empty", "fill in the organisation's id or name"
    return (
        f"the organisation {show_value(text)} is not in the register{suggest(text, known)}",
        "correct it, add it to the register (dimios register --organisations),"
        " or translate it under `values:` of the mapping's organisation",
    )


def period_message(text: str) -> Message:
    """Return what to say of a text that is no period."""
    if not text:
        return "the period is empty", PERIOD_REMEDY
    return (
        f"{show_value(text)} is no period",
        f"{PERIOD_REMEDY}, or translate it under `values:` of the period",
    )


def role_message(text: str, known: Iterable[str], ids: Iterable[str]) -> Message:
    """Return what to say of a role that the instrument does not have."""
    return (
        f"the role {show_value(text)} is not known{suggest(text, known)}",
        f"correct it, or translate it under `values:` of the mapping's role into one of {', '.join(ids)}",
    )


def unit_message(code: int, organisation: str, text: str, known: Iterable[str]) -> Message:
    """Return what to say of a unit that the organisation does not have, or has twice."""
    if code == AMBIGUOUS:
        return (
            f"{organisation} has more than one unit called {show_value(text)}",
            "write the unit's id, or translate it under `values:` of the mapping's unit",
        )
    return (
        f"{organisation} has no unit {show_value(text)}{suggest(text, known)}",
        "correct it, add it to the unit tree (dimios register --units),"
        " or translate it under `values:` of the mapping's unit",
    )


def item_message(text: str, known: Iterable[str]) -> Message:
    """Return what to say of an item that neither mapping nor instrument knows."""
    return (
        f"the item {show_value(text)} is not known{suggest(text, known)}",
        "add it under `items:` in the mapping, or take the rows out of the file",
    )


def answer_message(text: str, lookup: AnswerLookup) -> Message:
    """Return what to say of an answer that is no label and no number of its scale."""
    ends = f"{lookup.scale.lowest:g}-{lookup.scale.highest:g}"
    own = f"`answers: scales: {lookup.name}:`"
    fault = lookup.meaning(text)[1]
    if fault == NOT_MAPPED:
        return (
            f"the answer {show_value(text)} is a number that the mapping's labels leave out",
            f"map it as the others under `labels:` in the mapping (to {ends}), or correct it",
        )
    if fault == OFF_SCALE:
        return (
            f"the answer {show_value(text)} is outside the scale {ends}",
            "correct it; if it means “don't know” or no answer on this scale, say so under `answers:` in the mapping"
            f" (or {own}, where other scales have it as an answer)",
        )
    if fault == OFF_STEP:
        return (
            f"the answer {show_value(text)} lies between the answers of the scale {ends}",
            "correct it, or give the instrument's scale its real step",
        )
    if DATE.fullmatch(text):
        return (
            "the answer is a date: a spreadsheet has made one of it",
            "format the column as text and enter the answers again, or export them again as CSV",
        )
    return (
        f"the answer {show_value(text)} is not understood{suggest(text, lookup.labels())}",
        "add the label under `answers:` in the mapping (labels, dont_know or missing)",
    )
