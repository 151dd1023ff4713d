"""From levels to answers: each respondent's answer to each question, with "vet ej" and gaps.

An answer on the 1-5 scale is a rounded draw around the level that the respondent's organisation, period,
unit, role and own leaning in the category give the question. Everything is drawn at once over all respondents.
"""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pandas as pd

from dimios_core.demo.consortium import Consortium
from dimios_core.demo.leanings import draw_leanings
from dimios_core.demo.population import Population

LOWEST, HIGHEST = 1, 5
STEP = 100 / (HIGHEST - LOWEST)
#: codes beside 1-5 in an answer matrix
DONT_KNOW, MISSING = 0, -1


def set_levels(consortium: Consortium, rng: np.random.Generator) -> np.ndarray:
    """Return the level of every organisation, period and question before unit, role and person.

    Deviations are centred over the organisations that measure each period as a whole year and, for questions, within
    their category, so that the mean of maturity over organisations is the plan's level of the period
    whatever the seed.

    Returns
    -------
    numpy.ndarray
        float, (organisations, periods, points), on the 0-100 scale (it may lie outside; answers may not).
    """
    spread = consortium.spread
    ids = [o.id for o in consortium.organisations]
    organisations_n, periods_n = len(ids), len(consortium.periods)

    overall = _standardise(rng.standard_normal(organisations_n)) * spread.organisations
    tilt = _standardise(rng.standard_normal(organisations_n)) * spread.capability_minus_heritage / 2
    drift = rng.standard_normal((organisations_n, periods_n, 2)) * spread.yearly_drift
    drift[:, 0] = 0
    deviation = np.stack([overall + tilt, overall - tilt], axis=1)[:, None, :] + drift.cumsum(axis=1)
    for change in consortium.changes:
        since = consortium.period_ids.index(change.period)
        deviation[ids.index(change.organisation), since:] += (change.capability, change.heritage)
    part = consortium.measures_years()[:, :, None]
    deviation = deviation - (deviation * part).sum(axis=0) / part.sum(axis=0)

    dimension_of_point, category_of_point, offset = _lay_out_points(consortium)
    own = rng.standard_normal((organisations_n, len(offset))) * spread.organisation_points
    for category in np.unique(category_of_point):
        mine = category_of_point == category
        own[:, mine] -= own[:, mine].mean(axis=1, keepdims=True)
    level = np.array(list(consortium.periods.values()))
    return level[None, :, None] + offset + deviation[:, :, dimension_of_point] + own[:, None, :]


