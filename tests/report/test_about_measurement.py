"""The page on how the measurement was made: its charts, borders, and results with parts missing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dimios_core.report import AboutMeasurement
from dimios_core.report.figures import Comparison, Figure
from dimios_core.report.pages.about_measurement.facts import AboutFacts, Coefficient, MixedChange, RoleMix
from dimios_core.report.pages.about_measurement.findings import (
    AboutNarrator,
    find_coefficients,
    find_hidden,
    find_reliability,
    find_role_mix,
    find_trust,
    find_weighting,
    find_weightings,
)
from tests.notebooks.picking import pick_organisations
from tests.report.charting import check_chart
from tests.report.conftest import make_facts
from tests.report.every_page import list_sections, words_of
from tests.report.internal_building import make_groups

WHICH = ("typical", "small", "newcomer")
#: a large one, with own reliability and a published standardised change
LARGE = "lovhammar"
MATURITY, UP, ACROSS = ("maturity", "maturity"), ("dimension", "up"), ("dimension", "across")
WHOLE = ("*", "*")
EMPTY = AboutFacts("2026", 4, {}, None, {}, "", False)


@pytest.fixture(scope="module")
def open_page(demo_outputs):
    results = demo_outputs / "results"
    organisations = pick_organisations(results) | {"large": LARGE}
    return lambda which, language: AboutMeasurement.open(organisations[which], "2026", language, str(results))


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", [*WHICH, "large"])
def test_every_chart_knows_its_name_its_conclusion_and_its_table(open_page, which, language):
    charts = open_page(which, language).charts
    assert {"response_rates", "reliability", "weighting"} <= set(charts)
    if which == "large":
        assert "role_mix" in charts
    for chart in charts.values():
        check_chart(chart)


def test_the_other_weightings_lie_where_they_are_published(open_page):
    page = open_page("large", "sv")
    marks = {m["marker"]["symbol"]: sorted(m["x"]) for m in page.charts["weighting"].wide["data"]}
    table = page.results.sensitivity
    table = table[(table["period"] == "2026") & (table["status"] == "published")]
    forms = {"model": "circle", "equal_points": "circle-open", "geometric": "diamond", "frame": "line-ns"}
    for weighting, form in forms.items():
        assert marks[form] == sorted(table.loc[table["weighting"] == weighting, "score"])


def test_results_without_the_optional_files_read_well(open_page, tmp_path, demo_outputs):
    from tests.report.test_internal_comparison import copy_results

    made, own = copy_results(demo_outputs, tmp_path, "almvik")
    for name in ("quality", "standardised", "sensitivity"):
        (own / f"{name}.parquet").unlink()
    for name in ("reliability.parquet", "glossary.json"):
        (made / "public" / name).unlink()
    page = AboutMeasurement.open("almvik", "2026", "sv", str(made))
    words = " ".join(t for n in list_sections(type(page)) for t in words_of(getattr(page, n)().html))
    assert set(page.charts) == {"response_rates"}
    assert "Det finns ingen ordlista" in words
    assert "Måttet kan inte räknas ut" in words
    assert not re.search(r"\b(None|nan)\b", words)


# -- borders -------------------------------------------------------------------------------------------


def kinds(findings) -> list[str]:
    return [f.kind.removeprefix("about_") for f in findings]


@pytest.mark.parametrize(
    ("band", "kind"), [("<40", "low"), ("40-59", "half"), ("60-79", "most"), ("80+", "high"), (None, "unknown")]
)  # fmt: skip
def test_each_band_of_response_has_its_words(band, kind):
    facts = replace(make_facts(), response=(1, 2, 0.5, band) if band else None)
    assert kinds(find_trust(facts, make_groups()))[0] == f"answered_{kind}"


@pytest.mark.parametrize(("n", "few"), [(11, True), (12, False)])
def test_fewer_than_twelve_are_called_few(n, few):
    assert ("few_answers" in kinds(find_trust(make_facts(n=n), make_groups()))) == few


@pytest.mark.parametrize(
    ("shown", "kind"), [((), "none"), (("care",), "some"), (("care", "home", "it"), "all")]
)
def test_units_that_are_shown_are_counted(shown, kind):
    groups = make_groups(scores={((u, "*"), MATURITY): 50.0 for u in shown})
    units = next(f for f in find_hidden(make_facts(), groups) if f.kind.startswith("about_units"))
    assert (units.kind, units.numbers) == (
        f"about_units_{kind}",
        {"shown_n": len(shown), "of_n": 3, "silent_n": 0},
    )


@pytest.mark.parametrize(
    ("shown", "silent", "told"),
    [
        (("care",), ("it",), "1 av 3 enheter har egna siffror, och i 1 svarade ingen; de andra visas inte, för att skydda dem som svarat."),
        (("care", "home"), ("it",), "2 av 3 enheter har egna siffror, och i 1 svarade ingen."),
        (("care",), (), "1 av 3 enheter har egna siffror; resten visas inte, för att skydda dem som svarat."),
        ((), ("it",), "Ingen av de 3 enheterna har egna siffror, för att skydda dem som svarat. I 1 svarade ingen."),
        ((), ("care", "home", "it"), "Ingen av de 3 enheterna har egna siffror. I 3 svarade ingen."),
    ],
)  # fmt: skip
def test_protection_is_spoken_of_only_where_something_was_withheld(shown, silent, told):
    groups = make_groups(scores={((u, "*"), MATURITY): 50.0 for u in shown})
    unheard = {p: f._replace(status="no_answers") for p, f in groups.figures.items() if p[0][0] in silent}
    groups = replace(groups, figures={**groups.figures, **unheard})
    units = next(f for f in find_hidden(make_facts(), groups) if f.kind.startswith("about_units"))
    facts = make_facts()
    assert AboutNarrator(facts.instrument, "sv", 5, facts, groups, EMPTY).tell(units) == told


def test_reliability_says_whose_answers_it_rests_on():
    own, pooled = Coefficient(0.7, 0.6, 0.8, 60, 3), Coefficient(0.5, 0.4, 0.6, 900, 3, 40)
    cases = {"own": (own, own), "mixed": (own, pooled), "pooled": (pooled, pooled)}
    for kind, (first, second) in cases.items():
        about = replace(EMPTY, coefficients={("c1", "alpha"): first, ("c2", "spearman_brown"): second})
        assert kinds(find_reliability(about, ["c1", "c2"])) == ["reliability_index"]
        found = find_coefficients(about, ["c1", "c2"])
        assert kinds(found) == [f"reliability_{kind}", "reliability_low"]
        assert found[0].numbers["low"] == min(first.value, second.value)
    assert kinds(find_reliability(EMPTY, ["c1"])) == ["reliability_none"]
    assert find_coefficients(EMPTY, ["c1"]) == []
    with_means = replace(about, coefficients={**about.coefficients, ("c1", "icc2"): pooled})
    assert kinds(find_coefficients(with_means, ["c1"]))[-1] == "reliability_means"


def slope(value: float, certainty: str) -> Comparison:
    return Comparison("published", value, value - 1, value + 1, certainty)


def test_where_the_mix_matters_for_another_level_that_one_is_told():
    changes = {
        MATURITY: MixedChange(slope(1.0, "unknown"), 1.2, 0.2, -0.1, 0.5),
        UP: MixedChange(slope(1.0, "unknown"), -0.7, -1.7, -2.3, -1.1, needed=True),
    }
    (found,) = find_role_mix(replace(EMPTY, role_mix=RoleMix("2025", 0.066, 1.0, changes)), MATURITY)
    assert (found.kind, found.subject) == ("about_mix_needed", (UP,))


@pytest.mark.parametrize(
    ("effect", "word"),
    [((1.2, 0.5, 1.9, True), "needed"), ((0.2, -0.5, 0.9, False), "small"), ((0.2, -0.5, 1.0, False), "open"), ((-0.3, -1.4, 0.8, False), "open")],
)  # fmt: skip
def test_the_mix_of_roles_is_weighed_in_where_it_has_to_be(effect, word):
    shown = RoleMix("2025", 0.1, 0.9, {MATURITY: MixedChange(slope(1.0, "unknown"), 2.0, *effect)})
    assert kinds(find_role_mix(replace(EMPTY, role_mix=shown), MATURITY)) == [f"mix_{word}"]


@pytest.mark.parametrize(("needed", "word"), [(True, "needed"), (False, "small")])
def test_a_mix_whose_effect_is_not_shown_is_judged_by_its_shift(needed, word):
    hidden = RoleMix("2025", None, None, {MATURITY: MixedChange(Comparison("incomplete"), needed=needed)})
    assert kinds(find_role_mix(replace(EMPTY, role_mix=hidden), MATURITY)) == [f"mix_{word}_hidden"]


def test_without_an_earlier_measurement_or_roles_there_is_no_mix_to_examine():
    assert kinds(find_role_mix(replace(EMPTY, years_n=1), MATURITY)) == ["mix_first"]
    assert kinds(find_role_mix(EMPTY, MATURITY)) == ["mix_absent"]


@pytest.mark.parametrize(
    ("other", "kind"), [(52.9, "differs"), (53.0, "same"), (59.0, "same"), (59.1, "differs")]
)
def test_another_weighting_changes_the_message_outside_the_interval(other, kind):
    facts = make_facts()
    facts.figures[UP] = Figure(*UP, "published", 56.0, 53.0, 59.0, "", 40, 2)
    about = replace(EMPTY, weightings={(UP, "model"): 56.0, (UP, "geometric"): other})
    (found,) = find_weighting(facts, about)
    assert (found.kind, found.subject) == (f"about_weighting_{kind}", (UP,) if kind == "differs" else ())
    tried = kinds(find_weightings(facts, about))
    assert tried == ["weighting_widest", *["weighting_outside"] * (kind == "differs"), "frame_absent"]


@pytest.mark.parametrize(("other", "crossed"), [(50.0, False), (49.9, True)])
def test_a_weighting_that_crosses_the_border_is_told(other, crossed):
    facts = make_facts()
    facts.figures[UP] = Figure(*UP, "published", 51.0, 45.0, 57.0, "", 40, 2)
    about = replace(EMPTY, weightings={(UP, "model"): 51.0, (UP, "frame"): other}, cells="unit-role")
    assert ("weighting_border" in kinds(find_weighting(facts, about))) == crossed
    tried = kinds(find_weightings(facts, about))
    assert ("weighting_over" in tried) == crossed
    assert tried[-1] == "frame_unit_role"


def test_no_weighting_without_figures():
    assert kinds(find_weighting(make_facts(), EMPTY)) == ["weighting_absent"]
    assert find_weightings(make_facts(), EMPTY) == []
