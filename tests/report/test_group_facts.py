"""Facts of units and roles: the tree's order, what counts as shown, and nothing that is not published."""

from __future__ import annotations

from html import unescape

import pytest

from dimios_core.instrument import COMPOSITE
from dimios_core.published.store import list_organisations, load_results
from dimios_core.report import InternalComparison
from dimios_core.report.groups.group_facts import Rate, gather_groups, list_units

REGISTERED = [
    {"id": "care", "name": "Care", "parent": ""},
    {"id": "home", "name": "Home", "parent": "care"},
    {"id": "it", "name": "IT", "parent": ""},
    {"id": "night", "name": "Night", "parent": "home"},
]


def test_units_come_in_the_trees_order_with_own_people_first():
    found = list_units(REGISTERED, {"care", "home", "it", "night", "care.direct", ".direct"})
    assert [(u.id, u.parent, u.depth, u.direct) for u in found] == [
        (".direct", "*", 1, True),
        ("care", "*", 1, False),
        ("care.direct", "care", 2, True),
        ("home", "care", 2, False),
        ("night", "home", 3, False),
        ("it", "*", 1, False),
    ]


def test_own_people_without_answers_are_not_listed():
    assert [u.id for u in list_units(REGISTERED, {"care"})] == ["care", "home", "night", "it"]


def test_a_rate_that_is_not_published_has_nobody_missing():
    assert Rate("suppressed_small").silent == 0
    assert Rate("published", 13, 5, 5 / 13, "<40").silent == 8


@pytest.fixture(scope="module")
def all_groups(demo_outputs):
    results = demo_outputs / "results"
    return {
        o: (r := load_results(o, results), gather_groups(r, r.profile["periods"][-1]))
        for o in list_organisations(results)
    }


def test_a_figure_that_is_not_published_carries_no_number(all_groups):
    for _, facts in all_groups.values():
        for figure in facts.figures.values():
            assert (figure.score is None) == (figure.status != "published")
        for contrast in facts.contrasts:
            assert (contrast.comparison.value is None) == (contrast.comparison.status != "published")
        for rate in facts.rates.values():
            assert (rate.share is None) == (rate.status != "published")


def test_every_registered_unit_is_there_once_and_after_its_parent(all_groups):
    for results, facts in all_groups.values():
        ids = [u.id for u in facts.units]
        assert len(ids) == len(set(ids))
        asked = {u["id"] for u in results.profile["units"] if u["name"] not in facts.unasked}
        assert asked <= set(ids)
        for unit in facts.units:
            assert unit.parent == "*" or ids.index(unit.parent) < ids.index(unit.id)


def test_roles_come_in_the_models_order(all_groups):
    for results, facts in all_groups.values():
        order = [*(r.id for r in results.instrument.roles), "unknown"]
        assert list(facts.roles) == sorted(facts.roles, key=order.index)


def test_the_figures_are_those_of_the_files(all_groups):
    results, facts = all_groups["almvik"]
    rows = results.scores
    rows = rows[(rows["period"] == facts.period) & (rows["level"] == "maturity") & (rows["role"] == "*")]
    assert len(rows) > 3
    for row in rows.itertuples():
        figure = facts.figure((row.unit, "*"), COMPOSITE)
        assert figure.status == row.status
        if row.status == "published":
            assert (figure.score, figure.low, figure.high) == (row.score, row.ci_low, row.ci_high)


@pytest.mark.parametrize(
    ("period", "unasked"),
    [
        ("2023", {"Miljö- och byggförvaltningen", "Kultur- och folkhälsoförvaltningen"}),
        ("2025", {"Miljöförvaltningen", "Samhällsbyggnadsförvaltningen", "Kultur- och folkhälsoförvaltningen"}),
        ("2026", {"Miljöförvaltningen", "Samhällsbyggnadsförvaltningen", "Kultur- och fritidsförvaltningen"}),
    ],
)  # fmt: skip
def test_units_that_are_gone_or_not_there_yet_are_left_out_of_a_period(demo_outputs, period, unasked):
    """Who was merged and renamed, and when, stands in parameters/demo/consortium.yaml."""
    results = load_results("hjortvalla", demo_outputs / "results")
    facts = gather_groups(results, period)
    assert set(facts.unasked) == unasked
    ids = {u["id"] for u in results.profile["units"] if u["name"] in unasked}
    assert ids and not ids & {u.id for u in facts.units}
    told = [unit for (unit, _), _ in facts.figures] + [unit for unit, _ in facts.rates]
    assert not ids & {*told, *(unit for (unit, _), _ in facts.changes), *(c.unit for c in facts.contrasts)}


@pytest.mark.parametrize(("language", "said"), [("sv", "Ingen tillfrågades den här gången i"), ("en", "Nobody was asked this time in")])  # fmt: skip
def test_the_page_names_them_once_and_shows_nothing_of_them(demo_outputs, language, said):
    page = InternalComparison.open("hjortvalla", "2026", language, str(demo_outputs / "results"))
    opening = unescape(page.overview().html)
    assert opening.count("Miljöförvaltningen") == 1
    assert said in opening
    assert all(
        "Miljöförvaltningen" not in unescape(piece.html) for piece in (page.heat_map(), page.response_rates())
    )
    other = InternalComparison.open("klintnas", "2026", language, str(demo_outputs / "results"))
    assert said not in unescape(other.overview().html)
