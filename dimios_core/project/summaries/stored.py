"""What was stored: who takes part, answers, what organisations did and plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dimios_core.project.summaries.summary import ROWS_SHOWN, Summary

if TYPE_CHECKING:
    from dimios_core.responses import FileSummary
    from dimios_core.responses import IngestSummary as IngestedFiles


@dataclass(frozen=True)
class RegisterSummary(Summary):
    """Who takes part, now: how many organisations, units and invited groups; `changed` tables, by name."""

    organisations_n: int
    units_n: int
    invited_n: int
    changed: tuple[str, ...]

    def __str__(self) -> str:
        """Say how many there are, and what changed."""
        changed = f"changed: {', '.join(self.changed)}" if self.changed else "nothing changed"
        counts = (
            f"{self.organisations_n} organisations, {self.units_n} units, {self.invited_n} invited groups"
        )
        return f"Register: {counts}; {changed}."

    def rows(self) -> list[dict[str, Any]]:
        """Table, rows_n, changed."""
        counts = {"organisations": self.organisations_n, "units": self.units_n, "invited": self.invited_n}
        return [{"table": t, "rows_n": n, "changed": t in self.changed} for t, n in counts.items()]


@dataclass(frozen=True)
class IngestSummary(Summary):
    """What became of the files that were taken; `new_key`: where a secret key was made that is to be backed up."""

    files: tuple[FileSummary, ...]
    new_key: Path | None = None

    @classmethod
    def of(cls, taken: IngestedFiles, new_key: Path | None = None) -> Self:
        """Return the summary of what an ingest has taken."""
        return cls(tuple(taken.files), new_key)

    def __str__(self) -> str:
        """Say, a file after the other, how many people it holds and what became of them."""
        lines = [line for file in self.files for line in _tell_file(file)]
        return "\n".join(lines if self.new_key is None else [tell_key(self.new_key), *lines])

    def rows(self) -> list[dict[str, Any]]:
        """File, organisation, period, status (new, replaced, unchanged), respondents_n, answers_n."""
        return [
            {
                "file": file.path.name,
                "organisation": group.organisation,
                "period": group.period,
                "status": group.status,
                "respondents_n": group.respondents_n,
                "answers_n": group.answers_n,
            }
            for file in self.files
            for group in file.groups
        ]


def tell_key(path: Path) -> str:
    """Say that a new key lies there."""
    return f"A new secret key for pseudonyms is in {path}. Back it up: without it nobody is known again next time."


def _tell_file(file: FileSummary) -> list[str]:
    counts = Counter(group.status for group in file.groups)
    told = ", ".join(f"{counts[s]} {s}" for s in ("new", "replaced", "unchanged") if counts[s])
    people = sum(group.respondents_n for group in file.groups)
    lines = [f"{file.path.name}: {people} respondents; organisations × periods: {told}"]
    again = [g for g in file.groups if g.known_n is not None]
    if again:
        known_n, asked_n = sum(g.known_n or 0 for g in again), sum(g.respondents_n for g in again)
        lines.append(f"  {known_n} of {asked_n} respondents are known from the last period")
    lines += [f"  {note}" for note in file.notes]
    changed = [g for g in file.groups if g.changes is not None]
    lines += [f"  {g.organisation} {g.period} replaced: {g.changes}" for g in changed[:ROWS_SHOWN]]
    if len(changed) > ROWS_SHOWN:
        lines.append(f"  … and {len(changed) - ROWS_SHOWN} more replaced")
    if file.silent_n:
        lines.append(f"  {file.silent_n} respondents without any answer or “don't know” were left out")
    if file.rejected is not None:
        lines.append(
            f"  {file.rejected_n} rows were not stored; they are in {file.rejected}, with the reasons"
        )
    return lines


@dataclass(frozen=True)
class ActionSummary(Summary):
    """What became of something that an organisation handed in: the words, and counts by what happened."""

    words: str
    counts: dict[str, int]

    def __str__(self) -> str:
        """Say what became of it."""
        return self.words

    def rows(self) -> list[dict[str, Any]]:
        """What happened, n."""
        return [{"what": what, "n": n} for what, n in self.counts.items()]
