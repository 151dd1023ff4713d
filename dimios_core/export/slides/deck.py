"""Writes a deck as a PowerPoint file, in the organisation's own template where one is given.

Its bytes depend on the deck and the template alone; its properties name no user, host or path.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as PptxPresentation
from pptx.slide import Slide as PptxSlide
from pptx.slide import SlideLayout
from pptx.util import Emu, Inches, Pt

from dimios_core.archives import freeze
from dimios_core.errors import InputError, Problem
from dimios_core.export.slides.charts import PLOT, Box, add_chart
from dimios_core.export.slides.outline import Deck, Plane, Slide, Table
from dimios_core.office.office_text import READS_PROPERTY

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - python-pptx takes times without a zone
LOCALES = {"sv": "sv-SE", "en": "en-GB"}
QUIET, OWN = RGBColor.from_string("59626B"), RGBColor.from_string("1D4F86")
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
#: share of the slide's width and height that stays free at the sides
MARGIN = 0.05
LEAD_PT, POINT_PT, CELL_PT, FOOTER_PT, BIG_PT = 20, 18, 16, 11, 54
#: width of a letter beside its height, on average
LETTER = 0.56
LINE = 1.25
#: the first colour of python-pptx's own template: that of tables
PLAIN_ACCENT = b"4F81BD"
#: what kinds of presentation call themselves: for showing, to begin from, with programs
MAIN_TYPE = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.presentationml\.(?:template|slideshow)"
    rb"|ms-powerpoint\.(?:presentation|template|slideshow)\.macroEnabled)\.main\+xml"
)
PLAIN_TYPE = CONTENT_TYPE.PML_PRESENTATION_MAIN.encode()
#: a title that ends further down leaves no room under it
TITLE_ENDS = 0.35
#: what of a file is needed to show it. All else stays behind: who commented and revised a template, on what machine,
#: programs and data of its own
KEPT = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES, RELATIONSHIP_TYPE.SLIDE_MASTER,
    RELATIONSHIP_TYPE.NOTES_MASTER, RELATIONSHIP_TYPE.HANDOUT_MASTER, RELATIONSHIP_TYPE.SLIDE, RELATIONSHIP_TYPE.THEME,
    RELATIONSHIP_TYPE.TABLE_STYLES, RELATIONSHIP_TYPE.PRES_PROPS, RELATIONSHIP_TYPE.VIEW_PROPS, RELATIONSHIP_TYPE.FONT,
}  # fmt: skip
#: what a master or layout is drawn with
LOOKS = {
    RELATIONSHIP_TYPE.SLIDE_MASTER, RELATIONSHIP_TYPE.SLIDE_LAYOUT, RELATIONSHIP_TYPE.THEME, RELATIONSHIP_TYPE.IMAGE,
}  # fmt: skip
LINKS = {qn("a:hlinkClick"), qn("a:hlinkHover"), qn("a:hlinkMouseOver"), qn("p:custDataLst")}
SHAPE_TREES = {qn("p:spTree"), qn("p:cSld"), qn("p:sldMaster"), qn("p:sldLayout")}
#: parts of a presentation that speak of slides or data left behind: sections, own shows, labels
OF_WHAT_IS_GONE = ("p:custShowLst", "p:custDataLst", "p:smartTags", "p:extLst")


def write_deck(deck: Deck, template: bytes | None = None) -> bytes:
    """Write a deck.

    Parameters
    ----------
    deck : Deck
    template : bytes, optional
        A .pptx or .potx file whose masters, layouts and colours are used; its own slides are left out.

    Returns
    -------
    bytes
        A .pptx file.
    """
    presentation = _open_plain() if template is None else _open_template(template)
    writer = _Writer(presentation, deck)
    writer.write()
    _describe(presentation, deck)
    target = io.BytesIO()
    presentation.save(target)
    # charts carry a workbook each, with a clock of its own
    return freeze(target.getvalue(), lambda name, part: freeze(part) if name.endswith(".xlsx") else part)


def check_template(template: bytes, where: str) -> None:
    """Raise unless a file can serve as a template.

    Raises
    ------
    InputError
        It is no PowerPoint file, or no layout of it has a title.
    """
    remedy = "give a .pptx or .potx file that has at least one layout with a title"
    try:
        presentation = _load(template)
    except Exception as error:
        raise InputError(Problem(where, f"cannot be read as a PowerPoint file: {error}", remedy)) from error
    if all(_title_of(layout) is None for layout in presentation.slide_layouts):
        raise InputError(Problem(where, "no layout has a title", remedy))
    if presentation.notes_master.placeholders and not any(
        p.placeholder_format.type == PP_PLACEHOLDER.BODY for p in presentation.notes_master.placeholders
    ):
        raise InputError(
            Problem(where, "its notes have no room for text", "add a text field to its notes master")
        )


class _Writer:
    def __init__(self, presentation: PptxPresentation, deck: Deck) -> None:
        self.presentation, self.deck = presentation, deck
        self.width, self.height = (
            int(presentation.slide_width or WIDTH),
            int(presentation.slide_height or HEIGHT),
        )
        self.left = int(self.width * MARGIN)
        self.inner = self.width - 2 * self.left

    def write(self) -> None:
        layouts = list(self.presentation.slide_layouts)
        titled = [layout for layout in layouts if _title_of(layout) is not None]
        first = next((layout for layout in titled if layout._element.get("type") == "title"), titled[0])
        # a title at the top, and fewest other places to fill: "Title Only", whatever a template calls it
        plain = min(titled, key=lambda layout: (not self._is_high(layout), len(list(layout.placeholders))))
        self._write_first(first)
        for number, slide in enumerate(self.deck.slides, start=2):
            self._write_slide(slide, plain, number)
        for page in self.presentation.slides:
            for run in page._element.iter(qn("a:rPr"), qn("a:endParaRPr")):
                run.set("lang", LOCALES[self.deck.language])
            for run in page.notes_slide._element.iter(qn("a:r")):
                run.get_or_add_rPr().set("lang", LOCALES[self.deck.language])

    def _write_first(self, layout: SlideLayout) -> None:
        page = self.presentation.slides.add_slide(layout)
        page.shapes.title.text = self.deck.title
        others = [p for p in page.placeholders if p.placeholder_format.idx != 0]
        if others:
            others[0].text_frame.text = self.deck.subtitle
            _drop(others[1:])
        else:
            self._add_words(page, [self.deck.subtitle], LEAD_PT, self._below(page), Inches(1))
        self._add_footer(page, 1)
        _note(page, self.deck.notes)

    def _write_slide(self, slide: Slide, layout: SlideLayout, number: int) -> None:
        page = self.presentation.slides.add_slide(layout)
        title = page.shapes.title
        title.text = slide.title
        if not self._is_high(layout):
            title.left, title.top, title.width, title.height = (
                Emu(self.left), Inches(0.35), Emu(self.inner), Inches(0.85),
            )  # fmt: skip
        _drop([p for p in page.placeholders if p.placeholder_format.idx != 0])
        top, bottom = self._below(page), self.height - Inches(0.55)
        if isinstance(slide.chart, Plane) or slide.big:
            self._write_beside(page, slide, top, bottom)
        else:
            self._write_below(page, slide, top, bottom)
        self._add_footer(page, number)
        _note(page, slide.notes)

    def _write_beside(self, page: PptxSlide, slide: Slide, top: int, bottom: int) -> None:
        """A figure and words to the left, the chart to the right."""
        width = int(self.inner * 0.45) if slide.chart is not None else self.inner
        if slide.big:
            self._add_words(page, [slide.big], BIG_PT, top, Inches(1.0), width, color=OWN)
            self._add_words(
                page, [slide.under], POINT_PT - 2, top + Inches(1.0), Inches(0.4), width, color=QUIET
            )
            top_words = top + Inches(1.5)
        else:
            top_words = top
        words = [w for w in (slide.lead, *slide.points) if w]
        self._add_words(page, words, POINT_PT, top_words, bottom - top_words, width)
        if slide.chart is not None:
            gap = int(self.inner * 0.03)
            box = (self.left + width + gap, top, self.inner - width - gap, bottom - top)
            self._add_chart(page, slide, box)

    def _write_below(self, page: PptxSlide, slide: Slide, top: int, bottom: int) -> None:
        """Words first, then the chart, the table, or both side by side."""
        if slide.lead:
            height = _height([slide.lead], LEAD_PT, self.inner)
            self._add_words(page, [slide.lead], LEAD_PT, top, height)
            top += height + Inches(0.1)
        if slide.points:
            size = _fit(slide.points, POINT_PT + 2, self.inner, bottom - top)
            self._add_words(page, list(slide.points), size, top, bottom - top, bullets=len(slide.points) > 1)
        elif slide.chart is not None and slide.table is not None:
            width = int(self.inner * 0.5)
            self._add_chart(page, slide, (self.left, top, width, bottom - top))
            self._add_table(
                page,
                slide.table,
                self.left + width + Inches(0.2),
                top,
                self.inner - width - Inches(0.2),
                bottom,
            )
        elif slide.chart is not None:
            self._add_chart(page, slide, (self.left, top, self.inner, bottom - top))
        elif slide.table is not None:
            self._add_table(page, slide.table, self.left, top, self.inner, bottom)

    def _is_high(self, layout: SlideLayout) -> bool:
        """Tell whether a layout's title has a place, near the top."""
        title = _title_of(layout)
        if title is None or title.top is None or title.height is None:
            return False
        return int(title.top + title.height) <= TITLE_ENDS * self.height

    def _below(self, page: PptxSlide) -> int:
        """Return where the title ends."""
        title = page.shapes.title
        return int((title.top or 0) + (title.height or 0)) + Inches(0.1)

    def _add_words(
        self, page: PptxSlide, words: list[str], size: float, top: int, height: int, width: int = 0,
        *, color: RGBColor | None = None, bullets: bool = False,
    ) -> None:  # fmt: skip
        box = page.shapes.add_textbox(Emu(self.left), Emu(top), Emu(width or self.inner), Emu(height))
        frame = box.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = 0
        for i, text in enumerate(words):
            paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size * 0.5)
            run = paragraph.add_run()
            run.text, run.font.size = text, Pt(size)
            if color is not None:
                run.font.color.rgb, run.font.bold = color, color == OWN
            if bullets:
                properties = paragraph._p.get_or_add_pPr()
                properties.set("marL", str(Inches(0.35)))
                properties.set("indent", str(-Inches(0.35)))
                properties.append(parse_xml(f'<a:buChar {nsdecls("a")} char="•"/>'))

    def _add_chart(self, page: PptxSlide, slide: Slide, box: Box) -> None:
        assert slide.chart is not None
        frame = add_chart(page, slide.chart, box)
        told = " ".join(w for w in (slide.lead, slide.told) if w)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", told)
        frame.name = slide.title
        if isinstance(slide.chart, Plane):
            self._name_corners(page, slide.chart, box)

    def _name_corners(self, page: PptxSlide, plane: Plane, box: Box) -> None:
        """Name the quadrants over the chart, whose plot has a fixed place."""
        left, top, width, height = box
        plot_left, plot_top, plot_width, plot_height = PLOT
        size = (int(width * plot_width / 2), Inches(0.35))
        lower = plot_top + plot_height - size[1] / height
        places = ((0.0, lower), (0.5, lower), (0.0, plot_top), (0.5, plot_top))
        for name, (across, down) in zip(plane.corners, places, strict=True):
            left_of_it = left + int(width * (plot_left + across * plot_width))
            label = page.shapes.add_textbox(Emu(left_of_it), Emu(top + int(height * down)), *size)
            label.text_frame.margin_top = label.text_frame.margin_bottom = 0
            label.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if across else PP_ALIGN.LEFT
            run = label.text_frame.paragraphs[0].add_run()
            run.text, run.font.size, run.font.color.rgb = name, Pt(12), QUIET

    def _add_table(self, page: PptxSlide, table: Table, left: int, top: int, width: int, bottom: int) -> None:
        size = _fit_table(table, width, bottom - top)
        frame = page.shapes.add_table(
            len(table.rows) + 1,
            len(table.headers),
            Emu(left),
            Emu(top),
            Emu(width),
            Inches(0.4) * (len(table.rows) + 1),
        )
        frame.name = page.shapes.title.text
        shown, shares = frame.table, sum(table.shares)
        for i, share in enumerate(table.shares):
            shown.columns[i].width = Emu(int(width * share / shares))
        for y, row in enumerate((table.headers, *table.rows)):
            for x, text in enumerate(row):
                cell = shown.cell(y, x)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.margin_top = cell.margin_bottom = Inches(0.04)
                paragraph = cell.text_frame.paragraphs[0]
                run = paragraph.add_run()
                run.text, run.font.size = text, Pt(size)
                if x in table.numeric:
                    paragraph.alignment = PP_ALIGN.RIGHT
        if not any(any(row) for row in table.rows):  # to be filled in
            for row in list(shown.rows)[1:]:
                row.height = Inches(0.8)

    def _add_footer(self, page: PptxSlide, number: int) -> None:
        top = self.height - Inches(0.45)
        box = page.shapes.add_textbox(Emu(self.left), Emu(top), Emu(self.inner), Inches(0.35))
        frame = box.text_frame
        frame.margin_left, frame.word_wrap = 0, True
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size, run.font.color.rgb = f"{self.deck.footer}  ·  ", Pt(FOOTER_PT), QUIET
        frame.paragraphs[0]._p.append(
            parse_xml(
                f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
                f'<a:rPr sz="{FOOTER_PT * 100}"/><a:t>{number}</a:t></a:fld>'
            )
        )


