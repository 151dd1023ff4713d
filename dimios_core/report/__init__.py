"""Reports: published results -> facts -> sentences, charts, tables. Pure functions; no figure is computed here."""

from dimios_core.report.report import Report, open_report

__all__ = ["Report", "open_report"]
