"""How Ctrl-C ends a batch of reports."""

from __future__ import annotations

from dimios_core.project.summaries import ReportSummary


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while reports were made: those made stay, and the same call goes on from there; `summary` tells which."""

    def __init__(self, summary: ReportSummary) -> None:
        super().__init__(str(summary))
        self.summary = summary
