"""What may stand in the rows of published tables: a list of the audit's own, beside that of files and columns (`known`).

A published row has its figures and a withheld one says why in a word that is known; nothing stands twice, and every figure
lies between its limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

import numpy as np

from dimios_core.instrument import Instrument
from dimios_core.published.conventions import ALL, DIRECT, UNIT_GONE, UNKNOWN_ROLE
from dimios_core.published.status import Status
from dimios_core.results.audit.columns import KnownColumn
from dimios_core.results.audit.sheets import Sheet

PUBLISHED = Status.PUBLISHED.label
STATUSES = {
    "published", "suppressed_small", "suppressed_complement", "suppressed_dominated", "incomplete", "no_answers",
}  # fmt: skip
TOO_FEW = "too_few"
WORDS = {"increase", "decrease", "none", "unknown"}
ACTION_KINDS = {
    "governance",
    "organisation",
    "competence",
    "process",
    "technology",
    "procurement",
    "cooperation",
}
OWN = (
    "scores", "changes", "gaps", "regions", "response_rates", "trends", "contrasts", "standardised", "sensitivity",
    "small_units", "quality", "spread", "benchmarks", "group_levels", "group_changes", "reliability", "own_findings", "findings",
)  # fmt: skip
#: column -> the only texts that it holds
CODES: dict[str, Set[str]] = {
    "status": {*STATUSES, TOO_FEW},
    "dont_know_status": {"", *STATUSES},
    "certainty": WORDS,
    "bound": {"", "at_most", "at_least"},
    "line": {"line", "uneven", "unknown"},
    "band": {"", "<40", "40-59", "60-79", "80+"},
    "level": {"point", "item", "category", "dimension", "maturity"},
    "measure": {"alpha", "omega", "spearman_brown", "icc1", "icc2"},
    "part": {"organisations", "units", "roles", "people"},
    "weighting": {"model", "equal_points", "geometric", "frame"},
    "cells": {"", "unit-role", "role", "unit"},
    "progress": {"", "done", "partly", "no", "unknown"},
    "consent": {"yes", "no"},
}
CODES_OF: dict[tuple[str, str], Set[str]] = {
    ("contrasts", "kind"): {"unit_rest", "role_rest", "role_pair"},
    **{(table, "kind"): {"", *ACTION_KINDS} for table in ("plans", "initiatives", "shared_plans")},
    ("goals", "level"): {"point", "category", "dimension", "maturity"},
    ("evidence", "status"): {"published", TOO_FEW},
    ("evidence_kinds", "status"): {"published", TOO_FEW, "suppressed_complement"},
    ("evidence_kinds", "kind"): ACTION_KINDS,
    **{(table, "status"): STATUSES for table in OWN},
}
#: column -> lowest and highest; of all others −100 and 100 where they have one decimal, and from 0 where they are counts
LIMITS = {
    **dict.fromkeys(("score", "mean", "mean_from", "plain_from", "q1", "median", "q3", "benchmark", "across", "upwards", "bin_low", "bin_high", "own_low", "low", "high", "own", "estimate"), (0, 100)),
    **dict.fromkeys(("dont_know_share", "rate", "share", "mix_shift", "kept_share", "weight"), (0, 1)),
    **dict.fromkeys(("se", "half_across", "half_upwards", "radius_major", "radius_minor", "detectable", "between_sd"), (0, 1000)),
    "angle": (0, 180),
    "df": (1, 1e9),
    **dict.fromkeys(("ci_low", "ci_high", "own_high", "hc3_low", "hc3_high", "mix_low", "mix_high", "value"), (-1000, 1000)),
}  # fmt: skip
LIMITS_OF = {
    **{("group_changes", n): (-1000, 1000) for n in ("own_low", "own_high")},
    **{(t, n): (0, 100) for t in ("scores", "small_units", "own_findings") for n in ("ci_low", "ci_high")},
    **{("group_levels", n): (0, 100) for n in ("ci_low", "ci_high", "own_high")},
    **{("variance_shares", n): (0, 1) for n in ("ci_low", "ci_high")},
    ("model_findings", "value"): (-1e9, 1e9),
    ("goals", "value"): (0, 100),
    ("goals", "year"): (2000, 2100),
}
#: table -> what tells its rows apart, and which figures a published row has at least
ROWS = {
    "scores": ("period unit role level key", "score n n_points"),
    "changes": ("period period_from unit role level key", "change n n_points"),
    "gaps": ("period group level key", "benchmark gap peers_n"),
    "regions": (
        "period unit role",
        "across upwards half_across half_upwards radius_major radius_minor angle",
    ),
    "response_rates": ("period unit role", "invited answered rate"),
    "trends": ("period period_from unit role level key", "slope"),
    "contrasts": ("period kind unit role other level key", "difference n"),
    "standardised": ("period period_from level key", "mix_shift kept_share change plain mix_effect"),
    "sensitivity": ("period level key weighting", "score"),
    "small_units": ("period unit level key", "own estimate se ci_low ci_high weight"),
    "quality": ("period key measure", "value n"),
    "spread": ("period part", "share"),
    "goals": ("level key year", "value year"),
    "conclusions": ("period", ""),
    "peer_groups": ("id", "members_n"),
    "participation": ("period groups", "organisations_n"),
    "panel_participation": ("period groups panels", "organisations_n"),
    "benchmarks": ("period group level key", "organisations_n mean"),
    "group_levels": ("period group level key", "organisations_n mean"),
    "group_changes": ("period period_from group level key", "organisations_n mean_from mean change"),
    "group_gaps": ("period group level key", "organisations_n gap"),
    "distribution": ("period group level key bin_low", "organisations_n"),
    "coverage": ("period kind value", "organisations_n"),
    "reliability": ("period key measure", "value n organisations_n"),
    "variance_shares": ("period part", "share organisations_n"),
    "initiatives": ("id", ""),
    "shared_plans": ("period id point kind progress measure_period", ""),
    "own_findings": ("finding period whom level key", "score n"),
    "findings": ("finding period whom level key", "organisations_n mean"),
    "model_findings": ("finding thing quantity", "value"),
    "evidence": ("point", "difference se df"),
    "evidence_kinds": ("kind", "difference se df"),
}


#: column -> the texts that it may hold here
Places = Mapping[str, Set[str]]
#: tables that were written by hand
FREE = {"plans", "initiatives"}


def own_places(profile: Mapping[str, Any], instrument: Instrument) -> Places:
    """Return what rows of an organisation's own tables may be about."""
    units = [u["id"] for u in profile["units"]]
    roles = {r.id for r in instrument.roles} | {UNKNOWN_ROLE}
    groups = groups_of(profile)
    periods = set(profile["periods"])
    return {
        "period": periods, "period_from": periods, "unit": {ALL, DIRECT, *units, *(u + DIRECT for u in units)},
        "role": roles | {ALL, ""}, "other": roles | {""}, "group": groups,
    }  # fmt: skip


