"""The shape of an instrument file: which keys stand where, and of what type the values are.

Read off the models in `dimios_core.instrument.model`, so that a new field is checked from the day it exists.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from dimios_core.documents import Document
from dimios_core.errors import Problem
from dimios_core.instrument.model import Instrument, Text

#: keys and positions that lead to a value: ("points", 3, "name", "en")
ValuePath = tuple[Any, ...]

#: how alike two names must be, 0-1, to be taken for a slip of the pen
LIKENESS = 0.6

_EXPECTED = {
    "string_type": ("should be text", "write text; put it within quotes if it looks like a number"),
    "dict_type": ("should be a mapping", "write one entry a line: key, colon, value"),
    "model_type": ("should be a mapping", "write its keys below it, indented: key, colon, value"),
    "list_type": ("should be a list", "write its entries below it, each with a dash first"),
    "float_type": ("should be a number", "write a number without quotes, with a decimal point"),
    "finite_number": ("should be a number", "write a number that is not infinite"),
    "int_type": ("should be a whole number", "write a whole number without quotes"),
    "bool_type": ("should be true or false", "write true or false, without quotes"),
    "too_short": ("is empty", "give at least one entry"),
    "greater_than_equal": ("is too small", "write 1 or more"),
}
COMPOSITE_EXPECTED = (
    "should say what the level above the dimensions is called",
    "write composite: {name: {sv: …, en: …}}, or composite: none where there is no such level",
)
_TEXT_EXPECTED = ("should be a text in each language", "write {sv: …, en: …}, one text for each language")


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Return the known name most like a wrong one, or "" if none is alike.

    Examples
    --------
    >>> suggest("statment", ["id", "statement"])
    'statement'
    """
    return next(iter(difflib.get_close_matches(wrong, list(known), n=1, cutoff=LIKENESS)), "")


def remedy_for_name(wrong: object, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest known one, then all of them."""
    known = list(known)
    nearest = suggest(str(wrong), known)
    choices = "choose among: " + ", ".join(known) if known else "define it first"
    return f"did you mean {nearest!r}? {choices}" if nearest else choices


def walk_models(
    value: Any, annotation: Any = Instrument, path: ValuePath = ()
) -> Iterator[tuple[ValuePath, type[BaseModel], dict]]:
    """Yield every mapping of the file that should be a model: its path, the model, the mapping."""
    for where, kind, found in _walk(value, annotation, path):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield where, kind, found


def walk_texts(value: Any) -> Iterator[tuple[ValuePath, dict]]:
    """Yield every mapping of the file that should be a text in several languages, with its path."""
    for where, kind, found in _walk(value, Instrument, ()):
        if kind == Text:
            yield where, found


def _walk(value: Any, annotation: Any, path: ValuePath) -> Iterator[tuple[ValuePath, Any, dict]]:
    if annotation == Text:
        if isinstance(value, dict):
            yield path, Text, value
        return
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        for arg in args:
            yield from _walk(value, arg, path)
    elif origin is list and isinstance(value, list):
        for i, child in enumerate(value):
            yield from _walk(child, args[0], (*path, i))
    elif origin is dict and isinstance(value, dict):
        for key, child in value.items():
            yield from _walk(child, args[1], (*path, key))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(value, dict):
        yield path, annotation, value
        for name, info in annotation.model_fields.items():
            if name in value:
                yield from _walk(value[name], info.annotation, (*path, name))


def find_shape_problems(document: Document) -> list[Problem]:
    """Return the file's unknown keys, missing keys and values of the wrong type.

    Parameters
    ----------
    document : Document
        The file, as read.

    Returns
    -------
    list of Problem
        One for each fault; a misspelt key is one fault, not an unknown and a missing one.
    """
    problems = []
    misspelt: set[ValuePath] = set()
    for path, model, mapping in walk_models(document.data):
        absent = [name for name in model.model_fields if name not in mapping]
        for key in mapping:
            if key in model.model_fields:
                continue
            nearest = suggest(str(key), absent) or suggest(str(key), model.model_fields)
            misspelt.add((*path, nearest))
            choices = "keys here: " + ", ".join(model.model_fields)
            remedy = f"did you mean {nearest!r}? {choices}" if nearest else f"remove it; {choices}"
            problems.append(Problem(document.place((*path, key)), f"unknown key {key!r}", remedy))
    try:
        Instrument.model_validate(document.data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        explained = (_explain(document, dict(fault), misspelt) for fault in faults)
        problems.extend(problem for problem in explained if problem is not None)
    return problems


def _explain(document: Document, fault: dict[str, Any], misspelt: set[ValuePath]) -> Problem | None:
    path, kind = tuple(fault["loc"]), fault["type"]
    if kind == "extra_forbidden" or (kind == "missing" and path in misspelt):
        return None
    if path[-1] == "[key]":
        if "labels" in path:  # named with its remedy where the scales are checked
            return None
        what, remedy = f"the key {path[-2]!r} should be a word", "write a word; put it within quotes"
        return Problem(document.place(path[:-1]), what, remedy)
    if kind == "missing":
        remedy = COMPOSITE_EXPECTED[1] if path == ("composite",) else f"add {path[-1]}: …"
        return Problem(document.place(path[:-1]), f"the key {path[-1]!r} is missing", remedy)
    if kind == "literal_error":
        expected = fault.get("ctx", {}).get("expected", "")
        return Problem(document.place(path), "is none of the allowed values", f"write {expected}")
    what, remedy = _EXPECTED.get(kind, (fault["msg"], "mend the value"))
    if kind == "dict_type" and path[-1] not in ("scales", "labels") and path[0] != "crosswalk":
        what, remedy = _TEXT_EXPECTED
    if path == ("composite",):
        what, remedy = COMPOSITE_EXPECTED
    return Problem(document.place(path), what, remedy)
