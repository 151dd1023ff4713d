"""The pages there are: a folder each, with its class in `page.py` by the folder's name. Found by what lies here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from dimios_core.report.base_pages import Page


@cache
def find_pages() -> dict[str, str]:
    """Find the pages without importing any: name of the class -> name of the page, which is its folder's.

    Examples
    --------
    >>> find_pages()["OurResult"]
    'our_result'
    """
    names = sorted(module.name for module in iter_modules(__path__) if module.ispkg)
    return {"".join(word.capitalize() for word in name.split("_")): name for name in names}


def load_page(class_name: str) -> type[Page]:
    """Import a page by the name of its class, "OurResult"."""
    module = import_module(f"{__name__}.{find_pages()[class_name]}.page")
    page: type[Page] = getattr(module, class_name)
    return page


def load_pages() -> dict[str, type[Page]]:
    """Import every page; name of the page -> its class."""
    return {name: load_page(class_name) for class_name, name in find_pages().items()}
