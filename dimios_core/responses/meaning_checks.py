"""Hold what a mapping says of answers against the scales that it says it of."""

from __future__ import annotations

from dimios_core.errors import Problem
from dimios_core.instrument import Instrument, Scale
from dimios_core.responses.labels import parse_number, suggest
from dimios_core.responses.mapping import Mapping, Meanings
from dimios_core.responses.meanings import meanings_of, recodes_numbers


def check_answers(mapping: Mapping, instrument: Instrument) -> list[Problem]:
    """List codes of answers that do not fit the scales they are said of.

    A number that is said to be "don't know" or missing for all, and is an answer of one of the scales, is refused:
    a 6 that a tool writes for "don't know" on 1-5 is a real answer on 0-10. So are labels said for all where scales
    have different ends: the end of one is the middle of another.

    Returns
    -------
    list of Problem
    """
    answers = mapping.answers
    place = f"mapping {mapping.id}, answers"
    items = [
        instrument.items[i] for i in (mapping.items.values() or instrument.items) if i in instrument.items
    ]
    problems = [
        Problem(f"{place}, {kind}, {name}", f"the instrument has no {kind[:-1]} “{name}”{suggest(name, known)}", "mend the name")
        for kind, named, known in (
            ("scales", answers.scales, instrument.scales),
            ("items", answers.items, instrument.items),
        )
        for name in named
        if name not in known
    ]  # fmt: skip
    used = {name: instrument.scales[name] for name in sorted({item.scale for item in items})}
    for label, number in answers.labels.items():
        if used and not any(scale.lowest <= number <= scale.highest for scale in used.values()):
            problems.append(
                Problem(
                    f"{place}, labels, “{label}”",
                    f"{number:g} is on no scale of the instrument {instrument.id}",
                    "give the number that the label has on the instrument's scale",
                )
            )
    owned = [(f"{place}, scales, {n}", part, instrument.scales.get(n)) for n, part in answers.scales.items()]
    owned += [
        (f"{place}, items, {n}", part, instrument.scale_of_item(n))
        for n, part in answers.items.items()
        if n in instrument.items
    ]
    for where, part, scale in owned:
        problems += _find_off_scale(where, part, scale)
    if len({(scale.lowest, scale.highest) for scale in used.values()}) > 1:
        bare = [n for n in used if answers.labels and "labels" not in _said(answers.scales.get(n))]
        if bare:
            problems.append(
                Problem(
                    f"{place}, labels",
                    "labels are said for all scales, and the scales have different ends: "
                    + ", ".join(f"{n} {_ends(used[n])}" for n in used),
                    f"say them for each: `answers: scales: {bare[0]}: labels: …`",
                )
            )  # fmt: skip
    return problems + _find_erased(mapping, instrument, place)


def _said(part: Meanings | None) -> set[str]:
    return set() if part is None else part.model_fields_set


def _ends(scale: Scale) -> str:
    return f"{scale.lowest:g}-{scale.highest:g}"


def _find_off_scale(where: str, part: Meanings, scale: Scale | None) -> list[Problem]:
    return [
        Problem(
            f"{where}, labels, “{label}”",
            f"{number:g} is not on the scale {_ends(scale)}",
            "give the number that the label has on this scale",
        )
        for label, number in part.labels.items()
        if scale is not None and not scale.lowest <= number <= scale.highest
    ]


def _find_erased(mapping: Mapping, instrument: Instrument, place: str) -> list[Problem]:
    """Find numbers that are said to be no answer for all, and are an answer of a scale."""
    answers = mapping.answers
    problems: dict[tuple[str, str], Problem] = {}
    for item in mapping.items.values() or instrument.items:
        if item not in instrument.items:
            continue
        name = instrument.items[item].scale
        scale = instrument.scales[name]
        if recodes_numbers(meanings_of(answers, item, name)):
            continue
        said = _said(answers.scales.get(name)) | _said(answers.items.get(item))
        for setting in ("dont_know", "missing"):
            for label in getattr(answers, setting):
                number = parse_number(label or "")
                if setting in said or number is None or not scale.lowest <= number <= scale.highest:
                    continue
                problems[name, label] = Problem(
                    f"{place}, {setting}, “{label}”",
                    f"{number:g} is an answer on the scale {name} ({_ends(scale)}), such as of {item}",
                    "say it only for the scale where it holds: "
                    f'`answers: scales: NAME: {setting}: ["{label}"]`, or `answers: items:`',
                )
    return list(problems.values())
