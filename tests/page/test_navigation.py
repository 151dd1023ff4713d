"""Tabs lead to pages that are there, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from dimios_core.page.navigation import link_pages, list_tabs, title_of


def write_page(folder: Path, stem: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.html").write_text(
        f"<body><header><!--tabs--><!--/tabs--></header><main>{stem}</main></body>", encoding="utf-8"
    )


def test_titles_follow_the_language_and_name_the_county():
    assert title_of("internal_comparison", "sv") == "Intern jämförelse"
    assert title_of("internal_comparison", "en") == "Internal comparison"
    assert title_of("county_report_14", "sv") == "Länsrapport Västra Götalands län"
    assert title_of("my_own_notebook", "sv") == "My own notebook"


def test_tabs_come_in_reading_order_and_mark_the_current_page():
    tabs = list_tabs(["improvements", "our_result"], "our_result", "en", "/sida/")
    assert [(t.title, t.address, t.current) for t in tabs] == [
        ("Our result", "/sida/our_result.html", True),
        ("Suggestions for improvement", "/sida/improvements.html", False),
    ]
    assert list_tabs([], "our_result", "sv") == []


def test_pages_of_a_folder_are_linked_and_linked_anew_when_one_is_gone(tmp_path):
    folder = tmp_path / "2026" / "a" / "sv"
    write_page(folder, "our_result")
    write_page(folder, "improvements")
    link_pages(folder)
    page = (folder / "our_result.html").read_text(encoding="utf-8")
    assert '<a href="our_result.html" aria-current=page>Vårt resultat</a>' in page
    assert '<a href="improvements.html">Förbättringsförslag</a>' in page
    assert page.count("<nav") == 1 and "<main>our_result</main>" in page
    before = (folder / "our_result.html").stat().st_mtime_ns
    link_pages(folder)
    assert (folder / "our_result.html").stat().st_mtime_ns == before
    (folder / "improvements.html").unlink()
    link_pages(folder)
    assert "<nav" not in (folder / "our_result.html").read_text(encoding="utf-8")
