"""Findings of sections follow from facts: each is about what its chart shows, and says nothing of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dimios_core.report.figures import Position
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE, NAMED_N, is_flagged
from dimios_core.report.narrative import narrate
from dimios_core.report.organisation_facts import find_recommendations
from dimios_core.report.pages.our_result.findings import find_changes, find_ends, find_position, find_rows
from tests.report.conftest import PLACE, make_facts


@pytest.mark.parametrize(("share", "flagged"), [(0.29, False), (0.30, False), (0.31, True)])
def test_more_than_thirty_percent_dont_know_is_flagged(share, flagged):
    assert DONT_KNOW_FLAG_SHARE == 0.30
    assert is_flagged(make_facts({"a": (50.0, share)}).figures["point", "a"]) is flagged


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_at_most_three_points_are_named_and_all_are_counted(n):
    assert NAMED_N == 3
    keys = "abcd"[:n]
    facts = make_facts(
        dict.fromkeys(keys, (50.0, 0.1)), gaps={k: (5.0 + i, "increase") for i, k in enumerate(keys)}
    )
    finding = find_rows(facts, "point")
    assert finding.kind == "rows_above"
    assert [f.key for f in finding.numbers["above"]] == list(keys[::-1][:3])  # largest gap first
    assert finding.numbers["above_n"] == n


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("increase", "decrease"), "rows_both"),
        (("increase", "none"), "rows_above"),
        (("none", "decrease"), "rows_below"),
        (("unknown", "unknown"), "rows_none"),
    ],
)
def test_rows_say_what_is_certain(words, kind):
    facts = make_facts(
        {"a": (70.0, 0.1), "b": (40.0, 0.1)}, gaps={"a": (5.0, words[0]), "b": (-5.0, words[1])}
    )
    assert find_rows(facts, "point").kind == kind


def test_without_peers_the_own_highest_and_lowest_are_said_where_all_can_be_seen():
    facts = make_facts({"a": (70.0, 0.1), "b": (40.0, 0.1)}, group=None)
    tell = narrate(facts, "sv").tell
    assert tell(find_rows(facts, "point")) == "Högst är a (70,0\u00a0%) och lägst b (40,0\u00a0%)."
    hidden = facts.figures["point", "b"]._replace(status="suppressed_small", score=None)
    facts = replace(facts, figures=facts.figures | {("point", "b"): hidden})
    assert tell(find_rows(facts, "point")) == "1 av 2 kan visas."


def ends(facts) -> list[tuple[str, list[str], list[str]]]:
    return [
        (f.kind, [p.key for p in f.numbers.get("points", ())], [p.key for p in f.numbers.get("sure", ())])
        for f in find_ends(facts)
    ]


def test_strong_and_weak_are_by_the_difference_to_the_peers():
    points = {k: (s, 0.1) for k, s in zip("abcdefg", (90, 80, 70, 60, 30, 20, 10), strict=True)}
    gaps = {"a": (-9.0, "decrease"), "b": (-1.0, "none"), "c": (0.0, "none"), "e": (2.0, "none"), "f": (3.0, "none"),
            "g": (1.0, "increase")}  # fmt: skip
    assert ends(make_facts(points, gaps)) == [
        ("ends_strong", ["f", "e", "g"], ["g"]),  # the certain one among them, whatever its size
        ("ends_weak", ["a", "b"], ["a"]),
    ]


def test_without_peers_strong_and_weak_are_by_level():
    points = {k: (s, 0.1) for k, s in zip("abcdefg", (90, 80, 70, 60, 30, 20, 10), strict=True)}
    facts = make_facts(points, group=None)
    (found,) = find_ends(facts)
    assert narrate(facts, "sv").tell(found) == "Högst är a, b och c, lägst g, f och e."
    assert (
        find_ends(make_facts({k: points[k] for k in "abcdef"}, group=None)) == []
    )  # six have no two ends of three


def test_nothing_is_called_weak_where_a_category_cannot_be_seen_but_for_what_is_certain():
    points = dict.fromkeys("abcdefg", (50.0, 0.1))
    facts = make_facts(points, {"a": (-9.0, "decrease"), "b": (-8.0, "none"), "c": (7.0, "none")})
    unseen = facts.figures["point", "a"]._replace(level="category", key="c1", status="incomplete", score=None)
    facts = replace(facts, figures=facts.figures | {("category", "c1"): unseen})
    assert ends(facts) == [("ends_hidden", [], []), ("ends_weak", ["a"], ["a"])]


@pytest.mark.parametrize(
    ("placement", "kind"),
    [("A", "position_single"), ("A-B", "position_across_open"), ("C-D", "position_across_open"), ("A-C", "position_upwards_open"),
     ("B-D", "position_upwards_open"), ("unplaced", "position_unplaced")],
)  # fmt: skip
def test_position(placement, kind):
    facts = make_facts(position=replace(PLACE, placement=placement))
    assert [f.kind for f in find_position(facts)] == [kind]
    assert find_recommendations(facts) == ([] if placement == "unplaced" else placement.split("-"))


def test_a_position_that_is_not_published_is_said_to_be_missing():
    facts = make_facts(position=Position("incomplete"))
    assert [f.kind for f in find_position(facts)] == ["position_missing"]


def test_a_border_is_told_by_what_is_known_and_what_is_open():
    facts = make_facts(position=replace(PLACE, placement="C-D"))
    assert narrate(facts, "sv").tell_all(find_position(facts)) == (
        "Ert läge är mellan C och D: high. across ligger så nära gränsen att det inte går att säga om det är limiting eller enabling."
    )
    model = facts.instrument
    plane = model.quadrants.model_copy(
        update={"across_open": {"sv": "Om arvet hjälper eller hindrar går inte att säga."}}
    )
    facts = replace(facts, instrument=model.model_copy(update={"quadrants": plane}))
    assert (
        narrate(facts, "sv")
        .tell_all(find_position(facts))
        .endswith("Om arvet hjälper eller hindrar går inte att säga.")
    )


def test_changes_name_what_is_certain_in_both_directions():
    facts = make_facts(
        {"a": (70.0, 0.1), "b": (40.0, 0.1), "c": (50.0, 0.1)},
        changes={"a": (6.0, "increase"), "b": (-7.0, "decrease"), "c": (3.0, "none")},
    )
    points = [("point", k) for k in "abc"]
    said = [narrate(facts, "sv").tell(f) for f in find_changes(facts, points)]
    assert said == ["Säkerställd ökning sedan 2025: a.", "Säkerställd minskning sedan 2025: b."]


def test_a_conclusion_is_about_what_is_shown():
    facts = make_facts({"a": (70.0, 0.1)}, changes={"a": (6.0, "increase"), "maturity": (3.0, "none")})
    (found,) = find_changes(facts, [("maturity", "maturity")])
    told = narrate(facts, "sv").tell(found)
    assert told == "Av det som visas här har inget förändrats säkerställt sedan 2025."


def test_a_first_measurement_has_no_change():
    facts = make_facts(previous=None)
    assert [f.kind for f in find_changes(facts, [("point", "a")])] == ["change_first"]
