"""Reports: published results -> facts -> sentences, charts, tables. Pure functions; no figure is computed here."""

from dimios_core.report.about.page import AboutMeasurement
from dimios_core.report.everyones.page import EveryonesResult
from dimios_core.report.improvements.page import Improvements
from dimios_core.report.internal.page import InternalComparison
from dimios_core.report.our_result import OurResult
from dimios_core.report.sector.county_report import CountyReport
from dimios_core.report.sector.national_status import NationalStatus

__all__ = [
    "AboutMeasurement",
    "CountyReport",
    "EveryonesResult",
    "Improvements",
    "InternalComparison",
    "NationalStatus",
    "OurResult",
]
