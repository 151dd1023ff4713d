"""Properties: spellings of one number, identity or label mean the same, and other ones do not."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dimios_core.documents import read_document
from dimios_core.instrument import Scale
from dimios_core.responses.columns import _Finder
from dimios_core.responses.draft_lines import quote, read_entries
from dimios_core.responses.identities import identity_of
from dimios_core.responses.labels import parse_number, spelling_of
from dimios_core.responses.mapping import Meanings
from dimios_core.responses.meanings import ANSWERED, MISSING, NOT_MAPPED, AnswerLookup
from dimios_core.responses.source_tables import text_of

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
    parts = case(word[:at]), case(word[at:])
    spelling = unicodedata.normalize(form, between.join(parts))
    if (
        "".join(parts).casefold() == word.casefold()
    ):  # a letter without a pair, such as ı, is another one in capitals
        assert identity_of(spelling) == identity_of(word)


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


#: what a stranger may write in a header or an answer: signs of YAML, of comments, unseen and foreign characters
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.text(
    st.sampled_from(list("\"'#:{}[]-,\\ \t\n\u2028\x85\ufeff?!&*|>%@`~aå1"))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS)
def test_any_text_stands_in_a_draft_as_it_is(tmp_path: Path, header: str, answer: str) -> None:
    """YAML and the table read back what was written; no text becomes a comment, a line, or another setting."""
    lines = ["columns:", "  role:", f"    column: {quote(header)}", "items:", f"  {quote(header)}: plan   # check", "answers:", "  labels:", f"    {quote(answer)}:   # FILL IN: 1 to 5", f"  # left over: {quote(header)} (nearest: plan)"]  # fmt: skip
    (tmp_path / "m.yaml").write_text("\n".join(lines), encoding="utf-8", newline="")
    read = read_document(tmp_path / "m.yaml", texts=True).data
    assert read == {
        "columns": {"role": {"column": header}},
        "items": {header: "plan"},
        "answers": {"labels": {answer: None}},
    }
    role, item, label, left = read_entries("\n".join(lines))
    assert (role.value, item.label, label.label, left.label) == (f"column: {header}", header, answer, header)
    assert [entry.line for entry in (role, item, label, left)] == [3, 5, 8, 9]


@given(
    WORDS, st.sampled_from([" ", "\u00a0", "  ", "\t"]), st.sampled_from(["", "\u200b", "\u00ad", "\ufeff"])
)
def test_spellings_of_a_header_are_one(word: str, space: str, unseen: str) -> None:
    class Table:
        header = ("other", f"{space}{unseen}{unicodedata.normalize('NFD', word.upper())}{space}x{unseen}")
        other_names: tuple = ()

    find = _Finder(Table())
    assert find(f"{word} x") == ([1] if word.upper().casefold() == word.casefold() else [])
    assert find("another") == []


@given(st.data(), st.integers(-2, 9))
def test_rules_for_rows_take_a_number_for_itself(data: st.DataObject, number: int) -> None:
    assert spelling_of(data.draw(spelt(number))) == spelling_of(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(10**6), 10**6))
def test_a_number_of_a_workbook_is_the_number_of_a_text_file(value: float) -> None:
    """What a cell holds, written as text and read again, is that number."""
    written = text_of(float(value))
    assert written is not None
    read = parse_number(written)
    assert read == float(value) or "e" in written  # of no scale, and refused as no number
    if float(value).is_integer() and abs(value) < 2**53:
        assert written == str(int(value))
