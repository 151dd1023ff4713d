"""A language of a project's own is whole before anything is made in it, and is written as Babel writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dimios_core.languages import check_language, list_languages, load_texts, say, usable_languages
from dimios_core.languages.checking import _check_texts
from dimios_core.languages.comparing import read_gaps
from dimios_core.languages.formats import formats_of, name_language
from dimios_core.languages.texts import SHIPPED, list_texts, read_folder
from dimios_core.report.numbers import NumberFormat
from dimios_core.survey.frame import label_draws
from dimios_core.survey.staff import read_staff
from dimios_core.survey.workbook import FRAME_COLUMNS
from tests.languages.third import ABOUT, LANGUAGE, read, write, write_language

KEPT = (load_texts, read_folder, _check_texts, formats_of)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the language, whole, in a project of its own; what this process knows of it is forgotten afterwards."""
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    folder = tmp_path / "parameters" / "languages" / LANGUAGE
    write_language(folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    """Forget the texts of all languages: another test's project has others."""
    for kept in KEPT:
        kept.cache_clear()


def change(path: Path, place: str, text: object) -> None:
    """Change a text of a file, or take it away where it is None."""
    content = read(path)
    *above, last = place.split(".")
    at = content
    for part in above:
        at = at[part]
    at.pop(last)
    if text is not None:
        at[last] = text
    write(path, content)


def test_a_folder_makes_a_language(folder: Path) -> None:
    assert list_languages() == ("sv", "en", "nb") == usable_languages()
    assert check_language(LANGUAGE) == []
    assert say(LANGUAGE, "index.missing", missing=1, all=5) == "1 avø 5 delarø saknasø"
    assert name_language(LANGUAGE, "sv") == "norskt bokmål"


def test_a_staff_list_is_read_in_its_words(folder: Path, tmp_path: Path) -> None:
    """The workbook of a survey is made in it, and comes back."""
    words = load_texts(LANGUAGE)["survey"]
    assert (words["columns"]["name"], words["draws"]["always"]) == ("Namnø", "alltidø")
    head = {column: words["columns"][column] for column in FRAME_COLUMNS}
    path = tmp_path / "staff.csv"
    path.write_text(f"{';'.join(head.values())}\n{';'.join(head)}\n", encoding="utf-8")
    staff, problems = read_staff(path)
    assert not problems
    assert {name: texts.to_pylist() for name, texts in staff.columns.items()} == {c: [c] for c in head}
    assert {code: label_draws()[word] for code, word in words["draws"].items()} == {
        code: code for code in ("random", "always", "never")
    }


def test_all_that_is_missing_or_wrong_is_told_at_once_and_nothing_stands_in_for_it(folder: Path) -> None:
    change(folder / "frame.yaml", "frame.skip", None)
    change(folder / "frame.yaml", "index.none", " ")
    change(folder / "our_result.yaml", "pages.our_result", ["Resultat"])
    change(folder / "common.yaml", "response", "{{ answered|count }} av {{ asked|counted }}")
    change(folder / "messages.yaml", "mail.all", "{{ link ")
    change(folder / "files.yaml", "pdf.contents", None)
    write(folder / "more.yaml", {"frame": {"skipp": "Til innholdet"}})
    (folder / "statement.md").unlink()
    told = "\n".join(map(str, check_language(LANGUAGE)))
    for place, what in (
        ("frame.skip", "missing"),
        ("index.none", "empty"),
        ("pages.our_result", "not what it is in Swedish"),
        ("response", "nothing is called {{ asked }}"),
        ("response", "no way of writing called |counted"),
        ("mail.all", "cannot be filled in"),
        ("pdf.contents", "missing"),
        ("frame.skipp", "no text of this name"),
        ("documents.statement", "missing"),
    ):
        assert any(f": {place}" in line and what in line for line in told.splitlines()), (place, what, told)
    assert len(check_language(LANGUAGE)) == 9
    assert LANGUAGE not in usable_languages() and check_language("sv") == check_language("en") == []


@pytest.mark.parametrize("about", [{**ABOUT, "formats": "xx"}, {"name": "Norsk"}])
def test_a_language_that_babel_does_not_know_says_what_it_is_written_as(folder: Path, about: dict) -> None:
    write(folder / "language.yaml", {"language": about})
    (problem,) = check_language(LANGUAGE)
    assert "how numbers are written" in str(problem) and "formats: nb" in str(problem)


def test_files_that_cannot_be_read_are_told_together(folder: Path) -> None:
    (folder / "frame.yaml").write_text("frame: [", encoding="utf-8")
    (folder / "served.yaml").write_text("only words", encoding="utf-8")
    problems = check_language(LANGUAGE)
    assert [p.place.partition(",")[0] for p in problems] == ["nb/frame.yaml", "nb/served.yaml"]


def test_numbers_are_written_by_the_languages_own_rule(folder: Path) -> None:
    write(folder / "language.yaml", {"language": {**ABOUT, "formats": "de-CH"}})
    number = NumberFormat(LANGUAGE)
    # as https://cldr.unicode.org has them: an apostrophe between thousands, a point before decimals, no space before %
    assert (
        number.count(14282) == "14’282" and number.score(47.66) == "47.7" and number.percent(47.7) == "47.7%"
    )
    assert number.listed(["a", "b", "c"]) == "a, b und c"


def test_a_projects_own_wording_of_a_language_goes_first_and_is_whole_too(folder: Path) -> None:
    own = folder.with_name("sv")
    write_language(own)
    write(own / "language.yaml", read(SHIPPED / "sv" / "language.yaml"))
    assert say("sv", "frame.skip") == "Tillø innehålletø" and check_language("sv") == []
    change(own / "frame.yaml", "frame.skip", None)
    forget()
    (problem,) = check_language("sv")
    assert "frame.skip" in str(problem) and "missing" in str(problem)


def test_which_languages_there_are_to_choose_among(folder: Path) -> None:
    (unknown,) = check_language("da")
    assert "choose among: sv, en, nb" in str(unknown)
    (lacking,) = check_language("en", ["nb", "sv"], "language")
    assert str(lacking).startswith("language: the model has no words in 'en'") and "sv, nb" in str(lacking)


def test_the_programs_languages_have_the_same_gaps_and_ways_of_writing() -> None:
    swedish, english = (dict(list_texts(load_texts(language))) for language in ("sv", "en"))
    for path, text in swedish.items():
        assert type(text) is type(english[path]), path
        assert read_gaps(text)[0] == read_gaps(english[path])[0], path


def test_a_server_refuses_in_every_language_there_is(folder: Path) -> None:
    from dimios_core.serve.guard import write_refusal

    write_refusal.cache_clear()
    page = write_refusal(404)
    write_refusal.cache_clear()
    assert '<html lang="sv">' in page and '<p lang="en">' in page
    assert 'frånø <a href="/">dinaø rapporterø</a>.' in page.partition(f'<p lang="{LANGUAGE}">')[2]
