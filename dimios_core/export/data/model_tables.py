"""The model and the codes as tables, so that the ids in other tables can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from dimios_core.export.data.describing import load_described
from dimios_core.export.data.package import shape
from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.published.schema import Meanings


def tabulate_model(model: Instrument) -> pa.Table:
    """Return a row for the composite, each dimension, category and point, in the model's order."""
    rows: list[dict[str, Any]] = []
    if model.composite is not None:
        names = [model.text(model.composite.name, language) for language in ("en", "sv")]
        rows.append(_row(*COMPOSITE, "", None, *names))
    above = COMPOSITE[1] if model.composite is not None else ""
    parts: list[tuple[str, str, Any]] = [("dimension", above, d) for d in model.dimensions]
    parts += [("category", c.dimension, c) for c in model.categories]
    parts += [("point", p.category, p) for p in model.points]
    for level, parent, part in parts:
        texts = [model.text(t, lang) for t in (part.name, part.definition) for lang in ("en", "sv")]
        rows.append(_row(level, part.id, parent, part.weight, *texts))
    return _shape("model", [row | {"position": n} for n, row in enumerate(rows, start=1)])


def tabulate_items(model: Instrument) -> pa.Table:
    """Return a row for each question, in the model's order."""
    rows = []
    for name, item in model.items.items():
        scale = model.scale_of_item(name)
        rows.append(
            {
                "item": name,
                "point": model.point_of_item[name],
                "statement_en": model.text(item.statement, "en"),
                "statement_sv": model.text(item.statement, "sv"),
                "reversed": item.reversed,
                "lowest": scale.lowest,
                "highest": scale.highest,
                "step": scale.step,
            }
        )
    return _shape("items", rows)


def tabulate_codes(codes: Mapping[str, Meanings]) -> pa.Table:
    """Return a row for each code of each column."""
    rows = [
        {"column": column, "code": code, "meaning_en": english, "meaning_sv": swedish}
        for column, meanings in codes.items()
        for code, (english, swedish) in meanings.items()
    ]
    return _shape("codes", rows)


def _row(
    level: str, key: str, parent: str, weight: float | None, name_en: str, name_sv: str,
    definition_en: str = "", definition_sv: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "level": level, "key": key, "parent": parent, "weight": weight, "name_en": name_en, "name_sv": name_sv,
        "definition_en": definition_en, "definition_sv": definition_sv,
    }  # fmt: skip


def _shape(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    return shape(table, {column: [row[column] for row in rows] for column in load_described()[table].columns})
