"""Findings follow from facts; each threshold is tested below, at and above."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dimios_core.report.figures import Position
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE, FEW_N, NAMED_N, is_flagged
from dimios_core.report.narrative import narrate
from dimios_core.report.organisation_facts import find_recommendations
from dimios_core.report.pages.our_result.findings import (
    find_changes,
    find_ends,
    find_headline,
    find_position,
    find_rows,
    find_strengths,
    find_unknowns,
    find_weaknesses,
)
from tests.report.conftest import PLACE, make_facts


@pytest.mark.parametrize(("share", "flagged"), [(0.29, False), (0.30, False), (0.31, True)])
def test_more_than_thirty_percent_dont_know_is_flagged(share, flagged):
    assert DONT_KNOW_FLAG_SHARE == 0.30
    facts = make_facts({"a": (50.0, share)})
    assert is_flagged(facts.figures["point", "a"]) is flagged
    assert find_unknowns(facts).kind == ("talk_flagged" if flagged else "talk_low")


@pytest.mark.parametrize(("n", "few"), [(11, True), (12, False), (13, False)])
def test_fewer_than_twelve_respondents_are_few(n, few):
    assert FEW_N == 12
    kinds = [f.kind for f in find_headline(make_facts(n=n))]
    assert ("few_answers" in kinds) is few


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_at_most_three_points_are_named_and_all_are_counted(n):
    assert NAMED_N == 3
    keys = "abcd"[:n]
    facts = make_facts(
        dict.fromkeys(keys, (50.0, 0.1)), gaps={k: (5.0 + i, "increase") for i, k in enumerate(keys)}
    )
    finding = find_strengths(facts)
    assert finding.kind == "build_certain"
    assert [f.key for f in finding.numbers["points"]] == list(keys[::-1][:3])  # largest gap first
    assert finding.numbers["n"] == n


def test_without_a_certain_gap_the_own_ends_are_named():
    facts = make_facts({"a": (70.0, 0.1), "b": (40.0, 0.1)}, gaps={"a": (5.0, "none"), "b": (-5.0, "none")})
    assert find_strengths(facts).kind == "build_own"
    assert find_strengths(facts).numbers["points"][0].key == "a"
    assert find_weaknesses(facts).numbers["points"][0].key == "b"
    assert find_rows(facts, "point").kind == "rows_none"


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


def test_without_peers_the_own_highest_and_lowest_are_said():
    facts = make_facts({"a": (70.0, 0.1), "b": (40.0, 0.1)}, group=None)
    assert (
        narrate(facts, "sv").tell(find_rows(facts, "point"))
        == "Högst är a (70,0\u00a0%) och lägst b (40,0\u00a0%)."
    )


def ends(third_low: float, fourth_high: float) -> str:
    facts = make_facts({k: (s, 0.1) for k, s in zip("abcdefg", (90, 80, 70, 60, 30, 20, 10), strict=True)})
    figures = dict(facts.figures)
    figures["point", "c"] = replace(figures["point", "c"], low=third_low)
    figures["point", "d"] = replace(figures["point", "d"], high=fourth_high)
    return find_ends(replace(facts, figures=figures))[0].kind


@pytest.mark.parametrize(
    ("low", "kind"), [(64.9, "strongest_shared"), (65.0, "strongest_shared"), (65.1, "strongest_apart")]
)
def test_third_place_is_shared_unless_the_fourth_stays_clear_of_it(low, kind):
    assert ends(low, 65.0) == kind


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


def test_changes_name_what_is_certain_in_both_directions():
    facts = make_facts(
        {"a": (70.0, 0.1), "b": (40.0, 0.1), "c": (50.0, 0.1)},
        changes={"a": (6.0, "increase"), "b": (-7.0, "decrease"), "c": (3.0, "none")},
    )
    said = [narrate(facts, "sv").tell(f) for f in find_changes(facts)]
    assert said == ["Säker ökning sedan 2025: a.", "Säker minskning sedan 2025: b."]


def test_a_first_measurement_has_no_change():
    facts = make_facts(previous=None)
    assert [f.kind for f in find_changes(facts)] == ["change_first"]
    assert "change_first" in [f.kind for f in find_headline(facts)]


@pytest.mark.parametrize(
    ("certainty", "said"),
    [
        ("increase", "Digital mognad har ökat säkert sedan 2025 (+4,0 enheter)."),
        ("decrease", "Digital mognad har minskat säkert sedan 2025 (+4,0 enheter)."),
        ("none", "Ingen säker förändring sedan 2025 (+4,0 enheter; det hade behövts 6,0 för att synas)."),
        (
            "unknown",
            "Förändringen sedan 2025 är +4,0 enheter, men svaren är för få för att säga om den är säker.",
        ),
    ],
)
def test_the_same_finding_gives_the_same_words(certainty, said):
    facts = make_facts(changes={"maturity": (4.0, certainty)})
    narrator = narrate(facts, "sv")
    assert said in narrator.tell_all(find_headline(facts))
