"""General recommendations per measure point and national reference lines: parameter files, checked and copied."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from dimios_core.documents import Frozen, read_if_there
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.responses.labels import suggest

Texts = dict[str, str]
Percent = Annotated[float, Field(ge=0, le=100)]


class Advice(Frozen):
    """A general recommendation per measure point: what to do in the next half year, who, how one notices."""

    instrument: str
    points: dict[str, Texts]


class ReferenceLine(Frozen):
    """A published national mean of the composite, percent, and where it stands."""

    year: Annotated[int, Field(ge=1990, le=2100)]
    score: Percent
    source: Texts


class Target(Frozen):
    """A target for the national mean: from a year and value to a year and value (percent)."""

    from_year: Annotated[int, Field(ge=1990, le=2100)]
    from_score: Percent
    to_year: Annotated[int, Field(ge=1990, le=2100)]
    to_score: Percent
    source: Texts


class Reference(Frozen):
    """National reference lines and targets for one model."""

    instrument: str
    lines: list[ReferenceLine] = Field(default_factory=list)
    targets: list[Target] = Field(default_factory=list)


def read_advice(path: Path, instrument: Instrument) -> dict[str, Any]:
    """Read recommendations.

    Returns
    -------
    dict
        {"instrument": id, "points": {point: {language: text}}}; no points where the file is missing or is for
        another model.

    Raises
    ------
    InputError
        A point that the model does not have, a language without text, or a file that cannot be read.
    """
    empty = {"instrument": instrument.id, "points": {}}
    advice = read_if_there(path, Advice, "advice")
    if advice is None or advice.instrument != instrument.id:
        return empty
    problems = [
        Problem(
            f"{path.name}, points, {point}",
            f"the instrument {instrument.id} has no measure point {point}{suggest(point, instrument.point_ids)}",
            "mend the name, or take the text away",
        )
        for point in advice.points
        if point not in instrument.point_ids
    ]
    problems += [
        Problem(f"{path.name}, points, {point}", f"there is no text in {language}", "write it")
        for point, texts in advice.points.items()
        for language in instrument.languages
        if not texts.get(language, "").strip()
    ]
    if problems:
        raise InputError(problems)
    return advice.model_dump()


def read_reference(path: Path, instrument: Instrument) -> dict[str, Any]:
    """Read national reference lines and targets.

    Returns
    -------
    dict
        {"instrument": id, "lines": [{year, score, source}], "targets": [{from_year, from_score, to_year,
        to_score, source}]}, scores in percent; empty lists where the file is missing or is for another model.

    Raises
    ------
    InputError
        A file that cannot be read, a target that ends before it begins, a source without a text in a language of the
        model, or a model without a composite.
    """
    reference = read_if_there(path, Reference, "reference")
    if reference is None or reference.instrument != instrument.id:
        return {"instrument": instrument.id, "lines": [], "targets": []}
    problems = []
    if instrument.composite is None and (reference.lines or reference.targets):
        what = f"the instrument {instrument.id} has no composite, which lines and targets are of"
        problems.append(Problem(path.name, what, "take them away, or name a composite in the instrument"))
    problems += [
        Problem(f"{path.name}, targets, {t.from_year}-{t.to_year}", "ends before it begins", "mend the years")
        for t in reference.targets
        if t.to_year < t.from_year
    ]
    problems += [
        Problem(f"{path.name}, {where}, source", f"there is no text in {language}", "write it")
        for where, source in [
            *((f"lines, {line.year}", line.source) for line in reference.lines),
            *((f"targets, {t.from_year}-{t.to_year}", t.source) for t in reference.targets),
        ]
        for language in instrument.languages
        if not source.get(language, "").strip()
    ]
    if problems:
        raise InputError(problems)
    return reference.model_dump()
