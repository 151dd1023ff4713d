"""Whether a language says all that reports need: held against the default language, before anything is made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dimios_core.errors import Problem
from dimios_core.languages.texts import SHIPPED, find_folder, list_languages


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
    from dimios_core.languages.comparing import compare_texts

    return tuple(compare_texts(language, folder))
