"""Findings on where an organisation lies among all: in words that its interval bears, never as a rank."""

from __future__ import annotations

from typing import Any

from dimios_core.published.conventions import CERTAINTY_N_MIN
from dimios_core.report.figures import Figure, PeerGroupFact
from dimios_core.report.finding import NAMED_N, Finding, find_level
from dimios_core.report.pages.everyones_result.facts import GroupFigure
from dimios_core.report.pages.everyones_result.similar import Similar, list_risen

#: places that are certain to lie above and below the middle half
HIGH, LOW = "above_q3", "below_q1"
#: which sentence, by whether there is anything above and below
SIDES = {(True, True): "both", (True, False): "above", (False, True): "below", (False, False): "none"}


def find_place(figure: Figure, group: GroupFigure | None) -> str:
    """Tell where an interval lies among the quartiles of a group.

    Parameters
    ----------
    figure : Figure
    group : GroupFigure or None

    Returns
    -------
    str
        "above_q3", "below_q1": all of the interval beyond the quartile; "middle": all of it between the
        quartiles, ends included; "above_median", "below_median": all of it on one side of the median; "open_high",
        "open_low": it holds the median and reaches beyond one quartile; "open": beyond both. "few": fewer than
        eight respondents; "own_missing", "no_spread": a side is not published.
    """
    if figure.low is None or figure.high is None:
        return "own_missing"
    if group is None or group.q1 is None or group.median is None or group.q3 is None:
        return "no_spread"
    if figure.n is None or figure.n < CERTAINTY_N_MIN:
        return "few"
    low, high = figure.low, figure.high
    ordered = (
        (HIGH, low > group.q3),
        (LOW, high < group.q1),
        ("middle", low >= group.q1 and high <= group.q3),
        ("above_median", low > group.median),
        ("below_median", high < group.median),
        ("open_high", low >= group.q1),
        ("open_low", high <= group.q3),
    )
    return next((name for name, holds in ordered if holds), "open")


def tell_place(figure: Figure, group: GroupFigure | None) -> list[Finding]:
    """Return where a figure lies in a group; how the others are spread where one's own is not published."""
    place = find_place(figure, group)
    if place == "own_missing":
        return [find_level(figure), *_tell_spread(group)]
    if group is None or place == "no_spread":
        return [Finding("everyones_place_no_spread", ((figure.level, figure.key),))]
    numbers: dict[str, Any] = {
        "group": group.group, "low": figure.low, "high": figure.high, "q1": group.q1, "median": group.median,
        "q3": group.q3, "least": CERTAINTY_N_MIN,
    }  # fmt: skip
    return [Finding(f"everyones_place_{place}", ((figure.level, figure.key),), numbers)]


def _tell_spread(group: GroupFigure | None) -> list[Finding]:
    if group is None or not group.spread:
        return []
    numbers = {"group": group.group, "q1": group.q1, "median": group.median, "q3": group.q3}
    return [Finding("everyones_spread", numbers=numbers)]


def find_places(figures: list[Figure], groups: dict[str, GroupFigure]) -> list[Finding]:
    """Return which figures of a level are certain to lie in an outer quarter, and which in a half at least."""
    places = {f.key: find_place(f, groups.get(f.key)) for f in figures}
    known = [f for f in figures if places[f.key] not in ("own_missing", "no_spread", "few")]
    if not known:
        kind = "few" if "few" in places.values() else "empty"
        return [Finding(f"everyones_places_{kind}", numbers={"least": CERTAINTY_N_MIN})]
    picked = {
        name: _order([f for f in known if places[f.key] == name], name.startswith("above"))
        for name in (HIGH, LOW, "above_median", "below_median")
    }
    kind = SIDES[bool(picked[HIGH]), bool(picked[LOW])]
    about = {"of_n": len(known), "level": known[0].level, "group": groups[known[0].key].group}
    found = [Finding(f"everyones_places_{kind}", numbers=about | _name_few(picked[HIGH], picked[LOW]))]
    if picked["above_median"] or picked["below_median"]:
        halves = _name_few(picked["above_median"], picked["below_median"])
        found.append(Finding("everyones_places_halves", numbers=halves))
    return found


def _name_few(above: list[Figure], below: list[Figure]) -> dict[str, Any]:
    return {"above": above[:NAMED_N], "above_n": len(above), "below": below[:NAMED_N], "below_n": len(below)}


def _order(figures: list[Figure], highest_first: bool) -> list[Figure]:
    return sorted(figures, key=lambda f: f.score or 0.0, reverse=highest_first)


def find_groups(figures: list[GroupFigure]) -> Finding:
    """Return which peer groups one is certainly above or below."""
    gaps = [f for f in figures if f.gap is not None and f.gap.published]
    if not gaps:
        return Finding("everyones_groups_empty")
    above = [f.group for f in gaps if f.gap and f.gap.certainty == "increase"]
    below = [f.group for f in gaps if f.gap and f.gap.certainty == "decrease"]
    if all(f.gap and f.gap.certainty == "unknown" for f in gaps):
        return Finding("everyones_groups_unknown", numbers={"least": CERTAINTY_N_MIN})
    numbers = {
        "above": above,
        "below": below,
        "of_n": len(gaps),
        "rest_n": len(gaps) - len(above) - len(below),
    }
    return Finding(f"everyones_groups_{SIDES[bool(above), bool(below)]}", numbers=numbers)


def find_counties(figures: list[GroupFigure], own: str) -> list[Finding]:
    """Return what the map shows, and what of one's own county.

    Parameters
    ----------
    figures : list of GroupFigure
        Any groups; counties are picked.
    own : str
        Two-digit code, "" where the organisation has none.
    """
    counties = [f for f in figures if f.group.kind == "county"]
    shown = [f for f in counties if f.mean is not None]
    if not shown:
        return [Finding("everyones_counties_empty", numbers={"hidden_n": len(counties)})]
    means = [f.mean for f in shown if f.mean is not None]
    spread = {
        "shown_n": len(shown),
        "hidden_n": len(counties) - len(shown),
        "lowest": min(means),
        "highest": max(means),
    }
    found = [Finding("everyones_counties" if len(shown) > 1 else "everyones_counties_one", numbers=spread)]
    if own:
        mine = next((f for f in shown if f.group.id == f"county:{own}"), None)
        group = mine.group if mine else PeerGroupFact(f"county:{own}", "county", 0)
        kind = "everyones_county_hidden" if mine is None else "everyones_county"
        numbers = {"group": group} if mine is None else {"group": group, "mean": mine.mean}
        found.append(Finding(kind, numbers=numbers))
    return found


def find_similar(similar: list[Similar], farther: list[Similar]) -> list[Finding]:
    """Return which of the most similar organisations rose for certain, the largest rise first.

    Parameters
    ----------
    similar : list of Similar
    farther : list of Similar
        The less similar ones: told of where none of the most similar rose.
    """
    if not similar:
        return [Finding("everyones_similar_empty")]
    risen = list_risen(similar)
    if risen:
        numbers = {"of_n": len(similar), "risen": risen[:NAMED_N], "risen_n": len(risen)}
        return [Finding("everyones_similar_risen", numbers=numbers)]
    told_n = sum(s.organisation.change is not None for s in similar)
    kind = "none" if told_n else "unknown"
    found = [Finding(f"everyones_similar_{kind}", numbers={"of_n": len(similar), "told_n": told_n})]
    elsewhere = list_risen(farther)
    if elsewhere:
        numbers = {"risen": elsewhere[:NAMED_N], "risen_n": len(elsewhere)}
        found.append(Finding("everyones_risen_elsewhere", numbers=numbers))
    return found
