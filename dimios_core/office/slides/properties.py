"""What a presentation says of itself: what it is and what it was made of, and nothing of who made it, where or when."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import quoteattr

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.presentation import Presentation as PptxPresentation

from dimios_core.languages import say
from dimios_core.office.office_text import READS_PROPERTY
from dimios_core.office.slides.outline import Deck

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - python-pptx takes times without a zone
#: what of a file is needed to show it. All else stays behind: who commented and revised a template, on what machine,
#: programs and data of its own
KEPT = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES, RELATIONSHIP_TYPE.SLIDE_MASTER,
    RELATIONSHIP_TYPE.NOTES_MASTER, RELATIONSHIP_TYPE.HANDOUT_MASTER, RELATIONSHIP_TYPE.SLIDE, RELATIONSHIP_TYPE.THEME,
    RELATIONSHIP_TYPE.TABLE_STYLES, RELATIONSHIP_TYPE.PRES_PROPS, RELATIONSHIP_TYPE.VIEW_PROPS, RELATIONSHIP_TYPE.FONT,
}  # fmt: skip


def describe(presentation: PptxPresentation, deck: Deck) -> None:
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
    about.language, about.revision = say(deck.language, "language.locale"), 1
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
