"""What may be told of single organisations in tables, and how all are spread (method 4 and 5)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.published.conventions import PEERS_MIN, QUARTILES_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.panels import WholeChange, list_pairs
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.scoring.columns import Columns

#: widths that bins may have, percentage points
BIN_WIDTHS_PP = (10, 20, 50)
#: the level that rows do not tell of single organisations: items are left to their own pages
LEVEL_LEFT_OUT = "item"


def publish_named(
    wholes: list[Whole],
    changes: list[WholeChange],
    people: pd.DataFrame,
    shown: dict[str, set[str]],
    columns: Columns,
) -> pd.DataFrame:
    """Levels and changes of the organisations that are dots in the plane.

    A score at an end of the scale is published as a bound in the organisation's own results only; here it is
    missing, with its interval. A change stands where the organisation is shown in both periods (a level and a
    change give the earlier level away) and its own changes show it. Rows without a name tell no change: that
    one was there the year before could tell who it is. They are sorted by score, key by key, so that the rows
    of one organisation do not hang together.

    Parameters
    ----------
    shown : dict
        Period -> organisations that are dots (`dimios_core.results.consortium.positions.publish_positions`).

    Returns
    -------
    DataFrame
        period, id, name, type, size, county ("" but for type where anonymous), level, key; score, low, high
        (percent, one decimal, 95 % interval), period_from ("" without a change), change (percentage points),
        certainty ("increase", "decrease", "none", "unknown"), as in the organisation's own changes.
    """
    at = np.array([i for i, (level, _) in enumerate(columns.level_rows) if level != LEVEL_LEFT_OUT])
    levels, keys = (np.array(part, object)[at] for part in zip(*columns.level_rows, strict=True))
    about = people.set_index("id").to_dict("index")
    before_of = {(o, p): q for (p, q), own in list_pairs(wholes).items() for o in own}
    change_of = {(c.organisation, c.period, c.period_from): c for c in changes}
    parts: list[dict[str, Any]] = []
    for w in wholes:
        if w.organisation not in shown.get(w.period, set()):
            continue
        row = about[w.organisation]
        named = row["sharing"] == "named"
        before = before_of.get((w.organisation, w.period), "")
        change = change_of.get((w.organisation, w.period, before))
        tells = named and change is not None and w.organisation in shown.get(before, set())
        told = change.published[at] if tells and change else np.zeros(len(at), bool)
        parts.append(
            {"period": w.period, "id": w.organisation if named else "", "type": str(row["type"])}
            | {c: str(row[c]) if named else "" for c in ("name", "size", "county")}
            | {"level": levels, "key": keys}
            | {"score": np.where(w.at_end[at] != 0, np.nan, w.score_pct[at]).round(1)}
            | {"low": w.ci_low[at].round(1), "high": w.ci_high[at].round(1)}
            | {"period_from": np.where(told, before, "").astype(object)}
            | {"change": np.where(told, change.change_pp[at] if change else np.nan, np.nan).round(1)}
            | {"certainty": np.where(told, change.certainty[at] if change else "", "unknown").astype(object)}
        )
    columns_of = {
        name: np.concatenate([np.broadcast_to(part[name], len(at)) for part in parts])
        for name in (parts[0] if parts else ())
    }
    frame = shape_table("named", [pd.DataFrame(columns_of)] if parts else [])
    order = {key: i for i, key in enumerate(zip(levels, keys, strict=True))}
    place = [order[key] for key in zip(frame["level"], frame["key"], strict=True)]
    frame = frame.assign(place=place).sort_values(
        ["period", "id", "place", "score", "low", "high"], ignore_index=True
    )
    return frame.drop(columns="place")


def bin_scores(score_pct: np.ndarray) -> list[tuple[float, float, int]]:
    """Bins of equal width: the narrowest of ten percentage points and its multiples of which each holds five organisations.

    The outer bins are put together from the ends of the scale until they hold five.

    Parameters
    ----------
    score_pct : float array (organisations,)
        At least five.

    Returns
    -------
    list of (low, high, organisations)
        Together from 0 to 100. A score on a border counts upwards; 100 itself belongs to the last bin.
    """
    for width in BIN_WIDTHS_PP:
        edges = np.arange(0, 100 + width, width, dtype=float)
        counts = np.histogram(np.round(score_pct, 9), edges)[0]
        below, above = np.cumsum(counts), np.cumsum(counts[::-1])
        first = int(np.argmax(below >= PEERS_MIN)) + 1
        last = len(counts) - int(np.argmax(above >= PEERS_MIN)) - 1
        if first <= last and (counts[first:last] >= PEERS_MIN).all():
            borders = [0.0, *edges[first : last + 1].tolist(), 100.0]
            held = [below[first - 1], *counts[first:last], above[len(counts) - last - 1]]
            return [(low, high, int(n)) for (low, high), n in zip(pairwise(borders), held, strict=True)]
    return [(0.0, 100.0, len(score_pct))]


def publish_distribution(
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    order: list[str],
    benchmarks: pd.DataFrame,
    columns: Columns,
) -> pd.DataFrame:
    """How complete organisations of groups of at least twelve are spread, group by group and key by key.

    Only groups whose means are published. The ends of the outer bins are 0 and 100: neither the lowest nor the
    highest score can be read off.

    Returns
    -------
    DataFrame
        period, group, kind, level, key; bin_low, bin_high (percent), organisations_n (Int64, at least five).
    """
    published = benchmarks[benchmarks["status"] == Status.PUBLISHED.label]
    kept = set(zip(published["period"].astype(str), published["group"].astype(str), strict=True))
    rows = []
    for period in sorted({w.period for w in wholes}):
        complete = {w.organisation: w for w in wholes if w.period == period and w.complete}
        for group, member in groups:
            own = [complete[o] for o, m in zip(order, member, strict=True) if m and o in complete]
            if (period, group.id) not in kept or len(own) < QUARTILES_MIN:
                continue
            score = np.array([w.score_pct for w in own])
            for i, (level, key) in enumerate(columns.level_rows):
                head = {"period": period, "group": group.id, "kind": group.kind, "level": level, "key": key}
                rows += [
                    head | {"bin_low": low, "bin_high": high, "organisations_n": n}
                    for low, high, n in bin_scores(score[:, i])
                ]
    return shape_table("distribution", rows)
