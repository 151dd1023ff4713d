"""Findings about the sector: its level, change, target, types, points, spread and who takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dimios_core.instrument.lead import lead_of, top_of
from dimios_core.report.figures import Bin, Key, PeerGroupFact
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE, NAMED_N, Finding
from dimios_core.report.pages.national_status.facts import Coverage, SpreadPart
from dimios_core.report.reference import Reference
from dimios_core.report.sector.messages import list_unknowns, rank_unknowns
from dimios_core.report.sector.sector_facts import (
    GroupChange,
    GroupLevel,
    SectorFacts,
    hidden_kind,
    rank_levels,
)

RISE, FALL = "increase", "decrease"


def find_sector_level(facts: SectorFacts) -> list[Finding]:
    """Return the group's level with its interval as a claim about the sector, or why there is none.

    Of the composite; of each dimension where there is none.
    """
    return [_level_of(facts, level) for level in facts.tops]


def _level_of(facts: SectorFacts, level: GroupLevel) -> Finding:
    subject = ((level.level, level.key),)
    if not level.published:
        return Finding(f"sector_level_{hidden_kind(level.status)}", subject, {"group": facts.name})
    numbers = {"mean": level.mean, "low": level.low, "high": level.high, "n": level.organisations_n}
    return Finding("sector_level", subject, numbers | {"group": facts.name})


def find_target(facts: SectorFacts, reference: Reference) -> Finding | None:
    """Return whether the latest target is met, as far as the interval tells; None where there is no target.

    Targets are of the composite.
    """
    target, level = reference.target_of(facts.period), facts.composite
    if target is None or level is None or not level.published or level.low is None or level.high is None:
        return None
    kind = "met" if level.low >= target.to_score else "below" if level.high < target.to_score else "open"
    return Finding(f"sector_target_{kind}", (), {"target": target.to_score, "year": target.to_year})


def find_development(years: dict[str, GroupLevel], reference: Reference, demo: bool) -> list[Finding]:
    """Return what the line over the years shows, and where its parts come from."""
    shown = {p: v for p, v in years.items() if v.published}
    found = []
    if len(shown) > 1:
        (first, start), (last, end) = next(iter(shown.items())), next(reversed(shown.items()))
        numbers = {"first": first, "last": last, "start": start.mean, "end": end.mean}
        found.append(
            Finding(
                "sector_years", (), numbers | {"start_n": start.organisations_n, "end_n": end.organisations_n}
            )
        )
    if reference.lines:
        newest, oldest = reference.lines[-1], reference.lines[0]
        numbers = {"first": oldest.year, "last": newest.year, "start": oldest.score, "end": newest.score}
        found.append(Finding("sector_published_demo" if demo else "sector_published", (), numbers))
    return found


def find_types(groups: Sequence[SectorFacts], key: Key) -> list[Finding]:
    """Return how the types lie to each other, which changed for certain, and which are not shown.

    Two types lie apart where their 95 % intervals do not meet: a cautious reading of published intervals.
    """
    shown = [g for g in groups if key in g.levels and g.levels[key].published]
    shown.sort(key=lambda g: -(g.levels[key].mean or 0))
    found = []
    if len(shown) > 1:
        first, last = shown[0].levels[key], shown[-1].levels[key]
        apart = first.low is not None and last.high is not None and first.low > last.high
        numbers = {"first": shown[0].name, "last": shown[-1].name, "high": first.mean, "low": last.mean}
        found.append(Finding(f"sector_types_{'apart' if apart else 'alike'}", (), numbers))
    elif shown:
        found.append(
            Finding("sector_types_one", (), {"first": shown[0].name, "high": shown[0].levels[key].mean})
        )
    for certainty, kind in ((RISE, "rose"), (FALL, "fell")):
        moved = [g for g in shown if (c := g.changes.get(key)) and c.certain and c.certainty == certainty]
        if moved:
            told = {"groups": [g.name for g in moved], "previous": moved[0].previous}
            found.append(Finding(f"sector_types_{kind}", (), told))
    for kind in ("small", "complement"):
        hidden = [g.name for g in groups if not g.lead.published and hidden_kind(g.lead.status) == kind]
        if hidden:
            found.append(Finding(f"sector_types_hidden_{kind}", (), {"groups": hidden}))
    return found


def find_level_ends(facts: SectorFacts, level: str) -> list[Finding]:
    """Return the highest and the lowest of a level, and which changed for certain."""
    ranked = rank_levels(facts, level)
    if not ranked:
        return [Finding("rows_empty")]
    numbers = {
        "highest": ranked[:1], "lowest": ranked[-1:], "high": ranked[0].mean, "low": ranked[-1].mean,
    }  # fmt: skip
    return [Finding("sector_ends", (), numbers | {"level": level}), *find_moves(facts, level)]


def find_moves(facts: SectorFacts, level: str) -> list[Finding]:
    """Return which of a level rose and fell for certain since the measurement before."""
    if facts.previous is None:
        return [Finding(_name_no_change(facts))]
    found = []
    for certainty, kind in ((RISE, "rose"), (FALL, "fell")):
        moved = list_moved(facts, level, certainty)
        if moved:
            numbers = {
                "points": moved,
                "n": len(moved),
                "of_n": len(facts.shown(level)),
                "previous": facts.previous,
            }
            found.append(Finding(f"sector_{kind}", (), numbers | {"level": level}))
    return found or [Finding("sector_moved_none", (), {"previous": facts.previous, "level": level})]


def list_moved(facts: SectorFacts, level: str, certainty: str) -> list[GroupChange]:
    """List the changes of a level that are certain in one direction, largest first."""
    moved = [
        c
        for (name, _), c in facts.changes.items()
        if name == level and c.certain and c.certainty == certainty
    ]
    return sorted(moved, key=lambda c: -abs(c.change or 0))


def list_lagging(facts: SectorFacts) -> list[GroupLevel]:
    """List the points whose interval lies below that of the composite (of their dimension), lowest first."""
    return [
        p
        for p in rank_levels(facts, "point")[::-1]
        if p.high is not None
        and (floor := facts.level(top_of(facts.instrument, p.key)).low) is not None
        and p.high < floor
    ]


def list_leading(facts: SectorFacts) -> list[GroupLevel]:
    """List the points whose interval lies above that of the composite (of their dimension), highest first."""
    return [
        p
        for p in rank_levels(facts, "point")
        if p.low is not None
        and (roof := facts.level(top_of(facts.instrument, p.key)).high) is not None
        and p.low > roof
    ]


def find_lagging(facts: SectorFacts) -> Finding:
    """Return which points lag behind: surely below the group's composite; below their dimension without one."""
    lagging, shown = list_lagging(facts), facts.shown("point")
    if not shown:
        return Finding("rows_empty")
    numbers = {
        "mean": facts.composite.mean if facts.composite else None,
        "of_n": len(shown),
        "n": len(lagging),
        "points": lagging[:NAMED_N],
    }
    return Finding("sector_lag" if lagging else "sector_lag_none", (), numbers)


