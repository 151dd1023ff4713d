"""From findings to sentences, in the reader's language. Texts lie in dimios_core/languages/<language>/*.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dimios_core.instrument import COMPOSITE, Category, Dimension, Instrument, Point
from dimios_core.instrument.lead import (
    LeadWords,
    begin_small,
    name_composite,
    name_lead,
    name_survey,
)
from dimios_core.languages import load_texts
from dimios_core.report.figures import Figure, PeerGroupFact
from dimios_core.report.finding import Finding
from dimios_core.report.numbers import NumberFormat
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.texts import add_filters, load_text


@dataclass(frozen=True)
class Narrator:
    """Tells findings in one language, with the names of one model.

    Parameters
    ----------
    instrument : Instrument
        The model whose names the sentences use.
    language : str
        Code of a language that there are texts in, such as "sv".
    threshold : int
        Answers behind a published figure, where a sentence tells it.
    voice : str
        Who speaks: "you" where a page speaks to its readers, "we" where they speak of themselves, as on slides.
    """

    instrument: Instrument
    language: str
    threshold: int
    voice: str = field(default="you", kw_only=True)

    @cached_property
    def number(self) -> NumberFormat:
        """The language's way with numbers."""
        return NumberFormat(self.language)

    @cached_property
    def texts(self) -> dict[str, Any]:
        """The language's texts."""
        return load_texts(self.language)

    def name(self, level: str, key: str, running: bool = False) -> str:
        """Return the name of a point, category, dimension or the composite; `running` for the middle of a sentence.

        The model's names keep their capitals there; what it all adds up to is a word like others.
        """
        if (level, key) == COMPOSITE:
            lead: LeadWords = self._subject["lead"]
            return lead.running if running else lead.name
        if level == "item":
            statement = self.instrument.text(self.instrument.items[key].statement, self.language)
            return begin_small(statement) if running else statement
        return self._names[level, key]

    @cached_property
    def _subject(self) -> dict[str, Any]:
        """What texts name: `lead`, `composite` (None where there is none) and `survey`; `voice`, whose words they are."""
        of = (self.instrument, self.language)
        voice = self.texts["voice"][self.voice]
        return {
            "lead": name_lead(*of),
            "composite": name_composite(*of),
            "survey": name_survey(*of),
            "voice": voice,
        }

    @cached_property
    def _known(self) -> dict[str, Any]:
        """What every text may name."""
        return {"narrator": self, "threshold": self.threshold, **self._subject}

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        """Names of points, categories and dimensions by level and key."""
        model = self.instrument
        places: dict[str, Sequence[Point | Category | Dimension]] = {
            "point": model.points, "category": model.categories, "dimension": model.dimensions,
        }  # fmt: skip
        return {
            (level, entry.id): model.text(entry.name, self.language)
            for level, entries in places.items()
            for entry in entries
        }

    def name_group(self, group: PeerGroupFact) -> str:
        """Return what a peer group is called, for example "kommuner" or "medelstora kommuner"."""
        return self._say_group(group, "groups")

    def name_others(self, group: PeerGroupFact) -> str:
        """Return a peer group seen from one of its members: "andra kommuner"."""
        return self._say_group(group, "others")

    def _say_group(self, group: PeerGroupFact, form: str) -> str:
        texts = self.texts["peers"]
        value = group.id.partition(":")[2]
        kind, _, size = value.partition("-")
        return self.say(
            f"peers.{form}.{group.kind}",
            type=texts["types"].get(kind, kind),
            size=texts["sizes"].get(size or value, value),
            county=texts["counties"].get(value, value),
        )

    def say(self, path: str, **values: Any) -> str:
        """Return a text of the texts file by its dotted path, filled in."""
        text = load_text(self.language, path)
        return text if isinstance(text, str) else text({**self._known, **values})

    def tell(self, finding: Finding) -> str:
        """Return the sentence of a finding."""
        values = dict(finding.numbers)
        if finding.subject:
            values["name"] = self.name(*finding.subject[0])
            values["name_running"] = self.name(*finding.subject[0], running=True)
            values.setdefault("names", [self.name(*s, running=True) for s in finding.subject])
        if finding.kind.startswith("position"):
            values |= self._plane_words(finding)
        return self.say(f"findings.{finding.kind}", **values)

    def tell_all(self, findings: list[Finding]) -> str:
        """Return a paragraph of the findings' sentences, each told once."""
        return " ".join(dict.fromkeys(s for s in (self.tell(f) for f in findings) if s))

    def _plane_words(self, finding: Finding) -> dict[str, Any]:
        plane = self.instrument.quadrants
        assert plane is not None
        text = self.instrument.text
        words: dict[str, Any] = {
            "across_name": self.name("dimension", plane.across, running=True),
            "upwards_name": self.name("dimension", plane.upwards, running=True),
            "across_low": text(plane.across_low, self.language).lower(),
            "across_high": text(plane.across_high, self.language).lower(),
            "upwards_low": text(plane.upwards_low, self.language).lower(),
            "upwards_high": text(plane.upwards_high, self.language).lower(),
            "across_open": text(plane.across_open or {}, self.language),
            "upwards_open": text(plane.upwards_open or {}, self.language),
        }
        cells = {c.id: c for c in plane.cells}
        if "cells" in finding.numbers:
            words["cells"] = [text(cells[name].name, self.language) for name in finding.numbers["cells"]]
        if "cell" in finding.numbers:
            cell = cells[finding.numbers["cell"]]
            words |= {
                "cell_name": text(cell.name, self.language),
                "cell_summary": text(cell.summary, self.language),
            }
        return words


add_filters(
    group=Narrator.name_group,
    others=Narrator.name_others,
    names=lambda narrator, figures: narrator.number.listed(
        [narrator.name(f.level, f.key, running=True) for f in figures]
    ),
    placed=lambda narrator, keys: narrator.number.listed([narrator.name(*k, running=True) for k in keys]),
)


@dataclass(frozen=True)
class FactsNarrator(Narrator):
    """Tells the facts of one organisation and period. Make it with `narrate`.

    Parameters
    ----------
    facts : Facts
    """

    facts: Facts

    def tell_hidden(self, figures: Sequence[Figure]) -> str:
        """Return which figures cannot be drawn, and why; "" where all can."""
        names: dict[str, list[str]] = {}
        for f in figures:
            if not f.published:
                names.setdefault(f.status, []).append(self.name(f.level, f.key, running=True))
        told = (
            self.say("page.not_drawn", names=own, reason=self.say(f"status.{status}"))
            for status, own in names.items()
        )
        return " ".join(told)


def narrate(facts: Facts, language: str, voice: str = "you") -> FactsNarrator:
    """Return the narrator of an organisation's facts."""
    return FactsNarrator(facts.instrument, language, facts.organisation["threshold"], facts, voice=voice)
