"""What of initiatives, plans, goals and own conclusions may be published, and to whom (method 5).

Initiatives: validated ones with consent, for all readers; a name and a contact only where consent says named.
Plans name people, goals and conclusions are the organisation's own: they go to its own folder only. Of plans that are shared with
the county, all may read for what they are and how far they have come (`shared_plans`), and none of their words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.actions.conclusions import load_conclusions
from dimios_core.actions.goals import load_goals
from dimios_core.actions.initiatives import load_initiatives
from dimios_core.actions.plans import load_plans
from dimios_core.instrument import Instrument
from dimios_core.places import parameters_dir
from dimios_core.published.conventions import UNIT_GONE
from dimios_core.published.shaping import shape_table
from dimios_core.published.store import PREFIX, read_json
from dimios_core.published.unnamed import UNNAMED, UNNAMED_OTHER, describe_unnamed
from dimios_core.published.writing import write_json, write_published, write_published_of
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.evidence.advice import read_advice, read_reference
from dimios_core.results.evidence.by_kind import find_telling, match_kinds
from dimios_core.results.evidence.by_point import gather_scores, match_points
from dimios_core.results.evidence.estimates import estimate_evidence
from dimios_core.results.evidence.expert_help import find_expert_help, read_expert_help
from dimios_core.results.evidence.glossary import read_glossary
from dimios_core.results.evidence.shared_plans import publish_shared_plans
from dimios_core.results.scoring.models import Models


def write_initiatives(
    root: Path,
    outputs: Path,
    wholes: Sequence[Whole],
    people: pd.DataFrame,
    shown: Mapping[str, set[str]],
    models: Models,
) -> None:
    """Write initiatives, evidence, advice, reference lines, glossary and expert help to the public part, what is their own to organisations.

    Of plans that are shared with the county, the public part gets what `publish_shared_plans` leaves.

    Parameters
    ----------
    root : Path
        The new results folder, with a folder an organisation.
    outputs : Path
        Where initiatives and plans are stored.
    wholes : sequence of Whole
    people : DataFrame
        id, name, type, county, size, sharing of the organisations with results.
    shown : mapping
        Period -> organisations that are dots in the plane.
    models : Models
    """
    columns = models.columns[models.latest]
    instrument = columns.instrument
    renamed = models.renamed_points
    stored = load_initiatives(outputs).replace(to_replace={"point": renamed})
    public = root / "public"
    write_published("initiatives", publish_initiatives(stored, people, instrument), public)
    types = dict(zip(people["id"], people["type"], strict=True))
    known = stored[stored["organisation"].isin(people["id"])]
    scores = gather_scores(wholes, models)
    points, kinds = (match(scores, types, known) for match in (match_points, match_kinds))
    write_published("evidence", estimate_evidence("evidence", "point", points), public)
    told = estimate_evidence("evidence_kinds", "kind", kinds, find_telling(points, kinds))
    write_published("evidence_kinds", told, public)
    write_json(read_advice(parameters_dir() / "advice.yaml", instrument), public / "advice.json")
    write_json(read_reference(parameters_dir() / "reference.yaml", instrument), public / "reference.json")
    write_json(read_glossary(parameters_dir() / "glossary.yaml", instrument), public / "glossary.json")
    write_json(read_expert_help(find_expert_help(outputs), instrument), public / "expert_help.json")
    plans, goals = load_plans(outputs), load_goals(outputs)
    plans = plans.replace(to_replace={"point": renamed})
    goals = goals.assign(
        key=goals["key"].where(goals["level"] != "point", goals["key"].replace(to_replace=renamed))
    )
    plans = plans[plans["point"].isin(instrument.point_ids)]
    write_published("shared_plans", publish_shared_plans(plans, people, shown), public)
    places = set(columns.level_rows)
    kept = [place in places for place in zip(goals["level"], goals["key"], strict=True)]
    goals = goals.loc[np.array(kept, bool)]
    folders = {o: root / f"{PREFIX}{o}" for o in people["id"]}
    profiles = {o: read_json(folder / "organisation.json") for o, folder in folders.items()}
    units = {(o, unit) for o, p in profiles.items() for unit in ("", *(u["id"] for u in p["units"]))}
    plans = plans.assign(unit=plans["unit"].where(_are_in(plans, "unit", units), UNIT_GONE))
    conclusions = load_conclusions(outputs)
    periods = {(o, period) for o, p in profiles.items() for period in p["periods"]}
    conclusions = conclusions[_are_in(conclusions, "period", periods)]
    for name, table in {"plans": plans, "goals": goals, "conclusions": conclusions}.items():
        own = table[table["organisation"].isin(folders)]
        write_published_of(name, shape_table(name, [own], per_organisation=True), folders)


def _are_in(table: pd.DataFrame, column: str, pairs: Set[tuple[str, str]]) -> np.ndarray:
    """Tell whose organisation and text of a column are one of some pairs, bool array (rows,)."""
    return np.array([pair in pairs for pair in zip(table["organisation"], table[column], strict=True)], bool)


def publish_initiatives(stored: pd.DataFrame, people: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Choose the initiatives that all readers may see.

    Parameters
    ----------
    stored : DataFrame
        As `dimios_core.actions.initiatives.load_initiatives`.
    people : DataFrame
        id, name, type, county, size (text) of the organisations with results; initiatives of others are left out.
    instrument : Instrument
        Initiatives for other points than its own are left out.

    Returns
    -------
    DataFrame
        id, point, kind, title, what, effect, start (YYYY-MM), type, size, county, organisation_name, contact (text). Only
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
            {c: row[c] for c in ("point", "kind", "title", "what", "effect", "start")}
            | {c: told[c] for c in ("type", "size", "county")}
            | {"organisation_name": name, "contact": row["contact"] if named else ""}
        )
    rows.sort(key=lambda r: (order[r["point"]], r["start"], r["title"], r["organisation_name"], r["what"]))
    numbered = [{"id": str(n), **row} for n, row in enumerate(rows, start=1)]
    return shape_table("initiatives", numbered)
