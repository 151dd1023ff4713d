"""Check a mapping: its parts against each other, and against the instrument that its answers belong to."""

from __future__ import annotations

from collections.abc import Mapping as Mapping_

from dimios_core.errors import Problem
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label, spelling_of, suggest
from dimios_core.responses.mapping import LONG_ONLY, Mapping, Meanings
from dimios_core.responses.meaning_checks import check_answers
from dimios_core.responses.periods import PERIOD_REMEDY, is_period

#: columns whose labels `values` translates
TRANSLATED = ("organisation", "period", "unit", "role")
#: path of the setting, what is wrong, how to mend it
_Fault = tuple[tuple[str, ...], str, str]


def check_parts(mapping: Mapping) -> list[_Fault]:
    """Return (path of the setting, what, remedy) of what the parts of a mapping say against each other."""
    faults: list[_Fault] = []
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
    if mapping.layout == "long" and columns.respondent is not None and columns.respondent.empty == "alone":
        what = "in the long layout an empty respondent cannot be told from the next one"
        faults.append((("columns", "respondent"), what, "take `empty: alone` away"))
    if columns.respondent is not None and columns.respondent.value is not None:
        faults.append((("columns", "respondent"), "all rows cannot be one respondent", "give `column`"))
    faults += [
        (("columns", "period"), f"“{text}” is no period", PERIOD_REMEDY)
        for text in [columns.period.value, *columns.period.values.values()]
        if text is not None and not is_period(text)
    ]
    for name in type(columns).model_fields:
        if (source := getattr(columns, name)) is not None:
            if source.values and name not in TRANSLATED:
                what = f"`values` translates nothing of {name}"
                faults.append(
                    (
                        ("columns", name, "values"),
                        what,
                        f"take it away; {', '.join(TRANSLATED)} are translated",
                    )
                )
            faults += _find_clashes(("columns", name, "values"), source.values)
    faults += _find_clashes(("items",), mapping.items)
    parts: list[tuple[tuple[str, ...], Meanings]] = [(("answers",), mapping.answers)]
    parts += [(("answers", "scales", name), part) for name, part in mapping.answers.scales.items()]
    parts += [(("answers", "items", name), part) for name, part in mapping.answers.items.items()]
    for path, part in parts:
        faults += _find_clashes((*path, "labels"), part.labels) + _find_two_meanings(path, part)
    for stratum, neighbour in mapping.strata_merge.items():
        if stratum == neighbour:
            faults.append((("strata_merge", stratum), "a stratum merged with itself", "name its neighbour"))
    return faults


def _find_clashes(path: tuple[str, ...], meanings: Mapping_[str, object]) -> list[_Fault]:
    """Find spellings that are read as the same label, and are given different meanings."""
    first: dict[str | float, str] = {}
    faults = []
    for label, meaning in meanings.items():
        same = first.setdefault(spelling_of(label), label)
        if meanings[same] != meaning:
            what = f"“{same}” and “{label}” are read as the same, and have different meanings"
            faults.append(((*path, label), what, "keep one of the two"))
    return faults


def _find_two_meanings(path: tuple[str, ...], part: Meanings) -> list[_Fault]:
    seen: set[str | float] = set()
    faults = []
    for labels in (part.labels, part.dont_know, [m for m in part.missing if m]):
        spelt = {spelling_of(label): normalise_label(label) for label in labels}
        faults += [
            (path, f"the label “{label}” has two meanings", "keep it in one of labels, dont_know and missing")
            for spelling, label in sorted(spelt.items(), key=lambda pair: pair[1])
            if spelling in seen
        ]
        seen |= set(spelt)
    return faults


def check_against_instrument(mapping: Mapping, instrument: Instrument) -> list[Problem]:
    """List what a mapping asks of an instrument that the instrument does not have.

    Returns
    -------
    list of Problem
        Unknown items, roles and scales, and codes of answers that do not fit the scales they are said of.
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
    return problems + check_answers(mapping, instrument)
