"""From a sealed file to the store: an export and its mapping, as any survey tool's, and what the register and initiatives get."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from dimios_core.actions.initiatives import add_initiatives
from dimios_core.collect.box import Box
from dimios_core.collect.form import DONT_KNOW
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.instrument import load_instrument
from dimios_core.project.opening_surveys import forget_links
from dimios_core.project.progress import Progress
from dimios_core.project.storing import find_key, ingest_files
from dimios_core.project.summaries import TakeInSummary
from dimios_core.replacing import PRIVATE_FOLDER, write_whole
from dimios_core.responses import ResponseStore, store_register
from dimios_core.responses.pseudonyms import key_mark
from dimios_core.survey import read_survey, survey_folder
from dimios_core.survey.planning import read_plan

#: what is made of the sealed file, beside it: never in the survey's own folder, where names are
FOLDER, EXPORT, MAPPING, INITIATIVES = "taken", "answers.csv", "mapping.yaml", "initiatives.csv"
COLUMNS = (
    "organisation",
    "period",
    "unit",
    "role",
    "respondent",
    "weight",
    "stratum",
    "started_at",
    "answered_at",
)
INITIATIVE_COLUMNS = ("id", "organisation", "point", "kind", "title", "what", "start", "consent")


def take_in(
    outputs: Path, bundle: Path, box: Box, key_file: Path | str | None, progress: Progress
) -> TakeInSummary:
    """Take in what a closed survey has sealed: see `Collecting.take_in`."""
    form, rows = box.form, _read_sealed(box)
    source = survey_folder(outputs, form.organisation, form.period)
    instrument = read_survey(source).instrument
    if form.key_mark and form.key_mark != key_mark(find_key(key_file, outputs)[0]):
        what = "the survey was opened with another key of pseudonyms, so nobody would be known again"
        raise InputError(Problem("key for pseudonyms", what, "name that key's file with --key-file"))
    forget_links(outputs, form.organisation, form.period)
    folder = bundle / FOLDER
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    write_whole(folder / EXPORT, _write_export(box, rows), private=True)
    planned = {stratum.name: stratum.neighbour for stratum in read_plan(source).strata}
    write_whole(folder / MAPPING, _write_mapping(box, rows, instrument, planned), private=True)
    _store_invited(outputs, box)
    taken = ingest_files(outputs, [folder / EXPORT], folder / MAPPING, instrument, key_file, progress)
    told = list(_read_initiatives(box))
    new_n = 0
    if told:
        write_whole(folder / INITIATIVES, _write_initiatives(told), private=True)
        register, model = ResponseStore(outputs).register(), load_instrument(instrument)
        new_n = len(add_initiatives(folder / INITIATIVES, outputs, register, model).new)
    return TakeInSummary(taken, len(told), new_n)


def _read_sealed(box: Box) -> list[tuple]:
    """Return the sealed answers, in the order of their random numbers."""
    if not box.is_closed:
        remedy = f"close it: dimios collect close {box.form.organisation} --period {box.form.period}"
        raise InputError(Problem(box.form.id, "the survey is not closed", remedy))
    rows = box.database.execute(
        "SELECT unit, role, pseudonym, weight, stratum, begun, submitted, content FROM answers ORDER BY id"
    ).fetchall()
    if not rows:
        raise InputError(Problem(box.form.id, "nobody's answers are there to be taken in", "ask again"))
    return rows


def _write_export(box: Box, rows: list[tuple]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    questions = list(box.form.questions)
    writer.writerow((*COLUMNS, *questions))
    for *told, content in rows:
        answers = json.loads(content)
        given = (answers.get(item, "") for item in questions)
        cells = [box.form.organisation, box.form.period, *("" if cell is None else cell for cell in told)]
        writer.writerow((*cells, *(value if isinstance(value, str) else f"{value:g}" for value in given)))
    return text.getvalue()


def _write_mapping(box: Box, rows: list[tuple], instrument: str, planned: Mapping[str, str]) -> str:
    columns: dict[str, object] = {name: {"column": name} for name in COLUMNS}
    columns["respondent"] = {"column": "respondent", "ids": "pseudonyms"}
    if box.form.is_anonymous:
        for name in ("respondent", "started_at", "answered_at"):
            del columns[name]
    mapping = {
        "id": "collect",
        "description": f"The project's own form, {box.form.id}.",
        "instrument": instrument,
        "layout": "wide",
        "file": {"encoding": "utf-8", "delimiter": "comma", "decimal": "."},
        "columns": columns,
        "answers": {"dont_know": [DONT_KNOW]},
        "strata_merge": find_neighbours({row[4] for row in rows}, planned),
    }
    return yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False)


def find_neighbours(strata: Collection[str], planned: Mapping[str, str]) -> dict[str, str]:
    """Return the stratum that each goes with where one alone answers, which tells no spread.

    Parameters
    ----------
    strata : collection of str
        Those that somebody answered in.
    planned : dict of stratum -> stratum
        As the plan names them; those of small groups that left together are in no plan.

    Returns
    -------
    dict of stratum -> stratum
        The one planned where somebody answered in it; else the next one by name, which begins alike. Empty for one alone.

    Examples
    --------
    >>> find_neighbours({"a/x", "b/*", "b/unknown"}, {"a/x": "b/*", "b/*": "c/*"})
    {'a/x': 'b/*', 'b/*': 'b/unknown', 'b/unknown': 'b/*'}
    """
    names = sorted(strata)
    beside = dict(zip(names, names[1:] + names[-2:-1], strict=False))
    return {name: planned[name] if planned.get(name) in strata else other for name, other in beside.items()}


def _store_invited(outputs: Path, box: Box) -> None:
    """Put how many were invited into the register, in the place of what it said of this survey."""
    form, register = box.form, ResponseStore(outputs).register()
    rows = box.database.execute("SELECT unit, role, invited FROM counts ORDER BY unit, role").fetchall()
    new = pd.DataFrame(
        [(form.organisation, form.period, *row) for row in rows], columns=list(register.invited.columns)
    ).astype(register.invited.dtypes.to_dict())
    others = register.invited[
        (register.invited["organisation"] != form.organisation) | (register.invited["period"] != form.period)
    ]
    keys = list(register.invited.columns[:4])
    invited = pd.concat([others, new]).sort_values(keys, ignore_index=True)
    store_register(replace(register, invited=invited), outputs)


def _read_initiatives(box: Box) -> Iterator[dict[str, str]]:
    for number, content in box.database.execute("SELECT id, content FROM initiatives ORDER BY id"):
        known = {"id": f"i-{number.hex()}", "organisation": box.form.organisation, "consent": "none"}
        yield known | json.loads(content)


def _write_initiatives(told: list[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(INITIATIVE_COLUMNS)
    writer.writerows([defuse(one[name]) for name in INITIATIVE_COLUMNS] for one in told)
    return text.getvalue()
