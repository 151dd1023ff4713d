"""Audit of means and dots: how many stand behind them, and what one reader could work out about one to four others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.published.conventions import GROUP_MIN, PEERS_MIN, QUARTILES_MIN
from dimios_core.published.store import PublicResults
from dimios_core.results.audit.grid import PUBLISHED, Fault
from dimios_core.results.consortium.positions import CELL_MIN, find_leaks
from dimios_core.results.disclosure.recoverable import RowSpace


def check_means(public: PublicResults, profiles: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    """Check sizes of groups, and what each reader could work out about one to four others.

    Parameters
    ----------
    public : PublicResults
    profiles : dict
        Organisation -> organisation.json.
    """
    benchmarks, cells, dots = public.benchmarks, public.participation, public.positions
    if "shown_n" not in cells:  # scored before there were dots
        cells["shown_n"] = 0
    shown = benchmarks[benchmarks["status"] == PUBLISHED]
    few = shown[shown["organisations_n"] < GROUP_MIN]
    quartiles = shown[
        (shown["organisations_n"] < QUARTILES_MIN) & shown[["q1", "median", "q3"]].notna().any(axis=1)
    ]
    for what, rows in {
        f"fewer than {GROUP_MIN} organisations": few,
        f"quartiles of fewer than {QUARTILES_MIN} organisations": quartiles,
    }.items():
        yield from ((str(r.period), f"{r.group} {r.key}", what) for r in rows.itertuples())
    for period, rows in shown.groupby("period", observed=True):
        atoms = cells[cells["period"] == period]
        belongs = [set(names.split("|")) for names in atoms["groups"].repeat(atoms["organisations_n"])]
        listed = list(dict.fromkeys(rows["group"]))
        table = np.array([[group in own for own in belongs] for group in listed], bool)
        for reader in np.unique(table.T, axis=0, return_index=True)[1]:
            known = np.ones(table.shape[1], int)
            known[reader] = 0
            union = next(RowSpace(table, known).small_unions(PEERS_MIN), None)
            if union is not None:
                what = f"{int(union.sum())} organisations' mean follows for a member of {listed}"
                yield str(period), "benchmarks", what
                break
        yield from _check_dots_beside_means(str(period), atoms, listed)
    yield from _check_positions(profiles, dots, cells)


def _check_dots_beside_means(period: str, atoms: pd.DataFrame, listed: list[str]) -> Iterator[Fault]:
    """What follows about organisations that are no dots, once every reader knows those that are."""
    cells = [set(names.split("|")) for names in atoms["groups"]]
    number, shown_n = atoms["organisations_n"].to_numpy(int), atoms["shown_n"].to_numpy(int)
    table = np.array([[group in own for own in cells] for group in listed], bool).repeat(number, axis=1)
    before = np.repeat(number.cumsum() - number, number)
    hidden = np.arange(number.sum()) - before >= shown_n.repeat(number)
    for leak in find_leaks(table, hidden, at_most=1):
        what = f"the mean of {leak.others_n} organisations that are not shown follows from dots and {listed}"
        yield period, "positions", what


def _check_positions(
    profiles: dict[str, dict[str, Any]], dots: pd.DataFrame, cells: pd.DataFrame
) -> Iterator[Fault]:
    """Check dots against the counts beside the means, and against the sharing choice of the organisations."""
    plain = {str(p): int(n) for p, n in cells.groupby("period", observed=True)["shown_n"].sum().items()}
    number = dots["period"].astype(str).value_counts()
    for period in sorted(set(plain) | set(number.index)):
        if plain.get(period, 0) != number.get(period, 0):
            yield period, "positions", "the number of dots is not the one that was checked"
    for dot in dots.itertuples():
        where = str(dot.period), f"positions {dot.id or dot.type}"
        if any(abs(value - round(value, 1)) > 1e-6 for value in (dot.across, dot.upwards)):
            yield *where, "more than one decimal"
        if dot.name and not dot.id:
            yield *where, "an anonymous dot with a name"
        profile = profiles.get(str(dot.id))
        if profile and (profile["sharing"] != "named" or profile["type"] != dot.type):
            yield *where, "a name that its organisation does not share"
    yield from _check_anonymous(dots, cells, profiles)


def _check_anonymous(dots: pd.DataFrame, cells: pd.DataFrame, profiles: dict[str, dict]) -> Iterator[Fault]:
    """Check that organisations enough stand behind anonymous dots; needs the folders of all that took part."""
    for period, own in dots[dots["id"] == ""].groupby("period", observed=True):
        asked = [p for p in profiles.values() if period in p["periods"]]
        if len(asked) < cells.loc[cells["period"] == period, "organisations_n"].sum():
            continue
        alike = Counter((p["type"], p["county"], p["size"]) for p in asked)
        behind = [p for p in asked if alike[p["type"], p["county"], p["size"]] >= CELL_MIN]
        unnamed = Counter(p["type"] for p in behind if p["sharing"] != "named")
        may_be = Counter(p["type"] for p in behind if p["sharing"] == "anonymous")
        for kind, number in own["type"].value_counts().items():
            if number > may_be[kind] or unnamed[kind] < CELL_MIN:
                yield str(period), f"positions {kind}", "too few behind an anonymous dot"
