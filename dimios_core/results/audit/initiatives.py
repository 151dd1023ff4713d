"""Audit of initiatives and evidence, from published files alone (method 5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from dimios_core.published.store import (
    PREFIX,
    PublicResults,
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
