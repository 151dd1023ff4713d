"""Facts on all organisations: groups, how they are spread, and those that show their results. Picks, never computes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from dimios_core.instrument.lead import lead_of
from dimios_core.published.gathering import gather_once
from dimios_core.published.store import PublicResults, PublishedResults
from dimios_core.report.figures import PUBLISHED, WHOLE, Bin, Comparison, PeerGroupFact, pick_differences

#: peer groups in the order they are listed
KIND_ORDER = ("all", "type", "size", "type-size", "county")


@dataclass(frozen=True)
class GroupFigure:
    """One figure of one peer group, or why there is none.

    Attributes
    ----------
    group : PeerGroupFact
        `peers_n` counts all organisations of the group, one's own among them; 0 where that is not published.
    level, key, status : str
    mean, low, high : float or None
        Percent; the 95 % interval takes the group as these very organisations.
    q1, median, q3 : float or None
        Percent; groups of at least twelve.
    bins : tuple of Bin
        Lowest first; empty where the spread is not published.
    gap : Comparison or None
        One's own gap to the others of the group; None for groups of which one is no member.
    """

    group: PeerGroupFact
    level: str
    key: str
    status: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    bins: tuple[Bin, ...] = ()
    gap: Comparison | None = None

    @property
    def published(self) -> bool:
        """There is a mean."""
        return self.status == PUBLISHED

    @property
    def spread(self) -> bool:
        """There are quartiles."""
        return self.q1 is not None and self.median is not None and self.q3 is not None


@dataclass(frozen=True)
class OtherOrganisation:
    """An organisation that shows its results; `id`, `name`, `size` and `county` are "" of one without a name.

    Attributes
    ----------
    score, low, high : float
        Percent, with the 95 % interval.
    period_from : str
        The measurement before, "" where no change is shown.
    change : float or None
        Percentage points since then.
    certainty : str
        Of the change: "increase", "decrease", "none", "unknown".
    """

    id: str
    name: str
    type: str
    size: str
    county: str
    score: float
    low: float
    high: float
    period_from: str = ""
    change: float | None = None
    certainty: str = "unknown"

    @property
    def start(self) -> float:
        """Level at the measurement before; today's where that is not shown."""
        return self.score if self.change is None else round(self.score - self.change, 1)


def list_own_groups(profile: dict[str, Any]) -> set[str]:
    """List the peer groups that an organisation belongs to, published or not."""
    kind, size, county = (str(profile.get(k) or "") for k in ("type", "size", "county"))
    found = {"all", f"type:{kind}"}
    found |= {f"size:{size}", f"type-size:{kind}-{size}"} if size else set()
    return found | ({f"county:{county}"} if county else set())


def gather_groups(results: PublishedResults, period: str, level: str, key: str) -> list[GroupFigure]:
    """Gather one figure of every peer group with members, in the order of kinds, published or not."""
    found = gather_once(_gather, results, period, level, key)
    return sorted(found, key=lambda f: KIND_ORDER.index(f.group.kind))


def gather_group(results: PublishedResults, period: str, group: str, level: str) -> dict[str, GroupFigure]:
    """Gather all figures of a level of one peer group, by key."""
    return {f.key: f for f in gather_once(_gather, results, period, level, None, group)}


def _gather(
    results: PublishedResults, period: str, level: str, one_key: str | None, one_group: str | None = None
) -> list[GroupFigure]:
    """Gather figures of a level: the means with what other tables tell of the same group and figure.

    Of one key or group, or of all.
    """
    by, wanted = ("group", "key"), {"period": period, "level": level}
    wanted |= {name: one for name, one in zip(by, (one_group, one_key), strict=True) if one is not None}
    gaps = pick_differences(results, "gaps", *by, **wanted)
    ends = {row[:2]: row[2:] for row in results.pick("group_levels", *by, "own_low", "own_high", **wanted)}
    bins: dict[tuple[str, str], list[Bin]] = {}
    counted = (*by, "bin_low", "bin_high", "organisations_n")
    for group, key, *counts in results.pick("distribution", *counted, **wanted):
        bins.setdefault((group, key), []).append(Bin(*counts))
    columns = (*by, "kind", "organisations_n", "status", "mean", "q1", "median", "q3")
    found = []
    for group, key, kind, n, status, mean, *quartiles in results.pick("benchmarks", *columns, **wanted):
        low, high = ends.get((group, key), (None, None))
        q1, median, q3 = quartiles
        spread = tuple(sorted(bins.get((group, key), []), key=lambda b: b.low))
        fact, gap = PeerGroupFact(group, kind, n or 0), gaps.get((group, key))
        found.append(GroupFigure(fact, level, key, status, mean, low, high, q1, median, q3, spread, gap))
    return found


def list_spread_groups(results: PublishedResults, period: str) -> list[PeerGroupFact]:
    """List the published peer groups of a period whose spread can be shown: all first, then one's own.

    Where no group is large enough for a spread, `all` alone.
    """
    figures = gather_groups(results, period, *lead_of(results.instrument))
    own = list_own_groups(results.profile)
    shown = [f.group for f in figures if f.published and f.spread]
    listed = shown or [f.group for f in figures if f.group.id == "all"]
    return sorted(listed, key=lambda g: (g.id != "all", g.id not in own, KIND_ORDER.index(g.kind), g.id))


def gather_others(results: PublishedResults, period: str, level: str, key: str) -> list[OtherOrganisation]:
    """Gather the other organisations that show a figure of theirs: by name first, then those without.

    One's own row is left out; without a name it is the first of one's type with exactly one's own figures.
    """
    columns = [f.name for f in fields(OtherOrganisation)]
    shown = (
        OtherOrganisation(*told)
        for told in results.pick("named", *columns, period=period, level=level, key=key)
    )
    found = [o for o in shown if o.score is not None and o.id != results.organisation]
    if results.profile.get("sharing") == "anonymous":
        place = {"period": period, "level": level, "key": key, "unit": WHOLE, "role": WHOLE}
        for told in results.pick("scores", "score", "ci_low", "ci_high", **place):
            own = (results.profile["type"], *told)
            same = [o for o in found if not o.id and (o.type, o.score, o.low, o.high) == own]
            found = [o for o in found if o is not (same[0] if same else None)]
    return sorted(found, key=lambda o: (not o.id, o.name, o.type, o.score))


def gather_rises(results: PublicResults, period: str) -> dict[str, list[tuple[str, str]]]:
    """Gather what rose for certain in organisations shown by name: id -> (level, key), in the model's order."""
    found: dict[str, list[tuple[str, str]]] = {}
    risen = {"period": period, "certainty": "increase", "level": ("category", "point")}
    for name, *key in results.pick("named", "id", "level", "key", **risen):
        if name:
            found.setdefault(name, []).append(tuple(key))
    return {name: sorted(keys, key=lambda k: k[0] != "category") for name, keys in found.items()}