def _name_no_change(facts: SectorFacts) -> str:
    return "sector_change_versions" if facts.other_version else "sector_change_first"


def find_panel(facts: SectorFacts) -> list[Finding]:
    """Return the change of the same organisations beside the plain means, and how many are not in both."""
    change, level = facts.changes.get(lead_of(facts.instrument)), facts.lead
    subject = ((level.level, level.key),)
    if change is None or not change.published:
        return [
            Finding(
                _name_no_change(facts) if change is None else "sector_change_hidden",
                subject,
                {"previous": facts.previous},
            )
        ]
    numbers = {
        "n": change.organisations_n, "start": change.mean_from, "end": change.mean, "previous": change.period_from,
        "period": facts.period, "value": change.change,
    }  # fmt: skip
    found = [Finding("sector_panel", subject, numbers)]
    if change.plain_from is not None and change.plain is not None and level.organisations_n is not None:
        others = max(0, level.organisations_n - (change.organisations_n or 0))
        numbers = {
            "start": change.plain_from,
            "end": change.plain,
            "others": others,
            "period": facts.period,
            "previous": change.period_from,
        }
        found.append(Finding("sector_plain", (), numbers))
    return found


def find_spread(parts: Sequence[SpreadPart], bins: Sequence[Bin], between_sd: float | None) -> list[Finding]:
    """Return where the spread lies, and how the organisations are spread."""
    found = []
    largest = max(parts, key=lambda p: p.share, default=None)
    if largest is not None:
        shares = [(p.part, p.share) for p in parts]
        found.append(Finding("sector_spread", (), {"parts": shares, "largest": largest.part}))
    if bins:
        fullest = max(bins, key=lambda b: b.organisations_n)
        total = sum(b.organisations_n for b in bins)
        numbers = {
            "n": fullest.organisations_n,
            "of_n": total,
            "low": fullest.low,
            "high": fullest.high,
            "sd": between_sd,
        }
        found.append(Finding("sector_distribution", (), numbers))
    return found or [Finding("sector_spread_none")]


