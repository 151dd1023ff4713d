"""Measure points and terms in plain language, folded: whoever knows the words need not read past them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dimios_core.markup import Markup, attributes, element, join, markup, markup_each
from dimios_core.report.narrative import Narrator

#: language -> text, by what the text tells
Word = Mapping[str, Mapping[str, str]]
#: what a word's list tells, in this order
LISTED = ("care", "school", "building", "ask")


def write_short_words(narrator: Narrator, words: Mapping[str, Word]) -> Markup:
    """Write what each measure point is, with a question for the group's talk; nothing where none has words.

    Parameters
    ----------
    narrator : Narrator
    words : dict of point -> Word
        `points` of the published glossary.
    """
    points = [point for point in narrator.instrument.point_ids if point in words]
    if not points:
        return Markup()
    listed = markup_each(
        "<dt>{}</dt><dd>{}<br><b>{}</b> {}</dd>",
        [narrator.name("point", point) for point in points],
        [tell_word(narrator, words[point], "text") for point in points],
        [narrator.say("words.ask")] * len(points),
        [tell_word(narrator, words[point], "ask") for point in points],
    )
    return _fold(narrator, markup('<dl class="terms">{}</dl>', join(listed)), css="twice")


def explain_points(
    narrator: Narrator, words: Mapping[str, Word], points: Collection[str]
) -> dict[str, Markup]:
    """Write what measure points mean, folded, to stand where they are named.

    Their definitions, plain words, the statements that were answered, examples and a question.

    Left out on paper, where other chapters say it.

    Returns
    -------
    dict of point -> HTML
        In the model's order.
    """
    model, language = narrator.instrument, narrator.language
    told = {}
    for point in (p for p in model.points if p.id in points):
        paragraphs = [model.text(point.definition, language)]
        if plain := tell_word(narrator, words.get(point.id, {}), "text", "is_not"):
            paragraphs.append(plain)
        asked = [model.text(item.statement, language) for item in point.items]
        told[point.id] = markup(
            '<details class="twice"><summary>{}</summary>{}<p><b>{}</b> {}</p>{}</details>',
            narrator.say("words.explain", name=narrator.name("point", point.id, running=True)),
            join(markup_each("<p>{}</p>", paragraphs)),
            narrator.say("words.statement", n=len(asked)),
            " ".join(narrator.say("words.quoted", text=a) for a in asked),
            _list_examples(narrator, words.get(point.id, {})),
        )
    return told


def write_all_words(narrator: Narrator, words: Mapping[str, Word]) -> Markup:
    """Write all about every measure point, by category, and which have no words yet; nothing where none has any."""
    if not words:
        return Markup()
    model, html = narrator.instrument, Markup()
    for category in model.categories:
        points = [p.id for p in model.points if p.category == category.id and p.id in words]
        if points:
            html += markup('<h3 class="part">{}</h3>', narrator.name("category", category.id))
            html += join(_write_point(narrator, p, words[p], level=4) for p in points)
    if untold := [narrator.name("point", p) for p in model.point_ids if p not in words]:
        html += markup("<p>{}</p>", narrator.say("words.untold", names=untold))
    return _fold(narrator, html)


def write_term_examples(narrator: Narrator, terms: Iterable[Mapping[str, Any]]) -> Markup:
    """Write examples of terms and questions to ask; nothing where there are none, as in results of an earlier version."""
    text = narrator.instrument.text
    told = join(
        _write_word(narrator, text(t["name"], narrator.language), "", t, level=3)
        for t in terms
        if any(part in t for part in LISTED)
    )
    return _fold(narrator, told, title="terms", css="examples") if told else Markup()


def tell_word(narrator: Narrator, word: Word, *parts: str) -> str:
    """Return some texts of a word as one paragraph; those that results of an earlier version lack are left out."""
    text = narrator.instrument.text
    return " ".join(text(word[part], narrator.language) for part in parts if part in word)


def _write_point(narrator: Narrator, point: str, word: Word, level: int) -> Markup:
    words = tell_word(narrator, word, "text", "is_not")
    return _write_word(narrator, narrator.name("point", point), words, word, level)


def _write_word(narrator: Narrator, name: str, words: str, word: Word, level: int) -> Markup:
    about = markup("<p>{}</p>", words) if words else ""
    title = element(f"h{level}", name)
    return markup('<div class="idea word">{}{}{}</div>', title, about, _list_examples(narrator, word))


def _list_examples(narrator: Narrator, word: Word) -> Markup:
    """Examples and a question, as far as there are any."""
    parts = [part for part in LISTED if part in word]
    if not parts:
        return Markup()
    labels = [narrator.say(f"words.{part}") for part in parts]
    told = [tell_word(narrator, word, part) for part in parts]
    items = markup_each("<li><b>{}</b> {}</li>", labels, told)
    return markup('<ul class="plain examples">{}</ul>', join(items))


def _fold(narrator: Narrator, html: Markup, *, title: str = "points", css: str = "") -> Markup:
    """Fold words under a heading that opens; of class "twice" where another page of the report tells them, too."""
    say = narrator.say
    more = markup('<p class="quiet">{}</p>', say("words.more")) if css == "twice" else ""
    opens, name = attributes(class_=css), say(f"words.{title}")
    return markup("<details{}><summary>{}</summary>{}{}</details>", opens, name, html, more)
