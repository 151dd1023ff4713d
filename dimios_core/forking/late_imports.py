"""Modules that others import and hardly ever use, loaded when they are used.

nbformat imports jsonschema, and jsonschema a grammar of web addresses (`rfc3987_syntax`) that takes a second of processor
time to build. No notebook is checked with it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

GRAMMAR = "rfc3987_syntax"


class _Late(ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # the import system asks for these
            raise AttributeError(attribute)
        self.give_way()
        return getattr(importlib.import_module(self.__name__), attribute)

    def give_way(self) -> None:
        """Let whoever imports the name from here on get the module."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


@contextmanager
def delay(name: str) -> Iterator[ModuleType | None]:
    """Let what is imported in the block find a module that loads the one of this name when something of it is used.

    Yields it; None where the module is loaded already, or there is none. After the block, whoever imports the name gets the module.
    """
    if name in sys.modules or importlib.util.find_spec(name) is None:
        yield None
        return
    sys.modules[name] = stand_in = _Late(name)
    try:
        yield stand_in
    finally:
        stand_in.give_way()


def delay_grammar() -> None:
    """Import jsonschema without building its grammar, which the first check of a web address builds instead.

    Nothing happens where jsonschema is imported already, or where there is no grammar.
    """
    if "jsonschema" in sys.modules:
        return
    with delay(GRAMMAR) as stand_in:
        if stand_in is not None:
            stand_in.is_valid_syntax = _is_valid_syntax  # type: ignore[attr-defined]
            importlib.import_module("jsonschema")


def _is_valid_syntax(term: str, value: str) -> bool:
    return importlib.import_module(GRAMMAR).is_valid_syntax(term, value)
