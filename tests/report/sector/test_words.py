"""First words of reports on many, word by word, on facts made here; both languages, both voices."""

from __future__ import annotations

import pytest

from dimios_core.report.figures import Comparison
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.against import find_standing
from dimios_core.report.pages.county_report.doing import (
    describe_plan,
    find_done,
    tell_teacher,
)
from dimios_core.report.pages.county_report.facts import CountyFacts
from dimios_core.report.pages.county_report.lacks import find_teaching, list_teaching
from dimios_core.report.pages.county_report.sharing import Idea, SharedPlan
from dimios_core.report.pages.national_status.facts import SpreadPart
from dimios_core.report.pages.national_status.follows import Helped, list_conclusions
from dimios_core.report.pages.national_status.telling_follows import tell_conclusion
from tests.report.messages.making import DIMIOS
from tests.report.sector.making import TARGET, make_country, make_group, make_member, tell

WHOLE = ("maturity", "maturity")
USERS, BALANCING, TECHNOLOGY = (("category", c) for c in ("users", "balancing", "technology"))
DATA, SHADOW = ("point", "open_data"), ("point", "shadow_it")
DOWN, UP = "decrease", "increase"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


HEADLINES = [
    # below the country on the whole and on two categories; a category has fallen
    (
        {
            "gaps": {WHOLE: (-4.0, DOWN), USERS: (-6.0, DOWN), BALANCING: (-5.0, DOWN)},
            "changes": {TECHNOLOGY: (-3.0, DOWN)},
        },
        "Länets organisationer ligger 4,0 procentenheter under landet (osäkerhet 2,0–6,0), tydligast på Användare och "
        "Balansering. Sedan 2025 har Teknik minskat med 3,0 procentenheter hos dem som deltog båda gångerna.",
        "The county's organisations are 4.0 percentage points below the country (uncertainty 2.0–6.0), most clearly on "
        "Users and Balancing. Technology has fallen by 3.0 percentage points since 2025 among those that took part both times.",
    ),
    # above on one category, below on another
    (
        {"gaps": {USERS: (4.0, UP), TECHNOLOGY: (-3.0, DOWN)}},
        "Länets organisationer ligger 3,0 procentenheter under landet på Teknik (osäkerhet 1,5–4,5), men över på Användare. "
        "Ingen förändring sedan 2025 är säkerställd.",
        "The county's organisations are 3.0 percentage points below the country on Technology (uncertainty 1.5–4.5), "
        "but above on Users. No change since 2025 is statistically significant.",
    ),
    # nothing is certain
    (
        {},
        "Digital mognad är i snitt 50,0 % (osäkerhet 47,0–53,0) hos 8 organisationer, mot 52,0 % i landet; skillnaden är inte "
        "säkerställd. Ingen förändring sedan 2025 är säkerställd.",
        "Digital maturity is 50.0% on average (uncertainty 47.0–53.0) in 8 organisations, against 52.0% in the country; the "
        "difference is not statistically significant. No change since 2025 is statistically significant.",
    ),
    # the first measurement, of whom nothing is shown
    (
        {"hidden": "suppressed_complement", "previous": None},
        "Digital mognad visas inte: någon annans resultat skulle kunna räknas ut. Det är den första mätningen.",
        "Digital maturity is not shown: somebody else's result could be worked out. This is the first measurement.",
    ),
]


@pytest.mark.parametrize(("given", "swedish", "english"), HEADLINES)
def test_the_headline_of_a_county(given, swedish, english):
    facts = make_group(**given)
    assert plain(tell(facts).headline()) == swedish
    assert plain(tell(facts, "en").headline()) == english


def test_slides_speak_as_we():
    facts = make_group(gaps={WHOLE: (-4.0, DOWN)})
    assert tell(facts, voice="we").lead() == "Vi ligger 4,0 procentenheter under landet"
    assert tell(facts, "en", "we").lead() == "We are 4.0 percentage points below the country"


