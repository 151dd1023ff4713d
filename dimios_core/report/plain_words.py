"""Measure points and terms in plain language, folded: whoever knows the words need not read past them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from dimios_core.report.narrative import Narrator

#: language -> text, by what the text tells
Word = Mapping[str, Mapping[str, str]]
#: what a word's list tells, in this order
LISTED = ("care", "school", "building", "ask")


def write_short_words(narrator: Narrator, words: Mapping[str, Word]) -> str:
    """Write what each measure point is, with a question for the group's talk; nothing where none has words.

    Parameters
    ----------
    narrator : Narrator
    words : dict of point -> Word
        `points` of the published glossary.
    """
    say, listed = narrator.say, ""
    for point in narrator.instrument.point_ids:
        if point in words:
            name = escape(narrator.name("point", point))
            about, ask = (escape(tell_word(narrator, words[point], part)) for part in ("text", "ask"))
            listed += f"<dt>{name}</dt><dd>{about}<br><b>{escape(say('words.ask'))}</b> {ask}</dd>"
    return _fold(narrator, f'<dl class="terms">{listed}</dl>', css="twice") if listed else ""


def explain_points(narrator: Narrator, words: Mapping[str, Word]) -> dict[str, str]:
    """Write what every measure point means, folded, to stand where it is named.

    Its definition, plain words, the statements that were answered, examples and a question.

    Left out on paper, where other chapters say it.

    Returns
    -------
    dict of point -> HTML
    """
    model, language = narrator.instrument, narrator.language
    told = {}
    for point in model.points:
        paragraphs = [escape(model.text(point.definition, language))]
        if plain := tell_word(narrator, words.get(point.id, {}), "text", "is_not"):
            paragraphs.append(escape(plain))
        asked = [model.text(item.statement, language) for item in point.items]
        label = narrator.say("words.statement", n=len(asked))
        quoted = " ".join(narrator.say("words.quoted", text=a) for a in asked)
        paragraphs.append(f"<b>{escape(label)}</b> {escape(quoted)}")
        title = escape(narrator.say("words.explain", name=narrator.name("point", point.id, running=True)))
        text = "".join(f"<p>{p}</p>" for p in paragraphs) + _list_examples(narrator, words.get(point.id, {}))
        told[point.id] = f'<details class="twice"><summary>{title}</summary>{text}</details>'
    return told


def write_all_words(narrator: Narrator, words: Mapping[str, Word]) -> str:
    """Write all about every measure point, by category, and which have no words yet; nothing where none has any."""
    if not words:
        return ""
    model, html = narrator.instrument, ""
    for category in model.categories:
        points = [p.id for p in model.points if p.category == category.id and p.id in words]
        if points:
            html += f'<h3 class="part">{escape(narrator.name("category", category.id))}</h3>'
            html += "".join(_write_point(narrator, p, words[p], level=4) for p in points)
    if untold := [narrator.name("point", p) for p in model.point_ids if p not in words]:
        html += f"<p>{escape(narrator.say('words.untold', names=untold))}</p>"
    return _fold(narrator, html)


def write_term_examples(narrator: Narrator, terms: Iterable[Mapping[str, Any]]) -> str:
    """Write examples of terms and questions to ask; nothing where there are none, as in results of an earlier version."""
    text = narrator.instrument.text
    told = "".join(
        _write_word(narrator, text(t["name"], narrator.language), "", t, level=3)
        for t in terms
        if any(part in t for part in LISTED)
    )
    return _fold(narrator, told, title="terms", css="examples") if told else ""


def tell_word(narrator: Narrator, word: Word, *parts: str) -> str:
    """Return some texts of a word as one paragraph; those that results of an earlier version lack are left out."""
    text = narrator.instrument.text
    return " ".join(text(word[part], narrator.language) for part in parts if part in word)


def _write_point(narrator: Narrator, point: str, word: Word, level: int) -> str:
    words = tell_word(narrator, word, "text", "is_not")
    return _write_word(narrator, narrator.name("point", point), words, word, level)


def _write_word(narrator: Narrator, name: str, words: str, word: Word, level: int) -> str:
    about = f"<p>{escape(words)}</p>" if words else ""
    return f'<div class="idea word"><h{level}>{escape(name)}</h{level}>{about}{_list_examples(narrator, word)}</div>'


def _list_examples(narrator: Narrator, word: Word) -> str:
    """Examples and a question, as far as there are any."""
    items = "".join(
        f"<li><b>{escape(narrator.say(f'words.{part}'))}</b> {escape(tell_word(narrator, word, part))}</li>"
        for part in LISTED
        if part in word
    )
    return f'<ul class="plain examples">{items}</ul>' if items else ""


def _fold(narrator: Narrator, html: str, *, title: str = "points", css: str = "") -> str:
    """Fold words under a heading that opens; of class "twice" where another page of the report tells them, too."""
    say = narrator.say
    more = f'<p class="quiet">{escape(say("words.more"))}</p>' if css == "twice" else ""
    opening = f'<details class="{css}">' if css else "<details>"
    return f"{opening}<summary>{escape(say(f'words.{title}'))}</summary>{html}{more}</details>"
