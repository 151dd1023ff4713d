"""The national report: findings at their thresholds, charts where the published figures say."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import COMPOSITE
from dimios_core.report import NationalStatus
from dimios_core.report.figures import Bin
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.national_status.facts import Coverage, SpreadPart
from dimios_core.report.pages.national_status.findings import (
    find_lagging,
    find_largest_county,
    find_moves,
    find_panel,
    find_participation,
    find_sector_level,
    find_spread,
    find_target,
    find_types,
    find_unknown_points,
)
from dimios_core.report.reference import Reference, Target, read_reference
from dimios_core.report.sector.sector_facts import GroupChange, GroupLevel, SectorFacts
from tests.building import make_instrument
from tests.report.charting import check_chart

TARGET = Target(2021, 48.0, 2023, 55.0, {"sv": "k", "en": "s"})


def level(key: str, mean: float, low: float, high: float, kind: str = "point", **more) -> GroupLevel:
    return GroupLevel(kind, key, "published", 59, None, mean, low, high, low + 1, high - 1, **more)


def change(key: str, value: float, certainty: str, kind: str = "point", **more) -> GroupChange:
    return GroupChange(
        kind, key, "2025", "published", 50, 50.0, 50.0 + value, value, value - 1, value + 1, value - 0.5, value + 0.5,
        certainty, **more,
    )  # fmt: skip


def make_sector(
    *levels: GroupLevel, changes: tuple[GroupChange, ...] = (), group: str = "all", status: str = "published"
) -> SectorFacts:
    instrument = make_instrument(dict.fromkeys("abcd", "c1"), {"c1": "across", "c2": "up"})
    whole = (
        level("maturity", 54.0, 52.0, 56.0, "maturity")
        if status == "published"
        else GroupLevel("maturity", "maturity", status)
    )
    figures = {(f.level, f.key): f for f in (whole, *levels)}
    return SectorFacts(
        group,
        "2026",
        instrument,
        "2025" if changes else None,
        figures,
        {(c.level, c.key): c for c in changes},
    )


def tell(finding, language: str = "sv") -> str:
    return Narrator(make_sector().instrument, language, 5).tell(finding)


# -- findings at their thresholds --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        (54.9, 58.0, "open"),
        (55.0, 58.0, "met"),
        (52.0, 54.9, "below"),
        (52.0, 55.0, "open"),
        (55.1, 58.0, "met"),
    ],
)
def test_a_target_is_met_where_the_whole_interval_reaches_it(low, high, kind):
    facts = make_sector()
    facts.levels["maturity", "maturity"] = level("maturity", (low + high) / 2, low, high, "maturity")
    found = find_target(facts, Reference(targets=(TARGET,)))
    assert found is not None
    assert found.kind == f"sector_target_{kind}"


def test_the_latest_target_is_the_last_one_due_else_the_next_to_come():
    later = Target(2023, 55.0, 2027, 60.0, {})
    reference = Reference(targets=(TARGET, later))
    assert [reference.target_of(p) for p in ("2022", "2023", "2026-1", "2027")] == [
        TARGET,
        TARGET,
        TARGET,
        later,
    ]
    assert Reference().target_of("2026") is None
    assert find_target(make_sector(), Reference()) is None


def test_reference_lines_are_sorted_by_year():
    read = read_reference(
        {"lines": [{"year": 2021, "score": 51, "source": {}}, {"year": 2019, "score": 41, "source": {}}]}
    )
    assert [(r.year, r.score) for r in read.lines] == [(2019, 41.0), (2021, 51.0)]


def test_a_point_lags_where_its_interval_ends_below_that_of_maturity():
    facts = make_sector(
        level("a", 50, 48, 51.9), level("b", 50, 48, 52.0), level("c", 40, 38, 42), level("d", 60, 58, 62)
    )
    found = find_lagging(facts)
    assert [p.key for p in found.numbers["points"]] == ["c", "a"]
    assert (found.numbers["n"], found.numbers["of_n"]) == (2, 4)
    assert find_lagging(make_sector(level("b", 50, 48, 52.0))).kind == "sector_lag_none"


def test_only_certain_changes_are_told_largest_first():
    points = [level(k, 50, 48, 52) for k in "abc"]
    moved = (change("a", 1.0, "increase"), change("b", 3.0, "increase"), change("c", -4.0, "none"))
    (found,) = find_moves(make_sector(*points, changes=moved), "point")
    assert found.kind == "sector_rose"
    assert [c.key for c in found.numbers["points"]] == ["b", "a"]
    assert tell(found) == "Säkerställd ökning sedan 2025 för 2 av 3 mätpunkter: b och a."
    (none,) = find_moves(make_sector(*points, changes=(change("a", 9.0, "unknown"),)), "point")
    assert tell(none) == "Ingen mätpunkt har förändrats säkerställt sedan 2025."
    assert find_moves(make_sector(*points), "point")[0].kind == "sector_change_first"


def test_what_is_not_published_is_said_and_carries_no_number():
    hidden = GroupChange("maturity", "maturity", "2025", "suppressed_small")
    facts = make_sector(changes=(hidden,))
    assert find_panel(facts)[0].kind == "sector_change_hidden"
    assert find_sector_level(make_sector(status="suppressed_complement"))[0].kind == "sector_level_complement"
    assert find_sector_level(make_sector(status="suppressed_small"))[0].kind == "sector_level_small"


def test_newcomers_are_counted_beside_the_plain_means():
    panel = change("maturity", 1.2, "none", "maturity", plain_from=49.0, plain=54.0)
    same, plain = find_panel(make_sector(changes=(panel,)))
    assert same.numbers["n"] == 50
    assert plain.numbers["others"] == 9  # 59 that took part less the 50 of both years
    assert "9 som deltog 2026" in tell(plain)


def test_types_lie_apart_only_where_their_intervals_do_not_meet():
    def of_type(group: str, low: float, high: float, status: str = "published") -> SectorFacts:
        facts = make_sector(group=group, status=status)
        if status == "published":
            facts.levels["maturity", "maturity"] = level("maturity", (low + high) / 2, low, high, "maturity")
        return facts

    apart = [of_type("type:municipality", 55, 57), of_type("type:agency", 50, 54.9)]
    meeting = [of_type("type:municipality", 55, 57), of_type("type:agency", 50, 55.0)]
    assert find_types(apart, COMPOSITE)[0].kind == "sector_types_apart"
    assert find_types(meeting, COMPOSITE)[0].kind == "sector_types_alike"
    assert "kommuner högst (56,0\u00a0%) och myndigheter lägst (52,5\u00a0%)" in tell(
        find_types(meeting, COMPOSITE)[0]
    )
    same = [of_type("type:municipality", 52, 57), of_type("type:agency", 52.02, 57)]  # 54.5 and 54.51
    assert tell(find_types(same, COMPOSITE)[0]) == "Typerna som visas ligger alla på 54,5\u00a0%."
    hidden = [
        *apart,
        of_type("type:region", 0, 0, "suppressed_complement"),
        of_type("type:company", 0, 0, "suppressed_small"),
    ]
    words = [tell(f) for f in find_types(hidden, COMPOSITE)]
    assert words[1:] == [
        "Bolag visas inte för sig: de är för få.",
        "Regioner visas inte för sig: då skulle andras resultat kunna räknas ut.",
    ]


@pytest.mark.parametrize(
    ("share", "kind"), [(0.29, "sector_unknown_low"), (0.30, "sector_unknown_low"), (0.31, "sector_unknown")]
)
def test_more_than_thirty_percent_dont_know_is_worth_telling(share, kind):
    facts = make_sector(
        level("a", 50, 48, 52, dont_know_share=share), level("b", 50, 48, 52, dont_know_share=0.1)
    )
    assert find_unknown_points(facts).kind == kind


def test_spread_says_where_most_of_it_lies_with_what_is_known():
    parts = [SpreadPart("organisations", 0.14, 0.1, 0.17, 59), SpreadPart("people", 0.86, 0.8, 0.9, 59)]
    words = [tell(f) for f in find_spread(parts, [Bin(0, 50, 12), Bin(50, 100, 40)], 5.2)]
    assert words[0].startswith(
        "Av spridningen i svaren ligger 14\u00a0% mellan organisationer och 86\u00a0% mellan personer i samma enhet. "
    )
    assert (
        words[1]
        == "40 av 52 organisationer ligger mellan 50 och 100\u00a0%. Standardavvikelsen mellan organisationer är 5,2 procentenheter."
    )
    assert [f.kind for f in find_spread([], [], None)] == ["sector_spread_none"]


def test_participation_tells_only_what_is_known():
    bare = Coverage("all", "*", 60, None, None, None, None, None)
    assert [f.kind for f in find_participation([bare])] == ["sector_participation"]
    types = [Coverage("type", "municipality", 40, 290, None, None, None, None), Coverage("type", "region", 6, 21, None, None, None, None),
             Coverage("type", "company", 4, None, None, None, None, None)]  # fmt: skip
    words = [tell(f) for f in find_participation([bare, *types])]
    assert words[-1] == "Andelen som deltar är störst bland regioner: 6 av 21."
    counties = [
        Coverage("county_municipalities", "14", 9, 49, None, None, None, None),
        Coverage("county_municipalities", "24", 6, 15, None, None, None, None),
        Coverage("county", "01", 10, None, None, None, None, None),
    ]
    (largest,) = find_largest_county(counties, {"24": "Västerbottens län"})
    assert tell(largest) == "Störst del av kommunerna deltar i Västerbottens län: 6 av 15."
    assert find_largest_county([bare], {}) == []
    assert [f.kind for f in find_participation([])] == ["sector_participation_unknown"]


# -- the demo ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(demo_outputs) -> str:
    return str(demo_outputs / "results")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_chart_has_its_name_conclusion_and_table(results, language):
    charts = NationalStatus.open("2026", language, results).charts
    assert set(charts) == {
        "development", "types", "categories", "points", "panel", "spread", "distribution", "dont_know", "types_part",
        "counties_part",
    }  # fmt: skip
    for chart in charts.values():
        check_chart(chart)


def test_the_marks_lie_at_the_published_figures(results):
    report = NationalStatus.open("2026", "sv", results)
    table = report.results.group_levels.query("period == '2026' and group == 'all' and level == 'point'")
    for form in (report.charts["points"].wide, report.charts["points"].narrow):
        assert sorted(form["data"][-1]["x"]) == sorted(table["mean"])
        bands = {(s["x0"], s["x1"]) for s in form["layout"]["shapes"]}
        assert bands == set(zip(table["ci_low"], table["ci_high"], strict=True))
    years = report.charts["development"].wide
    diamonds = next(t for t in years["data"] if t["mode"] == "markers" and t["marker"]["symbol"] == "diamond")
    assert list(zip(diamonds["x"], diamonds["y"], strict=True)) == [(2019, 41), (2020, 47), (2021, 51)]
    dashed = [s for s in years["layout"]["shapes"] if s.get("line", {}).get("dash")]
    assert [(s["x0"], s["y0"], s["x1"], s["y1"]) for s in dashed] == [(2021, 48, 2023, 55)]


def test_types_that_are_not_shown_say_why_in_their_place(results):
    report = NationalStatus.open("2026", "sv", results)
    hidden = [t for t in report.types if not t.lead.published]
    assert hidden
    texts = [a["text"] for a in report.charts["types"].wide["layout"]["annotations"]]
    assert sum("visas inte" in t for t in texts) == len(hidden)


@pytest.mark.parametrize(("demo", "word", "said"), [(True, "demodata", True), (False, "mätningar", False)])
def test_demo_data_are_told_from_real_published_figures(results, demo, word, said):
    report = NationalStatus.open("2026", "sv", results)
    if not demo:
        report.results.stamp["demo"] = None  # as results of real answers are stamped
    chart = report.charts["development"]
    assert word in [a["text"] for a in chart.wide["layout"]["annotations"]]
    assert ("är demodata och påhittade" in chart.conclusion) is said
    assert ("demodata" in report.development().html.lower()) is said


def test_other_groups_carry_no_published_figures_and_no_target(results):
    report = NationalStatus.open("2026", "sv", results)
    chart = report.development_chart("type:municipality")
    assert "2019" not in chart.table
    assert "mål" not in chart.conclusion


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_missing_leaves_a_whole_page(results, tmp_path, language):
    """One period, and none of the optional tables."""
    bare = tmp_path / "results"
    shutil.copytree(results, bare, ignore=shutil.ignore_patterns("organisation=*"))
    kept = ("instrument.json", "benchmarks.parquet", "group_levels.parquet")
    for path in (bare / "public").iterdir():
        if path.name not in kept:
            path.unlink()
    for name in kept[1:]:
        frame = pd.read_parquet(bare / "public" / name)
        frame[frame["period"].astype(str) == "2026"].to_parquet(bare / "public" / name)
    report = NationalStatus.open("2026", language, str(bare))
    pieces = (
        report.opening(), report.development(), report.by_type(), report.categories(), report.follows(),
        report.same_organisations(), report.spread(), report.dont_know(), report.participation(), report.method(),
    )  # fmt: skip
    assert all(
        "None" not in p.html and "nan" not in re.sub(r"[a-zåäö]nan|nan[a-zåäö]", "", p.html) for p in pieces
    )
    assert set(report.charts) == {"development", "types", "categories", "points", "dont_know"}
    for chart in report.charts.values():
        check_chart(chart)


def test_an_unknown_period_and_language_are_told_at_once(results):
    with pytest.raises(InputError) as raised:
        NationalStatus.open("1999", "fi", results)
    assert len(raised.value.problems) == 2
