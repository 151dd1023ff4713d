"""Who may read what, and the list of those whom a proxy names."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimios_core.access.readers import Reader, load_reader_list
from dimios_core.errors import InputError
from dimios_core.places import CONSORTIUM


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "readers.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def problems_of(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as raised:
        load_reader_list(path)
    return [(p.place.removeprefix(str(path)), p.what) for p in raised.value.problems]


@pytest.mark.parametrize(
    ("own", "asked", "may"),
    [
        ("lillby", "lillby", True),
        ("lillby", "alvsjo", False),
        ("lillby", "lillby-2", False),
        ("lillby", CONSORTIUM, False),
        (CONSORTIUM, "lillby", True),
        (CONSORTIUM, CONSORTIUM, True),
        ("consortium", "lillby", False),
        ("", "lillby", False),
    ],
)
def test_organisations_read_their_own_and_the_consortium_reads_everything(
    own: str, asked: str, may: bool
) -> None:
    assert Reader("Åsa", own, "abcdefgh", "device").may_read(asked) is may


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_names_readers_in_any_case(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    rows = [
        "organisation,note,identity",
        "lillby,,Asa@Lillby.example",
        "",
        " consortium ,chair, bo@x.example ",
    ]
    path = write(tmp_path, end.join(rows).replace(",", separator), encoding)
    readers = load_reader_list(path)
    asa = readers.find("ASA@lillby.example ")
    assert asa is not None
    assert (asa.name, asa.owner, asa.link) == ("asa@lillby.example", "lillby", "proxy")
    bo = readers.find("bo@x.example")
    assert bo is not None and bo.owner == CONSORTIUM
    assert [readers.find(i) for i in ("", "asa", "eva@x.example", "proxy")] == [None] * 4


def test_a_readers_session_is_the_same_each_time_and_another_for_each(tmp_path: Path) -> None:
    path = write(tmp_path, "identity,organisation\na@x.example,lillby\nb@x.example,lillby\n")
    first, again = (load_reader_list(path).find(i) for i in ("a@x.example", "A@X.example"))
    other = load_reader_list(path).find("b@x.example")
    assert first is not None and other is not None
    assert first == again and first.session != other.session
    # printf a@x.example | sha256sum
    assert first.session == "cbfac86646b35646"


def test_letters_that_only_look_alike_are_different_readers(tmp_path: Path) -> None:
    readers = load_reader_list(write(tmp_path, "identity,organisation\nstrasse@x.example,lillby\n"))
    assert readers.find("straße@x.example") is None


def test_all_that_is_wrong_with_a_list_is_told_at_once(tmp_path: Path) -> None:
    text = (
        "identity,organisation\n"
        "a@x.example,lillby\n"
        "A@x.example,alvsjo\n"
        ",lillby\n"
        "\n"
        "b@x.example,Lillby kommun\n"
        "c@x.example\n"
        ",_consortium\n"
    )
    assert problems_of(write(tmp_path, text)) == [
        (", row 3", "'A@x.example' stands here twice"),
        (", row 4", "there is no identity"),
        (", row 6", "'Lillby kommun' is no organisation"),
        (", row 7", "'' is no organisation"),
        (", row 8", "there is no identity"),
        (", row 8", "'_consortium' is no organisation"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["the column identity is missing", "the column organisation is missing"]),
        ("name,organisation\na,lillby\n", ["the column identity is missing"]),
        ("identity,organisation\n", ["nobody stands in it"]),
    ],
)
def test_a_list_without_its_columns_or_rows_is_refused(tmp_path: Path, text: str, told: list[str]) -> None:
    assert problems_of(write(tmp_path, text)) == [("", what) for what in told]


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none.csv") == [("", "it cannot be read (No such file or directory)")]
    path = write(tmp_path, "identity,organisation\nåsa,lillby\n", "cp1252")
    assert problems_of(path) == [("", "it cannot be read (it is no CSV file in UTF-8)")]
