"""Words in plain language on pages: for points that have them, folded, and nothing where there are none."""

from __future__ import annotations

import re
from html import unescape

import pytest

from dimios_core.office.pdf.blocks import read_blocks
from dimios_core.report.narrative import Narrator
from dimios_core.report.plain_words import (
    explain_points,
    write_all_words,
    write_short_words,
    write_term_examples,
)
from tests.building import make_instrument, text

MODEL = make_instrument({"a": "c1", "b": "c1", "z": "c2"}, {"c1": "d1", "c2": "d2"})
PARTS = ("text", "is_not", "care", "school", "building", "ask")


def word(name: str) -> dict:
    return {part: {"sv": f"{part} för {name}", "en": f"{part} of {name}"} for part in PARTS}


def narrate(language: str = "sv") -> Narrator:
    return Narrator(MODEL, language, 5)


def plain(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(("language", "of"), [("sv", "för"), ("en", "of")])
def test_all_words_stand_by_category_in_the_models_order(language: str, of: str) -> None:
    told = plain(write_all_words(narrate(language), {p: word(p) for p in ("z", "b", "a")}))
    places = [told.index(f"{part} {of} {p}") for p in ("a", "b", "z") for part in PARTS]
    assert places == sorted(places)
    assert told.index("c1") < places[0] < told.index("c2") < places[-1]


def test_points_without_words_are_told() -> None:
    assert "Ännu utan förklaring: a och z." in plain(write_all_words(narrate(), {"b": word("b")}))
    assert "Ännu utan förklaring" not in write_all_words(narrate(), {p: word(p) for p in ("a", "b", "z")})


def test_short_words_say_what_and_ask() -> None:
    told = plain(write_short_words(narrate(), {"z": word("z"), "a": word("a")}))
    assert re.search(r"a text för a Fråga er: ask för a z text för z Fråga er: ask för z På sidan", told)
    assert "care" not in told


@pytest.mark.parametrize(
    ("language", "title", "asked"),
    [("sv", "Vad menas med a?", "Så löd påståendet: ”"), ("en", "What is meant by a?", "The statement: “")],
)
def test_a_point_explains_itself_by_definition_words_statement_and_examples(language, title, asked) -> None:
    model = narrate(language).instrument
    told = explain_points(narrate(language), {"a": word("a")}, {"b", "a"})
    assert list(told) == ["a", "b"]
    words = plain(told["a"])
    parts = [title, *(word("a")[part][language] for part in ("text", "is_not")), asked]
    parts += [word("a")[part][language] for part in ("care", "school", "building", "ask")]
    places = [words.index(part) for part in parts]
    assert places == sorted(places)
    (item,) = next(p for p in model.points if p.id == "a").items
    assert f"{asked}{item.statement[language]}" in words
    # a point without words still has its definition and its statement
    assert asked in plain(told["b"]) and "text" not in plain(told["b"])


def test_nothing_shows_where_there_are_no_words() -> None:
    say = narrate()
    assert write_all_words(say, {}) == write_short_words(say, {}) == write_term_examples(say, []) == ""


def test_results_of_an_earlier_version_have_terms_without_examples() -> None:
    assert write_term_examples(narrate(), [{"id": "x", "name": text("X"), "text": text("It.")}]) == ""


def test_each_is_one_place_to_open() -> None:
    words = {p: word(p) for p in ("a", "b", "z")}
    terms = [{"id": "x", "name": text("X")} | word("x")]
    say = narrate()
    for html in (
        write_all_words(say, words),
        write_short_words(say, words),
        explain_points(say, words, "a")["a"],
        write_term_examples(say, terms),
    ):
        assert html.startswith("<details")
        assert html.count("<details") == html.count("<summary>") == 1


def test_on_paper_they_stand_once() -> None:
    words = {p: word(p) for p in ("a", "b", "z")}
    say = narrate()
    assert read_blocks([write_short_words(say, words), explain_points(say, words, "a")["a"]]) == []
    (label, *blocks) = read_blocks([write_all_words(say, words)])
    assert label["runs"][0]["text"] == "Vad betyder mätpunkterna?"
    assert [b["kind"] for b in blocks] == ["heading", "group", "group", "heading", "group"]


def test_hostile_words_stay_text() -> None:
    evil = dict.fromkeys(PARTS, text('"><evil onevil=1>{{evil}}'))
    say = narrate()
    for html in (
        write_all_words(say, {"a": evil}),
        write_short_words(say, {"a": evil}),
        explain_points(say, {"a": evil}, "a")["a"],
        write_term_examples(say, [{"name": text("<evil>")} | evil]),
    ):
        assert "<evil" not in html
        assert "{{evil}}" in html
