"""What was published with another model, over today's columns: items are the same where they say the same, else by their name."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.versions.archive import items_of


def translate_items(statements: Mapping[str, str], columns: Columns) -> dict[str, str]:
    """Item of any model used -> today's item with the same statement, else the one of the same name."""
    language = columns.instrument.languages[0]
    by_text: dict[str, list[str]] = {}
    for name, one in columns.instrument.items.items():
        by_text.setdefault(one.statement[language], []).append(name)
    renamed: dict[str, str] = {}
    for item, text in statements.items():
        same = by_text.get(text, [])
        if len(same) == 1 and item not in same:
            renamed[item] = same[0]
        elif item in columns.instrument.items:
            renamed[item] = item
    return renamed


def rename_items(table: pa.Table, renamed: Mapping[str, str]) -> pa.Table:
    """Return response rows with today's names of items."""
    if all(old == new for old, new in renamed.items()):
        return table
    at = table.schema.get_field_index("item")
    names = [renamed.get(item, item) for item in table["item"].to_pylist()]
    return table.set_column(at, "item", pa.array(names).dictionary_encode())


def find_sharing(
    items: Mapping[str, list[str]], renamed: Mapping[str, str], columns: Columns
) -> list[list[int]]:
    """Find, for each of today's columns, those of a model (column -> items) with the same items, else with some of them."""
    then = [{renamed.get(i, i) for i in some} for some in items.values()]
    found = []
    for today in items_of(columns).values():
        alike = [k for k, some in enumerate(then) if some == set(today)]
        found.append(alike or [k for k, some in enumerate(then) if some & set(today)])
    return found
