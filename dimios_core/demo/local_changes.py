"""What is special to single organisations: rounds twice a year, and units that were merged or renamed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dimios_core.demo.consortium import Consortium
from dimios_core.demo.population import Population, make_slug


def apply_local_changes(consortium: Consortium, people: Population) -> Population:
    """Return the people with the names of rounds and units that held when they were asked; nothing is drawn.

    Returns
    -------
    Population
        `units` has the new units beside the old ones; `invited` has the organisations' own periods and the units of the time;
        `rounds` gets the column unit (str, "" = no unit), the respondent's unit at the time.
    """
    ids = [o.id for o in consortium.organisations]
    order = {period: n for n, period in enumerate(consortium.periods)}
    rounds = people.rounds.assign(unit=people.seats["unit"].to_numpy()[people.rounds["seat"]])
    whose = people.seats["organisation"].to_numpy()[rounds["seat"]]
    invited, units = people.invited.copy(), people.units
    for r in consortium.reorganisations:
        known = units[units["organisation"] == r.organisation]
        gone = known[known["unit"].isin(r.units)]
        if gone.empty:  # another seed planted none of them
            continue
        if len(set(gone["parent"])) > 1 or known["parent"].isin(r.units).any():
            raise ValueError(f"{r.organisation}: {r.units} are not units without parts, side by side")
        new = make_slug(r.name)
        row = {"organisation": r.organisation, "unit": new, "name": r.name, "parent": gone["parent"].iloc[0]}
        after = gone.index[-1] + 1
        units = pd.concat([units[:after], pd.DataFrame([row]), units[after:]], ignore_index=True)
        now = (whose == ids.index(r.organisation)) & (rounds["period"] >= order[r.since])
        rounds.loc[now & rounds["unit"].isin(r.units), "unit"] = new
        asked = (invited["organisation"] == r.organisation) & (invited["period"].map(order) >= order[r.since])
        invited.loc[asked & invited["unit"].isin(r.units), "unit"] = new
    labels = consortium.label_rounds()
    position = invited["organisation"].map({o: n for n, o in enumerate(ids)})
    invited["period"] = labels[position, invited["period"].map(order)]
    keys = ["organisation", "period", "unit", "role"]
    invited = invited.groupby(keys, sort=False)["invited"].sum().reset_index()
    return replace(people, units=units, rounds=rounds, invited=invited)
