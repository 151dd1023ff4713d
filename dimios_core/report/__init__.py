"""Reports: published results -> facts -> sentences, charts, tables. Pure functions; no figure is computed here."""

from dimios_core.report.pages.about_measurement.page import AboutMeasurement
from dimios_core.report.pages.county_report.page import CountyReport
from dimios_core.report.pages.everyones_result.page import EveryonesResult
from dimios_core.report.pages.improvements.page import Improvements
from dimios_core.report.pages.internal_comparison.page import InternalComparison
from dimios_core.report.pages.national_status.page import NationalStatus
from dimios_core.report.pages.our_result.page import OurResult

__all__ = [
    "AboutMeasurement",
    "CountyReport",
    "EveryonesResult",
    "Improvements",
    "InternalComparison",
    "NationalStatus",
    "OurResult",
]
