"""Who is asked and who answers: unit trees, seats, the people on them, and each period's respondents.

A *seat* is an invited position (a unit and a role). Its holder may change between periods; a person who
stays is the same respondent in every period, which is what makes comparing the same people possible.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.demo.consortium import SIZES, Consortium, OrganisationPlan, UnitPlan

#: the leaf of people who belong to no unit
NO_UNIT = ""


@dataclass(frozen=True)
class Population:
    """Everybody who was invited, and what they bring.

    Attributes
    ----------
    units : pandas.DataFrame
        organisation, unit, name, parent (all str; parent "" = directly under the organisation).
    seats : pandas.DataFrame
        One row a seat: organisation (int, position in the consortium's list), unit (str, "" = no unit),
        role (str).
    rounds : pandas.DataFrame
        One row a respondent and period: period (int, position), seat (int), holder (int, 0 = the seat's
        first), person (int, unique over the consortium), opened_only (bool: nothing was answered), habit
        (float: the person's lasting habit of answering, standard normal over all invited), willing (float: how
        willing to answer this time, likewise), straight_lines (bool: one answer all through).
        Sorted by period and seat.
    invited : pandas.DataFrame
        organisation (str), period (str), unit (str), role (str), invited (int > 0).
    """

    units: pd.DataFrame
    seats: pd.DataFrame
    rounds: pd.DataFrame
    invited: pd.DataFrame


def make_slug(name: str) -> str:
    """Return a name as an identifier: lower case, a-z, 0-9 and hyphens.

    >>> make_slug("Barn- och utbildningsförvaltningen")
    'barn-och-utbildningsforvaltningen'
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def gather_people(consortium: Consortium, rng: np.random.Generator) -> Population:
    """Draw the unit trees, the seats in them, and who answers in which period.

    Parameters
    ----------
    consortium : Consortium
        The plan.
    rng : numpy.random.Generator
        The source of all randomness.

    Returns
    -------
    Population
        Every organisation has between `answered_lowest` and `answered_highest` answering respondents in
        each of its periods (rows that were only opened come on top).
    """
    units, seats = [], []
    for position, organisation in enumerate(consortium.organisations):
        leaves = _plant_tree(consortium, organisation, rng)
        units += [
            {"organisation": organisation.id, "unit": leaf.unit, "name": leaf.name, "parent": leaf.parent}
            for leaf in leaves
            if leaf.unit != NO_UNIT
        ]
        seats.append(_place_seats(consortium, organisation, position, leaves, rng))
    all_seats = pd.concat(seats, ignore_index=True)
    invited_when, rounds = _draw_rounds(consortium, all_seats, rng)
    invited = _count_invited(consortium, all_seats, invited_when)
    return Population(pd.DataFrame(units), all_seats, rounds, invited)


@dataclass(frozen=True)
class _Leaf:
    unit: str
    name: str
    parent: str
    share: float
    lean: dict[str, float]


def _plant_tree(
    consortium: Consortium, organisation: OrganisationPlan, rng: np.random.Generator
) -> list[_Leaf]:
    """Return the organisation's units; a parent's share is that of its direct people."""
    size = SIZES.index(organisation.size)
    reorganised = {
        u for r in consortium.reorganisations if r.organisation == organisation.id for u in r.units
    }

    def exists(unit: UnitPlan) -> bool:
        # the draw is made whatever the size, so that a changed size class leaves the other draws alone
        drawn = bool(rng.random() < unit.chance) or make_slug(unit.name) in reorganised
        return drawn and SIZES.index(unit.from_size) <= size

    leaves = []
    for unit in consortium.units[organisation.type]:
        parts = [part for part in unit.parts if exists(part)]
        has_direct_people = bool(rng.random() < 0.5)
        if not exists(unit):
            continue
        if len(parts) < 2:
            parts = []  # a single sub-unit would be the parent under another name
        direct = unit.direct * has_direct_people if parts else 1.0
        slug = make_slug(unit.name)
        leaves.append(_Leaf(slug, unit.name, "", unit.share * direct, unit.lean))
        parts_share = sum(part.share for part in parts)
        leaves += [
            _Leaf(
                make_slug(part.name),
                part.name,
                slug,
                unit.share * (1 - direct) * part.share / parts_share,
                {},
            )
            for part in parts
        ]
    own = consortium.own_people
    if rng.random() < own.chance:
        leaves.append(_Leaf(NO_UNIT, "", "", own.share, own.lean))
    return leaves


def _place_seats(
    consortium: Consortium,
    organisation: OrganisationPlan,
    position: int,
    leaves: list[_Leaf],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the organisation's seats, spread over leaf × role in proportion to their sizes."""
    shares = consortium.role_shares[organisation.type]
    chance = np.array(
        [[leaf.share * leaf.lean.get(role, 1.0) * share for role, share in shares.items()] for leaf in leaves]
    )
    seats_n = round(organisation.respondents / organisation.response_rate)
    cells = rng.multinomial(seats_n, (chance / chance.sum()).ravel())
    roles = list(shares)
    cell = np.repeat(np.arange(len(cells)), cells)
    return pd.DataFrame(
        {
            "organisation": position,
            "unit": [leaves[c // len(roles)].unit for c in cell],
            "role": [roles[c % len(roles)] for c in cell],
        }
    )


def _draw_rounds(
    consortium: Consortium, seats: pd.DataFrame, rng: np.random.Generator
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return who is invited (bool, seats × periods) and the respondents of every period."""
    habits = consortium.behaviour
    seats_n, periods_n = len(seats), len(consortium.periods)
    organisation = seats["organisation"].to_numpy()
    invited = consortium.takes_part()[organisation]

    changed = rng.random((seats_n, periods_n)) < habits.turnover
    changed[:, 0] = False
    holder = changed.cumsum(axis=1)
    # What makes somebody answer: mostly a lasting habit of the person, a little of the unit, the rest chance.
    habit = np.take_along_axis(rng.standard_normal((seats_n, periods_n)), holder, axis=1)
    unit_code = pd.factorize(seats["organisation"].astype(str) + "/" + seats["unit"])[0]
    of_unit = rng.standard_normal(unit_code.max() + 1)[unit_code]
    chance = rng.standard_normal((seats_n, periods_n))
    willing = habits.loyalty * habit + np.sqrt(1 - habits.loyalty**2) * chance
    willing = (willing + habits.unit_willingness * of_unit[:, None]) / np.sqrt(1 + habits.unit_willingness**2)
    # a stream of its own: who sits where and who answers is drawn as if there were no straight-liners
    straight_lines = rng.spawn(1)[0].random((seats_n, periods_n)) < consortium.straight_lining.share

    invited_n = np.bincount(organisation, minlength=len(consortium.organisations))
    answered_n = _plan_answered(consortium, invited_n, rng)
    opened_n = rng.binomial(invited_n[:, None] - answered_n, habits.opened_only)
    frames = []
    for period in range(periods_n):
        asked = np.flatnonzero(invited[:, period])
        order = asked[np.lexsort((-willing[asked, period], organisation[asked]))]
        rank = pd.Series(organisation[order]).groupby(organisation[order]).cumcount().to_numpy()
        answers = rank < answered_n[organisation[order], period]
        opens = ~answers & (rank < (answered_n + opened_n)[organisation[order], period])
        seat = np.sort(order[answers | opens])
        only = np.isin(seat, order[opens])
        frames.append(
            pd.DataFrame(
                {
                    "period": period,
                    "seat": seat,
                    "holder": holder[seat, period],
                    "person": seat * periods_n + holder[seat, period],
                    "opened_only": only,
                    "habit": habit[seat, period],
                    "willing": willing[seat, period],
                    "straight_lines": straight_lines[seat, period],
                }
            )
        )
    return invited, pd.concat(frames, ignore_index=True)


def _plan_answered(consortium: Consortium, invited_n: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how many answer (int, organisations × periods), within the plan's limits, or by an organisation's own rates."""
    habits = consortium.behaviour
    base = np.array([o.response_rate for o in consortium.organisations])[:, None]
    rate = base + habits.response_rate_drift * rng.standard_normal((len(base), len(consortium.periods)))
    rate = np.clip(rate, habits.response_rate_lowest, habits.response_rate_highest)
    answered = np.rint(rate * invited_n[:, None]).astype(int)
    lowest = np.ceil(habits.response_rate_lowest * invited_n)[:, None]
    highest = np.floor(habits.response_rate_highest * invited_n)[:, None]
    answered = np.clip(answered, lowest, highest).astype(int)
    for position, organisation in enumerate(consortium.organisations):
        for period, share in organisation.rates.items():
            answered[position, consortium.period_ids.index(period)] = round(share * invited_n[position])
    return np.clip(answered, habits.answered_lowest, np.minimum(habits.answered_highest, invited_n)[:, None])


def _count_invited(consortium: Consortium, seats: pd.DataFrame, invited: np.ndarray) -> pd.DataFrame:
    """Return the invited counts per organisation, period, unit and role."""
    ids = np.array([o.id for o in consortium.organisations])
    frames = [
        seats[invited[:, position]].assign(period=period)
        for position, period in enumerate(consortium.period_ids)
    ]
    counts = (
        pd.concat(frames)
        .groupby(["organisation", "period", "unit", "role"], sort=True)
        .size()
        .reset_index(name="invited")
    )
    return counts.assign(organisation=ids[counts["organisation"]])
