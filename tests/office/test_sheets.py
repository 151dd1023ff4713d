"""Sheets to write on: what they hold is set, tagged, and stands where it should."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2

from dimios_core.office.pdf.paper import Chapter, Paper, set_handout
from dimios_core.office.pdf.sheets import (
    BREAK,
    drawing,
    group,
    head,
    items,
    label_words,
    lines,
    paragraph,
    read_markdown_blocks,
    table,
    ticks,
)
from dimios_core.plain_markdown import read_markdown

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 900"><text x="9" y="99">drawn</text></svg>'


def set_pages(*blocks) -> list[str]:
    paper = Paper(
        title="Cards of spring", name="Training", subject="Lillby", period="", language="en", label="", colophon="From the plan.",
        contents="", unnamed="What", made_of=[], chapters=[Chapter("", blocks)],
    )  # fmt: skip
    content = set_handout(paper)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def test_a_sheet_holds_what_it_is_given_in_order():
    (told,) = set_pages(
        paragraph("first words", "lead"),
        head("a heading"),
        items(["one item", label_words("Label:", "labelled")], ordered=True),
        ticks(["low answer", "high answer"], beside=True),
        ticks(["below"]),
        lines(3),
        table("counts", [("Name", 3), ("", 1)], [("a row", "")], fill=True),
    )
    words = ("Cards of spring", "first words", "a heading", "one item", "Label: labelled", "low answer", "high answer", "below", "counts", "a row", "From the plan.")  # fmt: skip
    assert [told.find(w) for w in words] == sorted(told.find(w) for w in words)
    assert -1 not in [told.find(w) for w in words]
    # a column without a title has the word for it, and a paper without a period no comma
    assert "What" in told and "Lillby" in told and "Lillby," not in told


def test_a_break_begins_a_new_sheet_and_a_drawing_may_fill_one():
    first, second = set_pages(
        paragraph("here"), BREAK, paragraph("there"), drawing(SVG, "A drawing.", 760, 900)
    )
    assert "here" in first and "there" not in first
    assert "there" in second and "drawn" in second


def test_eight_cards_stand_on_a_sheet_and_none_is_divided():
    cards = [group("card", [paragraph(f"card {n} begins"), paragraph(f"card {n} ends")]) for n in range(20)]
    pages = set_pages(group("cards", cards))
    assert len(pages) == 3
    for n in range(20):
        (page,) = [page for page in pages if f"card {n} begins" in page]
        assert f"card {n} ends" in page


def test_markdown_is_set_as_what_it_is():
    blocks, faults = read_markdown("# Title\n\nSome **bold** words.\n\n1. one\n2. two\n\n- three")
    assert faults == []
    made = read_markdown_blocks(blocks)
    assert [b["kind"] for b in made] == ["heading", "paragraph", "items", "items"]
    assert [(r["text"], r["bold"]) for r in made[1]["runs"]] == [
        ("Some ", False),
        ("bold", True),
        (" words.", False),
    ]
    assert [b["ordered"] for b in made[2:]] == [True, False]
