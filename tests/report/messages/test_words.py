"""The first words of reports on organisations made by hand, in both languages: what a person would say of these facts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dimios_core.report.figures import Figure
from dimios_core.report.goals import Goal
from tests.building import make_instrument
from tests.report.messages.making import (
    WHOLE,
    make_contrast,
    make_facts,
    make_history,
    make_sources,
    tell,
)

CAPABILITY, HERITAGE = ("dimension", "capability"), ("dimension", "heritage")
EFFICIENCY, BALANCING, TECHNOLOGY = (("category", c) for c in ("efficiency", "balancing", "technology"))
SHADOW_IT, OPEN_DATA = ("point", "shadow_it"), ("point", "open_data")

TORN = {CAPABILITY: (7.2, "increase"), BALANCING: (9.4, "increase"), EFFICIENCY: (7.4, "increase"),
        HERITAGE: (-5.9, "decrease"), TECHNOLOGY: (-9.1, "decrease")}  # fmt: skip
BELOW = {WHOLE: (-5.8, "decrease"), CAPABILITY: (-6.0, "decrease"), BALANCING: (-7.7, "decrease"),
         EFFICIENCY: (-8.3, "decrease"), SHADOW_IT: (-12.0, "decrease")}  # fmt: skip
FALL = {TECHNOLOGY: (-6.9, "decrease"), SHADOW_IT: (-11.0, "decrease")}


def lines_of(told, facts) -> dict[str, str]:
    return {plain(line.name): plain(line.text) for line in told.lines(make_history(facts))}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


HEADLINES = {
    "torn": (
        make_facts(TORN),
        "Digitalt arv ligger 5,9 procentenheter under andra kommuner (osäkerhet 2,9–8,9), tydligast på Teknik, men ni är "
        "starkare på Digital förmåga, tydligast på Balansering. Ert läge är mellan Bunden kraft och Fritt spelrum.",
        "Digital heritage is 5.9 percentage points below other municipalities (uncertainty 2.9–8.9), most clearly on "
        "Technology, but you are stronger on Digital capability. Your position is between Held-back strength and Room to move.",
    ),
    "below, and a fall beside it": (
        make_facts(BELOW, FALL, placement="A"),
        "Ni ligger 5,8 procentenheter under andra kommuner (osäkerhet 2,8–8,8), tydligast på Effektivitet och Balansering. "
        "Sedan 2025 har Teknik minskat, och ert läge är Tungt utgångsläge.",
        "You are 5.8 percentage points below other municipalities (uncertainty 2.8–8.8), most clearly on Efficiency and "
        "Balancing. Technology has fallen since 2025, and your position is Heavy starting point.",
    ),
    "a fall of the whole, though above the peers": (
        make_facts({WHOLE: (6.0, "increase")}, {WHOLE: (-4.2, "decrease"), TECHNOLOGY: (-8.0, "decrease")}, placement="D"),
        "Er digitala mognad har minskat med 4,2 procentenheter sedan 2025 (osäkerhet 1,2–7,2), tydligast på Teknik. "
        "Ni ligger 6,0 procentenheter över andra kommuner, och ert läge är Fritt spelrum.",
        "Your digital maturity has fallen by 4.2 percentage points since 2025 (uncertainty 1.2–7.2), most clearly on "
        "Technology. You are 6.0 percentage points above other municipalities, and your position is Room to move.",
    ),
    "strong on the whole, weak on one point": (
        make_facts({WHOLE: (5.7, "increase"), SHADOW_IT: (-7.7, "decrease")}, placement="unplaced"),
        "Ni ligger 5,7 procentenheter över andra kommuner (osäkerhet 2,7–8,7), men ni är svagare på Skugg-IT.",
        "You are 5.7 percentage points above other municipalities (uncertainty 2.7–8.7), but you are weaker on Shadow IT.",
    ),
    "only a point": (
        make_facts({SHADOW_IT: (12.1, "increase")}, placement="unplaced"),
        "Er digitala mognad är 55,0 % (osäkerhet 50,5–59,5), mot 54,3 % hos andra kommuner. Ni ligger över andra kommuner "
        "på Skugg-IT.",
        "Your digital maturity is 55.0% (uncertainty 50.5–59.5), compared with 54.3% for other municipalities. You are above "
        "other municipalities on Shadow IT.",
    ),
    "nothing certain": (
        make_facts(),
        "Er digitala mognad är 55,0 % (osäkerhet 50,5–59,5), mot 54,3 % hos andra kommuner; skillnaden är inte säkerställd. "
        "Ingen förändring sedan 2025 är säkerställd, och ert läge är mellan Bunden kraft och Fritt spelrum.",
        "Your digital maturity is 55.0% (uncertainty 50.5–59.5), compared with 54.3% for other municipalities; the difference "
        "is not statistically significant. No change since 2025 is statistically significant.",
    ),
    "first measurement, no peers": (
        make_facts(group=None, previous=None, placement="D"),
        "Er digitala mognad är 55,0 % (osäkerhet 50,5–59,5). Det är er första mätning, och ert läge är Fritt spelrum.",
        "Your digital maturity is 55.0% (uncertainty 50.5–59.5). This is your first measurement, and your position is Room to "
        "move.",
    ),
    "too few to be sure": (
        make_facts(n=7, placement="unplaced"),
        "Er digitala mognad är 55,0 % (osäkerhet 50,5–59,5), mot 54,3 % hos andra kommuner; svaren är för få för att säga mer.",
        "Your digital maturity is 55.0% (uncertainty 50.5–59.5), compared with 54.3% for other municipalities; there are too "
        "few answers to say more.",
    ),
    "the whole cannot be shown": (
        make_facts(hidden=[WHOLE, CAPABILITY, BALANCING], previous=None, placement="unplaced"),
        "Digital mognad kan inte visas: för få svar på de flesta frågorna. Det är er första mätning.",
        "Digital maturity cannot be shown: too few answers to most of the questions. This is your first measurement.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", HEADLINES)
def test_the_headline(which, language):
    facts, swedish, english = HEADLINES[which]
    assert plain(tell(facts, language).headline()) == (swedish if language == "sv" else english)


def test_those_who_speak_of_themselves_say_we():
    assert plain(tell(make_facts(TORN), "sv", "we").headline()).endswith(
        "men vi är starkare på Digital förmåga, tydligast på Balansering. "
        "Vårt läge är mellan Bunden kraft och Fritt spelrum."
    )
    assert tell(make_facts(BELOW), "en", "we").headline().startswith("We are 5.8 percentage points below")


CARDS = {
    "torn": (
        make_facts(TORN, unknown={"open_data": 0.35, "benefits_control": 0.354}),
        {
            "build": ["Säkerställt över andra kommuner: Digital förmåga (+7,2), Balansering (+9,4) och Effektivitet (+7,4)."],
            "deal": ["Säkerställt under andra kommuner: Digitalt arv (−5,9) och Teknik (−9,1)."],
            "talk": ["Mer än var tredje svarar vet ej om Nyttokontroll (35 %) och Öppna data (35 %). Börja samtalet där."],
        },
        {
            "build": ["Clearly above other municipalities: Digital capability (+7.2), Balancing (+9.4), and Efficiency (+7.4)."],
            "deal": ["Clearly below other municipalities: Digital heritage (−5.9) and Technology (−9.1)."],
            "talk": ["More than one in three answer don't know about Benefits control (35%) and Open data (35%). Start the "
                     "conversation there."],
        },
    ),
    "falls and gaps, the whole with its categories": (
        make_facts(BELOW, FALL),
        {
            "build": ["Inget ligger säkerställt över andra kommuner. Längst över, vilket kan vara slump: Portföljstyrning (+0,1), "
                      "Förvaltningsstyrning (+0,1) och Projektstyrning (+0,1)."],
            "deal": ["Säkerställt under andra kommuner: Digital mognad (−5,8), Effektivitet (−8,3) och Balansering (−7,7).",
                     "Bland mätpunkterna: Skugg-IT (−12,0).",
                     "Säkerställd minskning sedan 2025: Teknik (−6,9).", "Bland mätpunkterna: Skugg-IT (−11,0)."],
            "talk": ["Vet ej är vanligast om Portföljstyrning, 10 %."],
        },
        {
            "build": ["Nothing is clearly above other municipalities. Farthest above, which may be chance: Portfolio management "
                      "(+0.1), Maintenance management (+0.1), and Project management (+0.1)."],
            "deal": ["Clearly below other municipalities: Digital maturity (−5.8), Efficiency (−8.3), and Balancing (−7.7).",
                     "Among the measure points: Shadow IT (−12.0).",
                     "Statistically significant fall since 2025: Technology (−6.9).", "Among the measure points: Shadow IT (−11.0)."],
            "talk": ["Don't know is most common about Portfolio management, 10%."],
        },
    ),
    "not all can be seen": (
        make_facts(hidden=[WHOLE, CAPABILITY, BALANCING]),
        {
            "build": ["Av det som kan visas ligger inget säkerställt över andra kommuner."],
            "deal": ["Av det som kan visas ligger inget säkerställt under andra kommuner."],
            "talk": ["Vet ej är vanligast om Portföljstyrning, 10 %."],
        },
        {
            "build": ["Of what can be shown, nothing is clearly above other municipalities."],
            "deal": ["Of what can be shown, nothing is clearly below other municipalities."],
            "talk": ["Don't know is most common about Portfolio management, 10%."],
        },
    ),
    "neither peers nor all": (
        make_facts(hidden=[WHOLE, CAPABILITY, BALANCING], group=None),
        {
            "build": ["Alla kategorier kan inte visas, så vad som är starkast går inte att säga."],
            "deal": ["Alla kategorier kan inte visas, så vad som är svagast går inte att säga."],
            "talk": ["Vet ej är vanligast om Portföljstyrning, 10 %."],
        },
        {
            "build": ["Not all categories can be shown, so what is strongest cannot be told."],
            "deal": ["Not all categories can be shown, so what is weakest cannot be told."],
            "talk": ["Don't know is most common about Portfolio management, 10%."],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", CARDS)
def test_the_cards(which, language):
    facts, swedish, english = CARDS[which]
    told = tell(facts, language)
    expected = swedish if language == "sv" else english
    assert {asks: [plain(s) for s in told.card(asks)] for asks in ("build", "deal", "talk")} == expected


def test_units_and_roles_that_see_it_otherwise_are_to_be_talked_about():
    contrasts = [
        make_contrast("care", "*", EFFICIENCY, -11.8),
        make_contrast("care", "*", ("point", "standards"), -15.0),  # the same, narrower
        make_contrast("*", "politicians", WHOLE, 8.4),
        make_contrast("school", "*", TECHNOLOGY, 6.1),
    ]
    told = tell(make_sources(make_facts(), contrasts))
    assert [plain(s) for s in told.card("talk")[1:]] == [
        "Politiker ger högre betyg än övriga på digital mognad (+8,4 procentenheter).",
        "Care ger lägre betyg än övriga på Effektivitet (−11,8 procentenheter).",
        "2 skillnader till mellan enheter eller roller är säkerställda.",
    ]
    assert told.title_views(compared=True) == "Politiker ger högre betyg än övriga på digital mognad"
    assert tell(make_facts()).title_views(compared=False) == "Enheter och roller kan inte jämföras"


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"open_data": 0.51}, "Mer än hälften svarar vet ej om Öppna data (51 %)."),
        ({"open_data": 0.5}, "Mer än var tredje svarar vet ej om Öppna data (50 %)."),
        ({"open_data": 0.334}, "Mer än var tredje svarar vet ej om Öppna data (33 %)."),
        ({"open_data": 0.333}, "Omkring var tredje svarar vet ej om Öppna data (33 %)."),
        ({"open_data": 0.301}, "Omkring var tredje svarar vet ej om Öppna data (30 %)."),
        ({"open_data": 0.3}, "Vet ej är vanligast om Öppna data, 30 %."),
    ],
)
def test_how_many_do_not_know_is_said_in_words_that_are_true(shares, words):
    assert plain(tell(make_facts(unknown=shares)).unknowns()).startswith(words)


@pytest.mark.parametrize(
    ("response", "n", "told"),
    [
        ((37, 100), 37, "Bara 37 % har svarat: läs resultatet som deras bild, inte som allas."),
        ((59, 100), 59, "Bara 59 % har svarat: läs resultatet som deras bild, inte som allas."),
        ((60, 100), 60, ""),
        ((11, 12), 11, "Bara 11 har svarat, så siffrorna är osäkra."),
        ((12, 13), 12, ""),
        ((10, 40), 10, "Bara 10 har svarat, 25 % av de inbjudna: läs resultatet som deras bild, inte som allas."),
        (None, 40, ""),
    ],
)  # fmt: skip
def test_a_low_response_is_said(response, n, told):
    assert plain(tell(make_facts(response=response, n=n)).low_response()) == told


# -- the first screen ------------------------------------------------------------------------------------


def at(low: float, high: float, n: int = 40) -> Figure:
    return Figure("category", "technology", "published", (low + high) / 2, low, high, "", n)


#: goal of 60 % by 2028, seen in 2026: two years at the pace's limits carry the level's limits there, or do not
GOALS = [
    (at(61, 69), None, 2028, "Nått: 65,0 nu (61,0–69,0)"),
    (at(50, 56), None, 2026, "Inte nått: 53,0 nu (50,0–56,0)"),
    (at(58, 66), None, 2026, "Går inte att säga om det är nått: 62,0 nu (58,0–66,0)"),
    (at(50, 56), (6.0, 5.0, 7.0), 2028, "På väg: 53,0 nu (50,0–56,0), +6,0 procentenheter per år (+5,0 till +7,0)"),
    (at(50, 56), (6.0, 4.9, 7.1), 2028, "Går inte att säga om takten räcker: 53,0 nu (50,0–56,0), +6,0 procentenheter per år "
                                        "(+4,9 till +7,1)"),
    (at(50, 56), (1.0, 0.0, 2.0), 2028, "Går inte att säga om takten räcker: 53,0 nu (50,0–56,0), +1,0 procentenheter per år "
                                        "(0,0 till +2,0)"),
    (at(50, 56), (0.9, -0.1, 1.9), 2028, "Takten räcker inte: 53,0 nu (50,0–56,0), +0,9 procentenheter per år (−0,1 till +1,9)"),
    (at(50, 56), None, 2028, "Inte nått ännu; om takten räcker går inte att säga: 53,0 nu (50,0–56,0)"),
    (at(58, 66), None, 2028, "Går inte att säga om det är nått: 62,0 nu (58,0–66,0)"),
    (at(61, 69, n=7), None, 2028, "Går inte att säga: svaren är för få: 65,0 nu (61,0–69,0)"),
]  # fmt: skip


@pytest.mark.parametrize(("now", "pace", "year", "told"), GOALS)
def test_how_it_goes_with_an_own_goal(now, pace, year, told):
    goal = Goal("category", "technology", 60.0, year, now)
    sources = make_sources(make_facts(), goals=[goal], slopes={TECHNOLOGY: pace} if pace else {})
    assert lines_of(tell(sources), sources.facts)[f"Ert mål för Teknik, 60 % till {year}"] == told


def test_last_time_peers_and_the_national_target_stand_beside_the_figure():
    facts = make_facts({WHOLE: (0.7, "none")}, {WHOLE: (2.6, "none")})
    assert lines_of(tell(make_sources(facts, target=55.0)), facts) == {
        "Förra mätningen (2025)":
            "52,4 % (48,4–56,4): +2,6 procentenheter; först en ändring på omkring 6,0 brukar kunna säkerställas",
        "Andra kommuner i snitt (38 st)": "54,3 % (+0,7, inte säkerställt)",
        "Nationellt mål för 2023, 55 %": "Går inte att säga om ni når det",
    }  # fmt: skip
    assert list(lines_of(tell(make_sources(facts, target=55.0), "en"), facts).values()) == [
        "52.4% (48.4–56.4): +2.6 percentage points; it usually takes a change of about 6.0 to be statistically significant",
        "54.3% (+0.7, not statistically significant)",
        "We cannot tell whether you reach it",
    ]


@pytest.mark.parametrize(
    ("target", "told"), [(50.5, "Ni når det"), (50.6, "Går inte att säga om ni når det"), (59.5, "Går inte att säga om ni når det"),
                         (59.6, "Ni når det inte")],
)  # fmt: skip
def test_the_national_target_is_held_against_the_interval(target, told):
    sources = make_sources(make_facts(), target=target)
    name = f"Nationellt mål för 2023, {f'{target:.1f}'.replace('.', ',')} %"
    assert lines_of(tell(sources), sources.facts)[name] == told


# -- titles ----------------------------------------------------------------------------------------------


def test_titles_are_messages():
    told = tell(make_facts(TORN, {BALANCING: (6.0, "increase")}, unknown={"open_data": 0.4}), "sv", "we")
    assert (
        told.lead()
        == "Digitalt arv ligger 5,9 procentenheter under andra kommuner, men vi är starkare på Digital förmåga"
    )
    assert {t: told.title(t) for t in ("changes", "categories", "build", "deal", "unknown")} == {
        "changes": "Sedan 2025 har Balansering ökat",
        "categories": "Över andra kommuner på Balansering och Effektivitet, under på Teknik",
        "build": "Bygg vidare på Balansering och Effektivitet",
        "deal": "Ta tag i Teknik först",
        "unknown": "Många vet inte hur det står till med Öppna data",
    }
    assert told.gaps() == (
        "Digitalt arv ligger 5,9 procentenheter under andra kommuner, men vi är starkare på Digital förmåga."
    )


def test_where_to_begin_is_by_name_where_that_is_certain():
    assert tell(make_facts(TORN)).beginning() == "Ta tag i Teknik först."
    assert tell(make_facts(hidden=[WHOLE, CAPABILITY, BALANCING])).beginning() == (
        "Av det som kan visas ligger inget säkerställt under andra kommuner."
    )


# -- other models ----------------------------------------------------------------------------------------

OTHER = {
    "no composite": make_instrument({"a": "c1", "b": "c2"}, {"c1": "across", "c2": "up"}, composite=False),
    "no quadrants": make_instrument({"a": "c1"}, {"c1": "only"}),
}


def test_a_model_without_a_composite_leads_with_its_dimensions():
    model = OTHER["no composite"]
    facts = make_facts(model=model, placement="D")
    assert plain(tell(facts).headline()) == (
        "across är 55,0 % (osäkerhet 50,5–59,5) och up är 55,0 % (osäkerhet 50,5–59,5). "
        "Ingen förändring sedan 2025 är säkerställd."
    ).replace("across är", "Across är", 1)
    certain = make_facts({("dimension", "up"): (-4.0, "decrease")}, model=model)
    assert (
        plain(tell(certain).headline())
        == "Up ligger 4,0 procentenheter under andra kommuner (osäkerhet 1,0–7,0)."
    )


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", OTHER)
def test_another_model_s_words_are_its_own(which, language):
    model = OTHER[which]
    model = replace_composite(model) if model.composite is not None else model
    for facts in (
        make_facts(model=model),
        make_facts({("point", "a"): (9.0, "increase")}, model=model, group=None),
    ):
        told = tell(make_sources(facts, target=55.0), language)
        words = [told.headline(), told.lead(), *(s for a in ("build", "deal", "talk") for s in told.card(a))]
        words += [w for line in told.lines(make_history(facts)) for w in (line.name, line.text)]
        assert not re.search(r"digital|\bNone\b|  |\{", " ".join(words), re.IGNORECASE), words


def replace_composite(model):
    named = model.composite.model_copy(
        update={"name": {"sv": "Datamognad", "en": "Data proficiency"}, "own": None, "short": None}
    )
    return model.model_copy(update={"composite": named})


@pytest.mark.parametrize("certainty", ["none", "unknown"])
def test_what_is_told_of_a_change_that_is_not_certain(certainty):
    facts = make_facts(changes={WHOLE: (2.6, certainty)})
    told = lines_of(tell(facts), facts)["Förra mätningen (2025)"]
    assert ("först en ändring på omkring 6,0" in told) == (certainty == "none")
    assert ("för få" in told) == (certainty == "unknown")


def test_a_bound_is_told_as_one():
    facts = make_facts(placement="unplaced")
    bound = facts.figures[WHOLE]._replace(score=5.0, bound="at_most")
    told = tell(replace(facts, figures=facts.figures | {WHOLE: bound}, gaps={}, changes={}))
    assert plain(told.headline()) == "Digital mognad är högst 5 %."
