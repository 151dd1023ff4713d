"""How it went: a group's before and after, in words and on paper; figures come as rows, and none is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts, say
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.sheets import items, paragraph, table
from dimios_core.report.numbers import NumberFormat
from dimios_core.training.material.evaluation import Evaluation
from dimios_core.training.material.papers import make_handout

#: a row of `dimios_core.results.evidence.group_effect.compare_groups`
Row = Mapping[str, Any]
PLACES = ("before", "after")


def tell_effect(rows: Sequence[Row], evaluation: Evaluation, language: str) -> list[str]:
    """Tell the difference of each statement in a sentence, or why there is none."""
    statements = {s.id: s.statement[language] for s in evaluation.statements}
    number = NumberFormat(language)
    told = []
    for row in rows:
        key = row["status"]
        if key == "published":
            key = "certain" if row["certain"] else "open"
        values = {
            name: number.signed(row[name]) for name in ("difference", "low", "high") if row[name] is not None
        }
        told.append(say(language, f"material.effect.{key}", statement=statements[row["id"]], **values))
    return told


def make_effect(rows: Sequence[Row], evaluation: Evaluation, instrument: Instrument, language: str) -> bytes:
    """Make the page that tells how it went, a PDF: sentences, the table behind them, how it is computed."""
    words = load_texts(language)["material"]["effect"]
    statements = {s.id: s.statement[language] for s in evaluation.statements}
    columns = [
        (words["statement"], 46),
        *((words[c], 12) for c in (*PLACES, "difference", "interval", "n")),
    ]
    cells = [[statements[row["id"]], *_write_row(row, language)] for row in rows]
    blocks: list[Block] = [
        paragraph(words["lead"], "lead"),
        items(tell_effect(rows, evaluation, language)),
        table(words["table"], columns, cells),
        *(paragraph(words[key], "quiet") for key in ("unpaired", "scale", "method", "cause")),
    ]
    return make_handout(words["title"], instrument, language, blocks, "counts")


def _write_row(row: Row, language: str) -> list[str]:
    """Write both means, the difference, its interval, and how many answered; a dash where nothing is told."""
    number, words = NumberFormat(language), load_texts(language)["material"]["effect"]

    def level(at: str) -> str:
        if bound := row[f"bound_{at}"]:
            return words[f"bound_{bound}"]
        return words["few"] if row[at] is None else number.percent(row[at])

    counts = [words["few"] if row[f"n_{at}"] is None else str(row[f"n_{at}"]) for at in PLACES]
    difference = interval = words["none"]
    if row["difference"] is not None:
        ends = {end: number.signed(row[end]) for end in ("low", "high")}
        difference = number.signed(row["difference"])
        interval = say(language, "material.effect.from_to", **ends)
    return [*map(level, PLACES), difference, interval, ", ".join(counts)]
