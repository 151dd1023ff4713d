"""Förbättringsförslag: what others did, what evidence there is, what was planned and what came of it."""

from dimios_core.report.pages.improvements.page import Improvements

__all__ = ["Improvements"]