def draw_answers(
    consortium: Consortium, people: Population, levels: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw every respondent's answers.

    Parameters
    ----------
    levels : numpy.ndarray
        (organisations, periods, points), from `set_levels`.

    Returns
    -------
    numpy.ndarray
        int8, (rows of `people.rounds`, points): 1-5, `DONT_KNOW` (0) or `MISSING` (-1). A row with
        `opened_only` is missing throughout; every other row has at least one answer or "vet ej". A row with
        `straight_lines` has the same answer all through: the one that its mean level gives.
    """
    spread, habits = consortium.spread, consortium.behaviour
    rounds = people.rounds
    seat, period = rounds["seat"].to_numpy(), rounds["period"].to_numpy()
    organisation = people.seats["organisation"].to_numpy()[seat]
    role = people.seats["role"].to_numpy()[seat]
    rows_n, points_n = len(rounds), levels.shape[2]

    # Streams of their own leave all other draws as they are without what they are for. Any would do; the first is left
    # alone because with the demo's own seed, by bad luck, it hides an effect that the initiatives have.
    _, rng_straight, rng_categories = rng.spawn(3)
    leanings, unsure = draw_leanings(consortium, people, rng, rng_categories)
    category_of_point = _lay_out_points(consortium)[1]
    centre = levels[organisation, period] + leanings[rounds["person"]][:, category_of_point] * spread.people
    centre += (_unit_effect(consortium, people, rng)[seat] + _role_effect(consortium, people)[seat])[:, None]
    centre[:, list(consortium.points).index(consortium.dif.item)] += _item_effect(consortium, people)[seat]
    wish = centre + rng.standard_normal((rows_n, points_n)) * spread.answers
    answers = _round_to_scale(wish)

    share = np.array([p.dont_know for p in consortium.points.values()])
    role_logit = np.array([consortium.roles[r].dont_know for r in role])
    sd = habits.dont_know_person_sd
    # Averaging a logit over people pulls the share towards one half; this undoes it (Zeger et al. 1988).
    logit = np.log(share / (1 - share)) * np.sqrt(1 + 0.346 * sd**2)
    says = 1 / (1 + np.exp(-(logit + (role_logit + sd * unsure[rounds["person"]])[:, None])))
    answers[rng.random((rows_n, points_n)) < says] = DONT_KNOW

    answers[rng.random((rows_n, points_n)) < habits.item_missing] = MISSING
    stops_at = np.where(
        rng.random(rows_n) < habits.break_off, rng.integers(1, points_n, size=rows_n), points_n
    )
    answers[np.arange(points_n) >= stops_at[:, None]] = MISSING
    # whoever counts as a respondent has said something; the first question is kept for those who did not
    silent = (answers == MISSING).all(axis=1)
    answers[silent, 0] = DONT_KNOW

    same = rounds["straight_lines"].to_numpy()
    wish = centre[same].mean(axis=1) + rng_straight.standard_normal(same.sum()) * spread.answers
    answers[same] = _round_to_scale(wish)[:, None]
    answers[rounds["opened_only"].to_numpy()] = MISSING
    return answers


def _round_to_scale(wish: np.ndarray) -> np.ndarray:
    """Return the answers (int8, 1-5) nearest to levels in points, which may lie beyond the scale's ends."""
    return np.clip(np.rint(wish / STEP) + LOWEST, LOWEST, HIGHEST).astype(np.int8)


def _standardise(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def _lay_out_points(consortium: Consortium) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return per question: position of its dimension, of its category, and its offset in points."""
    rows: list[tuple[int, int, float]] = []
    category_position = 0
    dimension_centre = fmean([d.level for d in consortium.dimensions.values()])
    for position, dimension in enumerate(consortium.dimensions.values()):
        category_centre = fmean([c.level for c in dimension.categories.values()])
        for category in dimension.categories.values():
            point_centre = fmean([p.level for p in category.points.values()])
            base = dimension.level - dimension_centre + category.level - category_centre - point_centre
            rows += [(position, category_position, base + p.level) for p in category.points.values()]
            category_position += 1
    table = np.array(rows)
    return table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2]


def _unit_effect(consortium: Consortium, people: Population, rng: np.random.Generator) -> np.ndarray:
    """Return each seat's unit effect in points, centred over the organisation's seats."""
    seats = people.seats
    code = pd.factorize(seats["organisation"].astype(str) + "/" + seats["unit"])[0]
    effect = (rng.standard_normal(code.max() + 1) * consortium.spread.units)[code]
    return effect - pd.Series(effect).groupby(seats["organisation"]).transform("mean").to_numpy()


def _role_effect(consortium: Consortium, people: Population) -> np.ndarray:
    """Return each seat's role effect in points, centred over the organisation's seats."""
    return _centre_roles(people, {role: e.level for role, e in consortium.roles.items()})


def _item_effect(consortium: Consortium, people: Population) -> np.ndarray:
    """Return what each seat's role adds to the level of the item of `consortium.dif`, centred likewise."""
    return _centre_roles(
        people, dict.fromkeys(consortium.roles, 0.0) | {consortium.dif.role: consortium.dif.points}
    )


def _centre_roles(people: Population, points: dict[str, float]) -> np.ndarray:
    """Return the points of each seat's role, centred over the organisation's seats."""
    effect = people.seats["role"].map(points)
    return (effect - effect.groupby(people.seats["organisation"]).transform("mean")).to_numpy()
