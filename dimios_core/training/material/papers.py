"""A paper of training with the words that stand around it, and blocks that several sheets share."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.instrument import Instrument
from dimios_core.languages import say
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.paper import Chapter, Paper, set_handout


def make_handout(
    title: str, instrument: Instrument, language: str, blocks: Sequence[Block], made_of: str = "material"
) -> bytes:
    """Set blocks as sheets that are handed out: a PDF whose bytes depend on its words alone.

    `made_of` is which line stands at the end: "material", which holds no result, or "counts" of a group's own.
    """
    model = instrument.text(instrument.name, language)
    paper = Paper(
        title=title,
        name=say(language, "material.name"),
        subject=model,
        period="",
        language=language,
        label="",
        colophon=say(language, f"material.made_of.{made_of}", name=model, version=instrument.version),
        contents="",
        unnamed=say(language, "pdf.unnamed"),
        made_of=[],
        chapters=[Chapter("", blocks)],
    )
    return set_handout(paper)
