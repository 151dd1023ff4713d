"""Reports: published results -> facts -> sentences, charts, tables. Pure functions; no figure is computed here."""

from dimios_core.report.our_result import OurResult

__all__ = ["OurResult"]
