"""Staff lists: what a good one becomes, and every fault of a bad one at once."""

from __future__ import annotations

import pytest

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import load_instrument
from dimios_core.survey.frame import read_frame, write_frame
from dimios_core.survey.titles import find_role, read_titles

GOOD = """Namn;E-post;Person-id;Enhet;Titel;Språk;Urval
Anna Ek;Anna.Ek@Lindby.example;17;Hemtjänst;Enhetschef;;
Bo Al;;18;home-care;Chef;engelska;alltid
Cia Å;cia@lindby.example;;;Ledamot i nämnden;sv;slump
Dan Vik;dan@lindby.example;19;care;Vaktmästare;;nej
"""


def test_a_good_list_becomes_a_frame(take):
    frame = take(GOOD)
    rows = [tuple(row) for row in frame.people.itertuples(index=False)]
    assert rows[:2] == [
        ("17", "Anna Ek", "anna.ek@lindby.example", "home-care", "managers", "sv", "random"),
        ("18", "Bo Al", "", "home-care", "managers", "en", "always"),
    ]
    assert rows[2][0].startswith("p-")
    assert rows[2][1:] == ("Cia Å", "cia@lindby.example", "", "politicians", "sv", "random")
    assert frame.excluded_n == 1
    assert frame.titles == {"Chef": "managers", "Enhetschef": "managers", "Ledamot i nämnden": "politicians"}


def test_english_headers_and_roles_mean_the_same(take):
    english = GOOD.replace(
        "Namn;E-post;Person-id;Enhet;Titel;Språk;Urval",
        "Name;E-mail;Employee number;Unit;Title;Language;Draw",
    )
    english = (
        english.replace("alltid", "always")
        .replace("slump", "random")
        .replace(";nej", ";no")
        .replace("engelska", "English")
    )
    assert take(english).people.equals(take(GOOD).people)
    by_role = take("namn;roll\nAnna;Chefer\nBo;politicians\n").people
    assert by_role["role"].tolist() == [{"Anna": "managers", "Bo": "politicians"}[n] for n in by_role["name"]]


def test_a_made_id_is_the_same_wherever_the_row_stands(take):
    head, *rows = GOOD.splitlines(keepends=True)
    assert take(head + "".join(reversed(rows))).people.equals(take(GOOD).people)


BAD = """Namn;E-post;Person-id;Enhet;Titel;Språk;Urval
Anna Ek;anna@lindby.example;17;home-care;Chef;;
Bo Al;bo@lindby;18;home-care;Chef;;
Cia Å;anna@lindby.example;19;care;Chef;;
Dan Vik;info@lindby.example;20;care;Chef;;
Eva Ro;eva@lindby.example;17;care;Chef;;
Fia Li;fia@lindby.example;21;Hemtjanst;Chef;;
Gus Ås;gus@lindby.example;22;care;Trollkarl;;
Hed\u200bda;hedda@lindby.example;23;care;Chef;;
Ivo My;ivo@lindby.example;19800101-1234;care;Chef;;
=Jo;+jo@lindby.example;25;care;Chef;norska;
;kim@lindby.example;26;care;Chef;;kanske
Lo Ny;;;care;Chef;;
Lo Ny;;;care;Chef;;
"""


def test_every_fault_comes_at_once_with_its_row(take):
    with pytest.raises(InputError) as caught:
        take(BAD)
    found = {(p.place, p.what.split(":")[0]) for p in caught.value.problems}
    assert found == {
        ("staff.csv, row 3, column E-post", "it is no mail address"),
        ("staff.csv, rows 2, 4, column E-post", "the address stands in several rows"),
        ("staff.csv, row 5, column E-post", "the mailbox seems to be shared by several"),
        ("staff.csv, rows 2, 6, column Person-id", "the person-id stands in several rows"),
        ("staff.csv, row 7, column Enhet", "“Hemtjanst” is not known (did you mean “hemtjänst”?)"),
        ("staff.csv, row 8, column Titel", "no role is known for the title “Trollkarl”"),
        ("staff.csv, row 9, column Namn", "the text holds characters that nobody sees, or ends of lines"),
        ("staff.csv, row 10, column Person-id", "it may be a personal identity number"),
        ("staff.csv, row 11, column Namn", "the text begins as a formula does"),
        ("staff.csv, row 11, column E-post", "the text begins as a formula does"),
        ("staff.csv, row 11, column Språk", "“norska” is not known"),
        ("staff.csv, row 12, column Namn", "the name is empty"),
        ("staff.csv, row 12, column Urval", "“kanske” is not known"),
        ("staff.csv, rows 13, 14, column Namn", "the name stands in several rows of the same unit, without address or person-id"),
    }  # fmt: skip
    assert all(p.remedy for p in caught.value.problems)
    told = " ".join(map(str, caught.value.problems))
    assert "anna" not in told.lower()
    assert "1980" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Namn;Enhet\nAnna;care\n", "titel / title / roll / role"),
        ("Titel;Enhet\nChef;care\n", "namn / name"),
        ("Namn;Titel;Title\nAnna;Chef;Chef\n", "there twice"),
        ("Namn;Titel\n", "no rows"),
        ("Namn;Titel;Urval\nAnna;Chef;nej\n", "nobody is to be asked"),
    ],
)
def test_a_list_that_is_none_is_refused(take, text, told):
    with pytest.raises(InputError, match=told):
        take(text)


def test_the_frame_reads_back(take, tmp_path):
    people = take(GOOD).people
    (tmp_path / "frame.csv").write_bytes(write_frame(people))
    assert read_frame(tmp_path).equals(people)
    (tmp_path / "frame.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="take the staff list in again"):
        read_frame(tmp_path)


def test_titles_of_the_project_find_roles_of_its_model():
    patterns = read_titles(load_instrument("dimios"))
    expected = {
        "Kommundirektör": "top_management",
        "IT-chef": "top_management",
        "Enhetschef": "administration_management",
        "Rektor": "administration_management",
        "Digitaliseringsstrateg": "strategists_developers",
        "IT-arkitekt": "strategists_developers",
        "Systemförvaltare": "system_owners",
        "Ledamot": "politicians",
        "Undersköterska": None,
    }
    assert {title: find_role(title, patterns) for title in expected} == expected


def test_titles_of_another_model_or_role_are_not_taken(instrument, tmp_path):
    assert read_titles(instrument) == {}
    path = tmp_path / "titles.yaml"
    path.write_text("instrument: tiny\ntitles: [{role: manager, are: [chef]}]\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_titles(instrument, path)
    assert caught.value.problems == [
        Problem("titles.yaml, manager", "the instrument has no role “manager” (did you mean “managers”?)", "use one of: politicians, managers")
    ]  # fmt: skip


def test_a_hundred_thousand_people_are_taken_in(take):
    """Work that grows with the square of a list would show here as minutes."""
    rows = "".join(f"N{i};n{i}@lindby.example;{i};care;Chef;;\n" for i in range(100_000))
    assert len(take("Namn;E-post;Person-id;Enhet;Titel;Språk;Urval\n" + rows).people) == 100_000