def public_places(sheets: Mapping[str, Sheet], profiles: Mapping[str, Mapping[str, Any]]) -> Places:
    """Return what rows of public tables may be about."""
    periods = {p for profile in profiles.values() for p in profile["periods"]}
    groups = {*sheets["peer_groups"].text("id")} if "peer_groups" in sheets else set()
    return {
        "period": periods, "period_from": periods | {""}, "group": groups,
        "type": {"", *(p["type"] for p in profiles.values())}, "size": {"", *(p["size"] for p in profiles.values())},
        "county": {"", *(p["county"] for p in profiles.values())},
    }  # fmt: skip


def groups_of(profile: Mapping[str, Any]) -> set[str]:
    """Return the ids of the peer groups that an organisation belongs to."""
    kind, county, size = (profile.get(n) or "" for n in ("type", "county", "size"))
    named = {
        "type": kind,
        "county": county,
        "size": size,
        "type-size": f"{kind}-{size}" if kind and size else "",
    }
    return {"all", *(f"{name}:{value}" for name, value in named.items() if value)}


def check_rows(
    table: str,
    sheet: Sheet,
    known: Mapping[str, KnownColumn],
    keys: Set[tuple[str, str]],
    places: Places,
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what stands in the rows of a known table and should not, with where: a bool array (rows,).

    Parameters
    ----------
    table : str
    sheet : Sheet
        As it lies in its file.
    known : mapping
        Its columns.
    keys : set of (level, key)
        Levels of the instrument.
    places : mapping
        What else a row may be about: column -> its texts.
    """
    if not len(sheet):
        return
    about, figures = (part.split() for part in ROWS.get(table, ("", "")))
    for name in sheet.columns:
        codes = CODES_OF.get((table, name), CODES.get(name))
        if codes is not None:
            yield f"has a word for {name} that the audit does not know", _outside(sheet, name, codes)
    yield from _check_limits(table, sheet, known)
    yield "is a row of a level that there is not", _unknown_keys(sheet, keys)
    for name, texts in places.items():
        if name in sheet and table not in FREE:
            yield f"is a row of a {name} that there is not", _outside(sheet, name, texts)
        elif name == "unit" and name in sheet:
            yield "is of a unit that there is not", _outside(sheet, name, {"", UNIT_GONE, *texts})
    if about:
        again = np.ones(len(sheet), bool)
        again[sheet.group(*about)[1]] = False
        yield "stands twice", again
    if figures:
        shown = sheet.are("status", PUBLISHED) if "status" in sheet else np.ones(len(sheet), bool)
        missing = np.any([np.isnan(sheet.number(name)) for name in figures], axis=0)
        yield "is published without its figures", shown & missing


def _outside(sheet: Sheet, name: str, allowed: Set[str]) -> np.ndarray:
    """Where a text is none of those that may be; missing counts as empty."""
    return ~sheet.texts(name).are([*allowed, None] if "" in allowed else allowed)


def _check_limits(
    table: str, sheet: Sheet, known: Mapping[str, KnownColumn]
) -> Iterator[tuple[str, np.ndarray]]:
    for name in sheet.columns:
        column = known[name]
        if column.kind != "number":
            continue
        number = sheet.number(name)
        usual = (-100, 100) if column.decimals else (0, 1e9)
        low, high = LIMITS_OF.get((table, name), LIMITS.get(name, usual))
        with np.errstate(invalid="ignore"):
            yield f"has a {name} beyond its limits", (number < low) | (number > high) | np.isinf(number)


def _unknown_keys(sheet: Sheet, keys: Set[tuple[str, str]]) -> np.ndarray:
    """Where a level and key, or a point or category by itself, is none of the instrument."""
    if "level" in sheet and "key" in sheet:
        number, first = sheet.group("level", "key")
        return np.array([r not in keys for r in sheet.take(first).rows("level", "key")], bool)[number]
    for column, of in (("point", "point"), ("key", "category")):
        if column in sheet:
            return _outside(sheet, column, {"", *(key for level, key in keys if level == of)})
    return np.zeros(len(sheet), bool)
