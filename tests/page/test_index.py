"""The list of reports: order, titles, and text that is never taken for markup."""

from pathlib import Path

from dimios_core.page.entrance import Entrance, build_entrance
from dimios_core.page.entrance_page import render_index, write_index
from dimios_core.page.index import OrganisationLabel, list_shelves, name_subject
from dimios_core.page.state import State


def put(reports: Path, *paths: str) -> None:
    for path in paths:
        (reports / path).parent.mkdir(parents=True, exist_ok=True)
        (reports / path).write_text("{}", encoding="utf-8")


def label(name: str) -> OrganisationLabel:
    return OrganisationLabel(name, demo=False)


def enter(reports: Path, labels: dict[str, OrganisationLabel], prefix: str = "/", expected=()) -> Entrance:
    return build_entrance(list_shelves(reports, labels, prefix, expected), labels, "sv", State())


NOTHING = Entrance((), ())


def test_names_are_in_swedish_order_and_periods_newest_first(tmp_path) -> None:
    names = {"a": "Öckerö", "b": "Ängelholm", "c": "Åmål", "d": "Zinkgruvan", "e": "alingsås"}
    put(tmp_path, *(f"2026/{i}/sv/our_result.html" for i in names))
    put(tmp_path, "2025-2/c/sv/our_result.html", "2025-1/c/sv/our_result.html", "2026/c/en/our_result.html")
    shelves = list_shelves(tmp_path, {i: label(name) for i, name in names.items()}, "/sida/")
    assert [shelf.name for shelf in shelves] == ["alingsås", "Zinkgruvan", "Åmål", "Ängelholm", "Öckerö"]
    assert [(r.period, r.language, r.pages[0].title) for r in shelves[2].reports] == [
        ("2026", "sv", "Vårt resultat"),
        ("2026", "en", "Our result"),
        ("2025-2", "sv", "Vårt resultat"),
        ("2025-1", "sv", "Vårt resultat"),
    ]


def test_what_is_not_published_or_not_a_page_is_left_out(tmp_path) -> None:
    put(tmp_path, "2026/a/sv/our_result.ipynb", "2026/b/sv/our_result.html", "2026/a/sv/our_result.html")
    (shelf,) = list_shelves(tmp_path, {"a": label("A")}, "/sida/")
    assert [p.address for p in shelf.reports[0].pages] == ["/sida/2026/a/sv/our_result.html"]


def test_who_reads_one_organisation_is_shown_nothing_of_all(tmp_path) -> None:
    put(tmp_path, "2026/a/sv/our_result.html", "2026/_consortium/sv/national_status.html")
    shelves = list_shelves(tmp_path, {"a": label("A")}, "/sida/", with_all=False)
    assert [shelf.name for shelf in shelves] == ["A"]


def test_made_up_data_are_labelled_once_or_where_others_stand_beside_them(tmp_path) -> None:
    put(tmp_path, "2026/a/sv/our_result.html", "2026/b/sv/our_result.html")
    demo = {"a": OrganisationLabel("A", demo=True), "b": OrganisationLabel("B", demo=True)}
    page = render_index(enter(tmp_path, demo))
    assert page.lower().count("demodata") == 1
    page = render_index(enter(tmp_path, demo | {"b": label("B")}))
    assert page.lower().count("demodata") == 2  # at the top and at A


def test_a_name_is_text_and_not_markup(tmp_path) -> None:
    put(tmp_path, "2026/a/sv/our_result.html")
    page = render_index(enter(tmp_path, {"a": label("<script>alert(1)</script>")}))
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "demodata" not in page.lower()
    assert "inga rapporter" in render_index(NOTHING)


def test_a_link_to_a_page_in_another_language_is_in_that_language_as_a_whole(tmp_path) -> None:
    put(tmp_path, "2026/a/en/our_result.html")
    page = render_index(enter(tmp_path, {"a": label("A")}))
    assert 'lang="en" hreflang="en">Our result<span class="unseen"> 2026 for A</span></a>' in page


def test_the_index_of_a_folder_links_to_stored_pages_alone(tmp_path) -> None:
    put(tmp_path, "2026/a/sv/our_result.html", "2026/a/sv/our_result.ipynb", "2026/b/sv/our_result.ipynb")
    labels = {"a": label("A"), "b": label("B")}
    page = write_index(tmp_path, enter(tmp_path, labels, "")).read_text(encoding="utf-8")
    assert 'href="2026/a/sv/our_result.html"' in page
    assert "voila" not in page and ".ipynb" not in page
    assert '<span class="name">B</span>' in page  # the consortium's list tells who has none


def test_the_index_is_written_also_where_no_report_was_made(tmp_path) -> None:
    assert "inga rapporter" in write_index(tmp_path / "reports", NOTHING).read_text(encoding="utf-8")


def test_a_report_lists_its_pages_in_reading_order_and_says_how_many_are_missing(tmp_path) -> None:
    put(
        tmp_path,
        "2026/a/sv/improvements.html",
        "2026/a/sv/our_result.html",
        "2026/a/sv/about_measurement.html",
    )
    expected = ["our_result", "internal_comparison", "improvements", "about_measurement"]
    shelves = list_shelves(tmp_path, {"a": label("A")}, "/sida/", expected)
    (report,) = shelves[0].reports
    assert [p.title for p in report.pages] == ["Vårt resultat", "Förbättringsförslag", "Om mätningen"]
    assert report.missing == 1
    assert "1 av 4 delar saknas" in render_index(build_entrance(shelves, {"a": label("A")}, "sv"))


def test_reports_on_all_organisations_come_first_with_their_counties_by_name(tmp_path) -> None:
    put(
        tmp_path,
        "2026/a/sv/our_result.html",
        "2026/_consortium/sv/county_report_14.html",
        "2026/_consortium/sv/national_status.html",
    )
    shelves = list_shelves(tmp_path, {"a": label("A")}, "/sida/")
    assert [s.name for s in shelves] == ["Alla organisationer tillsammans", "A"]
    assert [p.title for p in shelves[0].reports[0].pages] == [
        "Nationell status",
        "Länsrapport Västra Götalands län",
    ]


def test_it_says_what_the_reports_are_about(tmp_path):
    assert "<h1>Rapporter om digital mognad</h1>" in render_index(NOTHING, "digital mognad")
    assert "<h1>Rapporter</h1>" in render_index(NOTHING, "")
    assert name_subject(tmp_path / "nothing") == ""
    (tmp_path / "unfinished" / "public").mkdir(parents=True)
    (tmp_path / "unfinished" / "stamp.json").write_text('{"results_version": "v1"}', encoding="utf-8")
    assert name_subject(tmp_path / "unfinished") == ""
