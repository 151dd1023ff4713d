"""The challenge card: what a group writes on paper is what the worksheet of plans has columns for, in its order."""

from __future__ import annotations

from dimios_core.actions.worksheet import CHOICES, FILLED_COLUMNS
from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.sheets import label_words, lines, paragraph, set_words, ticks
from dimios_core.published.schema import name_codes
from dimios_core.training.material.papers import make_handout

#: columns that a sentence or two are written in
LONG = frozenset({"what", "expected", "outcome"})


def make_challenge(instrument: Instrument, language: str) -> bytes:
    """Make the challenge card, a PDF on one sheet: organisation and measurement, then a place to write a column of the worksheet."""
    texts = load_texts(language)
    card, sheet = texts["material"]["challenge"], texts["worksheet"]
    blocks: list[Block] = [paragraph(card["how"])]
    for key in ("organisation", "period"):
        blocks += [paragraph(label_words(sheet[key], ""), "label"), lines(1)]
    for column in FILLED_COLUMNS:
        label = [*set_words(sheet["columns"][column], bold=True), *set_words(f". {card['columns'][column]}")]
        blocks.append(paragraph(label, "small"))
        if column in CHOICES:
            blocks.append(ticks([*name_codes(CHOICES[column], language).values()], beside=True))
        else:
            blocks.append(lines(2 if column in LONG else 1))
    return make_handout(card["title"], instrument, language, blocks)
