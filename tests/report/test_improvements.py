"""The page of suggestions: its charts, the order of initiatives, plans, and the worksheet."""

from __future__ import annotations

import base64
import io
import re
import shutil
from dataclasses import replace
from html import escape, unescape
from itertools import product

import openpyxl
import pandas as pd
import pytest

from dimios_core.published.store import load_results
from dimios_core.published.unnamed import UNNAMED, UNNAMED_OTHER
from dimios_core.published.writing import write_parquet
from dimios_core.report import Improvements
from dimios_core.report.figures import Comparison, Figure
from dimios_core.report.goals import Goal
from dimios_core.report.next_steps.initiatives import BEST_N, UNNAMED_END, Evidence, Initiative, pick_best
from dimios_core.report.next_steps.plans import Plan, find_follow_up
from dimios_core.report.pages.improvements.evidence import write_evidence
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import (
    find_evidence,
    find_initiatives,
    find_kinds,
    find_opening,
    find_outcome,
    find_plans,
    find_point_evidence,
)
from dimios_core.report.pages.improvements.initiatives import SHOWN_MAX, write_initiative, write_initiatives
from tests.notebooks.picking import pick_organisations
from tests.report.charting import check_chart
from tests.report.conftest import make_facts
from tests.report.every_page import list_sections, words_of

WHICH = ("typical", "small", "newcomer")
WORKSHEET_BYTES_MAX = 15_000


@pytest.fixture(scope="module")
def open_page(demo_outputs):
    results = demo_outputs / "results"
    organisations = pick_organisations(results)
    return lambda which, language: Improvements.open(
        organisations.get(which, which), "2026", language, str(results)
    )


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", WHICH)
def test_every_chart_knows_its_name_its_conclusion_and_its_table(open_page, which, language):
    charts = open_page(which, language).charts
    assert set(charts) == {"evidence", "kinds", *(["outcomes"] if which == "typical" else [])}
    for chart in charts.values():
        check_chart(chart)


def test_whatever_the_controls_choose_can_be_shown(open_page):
    piece = open_page("typical", "sv").initiatives()
    names = [c.name for c in piece.controls]
    assert names == ["category", "type", "size"]
    for chosen in product(*([v for _, v in c.options] for c in piece.controls)):
        words = re.sub(r"<[^>]+>", " ", piece.render(**dict(zip(names, chosen, strict=True))))
        assert not re.search(r"\b(None|nan)\b|\{\{", words), chosen


def test_a_choice_shows_just_what_it_says(open_page):
    page = open_page("typical", "sv")
    html = page.initiatives().render(category="innovation", type="region", size="*")
    titles = [unescape(t) for t in re.findall(r"<h[34]>(.*?)</h[34]>", html)]
    table = page.results.initiatives
    points = [p.id for p in page.facts.instrument.points if p.category == "innovation"]
    chosen = table[table["point"].isin(points) & (table["type"] == "region")]
    assert sorted(t for t in titles if t != "Fler initiativ") == sorted(chosen["title"])


def test_the_page_without_controls_holds_every_initiative(open_page):
    page = open_page("typical", "sv")
    table = page.results.initiatives
    others = table[table["organisation_name"] != "Almviks kommun"]
    assert len(others) < len(table)
    html = page.initiatives().html
    assert html.count('class="idea"') == len(others)
    # what comes first is for the weakest category
    weakest = page.improvements.weak_categories[0]
    assert page.improvements.initiatives[0].category == weakest


def test_contacts_and_names_stand_only_where_they_may(open_page):
    for language, unnamed in (("sv", "Kommun X"), ("en", "Municipality X")):
        html = open_page("typical", language).initiatives().html
        table = open_page("typical", language).results.initiatives
        hidden = table[table["organisation_name"] == "Kommun X"]
        assert len(hidden)
        assert (hidden["contact"] == "").all()
        assert html.count(unnamed) == len(hidden)
        shown = table[(table["contact"] != "") & (table["organisation_name"] != "Almviks kommun")]
        assert html.count('href="mailto:') == len(shown)


