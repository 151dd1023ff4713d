"""The report on paper: tagged, whole, short where it says so, and made by nobody's machine."""

from __future__ import annotations

import getpass
import itertools
import json
import re
import socket
import subprocess
import sys
from html import unescape
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from dimios_core.export.pdf import make_short_pdf, tell_once
from dimios_core.office.pdf.blocks import read_blocks
from dimios_core.office.pdf.paper import Chapter
from dimios_core.office.pdf_text import read_pdf
from dimios_core.page.whole import WholeReport
from tests.export.command import find_county_export, find_export

FILES = [("almvik", "pdf", "sv"), ("almvik", "tabeller.pdf", "sv"), ("almvik", "kort.pdf", "sv"), ("almvik", "short.pdf", "en"),
         ("vintersjo", "pdf", "sv"), ("vintersjo", "kort.pdf", "sv"), ("almvik", "nasta-steg.pdf", "sv"),
         ("almvik", "next-steps.pdf", "en")]  # fmt: skip


@pytest.fixture(params=FILES, ids="-".join)
def file(request, outputs) -> Path:
    organisation, suffix, language = request.param
    return find_export(outputs, organisation, suffix, language)


def tags(document: pikepdf.Pdf) -> list[tuple[str, pikepdf.Dictionary]]:
    """All structure elements, in reading order."""
    found: list[tuple[str, pikepdf.Dictionary]] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), node))
            if "/K" in node:
                walk(node.K)

    walk(document.Root.StructTreeRoot.K)
    return found


def words_of(path: Path) -> str:
    """Text of all pages, with words that were cut at a line's end made whole."""
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s+", " ", re.sub("[\ufffe\u00ad-]\r?\n", "", text).replace("\ufffe", ""))


def test_a_validator_finds_no_breach_of_pdf_ua(file, tmp_path):
    told = tmp_path / "told.json"
    # a header row repeated on the next sheet is an artifact, as the standard wants it; drawings are painted when they fit
    # and a section that every chapter ends with may have its heading at the top of several sheets, which is no running head
    skipped = ["--skip", "TAG-002", "--skip", "ORD-001", "--skip", "PAG-001"]
    command = [Path(sys.executable).with_name("outloud"), *skipped, "--json", told, file]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = json.loads(told.read_text(encoding="utf-8"))["results"]
    assert result["counts"]["error"] == result["counts"]["warning"] == 0
    assert result["stats"]["tagged"]


def test_it_is_tagged_in_the_readers_language_with_a_title_and_bookmarks(file):
    with pikepdf.open(file) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == file.parent.name
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert "/Outlines" in root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            name = {"almvik": "Almviks kommun", "vintersjo": "Vintersjö kommun"}[file.parent.parent.name]
            assert "2026" in metadata["dc:title"] and name in metadata["dc:title"]


