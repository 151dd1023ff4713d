"""Reports: published results -> facts -> sentences, charts, tables. Pure functions; no figure is computed here."""

from dimios_core.report.county_report import CountyReport
from dimios_core.report.everyones_result import EveryonesResult
from dimios_core.report.internal_comparison import InternalComparison
from dimios_core.report.national_status import NationalStatus
from dimios_core.report.our_result import OurResult

__all__ = ["CountyReport", "EveryonesResult", "InternalComparison", "NationalStatus", "OurResult"]
