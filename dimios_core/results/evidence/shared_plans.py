"""What a county may see of plans: for which point, of which kind, how far; of organisations that all may see by name.

Nobody has read a plan before it is published, and it names people: none of its words leave the organisation's own folder.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from dimios_core.published.shaping import shape_table

#: of a plan, besides whose it is
TOLD = ["point", "kind", "progress", "measure_period"]


def publish_shared_plans(
    plans: pd.DataFrame, people: pd.DataFrame, shown: Mapping[str, set[str]]
) -> pd.DataFrame:
    """Choose what all may read of plans.

    Parameters
    ----------
    plans : DataFrame
        As `dimios_core.actions.plans.load_plans`.
    people : DataFrame
        id, name, county, sharing (text) of the organisations with results.
    shown : mapping
        Period -> organisations that are dots in the plane.

    Returns
    -------
    DataFrame
        period, id, name, county, point, kind, progress, measure_period (text), by period and name. Only of plans with
        consent "yes" that are the whole organisation's, of organisations that share their name and are shown in the
        plan's period. What stands alike twice is one row.
    """
    about = people.set_index("id")
    rows = [
        {
            "period": p["period"],
            "id": mine,
            "name": about.loc[mine, "name"],
            "county": about.loc[mine, "county"],
        }
        | {c: p[c] for c in TOLD}
        for p in plans.to_dict("records")
        if (mine := p["organisation"]) in about.index
        and p["consent"] == "yes"
        and not p["unit"]
        and about.loc[mine, "sharing"] == "named"
        and mine in shown.get(p["period"], set())
    ]
    rows.sort(key=lambda r: tuple(str(r[c]) for c in ("period", "name", "id", *TOLD)))
    return shape_table("shared_plans", [dict(r) for r in dict.fromkeys(tuple(r.items()) for r in rows)])
