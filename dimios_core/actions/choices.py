"""Words that a cell of an initiative or a plan may hold: the kind of measure, how far it has come, yes or no.

The lists are data, in `dimios_core/published/tables/words.yaml`; their names are texts of each language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dimios_core.instrument import Category, Dimension, Point, Role
from dimios_core.languages import DEFAULT, usable_languages
from dimios_core.published.schema import load_codes, name_codes
from dimios_core.responses.labels import normalise_label, show_value, suggest

#: what choices were called in worksheets of earlier versions
OLDER = {"progress": {"klart": "done"}}


def label_choices(codes: str) -> dict[str, str]:
    """Return how a choice may be written (id, or name in any language; normalised) and its id; nothing written is "".

    Examples
    --------
    >>> labels = label_choices("action_kind")
    >>> labels["arbetssätt"], labels["technology"], labels[""]
    ('process', 'technology', '')
    """
    labels = label_names(lambda language: name_codes(codes, language))
    return {"": ""} | OLDER.get(codes, {}) | labels | {code: code for code in load_codes()[codes]}


def label_names(names: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """Return how codes may be written (by name, in any language; normalised), each with its code.

    Parameters
    ----------
    names
        Returns the names of the codes in a language. A name of two codes in two languages is the earlier language's.
    """
    return {
        normalise_label(name): code
        for language in reversed(usable_languages())
        for code, name in names(language).items()
    }


def label_places(places: Sequence[Dimension | Category | Point | Role]) -> dict[str, str]:
    """Return how parts of a model may be written (id, or name in any language; normalised) and their ids."""
    labels = {normalise_label(name): place.id for place in places for name in place.name.values()}
    return labels | {normalise_label(place.id): place.id for place in places}


def tell_unknown(codes: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a text that is none of the choices, and how to mend it."""
    names = [name.lower() for name in name_codes(codes, DEFAULT).values()]
    near = suggest(text, label_choices(codes))
    return (
        f"{show_value(text)} is not known{near}",
        f"use one of: {', '.join(names)}; or leave the cell empty",
    )
