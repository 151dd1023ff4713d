"""The floor of a report: its facts, figures and pieces as plain calls, frozen here so that it does not drift.

Each list has the calls of a notebook's cells, in their order. A test keeps them the same as the notebooks' own.
"""

from __future__ import annotations

from typing import Any

PAGES = {
    "our_result": "OurResult",
    "internal_comparison": "InternalComparison",
    "everyones_result": "EveryonesResult",
    "improvements": "Improvements",
    "about_measurement": "AboutMeasurement",
}
#: notebook -> methods of its page
PIECES = {
    "our_result": (
        "headline",
        "takeaways",
        "categories",
        "points",
        "strongest_and_weakest",
        "dont_know",
        "changes",
        "recommendation",
        "how_to_read",
    ),
    "internal_comparison": (
        "overview",
        "heat_map",
        "differences",
        "unit_cards",
        "role_groups",
        "spread",
        "response_rates",
        "how_to_read",
    ),
    "everyones_result": (
        "headline",
        "distribution",
        "categories",
        "points",
        "groups",
        "counties",
        "similar",
        "how_to_read",
    ),
    "improvements": (
        "overview",
        "plan_and_outcome",
        "weak_points",
        "initiatives",
        "evidence",
        "worksheet",
        "how_to_read",
    ),
    "about_measurement": (
        "overview",
        "response_rates",
        "reliability",
        "trend",
        "role_mix",
        "weighting",
        "glossary",
        "cautions",
        "how_to_read",
    ),
}


def build(notebook: str, organisation: str, period: str, language: str, results: str) -> list[Any]:
    """Build what the cells of an organisation's notebook display, and return it.

    Returns
    -------
    list
        A mime bundle a cell, as text that JSON takes.
    """
    import dimios_core.report as rooms

    page = getattr(rooms, PAGES[notebook]).open(organisation, period, language, results)
    built = []
    for name in PIECES[notebook]:
        bundle = getattr(page, name)()._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        built.append([data, metadata])
    return built
