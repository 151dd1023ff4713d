"""Whether a language says all that reports need: held against the default language, before anything is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import jinja2
from babel import UnknownLocaleError
from jinja2 import meta, nodes

from dimios_core.errors import InputError, Problem
from dimios_core.languages.formats import formats_of
from dimios_core.languages.texts import (
    DEFAULT,
    SHIPPED,
    find_folder,
    list_languages,
    list_texts,
    load_texts,
    read_folder,
)

_GRAMMAR = jinja2.Environment(autoescape=False)


def check_language(
    language: str, wanted: Iterable[str] | None = None, place: str = "--language"
) -> list[Problem]:
    """Tell what stands in the way of a report in a language; nothing where it may be made.

    Parameters
    ----------
    language : str
    wanted : iterable of str, optional
        Languages of the model; a report needs the model's words, too. Any where it is None.
    place : str
        What named the language.
    """
    known = list_languages()
    offered = [code for code in known if wanted is None or code in set(wanted)]
    choose = f"choose among: {', '.join(offered)}"
    if language not in known:
        return [
            Problem(place, f"there are no texts in {language!r}", f"{choose}; or add it (docs/languages.md)")
        ]
    if language not in offered:
        return [
            Problem(place, f"the model has no words in {language!r}", f"{choose}; or add it to the model")
        ]
    return list(_check_texts(language))


def usable_languages() -> tuple[str, ...]:
    """Return the languages that say all they need to: those that may be read and written."""
    return tuple(code for code in list_languages() if not _check_texts(code))


@cache
def _check_texts(language: str) -> tuple[Problem, ...]:
    """Tell what a project's own texts lack; those of the program are held against each other by its tests."""
    folder = find_folder(language)
    if folder.parent == SHIPPED:
        return ()
    try:
        own = dict(list_texts(load_texts(language)))
        formats_of(language)
    except InputError as error:
        return tuple(error.problems)
    except (KeyError, TypeError, AttributeError, UnknownLocaleError, ValueError):
        remedy = "name what Babel knows it by (formats: nb) and how office files are marked (locale: nb-NO)"
        return (Problem(f"{folder}/language.yaml", "it does not say how numbers are written", remedy),)
    return tuple(_compare(own, dict(list_texts(read_folder(SHIPPED / DEFAULT))), str(folder)))


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
