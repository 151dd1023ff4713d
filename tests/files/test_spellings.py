"""Properties: spellings of one number, identity or label mean the same, and other ones do not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dimios_core.instrument import Scale
from dimios_core.responses.identities import identity_of
from dimios_core.responses.mapping import Meanings
from dimios_core.responses.meanings import ANSWERED, MISSING, NOT_MAPPED, AnswerLookup

SCALE = Scale(lowest=1.0, highest=5.0)
#: a tool's 0-4, the other way round, with one code forgotten
RECODED = Meanings(labels={"0": 5, "1": 4, "2": 3, "3": 2}, missing=["-99"])
WORDS = st.text(st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x17F), min_size=1, max_size=12)


@st.composite
def spelt(draw: st.DrawFn, number: int) -> str:
    """A whole number as tools and people write it."""
    sign = "-" if number < 0 else draw(st.sampled_from(["", "+"]))
    zeros = draw(st.sampled_from(["", "0", "00"]))
    decimals = draw(st.sampled_from(["", ".", ".0", ",0", ".00", ",000"]))
    pad = draw(st.sampled_from(["", " ", "\u00a0"]))
    return f"{pad}{sign}{zeros}{abs(number)}{decimals}{pad}"


@given(st.data(), st.integers(-1, 6))
def test_a_recoded_number_is_the_same_however_it_is_spelt(data: st.DataObject, number: int) -> None:
    lookup = AnswerLookup(SCALE, "default", RECODED, "auto")
    value, kind = lookup.meaning(data.draw(spelt(number)))
    if number in range(4):
        assert (value, kind) == (5 - number, ANSWERED)
    else:
        assert kind == NOT_MAPPED
    assert lookup.meaning(data.draw(spelt(-99)))[1] == MISSING


@given(st.data(), st.integers(1, 5))
def test_a_number_that_stands_as_it_is_stays(data: st.DataObject, number: int) -> None:
    assert AnswerLookup(SCALE, "default", Meanings(), "auto").meaning(data.draw(spelt(number))) == (
        number,
        ANSWERED,
    )


@given(
    WORDS,
    st.sampled_from(["NFC", "NFD", "NFKC"]),
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from([" ", "\u00a0", "\u200b", "\u00ad", ""]),
)
def test_spellings_of_an_identity_are_one(word: str, form: str, case, between: str) -> None:
    at = len(word) // 2
    spelling = unicodedata.normalize(form, case(word[:at]) + between + case(word[at:]))
    assert (
        identity_of(spelling) == identity_of(word.lower().casefold())
        or case(word).casefold() != word.casefold()
    )


@given(st.text("0123456789", min_size=1, max_size=8), st.text("0123456789", min_size=1, max_size=8))
def test_numbers_that_are_spelt_otherwise_stay_apart(one: str, other: str) -> None:
    assert (identity_of(one) == identity_of(other)) == (one == other)


@pytest.mark.parametrize(
    "label", ["Instämmer helt", "INSTÄMMER  HELT", "insta\u0308mmer helt", " Instämmer\u00a0helt\u200b"]
)
def test_spellings_of_a_label_are_one(label: str) -> None:
    assert AnswerLookup(SCALE, "default", Meanings(labels={"Instämmer helt": 5}), "auto").meaning(label) == (
        5,
        ANSWERED,
    )
