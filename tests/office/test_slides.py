"""A deck of anybody's words and figures: native charts and tables, notes, and what it was made of."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.util import Pt

from dimios_core.errors import InputError
from dimios_core.office.office_text import read_office_reads
from dimios_core.office.slides.deck import write_deck
from dimios_core.office.slides.fitting import CELL_PT, fit_table, fit_title, fit_words
from dimios_core.office.slides.outline import Deck, Dot, Levels, Plane, Profile, Shares, Slide, SlideTable
from dimios_core.office.slides.plane import PLOT
from dimios_core.office.slides.template import check_template

LEVELS = Levels(
    ("one", "two"), (40.0, None), (35.0, None), (45.0, None), "own", "interval", "others", (50.0, 60.0)
)
PLANE = Plane(
    "across", "upwards", 50, 20, 80, ("D", "C", "B", "A"), "path", "now", (Dot("then", 30, 40), Dot("now", 35, 45, 2, 3)),
    Dot("mean", 50, 55), "others", (Dot("Ekby", 60, 70),), "region", ((30, 45), (35, 50), (40, 45), (35, 40)),
)  # fmt: skip
DECK = Deck(
    "Week 12", "for Lillby", "Lillby. Made up", "Take your time.", "en",
    (
        Slide("Levels", "Up.", chart=LEVELS, notes="Say up.", told="Two levels."),
        Slide("Shares", chart=Shares(("one", "two"), (0.25, 0.5), "share")),
        Slide("Place", "Here.", chart=PLANE),
        Slide("Profile", chart=Profile(("a", "b", "c"), "own", (40.0, 50.0, 60.0), "others", (45.0, 45.0, 45.0))),
        Slide("Table", table=SlideTable(("what", "n"), (("a", "1"), ("b", "2")), (3, 1), (1,))),
        Slide("Words", points=("=SUM(A1)", "<b>&"), big="61 %", under="of all"),
    ),
    {"stamp.json": "0123456789ab"},
)  # fmt: skip


def read(content: bytes) -> list:
    return list(Presentation(io.BytesIO(content)).slides)


def texts(slide) -> list[str]:
    return [p.text for s in slide.shapes if s.has_text_frame for p in s.text_frame.paragraphs if p.text]


def list_across(series) -> list[float]:
    return [float(v.text) for v in series._element.xVal.iter("{*}v")]


def test_every_slide_has_its_title_words_notes_and_footer():
    first, *slides = read(write_deck(DECK))
    assert first.shapes.title.text == "Week 12" and "for Lillby" in texts(first)
    assert first.notes_slide.notes_text_frame.text == "Take your time."
    assert [s.shapes.title.text for s in slides] == ["Levels", "Shares", "Place", "Profile", "Table", "Words"]
    assert slides[0].notes_slide.notes_text_frame.text == "Say up."
    assert {"=SUM(A1)", "<b>&", "61 %", "of all"} <= set(texts(slides[-1]))
    for slide in (first, *slides):
        assert any(t.startswith("Lillby. Made up") for t in texts(slide))


def test_charts_hold_the_figures_given_and_nothing_where_there_is_none():
    charts = [shape.chart for slide in read(write_deck(DECK)) for shape in slide.shapes if shape.has_chart]
    levels, shares, plane, profile = (
        {s.name: tuple(s.values) for p in c.plots for s in p.series} for c in charts
    )
    # of points in a plane, the values are upwards: rows count from below
    assert levels == {"interval": (2.0, 2.0), "others": (2.0, 1.0), "own": (2.0,), "": (2.0, 1.0)}
    across = {s.name: list_across(s) for p in charts[0].plots for s in p.series}
    assert across == {"interval": [35.0, 45.0], "others": [50.0, 60.0], "own": [40.0], "": [30.0, 30.0]}
    assert shares == {"share": (0.25, 0.5)}
    assert plane == {"path": (40.0, 45.0), "now": (45.0,), "others": (70.0,), "mean": (55.0,)}
    assert profile == {"own": (40.0, 50.0, 60.0), "others": (45.0, 45.0, 45.0)}


def test_numbers_beside_dots_are_written_as_the_language_writes_them_wherever_they_are_seen():
    for language, number in (("en", "40.0"), ("sv", "40,0")):
        slide = read(write_deck(replace(DECK, language=language)))[1]
        (chart,) = [s.chart for s in slide.shapes if s.has_chart]
        (own,) = [s for p in chart.plots for s in p.series if s.name == "own"]
        assert own.points[0].data_label.text_frame.text == number


def test_the_region_lies_where_the_axes_say():
    slide = read(write_deck(DECK))[3]
    (frame,) = [s for s in slide.shapes if s.has_chart]
    (region,) = [s for s in slide.shapes if s.name == "region"]
    left, _, width, _ = PLOT
    per_point = frame.width * width / 60  # the scale goes from 20 to 80
    start = frame.left + frame.width * left
    assert region.left == pytest.approx(start + 10 * per_point, abs=2)
    assert region.width == pytest.approx(10 * per_point, abs=2)
    assert region.height == pytest.approx(frame.height * PLOT[3] * 10 / 60, abs=2)


def test_charts_are_told_in_words_and_quadrants_named():
    slides = read(write_deck(DECK))
    (frame,) = [s for s in slides[1].shapes if s.has_chart]
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == "Up. Two levels."
    assert {"A", "B", "C", "D"} <= set(texts(slides[3]))


def test_tables_are_native():
    (frame,) = [s for s in read(write_deck(DECK))[5].shapes if s.has_table]
    assert [[c.text for c in row.cells] for row in frame.table.rows] == [
        ["what", "n"],
        ["a", "1"],
        ["b", "2"],
    ]


def test_the_same_deck_gives_the_same_bytes_and_tells_what_it_was_made_of():
    content = write_deck(DECK)
    assert content == write_deck(DECK) != write_deck(replace(DECK, title="Week 13"))
    assert read_office_reads(content) == {"stamp.json": "0123456789ab"}


def test_a_deck_is_a_template_for_the_next_without_its_slides():
    template = write_deck(replace(DECK, title="Old", slides=(Slide("Old words"),)))
    check_template(template, "old.pptx")
    slides = read(write_deck(DECK, template))
    assert [s.shapes.title.text for s in slides] == ["Week 12", *(s.title for s in DECK.slides)]


def test_long_words_beside_a_chart_and_long_titles_are_set_smaller():
    many = tuple(
        f"{n} words that are many beside a chart, as an organisation's first message is" for n in range(12)
    )
    crowded = Slide("A title " * 12, big="54", under="of a hundred", points=many)
    short = Slide("A title", big="54", under="of a hundred", points=many[:1])
    for slide, small in ((crowded, True), (short, False)):
        (page,) = read(write_deck(replace(DECK, slides=(slide,))))[1:]
        (title,) = page.shapes.title.text_frame.paragraphs[0].runs
        words = next(s for s in page.shapes if s.has_text_frame and many[0] in s.text_frame.text)
        (size,) = {r.font.size for p in words.text_frame.paragraphs for r in p.runs}
        assert (title.font.size is not None, size < Pt(18)) == (small, small)


def test_what_is_no_template_is_told_with_its_place():
    with pytest.raises(InputError, match=r"ours\.pptx: cannot be read"):
        check_template(b"PK no", "ours.pptx")


def test_words_shrink_until_they_fit_and_no_further_than_can_be_read():
    inch = 914_400
    assert fit_words(("short",), 20, 10 * inch, inch) == 20
    # on 720 points stand 75 letters of 17 points and 80 of 16: three lines either way, 72.25 and 68 points high
    assert fit_words(("x" * 200,), 20, 10 * inch, inch) == 16
    assert fit_words(("x" * 20_000,), 20, 10 * inch, inch) == 12
    # 35 bold letters of 32 points on a line, 39 of 29, 40 of 28: three lines of 29 are 104 points high, two of 28 are 67
    assert [fit_title("x" * n, 10 * inch, int(0.95 * inch)) for n in (35, 80, 999)] == [32, 28, 20]
    rows = (("x", "y"),)
    assert fit_table(SlideTable(("a", "b"), rows, (1, 1)), 10 * inch, 5 * inch) == CELL_PT
    assert fit_table(SlideTable(("a", "b"), rows * 99, (1, 1)), 10 * inch, 5 * inch) == 11
