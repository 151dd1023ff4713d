"""Right answers, looked up from published tables: a closed set, each by its name in `parameters/training/weeks/*.yaml`.

Nothing is computed here: a lookup picks among published figures, and tells which outcome they have. Where nothing is published, or
nothing differs for certain, that is an outcome as well, so that one answer is right whatever the figures are.
"""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.instrument.lead import lead_of
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.data_tables import say_unknown
from dimios_core.report.figures import PUBLISHED, WHOLE, Comparison
from dimios_core.report.organisation_facts import rank_unknowns
from dimios_core.report.pages.internal_comparison.page import InternalComparison
from dimios_core.training.found import Figured, Lookup, Named, Outcome, Values

#: answers beside the right one, at most
OTHERS_N = 3
#: percentage points that week five hopes for: a whole number, to hold against what a measurement can show
HOPED_PP = 5
#: a smaller difference is no exercise in telling more from less: the made-up example is asked on instead, percentage points
GAP_MIN_PP = 0.5


# -- outcomes ----------------------------------------------------------------------------------------------


def find_lead_change(page: OrganisationPage) -> Outcome:
    """Has what is told first changed for certain since the measurement before?"""
    facts = page.facts
    change = facts.changes.get(facts.lead.place)
    words = {"name": page.narrator.name(*facts.lead.place, running=True)}
    if change is None or change.value is None or change.certainty == "unknown":
        return Outcome("unknown", words)
    return Outcome(change.certainty, words | _tell(change) | {"previous": facts.previous})


def find_placement(page: OrganisationPage) -> Outcome:
    """In which quadrant does the organisation lie: one, between some, or can it not be told?"""
    plane, position = page.results.instrument.quadrants, page.facts.position
    text = page.results.instrument.text
    cells: dict[str, str] = {c.id: text(c.name, page.language) for c in plane.cells} if plane else {}
    words = {"cells": cells}
    if plane is None or position is None or position.placement == "unplaced":
        return Outcome("unplaced", words)
    placed = position.placement.split("-")
    figures = {
        "across": position.across,
        "upwards": position.upwards,
        "names": [cells[p] for p in placed],
        "summary": text(next(c.summary for c in plane.cells if c.id == placed[0]), page.language),
    }
    return Outcome(placed[0] if len(placed) == 1 else "between", words | figures)


def find_unit_difference(page: OrganisationPage) -> Outcome:
    """Does a unit differ for certain from the rest of the organisation, on what is told first?"""
    inside = InternalComparison(page.results, page.period, page.language)
    lead = lead_of(page.results.instrument)
    found = [c for c in inside.groups.contrasts_of("unit_rest") if c.key == lead]
    shown = [c for c in found if c.comparison.published and c.comparison.certainty != "unknown"]
    words = {"name": page.narrator.name(*lead, running=True)}
    certain = [c for c in shown if c.comparison.certain]
    names = [inside.narrator.name_who(c) for c in certain or shown]
    outcome = "some" if certain else "none" if shown else "unknown"
    return Outcome(outcome, words | ({"names": names, "shown_n": len(shown)} if shown else {}))


def find_would_show(page: OrganisationPage) -> Outcome:
    """Would a change of `HOPED_PP` have shown for certain between the last two measurements?"""
    facts = page.facts
    change = facts.changes.get(facts.lead.place)
    words = {"name": page.narrator.name(*facts.lead.place, running=True), "hoped": HOPED_PP}
    if change is None or change.detectable is None:
        return Outcome("unknown", words)
    outcome = "yes" if change.detectable <= HOPED_PP else "no"
    return Outcome(outcome, words | {"detectable": change.detectable, "previous": facts.previous})


# -- names -------------------------------------------------------------------------------------------------


def find_category_below(page: OrganisationPage) -> list[Named]:
    """Which category lies below others for certain? The largest gap is the right one."""
    facts, narrator = page.facts, page.narrator
    states = {"decrease": "below", "increase": "above", "none": "level"}
    found = []
    for figure in facts.of_level("category"):
        gap, name = facts.gaps.get(figure.place), narrator.name(*figure.place)
        if gap is None or gap.value is None or figure.score is None or facts.group is None:
            found.append((0.0, Named(name, "hidden", False, {"name": name})))
            continue
        told = _tell(gap) | {"own": figure.score, "others": gap.reference}
        told |= {"name": name, "group": narrator.name_others(facts.group)}
        found.append((gap.value, Named(name, states.get(gap.certainty, "few"), False, told)))
    return _choose(found, "below")


