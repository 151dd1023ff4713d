"""Check a mapping: its parts against each other, and against the instrument that its answers belong to."""

from __future__ import annotations

from dimios_core.errors import Problem
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label, suggest
from dimios_core.responses.mapping import LONG_ONLY, Mapping
from dimios_core.responses.periods import PERIOD_REMEDY, is_period


def check_parts(mapping: Mapping) -> list[tuple[tuple[str, ...], str, str]]:
    """Return (path of the setting, what, remedy) of what the parts of a mapping say against each other."""
    faults: list[tuple[tuple[str, ...], str, str]] = []
    columns = mapping.columns
    for name in LONG_ONLY:
        if mapping.layout == "long" and getattr(columns, name) is None:
            faults.append((("columns",), f"the long layout needs `columns.{name}`", "add it to the mapping"))
        if mapping.layout == "wide" and getattr(columns, name) is not None:
            faults.append(
                (
                    ("columns", name),
                    f"`columns.{name}` belongs to the long layout",
                    "take it away, or set layout: long",
                )
            )
    if mapping.layout == "long" and columns.respondent is None:
        faults.append((("columns",), "the long layout needs `columns.respondent`", "add it to the mapping"))
    if columns.respondent is not None and columns.respondent.value is not None:
        faults.append((("columns", "respondent"), "all rows cannot be one respondent", "give `column`"))
    faults += [
        (("columns", "period"), f"“{text}” is no period", PERIOD_REMEDY)
        for text in [columns.period.value, *columns.period.values.values()]
        if text is not None and not is_period(text)
    ]
    if mapping.layout == "wide":
        items = list(mapping.items.values())
        faults += [
            (("items",), f"two columns are mapped to the item “{item}”", "keep one of the two")
            for item in sorted({i for i in items if items.count(i) > 1})
        ]
    meanings = [mapping.answers.labels, mapping.answers.dont_know, [m for m in mapping.answers.missing if m]]
    seen: set[str] = set()
    for meaning in meanings:
        labels = {normalise_label(label) for label in meaning}
        faults += [
            (
                ("answers",),
                f"the label “{label}” has two meanings",
                "keep it in one of labels, dont_know and missing",
            )
            for label in sorted(labels & seen)
        ]
        seen |= labels
    for stratum, neighbour in mapping.strata_merge.items():
        if stratum == neighbour:
            faults.append((("strata_merge", stratum), "a stratum merged with itself", "name its neighbour"))
    return faults


def check_against_instrument(mapping: Mapping, instrument: Instrument) -> list[Problem]:
    """List what a mapping asks of an instrument that the instrument does not have.

    Returns
    -------
    list of Problem
        Unknown items and roles, and answer numbers that are on none of the instrument's scales.
    """
    problems = []
    place = f"mapping {mapping.id}"
    known = list(instrument.items)
    for label, item in mapping.items.items():
        if item not in instrument.items:
            problems.append(
                Problem(
                    f"{place}, items, “{label}”",
                    f"the instrument {instrument.id} has no item “{item}”{suggest(item, known)}",
                    f"use an item id of the instrument (dimios instrument show {instrument.id})",
                )
            )
    role = mapping.columns.role
    problems += [
        Problem(
            f"{place}, columns, role",
            f"the instrument {instrument.id} has no role “{text}”{suggest(text, instrument.role_ids)}",
            f"use one of: {', '.join(instrument.role_ids)}",
        )
        for text in ([role.value, *role.values.values()] if role else [])
        if text is not None and text not in instrument.role_ids
    ]
    scales = [instrument.scales[name] for name in {item.scale for item in instrument.items.values()}]
    for label, number in mapping.answers.labels.items():
        if not any(scale.lowest <= number <= scale.highest for scale in scales):
            problems.append(
                Problem(
                    f"{place}, answers, labels, “{label}”",
                    f"{number:g} is on no scale of the instrument {instrument.id}",
                    "give the number that the label has on the instrument's scale",
                )
            )
    return problems
