"""A paper of anybody's words: tagged, in its language, with all that stands around them, and nothing lost."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from dimios_core.office.pdf.blocks import read_blocks
from dimios_core.office.pdf.paper import (
    Chapter,
    Paper,
    set_paper,
    set_sheet,
    set_short_paper,
    set_tables,
)

DRAWING = (
    '<figure id="f"><svg viewBox="0 0 700 {height}" xmlns="http://www.w3.org/2000/svg"><title>Weeks</title><desc>Four of '
    'five.</desc><text x="10" y="20">week</text></svg><table><thead><tr><th>Name</th><th class="n"></th></tr></thead>'
    '<tbody><tr><td>done</td><td class="n">4</td></tr></tbody></table></figure>'
)


def paper(*chapters: tuple[str, str]) -> Paper:
    return Paper(
        title="Cards of spring", name="Training", subject="Lillby", period="week 12", language="en", label="Made up",
        colophon="From the plan.", contents="What is in it", unnamed="What", made_of=["plan=abc"],
        chapters=[Chapter(title, read_blocks([html])) for title, html in chapters],
    )  # fmt: skip


def words_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def test_words_around_the_chapters_are_those_given():
    content = set_paper(
        paper(("First", "<h2>Monday</h2><p>Read <b>this</b>.</p>"), ("Second", "<p>And that.</p>"))
    )
    first, *chapters = words_of(content)
    said = ("Cards of spring", "Made up", "From the plan.", "What is in it", "First", "Monday", "Second")
    assert [w for w in said if w not in first] == []
    # a chapter begins on the page of the one before where that takes little of it
    (chapter,) = chapters
    assert "Read this." in chapter and "And that." in chapter
    assert "Lillby, week 12" in chapter and "Training" in chapter and "Made up" in chapter
    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.Root.Lang) == "en" and document.Root.MarkInfo.Marked
        about = {key: str(value) for key, value in document.docinfo.items()}
    assert (about["/Title"], about["/Author"], about["/Keywords"]) == (
        "Cards of spring",
        "Training",
        "plan=abc",
    )


def test_a_chapter_begins_on_a_page_of_its_own_after_one_that_is_used():
    _, *chapters = words_of(set_paper(paper(("First", "<p>word</p>" * 30), ("Second", "<p>And that.</p>"))))
    assert ["And that." in page for page in chapters] == [False, True]


def test_tables_of_drawings_are_a_paper_of_their_own():
    one = paper(("Second", "<p>none</p>"), ("First", DRAWING.format(height=200)))
    assert "done" not in "".join(words_of(set_paper(one)))
    first, last = words_of(set_tables(one))
    assert "First" in first and "Second" not in first
    # a column without a title has the word for it
    assert "What" in last and "done" in last and "none" not in last


def test_drawings_of_a_whole_paper_give_way_where_it_is_wished_to_be_shorter_and_it_is_set_all_the_same():
    tall = paper(("First", DRAWING.format(height=1400) * 4))
    # a page holds one drawing of 55 % of its height, and two of 40 %
    assert [len(words_of(set_paper(tall, n))) for n in (None, 5, 4, 3, 1)] == [5, 5, 3, 3, 3]


def test_the_same_words_give_the_same_bytes():
    one = paper(("First", DRAWING.format(height=200)))
    assert set_paper(one) == set_paper(one)
    assert set_paper(one) != set_paper(replace(one, label="Not made up"))


def test_words_are_never_read_as_markup_of_the_typesetter():
    text = "".join(words_of(set_paper(paper(("First", "<p>#pagebreak() *so* $x$ \\ @y</p>")))))
    assert "#pagebreak() *so* $x$ \\ @y" in text


def test_drawings_of_a_short_paper_give_way_until_it_fits():
    tall = paper(("First", DRAWING.format(height=1400) * 3))
    # a page holds one drawing of 65 % or 55 % of its height, and two of 45 % or 35 %
    assert [len(words_of(set_short_paper(tall, [], n))) for n in (3, 2)] == [3, 2]


def test_chapters_give_way_from_the_end_and_what_it_ends_with_never_does():
    chapters = [(name, f"<p>{name}</p>" + "<p>word</p>" * 28) for name in ("First", "Second", "Third")]
    last = read_blocks(["<p>Last</p>"])
    for pages_n, kept in ((4, ("First", "Second", "Third")), (3, ("First", "Second")), (2, ("First",))):
        pages = words_of(set_short_paper(paper(*chapters), last, pages_n))
        assert len(pages) <= pages_n
        text = " ".join(pages)
        assert [n in text for n in ("First", "Second", "Third")] == [
            n in kept for n in ("First", "Second", "Third")
        ]
        assert "Last" in pages[-1] and "word" not in pages[-1]


def test_letters_of_a_sheet_give_way_until_it_is_one():
    def pages(n: int) -> list[str]:
        return words_of(set_sheet(paper(), read_blocks(["<p>word</p>" * n])))

    assert [len(pages(n)) for n in (10, 36)] == [1, 1]
    assert len(pages(400)) > 1  # rather more sheets than none


def test_long_names_of_a_list_of_terms_leave_room_for_what_they_mean():
    def height(term: str) -> int:
        html = f"<dl><dt>{term}</dt><dd>{'meaning ' * 12}</dd></dl>" * 30
        return len(words_of(set_paper(paper(("First", f'<div class="opening"><div>{html}</div></div>')))))

    assert height("A name of a goal that is long, 60,0 percent until 2027") <= height("Short") + 2


def test_words_alone_that_take_too_much_room_are_told():
    with pytest.raises(ValueError, match="1 is the most"):
        set_short_paper(paper(("First", "<p>word</p>" * 99)), [], 1)


def test_signs_that_no_typeface_has_stand_as_boxes_and_what_cannot_be_seen_is_left_out():
    made = replace(paper(("First", "<p>漢 b\u2028 \U0001f600 d</p>")), subject="Lill\u2028by \U0001f600")
    words = "".join(words_of(set_paper(made, 9)))
    assert "□ b □ d" in words
    assert "Lillby □" in words


def test_an_element_that_is_not_known_is_told_and_not_lost():
    for html, name in (
        ("<section class='dimios'><video></video></section>", "video"),
        ("<p>x <input></p>", "input"),
    ):
        with pytest.raises(ValueError, match=f": {name}$"):
            read_blocks([html])


@pytest.mark.parametrize("style", ["opening", "three", "advice", "big", "lead", "quiet"])
def test_whatever_frames_the_words_they_stand_on_paper(style):
    inner = "<p>one</p>" if style != "opening" else f"<div><p>one</p></div>{DRAWING.format(height=200)}"
    tag = "div" if style in ("opening", "three", "advice") else "p"
    html = f'<{tag} class="{style}">{inner if tag == "div" else "one"}</{tag}>'
    if style == "three":
        html = '<div class="three"><div><p>one</p></div><div><p>two</p></div></div>'
    pages = words_of(set_paper(paper(("First", html))))
    assert "one" in "".join(itertools.islice(pages, 1, None))
