"""The demo's files: register and responses of the made-up consortium, as they would arrive from outside."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.demo.answers import DONT_KNOW, draw_answers, set_levels
from dimios_core.demo.consortium import TOOLS, Consortium, load_consortium
from dimios_core.demo.field_times import draw_times
from dimios_core.demo.initiatives import lift_levels, load_actions
from dimios_core.demo.local_changes import apply_local_changes
from dimios_core.demo.population import NO_UNIT, Population, gather_people
from dimios_core.demo.register_files import write_register
from dimios_core.demo.survey_tools import WRITERS, Responses
from dimios_core.places import parameters_dir
from dimios_core.replacing import write_whole

DEMO_SEED = 2022
DEMO_MARK = "demo.json"


@dataclass(frozen=True)
class ResponseFile:
    """One export: the file, the mapping that reads it, and what it holds."""

    path: Path
    mapping: Path
    tool: str
    period: str
    rows_n: int


@dataclass(frozen=True)
class DemoFiles:
    """What `make_consortium` wrote.

    Attributes
    ----------
    organisations, units, invited : Path
        The register files.
    responses : tuple of ResponseFile
        One per survey tool and period that somebody measured with it, oldest period first.
    key : Path
        The fixed, public pseudonym key of the demo.
    organisations_n, respondents_n, answers_n : int
        Organisations; respondents over all periods (with at least one answer or "vet ej"); answers with a number.
    """

    folder: Path
    organisations: Path
    units: Path
    invited: Path
    responses: tuple[ResponseFile, ...]
    key: Path
    organisations_n: int
    respondents_n: int
    answers_n: int


def make_consortium(folder: Path, seed: int = DEMO_SEED, consortium: Consortium | None = None) -> DemoFiles:
    """Write the made-up consortium's register and responses as messy exports.

    Parameters
    ----------
    folder : Path
        Made if it is not there; files of the same names in it are replaced.
    seed : int
        Same seed, same bytes.
    consortium : Consortium, optional
        Another plan than parameters/demo/consortium.yaml, of the same organisations.

    Returns
    -------
    DemoFiles
        organisations.csv, units.xlsx and invited.csv for the register; for every period a Windows-1252
        semicolon CSV, an XLSX workbook and an SPSS .sav file, each with the organisations that its survey tool
        serves.

    Raises
    ------
    InputError
        If parameters/demo/consortium.yaml or initiatives.yaml has faults.
    """
    consortium = consortium or load_consortium()
    rng_people, rng_levels, rng_answers, rng_exports, rng_times = np.random.default_rng(seed).spawn(5)
    people = gather_people(consortium, rng_people)
    levels = lift_levels(consortium, load_actions(consortium), set_levels(consortium, rng_levels))
    answers = draw_answers(consortium, people, levels, rng_answers)
    people = apply_local_changes(consortium, people)
    rows = _describe_rows(consortium, people, rng_exports)
    rows = rows.join(draw_times(consortium, people, rows["period"], rng_times))

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    organisations, units, invited = write_register(folder, consortium, people)
    tool_of_organisation = np.array([o.tool for o in consortium.organisations])
    files = []
    for period in sorted(set(rows["period"])):
        for tool in TOOLS:
            mine = (rows["period"] == period) & (tool_of_organisation[rows["position"]] == tool)
            if not mine.any():
                continue
            chosen = np.flatnonzero(mine)
            chosen = chosen[np.argsort(rows["answered_at"].to_numpy()[chosen], kind="stable")]
            part = Responses(period, rows.iloc[chosen].reset_index(drop=True), answers[chosen], consortium)
            path = WRITERS[tool](folder, part, rng_exports)
            mapping = parameters_dir() / "mappings" / f"demo-{tool}.yaml"
            files.append(ResponseFile(path, mapping, tool, period, len(chosen)))
    return DemoFiles(
        folder=folder,
        organisations=organisations,
        units=units,
        invited=invited,
        responses=tuple(files),
        key=demo_key(),
        organisations_n=len(consortium.organisations),
        respondents_n=int((~people.rounds["opened_only"]).sum()),
        answers_n=int((answers > DONT_KNOW).sum()),
    )


def demo_key() -> Path:
    """Return the file of the demo's pseudonym key: fixed and public, for made-up people only."""
    return parameters_dir() / "demo" / "pseudonym.key"


