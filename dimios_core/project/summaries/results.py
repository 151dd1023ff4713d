"""What was published, and what an audit found in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dimios_core.errors import EXIT_INPUT, EXIT_OK, DimiosError
from dimios_core.project.summaries.summary import Summary

if TYPE_CHECKING:
    from dimios_core.results.audit.tables import AuditFinding
    from dimios_core.results.versions.ledger import Waiting


@dataclass(frozen=True)
class ScoreSummary(Summary):
    """What scoring published.

    Attributes
    ----------
    results : Path
        The folder of published results.
    organisations_n : int
    periods : tuple of str
        Those with answers.
    rows_n, published_n : int
        Figures, and those of them that carry a number that may be seen.
    results_version : str
        Twelve digits over all published files.
    waiting : tuple of Waiting
        Answers that are not published yet, with the reason as text.
    standing : tuple of str
        Periods whose benchmarks stand as published before.
    """

    results: Path
    organisations_n: int
    periods: tuple[str, ...]
    rows_n: int
    published_n: int
    results_version: str
    waiting: tuple[Waiting, ...] = ()
    standing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say how much is published, what waits, and which version it is."""
        lines = [
            f"Scored {self.organisations_n} organisations, periods {', '.join(self.periods)}: {self.published_n:,} "
            f"of {self.rows_n:,} figures are published, audited and found safe.",
            *(f"  {waiting}" for waiting in self.waiting),
        ]
        if self.standing:
            told = ", ".join(self.standing)
            lines.append(f"  Benchmarks of {told} stand as published: too few organisations differ.")
        return "\n".join([*lines, f"Results version {self.results_version} in {self.results}."])

    def rows(self) -> list[dict[str, Any]]:
        """The one row of it: organisations_n, periods, rows_n, published_n, results_version, waiting_n."""
        names = ("organisations_n", "periods", "rows_n", "published_n", "results_version")
        one = {name: getattr(self, name) for name in names}
        return [one | {"periods": ", ".join(self.periods), "waiting_n": len(self.waiting)}]


@dataclass(frozen=True)
class AuditSummary(Summary):
    """What an audit read, and found: see `dimios_core.audit.outputs.AuditSummary`."""

    organisations_n: int
    readers_n: int
    files_n: int
    numbers_n: int
    findings: tuple[AuditFinding, ...]

    @property
    def exit_code(self) -> int:
        """0, or 2 where anything was found."""
        return EXIT_INPUT if self.findings else EXIT_OK

    def check(self) -> Self:
        """Return it where nothing was found; raise a `DimiosError` with what was otherwise."""
        if self.findings:
            raise DimiosError(str(self))
        return self

    def __str__(self) -> str:
        """Say what was read, or what was found."""
        from dimios_core.audit import outputs

        return str(outputs.AuditSummary(**vars(self)))

    def rows(self) -> list[dict[str, Any]]:
        """A row a finding: organisation, period, key, what."""
        return [dict(vars(finding)) for finding in self.findings]