def find_unknown_points(facts: SectorFacts) -> Finding:
    """Return which points many do not know about, else the one with most don't-know."""
    known = rank_unknowns(facts)
    if not known:
        return Finding("rows_empty")
    if flagged := list_unknowns(facts):
        shown = flagged[:NAMED_N]
        numbers = {
            "points": shown,
            "n": len(flagged),
            "share": shown[0].dont_know_share,
            "limit": DONT_KNOW_FLAG_SHARE,
        }
        return Finding("sector_unknown", (), numbers)
    return Finding("sector_unknown_low", (), {"points": known[:1], "share": known[0].dont_know_share})


def find_participation(coverage: Sequence[Coverage]) -> list[Finding]:
    """Return how many organisations and people took part, and how many of the invited answered."""
    whole = next((c for c in coverage if c.kind == "all"), None)
    if whole is None:
        return [Finding("sector_participation_unknown")]
    found = [Finding("sector_participation", (), {"n": whole.organisations_n or 0})]
    if whole.respondents_n is not None:
        found.append(Finding("sector_respondents", (), {"n": whole.respondents_n}))
    if whole.rate is not None and whole.invited_n is not None and whole.answered_n is not None:
        found.append(
            Finding(
                "sector_rate",
                (),
                {"answered": whole.answered_n, "invited": whole.invited_n, "share": whole.rate},
            )
        )
    framed = [c for c in coverage if c.kind == "type" and c.frame_n and c.organisations_n]
    if framed:
        largest = max(framed, key=lambda c: (c.organisations_n or 0) / (c.frame_n or 1))
        numbers = {
            "type": PeerGroupFact(f"type:{largest.value}", "type", 0),
            "n": largest.organisations_n,
            "of_n": largest.frame_n,
        }
        found.append(Finding("sector_largest_part", (), numbers))
    return found


def find_largest_county(coverage: Sequence[Coverage], names: Mapping[str, str]) -> list[Finding]:
    """Return the county of which the largest part of the municipalities took part; nothing where it is not known.

    `names` maps a county's code to its name.
    """
    framed = [c for c in coverage if c.kind == "county_municipalities" and c.frame_n and c.organisations_n]
    if not framed:
        return []
    largest = max(framed, key=lambda c: (c.organisations_n or 0) / (c.frame_n or 1))
    county = names.get(largest.value, largest.value)
    return [
        Finding(
            "sector_largest_county",
            (),
            {"county": county, "n": largest.organisations_n, "of_n": largest.frame_n},
        )
    ]