def test_every_word_for_somebody_unnamed_is_known():
    assert all(name.endswith(UNNAMED_END) for name in (*UNNAMED.values(), UNNAMED_OTHER))


def test_free_text_cannot_bring_markup_onto_the_page(open_page):
    page = open_page("typical", "sv")
    first = page.improvements.initiatives[0]
    evil = replace(
        first, title="<script>a</script>", contact='"><img src=x>', organisation_name="<b>", what="<i>"
    )
    page.__dict__["improvements"] = replace(page.improvements, initiatives=(evil,))
    html = page.initiatives().html
    assert "<script>" not in html
    assert "<img" not in html
    assert "<i>" not in html


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_worksheet_is_in_the_page_and_reads_back(open_page, tmp_path, demo_outputs, language):
    from dimios_core.actions.plans import read_plan
    from dimios_core.responses.store import ResponseStore

    page = open_page("typical", language)
    html = page.worksheet().html
    found = re.search(r'download="([^"]+\.xlsx)" href="data:[^;]+;base64,([^"]+)"', html)
    assert found
    assert len(found[2]) < WORKSHEET_BYTES_MAX
    assert len(re.findall(r"<li>", html.partition("</ol>")[0])) == 4
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(found[2])))
    sheet = book.worksheets[0]
    header = next(r[0].row for r in sheet.iter_rows() if r[3].value in ("Mätpunkt", "Measure point"))
    names = {p.id: p.name[language] for p in page.facts.instrument.points}
    weak = [names[f.key] for f in page.improvements.weak_points]
    assert [sheet.cell(header + 1 + i, 4).value for i in range(len(weak))] == weak
    for i in range(len(weak)):
        for column, value in ((1, "Gör"), (2, "Vi"), (3, "2027-03")):
            sheet.cell(header + 1 + i, column).value = value
    path = tmp_path / found[1]
    book.save(path)
    rows = read_plan(path, ResponseStore(demo_outputs).register(), page.facts.instrument)
    assert rows["point"].tolist() == [f.key for f in page.improvements.weak_points]
    assert set(rows["period"]) == {"2026"}


# -- plans and their outcome ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "measure_period", "measured", "follow_up"),
    [
        ("2025", "2026", ["2024", "2025", "2026"], "2026"),
        ("2025", "", ["2025", "2026", "2027"], "2026"),
        ("2025", "2026", ["2025", "2027"], "2027"),
        ("2025", "2027", ["2025", "2026"], None),
        ("2025-1", "", ["2025-1", "2025-2"], "2025-2"),
        ("2025", "2026", ["2025", "2026-1", "2026-2"], "2026-1"),
        ("2025", "2026-2", ["2025", "2026"], "2026"),
        ("2025", "", ["2025"], None),
    ],
)
def test_a_plan_is_followed_up_by_the_first_measurement_not_before_its_own(
    period, measure_period, measured, follow_up
):
    assert find_follow_up(period, measure_period, measured) == follow_up


def test_plans_are_followed_up_once(demo_outputs):
    def shown(period: str) -> tuple[int, int]:
        own = Improvements.open("almvik", period, "sv", str(demo_outputs / "results")).improvements
        return len(own.followed), len(own.open)

    plans = load_results("almvik", demo_outputs / "results").plans
    assert shown("2024") == (0, 0)
    earlier_n = int((plans["period"] == "2025").sum())
    assert 0 < earlier_n < len(plans)
    assert shown("2025") == (0, earlier_n)
    assert shown("2026") == (earlier_n, len(plans) - earlier_n)


def make_plan(certainty: str | None, point: str = "a") -> Plan:
    change = (
        Comparison("published", 4.0, 1.0, 7.0, certainty) if certainty else Comparison("suppressed_small")
    )
    level = Figure("point", point, "published", 50.0, 45.0, 55.0)
    return Plan("2025", "W", "V", "2025-11", point, "", "2026", level, level, change)


