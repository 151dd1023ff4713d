"""Exercises have exactly one right answer, and it is what the published files say, whatever they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimios_core import Project
from dimios_core.training import Week
from dimios_core.training.kinds import Choice, Number, Order, Sort
from dimios_core.training.lookups import GAP_MIN_PP
from dimios_core.training.weeks import list_weeks, load_week
from tests.training.published_answers import Published, list_decimals, right_of

#: questions whose outcome stands in the files -> what works it out
OUTCOMES = {
    "changed": "lead_change",
    "certain_change": "lead_change",
    "units_differ": "unit_difference",
    "which_cell": "placement",
    "enough": "would_show",
}
NAMES = {"below": "category_below", "unknown_most": "most_unknown", "which_moved": "moved_point"}
#: a municipality, one whose categories cannot be compared, an authority
ORGANISATIONS = ("almvik", "klintnas-energi", "almanacksverket")


def check_organisation(results: Path, organisation: str) -> None:
    """Recompute every exercise of an organisation."""
    published = Published(results, organisation)
    known, looked_up = published.numbers(), 0
    for name in list_weeks():
        week = Week.of(name, organisation, published.period, "sv", str(results))
        for section in load_week(name).sections:
            for question in section.questions:
                asked = week.asked[question.id]
                if isinstance(asked, Choice):
                    told = " ".join(a.why for a in asked.answers)
                    assert all(len(a.why) > 20 for a in asked.answers)
                elif isinstance(asked, Number):
                    told = " ".join((asked.ask, asked.why, asked.hint, *(why for _, why in asked.mistakes)))
                else:
                    continue
                assert set(list_decimals(told)) <= known, (name, question.id)
                looked_up += check_answer(published, question, asked)
    assert looked_up == len(OUTCOMES) + len(NAMES) + 4


def check_answer(published: Published, question, asked) -> bool:
    """Check one question against the files; tells whether its answer stands there."""
    if question.id in OUTCOMES:
        outcome = getattr(published, OUTCOMES[question.id])()
        place = list(question.options).index(outcome)
        assert [a.right for a in asked.answers] == [n == place for n in range(len(asked.answers))]
    elif question.id in NAMES:
        expected = getattr(published, NAMES[question.id])()
        assert right_of(asked) == (expected or asked.answers[-1].text), question.id
    elif question.id == "role_missing":
        hidden = published.roles_hidden()
        assert right_of(asked) in (hidden or {asked.answers[-1].text})
        assert len([a for a in asked.answers if a.text in hidden]) == min(1, len(hidden))
    elif question.id == "how_far":
        gap = published.gap_size()
        assert asked.right == (gap if gap is not None else -9)
        assert ("påhittat" in asked.ask) == (gap is None)
        assert not asked.accepts(-asked.right)
    elif question.id in ("how_many_answers", "least"):
        assert asked.right == published.profile["threshold"]
    else:
        return False
    return True


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_every_exercise_has_the_one_right_answer_that_the_files_have(demo_outputs, organisation):
    check_organisation(demo_outputs / "results", organisation)


@pytest.mark.long
@pytest.mark.usefixtures("heavy")
@pytest.mark.parametrize("seed", [13, 1984])
def test_so_it_is_in_other_consortia(tmp_path, seed):
    Project(tmp_path, progress=None).demo(seed, reports=False)
    for organisation in ORGANISATIONS:
        check_organisation(tmp_path / "results", organisation)


def test_terms_and_steps_are_shown_in_another_order_than_the_right_one(demo_outputs):
    results = str(demo_outputs / "results")
    weeks = [Week.of(name, "almvik", "2026", "en", results) for name in list_weeks()]
    rows = [q for w in weeks for q in w.asked.values() if isinstance(q, Sort | Order)]
    assert {type(q) for q in rows} == {Sort, Order}
    for asked in rows:
        ids = tuple(pair.id for pair in asked.pairs)
        assert sorted(ids) == sorted(asked.shown) and ids != asked.shown


def test_others_minus_own_is_the_gap_within_what_is_accepted(demo_outputs):
    """The number that a reader works out from the two that are shown is near enough."""
    results = demo_outputs / "results"
    for folder in results.glob("organisation=*"):
        published = Published(results, folder.name.partition("=")[2])
        own = published.whole("scores", level="category").set_index("key")["score"]
        gaps = published.gaps()
        gaps = gaps[gaps["gap"].abs() >= GAP_MIN_PP]
        worked_out = gaps["key"].map(own.to_dict()).astype(float) - gaps["benchmark"]
        assert ((worked_out - gaps["gap"]).abs() < 0.25).all()
