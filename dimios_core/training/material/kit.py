"""Measure together: statement cards, a tally sheet, and texts to lead a pilot group by. The model is data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument, Item, Point, Scale
from dimios_core.languages import load_texts, say
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.sheets import (
    BREAK,
    group,
    head,
    label_words,
    paragraph,
    read_markdown_blocks,
    table,
    ticks,
)
from dimios_core.plain_markdown import HEADING, read_markdown
from dimios_core.training.material.papers import make_handout
from dimios_core.training.material.reading import training_dir

#: texts of a word, language -> text: see `dimios_core.results.evidence.glossary.read_glossary`
Word = Mapping[str, Mapping[str, str]]
#: columns of the tally that are written in by hand, beside the answers
NAME_SHARE, ANSWER_SHARE = 34, 7


def name_answers(scale: Scale, instrument: Instrument, language: str) -> list[str]:
    """Name the answers of a scale from the lowest on, and last "don't know" where there is one.

    Each begins with its number; one that the model does not name is the number alone.
    """
    answers = []
    for i in range(scale.answer_categories_n):
        value = scale.lowest + i * scale.step
        label = instrument.text(scale.labels.get(value, {}), language)
        answers.append(f"{value:g} {label}".strip())
    return answers + ([instrument.text(scale.dont_know, language)] if scale.dont_know else [])


def make_cards(instrument: Instrument, points: Mapping[str, Word], language: str) -> bytes:
    """Make the statement cards, a PDF: a card an item, with its scale and its measure point in plain words.

    Parameters
    ----------
    points : dict of point -> Word
        Plain words of the glossary; a point without any has its definition.
    """
    told = load_texts(language)["material"]["cards"]
    cards = [
        _make_card(point, item, points.get(point.id, {}), instrument, language)
        for point in instrument.points
        for item in point.items
    ]
    return make_handout(told["title"], instrument, language, [paragraph(told["how"]), group("cards", cards)])


def _make_card(point: Point, item: Item, word: Word, instrument: Instrument, language: str) -> Block:
    text = instrument.text
    category = next(c for c in instrument.categories if c.id == point.category)
    about = text(word["text"], language) if "text" in word else text(point.definition, language)
    number = instrument.item_ids.index(item.id) + 1
    answers = name_answers(instrument.scale_of_item(item.id), instrument, language)
    return group(
        "card",
        [
            paragraph(f"{number}. {text(point.name, language)} · {text(category.name, language)}", "quiet"),
            paragraph(text(item.statement, language), "lead"),
            ticks(answers, beside=True),
            paragraph(about, "small"),
        ],
    )


def make_tally(instrument: Instrument, language: str) -> bytes:
    """Make the tally sheet, a PDF: how many hold up each answer, an item a row, a table a scale."""
    told = load_texts(language)["material"]["tally"]
    items = list(instrument.items.values())
    scales = dict.fromkeys(item.scale for item in items)
    tables = [_make_tally([i for i in items if i.scale == s], instrument, language) for s in scales]
    return make_handout(told["title"], instrument, language, [paragraph(told["how"]), *tables])


def _make_tally(items: list[Item], instrument: Instrument, language: str) -> Block:
    scale = instrument.scale_of_item(items[0].id)
    # numbers alone: long labels would leave no room to write
    answers = [a.split(" ")[0] for a in name_answers(scale, instrument, language)]
    if scale.dont_know:
        answers[-1] = instrument.text(scale.dont_know, language)
    words = load_texts(language)["material"]["tally"]
    columns = [
        (words["statement"], NAME_SHARE),
        *((answer, ANSWER_SHARE) for answer in answers),
        (words["talk"], ANSWER_SHARE + 3),
    ]
    numbers = {name: n for n, name in enumerate(instrument.item_ids, start=1)}
    rows = [
        (f"{numbers[i.id]}. {_name_item(i, instrument, language)}", *[""] * (len(columns) - 1)) for i in items
    ]
    return table("", columns, rows, fill=True)


def _name_item(item: Item, instrument: Instrument, language: str) -> str:
    """Name an item by its point; the items of a point that has several are numbered."""
    point = next(p for p in instrument.points if p.id == instrument.point_of_item[item.id])
    name = instrument.text(point.name, language)
    return name if len(point.items) == 1 else f"{name} {[i.id for i in point.items].index(item.id) + 1}"


def make_text(name: str, instrument: Instrument, language: str) -> bytes:
    """Make a text of parameters/training/kit as a PDF; its first heading is the title.

    Raises
    ------
    InputError
        It is not there, or holds something that is not set on paper; all problems at once, with their lines.
    """
    path = training_dir() / "kit" / language / f"{name}.md"
    try:
        blocks, faults = read_markdown(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        remedy = "write it as that in sv: Markdown, UTF-8"
        raise InputError(Problem(f"{language}/{path.name}", "it cannot be read", remedy)) from None
    problems = [Problem(f"{language}/{path.name}, line {f.line}", f.what, f.remedy) for f in faults]
    if not blocks or blocks[0].kind != HEADING:
        problems.append(
            Problem(f"{language}/{path.name}", "it has no title", "begin it with a line such as # Title")
        )
    if problems:
        raise InputError(problems)
    title = "".join(run.text for run in blocks[0].entries[0])
    return make_handout(title, instrument, language, read_markdown_blocks(blocks[1:]))


def make_words(glossary: Mapping[str, Any], instrument: Instrument, language: str) -> bytes:
    """Make the list of plain words, a PDF: terms that people confuse, then the measure points by category.

    Parameters
    ----------
    glossary : dict
        "terms": words with their `name`; "points": point -> word. What a word lacks is left out.
    """
    told = load_texts(language)["material"]["words"]
    blocks: list[Block] = [paragraph(told["how"]), head(told["terms"])]
    blocks += [
        _tell_word(instrument.text(term["name"], language), term, instrument, language)
        for term in glossary["terms"]
    ]
    points: Mapping[str, Word] = glossary["points"]
    for category in instrument.categories:
        found = [p for p in instrument.points_of(category.id) if p.id in points]
        if found:
            blocks += [BREAK, head(instrument.text(category.name, language))]
            blocks.append(paragraph(instrument.text(category.definition, language), "quiet"))
        for point in found:
            name = instrument.text(point.name, language)
            blocks.append(_tell_word(name, points[point.id], instrument, language))
    return make_handout(told["title"], instrument, language, blocks)


def _tell_word(name: str, word: Word, instrument: Instrument, language: str) -> Block:
    labels = load_texts(language)["words"]
    about = " ".join(instrument.text(word[part], language) for part in ("text", "is_not") if part in word)
    told = [head(name, 3), paragraph(about)]
    told += [
        paragraph(label_words(labels[part], instrument.text(word[part], language)), "small")
        for part in ("care", "school", "building", "ask")
        if part in word
    ]
    return group("idea", told)


def make_between(steps: list[tuple[int, str, str]], instrument: Instrument, language: str) -> bytes:
    """Make the calendar between two measurements, a PDF: month, what is done then, with a place to tick."""
    told = load_texts(language)["material"]["between"]
    blocks: list[Block] = [paragraph(told["how"])]
    for month, title, what in steps:
        blocks += [
            head(say(language, "material.between.month", n=month, title=title)),
            paragraph(what),
            ticks([told["done"]]),
        ]
    return make_handout(told["title"], instrument, language, blocks)
