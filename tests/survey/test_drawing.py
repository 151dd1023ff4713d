"""Samples: anyone draws the same, all are as likely, weights add up."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.survey.before import _usual
from dimios_core.survey.drawing import draw_sample
from dimios_core.survey.planning import Aim, Planner, read_plan, write_plan
from dimios_core.survey.strata import CERTAIN
from tests.building import make_instrument

TREE = UnitTree({"x": "", "y": ""})
COLUMNS = Columns(make_instrument({"a": "c", "b": "c"}, {"c": "d"}))


def make_people(n: int = 60) -> pd.DataFrame:
    rows = [
        (f"{i:03}", f"N{i}", "" if i % 10 == 0 else f"n{i}@x.example", "xy"[i % 3 == 0], "pt"[i % 2], "sv", "always" if i < 4 else "random")
        for i in range(n)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["person_id", "name", "email", "unit", "role", "language", "draw"])


PEOPLE = make_people()
PLANNER = Planner(PEOPLE, TREE, _usual(COLUMNS), 5, COLUMNS, "proportional")
PLAN = PLANNER.plan("lindby", "2026", Aim(invited=50))


def test_the_lowest_lots_of_each_stratum_are_invited():
    """Drawn again with nothing but a hash and the plan's numbers, as docs/measure.md tells."""
    drawn = draw_sample(PEOPLE, TREE, PLAN, "seed")
    by_stratum: dict[str, list[str]] = {}
    for person, cell in zip(PEOPLE["person_id"], PLANNER.cells.cell_of, strict=True):
        by_stratum.setdefault(PLANNER.cells.names[PLANNER.cells.stratum[cell]], []).append(person)
    expected = {
        s.name: sorted(by_stratum[s.name], key=lambda p: hashlib.sha256(f"seed\n{p}".encode()).digest())[
            : s.invited
        ]
        for s in PLAN.strata
    }
    assert {s: [p.person_id for p in drawn if p.stratum == s] for s in expected} == expected


def test_weights_add_up_to_everybody_and_certain_people_count_once():
    drawn = draw_sample(PEOPLE, TREE, PLAN, "seed")
    assert len(drawn) == PLAN.chosen.invited == 50
    assert sum(person.weight for person in drawn) == pytest.approx(60)
    assert {p.person_id for p in drawn if p.stratum.startswith(CERTAIN)} == {"000", "001", "002", "003"}
    assert all(p.weight == 1 for p in drawn if p.stratum.startswith(CERTAIN))
    assert all(p.card == (p.email is None) for p in drawn)
    assert any(p.card for p in drawn)


def test_the_same_seed_gives_the_same_people_in_any_order_of_the_list_and_another_seed_others():
    first = draw_sample(PEOPLE, TREE, PLAN, "1")
    assert draw_sample(PEOPLE, TREE, PLAN, "1") == first
    assert {p.person_id for p in draw_sample(PEOPLE, TREE, PLAN, "2")} != {p.person_id for p in first}


def test_everybody_of_a_stratum_is_as_likely():
    """Over 120 seeds each of n of N is drawn 120·n/N times, within five standard deviations of the binomial."""
    drawn = Counter(p.person_id for seed in range(120) for p in draw_sample(PEOPLE, TREE, PLAN, str(seed)))
    for person, cell in zip(PEOPLE["person_id"], PLANNER.cells.cell_of, strict=True):
        s = next(s for s in PLAN.strata if s.name == PLANNER.cells.names[PLANNER.cells.stratum[cell]])
        share = s.invited / s.people
        assert abs(drawn[person] - 120 * share) <= 5 * np.sqrt(120 * share * (1 - share))


def test_the_plan_of_another_frame_is_refused():
    with pytest.raises(InputError, match="another frame"):
        draw_sample(make_people(61), TREE, PLAN, "1")
    with pytest.raises(InputError, match="another frame"):
        draw_sample(PEOPLE, TREE, replace(PLAN, rate=0.2), "1")


def test_a_plan_reads_back(tmp_path):
    (tmp_path / "plan.json").write_text(write_plan(PLAN), encoding="utf-8")
    assert read_plan(tmp_path) == PLAN
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="plan again"):
        read_plan(tmp_path)


def test_an_aim_is_reached_by_the_fewest():
    planner = Planner(make_people(400), TREE, _usual(COLUMNS), 5, COLUMNS, "proportional")
    everybody = planner.step(400)
    for take in ("half_width", "change"):
        wanted = getattr(everybody, take) * 1.3
        chosen = planner.choose(Aim(**{take: wanted}))
        assert getattr(chosen, take) <= wanted
        assert getattr(planner.step(chosen.invited - 1), take) > wanted
    assert everybody.own_now < everybody.half_width


def test_an_aim_that_cannot_be_reached_says_what_can():
    with pytest.raises(InputError, match="if all 60 are invited, it is"):
        PLANNER.choose(Aim(half_width=0.5))
    with pytest.raises(InputError, match="60 people") as caught:
        PLANNER.choose(Aim(invited=61))
    assert caught.value.problems[0].remedy == f"invite {PLANNER.fewest} to 60"
    # without an aim everybody is asked where even that gives no three points
    assert PLANNER.choose(Aim()).invited == 60


def test_so_few_people_that_nothing_is_told_make_no_promise():
    planner = Planner(make_people(3), TREE, _usual(COLUMNS), 5, COLUMNS, "proportional")
    plan = planner.plan("lindby", "2026", Aim())
    assert (plan.chosen.invited, plan.chosen.half_width, plan.chosen.change) == (3, None, None)
    assert {group.figures for group in plan.groups} == {"none"}
