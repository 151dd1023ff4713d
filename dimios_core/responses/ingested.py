"""What became of the files of one ingest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.responses.changes import AnswerChanges


@dataclass(frozen=True)
class StoredGroup:
    """What became of an organisation's answers for a period: `status` is new, replaced or unchanged."""

    organisation: str
    period: str
    status: str
    respondents_n: int
    answers_n: int
    changes: AnswerChanges | None = None
    #: respondents who answered in the period before, too; None where there is none, or nobody can be known again
    known_n: int | None = None


@dataclass(frozen=True)
class FileSummary:
    """What became of one file.

    Parameters
    ----------
    groups : list of StoredGroup
        By organisation and period.
    silent_n : int
        Respondents without any answer or "don't know"; they are left out.
    rejected_n : int
        Rows that were not stored; they are in `rejected`.
    """

    path: Path
    groups: list[StoredGroup]
    silent_n: int = 0
    rejected_n: int = 0
    rejected: Path | None = None
    #: what a reader should know of how the file was read
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class IngestSummary:
    """What became of the files of one command; only files that were taken are here."""

    files: list[FileSummary] = field(default_factory=list)

    @property
    def groups(self) -> list[StoredGroup]:
        """The groups of all files."""
        return [group for file in self.files for group in file.groups]


class IngestError(InputError):
    """Some files need mending; `summary` says what was stored of the others."""

    def __init__(self, problems: Sequence[Problem], found: int | None, summary: IngestSummary) -> None:
        super().__init__(problems, found)
        self.summary = summary

    def __reduce__(self) -> tuple:
        return (type(self), (self.problems, self.found, self.summary))
