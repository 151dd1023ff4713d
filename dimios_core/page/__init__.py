"""Executed notebook -> one accessible HTML page, and the files it needs on demand."""
# ruff: noqa: E402 - nbformat is imported after its grammar is put off

from dimios_core.forking.late_imports import delay_grammar

delay_grammar()

from dimios_core.page.assets import place_assets
from dimios_core.page.build import PageError, build_page
from dimios_core.page.one_file import build_one_file

__all__ = ["PageError", "build_one_file", "build_page", "place_assets"]
