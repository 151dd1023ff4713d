"""A page is whole, light and in order, or it is not made."""

from __future__ import annotations

import json
import re

import nbformat
import pytest

from dimios_core.page import PageError, build_page, place_assets
from dimios_core.page.assets import EXERCISES, SCRIPTS, read_static
from dimios_core.page.build import script_words

ABOUT = {"title": "Our result <2026>", "language": "en", "results_version": "abc", "demo_label": None}


def make_notebook(*pieces: str, about: dict | None = ABOUT, **changes) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell("# A note for researchers")]
    for i, html in enumerate(pieces):
        metadata = {"dimios": about} if i == 0 and about else {}
        piece = f'<section class="dimios" lang="en">{html}</section>'
        output = nbformat.v4.new_output("display_data", data={"text/html": piece}, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell("report.piece()", outputs=[output], execution_count=i + 1))
    for name, value in changes.items():
        cells[-1][name] = value
    return nbformat.v4.new_notebook(cells=cells)


def test_a_page_holds_what_the_cells_displayed_and_no_code():
    page = build_page(make_notebook("<h1>One</h1>", "<section><h2>Two</h2></section>"))
    assert page.index("<h1>One</h1>") < page.index("<h2>Two</h2>")
    assert '<html lang="en">' in page
    assert "<title>Our result &lt;2026&gt;</title>" in page
    assert 'href="#main"' in page and '<main id="main">' in page
    assert "Results version abc" in page
    assert "report.piece()" not in page
    assert "A note for researchers" not in page


def test_the_style_is_written_as_it_is():
    page = build_page(make_notebook("<h1>One</h1>"))
    style = page[page.index("<style>") : page.index("</style>")]
    assert '"Segoe UI"' in style
    assert "&#" not in style


def test_its_scripts_are_written_as_they_are():
    page = build_page(make_notebook("<h1>One</h1>"))
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert json.loads(scripts[0]) == script_words("en")
    assert scripts[1:] == [
        read_static(name) for name in SCRIPTS if name not in (EXERCISES, "index.js", "live.js")
    ]
    assert not re.search(r"\son\w+=|javascript:", page)


def test_sections_that_can_be_linked_to_are_listed_above_the_page():
    two = "<section class='dimios'><h2 id='s-one'>One &amp; <b>only</b></h2></section>".replace("'", '"')
    notebook = make_notebook(
        "<h1>Page</h1>", two, '<section class="dimios"><h2 id="s-two">Two</h2></section>'
    )
    page = build_page(notebook)
    listed = page[page.index('<details class="sections">') : page.index("</header>")]
    assert re.findall(r'<a href="([^"]+)">(.*?)</a>', listed) == [
        ("#s-one", "One &amp; only"),
        ("#s-two", "Two"),
    ]
    assert '<details class="sections">' not in build_page(make_notebook("<h1>Page</h1>", two))


def test_a_page_is_its_own_until_the_server_says_that_it_is_older():
    page = build_page(make_notebook("<h1>One</h1>"))
    assert '<p class="newer" role="status">There is a newer version of the results.' in page
    assert "data-live" not in page[: page.index("<body>")]
    assert ".newer{display:none" in page and ".older .newer{display:block}" in page


def test_a_page_asks_no_other_host():
    page = build_page(make_notebook("<h1>One</h1>"))
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_a_failed_cell_makes_no_page():
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    notebook = make_notebook("<h1>One</h1>", "<h2>Two</h2>", outputs=[error])
    with pytest.raises(PageError, match="cell 3 failed"):
        build_page(notebook)


def test_a_cell_that_was_not_run_makes_no_page():
    with pytest.raises(PageError, match="was not run"):
        build_page(make_notebook("<h1>One</h1>", "<h2>Two</h2>", execution_count=None))


def test_a_notebook_without_an_opening_makes_no_page():
    with pytest.raises(PageError, match=r"begin with .+, or give --no-page"):
        build_page(make_notebook("<h1>One</h1>", about=None))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            {"text/html": "<table></table>", "text/plain": "a"},
            "words or a table by itself: give them to a section",
        ),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<div></div>"}, "a plotly figure by itself"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": ""}, "a plotly figure by itself"),
        ({"image/png": "", "text/plain": "<Figure>"}, "a picture by itself"),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Box()"}, "a widget by itself"),
        ({"text/markdown": "*a*"}, "words or a table by itself"),
        ({"application/javascript": "1"}, "something by itself"),
    ],
)
def test_what_a_cell_shows_by_itself_is_refused_and_not_lost(data, told):
    shown = nbformat.v4.new_output("display_data", data=data)
    with pytest.raises(PageError, match=f"cell 3 shows {told}.+, or end the line with a semicolon"):
        build_page(make_notebook("<h1>One</h1>", "", outputs=[shown]))


def test_a_piece_may_have_nothing_to_say():
    nothing = nbformat.v4.new_output(
        "execute_result", data={"text/html": "", "text/plain": "…"}, execution_count=2
    )
    assert "<h1>One</h1>" in build_page(make_notebook("<h1>One</h1>", "", outputs=[nothing]))


def test_what_a_cell_prints_stays_in_the_notebook():
    printed = nbformat.v4.new_output("stream", name="stdout", text="for me")
    value = nbformat.v4.new_output("execute_result", data={"text/plain": "'for me'"}, execution_count=2)
    page = build_page(make_notebook("<h1>One</h1>", "", outputs=[printed, value]))
    assert "for me" not in page


@pytest.mark.parametrize(
    "pieces", [("<h2>No first</h2>",), ("<h1>One</h1>", "<h1>Two</h1>"), ("<h1>One</h1>", "<h3>Three</h3>")]
)
def test_headings_out_of_order_make_no_page(pieces):
    with pytest.raises(PageError, match="level"):
        build_page(make_notebook(*pieces))


@pytest.mark.parametrize(("letters", "light"), [(240_000, True), (300_000, False)])
def test_a_page_over_300_kilobytes_is_refused(letters, light):
    notebook = make_notebook("<h1>One</h1>" + "x" * letters)
    if light:
        assert len(build_page(notebook)) > letters
    else:
        with pytest.raises(PageError, match="bytes"):
            build_page(notebook)


def test_assets_exist_and_plotly_is_placed_once(tmp_path):
    folder = place_assets(tmp_path)
    (plotly,) = folder.iterdir()
    before = plotly.stat().st_mtime_ns
    place_assets(tmp_path)
    assert plotly.stat().st_mtime_ns == before
    assert plotly.stat().st_size > 1_000_000
