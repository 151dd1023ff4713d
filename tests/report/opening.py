"""Every page that there is, found by what lies in the pages' room: for tests that hold for all of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from dimios_core.report import pages
from dimios_core.report.base_pages import Page
from tests.notebooks.picking import pick_organisations

PERIOD = "2026"
#: two counties: one with organisations that show themselves, and a small one
COUNTIES = ("14", "24")


def list_page_types() -> list[type[Page]]:
    """List the page of every folder of the pages' room."""
    found = []
    for module in iter_modules(pages.__path__):
        page = import_module(f"{pages.__name__}.{module.name}.page")
        types = [t for _, t in inspect.getmembers(page, inspect.isclass) if t.__module__ == page.__name__]
        found += [t for t in types if issubclass(t, Page)]
    return found


def open_all(results: Path, language: str = "sv") -> Iterator[tuple[str, Page]]:
    """Open every page: of a typical, a small and a new organisation, of two counties, of the nation."""
    whose = {"organisation": tuple(pick_organisations(results).values()), "county": COUNTIES}
    for page in list_page_types():
        first = next(iter(inspect.signature(page.open).parameters))
        for one in whose.get(first, ("",)):
            subject = (one,) if one else ()
            yield f"{page.name} {one}".strip(), page.open(*subject, PERIOD, language, str(results))
