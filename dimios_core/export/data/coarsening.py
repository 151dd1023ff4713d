"""Coarsening until everybody is one of at least five: what a recipient may know of a person, made alike by steps.

A *record* is a person in a period. What may be known of her is her organisation, and the role and the level of her unit
in each period: her *trajectory*, over all periods that a package links. People of one organisation with the same
trajectory are alike. Records of people with fewer than `K` alike go through `STEPS`, one after the other, until they have
enough; all others stay as they are (local recoding). A step only ever takes records from groups that are too small, so no
group that is large enough loses anybody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.unnamed import describe_unnamed

#: people who have to be alike, and organisations that have to share what is told of them
K = 5
#: columns of what may be known of a record; "" is left out
KNOWN = ("organisation", "role", "unit_level")
ATTRIBUTES = ("type", "size", "county")
#: the first state, that of people whose link is broken, and the last
UNTOUCHED, LINK, SUPPRESSED = "untouched", "link", "suppressed"


@dataclass(frozen=True)
class Step:
    """What happens to records that still have too few alike.

    Attributes
    ----------
    id : str
    left_out : tuple of str
        Columns of `KNOWN` that are left out; the others are as they were at first.
    linked : bool
        Whether the pseudonym follows the person from period to period.
    """

    id: str
    left_out: tuple[str, ...]
    linked: bool


#: from the least loss to the greatest; the ids are explained in readme/research.md. The link goes before the role: without
#: it a change is less certain, without roles there is nothing to compare
STEPS = (
    Step("unit_level", ("unit_level",), True),
    Step(LINK, (), False),
    Step("link_unit_level", ("unit_level",), False),
    Step("link_role", ("unit_level", "role"), False),
    Step("organisation", ("organisation",), False),
    Step("organisation_unit_level", ("organisation", "unit_level"), False),
    Step("organisation_role", ("organisation", "unit_level", "role"), False),
)


def coarsen_records(records: pd.DataFrame) -> pd.DataFrame:
    """Coarsen records until each is of one of at least `K` people who are alike.

    Parameters
    ----------
    records : DataFrame
        A row a person and period: organisation, person (any ids), period, role, unit_level (text). Where `organisation`
        is left out beforehand, organisation_id tells whose the person is; where the link is broken beforehand, linked.

    Returns
    -------
    DataFrame
        The same rows and order, with `KNOWN` coarsened, linked (bool), and step (where the record ended; those that are
        `SUPPRESSED` may not leave).
    """
    told = records.reset_index(drop=True)
    may_follow = told["linked"].copy() if "linked" in told else pd.Series(True, index=told.index)
    told = told.assign(linked=may_follow, step=np.where(may_follow, UNTOUCHED, LINK))
    owner = "organisation_id" if "organisation_id" in told else "organisation"
    told["subject"] = told.groupby([owner, "person"], sort=False).ngroup()
    first = told[list(KNOWN)].copy()
    small = find_small(told)
    for step in STEPS:
        if not small.any():
            break
        for column in KNOWN:
            told.loc[small, column] = "" if column in step.left_out else first.loc[small, column]
        told.loc[small, "linked"] = step.linked & may_follow[small]
        told.loc[small, "step"] = step.id
        small = find_small(told)
    told.loc[small, "step"] = SUPPRESSED
    return told.drop(columns="subject")


def find_small(told: pd.DataFrame) -> np.ndarray:
    """Return which records are of people with fewer than `K` alike.

    Parameters
    ----------
    told : DataFrame
        `KNOWN`, period, subject (a person), linked.
    """
    order = told.sort_values("period", kind="stable")
    # a person whose link is broken is another one in each period
    apart = order["period"].where(~order["linked"], "")
    key = order["subject"].astype(str) + "\0" + apart
    cell = order["period"] + "\0" + order["role"] + "\0" + order["unit_level"]
    trajectory = cell.groupby(key).agg("\1".join)
    group = order.groupby(key)["organisation"].first() + "\2" + trajectory
    alike = group.map(group.value_counts())
    return (key.map(alike).reindex(told.index) < K).to_numpy()


def coarsen_organisations(people: pd.DataFrame) -> pd.DataFrame:
    """Leave out what fewer than `K` organisations share, the county first, then the size, then the type.

    Parameters
    ----------
    people : DataFrame
        id, type, size, county (text) of the organisations of a package.

    Returns
    -------
    DataFrame
        id and `ATTRIBUTES`, "" where left out. Those of which nothing is told are at least `K` too, or none: else the
        smallest other group joins them.
    """
    told = describe_unnamed(people)
    nothing = dict.fromkeys(ATTRIBUTES, "")
    rows = pd.DataFrame([{"id": o} | (told[o] or nothing) for o in people["id"]], columns=["id", *ATTRIBUTES])
    while True:
        words = rows[list(ATTRIBUTES)].agg("\0".join, axis=1) if len(rows) else pd.Series(dtype=str)
        blank = words == "\0\0"
        others = words[~blank].value_counts()
        if not 0 < blank.sum() < K or others.empty:
            return rows
        smallest = min(others.index, key=lambda word: (others[word], word))
        rows.loc[words == smallest, list(ATTRIBUTES)] = ""


def round_count(count: int) -> int | str:
    """Return a count as a package may tell it: none, "fewer than 5", or the nearest multiple of five."""
    return f"fewer than {K}" if 0 < count < K else K * round(count / K)


def report_coarsening(told: pd.DataFrame, organisations: pd.DataFrame) -> dict[str, object]:
    """Return how many records ended at which step, and of how many organisations what is told, in rounded counts."""
    n = told["step"].value_counts()
    ids = [UNTOUCHED, *(step.id for step in STEPS), SUPPRESSED]
    of = Counter(
        ", ".join(a for a in ATTRIBUTES if row[a]) or "nothing" for row in organisations.to_dict("records")
    )
    return {
        "k": K,
        "counts": f"rounded to multiples of {K}",
        "records": {i: round_count(int(n.get(i, 0))) for i in ids},
        "organisations_told": {words: round_count(of[words]) for words in sorted(of)},
    }