def read_demo_key() -> bytes:
    """Return the demo's pseudonym key, 32 bytes."""
    return bytes.fromhex(demo_key().read_text(encoding="ascii").strip())


def mark_as_demo(outputs: Path) -> Path:
    """Mark an outputs folder as holding demo data; whatever is shown of it carries the label.

    Parameters
    ----------
    outputs : Path
        The outputs folder.

    Returns
    -------
    Path
        outputs/responses/register/demo.json: {"demo": true, "label": {"sv": ..., "en": ...}}.
    """
    path = Path(outputs) / "responses" / "register" / DEMO_MARK
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"demo": True, "label": load_consortium().label}, ensure_ascii=False, indent=1)
    write_whole(path, text + "\n")
    return path


def _describe_rows(consortium: Consortium, people: Population, rng: np.random.Generator) -> pd.DataFrame:
    """Return what a survey tool knows of each row beside the answers.

    Columns: period, organisation (id), organisation_name, position (int), unit_name ("" = none), role
    ("" = the tool did not get it), person_number (int, seven digits), weight (float, 1.0 unless the tool
    delivers weights), opened_only (bool).
    """
    rounds, seats = people.rounds, people.seats
    seat = rounds["seat"].to_numpy()
    position = seats["organisation"].to_numpy()[seat]
    plans = consortium.organisations
    names = people.units.set_index(["organisation", "unit"])["name"].to_dict()
    ids = np.array([o.id for o in plans])
    unit = rounds["unit"].to_numpy()
    period = consortium.label_rounds()[position, rounds["period"]]
    rows = pd.DataFrame(
        {
            "period": period,
            "organisation": ids[position],
            "organisation_name": np.array([o.name for o in plans])[position],
            "position": position,
            "unit_name": [
                "" if u == NO_UNIT else names[ids[o], u] for o, u in zip(position, unit, strict=True)
            ],
            "role": seats["role"].to_numpy()[seat],
            "opened_only": rounds["opened_only"].to_numpy(),
        }
    )
    rows["weight"] = _weigh_rows(consortium, people, unit, rows)
    forgets = rng.random(len(rows)) < np.array([o.role_unknown for o in plans])[position]
    rows.loc[forgets, "role"] = ""
    # numbers that follow neither organisation nor seat, unique over all people
    persons_n = int(rounds["person"].max()) + 1
    rows["person_number"] = (1_000_000 + rng.permutation(persons_n) * 7 + 3)[rounds["person"]]
    return rows


def _weigh_rows(
    consortium: Consortium, people: Population, unit: np.ndarray, rows: pd.DataFrame
) -> np.ndarray:
    """Return weights: invited over answered of the row's unit and role, relative to the whole organisation.

    Only for organisations whose tool delivers weights; 1.0 for all others. Between 0.5 and 2, two decimals.
    """
    keys = ["organisation", "period", "unit", "role"]
    cells = rows.assign(unit=unit)[[*keys, "opened_only"]]
    answered = cells[~cells["opened_only"]].groupby(keys).size().rename("answered").reset_index()
    table = people.invited.merge(answered, on=keys, how="left")
    whole = table.groupby(["organisation", "period"])[["invited", "answered"]].transform("sum")
    table["weight"] = (table["invited"] / table["answered"]) / (whole["invited"] / whole["answered"])
    weight = cells.merge(table, on=keys, how="left", validate="many_to_one")["weight"].to_numpy()
    delivers = np.array([o.weighted for o in consortium.organisations])[rows["position"]]
    return np.where(delivers & np.isfinite(weight), np.clip(weight, 0.5, 2.0).round(2), 1.0)