def test_headings_are_in_order_and_every_picture_is_told(file):
    with pikepdf.open(file) as document:
        found = tags(document)
    levels = [int(name[2:]) for name, _ in found if re.fullmatch(r"/H[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    pictures = [node for name, node in found if name == "/Figure"]
    assert len(pictures) > 3 or any(word in file.name for word in ("tabeller", "steg", "steps"))
    assert all(len(str(node.get("/Alt", ""))) > 20 for node in pictures)


def test_tables_behind_the_charts_have_header_cells(outputs):
    with pikepdf.open(find_export(outputs, "almvik", "tabeller.pdf")) as document:
        names = [name for name, _ in tags(document)]
    assert names.count("/Table") > 15
    assert names.count("/TH") > 60
    assert names.count("/TD") > 1_000


def test_it_says_what_the_notebooks_say(outputs):
    """Every heading and every answer of the pages stands in it, word for word."""
    text = words_of(find_export(outputs, "almvik", "pdf"))
    folder = outputs / "reports" / "2026" / "almvik" / "sv"
    said = []
    for path in sorted(folder.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                html = "".join(output.get("data", {}).get("text/html", ""))
                html = html.partition('<div class="on-demand">')[
                    0
                ]  # what is for those who search is not on paper
                said += re.findall(
                    r'<h[23][^>]*>(.*?)</h[23]>|<p class="(?:answer|lead|small)[^>]*>(.*?)</p>', html
                )
    told = [re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", a or b))).strip() for a, b in said]
    assert len(told) > 100
    # words alone: a line may end at any hyphen or space
    run_together = re.sub(r"[\s-]", "", text)
    missing = [t for t in told if re.sub(r"[\s-]", "", t) not in run_together]
    assert missing == []


def test_a_short_version_has_four_pages_at_most_and_holds_the_figures(outputs):
    for organisation, suffix, language in FILES:
        if not suffix.endswith("t.pdf"):
            continue
        path = find_export(outputs, organisation, suffix, language)
        assert len(pypdfium2.PdfDocument(path)) <= 4
    whole, short = (words_of(find_export(outputs, "almvik", s)) for s in ("pdf", "kort.pdf"))
    assert "54,5 %" in short and "54,5 %" in whole


def test_a_whole_report_of_a_small_organisation_has_25_pages_at_most(outputs):
    assert len(pypdfium2.PdfDocument(find_export(outputs, "almvik", "pdf"))) <= 25


STEPS = {
    "sv": ("Nästa steg", "Det här gör vi", "Att prata om"),
    "en": ("Next steps", "What we will do", "To talk about"),
}


@pytest.mark.parametrize(
    ("organisation", "language"), [("almvik", "sv"), ("almvik", "en"), ("vintersjo", "sv")]
)
def test_the_short_version_ends_with_what_to_do_and_that_is_a_sheet_of_its_own(
    outputs, organisation, language
):
    suffixes = {"sv": ("kort.pdf", "nasta-steg.pdf"), "en": ("short.pdf", "next-steps.pdf")}[language]
    short, sheet = (pypdfium2.PdfDocument(find_export(outputs, organisation, s, language)) for s in suffixes)
    assert len(sheet) == 1
    last = short[len(short) - 1].get_textpage().get_text_range()
    alone = sheet[0].get_textpage().get_text_range()
    for words in STEPS[language]:
        assert words in last and words in alone
    # how it is computed is two lines, before what to do
    method = {
        "sv": "konfidensintervall; säkerställt är",
        "en": "confidence interval; statistically significant is",
    }[language]
    pages = [" ".join(p.get_textpage().get_text_range().split()) for p in short]
    assert method in pages[-2] and method not in pages[-1]


def test_whole_sections_give_way_before_the_short_version_is_too_long():
    def section(title: str, n: int) -> str:
        return f"<section class='dimios'><h2>{title}</h2>{'<p>ord</p>' * n}</section>"

    steps = '<section class="dimios"><h2>Sist</h2><div class="next-steps"><p>gör</p></div></section>'
    pieces = [
        "<section class='dimios'><h1>x</h1><p>y</p></section>",
        section("A", 60),
        section("B", 60),
        section("C", 60),
    ]
    pages = {"our_result": [*pieces, section("Metod", 1)], "improvements": [steps]}
    report = WholeReport("Lillby", "2026", "sv", None, {"stamp.json": "a"}, pages)
    short = pypdfium2.PdfDocument(make_short_pdf(report, "Digital mognad"))
    text = " ".join(p.get_textpage().get_text_range() for p in short)
    assert len(short) == 4
    assert "A" in text and "B" in text and "Metod" not in text
    assert "Sist" in short[3].get_textpage().get_text_range()


def test_small_print_is_told_once():
    def page(*small: str) -> list[str]:
        words = "".join(f"<p class='small'>{text}</p>" for text in small)
        return [f"<section class='dimios'><h2>Head</h2><p>same</p><h2>Small</h2>{words}</section>"]

    pages = {"our_result": page("a", "b"), "everyones_result": page("a", "b"), "improvements": page("b", "c")}
    chapters = [Chapter(name, read_blocks(pieces)) for name, pieces in pages.items()]
    said = [[b["runs"][0]["text"] for b in c.blocks] for c in tell_once(chapters)]
    assert said == [["Head", "same", "Small", "a", "b"], ["Head", "same"], ["Head", "same", "Small", "c"]]


def test_a_short_version_of_many_words_gives_way_or_says_so():
    word = "<section class='dimios'><h1>x</h1>" + "<p>ord</p>" * 400 + "</section>"
    report = WholeReport("Lillby", "2026", "sv", None, {"stamp.json": "a"}, {"our_result": [word]})
    with pytest.raises(ValueError, match="4 is the most"):
        make_short_pdf(report, "Digital mognad")


def test_made_up_data_are_labelled_on_every_page(file):
    label = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}[
        file.parent.name
    ]
    for page in pypdfium2.PdfDocument(file):
        assert label in page.get_textpage().get_text_range()


def test_nothing_in_it_tells_of_the_machine_or_the_day(file, outputs):
    texts = [text for _, text in read_pdf(file.read_bytes())]
    for place in (str(outputs), str(Path.home()), str(Path.cwd()), "/tmp/"):
        assert not any(place in text for text in texts)
    with pikepdf.open(file) as document:
        about = {key: str(value) for key, value in document.docinfo.items()}
    assert set(about) == {"/Title", "/Author", "/Creator", "/Keywords"}
    for name in (getpass.getuser(), socket.gethostname()):
        assert not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", value) for value in about.values())


def test_a_county_has_one_too(outputs):
    text = words_of(find_county_export(outputs, "pdf"))
    assert "Västra Götalands län" in text
    assert "Vilka kompetenser saknar flera?" in text
