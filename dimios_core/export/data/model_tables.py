"""The model and the codes as tables, so that the ids in other tables can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from dimios_core.export.data.describing import Meanings, list_columns
from dimios_core.export.data.package import shape
from dimios_core.instrument import COMPOSITE, Instrument


def tabulate_model(model: Instrument, languages: Sequence[str]) -> pa.Table:
    """Return a row for the composite, each dimension, category and point, in the model's order."""
    rows: list[dict[str, Any]] = []
    if model.composite is not None:
        named = _in_each("name", model, model.composite.name, languages) | _in_each(
            "definition", model, {}, languages
        )
        rows.append(_row(*COMPOSITE, "", None, named))
    above = COMPOSITE[1] if model.composite is not None else ""
    parts: list[tuple[str, str, Any]] = [("dimension", above, d) for d in model.dimensions]
    parts += [("category", c.dimension, c) for c in model.categories]
    parts += [("point", p.category, p) for p in model.points]
    for level, parent, part in parts:
        named = _in_each("name", model, part.name, languages)
        named |= _in_each("definition", model, part.definition, languages)
        rows.append(_row(level, part.id, parent, part.weight, named))
    return _shape("model", [row | {"position": n} for n, row in enumerate(rows, start=1)], languages)


def tabulate_items(model: Instrument, languages: Sequence[str]) -> pa.Table:
    """Return a row for each question, in the model's order."""
    rows = []
    for name, item in model.items.items():
        scale = model.scale_of_item(name)
        rows.append(
            {
                "item": name,
                "point": model.point_of_item[name],
                **_in_each("statement", model, item.statement, languages),
                "reversed": item.reversed,
                "lowest": scale.lowest,
                "highest": scale.highest,
                "step": scale.step,
            }
        )
    return _shape("items", rows, languages)


def tabulate_codes(codes: Mapping[str, Meanings], languages: Sequence[str]) -> pa.Table:
    """Return a row for each code of each column."""
    rows = [
        {"column": column, "code": code} | {f"meaning_{language}": words[language] for language in languages}
        for column, meanings in codes.items()
        for code, words in meanings.items()
    ]
    return _shape("codes", rows, languages)


def _in_each(
    column: str, model: Instrument, text: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    """Return a text of the model as the columns of its languages hold it."""
    return {f"{column}_{language}": model.text(text, language) for language in languages}


def _row(level: str, key: str, parent: str, weight: float | None, named: Mapping[str, str]) -> dict[str, Any]:
    return {"level": level, "key": key, "parent": parent, "weight": weight, **named}


def _shape(table: str, rows: list[dict[str, Any]], languages: Sequence[str]) -> pa.Table:
    columns = list_columns(table, languages)
    return shape(table, {column: [row[column] for row in rows] for column in columns}, languages)
