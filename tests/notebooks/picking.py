"""Three organisations of the demo that reports are tested on."""

from __future__ import annotations

from pathlib import Path

from dimios_core.published.store import list_organisations, load_results


def pick_organisations(results: Path) -> dict[str, str]:
    """A typical organisation, the one with fewest respondents, and a newcomer with a single period."""
    published = {o: load_results(o, results) for o in list_organisations(results)}
    people = {}
    for o, r in ((o, r) for o, r in published.items() if "2026" in r.profile["periods"]):
        top = r.scores[
            (r.scores["level"] == "maturity") & (r.scores["unit"] == "*") & (r.scores["role"] == "*")
        ]
        people[o] = int(top.loc[top["period"] == "2026", "n"].fillna(0).item())
    newcomers = [o for o, r in published.items() if len(r.profile["periods"]) == 1]
    return {"typical": "almvik", "small": min(people, key=lambda o: people[o]), "newcomer": newcomers[0]}