def _open_plain() -> PptxPresentation:
    """Open python-pptx's own template, made as wide as screens are, with quiet titles."""
    presentation = Presentation()
    stretch = WIDTH / int(presentation.slide_width or WIDTH)
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    master = presentation.slide_master
    for place in (master, *presentation.slide_layouts):
        for shape in place.shapes:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = Emu(int(shape.left * stretch)), Emu(int(shape.width * stretch))
    for place in (master, presentation.slide_layouts[5]):
        for shape in place.placeholders:
            if shape.placeholder_format.type is not None and shape.placeholder_format.idx == 0:
                shape.left, shape.top = Emu(int(WIDTH * MARGIN)), Inches(0.35)
                shape.width, shape.height = Emu(int(WIDTH * (1 - 2 * MARGIN))), Inches(0.85)
                shape.text_frame._txBody.bodyPr.set("lIns", "0")
    subtitle = presentation.slide_layouts[0].placeholders[1]
    for shape in (presentation.slide_layouts[0].placeholders[0], subtitle):
        shape.left, shape.width = Emu(int(WIDTH * MARGIN)), Emu(int(WIDTH * (1 - 2 * MARGIN)))
    for level in subtitle._element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
    for relation in master.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.THEME:
            theme = relation.target_part
            theme._blob = theme.blob.replace(PLAIN_ACCENT, str(OWN).encode())
    style = master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    properties = style.find(qn("a:defRPr"))
    properties.set("sz", "3200")
    properties.set("b", "1")
    return presentation


