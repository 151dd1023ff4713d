"""Facts on all organisations: groups, how they are spread, and those that show their results. Picks, never computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dimios_core.instrument.lead import lead_of
from dimios_core.published.rows import Row
from dimios_core.published.store import PublicResults, PublishedResults
from dimios_core.report.figures import PUBLISHED, WHOLE, Bin, Comparison, PeerGroupFact, read_comparison

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
    found = _gather(results, period, level=level, key=key)
    return sorted(found, key=lambda f: KIND_ORDER.index(f.group.kind))


def gather_group(results: PublishedResults, period: str, group: str, level: str) -> dict[str, GroupFigure]:
    """Gather all figures of a level of one peer group, by key."""
    return {f.key: f for f in _gather(results, period, level=level, group=group)}


def _gather(results: PublishedResults, period: str, **wanted: str) -> list[GroupFigure]:
    """Gather figures of peer groups: the means with what other tables tell of the same group and figure."""
    gaps, claims = (
        {(r["group"], r["key"]): r for r in results.rows(table, period=period, **wanted)}
        for table in ("gaps", "group_levels")
    )
    bins: dict[tuple[str, str], list[Bin]] = {}
    for r in results.rows("distribution", period=period, **wanted):
        one = Bin(r["bin_low"], r["bin_high"], r["organisations_n"])
        bins.setdefault((r["group"], r["key"]), []).append(one)
    return [
        _group_figure(r, claims.get(at), gaps.get(at), bins.get(at, []))
        for r in results.rows("benchmarks", period=period, **wanted)
        for at in [(r["group"], r["key"])]
    ]


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
    found = [
        OtherOrganisation(
            r["id"], r["name"], r["type"], r["size"], r["county"], r["score"], r["low"], r["high"], r["period_from"],
            r["change"], r["certainty"],
        )
        for r in results.rows("named", period=period, level=level, key=key)
        if r["score"] is not None and r["id"] != results.organisation
    ]  # fmt: skip
    if results.profile.get("sharing") == "anonymous":
        for r in results.rows("scores", period=period, level=level, key=key, unit=WHOLE, role=WHOLE):
            own = (results.profile["type"], r["score"], r["ci_low"], r["ci_high"])
            same = [o for o in found if not o.id and (o.type, o.score, o.low, o.high) == own]
            found = [o for o in found if o is not (same[0] if same else None)]
    return sorted(found, key=lambda o: (not o.id, o.name, o.type, o.score))


def gather_rises(results: PublicResults, period: str) -> dict[str, list[tuple[str, str]]]:
    """Gather what rose for certain in organisations shown by name: id -> (level, key), in the model's order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for r in results.rows("named", period=period, certainty="increase", level=("category", "point")):
        if r["id"]:
            found.setdefault(r["id"], []).append((r["level"], r["key"]))
    return {name: sorted(keys, key=lambda k: k[0] != "category") for name, keys in found.items()}


def _group_figure(r: Row, claim: Row | None, gap: Row | None, bins: list[Bin]) -> GroupFigure:
    return GroupFigure(
        PeerGroupFact(r["group"], r["kind"], r["organisations_n"] or 0),
        r["level"],
        r["key"],
        r["status"],
        mean=r["mean"],
        low=claim["own_low"] if claim is not None else None,
        high=claim["own_high"] if claim is not None else None,
        q1=r["q1"],
        median=r["median"],
        q3=r["q3"],
        bins=tuple(sorted(bins, key=lambda b: b.low)),
        gap=None if gap is None else read_comparison(gap, "gap"),
    )
