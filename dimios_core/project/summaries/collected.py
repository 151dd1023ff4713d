"""What asking came to: a survey that was opened, how far it is, its end, what was taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dimios_core.project.summaries.stored import IngestSummary, tell_key
from dimios_core.project.summaries.summary import Summary

if TYPE_CHECKING:
    from dimios_core.collect.counting import Count


@dataclass(frozen=True)
class OpenSummary(Summary):
    """A survey that was opened: its bundle, the list of links, how many are invited, how many of them by card, its first and last day."""

    organisation: str
    period: str
    mode: str
    bundle: Path
    links: Path
    invited_n: int
    cards_n: int
    opens: date
    closes: date
    new_key: Path | None = None

    def __str__(self) -> str:
        """Say what was made, where, and what to do with it."""
        days = f"from {self.opens} to {self.closes}, both whole days in Stockholm"
        return "\n".join(
            [
                *([tell_key(self.new_key)] if self.new_key else []),
                f"{self.organisation} {self.period} is open to {self.invited_n} people ({self.mode}), {days}.",
                f"  {self.bundle} is all that `dimios collect serve` needs.",
                f"  {self.links} has everybody's own link, for a mail merge; only you can read it. Delete it when they are sent.",
                f"  {self.cards_n} of them get a card: dimios collect cards {self.organisation} --period {self.period}",
            ]
        )

    def rows(self) -> list[dict[str, Any]]:
        """Organisation, period, mode, invited_n, cards_n, opens, closes."""
        names = ("organisation", "period", "mode", "invited_n", "cards_n", "opens", "closes")
        return [{name: getattr(self, name) for name in names}]


@dataclass(frozen=True)
class CardsSummary(Summary):
    """Cards that were written: a PDF a language."""

    paths: tuple[Path, ...]
    cards_n: int

    def __str__(self) -> str:
        """Say how many there are, where, and how to handle them."""
        files = ", ".join(str(path) for path in self.paths)
        return f"{self.cards_n} cards: {files}. Only you can read them; delete them when they are printed."

    def rows(self) -> list[dict[str, Any]]:
        """File."""
        return [{"file": path.name} for path in self.paths]


@dataclass(frozen=True)
class WaitingSummary(Summary):
    """The list of those who are to be reminded, and how many they are."""

    path: Path
    waiting_n: int

    def __str__(self) -> str:
        """Say how many they are, and where the list is."""
        return f"{self.waiting_n} have not sent in: {self.path}. Only you can read it; delete it when they are reminded."

    def rows(self) -> list[dict[str, Any]]:
        """File, waiting_n."""
        return [{"file": self.path.name, "waiting_n": self.waiting_n}]


@dataclass(frozen=True)
class StatusSummary(Summary):
    """How many have answered, in all, by unit and by role; counts of fewer than five are not told."""

    organisation: str
    period: str
    state: str
    invited_n: int
    submitted_n: int
    units: tuple[Count, ...]
    roles: tuple[Count, ...]

    def __str__(self) -> str:
        """Say it, a group a line."""
        words = {"early": "not open yet", "open": "open", "over": "closed"}[self.state]
        lines = [
            f"{self.organisation} {self.period}, {words}: {self.submitted_n} of {self.invited_n} have answered"
        ]
        for kind, groups in (("unit", self.units), ("role", self.roles)):
            lines += [f"  {kind} {count.key or '(none)'}: {_tell(count)}" for count in groups]
        return "\n".join([*lines, "Counts of fewer than five are not told, nor those that would tell them."])

    def rows(self) -> list[dict[str, Any]]:
        """Kind (all, unit, role), key, invited_n, submitted_n (None where it is not told)."""
        rows = [{"kind": "all", "key": "", "invited_n": self.invited_n, "submitted_n": self.submitted_n}]
        return rows + [
            {"kind": kind} | vars(count) for kind, groups in (("unit", self.units), ("role", self.roles)) for count in groups
        ]  # fmt: skip


def _tell(count: Count) -> str:
    return "not told" if count.submitted_n is None else f"{count.submitted_n} of {count.invited_n}"


@dataclass(frozen=True)
class CloseSummary(Summary):
    """A survey's end: how many were invited and had submitted; answers of `left_out_n` leave with nobody, and are gone."""

    organisation: str
    period: str
    invited_n: int
    submitted_n: int
    left_out_n: int

    def __str__(self) -> str:
        """Say what was sealed, and the next command."""
        lines = [
            f"{self.organisation} {self.period} is closed: {self.submitted_n} of {self.invited_n} had sent in their answers."
        ]
        if self.left_out_n:
            lines.append(
                f"  {self.left_out_n} answers are gone: fewer than five were there to leave together."
            )
        lines.append("  Drafts, links and who has answered are deleted. What was sent in is sealed.")
        return "\n".join([*lines, f"Next: dimios collect take-in {self.organisation} --period {self.period}"])

    def rows(self) -> list[dict[str, Any]]:
        """Organisation, period, invited_n, submitted_n, left_out_n."""
        return [vars(self)]


@dataclass(frozen=True)
class TakeInSummary(Summary):
    """What was taken in: answers, as of any export; initiatives that were told, and how many of them are new."""

    answers: IngestSummary
    initiatives_n: int
    new_initiatives_n: int

    def __str__(self) -> str:
        """Say what became of them."""
        told = f"{self.initiatives_n} initiatives, {self.new_initiatives_n} of them new and not validated"
        return f"{self.answers}\n{told}"

    def rows(self) -> list[dict[str, Any]]:
        """Those of `IngestSummary`."""
        return self.answers.rows()