def _load(template: bytes) -> PptxPresentation:
    """Load a presentation, or a file that presentations are begun from (.potx), as a presentation."""

    def name_plainly(name: str, part: bytes) -> bytes:
        return MAIN_TYPE.sub(PLAIN_TYPE, part) if name == "[Content_Types].xml" else part

    return Presentation(io.BytesIO(freeze(template, name_plainly)))


def _open_template(template: bytes) -> PptxPresentation:
    """Open a template without its own slides."""
    presentation = _load(template)
    slides = presentation.slides._sldIdLst
    for entry in list(slides):
        presentation.part.drop_rel(entry.rId)
        slides.remove(entry)
    for tag in OF_WHAT_IS_GONE:
        for found in presentation.part._element.findall(qn(tag)):
            presentation.part._element.remove(found)
    for master in presentation.slide_masters:
        for place in (master, *master.slide_layouts):
            _keep_looks(place.part)
    return presentation


def _keep_looks(part: Any) -> None:
    """Leave of a master or layout what it draws itself: no links, no files of its own, nothing that is fetched."""
    for key, relation in list(part.rels.items()):
        if relation.reltype in LOOKS and not relation.is_external:
            continue
        for user in [e for e in part._element.iter() if key in e.attrib.values()]:
            # a link goes; what shows something else goes with its whole shape
            while user.tag not in LINKS and user.getparent().tag not in SHAPE_TREES:
                user = user.getparent()
            user.getparent().remove(user)
        part.rels.pop(key)


