"""What of initiatives and plans may be published, and to whom (method 5).

Initiatives: validated ones with consent, for all readers; a name and a contact only where consent says named.
Plans name people: they go to their organisation's own folder only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.places import parameters_dir
from dimios_core.responses.initiatives import load_initiatives
from dimios_core.responses.plans import load_plans
from dimios_core.results.actions.advice import read_advice, read_reference
from dimios_core.results.actions.evidence import estimate_evidence
from dimios_core.results.actions.glossary import read_glossary
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.store import INITIATIVE_COLUMNS, PLAN_COLUMNS, PREFIX, write_json, write_table

#: organisations that somebody unnamed must be one of
ALIKE_MIN = 5
#: what an unnamed organisation is called, by type, in Swedish
UNNAMED = {"municipality": "Kommun X", "region": "Region X", "agency": "Myndighet X", "company": "Bolag X"}
UNNAMED_OTHER = "Organisation X"
#: what is told of an unnamed organisation, the most telling first
TOLD = (("type", "size", "county"), ("type", "size"), ("type",), ())


def write_initiatives(
    root: Path, outputs: Path, wholes: Sequence[Whole], people: pd.DataFrame, columns: Columns
) -> None:
    """Write initiatives, evidence, advice, reference lines and glossary to the public part, and every plan to its owner.

    Parameters
    ----------
    root : Path
        The new results folder, with a folder an organisation.
    outputs : Path
        Where initiatives and plans are stored.
    wholes : sequence of Whole
    people : DataFrame
        id, name, type, county, size of the organisations with results.
    columns : Columns
    """
    instrument = columns.instrument
    stored = load_initiatives(outputs)
    public = root / "public"
    write_table(publish_initiatives(stored, people, instrument), public / "initiatives.parquet")
    types = dict(zip(people["id"], people["type"], strict=True))
    known = stored[stored["organisation"].isin(people["id"])]
    write_table(estimate_evidence(wholes, types, known, columns), public / "evidence.parquet")
    write_json(read_advice(parameters_dir() / "advice.yaml", instrument), public / "advice.json")
    write_json(read_reference(parameters_dir() / "reference.yaml", instrument), public / "reference.json")
    write_json(read_glossary(parameters_dir() / "glossary.yaml", instrument), public / "glossary.json")
    plans = load_plans(outputs)
    plans = plans[plans["point"].isin(instrument.point_ids)]
    for organisation in people["id"]:
        own = plans.loc[plans["organisation"] == organisation, list(PLAN_COLUMNS)]
        write_table(own.reset_index(drop=True), root / f"{PREFIX}{organisation}" / "plans.parquet")


def publish_initiatives(stored: pd.DataFrame, people: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Choose the initiatives that all readers may see.

    Parameters
    ----------
    stored : DataFrame
        As `dimios_core.responses.initiatives.load_initiatives`.
    people : DataFrame
        id, name, type, county, size (text) of the organisations with results; initiatives of others are left out.
    instrument : Instrument
        Initiatives for other points than its own are left out.

    Returns
    -------
    DataFrame
        id, point, title, what, effect, start (YYYY-MM), type, size, county, organisation_name, contact (text). Only
        validated ones with consent. Where that is not "named": organisation_name "Kommun X" and the like, contact
        "", and of type, size and county only what at least five organisations share (`describe_unnamed`). `id` numbers the
        rows: a stored id may tell whose it is. In the model's order of points, then by start and title.
    """
    order = {point: k for k, point in enumerate(instrument.point_ids)}
    about = people.set_index("id")[["name", "type", "size", "county"]].to_dict("index")
    unnamed = describe_unnamed(people)
    rows = []
    for row in stored.to_dict("records"):
        mine, named = row["organisation"], row["consent"] == "named"
        if not row["validated"] or row["consent"] == "none" or row["point"] not in order or mine not in about:
            continue
        told = about[mine] if named else unnamed[mine]
        if told is None:
            continue
        name = about[mine]["name"] if named else UNNAMED.get(told["type"], UNNAMED_OTHER)
        rows.append(
            {c: row[c] for c in ("point", "title", "what", "effect", "start")}
            | {c: told[c] for c in ("type", "size", "county")}
            | {"organisation_name": name, "contact": row["contact"] if named else ""}
        )
    rows.sort(key=lambda r: (order[r["point"]], r["start"], r["title"], r["organisation_name"], r["what"]))
    numbered = [{"id": str(n), **row} for n, row in enumerate(rows, start=1)]
    return pd.DataFrame(numbered, columns=list(INITIATIVE_COLUMNS)).astype("str")


def describe_unnamed(people: pd.DataFrame) -> dict[str, dict[str, str] | None]:
    """Say what may be told of each organisation when its name may not.

    At least five organisations always come into question: all that would be described in the same words. Those whose
    type, size and county five share are described by all three; of the rest, by type and size where five remain
    that share them; then by type; then by nothing.

    Returns
    -------
    dict
        Organisation -> type, size, county ("" where not told); None where fewer than five would be described alike.
    """
    told: dict[str, dict[str, str] | None] = dict.fromkeys(people["id"])
    left = people
    for columns in TOLD:
        if left.empty:
            break
        if columns:
            alike = left.groupby(list(columns))["id"].transform("size") >= ALIKE_MIN
        else:
            alike = pd.Series(len(left) >= ALIKE_MIN, index=left.index)
        for row in left[alike].to_dict("records"):
            told[row["id"]] = {c: row[c] if c in columns else "" for c in ("type", "size", "county")}
        left = left[~alike]
    return told
