"""The next steps of organisations made by hand, in both languages: what a person would say of these facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dimios_core.report.goals import Goal
from dimios_core.report.next_steps.plans import Plans
from dimios_core.report.next_steps.sheet import write_sheet
from dimios_core.report.next_steps.steps import Means, choose_next_steps
from dimios_core.report.next_steps.telling import StepsTelling
from tests.report.messages.making import make_contrast, make_facts, make_sources
from tests.report.next_steps.making import Case, make_case, make_evidence, make_initiative, make_plan

TECHNOLOGY, USERS = ("category", "technology"), ("category", "users")
SHADOW_IT, DEBT, OPEN_DATA = (("point", p) for p in ("shadow_it", "technical_debt", "open_data"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def tell(case: Case, language: str, voice: str = "you") -> list[list[str]]:
    """Each priority: title, why, what to do, what others did, who, when."""
    told = case.told(language, voice)
    return [
        [plain(t) for t in (told.title(p), told.why(p), ": ".join(told.do(p)), ": ".join(told.others(p)), told.who(p), told.when(p))]
        for p in told.steps.priorities
    ]  # fmt: skip


def ask(case: Case, language: str, voice: str = "you") -> list[str]:
    told = case.told(language, voice)
    return [plain(told.ask(q)) for q in told.steps.questions]


def missed_goal(year: int = 2026) -> Goal:
    now = make_facts().figures[USERS]
    return Goal("category", "users", 65.0, year, now)


FULL = make_case(
    make_sources(
        make_facts(
            {TECHNOLOGY: (-9.1, "decrease"), SHADOW_IT: (-12.0, "decrease"), OPEN_DATA: (-4.0, "none")},
            {DEBT: (-6.0, "decrease")},
            unknown={"open_data": 0.35},
        ),
        [make_contrast("*", "politicians", TECHNOLOGY, 8.4)],
        [missed_goal()],
    ),
    initiatives=(make_initiative(1, "shadow_it", "process"),),
    plans=Plans((), (make_plan("technical_debt", what="Avveckla två system"),)),
)


def test_what_is_certain_comes_first_then_the_goal_that_is_missed():
    assert tell(FULL, "sv") == [
        ["Teknik: börja med Skugg-IT", "Teknik ligger 9,1 procentenheter under andra kommuner (osäkerhet 6,1–12,1).",
         "Råd: Råd om shadow_it.", "Andra har gjort: T1 (Region X, stor, Stockholms län, sedan januari 2025)", "", ""],
        ["Teknisk skuld", "Teknisk skuld har minskat med 6,0 procentenheter sedan 2025 (osäkerhet 3,0–9,0).",
         "Redan planerat: Avveckla två system", ": ", "HR-chefen", "mars 2027"],
        ["Användare: börja med Användarnöjdhet",
         "Ert mål för Användare, 65 % till 2026: inte nått: 55,0 nu (50,5–59,5).", "Råd: Råd om user_satisfaction.", ": ", "",
         "senast 2026, enligt ert mål"],
    ]  # fmt: skip
    english = tell(FULL, "en", "we")
    assert english[0][:3] == [
        "Technology: begin with Shadow IT",
        "Technology is 9.1 percentage points below other municipalities (uncertainty 6.1–12.1).",
        "Advice: Advice on shadow_it.",
    ]
    assert english[1][2:] == ["Planned already: Avveckla två system", ": ", "HR-chefen", "March 2027"]
    assert english[2][1] == "Our goal for Users, 65% by 2026: not reached: 55.0 now (50.5–59.5)."


def test_three_questions_come_from_what_is_not_known():
    assert ask(FULL, "sv") == [
        "Vet ej är vanligt om Öppna data: 35 %. Vem vet, och vem skulle behöva veta?",
        "Politiker ger högre betyg än övriga på Teknik (+8,4 procentenheter). Vad ligger bakom det?",
        "Om digital mognad har förändrats sedan 2025 går inte att säga (+0,1 procentenheter, osäkerhet −2,9 till +3,1). Vad är er egen bild?",
    ]
    assert (
        ask(FULL, "en", "we")[0]
        == "Don't know is common about Open data: 35%. Who knows, and who would need to know?"
    )
    alone = make_case(
        make_sources(make_facts(group=None, previous=None, response=(30, 100), n=30, unknown={}))
    )
    assert ask(alone, "sv") == [
        "Vet ej är vanligast om Portföljstyrning: 10 %. Vem vet, och vem skulle behöva veta?",
        "Bara 30 % har svarat: läs resultatet som deras bild, inte som allas. Vilka saknas, och vad skulle de säga?",
        "Vad hoppas ni ska ha ändrats till nästa mätning?",
    ]


@pytest.mark.parametrize(
    ("facts", "swedish", "english"),
    [
        (make_facts({OPEN_DATA: (-4.0, "none")}),
         "Öppna data ligger 4,0 procentenheter under andra kommuner, men skillnaden är inte säkerställd (osäkerhet −7,0 till −1,0).",
         "Open data is 4.0 percentage points below other municipalities, but the difference is not statistically significant "
         "(uncertainty −7.0 to −1.0)."),
        (make_facts({OPEN_DATA: (-4.0, "none")}, n=7, response=None),
         "Öppna data ligger 4,0 procentenheter under andra kommuner; svaren är för få för att säga om det är slump (osäkerhet −7,0 "
         "till −1,0).",
         "Open data is 4.0 percentage points below other municipalities; there are too few answers to say whether this is chance "
         "(uncertainty −7.0 to −1.0)."),
        (make_facts(group=None),
         "Portföljstyrning är 55,0 % (osäkerhet 50,5–59,5), bland det lägsta hos er.",
         "Portfolio management is 55.0% (uncertainty 50.5–59.5), among your lowest."),
        (make_facts(),
         "Portföljstyrning ligger 0,1 procentenheter över andra kommuner, mindre än på annat, men skillnaden är inte säkerställd "
         "(osäkerhet −2,9 till +3,1).",
         "Portfolio management is 0.1 percentage points above other municipalities, less than elsewhere, but the difference is not "
         "statistically significant (uncertainty −2.9 to +3.1)."),
    ],
)  # fmt: skip
def test_what_is_not_certain_says_so(facts, swedish, english):
    case = make_case(make_sources(facts))
    assert tell(case, "sv")[0][1] == swedish
    assert tell(case, "en")[0][1] == english


def test_what_was_done_takes_the_place_of_advice_and_what_came_to_nothing_does_not():
    def do(progress: str) -> str:
        plans = Plans((make_plan("shadow_it", progress, "Amnesti"),), ())
        return tell(replace(FULL, plans=plans), "sv")[0][2]

    assert [do(p) for p in ("done", "partly", "", "unknown", "no")] == [
        "Redan gjort: Amnesti", "Delvis gjort: Amnesti", "Planerat sedan tidigare: Amnesti", "Planerat sedan tidigare: Amnesti",
        "Råd: Råd om shadow_it.",
    ]  # fmt: skip


def test_of_initiatives_for_a_point_the_kind_that_helped_others_comes_first():
    near = make_initiative(2, "shadow_it", "technology", type="municipality", size="small", county="14")
    case = replace(FULL, initiatives=(near, *FULL.initiatives))
    assert [i.id for i in case.ordered()] == ["2", "1"]
    assert [i.id for i in replace(case, kinds=(make_evidence("process", 1),)).ordered()] == ["1", "2"]


def test_long_texts_of_ones_own_are_shortened_on_the_sheet():
    plan = make_plan("shadow_it", what="mycket " * 60)
    case = replace(FULL, plans=Plans((), (plan,)))
    done = tell(case, "sv")[0][2]
    assert len(done) < 220 and done.endswith(" …")


def test_the_sheet_has_lines_to_fill_in_and_nothing_of_it_is_markup():
    evil = make_plan("shadow_it", what="<script>x</script>", who='"><b>')
    html = write_sheet(replace(FULL, plans=Plans((), (evil,))).told(), {})
    assert "<script>" not in html and "<b>" not in html
    assert html.count("<tr>") == 1 + 3 + 2
    assert html.startswith('<div class="next-steps">')
    empty = make_case(make_sources(make_facts(hidden=list(make_facts().figures))))
    assert "Svaren är för få för att peka ut något att ta tag i." in write_sheet(empty.told(), {})


@pytest.mark.parametrize(
    ("helping", "label"),
    [
        ((), "Andra har gjort"), ((("point", "shadow_it"),), "Har hjälpt andra"), ((("kind", "process"),), "Har hjälpt andra"),
        # a point and a kind may have the same id
        ((("kind", "shadow_it"), ("point", "process")), "Andra har gjort"),
    ],
)  # fmt: skip
def test_what_has_helped_others_is_told_so_only_where_that_is_certain(helping, label):
    means = Means(initiatives=FULL.initiatives, helping=frozenset(helping))
    steps = choose_next_steps(FULL.facts, FULL.telling().ranked, FULL.weakness(), means)
    told = StepsTelling(steps, FULL.telling().narrator)
    assert told.others(steps.priorities[0])[0] == label
