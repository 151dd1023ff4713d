"""Slides: native, spoken for, told to those who do not see them, and in the organisation's own looks."""

from __future__ import annotations

import getpass
import io
import json
import math
import re
import socket
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Inches

from dimios_core.office.slides.plane import PLOT
from tests.export.command import dimios_export, find_county_export, find_export
from tests.export.slide_charts import read_rows
from tests.office.libreoffice import convert_with_office

CASES = [("almvik", "sv"), ("almvik", "en"), ("vintersjo", "sv"), ("county", "sv"), ("national", "sv")]
MIN_N, MAX_N = 10, 14
#: slides that some decks have beside: the organisation's own words, and a profile that is on offer
MORE = ("Våra egna slutsatser", "Our own conclusions", "Samma sak som profil", "The same as a profile")


def place_of(outputs: Path, who: str, language: str) -> Path:
    return (
        find_county_export(outputs, "pptx", "county-14" if who == "county" else who)
        if who in ("county", "national")
        else find_export(outputs, who, "pptx", language)
    )


@pytest.fixture(params=CASES, ids="-".join)
def path(request, outputs) -> Path:
    return place_of(outputs, *request.param)


def charts_of(path: Path) -> list:
    return [shape.chart for slide in Presentation(path).slides for shape in slide.shapes if shape.has_chart]


def test_there_are_slides_for_an_hour_each_with_a_title_of_its_own_and_notes(path):
    slides = list(Presentation(path).slides)
    titles = [slide.shapes.title.text for slide in slides]
    # what the organisation concludes itself is one more
    more_n = sum(title.startswith(MORE) for title in titles)
    assert MIN_N <= len(slides) <= MAX_N + more_n
    assert len(set(titles)) == len(titles) and all(titles)
    assert all(len(slide.notes_slide.notes_text_frame.text) > 20 for slide in slides)
    assert not any(p.text_frame.text == "" for slide in slides for p in slide.placeholders)


def test_charts_and_tables_are_native_and_charts_are_told_in_words(path):
    shapes = [shape for slide in Presentation(path).slides for shape in slide.shapes]
    assert not any(shape.shape_type == 13 for shape in shapes)  # no pictures
    # where not all categories can be seen, no points are called strong or weak
    assert sum(shape.has_table for shape in shapes) >= (2 if "vintersjo" in path.name else 3)
    charts = [shape for shape in shapes if shape.has_chart]
    assert len(charts) >= 2
    for shape in charts:
        assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 40


def test_a_chart_can_be_edited_its_workbook_holds_what_is_drawn(outputs):
    for chart in charts_of(find_export(outputs, "almvik", "pptx")):
        blob = chart.part.chart_workbook.xlsx_part.blob
        (sheet,) = openpyxl.load_workbook(io.BytesIO(blob)).worksheets
        held = {c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float)}
        drawn = {v for plot in chart.plots for series in plot.series for v in series.values if v is not None}
        assert drawn and drawn <= held


def test_levels_carry_their_intervals(outputs):
    scores = pd.read_parquet(outputs / "results" / "organisation=almvik" / "scores.parquet")
    whole = scores.query("unit == '*' and role == '*' and period == '2026' and level == 'category'")
    (rows,) = filter(None, map(read_rows, charts_of(find_export(outputs, "almvik", "pptx"))))
    assert list(rows.values()) == list(
        whole[["score", "ci_low", "ci_high"]].itertuples(index=False, name=None)
    )


def test_the_present_place_has_its_region(outputs):
    regions = pd.read_parquet(outputs / "results" / "organisation=almvik" / "regions.parquet")
    row = regions.query("unit == '*' and role == '*' and period == '2026'").iloc[0]
    slides = Presentation(find_export(outputs, "almvik", "pptx")).slides
    (region,) = [s for slide in slides for s in slide.shapes if s.name == "Vår osäkerhet (95 %)"]
    (frame,) = [s for s in region.part.slide.shapes if s.has_chart]
    scale = frame.chart.value_axis
    per_point = frame.height * PLOT[3] / (scale.maximum_scale - scale.minimum_scale)
    angle = math.radians(row["angle"])
    # how far an ellipse reaches up from its middle; 72 corners come within 0.2 % of that
    reach = math.hypot(row["radius_major"] * math.sin(angle), row["radius_minor"] * math.cos(angle))
    assert region.height == pytest.approx(2 * reach * per_point, rel=0.005)


def test_what_a_chart_leaves_out_is_said_with_its_reason(outputs):
    words = [
        s.text_frame.text
        for slide in Presentation(find_export(outputs, "vintersjo", "pptx")).slides
        for s in slide.shapes
        if s.has_text_frame
    ]
    assert any(
        "Kan inte ritas: Användare och Teknik" in w and "för få svar på de flesta frågorna" in w
        for w in words
    )


