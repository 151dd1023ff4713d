"""A grammar built when it is asked for, not by every process that reads a notebook.

nbformat imports jsonschema, and jsonschema a grammar of web addresses (`rfc3987_syntax`) that takes a second of processor
time to build. No notebook is checked with it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

GRAMMAR = "rfc3987_syntax"


def delay_grammar() -> None:
    """Import jsonschema without building its grammar, which the first check of a web address builds instead.

    Whoever imports the grammar by its own name gets it. Nothing happens where jsonschema is imported already, or
    where there is no grammar.
    """
    if "jsonschema" in sys.modules or GRAMMAR in sys.modules or importlib.util.find_spec(GRAMMAR) is None:
        return
    sys.modules[GRAMMAR] = stand_in = ModuleType(GRAMMAR)
    stand_in.is_valid_syntax = _is_valid_syntax  # type: ignore[attr-defined]
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[GRAMMAR]


def _is_valid_syntax(term: str, value: str) -> bool:
    return importlib.import_module(GRAMMAR).is_valid_syntax(term, value)
