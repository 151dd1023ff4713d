"""Encodings: found by what they make of å, ä and ö; a letter is never taken for another one in silence."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest

from dimios_core.instrument import load_instrument
from dimios_core.responses.draft import draft_mapping
from dimios_core.responses.identities import identity_of
from dimios_core.responses.pseudonyms import pseudonym

from .conftest import BASE, KEY, Reader

TINY = load_instrument(BASE / "instrument.yaml")
MAPPING = "id: m\nlayout: wide\ncolumns: {organisation: {value: lindby}, period: {value: '2026'}%s}\nitems: {Q1: plan, Q2: work, Q3: learn}\n"


@pytest.mark.parametrize(("encoding", "named"), [("mac-roman", "mac-roman"), ("cp850", "cp850")])
def test_an_encoding_is_known_by_what_it_does_to_swedish_letters(
    reader: Reader, encoding: str, named: str
) -> None:
    text = "Fråga,Q1,Q2,Q3,Är du nöjd\na,5,4,3,Ja då är vi nöjda\n".encode(encoding)
    file = reader.write("a.csv", text)
    assert f"look like {named}" in reader.refuse(file, MAPPING % ", respondent: {column: Fråga}")
    reader.take(file, MAPPING % ", respondent: {column: Fråga}" + f"file: {{encoding: {encoding}}}\n")
    assert reader.answers() == [(5, 4, 3)]


def test_letters_that_were_encoded_twice_are_told(reader: Reader) -> None:
    for wrong in ("cp1252", "latin-1", "mac-roman", "cp850"):
        file = reader.write("a.csv", "Fråga,Q1,Q2,Q3\nå,5,4,3\n".encode().decode(wrong).encode())
        assert "have become signs such as Ã¥" in reader.refuse(file, MAPPING % "")


@pytest.mark.parametrize("name", ["Måns", "Piteå", "Örjan", "Åsa", "Ängla"])
@pytest.mark.parametrize("real", ["mac-roman", "cp850"])
@pytest.mark.parametrize("called", ["auto", "mac-roman", "cp850", "utf-8", "utf-16"])
def test_one_word_is_enough_to_know_an_encoding(reader: Reader, name: str, real: str, called: str) -> None:
    """A single name somewhere would be another person, without a word, if its letters were others'. Who names windows-1252 has seen it."""
    mapping = MAPPING % ", respondent: {column: Namn}" + f"file: {{encoding: {called}}}\n"
    file = reader.write("a.csv", f"Namn,Q1,Q2,Q3\n{name},5,4,3\n".encode(real))
    if called == real:
        reader.take(file, mapping)
        assert set(reader.people()) == {pseudonym(KEY, "lindby", name.casefold())}
    else:
        said = reader.refuse(file, mapping)
        assert "encoding" in said or "neither UTF-8 nor Windows-1252" in said


@pytest.mark.parametrize("called", ["mac-roman", "cp850"])
@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_an_encoding_that_is_named_wrongly_is_refused(reader: Reader, real: str, called: str) -> None:
    mapping = MAPPING % ", respondent: {column: Namn}" + f"file: {{encoding: {called}}}\n"
    said = reader.refuse(reader.write("a.csv", "Namn,Q1,Q2,Q3\nMåns,5,4,3\n".encode(real)), mapping)
    assert "not in the encoding that the mapping names" in said


def test_signs_that_are_no_letters_are_left_alone(reader: Reader) -> None:
    """Quotes, dashes, dots and other languages' letters of Windows-1252 are no å, ä or ö of another encoding."""
    for word in ("”so-called”", "maybe…", "– dash –", "x’s", "Café", "Škoda", "100 €", "„Wort“"):
        file = reader.write("a.csv", f"Namn,Q1,Q2,Q3\n{word},5,4,3\n".encode("cp1252"))
        reader.take(file, MAPPING % ", respondent: {column: Namn}", replace=True)
        assert set(reader.people()) == {pseudonym(KEY, "lindby", identity_of(word))}


def test_a_letter_that_was_lost_and_a_number_that_was_shortened_are_no_identity(reader: Reader) -> None:
    mapping = MAPPING % ", respondent: {column: Namn}"
    said = reader.refuse("Namn,Q1,Q2,Q3\nM\ufffdns,5,4,3\nb,1,1,1\n", mapping)
    assert "1 identities hold U+FFFD" in said
    for short in ("1.98E+11", "1,98001E+11", "2e+10"):
        said = reader.refuse(f'Namn,Q1,Q2,Q3\n"{short}",5,4,3\nb,1,1,1\n', mapping)
        assert "a spreadsheet has shortened" in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac-roman", "cp850"])
def test_a_draft_finds_the_encoding(reader: Reader, encoding: str) -> None:
    file = reader.write("a.csv", "Namn;Kommun;År;plan;work;learn\nMåns;lindby;2026;5;4;3\n".encode(encoding))
    made = draft_mapping([file], TINY)
    assert made.lines_to_fill_in == []
    reader.take(file, made.text)
    assert reader.answers() == [(5, 4, 3)]


def write_sav(reader: Reader, **options: object) -> str:
    frame = pd.DataFrame({"namn": ["Måns", "Örjan"], "Q1": [5.0, 1.0], "Q2": [4.0, 2.0], "Q3": [3.0, 3.0]})
    frame = frame.assign(**options)
    path = reader.folder / "a.sav"
    formats = {"nar": "DATETIME20"} if "nar" in frame else None
    pyreadstat.write_sav(frame, str(path), variable_format=formats)
    return MAPPING % ", respondent: {column: namn}"


def test_texts_of_spss_that_were_encoded_twice_are_told(reader: Reader) -> None:
    twice = [name.encode().decode("cp1252") for name in ("Måns", "Örjan")]
    mapping = write_sav(reader, namn=twice)
    said = reader.refuse(reader.folder / "a.sav", mapping)
    assert "have become signs such as Ã¥" in said


@pytest.mark.parametrize("seconds", [1e13, 1e300, -1e12], ids=["after 9999", "no time at all", "before 1"])
def test_a_date_of_spss_that_is_out_of_range_is_called_so(reader: Reader, seconds: float) -> None:
    mapping = write_sav(reader, nar=[seconds, 13_900_000_000.0]).replace(
        "respondent:", "answered_at: {column: nar}, respondent:"
    )
    said = reader.refuse(reader.folder / "a.sav", mapping)
    assert "date" in said or "is no time" in said
    assert "damaged" not in said
    # who does not need the column is not stopped by it
    assert '"nar"' in draft_mapping([reader.folder / "a.sav"], TINY).text
    reader.take(reader.folder / "a.sav", mapping.replace("answered_at: {column: nar}, ", ""))
    assert reader.answers() == [(1, 2, 3), (5, 4, 3)]
