"""Facts of the national report alone: who took part, and how organisations are spread."""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.published.store import PublicResults
from dimios_core.report.figures import Bin, Key

#: parts of the spread, from the widest to the narrowest
SPREAD_PARTS = ("organisations", "units", "people")


@dataclass(frozen=True)
class Coverage:
    """Who took part, of one type or county, or of all.

    Attributes
    ----------
    kind, value : str
        ("all", "*"), ("type", "municipality"), ("county", "05").
    organisations_n, frame_n : int or None
        Organisations that took part, and how many there are; None where that is not known.
    respondents_n, invited_n, answered_n : int or None
        People.
    rate : float or None
        Answered of invited, 0-1.
    """

    kind: str
    value: str
    organisations_n: int | None
    frame_n: int | None
    respondents_n: int | None
    invited_n: int | None
    answered_n: int | None
    rate: float | None


@dataclass(frozen=True)
class Reliability:
    """How well a category hangs together, by one measure (0-1)."""

    key: str
    measure: str
    status: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    organisations_n: int | None


@dataclass(frozen=True)
class SpreadPart:
    """Share (0-1) of the spread that lies between organisations, units or people, with its 95 % interval."""

    part: str
    share: float
    low: float | None
    high: float | None
    organisations_n: int | None


def gather_distribution(results: PublicResults, period: str, group: str, key: Key) -> list[Bin]:
    """Gather the bars of a distribution, lowest first; none where it is not published."""
    level, name = key
    rows = results.rows("distribution", period=period, group=group, level=level, key=name)
    bins = [Bin(r["bin_low"], r["bin_high"], r["organisations_n"]) for r in rows]
    return sorted(bins, key=lambda b: b.low)


def gather_coverage(results: PublicResults, period: str) -> list[Coverage]:
    """Gather who took part, in the table's order."""
    return [
        Coverage(
            r["kind"], r["value"], r["organisations_n"], r["frame_n"], r["respondents_n"], r["invited_n"],
            r["answered_n"], r["rate"],
        )
        for r in results.rows("coverage", period=period)
    ]  # fmt: skip


def gather_reliability(results: PublicResults, period: str) -> list[Reliability]:
    """Gather the reliability of the categories, in the table's order."""
    return [
        Reliability(
            r["key"], r["measure"], r["status"], r["value"], r["ci_low"], r["ci_high"], r["n"], r["organisations_n"]
        )
        for r in results.rows("reliability", period=period)
    ]  # fmt: skip


def gather_spread(results: PublicResults, period: str) -> list[SpreadPart]:
    """Gather the shares of the spread that are published, widest part first."""
    rows = {r["part"]: r for r in results.rows("variance_shares", period=period) if r["share"] is not None}
    return [
        SpreadPart(p, r["share"], r["ci_low"], r["ci_high"], r["organisations_n"])
        for p in SPREAD_PARTS
        if (r := rows.get(p)) is not None
    ]
