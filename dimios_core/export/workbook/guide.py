"""The first sheet of a workbook: whom it is about, what the others hold, what every column means, and cautions."""

from __future__ import annotations

from dimios_core.export.workbook.columns import COLUMNS, word_column
from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.published_tables import NOTHING
from dimios_core.office.workbook.outline import Section, Words
from dimios_core.published.schema import load_codes

CAUTIONS = ("interval", "certain", "dont_know", "hidden", "caution")


def explain(edition: Edition) -> Words:
    """Return what the first sheet says."""
    say = edition.narrator.say
    cautions = tuple(("", say(f"reading.{c}", response="")) for c in CAUTIONS)
    sheets = tuple(
        (say(f"workbook.sheets.{name}.name"), say(f"workbook.sheets.{name}.tells"))
        for name in ("charts", *COLUMNS)
    )
    statuses = tuple(
        (say(f"workbook.status.{s}"), say(f"workbook.status_meaning.{s}")) for s in load_codes()["own_status"]
    )
    worded = [(name, word_column(edition, name, c)) for name, columns in COLUMNS.items() for c in columns]
    columns = tuple(
        (
            say(f"workbook.sheets.{name}.name"),
            *(part or NOTHING for part in (words.title, words.unit, words.meaning)),
        )
        for name, words in worded
    )
    headers = tuple(say(f"workbook.guide.column_{part}") for part in ("sheet", "title", "unit", "meaning"))
    return Words(
        (
            Section(say("workbook.guide.about"), tuple(_list_origin(edition))),
            Section(say("workbook.guide.cautions"), cautions),
            Section(say("workbook.guide.sheets"), sheets),
            Section(say("workbook.guide.statuses"), statuses),
            Section(say("workbook.guide.columns"), columns, headers),
        )
    )


def _list_origin(edition: Edition) -> list[tuple[str, str]]:
    """What the file was made of, and when that was measured."""
    say, facts, results = edition.narrator.say, edition.facts, edition.results
    stamp, model = results.stamp, results.instrument
    answered = say("response_unknown", n=facts.respondents_n) if facts.respondents_n is not None else ""
    if facts.response is not None:
        n, invited, share, _ = facts.response
        answered = say("response", answered=n, invited=invited, share=share)
    told = {
        "organisation": facts.organisation["name"],
        "period": edition.period,
        "periods": edition.narrator.number.listed(list(reversed(edition.periods))),
        "answered": answered or say(f"status.{facts.lead.status}"),
        "model": f"{model.text(model.name, edition.language)} ({stamp['instrument']}, {model.version})",
        "method": str(stamp["method_version"]),
        "version": results.reads.version,
    }
    return [(say(f"workbook.guide.origin.{name}"), text) for name, text in told.items()]