def make_own(**parts) -> ImprovementFacts:
    empty = ImprovementFacts("2026", (), (), (), {}, (), (), {})
    return replace(empty, **parts)


def kinds(findings) -> list[str]:
    return [f.kind.removeprefix("improve_") for f in findings]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["increase"], ["done_ask", "plans_up", "plans_caution"]),
        (["none"], ["done_ask", "plans_still", "plans_caution"]),
        (["unknown"], ["done_ask", "plans_still", "plans_caution"]),
        (["decrease", "increase"], ["done_ask", "plans_up", "plans_down", "plans_caution"]),
        ([None], ["done_ask", "plans_unknown", "plans_caution"]),
        ([None, "none"], ["done_ask", "plans_still", "plans_hidden", "plans_caution"]),
    ],
)
def test_the_outcome_is_told_as_the_change_is_published(words, kind):
    plans = tuple(make_plan(w, point=f"p{i}") for i, w in enumerate(words))
    assert kinds(find_plans(make_own(followed=plans), first=False)) == kind


FOLLOWED = (
    replace(make_plan("increase", "a"), progress="done"),
    replace(make_plan("decrease", "b"), progress="partly"),
    replace(make_plan("none", "c"), progress="no"),
    replace(make_plan("none", "d"), progress="unknown"),
    make_plan(None, "e"),
)


@pytest.mark.parametrize(
    ("language", "plans", "said"),
    [
        ("sv", FOLLOWED, "Ni planerade 5 saker: 1 är genomförd, 1 delvis och 1 inte; om 1 vet ni inte. För 1 av 5 saknas svar på om "
         "det blev gjort. Planen skulle påverka 5 mätpunkter. För 1 av 5 är ökningen säkerställd. För 1 är en minskning säkerställd. "
         "För 1 kan förändringen inte visas. Annat kan också ha påverkat dem, så läs det som en början på ett samtal."),
        ("en", FOLLOWED, "You planned 5 things: 1 is done, 1 partly and 1 not; of 1 you do not know. For 1 of 5 there is no answer on "
         "whether it was done. The plan should move 5 measure points. For 1 of 5 the rise is statistically significant. For 1 a fall is "
         "statistically significant. For 1 the change cannot be shown. Other things may have moved them, too, so read this as the start "
         "of a conversation."),
        ("sv", FOLLOWED[4:], "Ni planerade en sak. Blev den av, och vad gav den? Svaret saknas. Planen skulle påverka en mätpunkt. Om den "
         "har förändrats går inte att säga. Annat kan också ha påverkat dem, så läs det som en början på ett samtal."),
        ("en", (FOLLOWED[4], replace(FOLLOWED[2], progress="")), "You planned 2 things. Were they done, and what came of them? There is no "
         "answer yet for any of the 2. The plan should move 2 measure points. No rise is statistically significant. For 1 the change cannot "
         "be shown. Other things may have moved them, too, so read this as the start of a conversation."),
    ],
)  # fmt: skip
def test_whether_it_was_done_is_told_and_asked_before_what_has_moved(open_page, language, plans, said):
    narrator = open_page("typical", language).narrator
    assert narrator.tell_all(find_plans(make_own(followed=plans), first=False)) == said


def test_what_came_of_a_plan_stands_before_how_its_point_has_moved(open_page):
    words = with_plan(open_page("typical", "sv"), progress="done", outcome="Alla vet vem de ska fråga")
    places = [
        words.index(w)
        for w in ("Blev det gjort? Ja, genomfört.", "Vad det gav: Alla vet vem de ska fråga", "Mätpunkten: ")
    ]
    assert places == sorted(places)


