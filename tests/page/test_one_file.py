"""A whole report as one file: parts in reading order, nothing twice, nothing outside, nothing that needs a server."""

from __future__ import annotations

import base64
import gzip
import re

import nbformat
import pytest

from dimios_core.page import PageError, build_one_file
from dimios_core.page.assets import find_plotly
from dimios_core.page.whole import gather_report

READS = {"stamp.json": "aaaaaaaaaaaa"}


def build(notebooks: dict[str, nbformat.NotebookNode]) -> str:
    return build_one_file(gather_report(notebooks), "Digital mognad")


def make_page(name: str, *pieces: str, **changes) -> nbformat.NotebookNode:
    about = {
        "title": name,
        "subject": "X <kommun>",
        "period": "2026",
        "language": "sv",
        "demo_label": None,
        "reads": READS,
    }
    cells = []
    for i, html in enumerate(pieces):
        metadata = {"dimios": about | changes} if i == 0 else {}
        piece = html.replace("<section>", '<section class="dimios">')
        output = nbformat.v4.new_output("display_data", data={"text/html": piece}, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell("report.piece()", outputs=[output], execution_count=i + 1))
    return nbformat.v4.new_notebook(cells=cells)


def opening(title: str, more: str = "") -> str:
    return f"<style>.dimios h1{{color:red}}.dimios h2{{color:blue}}</style><section><h1>{title}</h1>{more}</section>"


def test_parts_stand_in_reading_order_under_one_heading():
    document = build(
        {
            "improvements": make_page("improvements", opening("Second"), "<section><h2>Then &amp; now</h2><h3>Deep</h3></section>"),
            "our_result": make_page("our_result", opening("First"), "<section><h2>Where?</h2></section>"),
        }
    )  # fmt: skip
    heads = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", document)
    assert heads == [
        ("1", "Digital mognad: X &lt;kommun&gt;, 2026"), ("2", "Innehåll"), ("2", "First"), ("3", "Where?"), ("2", "Second"),
        ("3", "Then &amp; now"), ("4", "Deep"),
    ]  # fmt: skip
    assert document.startswith('<!DOCTYPE html>\n<html lang="sv">')
    contents = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', document[: document.index("</nav>")])
    assert contents == [
        ("our_result", "Vårt resultat"), ("our_result--1", "Where?"), ("improvements", "Förbättringsförslag"),
        ("improvements--1", "Then &amp; now"),
    ]  # fmt: skip
    ids = set(re.findall(r' id="([^"]+)"', document))
    assert {place for place, _ in contents} <= ids


def test_a_style_stands_once_and_holds_one_level_down():
    parts = {name: make_page(name, opening(name)) for name in ("our_result", "improvements")}
    document = build(parts)
    assert document.count("{color:red}") == 1
    assert ".dimios h2{color:red}.dimios h3{color:blue}" in document


def test_ids_are_each_parts_own_and_what_points_at_them_follows():
    drawn = '<svg aria-labelledby="a b"><title id="a">1</title><desc id="b">2</desc></svg><label for="c">x</label><input id="c">'
    document = build({n: make_page(n, opening(n, drawn)) for n in ("our_result", "improvements")})
    ids = re.findall(r' id="([^"]+)"', document)
    assert len(ids) == len(set(ids))
    assert 'aria-labelledby="our_result--a our_result--b"' in document
    assert 'for="improvements--c"' in document


def test_links_between_pages_lead_to_parts_and_others_stay():
    links = (
        '<a href="improvements.html">a</a><a href="improvements.html#z">b</a><a href="#y">c</a>'
        '<a href="https://x.example/improvements.html">d</a><a href="elsewhere.html">e</a><a href="mailto:a@b.example">f</a>'
    )
    document = build(
        {
            "our_result": make_page("our_result", opening("o", links)),
            "improvements": make_page("improvements", opening("i")),
        }
    )
    found = re.findall(r'<a href="([^"]+)">[a-f]</a>', document)
    assert found == [
        "#improvements", "#improvements--z", "#our_result--y", "https://x.example/improvements.html", "elsewhere.html",
        "mailto:a@b.example",
    ]  # fmt: skip


def test_controls_are_absent_and_text_that_looks_like_markup_stays():
    live = (
        '<div class="live"><h2>Q</h2><div class="controls" hidden><label>L <select><option>1</option></select></label></div>'
        '<div class="chosen"><p>id=&quot;kept&quot; &lt;h2&gt;</p></div></div>'
    )
    document = build({"our_result": make_page("our_result", opening("o"), f"<section>{live}</section>")})
    assert "<select" not in document
    assert "id=&quot;kept&quot; &lt;h2&gt;" in document
    assert 'class="chosen"' in document


def test_a_section_keeps_its_own_id_behind_its_parts():
    sections = (
        '<section class="dimios"><h2 id="s-a">A</h2></section><section class="dimios"><h2>B</h2></section>'
    )
    document = build({"our_result": make_page("our_result", opening("o"), sections)})
    assert '<li><a href="#our_result--s-a">A</a></li>' in document
    assert '<h3 id="our_result--s-a">A</h3>' in document
    assert '<h3 id="our_result--2">B</h3>' in document


def test_plotly_lies_in_it_whole():
    document = build({"our_result": make_page("our_result", opening("o"))})
    packed = re.search(r'<script type="application/gzip" id="plotly-packed">([^<]+)</script>', document)
    assert packed is not None
    assert gzip.decompress(base64.b64decode(packed[1])) == find_plotly().read_bytes()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"period": "2025"}, "not of the same report"),
        ({"subject": "Y"}, "not of the same report"),
        ({"language": "en"}, "not of the same report"),
        ({"reads": {"stamp.json": "bbbbbbbbbbbb"}}, "other results"),
        ({"subject": None}, "no cell displays a report's opening"),
    ],
)
def test_parts_that_do_not_belong_together_make_no_file(changes, told):
    parts = {
        "our_result": make_page("a", opening("a")),
        "improvements": make_page("b", opening("b"), **changes),
    }
    with pytest.raises(PageError, match=told):
        build(parts)


def test_no_pages_make_no_file():
    with pytest.raises(PageError, match="no pages"):
        build({})


def test_a_part_that_failed_makes_no_file():
    notebook = make_page("our_result", opening("o"))
    notebook.cells[0].outputs.append(nbformat.v4.new_output("error", ename="E", evalue="x", traceback=[]))
    with pytest.raises(PageError, match="failed"):
        build({"our_result": notebook})
