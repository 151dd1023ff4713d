"""What the steps of a project made: words where they are printed, a table in Jupyter, a frame to work with."""

from dimios_core.project.summaries.batches import DataSummary, DemoSummary, ExportSummary, ReportSummary
from dimios_core.project.summaries.collected import (
    CardsSummary,
    CloseSummary,
    OpenSummary,
    StatusSummary,
    TakeInSummary,
    WaitingSummary,
)
from dimios_core.project.summaries.results import AuditSummary, ScoreSummary
from dimios_core.project.summaries.stored import ActionSummary, IngestSummary, RegisterSummary, tell_key
from dimios_core.project.summaries.summary import Summary
from dimios_core.project.summaries.teaching import EffectSummary, MaterialSummary

__all__ = [
    "ActionSummary",
    "AuditSummary",
    "CardsSummary",
    "CloseSummary",
    "DataSummary",
    "DemoSummary",
    "EffectSummary",
    "ExportSummary",
    "IngestSummary",
    "MaterialSummary",
    "OpenSummary",
    "RegisterSummary",
    "ReportSummary",
    "ScoreSummary",
    "StatusSummary",
    "Summary",
    "TakeInSummary",
    "WaitingSummary",
    "tell_key",
]