def test_made_up_data_are_labelled_on_every_slide(path):
    label = (
        "Demo data, fictitious organisations" if "-en" in path.name else "Demodata, påhittade organisationer"
    )
    for slide in Presentation(path).slides:
        assert any(label in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_nothing_in_it_tells_of_the_machine_its_user_or_the_template_s_author(path, outputs):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any("printerSettings" in n or "thumbnail" in n or n == "docProps/app.xml" for n in parts)
    for place in (str(outputs), str(Path.home()), str(Path.cwd())):
        assert not any(place.encode() in part for part in parts.values())
    about = parts["docProps/core.xml"].decode()
    assert set(re.findall(r"<dcterms:\w+[^>]*>([^<]*)<", about)) == {"2000-01-01T00:00:00Z"}
    for name in (getpass.getuser(), socket.gethostname(), "Canny"):
        assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", about)


def test_the_organisation_s_own_template_gives_the_looks_and_not_its_slides(outputs, altered, tmp_path):
    own = Presentation()
    own.slide_width, own.slide_height = Inches(16), Inches(9)
    own.core_properties.author = "Somebody Somewhere"
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "An example to be left out"
    package = own.part.package
    authors = Part(
        PackURI("/ppt/commentAuthors.xml"), "application/xml", package, b"<authors>Somebody Else</authors>"
    )
    own.part.relate_to(authors, RELATIONSHIP_TYPE.COMMENT_AUTHORS)
    sections = (
        '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:ext uri="sections">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" /></p:ext></p:extLst>'
    )
    own.part._element.append(parse_xml(sections))
    # a link on the master to the template's own slide, and one to a file of somebody's
    logo = own.slide_master.shapes[0]
    logo.text_frame.text = "Click"
    for kind, target in (
        ("hlinkClick", own.slides[0].part),
        ("hlinkMouseOver", "file:///C:/Users/somebody/secret.png"),
    ):
        external = isinstance(target, str)
        key = own.slide_master.part.relate_to(
            target, RELATIONSHIP_TYPE.HYPERLINK if external else RELATIONSHIP_TYPE.SLIDE, is_external=external
        )
        logo.text_frame.paragraphs[0].runs[0]._r.get_or_add_rPr().append(
            parse_xml(
                f'<a:{kind} xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
                f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{key}"/>'
            )
        )
    template = tmp_path / "own.pptx"
    own.save(template)
    done = dimios_export(altered, "-o", "almvik", "--to", "pptx", "--template", str(template))
    assert done.returncode == 0, done.stderr
    made, plain = (Presentation(find_export(o, "almvik", "pptx")) for o in (altered, outputs))
    assert (made.slide_width, made.slide_height) == (Inches(16), Inches(9))
    titles = [[s.shapes.title.text for s in deck.slides] for deck in (made, plain)]
    assert titles[0] == titles[1]
    with zipfile.ZipFile(find_export(altered, "almvik", "pptx")) as archive:
        names = archive.namelist()
        parts = b"".join(archive.read(n) for n in names)
    assert not any(word in parts for word in (b"An example", b"Somebody", b"somebody", b"sectionLst"))
    assert len(names) == len(set(names))


def test_a_file_that_presentations_are_begun_from_and_titles_in_the_middle_serve_too(
    outputs, altered, tmp_path
):
    own = Presentation()
    for layout in (own.slide_master, *own.slide_layouts):
        for place in layout.placeholders:
            if place.placeholder_format.idx == 0:
                place.top, place.height = Inches(4), Inches(1.5)
    own.part._content_type = CONTENT_TYPE.PML_TEMPLATE_MAIN
    template = tmp_path / "own.potx"
    own.save(template)
    done = dimios_export(altered, "-o", "almvik", "--to", "pptx", "--template", str(template))
    assert done.returncode == 0, done.stderr
    made = Presentation(find_export(altered, "almvik", "pptx"))  # it would not open as what it was begun from
    for slide in list(made.slides)[1:]:
        title = slide.shapes.title
        bottom = title.top + title.height
        assert bottom < made.slide_height * 0.35
        assert all(s.top >= bottom for s in slide.shapes if s.has_chart or s.has_table)


@pytest.mark.parametrize(
    ("content", "told"), [(b"no zip", "cannot be read as a PowerPoint file"), (None, "cannot be read")]
)
def test_a_template_that_is_none_is_told(altered, tmp_path, content, told):
    template = tmp_path / "own.pptx"
    if content is not None:
        template.write_bytes(content)
    done = dimios_export(altered, "-o", "almvik", "--to", "pptx", "--template", str(template))
    assert done.returncode == 2
    assert told in done.stderr and "--template" in done.stderr


def test_they_open_in_libreoffice(outputs, tmp_path):
    paths = [place_of(outputs, *case) for case in CASES]
    convert_with_office(paths, "pdf", tmp_path)
    for path in paths:
        shown = pypdfium2.PdfDocument(tmp_path / f"{path.stem}.pdf")
        slides = list(Presentation(path).slides)
        assert len(shown) == len(slides)
        for page, slide in zip(shown, slides, strict=True):
            first = slide.shapes.title.text.split()[0]
            assert first in page.get_textpage().get_text_range()


def test_slides_of_many_tell_intervals_and_the_published_figures(outputs):
    """The county's table of organisations and the nation's of its weakest points, held against the public tables."""
    public = outputs / "results" / "public"
    named = pd.read_parquet(public / "named.parquet").query(
        "period == '2026' and county == '14' and id != ''"
    )
    tables = [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for who in ("county", "national")
        for slide in Presentation(place_of(outputs, who, "sv")).slides
        for shape in slide.shapes
        if shape.has_table
    ]
    heat = next(t for t in tables if t[1][0] == "Landets medelvärde")
    model = json.loads((public / "instrument.json").read_text(encoding="utf-8"))
    order = [c["id"] for c in model["categories"]]
    cells = {row[0]: row[1:] for row in heat[1:]}
    told = 0
    for r in named.query("level == 'category'").dropna(subset="score").itertuples():
        low, high = (f"{v:.0f}" for v in (r.low, r.high))
        expected = f"{r.score:.1f} ({low}–{high})".replace(".", ",", 1)
        assert cells[r.name][order.index(r.key)].startswith(expected)
        told += 1
    assert told >= 30
    levels = pd.read_parquet(public / "group_levels.parquet").query(
        "period == '2026' and group == 'all' and level == 'point'"
    )
    names = {p["name"]["sv"]: p["id"] for p in model["points"]}
    points = next(t for t in tables if t[0][:2] == ["Mätpunkt", "Medelvärde (%)"])
    for name, mean, interval, _ in points[1:]:
        row = levels[levels["key"] == names[name]].iloc[0]
        assert mean == f"{row['mean']:.1f}".replace(".", ",")
        assert interval == f"{row['ci_low']:.1f}–{row['ci_high']:.1f}".replace(".", ",")
    assert len(points) > 3


def test_decks_of_many_offer_the_categories_as_a_profile_of_the_published_means(outputs):
    levels = pd.read_parquet(outputs / "results" / "public" / "group_levels.parquet").query(
        "period == '2026' and level == 'category'"
    )
    for who, group in (("county", "county:14"), ("national", "all")):
        (chart,) = [
            c for c in charts_of(place_of(outputs, who, "sv")) if c.chart_type == XL_CHART_TYPE.RADAR_MARKERS
        ]
        means = levels[levels["group"] == group]["mean"].tolist()
        assert len(means) == 6 and sorted(chart.plots[0].series[0].values) == sorted(means)


NEXT = {
    "sv": ("Tre saker att ta tag i", "Kompetensmix", "Organisation ligger 10,0 procentenheter under andra kommuner (osäkerhet 4,3–15,6)."),
    "en": ("Three things to deal with", "Competence mix", "Organisation is 10.0 percentage points below other municipalities (uncertainty 4.3–15.6)."),
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_to_do_next_is_a_slide_with_its_reasons(outputs, language):
    slides = {s.shapes.title.text: s for s in Presentation(place_of(outputs, "almvik", language)).slides}
    title, point, why = NEXT[language]
    (table,) = [shape.table for shape in slides[title].shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert len(rows) == 1 + 3
    assert point in rows[1][0] and rows[1][1].replace("\u00a0", " ") == why


def test_own_conclusions_are_a_slide_as_the_organisations_own(outputs):
    slides = {s.shapes.title.text: s for s in Presentation(place_of(outputs, "almvik", "sv")).slides}
    own = slides["Våra egna slutsatser"]
    text = " ".join(shape.text_frame.text for shape in own.shapes if shape.has_text_frame)
    assert "Kommunledningsgruppen, 16 november 2026" in text and "inte granskad" in text
    assert "vi äger inte det vi redan har" in text and "**" not in text
    assert (
        "Vi frågar systemförvaltarna innan vi drar några slutsatser." in own.notes_slide.notes_text_frame.text
    )
    others = [s.shapes.title.text for s in Presentation(place_of(outputs, "vintersjo", "sv")).slides]
    assert "Våra egna slutsatser" not in others