@pytest.mark.parametrize(
    ("mean", "swedish", "english"),
    [
        (55.0, "säkerställt under målet 60 %", "clearly below the target of 60%"),
        (57.0, "målet 60 % kan vara nått", "the target of 60% may be reached"),
        (63.0, "säkerställt över målet 60 %", "clearly above the target of 60%"),
    ],
)
def test_the_headline_of_the_nation(mean, swedish, english):
    facts = make_country(mean, changes={WHOLE: (-2.0, DOWN), USERS: (3.0, UP)})
    low, high = (f"{m:.1f}" for m in (mean - 3, mean + 3))
    value, mark = f"{mean:.1f}", ";" if mean == 57.0 else ","
    comma = [n.replace(".", ",") for n in (value, low, high)]
    assert plain(tell(facts, target=TARGET).headline()) == (
        f"Digital mognad är i snitt {comma[0]} % (osäkerhet {comma[1]}–{comma[2]}) hos 60 organisationer{mark} {swedish}. De 59 som "
        "deltog båda gångerna har minskat med 2,0 procentenheter sedan 2025 (osäkerhet 1,0–3,0), men Användare har ökat."
    )
    english_headline = plain(tell(facts, "en", target=TARGET).headline())
    assert english_headline.startswith(
        f"Digital maturity is {value}% on average (uncertainty {low}–{high}) in 60 organisations"
    )
    assert (
        "have fallen by 2.0 percentage points since 2025 (uncertainty 1.0–3.0), but Users has risen."
        in english_headline
    )


# -- a county's strengths, lacks and teachers ------------------------------------------------------------


def county(*members, group=None, elsewhere=(), ideas=(), plans=()) -> CountyFacts:
    return CountyFacts("14", group or make_group(), make_country(), members, elsewhere, ideas, plans)


def words(findings, language="sv") -> str:
    return plain(Narrator(DIMIOS, language, 5).tell_all(findings))


def test_a_strength_tells_its_difference_and_its_level_second():
    facts = county(
        group=make_group(gaps={USERS: (4.0, UP), DATA: (6.0, UP)}, levels={USERS: 56.0, DATA: 46.0})
    )
    assert words(find_standing(facts, "above")) == (
        "Säkerställt över landet: Användare (+4,0; nivå 56,0 %). Bland mätpunkterna över: Öppna data (+6,0; nivå 46,0 %). Nivån är "
        "ändå låg, under 50 %, på Öppna data."
    )
    assert words(find_standing(facts, "above"), "en") == (
        "Clearly above the country: Users (+4.0; level 56.0%). Among the measure points above: Open data (+6.0; level 46.0%). The "
        "level is low all the same, below 50%, on Open data."
    )


def test_what_is_strong_is_no_lack_though_the_level_is_low():
    """Two of two are surely below 50 on a point where the county lies above the country: not a lack; without that, one."""
    weak = [make_member(n, {DATA: (44.0, 3.0)}) for n in ("A", "B")]
    low = make_country(levels={DATA: 42.0})
    strong = make_group(gaps={DATA: (2.0, UP)}, levels={DATA: 44.0})
    facts = CountyFacts("14", strong, low, tuple(weak))
    assert list_teaching(facts) == []
    alike = CountyFacts("14", make_group(levels={DATA: 44.0}), low, tuple(weak))
    assert [t.lack.key for t in list_teaching(alike)] == [DATA]


def test_who_can_teach_is_above_and_does_something():
    """The country's mean is 52 ± 3: 44 + 4 is below, 60 − 4 above; C has done something, D has not, E is of another county."""
    lacking = [make_member(n, {DATA: (44.0, 4.0)}) for n in ("A", "B")]
    above = [make_member(n, {DATA: (60.0, 4.0)}) for n in ("C", "D")]
    other = make_member("E", {DATA: (61.0, 4.0)})
    done = [Idea(n.casefold(), n, "open_data", "Öppna filer", "2025-03", "") for n in ("C", "E")]
    facts = county(*lacking, *above, elsewhere=(other,), ideas=tuple(done))
    (found,) = list_teaching(facts)
    assert ([t.member.name for t in found.teachers], found.here) == (["C"], True)
    narrator = Narrator(DIMIOS, "sv", 5)
    assert plain(tell_teacher(narrator, found.teachers[0])) == (
        "C, 60,0 % (osäkerhet 56,0–64,0): Öppna filer (Öppna data, sedan mars 2025)."
    )
    assert words([find_teaching([found])]) == (
        "C ligger säkerställt över landet på sådant som flera saknar, och gör något åt det: 1 av 1 områden."
    )
    (found,) = list_teaching(county(*lacking, above[1], elsewhere=(other,), ideas=tuple(done)))
    assert ([t.member.name for t in found.teachers], found.here) == (["E"], False)
    (found,) = list_teaching(county(*lacking, above[1]))
    assert found.teachers == ()
    plan = SharedPlan("d", "D", "2025", "open_data", "", "no")
    (found,) = list_teaching(county(*lacking, above[1], plans=(plan,)))
    assert found.teachers == ()  # it has not been done


