"""The county report: findings at their thresholds, charts, and nobody named who did not choose to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dimios_core.errors import InputError
from dimios_core.report import CountyReport
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, Member, MemberFigure
from dimios_core.report.pages.county_report.findings import (
    compare_member,
    find_apart,
    find_county_years,
    find_member_changes,
    find_sharing,
)
from dimios_core.report.pages.county_report.lacks import find_lacks, list_lacks
from dimios_core.report.sector.messages import judge_own, own_change
from dimios_core.report.sector.sector_facts import GroupChange, GroupLevel, SectorFacts
from dimios_core.responses.store import ResponseStore
from tests.building import make_instrument
from tests.report.charting import check_chart

MATURITY = ("maturity", "maturity")
POINTS = "abcdefgh"
INSTRUMENT = make_instrument(dict.fromkeys(POINTS, "c1"), {"c1": "across", "c2": "up"}, quadrants=True)


def level(key: str, mean: float, half: float = 2.0, kind: str = "point", n: int = 8) -> GroupLevel:
    own = half / 2
    return GroupLevel(kind, key, "published", n, None, mean, mean - half, mean + half, mean - own, mean + own)


def group(name: str, points: dict[str, float], mean: float = 50.0, n: int = 8) -> SectorFacts:
    figures = {MATURITY: level("maturity", mean, kind="maturity", n=n)}
    figures |= {("point", k): level(k, m, n=n) for k, m in points.items()}
    return SectorFacts(name, "2026", INSTRUMENT, None, figures, {})


def member(
    name: str, maturity: float, points: dict[str, tuple[float, float, float]] | None = None, **more
) -> Member:
    figures = {MATURITY: MemberFigure("maturity", "maturity", maturity, maturity - 3, maturity + 3, **more)}
    figures |= {("point", k): MemberFigure("point", k, *v) for k, v in (points or {}).items()}
    return Member(name.lower(), name, figures)


def county(
    *members: Member,
    points: dict[str, float] | None = None,
    country: dict[str, float] | None = None,
    n: int = 8,
) -> CountyFacts:
    own = points or dict.fromkeys(POINTS, 50.0)
    return CountyFacts(
        "14", group("county:14", own, n=n), group("all", country or dict.fromkeys(own, 60.0), n=60), members
    )


def tell(finding, language: str = "sv") -> str:
    return Narrator(INSTRUMENT, language, 5).tell(finding)


# -- findings at their thresholds --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "sign"), [(52.1, 58, 1), (52.0, 58, 0), (40, 48.0, 0), (40, 47.9, -1), (40, 60, 0)]
)
def test_a_member_lies_apart_where_the_intervals_do_not_meet(low, high, sign):
    one = Member("x", "X", {("point", "a"): MemberFigure("point", "a", (low + high) / 2, low, high)})
    assert compare_member(one, ("point", "a"), 48.0, 52.0) == sign
    assert compare_member(one, ("point", "b"), 48.0, 52.0) == 0


def test_members_above_and_below_are_named():
    found = find_apart(county(member("Ö", 60), member("M", 50), member("N", 40)), MATURITY)
    assert (found.kind, found.numbers["above"], found.numbers["below"]) == ("county_apart_both", ["Ö"], ["N"])
    assert find_apart(county(member("M", 50)), MATURITY).kind == "county_apart_none"
    assert find_apart(county(), MATURITY).kind == "county_apart_empty"


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(0.1, 2, "increase"), (0.0, 2, "none"), (-2, 0.0, "none"), (-2, -0.1, "decrease")],
)
def test_the_groups_change_follows_its_own_interval(low, high, word):
    change = GroupChange(
        "maturity", "maturity", "2025", "published", 7, 50, 51, (low + high) / 2, -9, 9, low, high, "none"
    )
    assert judge_own(change) == word
    assert own_change(change).certainty == word
    of_many = replace(change, level="category", key="c1")
    assert own_change(of_many).certainty == "none"  # the adjusted word is "none"
    adjusted = replace(of_many, certainty=word)
    assert own_change(adjusted).certainty == word
    assert not own_change(replace(change, status="suppressed_small")).published


def test_how_many_share_is_told_and_never_who_does_not():
    two = (member("A", 50), member("B", 50))
    assert (
        tell(find_sharing(county(*two)))
        == "2 av 8 visas med namn. 6 visas inte var för sig, men ingår i medelvärdet."
    )
    assert find_sharing(county(*two, n=2)).kind == "county_sharing_all"
    assert tell(find_sharing(county())) == "Ingen visas med namn, så bara medelvärdet för de 8 kan visas."


def test_a_lack_needs_half_of_those_shown_and_at_least_two():
    weak, fine = (55.0, 52.0, 57.9), (55.0, 52.0, 58.0)  # the country's interval begins at 58
    three = [
        member("A", 50, {"a": weak, "b": weak}),
        member("B", 50, {"a": weak, "b": fine}),
        member("C", 50, {"a": fine, "b": fine}),
    ]
    (lack,) = list_lacks(county(*three))
    assert (lack.point.key, [m.name for m in lack.below], lack.low, lack.shown_n) == ("a", ["A", "B"], (), 3)
    assert list_lacks(county(three[0])) == []
    five = [*three, member("D", 50, {"a": fine}), member("E", 50, {"a": fine})]
    assert list_lacks(county(*five)) == []  # two of five are not half


def test_a_low_level_counts_as_a_lack_also_where_the_whole_country_is_low():
    low, border = (45.0, 40.0, 49.9), (45.0, 40.0, 50.0)  # the model's border is 50
    facts = county(
        member("A", 50, {"a": low}),
        member("B", 50, {"a": low}),
        member("C", 50, {"a": border}),
        country=dict.fromkeys(POINTS, 41.0),
    )
    (lack,) = list_lacks(facts)
    assert ([m.name for m in lack.low], lack.below) == (["A", "B"], ())
    assert tell(find_lacks(facts, [lack])).startswith(
        "På 1 mätpunkt är minst 2 av de 3 som visas säkerställt svaga: a (2 organisationer)."
    )
    assert find_lacks(county(member("A", 50)), []).kind == "county_lacks_few"
    assert find_lacks(facts, []).kind == "county_lacks_none"


def test_members_changes_are_those_of_their_own_reports():
    up = member("A", 50, period_from="2025", change=3.0, certainty="increase")
    same = member("B", 50, period_from="2025", change=4.0, certainty="none")
    new = member("C", 50)
    (found,) = find_member_changes(county(up, same, new), MATURITY)
    assert (
        tell(found) == "Av de 2 som visas i båda mätningarna har 1 ökat säkerställt sedan mätningen före: A."
    )
    assert find_member_changes(county(same), MATURITY)[0].kind == "county_moved_none"
    assert find_member_changes(county(new), MATURITY) == []


def test_one_year_is_no_development():
    one = CountyHistory(MATURITY, {"2026": level("maturity", 50, kind="maturity")}, {}, {})
    assert [f.kind for f in find_county_years(one, "2026")] == ["county_years_one"]
    hidden = {"2025": GroupLevel("maturity", "maturity", "suppressed_small"), **one.years}
    assert [f.kind for f in find_county_years(CountyHistory(MATURITY, hidden, {}, {}), "2026")] == [
        "county_years_one"
    ]


# -- the demo ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(demo_outputs) -> str:
    return str(demo_outputs / "results")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("code", ["14", "24"])
def test_every_chart_has_its_name_conclusion_and_table(results, code, language):
    charts = CountyReport.open(code, "2026", language, results).charts
    assert {"members", "against_category", "against_point", "heat", "history"} <= set(charts)
    for chart in charts.values():
        check_chart(chart)


def test_the_marks_lie_at_the_published_figures(results):
    report = CountyReport.open("14", "2026", "sv", results)
    named = report.results.named.query("period == '2026' and county == '14' and level == 'maturity'")
    assert len(named) > 1
    own = report.results.group_levels.query(
        "period == '2026' and group == 'county:14' and level == 'maturity'"
    )
    for form in (report.charts["members"].wide, report.charts["members"].narrow):
        assert sorted(form["data"][-1]["x"]) == sorted([*named["score"], *own["mean"]])
        assert {(s["x0"], s["x1"]) for s in form["layout"]["shapes"]} == {
            *zip(named["low"], named["high"], strict=True), *zip(own["own_low"], own["own_high"], strict=True),
        }  # fmt: skip


def test_nobody_is_named_who_is_not_published_by_name(results, demo_outputs):
    register = ResponseStore(demo_outputs).register().organisations
    for code in ("14", "24"):
        report = CountyReport.open(code, "2026", "sv", results)
        shown = {m.name for m in report.facts.members}
        others = set(register["name"]) - shown
        pieces = (
            report.opening(),
            report.against(),
            report.heat(),
            report.members(),
            report.lacks(),
            report.done(),
            report.over_years(),
            report.how_to_read(),
        )
        html = "".join(p.html for p in pieces)
        assert all(name in html for name in shown)
        assert [name for name in others if name in html] == []
        # whom to ask may be of other counties, and is always one that all may see by name
        asked = report.teaching().html
        visible = set(report.results.named.query("period == '2026' and id != ''")["name"])
        assert [name for name in set(register["name"]) - visible if name in asked] == []


def test_the_table_holds_what_single_organisations_show(results):
    report = CountyReport.open("14", "2026", "sv", results)
    table = report.charts["against_point"].table
    named = report.results.named.query("period == '2026' and county == '14' and level == 'point'").dropna(
        subset="score"
    )
    assert len(named) > 26
    for r in named.itertuples():
        assert f"{r.name} {r.score:.1f}".replace(".", ",") in table


def test_a_county_that_is_not_shown_is_told_with_those_that_are(results):
    with pytest.raises(InputError, match=r"14 \(Västra Götalands län\)"):
        CountyReport.open("08", "2026", "sv", results)