def test_the_worksheet_to_follow_up_with_holds_the_whole_plan_of_its_period(
    open_page, tmp_path, demo_outputs
):
    from dimios_core.actions.plans import read_plan
    from dimios_core.responses.store import ResponseStore

    page = open_page("typical", "sv")
    html = page.plan_and_outcome().html
    ((name, data),) = re.findall(r'download="([^"]+)" href="data:[^;]+;base64,([^"]+)"', html)
    (tmp_path / name).write_bytes(base64.b64decode(data))
    rows = read_plan(tmp_path / name, ResponseStore(demo_outputs).register(), page.facts.instrument)
    stored = page.results.plans
    stored = stored[stored["period"] == "2025"]
    assert rows.drop(columns="organisation").to_dict("records") == stored[list(rows.columns[1:])].to_dict(
        "records"
    )


def test_no_leader_is_told_a_command(open_page):
    for language in ("sv", "en"):
        page = open_page("typical", language)
        words = " ".join(t for n in list_sections(type(page)) for t in words_of(getattr(page, n)().html))
        assert "dimios " not in words


def test_nothing_to_follow_up_says_why():
    assert kinds(find_plans(make_own(), first=True)) == ["plans_first"]
    assert kinds(find_plans(make_own(), first=False)) == ["plans_none"]
    assert kinds(find_plans(make_own(open=(make_plan(None),)), first=True)) == ["plans_open"]


def test_a_hidden_outcome_carries_its_reason():
    small = replace(make_plan(None), now=Figure("point", "a", "suppressed_small"))
    assert find_outcome(small).numbers == {"status": "suppressed_small"}
    gone = replace(make_plan(None), change=None, now=Figure("point", "a", "no_answers"))
    assert find_outcome(gone).numbers == {"status": "no_answers"}


def test_levels_without_a_change_between_them_are_told_as_levels():
    told = find_outcome(make_plan(None))
    assert told.kind == "improve_outcome_levels"
    assert told.numbers == {"before": 50.0, "now": 50.0, "low": 45.0, "high": 55.0, "since": "2025"}


# -- progress, kinds and goals -------------------------------------------------------------------------


def with_plan(page, **cells):
    """The page, with the first plan that it follows up changed."""
    own = page.improvements
    first, *others = own.followed
    page.__dict__["improvements"] = replace(own, followed=(replace(first, **cells), *others))
    return " ".join(words_of(page.plan_and_outcome().html))


@pytest.mark.parametrize(
    ("language", "progress", "said"),
    [("sv", "done", "Blev det gjort? Ja, genomfört."), ("sv", "partly", "Blev det gjort? Delvis."),
     ("sv", "no", "Blev det gjort? Nej."), ("sv", "unknown", "Blev det gjort? Det vet ni inte."),
     ("sv", "", "Blev det gjort? Svar saknas. Berätta gärna i arbetsbladet, också om ni inte vet."),
     ("en", "done", "Was it done? Yes."), ("en", "unknown", "Was it done? You do not know.")],
)  # fmt: skip
def test_how_far_a_plan_has_come_is_told(open_page, language, progress, said):
    assert said in with_plan(open_page("typical", language), progress=progress)


def test_kind_and_unit_of_a_plan_are_told_where_they_are_given(open_page):
    page = open_page("typical", "sv")
    unit = page.facts.organisation["units"][0]
    plain = {"kind": "", "unit": "", "progress": "", "consent": "no"}
    alone = replace(page.improvements, followed=page.improvements.followed[:1], open=())
    page.__dict__["improvements"] = alone
    words = with_plan(page, **plain | {"kind": "process", "unit": unit["id"]})
    assert f"Slag: arbetssätt · Enhet: {unit['name']}" in words
    assert "Läge:" not in words and "Får delas" not in words
    assert "Mätpunkten i hela organisationen:" in words
    assert "Får delas med länet" in with_plan(page, **plain | {"consent": "yes"})
    words = with_plan(page, **plain)
    assert "Slag:" not in words and "Enhet:" not in words and "Mätpunkten: " in words


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "finns inte längre i registret"), ("en", "no longer in the register")]
)
def test_a_unit_that_is_gone_is_not_the_whole_organisation(open_page, language, said):
    assert said in with_plan(open_page("typical", language), unit=".gone")


