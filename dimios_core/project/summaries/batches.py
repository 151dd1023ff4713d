"""What was made for many organisations: reports, files to take along, data packages, the whole demo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dimios_core.errors import (
    EXIT_INPUT,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_SOME_FAILED,
    DimiosError,
    InputError,
    Problem,
)
from dimios_core.project.summaries.results import ScoreSummary
from dimios_core.project.summaries.summary import Summary

if TYPE_CHECKING:
    from dimios_core.export.production import Exported
    from dimios_core.runner.execution import JobOutcome
    from dimios_core.runner.runs import Status

DISK_IS_FULL = Problem(
    "outputs", "no space is left on its disk", "free some, then give the same command again: it goes on"
)


@dataclass(frozen=True)
class ExportSummary(Summary):
    """Files to take along that were made, below `folder`; `exported`: how it went, a report each."""

    folder: Path
    exported: tuple[Exported, ...]
    seconds: float

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of reports that are whole."""
        return tuple(path for done in self.exported if not done.error for path in done.paths)

    @property
    def failed_n(self) -> int:
        """How many reports have failed."""
        return sum(bool(done.error) for done in self.exported)

    @property
    def exit_code(self) -> int:
        """0, or 1 where some failed."""
        return EXIT_SOME_FAILED if self.failed_n else EXIT_OK

    def check(self) -> Self:
        """Return it where all is well; raise a `DimiosError` with all failures otherwise."""
        if self.failed_n:
            raise DimiosError("\n".join(f"{d.order.stem}: {d.error}" for d in self.exported if d.error))
        return self

    def __str__(self) -> str:
        """Say how many there are, and where."""
        size = sum(path.stat().st_size for path in self.paths) / 1e6
        lines = [f"{len(self.paths)} files ({size:.1f} MB) in {self.seconds:.0f} s"]
        if self.failed_n:
            lines.append(f"{self.failed_n} reports failed; their other files stay as they were")
        return "\n".join([*lines, f"exports    {self.folder}"])

    def rows(self) -> list[dict[str, Any]]:
        """Report, file (below `folder`, "" where the report failed), error."""
        return [
            {"report": done.order.stem, "file": file, "error": done.error}
            for done in self.exported
            for file in ([""] if done.error else [p.relative_to(self.folder).as_posix() for p in done.paths])
        ]


@dataclass(frozen=True)
class ReportSummary(Summary):
    """What a batch of reports made.

    Attributes
    ----------
    reports : Path
        The folder of reports; index.html lists them.
    run : Path
        The folder of this batch's record.
    status : str
        "done", "interrupted" (Ctrl-C) or "disk full".
    asked_n : int
        Notebooks that were asked for.
    outcomes : tuple of JobOutcome
        How each went that was run or stands unchanged.
    seconds : float
    exports : ExportSummary or None
        Files to take along, where they were asked for.
    """

    reports: Path
    run: Path
    status: Status
    asked_n: int
    outcomes: tuple[JobOutcome, ...]
    seconds: float
    exports: ExportSummary | None = None

    @property
    def counts(self) -> Counter[str]:
        """How many notebooks were made, stand unchanged, or failed."""
        return Counter(outcome.status for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 fine, 1 some failed, 2 the disk is full, 130 stopped by Ctrl-C."""
        if self.status != "done":
            return EXIT_INTERRUPTED if self.status == "interrupted" else EXIT_INPUT
        failed = self.counts["failed"] or (self.exports and self.exports.failed_n)
        return EXIT_SOME_FAILED if failed else EXIT_OK

    def check(self) -> Self:
        """Return it where all is well.

        Raises
        ------
        InputError
            The disk is full.
        DimiosError
            Notebooks, or files to take along, have failed: all of them, with cell and reason.
        """
        if self.status == "disk full":
            raise InputError(DISK_IS_FULL)
        if failed := [f"{o.job}: {o.error}" for o in self.outcomes if o.error is not None]:
            raise DimiosError("\n".join([*failed, f"The failed runs lie in {self.run / 'failed'}"]))
        if self.exports is not None:
            self.exports.check()
        return self

    def __str__(self) -> str:
        """Say how many were made, how long it took, and where all lies."""
        ran_n = self.counts["made"] + self.counts["failed"]
        rate = f" ({ran_n / max(self.seconds, 1e-9):.1f} a second)" if ran_n else ""
        rows = {
            "made": self.counts["made"],
            "unchanged": self.counts["unchanged"],
            "failed": self.counts["failed"],
            "not run": self.asked_n - self.counts.total(),
            "time": f"{self.seconds:.0f} s{rate}",
            "reports": self.reports,
            "index": self.reports / "index.html",
            "record": self.run / "manifest.json",
        }
        told = [f"{k:<11}{v}" for k, v in rows.items() if v != 0 or k not in ("not run", "unchanged")]
        if self.status == "interrupted":
            told.append(
                "Stopped by Ctrl-C; the reports made so far stay. The same command goes on from here."
            )
        elif self.status == "disk full":
            told.append(str(DISK_IS_FULL))
        elif self.counts["failed"]:
            told.append(f"The failed runs lie in {self.run / 'failed'}")
        return "\n".join([*told, str(self.exports)] if self.exports and self.exports.exported else told)

    def rows(self) -> list[dict[str, Any]]:
        """Owner, period, language, page, status (made, unchanged, failed), seconds, attempt, error ("" for none)."""
        return [
            {
                "owner": outcome.job.parameters.owner,
                "period": outcome.job.parameters.period,
                "language": outcome.job.parameters.language,
                "page": outcome.job.relative_path.stem,
                "status": outcome.status,
                "seconds": round(outcome.seconds, 2),
                "attempt": outcome.attempt,
                "error": str(outcome.error or ""),
            }
            for outcome in self.outcomes
        ]


@dataclass(frozen=True)
class DataSummary(Summary):
    """A data package: where it lies, its title, its tables, how many bytes, whether it holds answers."""

    folder: Path
    title: str
    tables: tuple[str, ...]
    bytes_n: int
    private: bool

    def __str__(self) -> str:
        """Say what it holds and where it is."""
        told = f"{len(self.tables)} tables as CSV and Parquet ({self.bytes_n / 1e6:.1f} MB), {self.title}"
        care = "It holds personal data. An organisation can be recognised by its published results."
        return "\n".join([told, f"package    {self.folder}", *([care] if self.private else [])])

    def rows(self) -> list[dict[str, Any]]:
        """Table, file (below `folder`)."""
        return [{"table": name, "file": f"data/{name}.csv"} for name in self.tables]


@dataclass(frozen=True)
class DemoSummary(Summary):
    """The made-up consortium: what each step made, in words; its results, and its reports where they were made."""

    steps: Sequence[tuple[str, str]]
    score: ScoreSummary
    reports: ReportSummary | None = None

    def __str__(self) -> str:
        """Say what each step made."""
        told = "\n".join(f"{name:<13}{text}" for name, text in self.steps)
        return told if self.reports is None else f"{told}\n\n{self.reports}"

    def rows(self) -> list[dict[str, Any]]:
        """Step, made."""
        return [{"step": name, "made": text} for name, text in self.steps]
