"""What identifiers are called in the reader's language: words of results use names, tables identifiers."""

from __future__ import annotations

from dimios_core.instrument import COMPOSITE, Instrument


def name_part(model: Instrument | None, key: str, language: str) -> str:
    """Return the name of a point, category, dimension, role or the composite; what is none of these as it is.

    Examples
    --------
    >>> name_part(None, "openness", "sv")
    'openness'
    """
    if model is None:
        return key
    if key == COMPOSITE[1] and model.composite is not None:
        return model.text(model.composite.name, language)
    for parts in (model.points, model.categories, model.dimensions, model.roles):
        for part in parts:
            if part.id == key:
                return model.text(part.name, language)
    return key
