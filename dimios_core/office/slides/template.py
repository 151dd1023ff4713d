"""What slides are begun from: a plain look of their own, or an organisation's template, of which the looks alone are kept."""

from __future__ import annotations

import io
import re
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as PptxPresentation
from pptx.slide import SlideLayout
from pptx.util import Emu, Inches

from dimios_core.archives import freeze
from dimios_core.errors import InputError, Problem
from dimios_core.office.slides.charts import OWN

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
#: share of the slide's width and height that stays free at the sides
MARGIN = 0.05
#: the first colour of python-pptx's own template: that of tables
PLAIN_ACCENT = b"4F81BD"
#: what kinds of presentation call themselves: for showing, to begin from, with programs
MAIN_TYPE = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.presentationml\.(?:template|slideshow)"
    rb"|ms-powerpoint\.(?:presentation|template|slideshow)\.macroEnabled)\.main\+xml"
)
PLAIN_TYPE = CONTENT_TYPE.PML_PRESENTATION_MAIN.encode()
#: what a master or layout is drawn with
LOOKS = {
    RELATIONSHIP_TYPE.SLIDE_MASTER, RELATIONSHIP_TYPE.SLIDE_LAYOUT, RELATIONSHIP_TYPE.THEME, RELATIONSHIP_TYPE.IMAGE,
}  # fmt: skip
LINKS = {qn("a:hlinkClick"), qn("a:hlinkHover"), qn("a:hlinkMouseOver"), qn("p:custDataLst")}
SHAPE_TREES = {qn("p:spTree"), qn("p:cSld"), qn("p:sldMaster"), qn("p:sldLayout")}
#: parts of a presentation that speak of slides or data left behind: sections, own shows, labels
OF_WHAT_IS_GONE = ("p:custShowLst", "p:custDataLst", "p:smartTags", "p:extLst")


def open_plain() -> PptxPresentation:
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


def open_template(template: bytes) -> PptxPresentation:
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
    if all(title_of(layout) is None for layout in presentation.slide_layouts):
        raise InputError(Problem(where, "no layout has a title", remedy))
    if presentation.notes_master.placeholders and not any(
        p.placeholder_format.type == PP_PLACEHOLDER.BODY for p in presentation.notes_master.placeholders
    ):
        raise InputError(
            Problem(where, "its notes have no room for text", "add a text field to its notes master")
        )


def title_of(layout: SlideLayout) -> Any:
    """Return where a layout has its title, or None."""
    return next((p for p in layout.placeholders if p.placeholder_format.idx == 0), None)


def _load(template: bytes) -> PptxPresentation:
    """Load a presentation, or a file that presentations are begun from (.potx), as a presentation."""

    def name_plainly(name: str, part: bytes) -> bytes:
        return MAIN_TYPE.sub(PLAIN_TYPE, part) if name == "[Content_Types].xml" else part

    return Presentation(io.BytesIO(freeze(template, name_plainly)))


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
