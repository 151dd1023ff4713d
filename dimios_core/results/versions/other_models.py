"""What was published with another model, over today's columns: items are the same where they say the same, else by their name or the crosswalk."""

from __future__ import annotations

from collections.abc import Mapping

from dimios_core.results.scoring.columns import Columns, items_of


def translate_items(statements: Mapping[str, str], columns: Columns) -> dict[str, str]:
    """Item of any model used -> today's item with the same statement, else the one of the same name, else the one it was renamed to."""
    language = columns.instrument.languages[0]
    by_text: dict[str, list[str]] = {}
    for name, one in columns.instrument.items.items():
        by_text.setdefault(one.statement[language], []).append(name)
    walk = columns.instrument.crosswalk
    told = walk.items if walk is not None else {}
    renamed: dict[str, str] = {}
    for item, text in statements.items():
        same = by_text.get(text, [])
        if len(same) == 1 and item not in same:
            renamed[item] = same[0]
        elif item in columns.instrument.items:
            renamed[item] = item
        elif item in told:
            renamed[item] = told[item]
    return renamed


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
