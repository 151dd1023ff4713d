"""Planned precision: by hand, and against what reports will say of samples drawn and scored again and again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members, UnitTree
from dimios_core.results.scoring.linearise import Scores, score_groups
from dimios_core.survey.before import Before
from dimios_core.survey.drawing import draw_sample
from dimios_core.survey.planning import Aim, Plan, Planner
from dimios_core.survey.precision import Design, detectable_change, plan_precision
from tests.building import make_instrument, make_respondents

DESIGN = Design(
    stratum=np.array([0, 1]), population=np.array([100, 300]), invited=np.array([50, 100]),
    expected=np.array([30.0, 60.0]), spread=np.array([10.0, 20.0]),
)  # fmt: skip


def test_the_variance_is_that_of_the_formula():
    """By hand: weights 2 and 3, so 60 + 180 = 240; V = (4·30·100 + 9·60·400)/240² = 228 000/57 600; df = 90 − 2."""
    precision = plan_precision(DESIGN, np.array([[True, True]]), 50.0, 0.2)
    assert precision.se[0] == pytest.approx(np.sqrt(228_000 / 57_600))
    assert (precision.answers[0], precision.df[0]) == (90, 88)
    # 30 of 100 and 60 of 300 answer: parts are 0.7 and 0.8 as large
    now = np.sqrt((0.7 * 12_000 + 0.8 * 216_000) / 57_600) * stats.t.ppf(0.975, 88)
    assert precision.own_now[0] == pytest.approx(now)
    plain = stats.t.ppf(0.975, 88) * precision.se[0]
    assert precision.half_width[0] == pytest.approx(
        plain, rel=0.02
    )  # the beta interval is nearly the plain one here


def test_groups_of_few_share_the_spread():
    """One of the strata with 12 answers: φ·p(100 − p)/n = 0.2·2 500/12."""
    few = replace(DESIGN, expected=np.array([12.0, 60.0]))
    precision = plan_precision(few, np.array([[True, False], [False, False]]), 50.0, 0.2)
    assert precision.se[0] == pytest.approx(np.sqrt(0.2 * 2_500 / 12))
    assert precision.df[0] == 11
    # 12 of 100 answer: 0.88 as large, and z as for a variance that is known
    assert precision.own_now[0] == pytest.approx(1.959964 * np.sqrt(0.88 * 0.2 * 2_500 / 12), rel=1e-6)
    assert np.isnan(precision.half_width[1])


def test_a_change_is_found_if_it_is_as_large_as_two_surveys_make_it():
    """(t.975 + t.80)·√(V₁ + V₂) with df by Welch and Satterthwaite; without a survey before it is one of the same plan."""
    precision = plan_precision(DESIGN, np.array([[True, True]]), 50.0, 0.2)
    v = precision.se[0] ** 2
    df = (v + 4) ** 2 / (v**2 / 88 + 4**2 / 40)
    expected = (stats.t.ppf(0.975, df) + stats.t.ppf(0.80, df)) * np.sqrt(v + 4)
    assert detectable_change(precision, 2.0, 40)[0] == pytest.approx(expected)
    twice = (stats.t.ppf(0.975, 176) + stats.t.ppf(0.80, 176)) * np.sqrt(2 * v)
    assert detectable_change(precision, None, None)[0] == pytest.approx(twice)


def test_strata_of_one_alone_and_of_none_take_no_degrees_of_freedom():
    """40 strata with 0.7 answers each: two or more in 1 − 1.7·e^−0.7 = 0.1558 of them, so df = 28 − 6.2; all weigh alike, so se = 10/√28."""
    scattered = Design(
        np.arange(40), np.full(40, 33), np.full(40, 33), np.full(40, 0.7), np.full(40, 10.0)
    )  # fmt: skip
    precision = plan_precision(scattered, np.ones((1, 40), bool), 50.0, 0.2)
    assert precision.df[0] == 22
    assert precision.half_width[0] == pytest.approx(stats.t.ppf(0.975, 22) * 10 / np.sqrt(28), rel=0.02)


def test_no_interval_is_promised_to_a_role_that_one_alone_answers_of_nearly_everywhere():
    """45 units of 33: 0.6 p are expected of each, so none of the one that all go with by e^−0.6 = 0.55; of 1.2 t by 0.30."""
    units = [f"u{i:02}" for i in range(45)]
    people = pd.DataFrame(
        [(unit, role) for unit in units for role, n in (("a", 30), ("p", 1), ("t", 2)) for _ in range(n)],
        columns=["unit", "role"],
    )
    people = people.assign(
        person_id=[f"n{i:04}" for i in range(len(people))], name="N", email="", language="sv", draw="random"
    )[["person_id", "name", "email", "unit", "role", "language", "draw"]]
    shares = np.ones(COLUMNS.columns_n)
    before = Before("", RATE, 50.0, None, None, 15.0, {}, shares, shares)
    tree = UnitTree(dict.fromkeys(units, ""))
    planner = Planner(people, tree, before, 5, COLUMNS, "proportional")
    groups = {g.role: g for g in planner.plan("x", "2026", Aim(invited=len(people))).groups if g.unit == "*"}
    assert [groups[role].figures for role in "pt"] == ["whole", "whole"]
    assert groups["p"].half_width is None
    # two or more t in 1 − 2.2·e^−1.2 = 0.337 of 45: df = 54 − 15.2
    assert groups["t"].half_width == pytest.approx(stats.t.ppf(0.975, 39) * 15 / np.sqrt(54), rel=0.02)


POINTS = {f"p{i}": f"c{i % 3}" for i in range(12)}
COLUMNS = Columns(make_instrument(POINTS, {"c0": "d", "c1": "d", "c2": "d"}))
LEAD = len(COLUMNS.level_rows) - 1
RATE = 0.6
UNITS = ("u1", "u2", "u3", "u4", "u5")


def make_population(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """342 people in five units and three roles, and how they would answer: roles, units and people differ; some questions are skipped."""
    people = pd.DataFrame(
        {"unit": rng.choice(UNITS, 342, p=(0.3, 0.25, 0.2, 0.15, 0.1)), "role": rng.choice(list("pta"), 342, p=(0.2, 0.3, 0.5))}
    )  # fmt: skip
    level = 55 + people["role"].map({"p": 5.0, "t": 0.0, "a": -3.0}).to_numpy() + rng.normal(0, 11, 342)
    level += people["unit"].map(dict(zip(UNITS, (4, 0, -3, 2, -5), strict=True))).to_numpy()
    answers = level[:, None] + rng.normal(0, 22, (342, 12))
    answers = np.clip(25 * np.round(answers / 25), 0, 100)
    answers[rng.random(answers.shape) < 0.1] = np.nan
    people = people.assign(
        person_id=[f"n{i:03}" for i in range(342)], name="N", email="", language="sv", draw="random"
    )
    return people[["person_id", "name", "email", "unit", "role", "language", "draw"]], answers


def score(answers: np.ndarray, group: np.ndarray, groups_n: int, **more) -> Scores:
    """Score groups of respondents; `group` is sorted."""
    members = Members(group, np.arange(len(group)), groups_n)
    usable = np.ones((groups_n, COLUMNS.columns_n), bool)
    return score_groups(make_respondents(answers, **more), members, usable, COLUMNS)


@dataclass(frozen=True)
class Replicates:
    """Samples of one plan drawn again and again, 60 % of each answering: arrays with a row an answer, by replicate."""

    plan: Plan
    truth: float
    answers: np.ndarray
    replicate: np.ndarray
    weight: np.ndarray
    stratum: np.ndarray
    role: np.ndarray
    n: int

    def score(self, of: np.ndarray | None = None, **more) -> Scores:
        """Score each replicate, or those of its answers that are chosen."""
        of = np.ones(len(self.replicate), bool) if of is None else of
        given = {"weight": self.weight[of], "stratum": self.stratum[of]}
        return score(
            self.answers[of], self.replicate[of], self.n, **given, **{k: v[of] for k, v in more.items()}
        )


@cache
def draw_again_and_again(replicates_n: int) -> Replicates:
    rng = np.random.default_rng(24)
    people, answers = make_population(rng)
    truth = score(answers, np.zeros(342, int), 1).score_pct[0, LEAD]
    strata = (people["unit"] + people["role"]).to_numpy()
    spread = score(answers, np.zeros(342, int), 1, stratum=strata).se[0, LEAD] * np.sqrt(342)
    shares = np.full(COLUMNS.columns_n, 0.9)
    before = Before("", RATE, truth, None, None, float(spread), {}, shares, shares)
    tree = UnitTree(dict.fromkeys(UNITS, ""))
    plan = Planner(people, tree, before, 5, COLUMNS, "proportional").plan("x", "2026", Aim(invited=180))
    at = {person: i for i, person in enumerate(people["person_id"])}
    drawn = [
        (replicate, p)
        for replicate in range(replicates_n)
        for p in draw_sample(people, tree, plan, str(replicate))
        if rng.random() < RATE
    ]
    replicate = np.array([replicate for replicate, _ in drawn])
    rows = [at[p.person_id] for _, p in drawn]
    weight, stratum, role = (
        np.array([getattr(p, name) for _, p in drawn]) for name in ("weight", "stratum", "role")
    )
    return Replicates(plan, truth, answers[rows], replicate, weight, stratum, role, replicates_n)


def tell_half_width(scores: Scores) -> np.ndarray:
    low, high = (x[:, LEAD] for x in scores.interval)
    return (high - low) / 2


def test_a_plan_promises_what_a_report_will_say():
    made = draw_again_and_again(40)
    assert made.plan.chosen.half_width == pytest.approx(tell_half_width(made.score()).mean(), rel=0.05)


def test_few_roles_lose_their_interval_because_one_alone_answers():
    """Of a role few are in each pool. The plan's neighbours leave at most a fifth of the samples without an interval that are so without them."""
    made = draw_again_and_again(40)
    beside = {s.name: s.neighbour for s in made.plan.strata}
    neighbour = np.array([beside[name] for name in made.stratum])
    of_role = [made.role == role for role in "pta"]
    alone = sum(np.isnan(tell_half_width(made.score(of))).sum() for of in of_role)
    left = sum(np.isnan(tell_half_width(made.score(of, neighbour=neighbour))).sum() for of in of_role)
    assert alone >= 10
    assert left <= alone / 5


@pytest.mark.long
def test_a_plan_promises_what_a_report_will_say_over_many_samples():
    made = draw_again_and_again(300)
    scores, chosen = made.score(), made.plan.chosen
    low, high = (x[:, LEAD] for x in scores.interval)
    assert chosen.half_width == pytest.approx(((high - low) / 2).mean(), rel=0.05)
    assert ((low <= made.truth) & (made.truth <= high)).mean() >= 0.94
    # 95 % of 300 lies within three standard deviations of the binomial, 1.3 % each
    now = np.abs(scores.score_pct[:, LEAD] - made.truth) <= chosen.own_now
    assert now.mean() == pytest.approx(0.95, abs=0.038)
