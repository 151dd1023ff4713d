"""Writes a deck as a PowerPoint file, in the organisation's own template where one is given.

Its bytes depend on the deck and the template alone; its properties name no user, host or path.
"""

from __future__ import annotations

import io
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as PptxPresentation
from pptx.slide import Slide as PptxSlide
from pptx.slide import SlideLayout
from pptx.util import Emu, Inches, Pt

from dimios_core.archives import freeze
from dimios_core.languages import formats_of, say
from dimios_core.markup import markup
from dimios_core.office.slides.charts import add_chart
from dimios_core.office.slides.fitting import TITLE_PT, fit_table, fit_title, fit_words, measure_height
from dimios_core.office.slides.marks import OWN, Box, name_spaces
from dimios_core.office.slides.outline import Deck, Plane, Slide, SlideTable
from dimios_core.office.slides.plane import PLOT
from dimios_core.office.slides.properties import describe
from dimios_core.office.slides.template import HEIGHT, MARGIN, WIDTH, open_plain, open_template, title_of

QUIET = RGBColor.from_string("59626B")
LEAD_PT, POINT_PT, FOOTER_PT, BIG_PT = 20, 18, 11, 54
#: between a title and what stands under it
GAP = Inches(0.1)
#: words that are all there is under a title
ALONE_PT = 28
#: a title that ends further down leaves no room under it
TITLE_ENDS = 0.35


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
    presentation = open_plain() if template is None else open_template(template)
    writer = _Writer(presentation, deck)
    writer.write()
    describe(presentation, deck)
    target = io.BytesIO()
    presentation.save(target)
    # charts carry a workbook each, with a clock of its own
    return freeze(target.getvalue(), lambda name, part: freeze(part) if name.endswith(".xlsx") else part)


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
        titled = [layout for layout in layouts if title_of(layout) is not None]
        first = next((layout for layout in titled if layout._element.get("type") == "title"), titled[0])
        # a title at the top, and fewest other places to fill: "Title Only", whatever a template calls it
        plain = min(titled, key=lambda layout: (not self._is_high(layout), len(list(layout.placeholders))))
        self._write_first(first)
        for number, slide in enumerate(self.deck.slides, start=2):
            self._write_slide(slide, plain, number)
        for page in self.presentation.slides:
            for run in page._element.iter(qn("a:rPr"), qn("a:endParaRPr")):
                run.set("lang", say(self.deck.language, "language.locale"))
            for run in page.notes_slide._element.iter(qn("a:r")):
                run.get_or_add_rPr().set("lang", say(self.deck.language, "language.locale"))

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
        size = fit_title(slide.title, int(title.width), int(title.height) + GAP)
        if size < TITLE_PT:  # else as large as the template has it
            title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
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
        size = fit_words(tuple(words), POINT_PT, width, bottom - top_words)
        self._add_words(page, words, size, top_words, bottom - top_words, width)
        if slide.chart is not None:
            gap = int(self.inner * 0.03)
            box = (self.left + width + gap, top, self.inner - width - gap, bottom - top)
            self._add_chart(page, slide, box)

    def _write_below(self, page: PptxSlide, slide: Slide, top: int, bottom: int) -> None:
        """Words first, then the chart, the table, or both side by side."""
        if slide.lead:
            height = measure_height([slide.lead], LEAD_PT, self.inner)
            self._add_words(page, [slide.lead], LEAD_PT, top, height)
            top += height + Inches(0.1)
        if slide.points:
            largest = POINT_PT + 2 if slide.lead else ALONE_PT
            size = fit_words(slide.points, largest, self.inner, bottom - top)
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
        title = title_of(layout)
        if title is None or title.top is None or title.height is None:
            return False
        return int(title.top + title.height) <= TITLE_ENDS * self.height

    def _below(self, page: PptxSlide) -> int:
        """Return where the title ends."""
        title = page.shapes.title
        return int((title.top or 0) + (title.height or 0)) + GAP

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
                properties.append(parse_xml(markup('<a:buChar{} char="•"/>', name_spaces("a"))))

    def _add_chart(self, page: PptxSlide, slide: Slide, box: Box) -> None:
        assert slide.chart is not None
        frame = add_chart(page, slide.chart, box, formats_of(self.deck.language).decimal)
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

    def _add_table(
        self, page: PptxSlide, table: SlideTable, left: int, top: int, width: int, bottom: int
    ) -> None:
        size = fit_table(table, width, bottom - top)
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
                markup(
                    '<a:fld{} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
                    '<a:rPr sz="{}"/><a:t>{}</a:t></a:fld>',
                    *(name_spaces("a"), FOOTER_PT * 100, number),
                )
            )
        )


def _drop(placeholders: Any) -> None:
    """Take empty places away: they would ask to be clicked."""
    for placeholder in list(placeholders):
        placeholder._element.getparent().remove(placeholder._element)


def _note(page: PptxSlide, words: str) -> None:
    page.notes_slide.notes_text_frame.text = words
