"""Words in plain language: a parameter file of terms and measure points, checked and copied to the public part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from dimios_core.documents import Frozen, read_if_there
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.instrument.model import Text
from dimios_core.responses.labels import suggest

#: texts of a word -> how many words each may have: what a reader takes in at once, read aloud
WORDS_MAX = {"text": 30, "care": 25, "school": 25, "building": 25, "is_not": 20, "ask": 20}
#: hard words of as many letters are found within compounds, too (“systemarkitektur”); “api” would be found in “capital”
COMPOUND_LETTERS_MIN = 6


class Term(Frozen):
    """A word in plain language.

    Attributes
    ----------
    id : str
        A measure point's, which the word then explains; else the term's own.
    name : Text
        Empty for a measure point: the model names it.
    text, is_not, ask : Text
        What it is, what it is not, and a question for the group's talk.
    care, school, building : Text
        An example from each.
    instrument : str
        The model that it belongs to; "" for any.
    """

    id: str
    name: Text = Field(default_factory=dict)
    text: Text
    care: Text
    school: Text
    building: Text
    is_not: Text
    ask: Text
    instrument: str = ""


class Glossary(Frozen):
    """Terms in the order to show, and by language the words that none of their texts may use unexplained."""

    hard_words: dict[str, list[str]] = Field(default_factory=dict)
    terms: list[Term] = Field(default_factory=list)


def read_glossary(path: Path, instrument: Instrument) -> dict[str, Any]:
    """Read the glossary.

    Parameters
    ----------
    path : Path
        YAML: `hard_words` (language -> beginnings of words) and `terms`, each as `Term`.
    instrument : Instrument
        Terms of other models are left out; its languages are those that a term needs.

    Returns
    -------
    dict
        {"terms": [{"id", "name", …}], "points": {point: {…}}}, where … are the texts of `WORDS_MAX`, language -> text.
        Points that no word explains are left out. No terms and no points where there is no file.

    Raises
    ------
    InputError
        A file that cannot be read; a word that is there twice, lacks a text in a language, has one that is too long or
        uses a hard word unexplained, or a question that asks nothing. All at once.
    """
    glossary = read_if_there(path, Glossary, "glossary")
    if glossary is None:
        return {"terms": [], "points": {}}
    points = {p.id: p.name for p in instrument.points}
    kept = [t for t in glossary.terms if t.instrument in ("", instrument.id)]
    problems = [Problem(f"{path.name}, {where}", what, remedy) for where, what, remedy in _list_twins(kept)]
    for term in kept:
        name = points.get(term.id, term.name)
        if not name:
            what = f"the instrument {instrument.id} has no measure point {term.id}{suggest(term.id, instrument.point_ids)}"
            problems.append(Problem(f"{path.name}, {term.id}", what, "mend the id, or give the term a name"))
            continue
        for language in instrument.languages:
            hard = glossary.hard_words.get(language, [])
            for where, what, remedy in _check(term, name.get(language, ""), language, hard):
                problems.append(Problem(f"{path.name}, {term.id}, {where}", what, remedy))
    if problems:
        raise InputError(problems)
    told = {t.id: {part: getattr(t, part) for part in WORDS_MAX} for t in kept}
    return {
        "terms": [{"id": t.id, "name": t.name} | told[t.id] for t in kept if t.id not in points],
        "points": {point: told[point] for point in points if point in told},
    }


def _list_twins(terms: Sequence[Term]) -> Iterator[tuple[str, str, str]]:
    ids = [t.id for t in terms]
    for name in dict.fromkeys(i for i in ids if ids.count(i) > 1):
        yield name, "the term is there twice", "keep one of the two"


def _check(term: Term, name: str, language: str, hard: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Tell what is wrong with a word in one language: where, what, and how to mend it."""
    if not name.strip():
        yield "name", f"there is no text in {language}", "write it"
    for part, words_max in WORDS_MAX.items():
        text = getattr(term, part).get(language, "").strip()
        where = f"{part}, {language}"
        if not text:
            yield part, f"there is no text in {language}", "write it"
            continue
        if (words_n := len(text.split())) > words_max:
            yield where, f"{words_n} words are too long to take in", f"say it in at most {words_max}"
        for word in find_hard_words(text, hard, name):
            remedy = "say it in a plain word, or what it means in brackets after it"
            yield where, f"“{word}” needs explaining itself", remedy
        if part == "ask" and not text.endswith("?"):
            yield where, "it is no question", "end it with a question mark"


def find_hard_words(text: str, hard: Sequence[str], name: str = "") -> list[str]:
    """Return the hard words that a text uses without explaining them.

    Parameters
    ----------
    text : str
    hard : sequence of str
        What hard words begin with, in any case.
    name : str
        What the text explains: a hard word that stands in it may stand in the text, too.

    Returns
    -------
    list of str
        As they stand in the text. Left out are those in the name, and those that brackets with words follow once.

    Examples
    --------
    >>> find_hard_words("Systems with an API (a way in for other systems) and silos.", ["api", "silo"])
    ['silos']
    """
    found, plain = [], text.casefold()
    for beginning in hard:
        if beginning.casefold() not in plain:
            continue
        pattern = _compile(beginning)
        uses = list(pattern.finditer(text))
        explained = any(re.match(r" \(\w", text[use.end() :]) for use in uses)
        if not explained and not pattern.search(name):
            found += [use[0] for use in uses]
    return found


@cache
def _compile(beginning: str) -> re.Pattern[str]:
    """Return what finds a hard word; a long one also within a compound, where a short one could stand by chance."""
    before = r"\b\w*" if len(beginning) >= COMPOUND_LETTERS_MIN else r"\b"
    return re.compile(rf"{before}{re.escape(beginning)}\w*", re.IGNORECASE)
