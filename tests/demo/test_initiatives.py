"""The consortium's initiatives: effects are built in where the file says so, and the method finds those and no others."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from dimios_core.actions.goals import load_goals
from dimios_core.actions.initiatives import load_initiatives
from dimios_core.actions.plans import load_plans
from dimios_core.demo import load_consortium, write_actions
from dimios_core.demo.answers import draw_answers, set_levels
from dimios_core.demo.initiatives import lift_levels, load_actions
from dimios_core.demo.population import gather_people
from dimios_core.instrument import load_instrument
from dimios_core.published.schema import load_codes
from dimios_core.published.status import Status
from dimios_core.published.store import PublishedResults, load_results
from dimios_core.results.evidence.by_point import gather_scores, match_points
from dimios_core.results.evidence.estimates import estimate_evidence
from dimios_core.results.scoring.models import Models

CONSORTIUM = load_consortium()
ACTIONS = load_actions(CONSORTIUM)
MOVED = {c.point: c.moves.points for c in ACTIONS.campaigns if c.moves}
UNMOVED = {c.point for c in ACTIONS.campaigns if not c.moves and len(c.organisations) > 10}
FEW = {c.point for c in ACTIONS.campaigns if len(c.organisations) < 6}


@pytest.fixture(scope="module")
def almvik(demo_outputs: Path) -> PublishedResults:
    return load_results("almvik", demo_outputs / "results")


@pytest.fixture(scope="module")
def evidence(almvik: PublishedResults) -> pd.DataFrame:
    return almvik.evidence.set_index("point")


@cache
def draw(seed: int, lifted: bool) -> tuple[np.ndarray, pd.DataFrame]:
    """Answers of a seed with and without the built-in effects, and whose they are."""
    rng_people, rng_levels, rng_answers, _ = np.random.default_rng(seed).spawn(4)
    people = gather_people(CONSORTIUM, rng_people)
    levels = set_levels(CONSORTIUM, rng_levels)
    if lifted:
        levels = lift_levels(CONSORTIUM, ACTIONS, levels)
    answers = draw_answers(CONSORTIUM, people, levels, rng_answers)
    seats = people.seats["organisation"].to_numpy()[people.rounds["seat"]]
    ids, periods = np.array([o.id for o in CONSORTIUM.organisations]), np.array(CONSORTIUM.period_ids)
    keys = {"organisation": ids[seats], "period": periods[people.rounds["period"]]}
    return answers, pd.DataFrame(keys | {"straight": people.rounds["straight_lines"]})


def weigh(seed: int, lifted: bool, initiatives: pd.DataFrame) -> pd.DataFrame:
    """Evidence from plain means of the drawn answers."""
    answers, keys = draw(seed, lifted)
    percent = pd.DataFrame(answers.astype(float)).where(lambda a: a > 0).sub(1).mul(25)
    means = percent.groupby([keys["organisation"], keys["period"]]).mean()
    wholes = [
        SimpleNamespace(
            organisation=o, period=p, score_pct=row.to_numpy(), status=np.full(26, Status.PUBLISHED)
        )
        for (o, p), row in means.iterrows()
    ]
    types = {o.id: o.type for o in CONSORTIUM.organisations}
    models = Models.of(load_instrument("dimios"), {w.period for w in wholes})
    matched = match_points(gather_scores(wholes, models), types, initiatives)
    return estimate_evidence("evidence", "point", matched).set_index("point")


def test_there_is_enough_to_find_and_enough_not_to() -> None:
    assert (len(MOVED), len(UNMOVED)) == (3, 3)
    assert all(
        len(c.organisations) >= 10 for c in ACTIONS.campaigns if c.point in MOVED or c.point in UNMOVED
    )


def lift_of(point: str) -> float:
    """What a built-in effect made of the answers: a little less than its points, as the scale ends at 1 and 5."""
    (plain, keys), (lifted, _) = draw(2022, False), draw(2022, True)
    column = list(CONSORTIUM.points).index(point)
    moved = next(
        keys["organisation"].isin(c.organisations) & (keys["period"] >= c.moves.since)
        for c in ACTIONS.campaigns
        if c.moves and c.point == point
    )
    answered = moved & (plain[:, column] > 0)
    return float((lifted[answered, column].astype(float) - plain[answered, column]).mean() * 25)


def test_the_built_in_effects_are_a_little_less_than_planned() -> None:
    for point, size in MOVED.items():
        assert 0.8 * size < lift_of(point) <= size


def test_the_built_in_effects_are_found(evidence: pd.DataFrame) -> None:
    found = evidence.loc[list(MOVED)]
    assert (found["certainty"] == "increase").all()
    assert (found["pairs_n"] >= 10).all()
    for point in MOVED:
        row = found.loc[point]
        assert row["ci_low"] < lift_of(point) < row["ci_high"]
        assert row["hc3_low"] > 0
    assert sorted(found["rank"]) == [1, 2, 3]


def test_no_other_effects_are_found(evidence: pd.DataFrame) -> None:
    others = evidence.loc[list(UNMOVED)]
    assert (others["status"] == "published").all()
    assert (others["certainty"] == "none").all()
    assert others["rank"].isna().all()
    assert (evidence.loc[list(FEW), "status"] == "too_few").all()
    assert (evidence["certainty"] == "increase").sum() == len(MOVED)


@pytest.mark.parametrize("seed", [1, 2])
def test_other_seeds_tell_the_same(demo_outputs: Path, seed: int) -> None:
    frame = weigh(seed, True, load_initiatives(demo_outputs))
    assert (frame.loc[list(MOVED), "certainty"] == "increase").all()
    assert (frame.loc[list(UNMOVED), "certainty"] == "none").all()


def test_without_the_effects_nothing_is_found(demo_outputs: Path) -> None:
    frame = weigh(2022, False, load_initiatives(demo_outputs))
    assert set(frame.loc[list(MOVED), "certainty"]) == {"none"}


def test_effects_change_nobody_elses_answers() -> None:
    """No random number is drawn for them: everything else is answered as if there were none."""
    (plain, keys), (lifted, _) = draw(2022, False), draw(2022, True)
    may_differ = np.zeros(plain.shape, bool)
    points = list(CONSORTIUM.points)
    for campaign in ACTIONS.campaigns:
        if campaign.moves:
            rows = keys["organisation"].isin(campaign.organisations) & (
                keys["period"] >= campaign.moves.since
            )
            may_differ[rows, points.index(campaign.point)] = True
            # their one answer is that of their mean level
            may_differ[rows & keys["straight"]] = True
    assert (plain[~may_differ] == lifted[~may_differ]).all()
    assert (plain != lifted).any()
    assert (lifted >= plain).all()
    untouched = {"almvik", "ronnstad", "vintersjo"}
    assert not any(untouched & set(c.organisations) for c in ACTIONS.campaigns if c.moves)


def test_the_files_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    def hashes(name: str) -> dict[str, str]:
        write_actions(tmp_path / name, load_instrument("dimios"))
        folder = tmp_path / name
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}

    first = hashes("a")
    time.sleep(2.1)  # zip counts time in steps of two seconds
    assert hashes("b") == first
    # initiatives, plans, goals, conclusions
    assert len(first) == 1 + len(ACTIONS.plans) + 1 + len(ACTIONS.conclusions)


def test_what_is_shown_was_read_and_agreed_to(demo_outputs: Path, almvik: PublishedResults) -> None:
    stored = load_initiatives(demo_outputs)
    assert set(stored["consent"]) == {"named", "anonymous", "none"}
    assert (~stored["validated"]).sum() == len(ACTIONS.unvalidated) > 0
    shown = almvik.initiatives
    # four companies are too few for one of them to hide among
    companies = [o.id for o in CONSORTIUM.organisations if o.type == "company"]
    hidden = stored["organisation"].isin(companies) & (stored["consent"] == "anonymous")
    agreed = stored[stored["validated"] & (stored["consent"] != "none") & ~hidden]
    assert hidden.any()
    assert shown.groupby("point").size().to_dict() == agreed.groupby("point").size().to_dict()
    sharing = {o.name: o.sharing for o in CONSORTIUM.organisations}
    named = shown[~shown["organisation_name"].str.endswith(" X")]
    assert {sharing[name] for name in named["organisation_name"]} == {"named"}
    assert named["contact"].str.endswith(".example").all()
    assert (shown.drop(named.index)["contact"] == "").all()


def test_plans_of_the_year_before_stand_beside_the_outcome(almvik: PublishedResults) -> None:
    assert set(almvik.plans["period"]) == {"2025", "2026"}
    due = almvik.plans[almvik.plans["measure_period"] == "2026"]
    last = almvik.changes[(almvik.changes["period"] == "2026") & (almvik.changes["level"] == "point")]
    assert len(due) and set(due["point"]) <= set(last["key"])


def test_kinds_are_weighed_over_the_points_that_they_were_for(almvik: PublishedResults) -> None:
    """A project office (organisation) is for project management, which moves by 10; courses are for points that do not move."""
    kinds = almvik.evidence_kinds.set_index("kind")
    assert kinds.index.tolist() == list(load_codes()["action_kind"])
    office = kinds.loc["organisation"]
    assert (office["status"], office["certainty"]) == ("published", "increase")
    assert office["ci_low"] <= MOVED["project_management"] <= office["ci_high"]
    assert kinds.loc["competence", "certainty"] == "none"
    assert kinds.loc["procurement", "status"] == "too_few"
    # whatever has been certain was built in: no kind is found that was only for points that do not move
    moved = {w.kind for c in ACTIONS.campaigns if c.moves for w in c.wordings}
    assert set(kinds.index[kinds["certainty"] == "increase"]) <= moved
    assert not (kinds["certainty"] == "decrease").any()


def test_wordings_are_many_and_every_kind_and_point_of_plans_is_in_use(demo_outputs: Path) -> None:
    wordings = [w for c in ACTIONS.campaigns for w in c.wordings]
    assert len({(w.title, w.what, w.effect) for w in wordings}) == len(wordings) >= 60
    assert {w.kind for w in wordings} == set(load_codes()["action_kind"])
    # each is used by somebody
    assert all(len(c.organisations) >= len(c.wordings) for c in ACTIONS.campaigns)
    stored = load_initiatives(demo_outputs)
    assert set(stored["kind"]) == set(load_codes()["action_kind"])


def test_plans_tell_units_progress_kinds_and_consent(demo_outputs: Path) -> None:
    plans = load_plans(demo_outputs)
    assert set(plans["progress"]) == {"done", "partly", "no", "unknown", ""}
    assert set(plans["consent"]) == {"yes", "no"}
    assert set(plans["kind"]) - {""} == set(load_codes()["action_kind"])
    units = plans[plans["unit"] != ""]
    assert units["organisation"].nunique() >= 5
    assert (plans["unit"] == "").any()
    results = load_results("hjortvalla", demo_outputs / "results")
    assert set(results.plans["unit"]) == {"", "miljoforvaltningen", "miljo-och-byggforvaltningen"}


def test_goals_are_reached_not_yet_or_open(demo_outputs: Path) -> None:
    """By the published intervals alone (docs/method.md): on every level, and some of each."""
    states = []
    goals = load_goals(demo_outputs)
    assert set(goals["level"]) == {"maturity", "dimension", "category", "point"}
    for goal in goals.to_dict("records"):
        results = load_results(goal["organisation"], demo_outputs / "results")
        at = {"unit": "*", "role": "*", "level": goal["level"], "key": goal["key"]}
        (now,) = results.rows("scores", period=results.profile["periods"][-1], **at)
        low, high, value = now["ci_low"], now["ci_high"], goal["value"]
        states.append("reached" if low >= value else "not yet" if high < value else "open")
        assert {
            "level": goal["level"],
            "key": goal["key"],
            "value": value,
            "year": goal["year"],
        } in results.rows("goals")
    assert all(states.count(state) >= 2 for state in ("reached", "not yet", "open")), states
