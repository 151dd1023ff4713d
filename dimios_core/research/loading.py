"""Answers from an outputs folder, and from a research package."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.actions.initiatives import load_initiatives
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.places import outputs_dir
from dimios_core.research.answers import Answers
from dimios_core.research.rows import ABOUT, IDENTIFIERS, MISSING, Rows, StoredRows
from dimios_core.responses.store import ANSWER_KINDS, Provenance, ResponseStore


def load_answers(
    outputs: Path | str | None = None,
    periods: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    instrument: Instrument | str | None = None,
) -> Answers:
    """Load answers from the response store. Restricted: what comes out of it is nobody else's to see.

    Parameters
    ----------
    outputs : path, optional
        The outputs folder: the one given, else `DIMIOS_OUTPUTS`, else the project's own.
    periods, organisations, roles : collection of str, optional
        Which to load; default all. Files of others are not opened.
    instrument : Instrument or str, optional
        Default: the one that the answers were ingested with. Items that it lacks are left out.

    Returns
    -------
    Answers
        An item that a file lacks is "missing". More than ten million answers stay in the store, and are read some organisations
        at a time (docs/research.md, Many answers).

    Raises
    ------
    InputError
        Nothing is stored, a name is not there, or the answers belong to several instruments, or to another version of it.
    """
    folder = outputs_dir(outputs)
    store = ResponseStore(folder)
    there = [(p, o) for p in store.periods() for o in store.organisations(p)]
    if not there:
        raise InputError(
            Problem(str(store.folder), "no answers are stored", "run dimios ingest, or make demo")
        )
    _check_names(there, periods, organisations)
    chosen = [
        (p, o)
        for p, o in there
        if (periods is None or p in periods) and (organisations is None or o in organisations)
    ]
    asked = {(p, o): store.provenance(p, o) for p, o in chosen}
    model = (
        instrument
        if isinstance(instrument, Instrument)
        else _find_instrument(store, asked.values(), instrument)
    )
    _check_versions(asked, model)
    register = store.register()
    answers = Answers(
        model,
        StoredRows(folder, model, tuple(chosen)).settle(),
        register.invited.set_index(["period", "organisation", "unit", "role"]),
        load_initiatives(folder).set_index(["organisation", "id"])[["point", "kind", "start", "validated"]],
        register.organisations.set_index("id").rename_axis("organisation")[["type", "county", "size"]],
    )
    return answers.select(roles=roles) if roles is not None else answers


def _check_names(
    there: Sequence[tuple[str, str]],
    periods: Collection[str] | None,
    organisations: Collection[str] | None,
) -> None:
    problems = []
    for place, wanted, known in (
        ("periods", periods, {p for p, _ in there}),
        ("organisations", organisations, {o for _, o in there}),
    ):
        problems += [
            Problem(place, f"there are no answers of {name}", f"use one of {', '.join(sorted(known))}")
            for name in wanted or ()
            if name not in known
        ]
    if problems:
        raise InputError(problems)


def _find_instrument(store: ResponseStore, asked: Iterable[Provenance], named: str | None) -> Instrument:
    if named is not None:
        return load_instrument(named)
    names = sorted({used.instrument for used in asked})
    if len(names) > 1:
        what = f"the answers were ingested with several instruments: {', '.join(names)}"
        raise InputError(Problem(str(store.folder), what, "name one with instrument="))
    return load_instrument(names[0])


def _check_versions(asked: Mapping[tuple[str, str], Provenance], model: Instrument) -> None:
    """Refuse answers that were asked with another version: their items may mean something else."""
    others: dict[int, set[str]] = {}
    for (period, _), used in asked.items():
        if used.instrument == model.id and used.instrument_version != model.version:
            others.setdefault(used.instrument_version, set()).add(period)
    if others:
        raise InputError(
            [
                Problem(
                    f"answers of {', '.join(sorted(periods))}",
                    f"were asked with version {version} of the model, and this is version {model.version}",
                    "choose periods= of one version, and for an earlier one name its model file with instrument=",
                )
                for version, periods in sorted(others.items())
            ]
        )


def load_package(folder: Path | str, instrument: Instrument | str | None = None) -> Answers:
    """Load a research package (`dimios export data --level research`).

    Parameters
    ----------
    folder : path
        The package's, with its `datapackage.json`.
    instrument : Instrument or str, optional
        Default: the one whose id the package tells.

    Returns
    -------
    Answers
        Pseudonyms are the package's; most people have another one in each period. What it leaves out is "" (unit,
        organisation, type, county, size), "unknown" (role), 1 (weight) or NaT (times); nobody is known to be invited,
        and no initiatives. An item of a respondent that it does not hold is "missing".

    Raises
    ------
    InputError
        The folder holds none.
    """
    folder = Path(folder)
    try:
        about = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        names = ("answers", "respondents", "organisations")
        answers, people, organisations = (pd.read_parquet(folder / "data" / f"{n}.parquet") for n in names)
    except OSError as error:
        remedy = "give the folder that `dimios export data --level research` made, as it is"
        raise InputError(Problem(str(folder), "there is no research package", remedy)) from error
    model = (
        instrument
        if isinstance(instrument, Instrument)
        else load_instrument(instrument or about["model"]["id"])
    )
    people = people.sort_values(["respondent", "period"])
    rows = pd.MultiIndex.from_frame(people[["respondent", "period"]])
    row = rows.get_indexer(pd.MultiIndex.from_frame(answers[["respondent", "period"]]))
    item = pd.Index(model.item_ids).get_indexer(answers["item"])
    kind = pd.Index(ANSWER_KINDS).get_indexer(answers["answer_kind"])
    known = (row >= 0) & (item >= 0)
    values = np.full((len(people), len(model.item_ids)), np.nan)
    kinds = np.full(values.shape, MISSING, np.int8)
    kinds[row[known], item[known]] = kind[known]
    values[row[known], item[known]] = answers["answer"].to_numpy(float)[known]
    told = [people["period"], people["organisation"].fillna(""), [""] * len(people)]
    index = pd.MultiIndex.from_arrays(
        [*told, people["role"].fillna("unknown"), people["respondent"]], names=IDENTIFIERS
    )
    nothing = {"weight": 1.0, "started_at": pd.NaT, "answered_at": pd.NaT, "stratum": ""}
    return Answers(
        model,
        Rows(
            pd.DataFrame(nothing, index)[list(ABOUT)].astype(
                {"started_at": "datetime64[ms]", "answered_at": "datetime64[ms]"}
            ),
            values,
            kinds,
        ),
        pd.DataFrame(columns=["period", *IDENTIFIERS[1:4], "invited"]).set_index(list(IDENTIFIERS[:4])),
        pd.DataFrame(columns=["organisation", "id", "point", "kind", "start", "validated"]).set_index(
            ["organisation", "id"]
        ),
        organisations.set_index("organisation")[["type", "county", "size"]].fillna(""),
    )
