"""Reports: published results -> facts -> sentences, charts, tables. Pure functions; no figure is computed here.

`from dimios_core.report import OurResult` imports that page, and nothing of the others.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from dimios_core.report.pages import find_pages, load_page

    if name == "OwnPage":
        from dimios_core.report.own.own_page import OwnPage

        return OwnPage
    if name not in find_pages():
        raise AttributeError(f"there is no page {name!r}; there are {', '.join(find_pages())} and OwnPage")
    return load_page(name)