def test_the_kind_of_an_initiative_is_told(open_page):
    page = open_page("typical", "sv")
    kinds = page.results.initiatives["kind"]
    assert (kinds != "").all()
    assert "Innovationskultur · Kompetens · " in unescape(page.initiatives().html)


def test_kinds_that_nothing_is_known_of_have_no_chart(open_page):
    page = open_page("typical", "sv")
    few = tuple(replace(make_evidence(e.about, None)) for e in page.improvements.kinds)
    html = write_evidence(page.narrator, list(page.improvements.evidence.values()), few)
    assert page.narrator.say("improve.kinds_title") not in html
    assert "för inget slag av initiativ" in html


def test_what_is_known_of_kinds_is_weighed_as_points_are():
    known = (
        make_evidence("process", "increase", 4.0, 1),
        make_evidence("technology", "none"),
        make_evidence("procurement", None),
    )
    found = find_kinds(known)
    assert kinds(found) == ["kinds_up", "kinds_rest", "kinds_few", "kinds_association"]
    assert found[0].subject == (("kind", "process"),)
    assert kinds(find_kinds(())) == ["kinds_none"]


def test_a_kind_that_is_withheld_says_so(open_page):
    page = open_page("typical", "sv")
    first, *others = page.improvements.kinds
    hidden = Evidence(
        first.about, False, 9, Comparison("suppressed_complement"), Comparison("suppressed_complement"), None
    )
    assert "visas inte" in write_evidence(page.narrator, [], (hidden, *others))


def level(low: float | None, high: float | None, n: int | None = 40, status: str = "published") -> Figure:
    return Figure("category", "c", status, 60.0 if status == "published" else None, low, high, n=n)


@pytest.mark.parametrize(
    ("now", "value", "state"),
    [
        (level(60.0, 70.0), 60.0, "reached"),
        (level(59.9, 70.0), 60.0, "open"),
        (level(50.0, 60.0), 60.0, "open"),
        (level(50.0, 59.9), 60.0, "not_yet"),
        (level(60.0, 70.0, n=8), 60.0, "reached"),
        (level(60.0, 70.0, n=7), 60.0, "open"),
        (level(50.0, 59.9, n=7), 60.0, "open"),
        (level(None, None), 60.0, "open"),
        (level(None, None, None, "suppressed_small"), 60.0, "open"),
        (None, 60.0, "open"),
    ],
)
def test_a_goal_is_reached_where_the_whole_interval_is(now, value, state):
    assert Goal("category", "c", value, 2027, now).state == state


@pytest.mark.parametrize("language", ["sv", "en"])
def test_own_goals_are_listed_with_todays_level(open_page, tmp_path, language):
    published = open_page("typical", language).results
    for path in (published.root / "stamp.json", published.root / "public", published.folder):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, tmp_path / path.name)
    whole = published.rows("scores", period="2026", unit="*", role="*", level="category")[0]
    goals = [
        ("category", whole["key"], v, 2027) for v in (whole["ci_low"], whole["ci_high"] + 0.1, whole["score"])
    ]
    frame = pd.DataFrame(goals, columns=["level", "key", "value", "year"]).astype({"year": "Int64"})
    frame["year"] += pd.Series(range(3))
    write_parquet(frame, tmp_path / published.folder.name / "goals.parquet")
    page = Improvements.open(published.organisation, "2026", language, str(tmp_path))
    html = page.plan_and_outcome().html.partition(escape(page.narrator.say("improve.page.goals")))[2]
    items = [unescape(re.sub(r"<[^>]+>", "", t)) for t in re.findall(r"<li>(.*?)</li>", html)]
    say, number = page.narrator.say, page.narrator.number
    assert len(items) == 3
    for item, goal, state in zip(items, goals, ("reached", "not_yet", "open"), strict=True):
        assert item.startswith(f"{page.narrator.name(*goal[:2])}: {number.percent(goal[2])}")
        assert number.score(whole["score"]) in item and number.score(whole["ci_low"]) in item
        assert item.endswith(say(f"improve.goals.{state}"))


