"""A project's own texts beside those of the default language: what is missing, what nobody uses, what cannot be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
from babel import UnknownLocaleError
from jinja2 import meta, nodes

from dimios_core.errors import InputError, Problem
from dimios_core.languages.formats import formats_of
from dimios_core.languages.texts import DEFAULT, SHIPPED, list_texts, load_texts, read_folder

_GRAMMAR = jinja2.Environment(autoescape=False)


def compare_texts(language: str, folder: Path) -> list[Problem]:
    """Tell what the texts of a language lack, which lie in a folder; nothing where they say all that is needed."""
    try:
        own = dict(list_texts(load_texts(language)))
        formats_of(language)
    except InputError as error:
        return list(error.problems)
    except (KeyError, TypeError, AttributeError, UnknownLocaleError, ValueError):
        remedy = "name what Babel knows it by (formats: nb) and how office files are marked (locale: nb-NO)"
        return [Problem(f"{folder}/language.yaml", "it does not say how numbers are written", remedy)]
    return list(_compare(own, dict(list_texts(read_folder(SHIPPED / DEFAULT))), str(folder)))


def _compare(own: dict[str, Any], model: dict[str, Any], folder: str) -> Iterator[Problem]:
    filters = {name for text in model.values() if isinstance(text, str) for name in read_gaps(text)[1]}
    for path in model.keys() - own.keys():
        yield Problem(
            f"{folder}: {path}", "the text is missing", f"translate: {str(model[path]).strip()[:80]}"
        )
    for path in own.keys() - model.keys():
        yield Problem(f"{folder}: {path}", "no text of this name is used", "mend the name, or remove it")
    for path in own.keys() & model.keys():
        yield from _check_text(path, folder, own[path], model[path], filters)


def _check_text(path: str, folder: str, text: Any, model: Any, filters: set[str]) -> Iterator[Problem]:
    place = f"{folder}: {path}"
    if type(text) is not type(model) or (isinstance(model, list) and len(text) != len(model)):
        yield Problem(
            place, "it is not what it is in Swedish", f"write it as there: {str(model).strip()[:80]}"
        )
    elif isinstance(model, str):
        if model.strip() and not text.strip() and not path.startswith("language."):
            yield Problem(place, "the text is empty", f"translate: {model.strip()[:80]}")
        try:
            gaps, used = read_gaps(text)
        except jinja2.TemplateSyntaxError as error:
            yield Problem(
                place, f"it cannot be filled in: {error.message}", "close every {{ and {% as in Swedish"
            )
            return
        for name in sorted(gaps - read_gaps(model)[0]):
            yield Problem(
                place, f"nothing is called {{{{ {name} }}}} here", "use the names of the Swedish text"
            )
        for name in sorted(used - filters):
            yield Problem(
                place, f"there is no way of writing called |{name}", "use those of the Swedish texts"
            )


def read_gaps(text: str) -> tuple[set[str], set[str]]:
    """Return the names that a text has gaps for, and the filters that they are written with."""
    if "{" not in text:
        return set(), set()
    tree = _GRAMMAR.parse(text)
    filters = {f.name for f in tree.find_all(nodes.Filter)}
    _GRAMMAR.filters.update(dict.fromkeys(filters - _GRAMMAR.filters.keys(), str))  # those of narrators
    return meta.find_undeclared_variables(tree), filters
