"""Cards with links as QR codes, for those without mail, and for groups that answer together."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import urlsplit

import segno

from dimios_core.collect.form import survey_id
from dimios_core.collect.tokens import make_link
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import load_instrument
from dimios_core.languages import say
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.paper import Chapter, Paper, set_handout
from dimios_core.office.pdf.sheets import drawing, group, paragraph, set_words
from dimios_core.project.opening_surveys import CARDS, SECRET, check_address, name_organisation, pair_tokens
from dimios_core.replacing import write_whole
from dimios_core.report.dates import write_date
from dimios_core.responses import ResponseStore
from dimios_core.survey import Invited, Survey, read_sample, read_survey, survey_folder

#: side of a code on paper, in the pixels of drawings of a card: some 28 mm
CODE_PX = 284


def write_cards(
    outputs: Path, organisation: str, period: str, address: str, *, everybody: bool
) -> tuple[tuple[Path, ...], int]:
    """Write the cards of an open survey, a PDF a language, which only their owner can read: see `Collecting.write_cards`.

    Returns
    -------
    (tuple of Path, int)
        The files, and how many cards there are.
    """
    folder = survey_folder(outputs, organisation, period)
    survey, sample = read_survey(folder), read_sample(folder)
    problems = [*check_address(address)]
    if not (folder / SECRET).is_file():
        remedy = f"open it: dimios collect open {organisation} --period {period}"
        problems.append(Problem(str(folder), "the survey is not open, so there are no links", remedy))
    if problems:
        raise InputError(problems)
    form_id = survey_id(organisation, period)
    asked = [(p, t) for p, t in pair_tokens(folder, form_id, sample) if everybody or p.card]
    if not asked:
        what = "everybody has a mail address: nobody needs a card"
        raise InputError(Problem("cards", what, "make cards of all nevertheless: --all"))
    register = ResponseStore(outputs).register()
    units = register.units[register.units["organisation"] == organisation]
    names = dict(zip(units["unit"], units["name"], strict=True)) | {
        "": name_organisation(register, organisation)
    }
    asked.sort(key=lambda pair: (names[pair[0].unit], pair[0].name, pair[0].person_id))
    made = []
    for language in survey.languages:
        cards = [
            _make_card(p, names[p.unit], make_link(address, form_id, token), survey, language)
            for p, token in asked
            if p.language == language
        ]
        if cards:
            made.append(folder / CARDS.format(language))
            write_whole(made[-1], _set_cards(cards, names[""], survey, language), private=True)
    return tuple(made), len(asked)


def _make_card(person: Invited, unit: str, link: str, survey: Survey, language: str) -> Block:
    day = write_date(str(survey.closes), language)
    told = urlsplit(link)
    return group(
        "card",
        [
            paragraph(set_words(person.name, bold=True)),
            paragraph(unit, "quiet"),
            group(
                "beside",
                [
                    drawing(draw_code(link), say(language, "collect.cards.code"), CODE_PX, CODE_PX),
                    paragraph(say(language, "collect.cards.scan"), "small"),
                    paragraph(f"{told.netloc}{told.path}", "small"),
                    paragraph(say(language, "collect.cards.until", day=day), "small"),
                ],
            ),
            paragraph(say(language, f"collect.cards.{survey.mode}"), "small"),
        ],
    )


def draw_code(link: str) -> str:
    """Return a link as a QR code: an SVG that survives a stained or folded card (a quarter may be unreadable)."""
    drawn = io.BytesIO()
    segno.make(link, error="q", micro=False).save(
        drawn, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return drawn.getvalue().decode()


def _set_cards(cards: list[Block], name: str, survey: Survey, language: str) -> bytes:
    instrument = load_instrument(survey.instrument)
    paper = Paper(
        title=say(language, "collect.cards.title"),
        name=name,
        subject=instrument.text(instrument.name, language),
        period=survey.period,
        language=language,
        label="",
        colophon="",
        contents="",
        unnamed=say(language, "pdf.unnamed"),
        made_of=[],
        chapters=[Chapter("", [paragraph(say(language, "collect.cards.how")), group("cards", cards)])],
    )
    return set_handout(paper)