def test_what_was_decided_and_done():
    plans = (
        SharedPlan("a", "A", "2025", "open_data", "process", "done"),
        SharedPlan("a", "A", "2025", "shadow_it", "", ""),
        SharedPlan("b", "B", "2026", "open_data", "", ""),
    )
    begun = Idea("a", "A", "open_data", "Öppna filer", "2025-03", "")
    old = Idea("a", "A", "open_data", "Gamla filer", "2024-12", "")
    facts = county(make_member("A", {DATA: (50, 3)}), plans=plans, ideas=(begun, old))
    assert words(find_done(facts)) == (
        "2 planer efter mätningen 2025 delas med länet, varav 1 är genomförd. 1 ny plan delas efter den här mätningen. 1 initiativ "
        "har startat sedan 2025."
    )
    assert words(find_done(facts), "en") == (
        "2 plans made after the measurement of 2025 are shared with the county; 1 has been carried out. 1 new plan made after this "
        "measurement is shared. 1 initiative has started since 2025."
    )
    told = plain(describe_plan(Narrator(DIMIOS, "sv", 5), plans[0]))
    assert told == "A: Öppna data, arbetssätt. Läge: genomfört"
    assert words(find_done(county())) == (
        "Ingen har delat någon plan eller startat något initiativ under sitt namn sedan förra mätningen."
    )


# -- what follows for the sector -------------------------------------------------------------------------


def conclude(facts, parts=(), helped=(), types=(), language="sv"):
    narrator = Narrator(DIMIOS, language, 5)
    return {c.kind: tell_conclusion(narrator, c) for c in list_conclusions(facts, types, parts, helped)}


def test_each_conclusion_tells_its_uncertainty_and_asks():
    """Of 52 ± 3: 45 + 3 ends below 49, 60 − 3 begins above 55."""
    facts = make_country(
        levels={SHADOW: 45.0, DATA: 60.0}, unknown={"open_data": 0.35}, changes={USERS: (-2.0, DOWN)}
    )
    helped = [Helped("point", "open_data", 12, Comparison("published", 4.0, 1.0, 7.0, "increase"))]
    parts = [SpreadPart("organisations", 0.13, 0.10, 0.17, 58), SpreadPart("units", 0.05, 0.03, 0.07, 58)]
    told = conclude(facts, parts, helped)
    claims = {kind: plain(w.claim) for kind, w in told.items()}
    assert claims == {
        "falls": "Säkerställd minskning sedan 2025, i procentenheter hos dem som deltog båda gångerna: Användare (−2,0, osäkerhet "
        "−3,0 till −1,0).",
        "weak": "Säkerställt under den samlade nivån ligger 1 mätpunkt: Skugg-IT (45,0 %, osäkerhet 42,0–48,0).",
        "strong": "Säkerställt över den samlade nivån ligger 1 mätpunkt: Öppna data (60,0 %, osäkerhet 57,0–63,0).",
        "unknown": "På 1 mätpunkt svarar mer än 30 % vet ej: Öppna data (35 %). Andelen beskriver dem som har svarat.",
        "units_less": "Av spridningen ligger 13 % (osäkerhet 10–17 %) mellan organisationer och 5 % (osäkerhet 3–7 %) mellan enheter "
        "i samma organisation. Skillnaden är säkerställd.",
        "helped": "Organisationer som gjorde något åt det här ökade säkerställt mer än liknande som inte gjorde det, i "
        "procentenheter: Öppna data (+4,0, osäkerhet +1,0 till +7,0; 12 par). Det är ett samband: de har själva valt vad de gör.",
    }
    assert all(w.question.endswith("?") for w in told.values())
    english = conclude(facts, parts, helped, language="en")
    assert plain(english["weak"].claim) == (
        "1 measure point is clearly below the overall level: Shadow IT (45.0%, uncertainty 42.0–48.0)."
    )


def test_what_is_not_certain_is_no_conclusion():
    near = make_country(levels={SHADOW: 46.0, DATA: 58.0}, changes={USERS: (-2.0, "none")})
    helped = [Helped("point", "open_data", 12, Comparison("published", 4.0, -1.0, 9.0, "none"))]
    overlapping = [
        SpreadPart("organisations", 0.10, 0.06, 0.14, 58),
        SpreadPart("units", 0.08, 0.05, 0.11, 58),
    ]
    assert set(conclude(near, overlapping, helped)) == {"units_alike", "helped_none"}
    assert conclude(make_country(hidden="suppressed_small")) == {}


def test_a_type_lies_apart_where_its_interval_does_not_meet_that_of_all():
    apart, touching = make_group("type:region", mean=45.9), make_group("type:agency", mean=46.0)
    told = conclude(make_country(), types=(apart, touching))
    assert plain(told["types"].claim) == (
        "Säkerställt skilda från alla organisationer (52,0 %): regioner (45,9 %, osäkerhet 42,9–48,9)."
    )
