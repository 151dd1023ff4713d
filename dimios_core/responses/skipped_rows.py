"""Rows that `skip_after_header` leaves out should hold wording, and no answers."""

from __future__ import annotations

from dimios_core.responses.columns import Located
from dimios_core.responses.mapping import Mapping
from dimios_core.responses.meanings import ANSWERED, DONT_KNOW, MISSING, AnswerLookup
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.source_tables import SourceTable


def check_skipped(
    table: SourceTable,
    mapping: Mapping,
    located: Located,
    lookups: dict[str, AnswerLookup],
    problems: ProblemList,
) -> None:
    """Refuse a file of whose rows of answers the first would be left out."""
    options = table.options
    if not options.header_row or not options.skip_after_header:
        return
    first = options.header_row + options.header_rows
    places = [(lookups[item], at) for item, own in located.items.items() for at in own]
    if mapping.layout == "long":
        places = [(lookup, located.fields.get("answer", -1)) for lookup in dict.fromkeys(lookups.values())]
    for number, row in enumerate(table.head(table.first_row - 1)[first - 1 :], start=first):
        kinds = {lookup.meaning(row[at])[1] for lookup, at in places if 0 <= at < len(row)} - {MISSING}
        if ANSWERED in kinds and kinds <= {ANSWERED, DONT_KNOW}:
            problems.add(
                "the row holds answers, and `skip_after_header` leaves it out",
                f"write `skip_after_header: {number - first}` under `file:` in the mapping, or delete the row if they are none",
                f", row {number}",
            )
            return
