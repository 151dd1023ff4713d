"""Where an interval lies among quartiles, below, at and above each border; who is most like one's own."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dimios_core.instrument import COMPOSITE
from dimios_core.published.store import PublishedResults
from dimios_core.published.writing import write_json, write_parquet
from dimios_core.report.charts.placing import place_labels
from dimios_core.report.charts.strip import Box, Dot, OwnFigure, Spread, StripWords, draw_strip
from dimios_core.report.figures import Comparison, Figure, PeerGroupFact
from dimios_core.report.narrative import narrate
from dimios_core.report.pages.everyones_result.facts import (
    GroupFigure,
    OtherOrganisation,
    gather_others,
    list_own_groups,
)
from dimios_core.report.pages.everyones_result.findings import (
    find_counties,
    find_groups,
    find_place,
    find_places,
    find_similar,
    tell_place,
)
from dimios_core.report.pages.everyones_result.similar import list_similar, measure_distance
from dimios_core.report.pages.everyones_result.tables import name_others
from tests.report.conftest import make_facts

ALL = PeerGroupFact("all", "all", 40)
QUARTERS = GroupFigure(ALL, "point", "a", "published", 50.0, 49.0, 51.0, 45.0, 50.0, 55.0)


def figure(low: float, high: float, n: int = 30, key: str = "a") -> Figure:
    return Figure("point", key, "published", (low + high) / 2, low, high, "", n, 1, 0.0)


@pytest.mark.parametrize(
    ("low", "high", "place"),
    [
        (55.1, 60.0, "above_q3"),
        (55.0, 60.0, "above_median"),  # touches the quartile
        (50.1, 60.0, "above_median"),
        (50.0, 60.0, "open_high"),  # touches the median
        (45.0, 60.0, "open_high"),
        (44.9, 60.0, "open"),
        (44.9, 55.0, "open_low"),
        (40.0, 50.0, "open_low"),
        (40.0, 49.9, "below_median"),
        (40.0, 45.0, "below_median"),
        (40.0, 44.9, "below_q1"),
        (45.0, 55.0, "middle"),
        (45.0, 55.1, "open_high"),
        (51.0, 54.0, "middle"),
    ],
)
def test_the_place_is_what_the_whole_interval_bears(low, high, place):
    assert find_place(figure(low, high), QUARTERS) == place


@pytest.mark.parametrize(("n", "place"), [(7, "few"), (8, "above_q3")])
def test_fewer_than_eight_make_no_claim(n, place):
    assert find_place(figure(56, 60, n), QUARTERS) == place


def test_what_is_not_published_has_no_place():
    hidden = Figure("point", "a", "suppressed_small")
    assert find_place(hidden, QUARTERS) == "own_missing"
    assert [f.kind for f in tell_place(hidden, QUARTERS)] == ["level_suppressed_small", "everyones_spread"]
    small = replace(QUARTERS, q1=None, median=None, q3=None)
    assert find_place(figure(56, 60), small) == "no_spread"
    assert find_place(figure(56, 60), None) == "no_spread"
    assert [f.kind for f in tell_place(hidden, small)] == ["level_suppressed_small"]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("low", "high"), [(56, 60), (51, 60), (46, 60), (40, 60), (40, 54), (40, 49), (40, 44), (46, 54)]
)
def test_no_sentence_holds_a_rank(language, low, high):
    words = narrate(make_facts(), language).tell_all(tell_place(figure(low, high), QUARTERS))
    assert words.endswith(".")
    for forbidden in ("plats ", "bäst", "sämst", "rank", "best", "worst", "place "):
        assert forbidden not in words.lower()


def test_places_of_a_level_are_told_with_halves():
    facts = make_facts(dict.fromkeys("abcd", (50.0, 0.0)))
    figures = [
        figure(56, 60, key="a"),
        figure(51, 60, key="b"),
        figure(40, 60, key="c"),
        figure(40, 44, key="d"),
    ]
    found = find_places(figures, {k: replace(QUARTERS, key=k) for k in "abcd"})
    assert [f.kind for f in found] == ["everyones_places_both", "everyones_places_halves"]
    assert narrate(facts, "sv").tell_all(found) == (
        "Bland alla organisationer ligger ni med hela intervallet i den övre fjärdedelen på 1 av 4 mätpunkter (a) och i den "
        "nedre på 1 (d). B ligger med hela intervallet i den övre halvan."
    )
    assert [f.kind for f in find_places(figures, {})] == ["everyones_places_empty"]
    few = [figure(56, 60, 7)]
    assert [f.kind for f in find_places(few, {"a": QUARTERS})] == ["everyones_places_few"]


def group(name: str, certainty: str | None, mean: float | None = 50.0) -> GroupFigure:
    gap = None if certainty is None else Comparison("published", 3.0, 1.0, 5.0, certainty, 4.0, 50.0)
    status = "published" if mean is not None else "suppressed_small"
    return GroupFigure(
        PeerGroupFact(name, name.partition(":")[0], 20), "maturity", "maturity", status, mean, gap=gap
    )


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            [group("all", "increase"), group("type:municipality", "none")],
            "Ni ligger säkerställt över andra organisationer. Övriga skillnader är inte säkerställda.",
        ),
        (
            [group("all", "decrease"), group("size:small", "increase")],
            "Ni ligger säkerställt över andra små organisationer och säkerställt under andra organisationer.",
        ),
        (
            [group("all", "none"), group("size:small", "none")],
            "Ingen av skillnaderna mot de 2 grupper ni hör till är säkerställd.",
        ),
        ([group("all", "none")], "Skillnaden mot den grupp ni hör till är inte säkerställd."),
        (
            [group("all", "unknown")],
            "Era svar är för få (färre än 8) för att säga om ni skiljer er från någon grupp.",
        ),
        (
            [group("type:region", None)],
            "Er nivå kan inte jämföras med grupperna, för den visas inte eller är inte komplett. Gruppernas egna medelvärden visas ändå.",
        ),
    ],
)
def test_groups_are_told_by_certainty(figures, words):
    assert narrate(make_facts(), "sv").tell(find_groups(figures)) == words


def test_counties_left_out_are_counted_and_ones_own_is_told():
    figures = [group("county:05", None, 48.0), group("county:14", None, 52.0), group("county:20", None, None)]
    tell = narrate(make_facts(), "sv").tell_all
    said = tell(find_counties(figures, "20"))
    assert said == (
        "Medelvärden visas för 2 län och ligger mellan 48,0 och 52,0\u00a0%. I 1 län deltar för få, eller så skulle någons "
        "resultat kunna räknas ut; de visas inte. För organisationer i Dalarnas län visas inget medelvärde."
    )
    assert "Organisationer i Östergötlands län har i snitt 48,0" in tell(find_counties(figures, "05"))
    assert tell(find_counties(figures[2:], "")) == (
        "Inget län har så många deltagare att medelvärdet kan visas (1 län har deltagare)."
    )
    assert "Bara ett län" in tell(find_counties(figures[1:], ""))


def other(
    name: str, score: float, change: float | None = None, certainty: str = "unknown", **more: str
) -> OtherOrganisation:
    about = {"type": "municipality", "size": "small", "county": "05"} | more
    period = "" if change is None else "2025"
    return OtherOrganisation(
        name.lower(), name, about["type"], about["size"], about["county"], score, score - 3, score + 3, period,
        change, certainty,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "distance"),
    [
        (other("A", 55.0, 5.0), 0.0),  # started at 50
        (other("B", 52.0), 2.0),  # no change shown: today's level
        (other("C", 50.0, size="medium"), 5.0),
        (other("D", 50.0, size="large"), 10.0),
        (other("E", 50.0, size=""), 5.0),
        (other("F", 50.0, type="region"), 10.0),
        (other("G", 58.4, -1.6, type="region", size="large"), 30.0),
    ],
)
def test_the_distance_adds_level_size_and_type(one, distance):
    assert measure_distance("municipality", "small", 50.0, one) == distance


def test_without_a_level_of_ones_own_size_and_type_alone_count():
    assert measure_distance("municipality", "small", None, other("A", 90.0, 5.0)) == 0.0
    assert measure_distance("municipality", "", None, other("B", 10.0, type="region")) == 15.0


def test_the_most_alike_that_rose_are_told_largest_rise_first():
    others = [
        other("Ask", 55.0, 5.0, "increase"),
        other("Bok", 58.0, 8.0, "increase"),
        other("Ek", 52.0, 2.0, "none"),
    ]
    ordered = list_similar("municipality", "small", 50.0, others, {"ask": [("point", "a")]})
    assert [s.organisation.name for s in ordered] == ["Ask", "Bok", "Ek"]
    tell = narrate(make_facts(), "sv").tell_all
    assert tell(find_similar(ordered, [])) == (
        "Av de 3 mest lika har 2 ökat säkerställt sedan mätningen före: Bok (+8,0 procentenheter), Ask (+5,0 procentenheter). Fråga dem "
        "gärna hur de gjorde."
    )
    assert tell(find_similar(ordered[2:], ordered[:1])) == (
        "Ingen av de 1 mest lika har ökat säkerställt sedan mätningen före. Av dem visar 1 sin förändring. Bland dem som är "
        "mindre lika har 1 ökat säkerställt: Ask (+5,0 procentenheter)."
    )
    assert find_similar([], [])[0].kind == "everyones_similar_empty"
    assert ordered[0].rises == (("point", "a"),)


def test_nameless_ones_are_told_apart_without_a_name():
    nameless = [
        OtherOrganisation("", "", kind, "", "", 50.0 + i, 40.0, 60.0)
        for i, kind in enumerate(["municipality"] * 4 + ["agency"])
    ]
    narrator = narrate(make_facts(), "sv")
    assert name_others(narrator, [other("Ask", 50.0), *nameless]) == [
        "Ask", "Kommun X", "Kommun Y", "Kommun Z", "Kommun X2", "Myndighet X",
    ]  # fmt: skip


def test_ones_own_row_is_no_other_even_without_a_name(tmp_path):
    row = {"period": "2026", "level": "maturity", "key": "maturity", "type": "municipality", "size": "", "county": "",
           "low": 48.0, "high": 52.0, "period_from": "", "change": float("nan"), "certainty": "unknown"}  # fmt: skip
    named = pd.DataFrame(
        [row | {"id": "", "name": "", "score": s} for s in (50.0, 51.0)]
        + [
            row | {"id": "x", "name": "X", "score": 53.0},
            row | {"id": "y", "name": "Y", "score": float("nan")},
        ]
    )
    scores = pd.DataFrame(
        [{"period": "2026", "level": "maturity", "key": "maturity", "unit": "*", "role": "*", "score": 50.0,
          "ci_low": 48.0, "ci_high": 52.0}]
    )  # fmt: skip
    for organisation, sharing in (("q", "anonymous"), ("closed", "closed"), ("x", "named")):
        folder = tmp_path / f"organisation={organisation}"
        folder.mkdir()
        write_parquet(scores, folder / "scores.parquet")
        write_json({"type": "municipality", "sharing": sharing}, folder / "organisation.json")
    (tmp_path / "public").mkdir()
    write_parquet(named, tmp_path / "public" / "named.parquet")
    results = PublishedResults(tmp_path, "q")
    assert [o.score for o in gather_others(results, "2026", *COMPOSITE)] == [53.0, 51.0]
    results = PublishedResults(tmp_path, "closed")
    assert [o.score for o in gather_others(results, "2026", *COMPOSITE)] == [53.0, 50.0, 51.0]
    results = PublishedResults(tmp_path, "x")
    assert [o.id for o in gather_others(results, "2026", *COMPOSITE)] == ["", ""]


def test_own_groups_need_what_is_known():
    assert list_own_groups({"type": "agency", "size": "", "county": ""}) == {"all", "type:agency"}
    assert list_own_groups({"type": "municipality", "size": "small", "county": "05"}) == {
        "all", "type:municipality", "size:small", "type-size:municipality-small", "county:05",
    }  # fmt: skip


def test_labels_of_a_lane_never_meet():
    at = [float(x) for x in (0, 3, 50, 51, 120, 290, 299, 300)]
    texts = ["Almviks kommun", "", "Ekeskär", "Region Myrlandet", "", "Oxtuna", "", "Vassheda kommun"]
    spots = place_labels(at, texts, 300)
    spans: dict[int, list[tuple[float, float]]] = {}
    for x, text, (lane, right) in zip(at, texts, spots, strict=True):
        length = 7 * len(text)
        span = (x - 4, x + 4 + length) if right else (x - 4 - length, x + 4)
        assert span[0] >= -4 or not right
        assert span[1] <= 304
        assert all(span[1] <= a or span[0] >= b for a, b in spans.get(lane, []))
        spans.setdefault(lane, []).append(span)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_strip_shows_counts_and_says_what_is_missing(narrow):
    words = StripWords("How many", "You", "Half", "Named", no_spread="Too few to show the spread.")
    boxes = (Box(0, 50, 12, "below 50"), Box(50, 60, 20, "50–60"), Box(60, 100, 8, "above 60"))
    own, spread = OwnFigure(50.0, 47.0, 53.0, "50,0"), Spread(boxes, 45.0, 50.0, 55.0, 50.0, "45,0", "55,0")
    drawn = draw_strip(own, spread, [Dot("Ask", 52.0, written=True)], words, (40, 70), narrow=narrow)
    texts = [a["text"] for a in drawn["layout"]["annotations"]]
    assert {"<b>12</b>", "<b>20</b>", "<b>8</b>", "Ask", "45,0", "55,0", "<b>50,0</b>", "Named"} <= set(texts)
    tall = [s for s in drawn["layout"]["shapes"] if s["type"] == "rect" and s["line"]["width"] == 2]
    areas = [(b["y1"] - b["y0"]) * (b["x1"] - b["x0"]) for b in tall]
    assert [areas[1] / areas[0], areas[2] / areas[0]] == pytest.approx([20 / 12, 8 / 12])
    bare = draw_strip(OwnFigure(None, None, None, "no answers"), Spread(), [], words, (0, 100), narrow=narrow)
    texts = [a["text"] for a in bare["layout"]["annotations"]]
    assert texts.count("Too few to show the spread.") == 2
    assert "no answers" in texts
    assert "Named" not in texts
