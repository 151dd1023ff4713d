"""What organisations that all may see by name tell of what they do: initiatives under their name, and plans that they share.

Nothing is told of anybody else. An initiative stands beside a result only where exactly one organisation that is shown by
name bears the name that it was given under.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dimios_core.published.store import PublicResults

#: a plan that has come so far is something to ask about
UNDER_WAY = ("done", "partly", "")


@dataclass(frozen=True)
class Idea:
    """An initiative of an organisation that is named for it.

    Attributes
    ----------
    id, name : str
        Of the organisation.
    point : str
        Id of the measure point that it was for.
    title, start, contact : str
        As the organisation gave them; start is "2025-03".
    """

    id: str
    name: str
    point: str
    title: str
    start: str
    contact: str


@dataclass(frozen=True)
class SharedPlan:
    """What an organisation lets its county see of a plan.

    Attributes
    ----------
    id, name : str
        Of the organisation.
    period : str
        The measurement that it follows.
    point, kind, progress : str
        `kind` and `progress` are codes, "" where they are not told.
    """

    id: str
    name: str
    period: str
    point: str
    kind: str
    progress: str


def gather_ideas(results: PublicResults, names: Mapping[str, str]) -> tuple[Idea, ...]:
    """Gather the initiatives of organisations that are shown by name, in the table's order.

    Parameters
    ----------
    results : PublicResults
    names : mapping of id -> name
        The organisations that are shown by name. Of two with the same name, neither is told of.
    """
    bearers = Counter(names.values())
    known = {name: i for i, name in names.items() if bearers[name] == 1}
    points = set(results.instrument.point_ids)
    return tuple(
        Idea(known[name], name, r["point"], r["title"], r["start"], r["contact"])
        for r in results.rows("initiatives")
        if (name := r["organisation_name"]) in known and r["point"] in points
    )


def gather_shared_plans(
    results: PublicResults, members: Iterable[str], periods: Iterable[str]
) -> tuple[SharedPlan, ...]:
    """Gather the shared plans of organisations, by their ids, that follow the given measurements."""
    rows = results.rows("shared_plans", id=tuple(members), period=tuple(periods))
    return tuple(
        SharedPlan(r["id"], r["name"], r["period"], r["point"], r["kind"], r["progress"]) for r in rows
    )
