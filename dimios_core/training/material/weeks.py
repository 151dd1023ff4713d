"""A week's material: the facilitator's guide, the script for recording, the slides."""

from __future__ import annotations

from dimios_core.instrument import Instrument
from dimios_core.languages import load_texts, say
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.sheets import group, head, items, label_words, paragraph, table
from dimios_core.office.slides.outline import Deck, Slide
from dimios_core.training.material.guides import WORDS_A_MINUTE, Course, Guide
from dimios_core.training.material.papers import make_handout


def name_week(guide: Guide, language: str) -> str:
    """Return what a week is called: "Vecka 1: …"."""
    return say(language, "material.week", week=guide.week, title=guide.title)


def make_guide(guide: Guide, course: Course, instrument: Instrument, language: str) -> bytes:
    """Make the facilitator's guide of a week, a PDF: all that one needs to lead its seminar."""
    words = load_texts(language)["material"]["guide"]
    columns = [(words["clock"], 9), (words["step"], 20), (words["do"], 60)]
    blocks: list[Block] = [
        paragraph(course.name, "quiet"),
        paragraph(label_words(words["aim"], guide.aim), "lead"),
        paragraph(label_words(words["output"], guide.output)),
        head(words["before"]),
        items(guide.before),
        head(words["material"]),
        items(guide.material),
        head(words["rules"]),
        items([*course.rules, *guide.rules]),
        head(words["timetable"]),
        table("", columns, _list_steps(guide)),
        head(words["expected"]),
    ]
    blocks += [
        group(
            "idea", [paragraph(label_words(words[part], getattr(answer, part))) for part in ("heard", "say")]
        )
        for answer in guide.expected
    ]
    blocks += [head(words["stings"]), items([*guide.stings, *course.stings])]
    blocks += [head(words["use"]), items(course.use)]
    title = say(language, "material.guide.title", name=name_week(guide, language))
    return make_handout(title, instrument, language, blocks)


def _list_steps(guide: Guide) -> list[tuple[str, str, str]]:
    """List the steps with the minutes from which to which they last."""
    rows, start = [], 0
    for step in guide.timetable:
        rows.append((f"{start}–{start + step.minutes}", step.title, step.do))
        start += step.minutes
    return rows


def make_script(guide: Guide, course: Course, instrument: Instrument, language: str) -> bytes:
    """Make the script for recording a week's self-study, a PDF: what is said, slide by slide."""
    minutes = round(guide.script_words_n / WORDS_A_MINUTE)
    blocks: list[Block] = [
        paragraph(course.name, "quiet"),
        paragraph(say(language, "material.script.length", n=guide.script_words_n, minutes=minutes)),
        paragraph(course.study_use, "quiet"),
    ]
    for number, slide in enumerate(guide.study, start=2):
        blocks += [
            head(say(language, "material.script.slide", n=number, title=slide.title)),
            paragraph(slide.say),
        ]
    title = say(language, "material.script.title", name=name_week(guide, language))
    return make_handout(title, instrument, language, blocks)


def plan_slides(guide: Guide, course: Course, language: str) -> Deck:
    """Plan a week's slides: the self-study with what is said as notes, then the seminar with what to do as notes."""
    told, words = [Slide(s.title, points=s.points, notes=s.say) for s in guide.study], load_texts(language)
    shown = words["material"]["slides"]
    told.append(Slide(shown["seminar"], points=(guide.aim, guide.output), notes=shown["seminar_notes"]))
    told.append(
        Slide(shown["rules"], points=(*course.rules, *guide.rules), notes=" ".join(course.stings)),
    )
    told += [
        Slide(
            step.slide.title,
            points=step.slide.points,
            notes=say(language, "material.slides.step", minutes=step.minutes, title=step.title, do=step.do),
        )
        for step in guide.timetable
        if step.slide is not None
    ]
    return Deck(
        title=name_week(guide, language),
        subtitle=course.name,
        footer=name_week(guide, language),
        notes=course.slides_use,
        language=language,
        slides=tuple(told),
    )
