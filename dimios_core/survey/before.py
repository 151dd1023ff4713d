"""What is known before a measurement, of what is published of the last one: how many answer, what they skip, how much they differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dimios_core.instrument.lead import lead_of
from dimios_core.published.asked import Key, common_rows
from dimios_core.published.conventions import ALL, THRESHOLD
from dimios_core.published.rows import Row
from dimios_core.published.status import Status
from dimios_core.published.store import PublishedResults, list_organisations, load_results
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N, usual_spread
from dimios_core.results.scoring.upwards import Upwards

#: share of the invited who answer, where nothing is known
USUAL_RATE = 0.6
#: share of respondents who answer a question, and who say "don't know", where nothing is known
USUAL_ANSWERED, USUAL_DONT_KNOW = 0.85, 0.1
MIDDLE_PCT = 50.0
PUBLISHED = Status.PUBLISHED.label


@dataclass(frozen=True)
class Before:
    """What a plan rests on.

    Attributes
    ----------
    period : str
        The last measurement, "" where there is none: then figures are those of surveys like it.
    rate : float
        Share of the invited who answered, 0-1.
    score_pct : float
        The organisation's level, percent.
    se, df : float or None
        As published of the whole organisation; None where they are not, or no change from it will be told: the model has changed too much.
    spread : float
        Standard deviation of people, percentage points: `se·√n` of what is published, n the effective number where they had weights.
    role_spread : dict of str to float
        The same of roles of which twenty or more have answered; where they had weights, `se·√n` shrunk so that roles together differ no more
        than all do.
    answered, asked : float arrays (columns,)
        Share of respondents who answered each question; who answered or said "don't know".
    """

    period: str
    rate: float
    score_pct: float
    se: float | None
    df: float | None
    spread: float
    role_spread: dict[str, float] = field(default_factory=dict)
    answered: np.ndarray = field(default_factory=lambda: np.empty(0))
    asked: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def phi(self) -> float:
        """Variance of people as a share of p(100 − p)."""
        return self.spread**2 / (self.score_pct * (100 - self.score_pct))


def find_before(results: Path, organisation: str, columns: Columns, period: str) -> Before:
    """Return what is published of the last measurement before a period, and what is usual for the rest.

    Parameters
    ----------
    results : pathlib.Path
        The results folder; it may not be there.
    organisation : str
    columns : Columns
        Of the model that is asked with; results of another one tell nothing.
    period : str
        The one that is planned.
    """
    usual = _usual(columns)
    if organisation not in list_organisations(results):
        return usual
    published = load_results(organisation, results)
    of_whole = [r for r in published.rows("scores", unit=ALL, role=ALL) if r["period"] < period]
    if not of_whole or published.instrument.id != columns.instrument.id:
        return usual
    last = max(row["period"] for row in of_whole)
    return _read_last(published, last, [r for r in of_whole if r["period"] == last], columns, usual)


def _usual(columns: Columns) -> Before:
    at = columns.level_rows.index(lead_of(columns.instrument))
    spread = float(np.sqrt(usual_spread(columns)[at] * MIDDLE_PCT * (100 - MIDDLE_PCT)))
    answered = np.full(columns.columns_n, USUAL_ANSWERED)
    return Before(
        "", USUAL_RATE, MIDDLE_PCT, None, None, spread, {}, answered, answered + USUAL_DONT_KNOW
    )  # fmt: skip


def _read_last(
    published: PublishedResults, period: str, whole: list[Row], columns: Columns, usual: Before
) -> Before:
    level, key = lead_of(columns.instrument)
    lead = [r for r in whole if (r["level"], r["key"]) == (level, key) and r["status"] == PUBLISHED]
    rates = published.rows("response_rates", period=period, unit=ALL, role=ALL)
    rate = next((r["rate"] for r in rates if r["status"] == PUBLISHED and r["rate"] > 0), usual.rate)
    if not lead:
        return Before(
            period, rate, usual.score_pct, None, None, usual.spread, {}, usual.answered, usual.asked
        )
    row = lead[0]
    names = _find_common(published, period, columns)
    told = bool(row["se"]) and row["n"] >= OWN_SPREAD_N
    people = max(r["n"] for r in whole if r["status"] == PUBLISHED)
    counted = published.profile.get("effective_n", {}).get(period, people) / people
    spread = float(row["se"] * np.sqrt(row["n"] * counted)) if told else usual.spread
    roles = [
        r
        for r in published.rows("scores", period=period, unit=ALL, level=level, key=key)
        if r["role"] != ALL and r["status"] == PUBLISHED and r["se"] and r["n"] >= OWN_SPREAD_N
    ]
    answered, asked = _read_shares(whole, names, columns, usual)
    compared = told and _gives_a_change(names, columns)
    return Before(
        period, float(rate), float(row["score"]), row["se"] if compared else None, row["df"] if compared else None,
        spread, _spread_roles(roles, spread if told and counted < 1 else np.inf), answered, asked,
    )  # fmt: skip


def _spread_roles(roles: list[Row], most: float) -> dict[str, float]:
    """Return how much people of each role differ, `se·√n`; together no more than all do, which is what weights add to them."""
    squares = {r["role"]: r["se"] ** 2 * r["n"] for r in roles}
    together = sum(squares[r["role"]] * r["n"] for r in roles) / max(sum(r["n"] for r in roles), 1)
    shrunk = min(1.0, most / np.sqrt(together)) if together else 1.0
    return {role: float(shrunk * np.sqrt(square)) for role, square in squares.items()}


def _find_common(published: PublishedResults, period: str, columns: Columns) -> dict[Key, str]:
    """Return points and items of a period that mean the same in the model that is asked with: level and key -> key in it; none without crosswalks."""
    now = columns.instrument
    models, version = {**published.models, now.version: now}, now.version
    while version > published.version_of(period):
        walk = models[version].crosswalk
        if walk is None or walk.from_version not in models:
            return {}
        version = walk.from_version
    return common_rows(models, version, now.version) if version == published.version_of(period) else {}


def _gives_a_change(names: dict[Key, str], columns: Columns) -> bool:
    """Whether what is common suffices for a change of the figure that reports lead with."""
    common = np.isin(columns.point_ids, [key for (level, _), key in names.items() if level == "point"])
    answers = np.ones((1, len(columns.level_rows)), int)
    lead = columns.level_rows.index(lead_of(columns.instrument))
    return bool(Upwards(columns, common[None]).complete(answers)[0, lead])


def _read_shares(
    whole: list[Row], names: dict[Key, str], columns: Columns, usual: Before
) -> tuple[np.ndarray, np.ndarray]:
    """Return which share of respondents answered each column, and which answered it or said "don't know"."""
    people = max((r["n"] for r in whole if r["status"] == PUBLISHED), default=0)
    answered, asked = usual.answered.copy(), usual.asked.copy()
    at = {key: i for i, key in enumerate(columns.level_rows[: columns.columns_n])}
    for row in whole:
        place = at.get((row["level"], names.get((row["level"], row["key"]), "")))
        if place is not None and row["status"] == PUBLISHED and people >= THRESHOLD:
            answered[place] = min(row["n"] / people, 1.0)
            unknown = row["dont_know_share"]
            share = 0.0 if unknown is None or np.isnan(unknown) else min(unknown, 0.95)
            asked[place] = min(answered[place] / (1 - share), 1.0)
    return answered, asked
