"""How it went: five statements on the measure's own terms that a group answers before and after, without names.

They stand in parameters/training/evaluation.yaml. Answers are counted on paper; a file of counts is all that is handed in.
"""

from __future__ import annotations

from pydantic import Field

from dimios_core.documents import Frozen, read_model
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.instrument.model import Text
from dimios_core.languages import load_texts
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.sheets import BREAK, head, paragraph, table, ticks
from dimios_core.training.material.papers import make_handout
from dimios_core.training.material.reading import (
    Words,
    check_texts,
    training_dir,
)

FILE = "evaluation.yaml"
DONT_KNOW = "dont_know"


class Statement(Frozen):
    """A statement; its id is what a tally names it by."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    statement: dict[str, Words]


class Evaluation(Frozen):
    """Statements, and the scale from 1 on that they are answered on.

    Attributes
    ----------
    labels : tuple of Text
        What the answers are called, the lowest first.
    dont_know : Text
    statements : tuple of Statement
    """

    labels: tuple[Text, ...] = Field(min_length=2)
    dont_know: Text
    statements: tuple[Statement, ...] = Field(min_length=1)

    def name_answers(self, language: str) -> list[str]:
        """Name the answers, "don't know" last."""
        numbered = [f"{i} {label[language]}" for i, label in enumerate(self.labels, start=1)]
        return [*numbered, self.dont_know[language]]


def read_evaluation(language: str) -> Evaluation:
    """Read the statements.

    Raises
    ------
    InputError
        The file has a fault, a statement is there twice, or a text lacks the language.
    """
    read = read_model(training_dir() / FILE, Evaluation, "training")
    ids = [each.id for each in read.statements]
    twins = [name for name in dict.fromkeys(ids) if ids.count(name) > 1]
    if twins:
        what = "the statement is there twice"
        raise InputError([Problem(f"{FILE}, {name}", what, "keep one of the two") for name in twins])
    texts = {each.id: each.statement for each in read.statements}
    labels = {f"labels, {i}": label for i, label in enumerate(read.labels, start=1)}
    check_texts(texts | labels | {DONT_KNOW: read.dont_know}, language, FILE)
    return read


def make_form(evaluation: Evaluation, instrument: Instrument, language: str) -> bytes:
    """Make the form that each person fills in without a name, and the sheet that they are counted on, a PDF."""
    told = load_texts(language)["material"]["form"]
    blocks: list[Block] = [paragraph(told["how"]), ticks([told["before"], told["after"]], beside=True)]
    for number, each in enumerate(evaluation.statements, start=1):
        blocks += [
            paragraph(f"{number}. {each.statement[language]}", "label"),
            ticks(evaluation.name_answers(language), beside=True),
        ]
    blocks.append(BREAK)
    answers = [*(str(i) for i in range(1, len(evaluation.labels) + 1)), evaluation.dont_know[language]]
    columns = [(told["statement"], 50), *((a, 8) for a in answers)]
    rows = [(s.statement[language], *[""] * len(answers)) for s in evaluation.statements]
    blocks += [head(told["count"]), paragraph(told["count_how"]), table("", columns, rows, fill=True)]
    return make_handout(told["title"], instrument, language, blocks)