def test_without_goals_nothing_is_said_of_them(open_page):
    page = open_page("typical", "sv")
    page.__dict__["improvements"] = replace(page.improvements, goals=())
    assert "Egna mål" not in page.plan_and_outcome().html


# -- evidence, initiatives, opening --------------------------------------------------------------------


def make_evidence(point: str, certainty: str | None, value: float = 3.0, rank: int | None = None) -> Evidence:
    if certainty is None:
        return Evidence(point, False, 2, Comparison("too_few"), Comparison("too_few"), None)
    shown = Comparison("published", value, value - 2, value + 2, certainty)
    return Evidence(point, True, 9, shown, shown, rank)


def test_evidence_ranks_and_says_what_is_not_known():
    known = {
        "a": make_evidence("a", "increase", 3.0, 2),
        "b": make_evidence("b", "increase", 5.0, 1),
        "c": make_evidence("c", "none", -1.0),
        "d": make_evidence("d", None),
    }
    found = find_evidence(list(known.values()))
    assert kinds(found) == ["evidence_up", "evidence_rest", "evidence_few", "evidence_association"]
    assert [k for _, k in found[0].subject] == ["b", "a"]
    assert found[2].numbers == {"few_n": 1, "of_n": 4}
    assert kinds(find_evidence([known["d"]])) == ["evidence_none"]
    assert kinds(find_evidence([known["c"]]))[0] == "evidence_still"
    fallen = [make_evidence("c", "decrease", -4.0), make_evidence("e", "none")]
    assert kinds(find_evidence(fallen))[:2] == ["evidence_down", "evidence_rest"]


@pytest.mark.parametrize(("certainty", "kind"), [("increase", "up"), ("decrease", "down"), ("none", "none")])
def test_what_is_known_of_a_point(certainty, kind):
    assert find_point_evidence(make_evidence("a", certainty), "a").kind == f"improve_known_{kind}"


def make_initiative(number: int, point: str, title: str = "") -> Initiative:
    return Initiative(
        str(number), point, "c1", title or f"T{number}", "W", "E", "2025-01", "region", "large", "", "Region X", ""
    )  # fmt: skip


def test_the_best_are_few_and_varied():
    many = [make_initiative(i, "a") for i in range(5)] + [
        make_initiative(9, "b", "T"),
        make_initiative(10, "b", "T"),
    ]
    assert [i.id for i in pick_best(many)] == ["0", "1", "9"]
    assert len(pick_best([make_initiative(i, f"p{i}") for i in range(BEST_N + 1)])) == BEST_N


def test_of_more_initiatives_than_a_page_has_room_for_each_point_shows_as_many(open_page):
    page = open_page("typical", "en")
    names = [p.id for p in page.facts.instrument.points]
    many = [make_initiative(100 * k + i, p) for k, p in enumerate(names) for i in range(12)]
    html = write_initiatives(page.narrator, many, {i.id: write_initiative(page.narrator, i) for i in many})
    each = [len(re.findall('class="idea"', folded)) for folded in re.findall("<details>.*?</details>", html)]
    best_n, most = len(pick_best(many)), SHOWN_MAX // len(names)
    assert each == [most] * len(names) and most < 12 - 1
    rest_n = 12 * len(names) - best_n  # the others stand above
    told = [int(n) for n in re.findall(rf"\((\d+), {most} shown\)", html)]
    assert len(told) == len(names) and sum(told) == rest_n
    assert f"<p>{rest_n - sum(each)} more initiatives have no room here." in html