def find_most_unknown(page: OrganisationPage) -> list[Named]:
    """On which measure point did most answer that they do not know? A largest share that others have, too, is nobody's."""
    facts, narrator = page.facts, page.narrator
    ranked = rank_unknowns(facts)
    shares = [f.dont_know_share or 0.0 for f in ranked]
    found: list[Named] = []
    if ranked and shares[0] > 0 and shares.count(shares[0]) == 1:
        # from the top, the middle and the end, so that the answer shows in the figure
        others = [
            ranked[i] for i in dict.fromkeys((2, len(ranked) // 2, len(ranked) - 1)) if 0 < i < len(ranked)
        ]
        for figure in (ranked[0], *others):
            name = narrator.name(*figure.place)
            words = {"name": name, "share": say_unknown(narrator, figure)}
            found.append(Named(name, "less" if found else "most", not found, words))
    for figure in facts.of_level("point") if not found else ():
        name = narrator.name(*figure.place)
        found.append(Named(name, "hidden", False, {"name": name}))
    found = found[: OTHERS_N + 1]
    return sorted(found, key=lambda n: n.name)


def find_role_hidden(page: OrganisationPage) -> list[Named]:
    """Whose view of the organisation cannot be seen by itself?

    A role whose figures are shown while its response rate is not is left out, unless there is no other: a reader would
    see it missing in the chart.
    """
    whole = {"period": page.period, "unit": WHOLE, "status": PUBLISHED}
    scored, counted = (
        {r["role"] for r in page.results.rows(table, **whole)} for table in ("scores", "response_rates")
    )
    text = page.results.instrument.text
    names = {r.id: text(r.name, page.language) for r in page.results.instrument.roles}
    hidden = [Named(n, "hidden", True, {"name": n}) for r, n in names.items() if r not in scored | counted]
    both = [r for r in names if r in scored & counted] or ([] if hidden else [*names])
    shown = [Named(names[r], "shown", False, {"name": names[r]}) for r in both]
    return [*shown[:OTHERS_N], *hidden[:1]]


def find_moved_point(page: OrganisationPage) -> list[Named]:
    """On which measure point did organisations with an initiative rise more than similar ones, for certain?"""
    states = {"increase": "moved", "decrease": "fell", "none": "level"}
    found = []
    for row in page.results.rows("evidence"):
        name = page.narrator.name("point", row["point"])
        told = {"name": name}
        if row["status"] != PUBLISHED:
            found.append((0.0, Named(name, "few", False, told)))
            continue
        difference = Comparison(*(row[c] for c in ("status", "difference", "ci_low", "ci_high", "certainty")))
        told |= _tell(difference) | {"organisations_n": row["organisations_n"]}
        found.append((-row["difference"], Named(name, states.get(row["certainty"], "few"), False, told)))
    found.sort(key=lambda f: f[1].state == "few")  # those that say something come first
    return _choose(found, "moved")


def _choose(found: Sequence[tuple[float, Named]], state: str) -> list[Named]:
    """Return the lowest of a state as the right one, and others that are not of that state, as they came."""
    first = min((f for f in found if f[1].state == state), key=lambda f: f[0], default=None)
    others = [named for _, named in found if named.state != state][:OTHERS_N]
    if first is None:
        return others
    right = Named(first[1].name, state, True, first[1].values)
    return sorted([*others, right], key=lambda n: n.name)


# -- numbers -----------------------------------------------------------------------------------------------


def find_gap_size(page: OrganisationPage) -> Figured:
    """How many percentage points is it from others, where it is most?"""
    facts, narrator = page.facts, page.narrator
    gaps = [
        (g, f) for f in facts.of_level("category") if (g := facts.gaps.get(f.place)) and f.score is not None
    ]
    known = [(g.value, g, f) for g, f in gaps if g.value is not None and abs(g.value) >= GAP_MIN_PP]
    if not known or facts.group is None:
        return EXAMPLES["gap_size"]
    value, gap, figure = max(known, key=lambda k: abs(k[0]))
    words = {"name": narrator.name(*figure.place), "own": figure.score, "others": gap.reference, "gap": value}
    mistakes = {"sign": -value, "own": figure.score or 0.0}
    return Figured(value, mistakes, words | {"group": narrator.name_others(facts.group)})


def find_threshold(page: OrganisationPage) -> Figured:
    """How many answers are behind any figure that is shown?"""
    threshold = page.facts.organisation["threshold"]
    return Figured(threshold, {"one": 1.0}, {"threshold": threshold})


def _tell(comparison: Comparison) -> Values:
    """What texts say of a difference; `beyond` tells that its own interval leaves out zero."""
    low, high = comparison.low, comparison.high
    beyond = low is not None and high is not None and (low > 0 or high < 0)
    return {"value": comparison.value, "low": low, "high": high, "beyond": beyond}


DIFFERENCE = ("value", "low", "high", "beyond")
OUTCOMES: dict[str, Lookup[Outcome]] = {
    "lead_change": Lookup(
        find_lead_change,
        ("increase", "decrease", "none", "unknown"),
        ("name",),
        (*DIFFERENCE, "previous"),
        ("unknown",),
    ),
    "placement": Lookup(
        find_placement,
        ("A", "B", "C", "D", "between", "unplaced"),
        ("cells",),
        ("across", "upwards", "names", "summary"),
        ("unplaced",),
    ),
    "unit_difference": Lookup(
        find_unit_difference, ("some", "none", "unknown"), ("name",), ("names", "shown_n"), ("unknown",)
    ),
    "would_show": Lookup(
        find_would_show, ("yes", "no", "unknown"), ("name", "hoped"), ("detectable", "previous"), ("unknown",)
    ),
}
NAMES: dict[str, Lookup[list[Named]]] = {
    "category_below": Lookup(
        find_category_below,
        ("below", "above", "level", "few", "hidden"),
        ("name",),
        (*DIFFERENCE, "own", "others", "group"),
        ("hidden",),
    ),
    "most_unknown": Lookup(find_most_unknown, ("most", "less", "hidden"), ("name",), ("share",), ("hidden",)),
    "role_hidden": Lookup(find_role_hidden, ("shown", "hidden"), ("name",)),
    "moved_point": Lookup(
        find_moved_point,
        ("moved", "fell", "level", "few"),
        ("name",),
        (*DIFFERENCE, "organisations_n"),
        ("few",),
    ),
}
NUMBERS: dict[str, Lookup[Figured]] = {
    "gap_size": Lookup(find_gap_size, words=("name", "own", "others", "gap", "group")),
    "threshold": Lookup(find_threshold, words=("threshold",)),
}
#: asked on instead where the organisation's own figures give no number: whole numbers, nobody's
EXAMPLES = {
    "gap_size": Figured(
        -9.0,
        {"sign": 9.0, "own": 48.0},
        {"name": "", "own": 48, "others": 57, "gap": -9.0, "group": ""},
        made_up=True,
    ),
    "threshold": Figured(5.0, {"one": 1.0}, {"threshold": 5}, made_up=True),
}
