"""What is said about units and roles, below, at and above each border."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dimios_core.instrument import COMPOSITE
from dimios_core.report.figures import Comparison
from dimios_core.report.groups.group_facts import Rate, Unit
from dimios_core.report.groups.rates import MISSING_N, find_response
from dimios_core.report.groups.sides import ROWS_MAX, list_side
from dimios_core.report.pages.internal_comparison.facts import list_sides
from dimios_core.report.pages.internal_comparison.findings import (
    NAMED_N,
    find_changed,
    find_difference_rows,
    find_differences,
    find_heat,
    find_left_out,
    find_pair,
    find_shown,
    find_spread,
    find_view,
    turn,
)
from tests.report.internal_building import contrast, make_groups, make_narrator

C1, C2, A = ("category", "c1"), ("category", "c2"), ("point", "a")
KEYS = [COMPOSITE, C1]


def kinds(findings) -> list[str]:
    return [f.kind.removeprefix("internal_") for f in findings]


# -- do units and roles see the same organisation? -----------------------------------------------------


@pytest.mark.parametrize(
    ("contrasts", "kind"),
    [
        ((contrast(-9.1, "decrease", unit="care", key=C1), contrast(9.0, unit="it")), "units_certain"),
        ((contrast(-9.1, "none", unit="care", key=C1),), "units_chance"),
        ((contrast(-9.1, "unknown", unit="care"), contrast(3.0, "unknown", unit="it")), "units_unknown"),
        ((contrast(-9.1, "unknown", unit="care"), contrast(3.0, "none", unit="it")), "units_chance"),
        ((contrast(None, unit="care"),), "units_hidden"),
        ((), "units_hidden"),
    ],
)
def test_the_view_of_units(contrasts, kind):
    assert kinds([find_view(make_groups(contrasts), "unit_rest", KEYS)]) == [kind]


def test_the_widest_certain_difference_is_told_not_the_widest():
    facts = make_groups(
        (
            contrast(4.0, "increase", unit="it", key=C1),
            contrast(-9.1, "decrease", unit="care", key=C1),
            contrast(30.0, "none", unit="home"),
        )
    )
    finding = find_view(facts, "unit_rest", KEYS)
    sentence = make_narrator(facts).tell(finding)
    assert sentence == (
        "Enheterna ser inte samma organisation: Care ligger säkerställt under resten av organisationen på c1 "
        "(−9,1 procentenheter), en av 2 säkerställda skillnader."
    )


def test_the_widest_that_may_be_chance_is_one_that_could_be_tested():
    facts = make_groups((contrast(30.0, "unknown", unit="care"), contrast(-4.0, "none", unit="it")))
    assert find_view(facts, "unit_rest", KEYS).numbers["widest"].unit == "it"


def test_a_category_comes_before_a_wider_point_and_a_point_before_nothing():
    broad, point = contrast(4.0, "increase", unit="it", key=C1), contrast(20.0, "increase", unit="it", key=A)
    assert find_view(make_groups((broad, point)), "unit_rest", KEYS).numbers["widest"] == broad
    assert find_view(make_groups((point,)), "unit_rest", KEYS).numbers["widest"] == point


def test_without_units_or_roles_that_is_said():
    facts = make_groups(units=(), roles=())
    assert find_view(facts, "unit_rest", KEYS).kind == "internal_units_absent"
    assert find_view(facts, "role_rest", KEYS).kind == "internal_roles_absent"
    assert find_shown(facts, KEYS) == []


def test_levels_without_contrasts_are_told_apart_from_nothing():
    facts = make_groups(scores={(("care", "*"), C1): 50.0})
    assert find_view(facts, "unit_rest", KEYS).kind == "internal_units_alone"
    assert find_shown(facts, KEYS)[0].numbers == {"shown_n": 1, "of_n": 3}


# -- the map and the differences -----------------------------------------------------------------------


def test_the_map_tells_highest_lowest_and_how_many_are_hidden():
    facts = make_groups(scores={(("care", "*"), C1): 70.0, (("it", "*"), COMPOSITE): 40.0})
    groups = [("care", "*"), ("it", "*")]
    found = find_heat(facts, groups, KEYS)
    assert kinds(found) == ["heat", "heat_hidden"]
    assert (found[0].numbers["highest"], found[0].numbers["lowest"]) == (("care", "*"), ("it", "*"))
    assert found[1].numbers == {"hidden_n": 2, "of_n": 4}
    unheard = {p: f._replace(status="no_answers") for p, f in facts.figures.items() if not f.published}
    silent = find_heat(replace(facts, figures={**facts.figures, **unheard}), groups, KEYS)
    assert kinds(silent) == ["heat", "heat_silent"] and silent[1].numbers == {"n": 2, "of_n": 4}
    assert kinds(find_heat(make_groups(), groups, KEYS)) == ["heat_empty"]
    assert kinds(find_heat(facts, groups[:1], [C1])) == []  # one cell is neither highest nor lowest


def test_a_group_is_named_once_with_all_that_it_differs_on():
    facts = make_groups(
        (
            contrast(-9.0, "decrease", unit="care", key=C1),
            contrast(-8.0, "decrease", unit="it"),
            contrast(-7.0, "decrease", unit="care"),
        )
    )
    said = make_narrator(facts, "en").tell(find_differences(facts, "unit_rest")[0])
    assert said == (
        "Clearly below the rest of the organisation: Care on c1 (−9.0) and digital maturity (−7.0); "
        "IT on digital maturity (−8.0)."
    )


@pytest.mark.parametrize(("n", "more"), [(NAMED_N - 1, False), (NAMED_N, False), (NAMED_N + 1, True)])
def test_a_sentence_names_only_some(n, more):
    contrasts = tuple(contrast(5.0 + i, "increase", unit="care", key=C1) for i in range(n))
    above = find_differences(make_groups(contrasts), "unit_rest")[0]
    assert above.kind == "internal_diff_above"
    assert above.numbers["more"] is more
    assert len(above.numbers["differences"]) == min(n, NAMED_N)
    assert above.numbers["differences"][0].comparison.value == 4.0 + n


def test_differences_that_may_be_chance_are_counted_without_the_points():
    facts = make_groups(
        (
            contrast(9.0, "increase", unit="care"),
            contrast(1.0, "none", unit="it"),
            contrast(1.0, "unknown", unit="home"),
            contrast(1.0, "none", unit="it", key=A),
            contrast(None, unit="it", key=C1),
        )
    )
    found = find_differences(facts, "unit_rest")
    assert kinds(found) == ["diff_above", "diff_chance"]
    assert found[1].numbers["n"] == 2


def test_no_difference_at_all():
    assert kinds(find_differences(make_groups(), "unit_rest")) == ["diff_absent"]
    assert kinds(find_differences(make_groups((contrast(1.0, unit="it"),)), "unit_rest")) == ["diff_none"]


def test_rows_tell_the_smallest_difference_that_would_have_shown():
    rows = [contrast(1.0, unit="it", detectable=9.5), contrast(2.0, unit="care", detectable=7.5)]
    assert find_difference_rows(rows, COMPOSITE).numbers == {"detectable": 7.5}
    assert find_difference_rows([contrast(1.0, "unknown", unit="it")], COMPOSITE).kind.endswith("unknown")
    assert find_difference_rows([contrast(None, unit="it")], COMPOSITE).kind.endswith("empty")


# -- change, pairs, spread -----------------------------------------------------------------------------


def test_changes_of_the_groups_asked_for():
    care, it = ("care", "*"), ("it", "*")
    facts = make_groups(changes={(care, C1): (6.0, "increase"), (it, C1): (1.0, "none")})
    assert find_changed(facts, [care, it]).kind == "internal_changed"
    assert find_changed(facts, [it]).kind == "internal_changed_none"
    assert find_changed(facts, [("home", "*")]).kind == "internal_changed_hidden"
    assert find_changed(make_groups(previous=None), [care]).kind == "internal_changed_first"
    sentence = make_narrator(facts, "en").tell(find_changed(facts, [care, it]))
    assert sentence == "Statistically significant change since 2025: Care on c1 (+6.0)."


@pytest.mark.parametrize(
    ("contrasts", "kind"),
    [
        ((contrast(8.0, "increase", role="p", other="t"),), "above"),
        ((contrast(-8.0, "decrease", role="p", other="t"),), "below"),
        # the table holds the pair the other way round
        ((contrast(8.0, "increase", role="t", other="p"),), "below"),
        (
            (
                contrast(8.0, "increase", role="p", other="t"),
                contrast(-8.0, "decrease", role="p", other="t", key=C1),
            ),
            "both",
        ),
        ((contrast(2.0, "none", role="p", other="t"),), "none"),
        ((contrast(2.0, "none", role="p", other="t", key=C1),), "chance"),
        ((contrast(2.0, "unknown", role="p", other="t"),), "unknown"),
        ((contrast(None, role="p", other="t"),), "hidden"),
        ((), "hidden"),
    ],
)
def test_two_roles(contrasts, kind):
    assert find_pair(make_groups(contrasts), "p", "t", COMPOSITE).kind == f"internal_pair_{kind}"


def test_a_comparison_seen_from_the_other_side():
    turned = turn(Comparison("published", 8.0, 6.0, 11.0, "increase", 5.0))
    assert turned == Comparison("published", -8.0, -11.0, -6.0, "decrease", 5.0)
    assert turn(turned) == Comparison("published", 8.0, 6.0, 11.0, "increase", 5.0)
    assert turn(Comparison("suppressed_small")) == Comparison("suppressed_small")


@pytest.mark.parametrize(
    ("units", "roles", "kind"),
    [
        (0.15, 0.10, "units"),
        (0.15, 0.15, "equal"),
        (0.10, 0.15, "roles"),
        (0.0, 0.0, "neither"),
        (0.0, 0.10, "neither"),  # with 90 % between people
        (0.10, 0.10, "neither"),
        (None, 0.05, "only_roles"),
        (0.05, None, "only_units"),
        (None, None, "few"),
    ],
)
def test_what_the_spread_follows(units, roles, kind):
    spread = {"units": units, "roles": roles, "people": 0.75}
    assert find_spread(make_groups(spread=spread)).kind == f"internal_spread_{kind}"


def test_no_spread_at_all():
    assert find_spread(make_groups()).kind == "internal_spread_few"
    hidden = dict.fromkeys(("units", "roles", "people"), None)
    assert find_spread(make_groups(spread=hidden)).kind == "internal_spread_few"


# -- who answered --------------------------------------------------------------------------------------


def rate(answered: int, invited: int) -> Rate:
    share = answered / invited
    limits = ((0.8, "80+"), (0.6, "60-79"), (0.4, "40-59"))
    return Rate("published", invited, answered, share, next((b for low, b in limits if share >= low), "<40"))


def test_the_lowest_rate_is_told_with_those_who_are_missing():
    facts = make_groups(
        rates={("care", "*"): rate(9, 20), ("it", "*"): rate(16, 20), ("home", "*"): Rate("x")}
    )
    found = find_response(facts)
    assert kinds(found) == ["response_units", "response_hidden_units"]
    said = make_narrator(facts).tell(found[0])
    assert (
        said
        == "Bland de enheter som visas är svarsfrekvensen lägst i Care: 45\u00a0%, 11 av 20 har inte svarat."
    )
    assert found[1].numbers == {"hidden_n": 1, "of_n": 2 + 1}


@pytest.mark.parametrize(("low", "said"), [(1, False), (2, True)])
def test_low_bands_are_counted_from_two(low, said):
    units = tuple(Unit(f"u{i}", f"U{i}", "*", 1) for i in range(3))
    rates = {(u.id, "*"): rate(2 if i < low else 8, 10) for i, u in enumerate(units)}
    found = kinds(find_response(make_groups(rates=rates, units=units, roles=())))
    assert ("response_low" in found) is said


def test_rates_that_do_not_add_up_or_are_not_there():
    whole, care = {("*", "*"): rate(9, 10)}, ("care", "*")
    assert kinds(find_response(make_groups())) == ["response_absent"]
    assert kinds(find_response(make_groups(rates=whole | {care: Rate("incomplete")}))) == [
        "response_mismatch"
    ]
    assert kinds(find_response(make_groups(rates=whole | {care: Rate("suppressed_small")}))) == [
        "response_none_units"
    ]
    assert kinds(find_response(make_groups(rates={care: rate(10, 10)}))) == ["response_all"]


def test_units_by_role_name_the_leaves_that_miss_most():
    rates = {(u, r): rate(1, 10 + i) for i, u in enumerate(("care", "home", "it")) for r in ("p", "t")}
    found = find_response(make_groups(rates=rates))
    missing = next(f for f in found if f.kind == "internal_response_crossed").numbers["missing"]
    # care has a unit below it, whose people are its own
    assert [g for g, _ in missing] == [("it", "p"), ("it", "t"), ("home", "p")]
    assert len(missing) == MISSING_N


@pytest.mark.parametrize(
    ("answered", "invited", "text"),
    # 39.5 % would be rounded into the band above; 38.46 % rounds to 38
    [(17, 43, "39,5\u00a0%"), (5, 13, "38\u00a0%"), (2, 5, "40\u00a0%"), (79, 100, "79\u00a0%")],
)
def test_a_rate_is_never_rounded_into_another_band(answered, invited, text):
    assert make_narrator(make_groups()).say_rate(rate(answered, invited)) == text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_has_its_sentence(language):
    """Each finding of this file is told without an error, and ends as a sentence."""
    contrasts = (
        contrast(8.0, "increase", unit="care", key=C1),
        contrast(-8.0, "decrease", unit="it", key=C2),
        contrast(9.0, "increase", unit="it", key=A),
        contrast(1.0, unit="home"),
        contrast(8.0, "increase", role="p"),
        contrast(8.0, "increase", role="p", other="t"),
    )
    rates = {
        ("care", "*"): rate(2, 10),
        ("it", "*"): rate(3, 10),
        ("*", "p"): rate(10, 10),
        ("it", "p"): rate(1, 9),
    }
    facts = make_groups(
        contrasts, {(("care", "*"), C1): 70.0, (("it", "*"), C1): 40.0}, {(("care", "*"), C1): (6.0, "increase")},
        rates, {"units": 0.1, "roles": 0.2, "people": 0.7},
    )  # fmt: skip
    narrator = make_narrator(facts, language)
    found = [find_view(facts, kind, KEYS) for kind in ("unit_rest", "role_rest")]
    found += find_shown(facts, KEYS) + find_heat(facts, facts.unit_groups(), KEYS)
    found += find_differences(facts, "unit_rest") + find_response(facts)
    found += [
        find_pair(facts, "p", "t", COMPOSITE),
        find_spread(facts),
        find_changed(facts, facts.unit_groups()),
    ]
    found += [find_difference_rows(contrasts[:1], C1)]
    for finding in found:
        assert narrator.tell(finding).endswith("."), finding.kind
    assert len({f.kind for f in found}) >= 14


@pytest.mark.parametrize(
    ("units_n", "sides"),
    [
        (ROWS_MAX - 2, ["both", "units", "roles"]),  # with two roles, as many rows as there is room for
        (ROWS_MAX - 1, ["units", "roles"]),
        (ROWS_MAX, ["units", "roles"]),
        (ROWS_MAX + 1, ["top", "units", "roles"]),
        (0, ["roles"]),
    ],
)
def test_large_trees_are_shown_from_the_top(units_n, sides):
    units = tuple(Unit(f"u{i}", f"U{i}", "*" if i < 3 else "u0", 1 if i < 3 else 2) for i in range(units_n))
    facts = make_groups(units=units)
    assert list_sides(facts, both=True) == sides
    assert len(list_side(facts, "top")) == min(3, units_n)
    found = find_left_out(facts, sides[0])
    assert [f.numbers for f in found] == ([{"shown_n": 3, "of_n": units_n}] if sides[0] == "top" else [])
