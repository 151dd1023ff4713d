"""What all planners of decks share: their words, notes, and the table that a conversation ends with."""

from __future__ import annotations

from abc import ABC, abstractmethod

from dimios_core.office.slides.outline import Slide, SlideTable
from dimios_core.report.narrative import Narrator

#: rows of a table that can be read from the back of a room
ROWS_N = 5
SHARES_N = 10
INITIATIVES_N = 4
#: points that a question names
NAMED_N = 3
DECISIONS_N = 4
#: fewer levels than this have no profile
PROFILE_MIN_N = 3


class Speaker(ABC):
    """Says the words of `slides` in the texts."""

    @property
    @abstractmethod
    def narrator(self) -> Narrator:
        """Tells findings in the deck's language."""

    def say(self, path: str, **values: object) -> str:
        """Return a text of the slides, filled in."""
        return self.narrator.say(f"slides.{path}", **values)

    def write_notes(self, name: str, *told: str) -> str:
        """Return a slide's notes: what it shows, in words, and how to go about it."""
        return "\n".join([*(t for t in told if t), self.say(f"notes.{name}")])

    def label_footer(self, name: str, period: str, demo: str) -> str:
        """Return what stands at the foot of every slide."""
        footer = self.say("footer", name=name, period=period)
        return f"{footer}. {demo}" if demo else footer

    def decisions(self) -> Slide:
        """Return the table to fill in together."""
        headers = tuple(self.say(f"decisions.{c}") for c in ("what", "who", "when", "point", "period"))
        empty = tuple(("",) * len(headers) for _ in range(DECISIONS_N))
        table = SlideTable(headers, empty, (6, 3, 3, 4, 3))
        return Slide(self.say("decisions.title"), table=table, notes=self.write_notes("decisions"))
