"""Audit of initiatives and evidence, from published files alone (method 5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from dimios_core.published.store import (
    PREFIX,
    PublicResults,
    PublishedResults,
    list_organisations,
    read_json,
)
from dimios_core.published.unnamed import UNNAMED, UNNAMED_OTHER, describe_unnamed
from dimios_core.results.evidence.estimates import PAIRS_MIN

#: (organisation or "public", period, what it is about, what is wrong)
Fault = tuple[str, str, str, str]
DESCRIPTION = ["type", "size", "county"]


def check_actions(results: Path) -> Iterator[Fault]:
    """Find what should not be there: figures from too few pairs, a contact without a name, a telling description.

    Yields
    ------
    Fault
    """
    public = PublicResults(results)
    for table, about in (("evidence", "point"), ("evidence_kinds", "kind")):
        for row in getattr(public, table).to_dict("records"):
            if row["status"] == "published" and row["pairs_n"] < PAIRS_MIN:
                yield "public", "", f"{table} {row[about]}", f"figures from fewer than {PAIRS_MIN} pairs"
    yield from _check_shared_plans(public, results)
    if public.initiatives.empty:
        return
    profiles = [
        read_json(results / f"{PREFIX}{o}" / "organisation.json") for o in list_organisations(results)
    ]
    people = pd.DataFrame(profiles)[["id", "name", *DESCRIPTION]]
    names = set(people["name"])
    described = {tuple(told.values()) for told in describe_unnamed(people).values() if told}
    for row in public.initiatives.to_dict("records"):
        where = f"initiative {row['id']}"
        if row["organisation_name"] in {*UNNAMED.values(), UNNAMED_OTHER}:
            if row["contact"]:
                yield "public", "", where, "a contact where no name may stand"
            if tuple(row[c] for c in DESCRIPTION) not in described:
                yield "public", "", where, "too few organisations are described in these words"
        elif row["organisation_name"] not in names:
            yield "public", "", where, "a name that no organisation has"


def _check_shared_plans(public: PublicResults, results: Path) -> Iterator[Fault]:
    """What all may read of a plan stands in a plan of the whole organisation's that it shares, of one that all may see."""
    plans = public.shared_plans
    visible = set(zip(public.named["period"], public.named["id"], strict=True))
    told = ["period", "point", "kind", "progress", "measure_period"]
    for organisation, rows in plans.groupby("id", observed=True):
        known = (results / f"{PREFIX}{organisation}").is_dir()
        own = PublishedResults(results, str(organisation)).plans if known else None
        shared: set[tuple[str, ...]] = set()
        if own is not None:
            own = own[(own["consent"] == "yes") & (own["unit"] == "")]
            shared = set(own[told].itertuples(index=False, name=None))
        for row in rows.to_dict("records"):
            where = f"shared_plans {organisation} {row['point']}"
            if tuple(row[c] for c in told) not in shared:
                yield "public", row["period"], where, "a plan that the organisation does not share"
            elif (row["period"], row["id"]) not in visible:
                yield "public", row["period"], where, "a plan of an organisation that is not shown by name"
