"""Which version of the model each period's answers were asked with, and whether one crosswalk after the other joins them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dimios_core.documents import format_path
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import (
    Instrument,
    earlier_file,
    find_crosswalk_faults,
    instruments_dir,
    load_instrument,
)
from dimios_core.responses.models import model_file
from dimios_core.responses.problems import name_some
from dimios_core.responses.store import Provenance, ResponseStore

#: groups of answers that are named in a message
GROUPS_NAMED = 3


@dataclass(frozen=True)
class Asked:
    """The versions of a model that answers were asked with.

    Attributes
    ----------
    instruments : dict
        Version -> model, in rising order: those that answers were asked with, and those that lead from one to the next.
    version_of : dict
        Period -> version.
    """

    instruments: dict[int, Instrument]
    version_of: dict[str, int]


def find_asked(
    stores: Sequence[ResponseStore], periods_of: Mapping[str, Sequence[str]], instrument: Instrument
) -> Asked:
    """Find the version of every period.

    Parameters
    ----------
    stores : sequence of ResponseStore
        What is stored, first, and other stores whose answers are used, such as the ledger; in these, answers of other
        instruments are passed by.
    periods_of : mapping
        Organisation -> periods with stored answers.
    instrument : Instrument
        The model of today, with a crosswalk where answers of earlier versions are stored, too.

    Raises
    ------
    InputError
        Answers are of another instrument, or of a version that no crosswalk leads to; a period has answers of several
        versions, or of an earlier one than a period before; or the store does not hold the model of a version.
    """
    found = {
        (period, organisation, store is stores[0]): store.provenance(period, organisation)
        for store in stores
        for organisation, periods in periods_of.items()
        for period in periods
        if store.holds(period, organisation)
    }
    others = {at: used for at, used in found.items() if used.instrument != instrument.id}
    if stored := {(o, p): used for (p, o, is_stored), used in others.items() if is_stored}:
        raise InputError([*_refuse_instruments(stored, instrument)])
    # what was published under another name of the instrument is known by its statements
    found = {at: used for at, used in found.items() if at not in others}
    version_of: dict[str, int] = {}
    problems = []
    for (period, organisation, _), used in sorted(found.items()):
        if version_of.setdefault(period, used.instrument_version) != used.instrument_version:
            what = (
                f"have version {used.instrument_version} of the model, and others have {version_of[period]}"
            )
            remedy = (
                "a period is asked with one version: call the answers of the other by a period of their own"
            )
            problems.append(Problem(f"responses of {organisation} {period}", what, remedy))
    last = 0
    for period in sorted(version_of):
        if version_of[period] < last:
            what = f"were asked with version {version_of[period]}, after a period with version {last}"
            problems.append(
                Problem(f"responses of {period}", what, "ask with the latest version of the model")
            )
        last = max(last, version_of[period])
    if problems:
        raise InputError(problems)
    wanted = set(version_of.values())
    instruments = _follow(stores[0].folder, instrument, min(wanted, default=instrument.version))
    if missing := sorted(wanted - instruments.keys()):
        raise InputError([*_refuse_versions(version_of, missing, instrument)])
    return Asked(dict(sorted(instruments.items())), version_of)


def _follow(folder: Path, instrument: Instrument, first: int) -> dict[int, Instrument]:
    """Models from today's down to a version, as far as crosswalks lead."""
    instruments = {instrument.version: instrument}
    while instrument.version > first and instrument.crosswalk is not None:
        before = _read_kept(folder, instrument, instrument.crosswalk.from_version)
        faults = find_crosswalk_faults(before, instrument)
        if faults:
            place = f"instrument {instrument.id}, version {instrument.version}"
            raise InputError([Problem(f"{place}, {format_path(at)}", what, how) for at, what, how in faults])
        instruments[before.version] = instrument = before
    return instruments


def _read_kept(folder: Path, instrument: Instrument, version: int) -> Instrument:
    """The model that the store keeps, else the project's file of it: stores of before models were kept hold none."""
    path = model_file(folder, instrument.id, version)
    if path.is_file():
        return Instrument.model_validate(json.loads(path.read_text(encoding="utf-8")))
    file = earlier_file(instruments_dir(), instrument.id, version)
    if not file.is_file():
        raise InputError(
            Problem(
                f"instrument {instrument.id}, version {version}",
                f"the store does not hold the model that version {instrument.version} follows",
                f"keep its file as {file}",
            )
        )
    return load_instrument(file)


def _refuse_instruments(
    others: Mapping[tuple[str, str], Provenance], instrument: Instrument
) -> Iterator[Problem]:
    for used in dict.fromkeys(o.instrument for o in others.values()):
        where = [f"{o} {p}" for (o, p), own in others.items() if own.instrument == used]
        yield Problem(
            f"responses of {name_some(where, GROUPS_NAMED)}",
            f"were ingested with the instrument {used!r}, not {instrument.id!r}",
            f"score with --instrument {used}, or keep instruments in separate --outputs folders",
        )


def _refuse_versions(
    version_of: Mapping[str, int], missing: Sequence[int], instrument: Instrument
) -> Iterator[Problem]:
    for version in missing:
        yield Problem(
            f"responses of {', '.join(p for p, v in sorted(version_of.items()) if v == version)}",
            f"were asked with version {version} of the model, and this is version {instrument.version}:"
            " scores of the two do not mean the same",
            "score with the model file of that version, or, where this one is later, say in its crosswalk what became of"
            " every measure point",
        )
