"""Facts on all organisations: groups, how they are spread, and those that show their results. Picks, never computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dimios_core.report.facts import PUBLISHED, Comparison, PeerGroupFact
from dimios_core.results.store import PublicResults, PublishedResults

#: peer groups in the order they are listed
KIND_ORDER = ("all", "type", "size", "type-size", "county")


@dataclass(frozen=True)
class Bin:
    """Organisations whose score lies from `low` up to `high` percent; the outer bins reach 0 and 100."""

    low: float
    high: float
    organisations_n: int


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
    own = _of(results.gaps, period=period, level=level, key=key)
    gaps = {str(r.group): r for r in own.itertuples()}
    means = _of(results.benchmarks, period=period, level=level, key=key)
    claims = {
        str(r.group): r for r in _of(results.group_levels, period=period, level=level, key=key).itertuples()
    }
    bins = _gather_bins(results, period, level)
    found = [
        _group_figure(r, claims.get(str(r.group)), gaps.get(str(r.group)), bins.get((str(r.group), key), ()))
        for r in means.itertuples()
    ]
    return sorted(found, key=lambda f: KIND_ORDER.index(f.group.kind))


def gather_group(results: PublishedResults, period: str, group: str, level: str) -> dict[str, GroupFigure]:
    """Gather all figures of a level of one peer group, by key."""
    own = _of(results.gaps, period=period, level=level, group=group)
    gaps = {str(r.key): r for r in own.itertuples()}
    means = _of(results.benchmarks, period=period, level=level, group=group)
    claims = {
        str(r.key): r for r in _of(results.group_levels, period=period, level=level, group=group).itertuples()
    }
    bins = _gather_bins(results, period, level)
    return {
        str(r.key): _group_figure(
            r, claims.get(str(r.key)), gaps.get(str(r.key)), bins.get((group, str(r.key)), ())
        )
        for r in means.itertuples()
    }


def list_spread_groups(results: PublishedResults, period: str) -> list[PeerGroupFact]:
    """List the published peer groups of a period whose spread can be shown: all first, then one's own.

    Where no group is large enough for a spread, `all` alone.
    """
    figures = gather_groups(results, period, "maturity", "maturity")
    own = list_own_groups(results.profile)
    shown = [f.group for f in figures if f.published and f.spread]
    listed = shown or [f.group for f in figures if f.group.id == "all"]
    return sorted(listed, key=lambda g: (g.id != "all", g.id not in own, KIND_ORDER.index(g.kind), g.id))


def gather_others(
    results: PublishedResults, period: str, level: str = "maturity", key: str = "maturity"
) -> list[OtherOrganisation]:
    """Gather the other organisations that show a figure of theirs: by name first, then those without.

    One's own row is left out; without a name it is the first of one's type with exactly one's own figures.
    """
    rows = _of(results.named, period=period, level=level, key=key)
    rows = rows[rows["score"].notna() & (rows["id"] != results.organisation)]
    found = [
        OtherOrganisation(
            str(r.id), str(r.name), str(r.type), str(r.size), str(r.county), float(r.score), float(r.low),
            float(r.high), str(r.period_from), _number(r.change), str(r.certainty),
        )
        for r in rows.itertuples(index=False)
    ]  # fmt: skip
    if results.profile.get("sharing") == "anonymous":
        mine = _of(results.scores, period=period, level=level, key=key, unit="*", role="*")
        for r in mine.itertuples():
            own = (str(results.profile["type"]), r.score, r.ci_low, r.ci_high)
            same = [o for o in found if not o.id and (o.type, o.score, o.low, o.high) == own]
            found = [o for o in found if o is not (same[0] if same else None)]
    return sorted(found, key=lambda o: (not o.id, o.name, o.type, o.score))


def gather_rises(results: PublicResults, period: str) -> dict[str, list[tuple[str, str]]]:
    """Gather what rose for certain in organisations shown by name: id -> (level, key), in the model's order."""
    rows = _of(results.named, period=period, certainty="increase")
    found: dict[str, list[tuple[str, str]]] = {}
    for r in rows[rows["level"].isin(["category", "point"]) & (rows["id"] != "")].itertuples():
        found.setdefault(str(r.id), []).append((str(r.level), str(r.key)))
    return {name: sorted(keys, key=lambda k: k[0] != "category") for name, keys in found.items()}


def _gather_bins(results: PublicResults, period: str, level: str) -> dict[tuple[str, str], tuple[Bin, ...]]:
    found: dict[tuple[str, str], tuple[Bin, ...]] = {}
    for r in _of(results.distribution, period=period, level=level).sort_values("bin_low").itertuples():
        at = (str(r.group), str(r.key))
        found[at] = (*found.get(at, ()), Bin(float(r.bin_low), float(r.bin_high), int(r.organisations_n)))
    return found


def _group_figure(r: Any, claim: Any, gap: Any, bins: tuple[Bin, ...]) -> GroupFigure:
    members_n = 0 if pd.isna(r.organisations_n) else int(r.organisations_n)
    comparison = None
    if gap is not None:
        comparison = Comparison(
            gap.status, _number(gap.gap), _number(gap.ci_low), _number(gap.ci_high), gap.certainty,
            _number(gap.detectable), _number(gap.benchmark),
        )  # fmt: skip
    return GroupFigure(
        PeerGroupFact(str(r.group), str(r.kind), members_n), str(r.level), str(r.key), str(r.status),
        _number(r.mean), _number(claim.own_low) if claim is not None else None,
        _number(claim.own_high) if claim is not None else None,
        _number(r.q1), _number(r.median), _number(r.q3), bins, comparison,
    )  # fmt: skip


def _of(frame: pd.DataFrame, **values: str) -> pd.DataFrame:
    """Rows of a table with the given values."""
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
