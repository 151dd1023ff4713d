"""The statement of accessibility: what the law asks it to hold, of what the tests found, and how the publisher is reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dimios_core.errors import InputError
from dimios_core.page.publisher import Publisher, load_publisher
from dimios_core.page.statement import Assessment, read_tested, render_statement, write_statement

TESTED = Assessment("2026-11-30", "4.0", "WCAG 2.2 AA", ("a", "b"), ("390", "dark"), (), ())
PUBLISHER = Publisher(
    name="Exempel <kommun>", service="Mätningen", email="hej@exempel.se", phone="+46 8-123 45"
)


def test_it_holds_what_the_supervisory_authority_asks_for_in_both_languages():
    page = render_statement(PUBLISHER, replace(TESTED, known=("explore",)), "/")
    for words in (
        "Tillgänglighetsredogörelse för Mätningen", "Tillgänglighets\u00adredogörelse för Mätningen</h1>", "Exempel &lt;kommun&gt; står bakom", "delvis förenlig", "Utforska diagrammet",
        "självskattning", "2 slags sidor", "axe-core 4.0", "telefon, mörkt läge", "2026-11-30", 'href="mailto:hej@exempel.se"',
        'href="tel:+46812345"', 'href="https://www.digg.se/tdosanmalan"', "(12 §)", "(9 §)",
        "Accessibility statement for Mätningen", "partially compliant", "phone, dark mode",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("<h1>") == 1
    assert '<section class="dimios" id="en" lang="en">' in page


@pytest.mark.parametrize(
    ("findings", "known", "words"),
    [
        ((), (), "helt förenlig"),
        (("our_result, dark: label",), (), "delvis förenlig"),
        ((), ("explore",), "delvis förenlig"),
    ],
)
def test_it_says_whole_only_where_nothing_is_known_to_be_missing(findings, known, words):
    page = render_statement(PUBLISHER, replace(TESTED, findings=findings, known=known), "/")
    assert words in page
    for finding in findings:
        assert f"<li>{finding}</li>" in page


def test_it_says_that_nobody_can_be_told_where_nobody_is_named():
    assert not Publisher(name="Exempel").can_be_reached
    assert Publisher(phone="08-123 45").can_be_reached
    page = render_statement(Publisher(), TESTED, "/")
    assert "Ingen kontaktuppgift är angiven än" in page
    assert "mailto:" not in page and "tel:" not in page


def test_the_publisher_is_read_from_the_project_and_all_faults_come_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    (tmp_path / "parameters").mkdir()
    assert load_publisher() == Publisher()
    path = tmp_path / "parameters" / "publisher.yaml"
    path.write_text('name: "A"\nemail: "a@b.se"\nreviewed: "2026-01-02"\n', encoding="utf-8")
    assert load_publisher() == Publisher(name="A", email="a@b.se", reviewed="2026-01-02")
    path.write_text(
        'email: "javascript:alert(1)"\nphone: "ring oss"\nreviewed: "i går"\nfax: "1"\n', encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        load_publisher()
    assert [p.place for p in refused.value.problems] == [
        "publisher.yaml, line 1, email",
        "publisher.yaml, line 2, phone",
        "publisher.yaml, line 3, reviewed",
        "publisher.yaml, line 4, fax",
    ]
    path.write_text("name: [", encoding="utf-8")
    with pytest.raises(InputError, match=r"publisher\.yaml, line 1, column 8: not valid YAML"):
        load_publisher()


def test_it_is_written_once_and_again_only_when_it_says_something_else(tmp_path):
    write_statement(tmp_path)
    path = tmp_path / "tillganglighet.html"
    before = path.stat().st_mtime_ns
    write_statement(tmp_path)
    assert path.stat().st_mtime_ns == before
    assert read_tested().standard in path.read_text(encoding="utf-8")
