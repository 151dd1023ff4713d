"""The floor of a report: its facts, figures and pieces as plain calls, section by section as a notebook's cells make them."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def plan(notebook: str) -> tuple[Any, list[str]]:
    """Return a notebook's page and the calls of its cells, in their order; a test holds them to the notebook's own."""
    from dimios_core.report.pages import load_pages
    from tests.report.every_page import list_sections

    page = load_pages()[notebook]
    return page, list_sections(page)


def build(notebook: str, organisation: str, period: str, language: str, results: str) -> list[Any]:
    """Build what the cells of an organisation's notebook display, and return it.

    Returns
    -------
    list
        A mime bundle a cell, as text that JSON takes.
    """
    room, sections = plan(notebook)
    page = room.open(organisation, period, language, results)
    built = []
    for name in sections:
        bundle = getattr(page, name)()._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        built.append([data, metadata])
    return built
