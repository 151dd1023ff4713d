"""What a reader can do with a chart of a stored page: explore it in plotly, and save it as a picture or as data."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from tests.browser.browser import NARROW, WIDE, Watched
from tests.browser.test_stored_page import PAGES, uri

#: the line above a chart in which plotly's tools stand
TOOLS_PX = 34
SVG = "{http://www.w3.org/2000/svg}"


def test_explore_shows_the_same_marks_in_plotly(browser, outputs):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, "almvik/sv"))
    figure = watched.page.locator("figure#rows-category")
    drawn = centres(figure.locator("svg.wide circle"))
    width = figure.locator("svg.wide").bounding_box()["width"]
    before = figure.locator("svg.wide").bounding_box()
    scale = 760 / width
    figure.locator("button.explore").click()
    plotted = figure.locator(".plotly-room .scatterlayer .trace:last-child path.point")
    plotted.first.wait_for()
    room = figure.locator(".plotly-room .main-svg").first.bounding_box()
    shown = centres(plotted)
    assert len(shown) == len(drawn) == 6
    for (x1, y1), (x2, y2) in zip(drawn, shown, strict=True):
        assert abs((x1 - before["x"]) * scale - (x2 - room["x"])) < 2
        assert abs((y1 - before["y"]) * scale - (y2 - room["y"] - TOOLS_PX)) < 2
    assert not figure.locator("svg.wide").is_visible()
    figure.locator("button.explore").click()
    assert figure.locator("svg.wide").is_visible()
    assert watched.outside == []
    assert watched.errors == []


def test_a_chart_that_could_not_be_explored_can_be_tried_again(browser, outputs):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, "almvik/sv"))
    watched.page.route("**/plotly.min.js", lambda route: route.abort())
    figure = watched.page.locator("figure#rows-category")
    figure.locator("button.explore").click()
    watched.page.get_by_text("Det gick inte att öppna diagrammet här.").wait_for()
    assert figure.locator("svg.wide").is_visible()
    watched.page.unroute("**/plotly.min.js")
    figure.locator("button.explore").click()
    figure.locator(".plotly-room .main-svg").first.wait_for()
    assert not figure.locator("svg.wide").is_visible()


def centres(marks) -> list[tuple[float, float]]:
    boxes = [m.bounding_box() for m in marks.all()]
    return [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]


def open_chart(browser, outputs, size=WIDE, chart="rows-category"):
    watched = Watched(browser, size)
    watched.page.goto(uri(outputs, "almvik/sv"))
    return watched, watched.page.locator(f"figure#{chart}")


def explore(figure):
    figure.locator("button.explore").click()
    figure.locator(".plotly-room .modebar-btn[aria-label]").first.wait_for()


def test_what_explore_offers_is_useful_here_and_sends_nothing_away(browser, outputs):
    _, figure = open_chart(browser, outputs)
    explore(figure)
    name = figure.locator("svg.wide > title").text_content()
    tools = figure.locator(".modebar-btn").evaluate_all("all => all.map(b => b.getAttribute('aria-label'))")
    assert tools == [f"{tool}: {name}" for tool in ("Zooma in", "Zooma ut", "Flytta", "Återställ")]
    shown = figure.locator(".plotly-room").evaluate(
        "r => Array.from(r.querySelectorAll('text, a'), e => e.textContent)"
    )
    assert not any("Share" in text or "Plotly" in text for text in shown)


def test_marks_say_in_words_what_they_are_and_the_scale_can_be_zoomed(browser, outputs):
    watched, figure = open_chart(browser, outputs)
    explore(figure)
    box = figure.locator(".scatterlayer .trace:last-child path.point").first.bounding_box()
    watched.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    figure.locator(".hoverlayer .hovertext").first.wait_for()
    told = figure.locator(".hoverlayer").text_content()
    first = figure.locator("tbody tr").first
    assert first.locator("th").text_content() in told and first.locator("td").first.text_content() in told
    range_of = "r => r.layout.xaxis.range.slice()"
    room = figure.locator(".plotly-room")
    low, high = room.evaluate(range_of)
    figure.locator(".modebar-btn").first.click()
    watched.page.wait_for_function(
        f"document.querySelector('#rows-category .plotly-room').layout.xaxis.range[1] < {high}"
    )
    assert room.evaluate("r => r.layout.yaxis.range.slice()") == room.evaluate("r => r.layout.yaxis.whole")
    figure.locator(".modebar-btn").last.click()
    watched.page.wait_for_function(
        f"document.querySelector('#rows-category .plotly-room').layout.xaxis.range[1] === {high}"
    )
    assert room.evaluate(range_of) == [low, high]


def test_a_chart_that_is_explored_again_begins_anew(browser, outputs):
    _, figure = open_chart(browser, outputs)
    told = []
    for _ in range(2):
        explore(figure)
        told.append(figure.locator(".plotly-room").evaluate("r => [r.layout.height, r.layout.margin.t]"))
        figure.locator("button.explore").click()
    assert told[0] == told[1]


def test_a_phone_explores_the_form_that_is_drawn_for_it(browser, outputs):
    watched, figure = open_chart(browser, outputs, NARROW)
    drawn = figure.locator("svg.narrow").evaluate(
        "s => [s.viewBox.baseVal.width, Array.from(s.querySelectorAll('text'), t => t.textContent).sort()]"
    )
    explore(figure)
    words = figure.locator(".plotly-room").evaluate(
        "r => Array.from(r.querySelectorAll('.annotation-text, .xtick text'), t => t.textContent).sort()"
    )
    assert words == drawn[1]
    assert figure.locator(".plotly-room .main-svg").first.bounding_box()["width"] <= min(drawn[0], NARROW[0])
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def save(watched, figure, form: str) -> bytes:
    with watched.page.expect_download() as download:
        figure.locator(".saves button", has_text=form).click()
    name = download.value.suggested_filename
    assert name == f"vart-resultat-2026-almviks-kommun-kategorierna-mot-andra-kommuner.{form.lower()}"
    return download.value.path().read_bytes()


def test_a_chart_is_saved_as_it_stands_with_its_name_and_where_it_comes_from(browser, outputs):
    watched, figure = open_chart(browser, outputs)
    picture = ElementTree.fromstring(save(watched, figure, "SVG"))
    drawn = figure.locator("svg.wide").evaluate(
        "s => Array.from(s.querySelectorAll('text'), t => t.textContent)"
    )
    saved = [text.text for text in picture.iter(f"{SVG}text")]
    name = figure.locator("svg.wide > title").text_content()
    assert saved[: len(drawn)] == drawn
    told = " ".join(saved[len(drawn) :])
    assert told.startswith(name) and told.endswith(
        "Demodata, påhittade organisationer. Vårt resultat 2026, Almviks kommun"
    )
    assert save(watched, figure, "PNG").startswith(b"\x89PNG")
    assert watched.outside == watched.errors == []


def test_the_table_is_saved_with_numbers_that_a_spreadsheet_reads(browser, outputs):
    watched, figure = open_chart(browser, outputs)
    name = figure.locator("tbody th").first
    name.evaluate("""cell => { cell.textContent = '=HYPERLINK("x");'; }""")
    text = save(watched, figure, "CSV").decode("utf-8-sig")
    caption, heads, first, *rows = csv.reader(io.StringIO(text), delimiter=";")
    shown = figure.locator("tbody tr").evaluate_all(
        "all => all.map(r => Array.from(r.cells, c => c.textContent))"
    )
    assert caption == [figure.locator("caption").text_content()]
    assert first[0] == """'=HYPERLINK("x");"""
    assert [r[1:] for r in (first, *rows[:-2])] == [[c.replace("−", "-") for c in row[1:]] for row in shown]
    assert len(heads) == len(first) and rows[-2:] == [
        [],
        ["Demodata, påhittade organisationer. Vårt resultat 2026, Almviks kommun"],
    ]


@pytest.mark.long
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("page", PAGES)
def test_every_chart_can_be_explored(browser, outputs, page, size):
    watched = Watched(browser, size)
    watched.page.goto(uri(outputs, page))
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    figures = watched.page.locator("figure:has(button.explore)")
    for i in range(figures.count()):
        figures.nth(i).locator("button.explore").click()
        figures.nth(i).locator(".plotly-room .main-svg").first.wait_for()
    assert figures.count() == watched.page.locator("button.explore").count() > 0
    assert watched.outside == []
    assert watched.errors == []