def _describe(presentation: PptxPresentation, deck: Deck) -> None:
    """Write the file's properties anew: what it is, and of what it was made."""
    package = presentation.part.package
    for part in (package, presentation.part):
        relations = part._rels
        for key, relation in list(relations.items()):
            if relation.reltype not in KEPT:
                relations.pop(key)
    about = presentation.core_properties
    about.title, about.subject, about.author = deck.title, deck.footer, ""
    about.last_modified_by = about.comments = about.keywords = about.category = about.content_status = ""
    about.identifier = about.version = ""
    about.created = about.modified = CREATED
    about.last_printed = CREATED
    about.language, about.revision = LOCALES[deck.language], 1
    part = Part(
        PackURI("/docProps/custom.xml"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, package, _write_reads(deck)
    )
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def _write_reads(deck: Deck) -> bytes:
    """Return the custom properties that tell which published files the deck was made of."""
    kind = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    entries = "".join(
        f'<property fmtid="{kind}" pid="{i}" name={quoteattr(READS_PROPERTY + name)}><vt:lpwstr>{held}</vt:lpwstr></property>'
        for i, (name, held) in enumerate(deck.reads.items(), start=2)
    )
    spaces = (
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties {spaces}>{entries}</Properties>'.encode()


def _title_of(layout: SlideLayout) -> Any:
    """Return where a layout has its title, or None."""
    return next((p for p in layout.placeholders if p.placeholder_format.idx == 0), None)


def _drop(placeholders: Any) -> None:
    """Take empty places away: they would ask to be clicked."""
    for placeholder in list(placeholders):
        placeholder._element.getparent().remove(placeholder._element)


def _note(page: PptxSlide, words: str) -> None:
    page.notes_slide.notes_text_frame.text = words


def _height(words: list[str], size: float, width: int) -> int:
    """Return the height that words take, in EMU."""
    letters = max(1, int(width / Pt(1) / (size * LETTER)))
    lines = sum(-(-max(1, len(text)) // letters) for text in words)
    return int(Pt(size * LINE) * lines + Pt(size * 0.5) * len(words))


def _fit(words: tuple[str, ...], size: float, width: int, height: int) -> float:
    """Return the largest type size, down to 12 points, in which words take no more than a height."""
    while size > 12 and _height(list(words), size, width) > height:
        size -= 1
    return size


def _fit_table(table: Table, width: int, height: int) -> float:
    """Return the largest type size, down to 11 points, in which a table takes no more than a height."""
    for size in range(CELL_PT, 11, -1):
        taken = 0
        for row in (table.headers, *table.rows):
            lines = 1
            for text, share in zip(row, table.shares, strict=True):
                letters = max(
                    1, int((width * share / sum(table.shares) - Inches(0.2)) / Pt(1) / (size * LETTER))
                )
                lines = max(lines, -(-len(text) // letters))
            taken += int(Pt(size * LINE) * lines + Inches(0.08))
        if taken <= height:
            return size
    return 11