def test_choices_are_counted():
    one, two = make_initiative(1, "a"), make_initiative(2, "b")
    own = make_own(initiatives=(one, two))
    assert find_initiatives(own, [one, two]).kind == "improve_initiatives_all"
    assert find_initiatives(own, [one]).numbers == {"chosen_n": 1, "of_n": 2}
    assert find_initiatives(own, []).kind == "improve_initiatives_empty"
    assert find_initiatives(make_own(), []).kind == "improve_initiatives_none"


def test_after_what_to_deal_with_first_stands_the_advice_of_the_quadrant():
    facts = make_facts({"a": (40.0, 0.0), "b": (45.0, 0.0)}, {"b": (-5.0, "decrease")})
    weak = tuple(facts.figures["point", k] for k in ("b", "a"))
    assert kinds(find_opening(facts, make_own(weak_points=weak))) == ["quadrant"]
    plain = make_facts({"a": (40.0, 0.0)}, position=None)
    assert find_opening(plain, make_own(weak_points=(plain.figures["point", "a"],))) == []
    assert kinds(find_opening(plain, make_own())) == ["nothing_weak"]


def test_results_without_initiatives_evidence_advice_and_answers_read_well(open_page, tmp_path):
    published = open_page("small", "sv").results
    for path in (published.root / "stamp.json", published.root / "public", published.folder):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, tmp_path / path.name)
    results = load_results(published.organisation, tmp_path)
    hidden = dict.fromkeys(("score", "ci_low", "ci_high", "n"), float("nan"))
    frames = {
        "scores": results.scores.assign(status="suppressed_small", **hidden),
        "gaps": results.gaps.iloc[:0],
        "regions": results.regions.assign(status="suppressed_small", placement="unplaced"),
    }
    for name, frame in frames.items():
        write_parquet(frame, results.folder / f"{name}.parquet")
    for name in ("initiatives", "evidence", "evidence_kinds"):
        write_parquet(getattr(results, name).iloc[:0], tmp_path / "public" / f"{name}.parquet")
    (tmp_path / "public" / "advice.json").unlink()
    page = Improvements.open(published.organisation, "2026", "sv", str(tmp_path))
    words = " ".join(t for n in list_sections(type(page)) for t in words_of(getattr(page, n)().html))
    assert page.charts == {}
    assert "Vad som är svagast går inte att peka ut" in words
    assert "Inga initiativ har rapporterats ännu" in words
    assert "Det finns ännu för få jämförelser" in words
    assert not re.search(r"\b(None|nan)\b", words)
    assert pd.notna(page.facts.lead.status)


# -- whom to ask ---------------------------------------------------------------------------------------

HELP = {
    "name": {"sv": "Stödet <b>", "en": "Support <b>"},
    "about": {"sv": "Hjälper er.", "en": "Helps you."},
    "email": "help@county.example",
    "phone": "+46 8-12 34 56",
    "link": {"sv": "https://county.example/stod?a=1&b=2", "en": "https://county.example/en"},
}


def with_help(open_page, language: str, **given):
    page = open_page("typical", language)
    page.results.__dict__["expert_help"] = given
    return page.next_steps().html


@pytest.mark.parametrize("language", ["sv", "en"])
def test_who_helps_and_every_way_to_reach_them_is_shown(open_page, language):
    html = with_help(open_page, language, **HELP)
    assert escape(HELP["name"][language]) in html and HELP["about"][language] in html
    links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)
    assert [tuple(map(unescape, link)) for link in links] == [
        ("mailto:help@county.example", "help@county.example"),
        ("tel:+468123456", "+46 8-12 34 56"),
        (HELP["link"][language], HELP["link"][language].removeprefix("https://")),
    ]


def test_what_is_not_given_is_not_shown(open_page):
    html = with_help(open_page, "sv", **HELP | {"about": {}, "phone": "", "link": {}})
    assert "mailto:" in html
    assert not re.search(r"tel:|Telefon|Webbplats|https:", html.partition("Vill ni ha hj")[2])
    assert "Vill ni ha hj" not in with_help(open_page, "sv")
