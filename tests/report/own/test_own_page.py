"""An own page shows published figures beside their names, and refuses all others where they stand."""

from __future__ import annotations

import os
import re
import shutil
from functools import partial
from html import unescape

import pandas as pd
import plotly.express as px
import pyarrow.parquet as pq
import pytest

from dimios_core.errors import InputError
from dimios_core.published.fingerprint import fingerprint_group, fingerprint_organisation
from dimios_core.published.shaping import shape_table
from dimios_core.published.writing import write_published
from dimios_core.report import OurResult, OwnPage
from dimios_core.restricted import note_opened
from tests.notebooks.reading import captioned, tables_of, written
from tests.report.charting import check_chart
from tests.report.own.making import SENTENCE, make_figures, open_own, pick, show_all


@pytest.fixture(scope="module")
def results(demo_outputs):
    return demo_outputs / "results"


@pytest.fixture
def report(results) -> OwnPage:
    return open_own(results)


def published(results, **wanted) -> list[dict]:
    rows = pq.read_table(results / "organisation=almvik" / "scores.parquet").to_pylist()
    wanted = {"period": "2026", "unit": "*", "role": "*"} | wanted
    return [r for r in rows if wanted.items() <= r.items()]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_frame_is_a_table_in_the_readers_language(results, language):
    report = open_own(results, language=language)
    now = report.published.scores.query(
        "unit == '*' and role == '*' and level == 'category' and period == '2026'"
    )
    piece = report.section("Tabell", SENTENCE, now[["key", "score", "ci_low", "n"]])
    ((titles, rows),) = tables_of(piece.html)
    assert titles == {
        "sv": ["Kategori", "Resultat", "Från", "Svar"], "en": ["Category", "Result", "From", "Answers"],
    }[language]  # fmt: skip
    names = {c.id: c.name[language] for c in report.published.instrument.categories}
    expected = [
        [names[r["key"]], written(r["score"], language), written(r["ci_low"], language), str(r["n"])]
        for r in published(results, level="category")
    ]
    assert rows == expected


def test_every_kind_of_figure_is_a_whole_chart_that_says_what_is_published(results):
    report = show_all(results)
    assert len(report.charts) == 7
    for chart in report.charts.values():
        check_chart(chart)
        assert chart.conclusion == SENTENCE
    for r in published(results, level="category"):
        name = next(c.name["sv"] for c in report.published.instrument.categories if c.id == r["key"])
        score = written(r["score"], "sv")
        interval = f"{written(r['ci_low'], 'sv')}–{written(r['ci_high'], 'sv')}"
        told = {
            chart.id: {row[0]: row[1:] for row in tables_of(chart.table)[0][1]}
            for chart in report.charts.values()
        }
        assert told["bars-2"][name] == [score]
        assert told["lying-bars-2"][name] == told["marks-2"][name] == [score, interval]
        assert told["counts-2"][name] == [str(r["n"])]
        assert told["series-2"][name][1] == told["grouped-bars-2"][name][1] == score
        texts = [a["text"] for a in report.charts["marks-2"].narrow["layout"]["annotations"]]
        assert name in texts and score in texts
        bars = [s for s in report.charts["bars-2"].wide["layout"]["shapes"] if s["type"] == "rect"]
        assert r["score"] in [s["x1"] for s in bars if s["x0"] == 0]


def test_a_number_that_is_computed_or_stands_elsewhere_is_refused(report):
    now = pick(report, "category").query("period == '2026'")
    turned = now.assign(score=now["score"].to_numpy()[::-1])  # published numbers, each beside another's name
    for wrong in (now.assign(score=now["score"] / 2), turned):
        with pytest.raises(InputError, match="column score: this stands so in no published table"):
            report.section("Tabell", SENTENCE, wrong[["key", "score"]])
        with pytest.raises(InputError, match=r"part 2: this stands so in no published table .+: \w+: "):
            report.section("Figur", SENTENCE, px.bar(wrong, x="key", y="score"))
    with pytest.raises(InputError, match="'half' is a column of no published table"):
        report.section("Tabell", SENTENCE, now.assign(half=now["score"] / 2)[["key", "half"]])
    wide = px.scatter(
        now.assign(above=now["above"] + 0.1), x="score", y="key", error_x="above", error_x_minus="below"
    )
    with pytest.raises(InputError, match="part 2: this stands so in no published table"):
        report.section("Figur", SENTENCE, wide)


def test_a_number_of_a_table_that_was_not_opened_is_refused(results):
    report, scores = open_own(results), pd.DataFrame(published(results, level="category"))
    trends = pq.read_table(results / "organisation=almvik" / "trends.parquet").to_pandas()
    trends = trends[(trends["status"] == "published") & (trends["level"] == "category")].head(3)
    report.section("Tabell", SENTENCE, scores[["key", "score"]])  # the page itself is built around the scores
    column = next(c for c in trends.columns if c.startswith("slope"))
    with pytest.raises(InputError, match="of no published table that was opened"):
        report.section("Tabell", SENTENCE, trends[["key", column]])
    _ = report.published.trends
    assert "<table" in report.section("Tabell", SENTENCE, trends[["key", column]]).html


@pytest.mark.parametrize(
    ("words", "strange"),
    [
        ("Vi ligger på 47,77 procent.", "47,77"),
        ("Hela 777 svarade, av 1\u00a0234.", "777; 1\u00a0234"),
        ("År 1999 var det annat.", "1999"),
    ],
)
def test_numbers_in_words_have_to_be_published(report, words, strange):
    with pytest.raises(InputError, match=strange):
        report.section("Rubrik", words)
    with pytest.raises(InputError, match=strange):
        report.opening(words)
    with pytest.raises(InputError, match=strange):
        report.how_to_read(words)


def test_published_numbers_periods_and_the_scale_may_be_told(report, results):
    row = report.published.scores.query("period == '2026' and unit == '*' and role == '*'").iloc[0]
    told = report.say("År 2026 var det {score} procent.", row)
    words = f"Skalan är 0–100. {told} Intervallet är på 95 %, av K2."
    assert unescape(report.section("Rubrik", words).html).count(words) == 1
    typed = re.search(r"\d+,\d", told)[0]
    with pytest.raises(InputError, match=f"typed and not taken from a published row: {typed}"):
        report.section("Rubrik", f"Politikerna ligger på {typed} procent.")


def test_a_number_that_only_contains_a_said_one_is_typed(report):
    row = report.published.scores.query("period == '2026' and unit == '*' and role == '*'").iloc[0]
    said = report.say("{n}", row)
    report.section("Rubrik", f"Så många svarade: {said}.")
    for typed in (f"{said},3", f"1{said}", f"{said}1", f"9,{said}"):
        with pytest.raises(InputError, match=f"typed and not taken from a published row: {typed}"):
            report.section("Rubrik", f"Så många svarade: {typed} procent.")


def test_a_figure_beside_a_label_of_ones_own_is_refused(report):
    """Nearly every number of one decimal is published somewhere: a label has to say where."""
    now = report.published.scores.query(
        "period == '2026' and unit == '*' and role == '*' and level == 'point'"
    )
    labelled = now.assign(key="Omr. " + report.named(now)["key"])
    with pytest.raises(
        InputError, match="none of the names that published tables which were opened are about"
    ):
        report.section("Rubrik", SENTENCE, px.bar(labelled, x="score", y="key", orientation="h"))
    with pytest.raises(InputError, match="none of the names"):
        report.section("Rubrik", SENTENCE, px.line(now.head(1), x="period", y="score"))
    for frame in (now[["score"]], now[["period", "score"]], now[["level", "score"]].assign(whom="Politiker")):
        with pytest.raises(InputError, match="nothing says what the numbers of 'score' are about"):
            report.section("Rubrik", SENTENCE, frame)
    with pytest.raises(InputError, match="say, column score: this stands so in no published table"):
        report.say("{key}: {score}", now.assign(score=12.34).iloc[0])


def test_a_notebook_that_has_opened_answers_makes_no_page(report, monkeypatch):
    monkeypatch.setattr("dimios_core.report.own.own_page._is_notebook", lambda: True)
    monkeypatch.setattr("dimios_core.restricted._opened", {})
    report.opening("Ord.")
    note_opened("answers")
    for show in (report.opening, partial(report.section, "Rubrik"), report.how_to_read):
        with pytest.raises(InputError, match="it has opened answers, which no reader may see"):
            show("Ord.")


def test_all_problems_of_a_section_come_at_once(report):
    now = pick(report, "category")
    with pytest.raises(InputError) as raised:
        report.section(
            "Rubrik 777",
            px.pie(now, names="key", values="score"),
            5,
            now.iloc[:0],
            px.bar(now, x="key", y="n"),
        )
    places = [problem.place for problem in raised.value.problems]
    assert places == ["section 'Rubrik 777'", *(f"section 'Rubrik 777', part {i}" for i in (1, 2, 3, 4))]


def test_a_figure_needs_the_sentence_that_it_shows(report):
    figure = make_figures(report)["bars"]
    with pytest.raises(InputError, match="no sentence that says what the chart shows"):
        report.section("Figur", figure)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda now: px.scatter(now.assign(v=now["score"]), x="v", y="key", color="period", error_x="above"), "intervals of several"),
        (lambda now: px.line(now.query("period == '2026'"), x="key", y="df"), "lines are drawn of percent"),
    ],
)  # fmt: skip
def test_what_a_kind_of_chart_cannot_show_is_refused(report, monkeypatch, change, reason):
    monkeypatch.setattr(report._known, "find_in_plot", lambda *_: [])
    now = pick(report, "category").assign(df=[1000.0 + i for i in range(len(pick(report, "category")))])
    with pytest.raises(InputError, match=reason):
        report.section("Figur", SENTENCE, change(now))


def test_a_chart_of_another_page_is_shown_as_it_is(report):
    chart = OurResult(report.published, "2026", "sv").charts["categories"]
    html = report.section("Lånad", SENTENCE, chart).html
    assert f'<figure class="chart" id="{chart.id}">' in html and chart.table in html


def test_it_tells_whose_it_is_and_what_it_was_made_of(results):
    about = open_own(results).opening(SENTENCE).metadata["dimios"]
    assert (about["owner"], about["period"], about["language"]) == ("almvik", "2026", "sv")
    assert about["fingerprint"] == fingerprint_organisation(results, "almvik", "2026")
    report = open_own(results)
    _ = report.published.benchmarks
    assert "public/benchmarks.parquet" in report.section("Rubrik", SENTENCE).metadata["dimios"]["reads"]


@pytest.mark.parametrize(("county", "group"), [("", "all"), ("14", "county:14")])
def test_it_may_be_about_many(results, county, group):
    report = OwnPage("Länet", period="2026", results=str(results), county=county)
    about = report.opening().metadata["dimios"]
    assert about["owner"] == "_consortium" and about.get("county", "") == county
    assert about["fingerprint"] == fingerprint_group(results, group, "2026")
    with pytest.raises(AttributeError):
        _ = report.published.scores  # an organisation's own


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"organisation": "almvk"}, "did you mean almvik"),
        ({"organisation": "almvik", "county": "14"}, "organisation and county are both given"),
        ({"county": "99"}, "county '99' are not shown together.+\n.+choose among: 01"),
        ({"title": " "}, "title: it is empty"),
        ({"period": "1999"}, "no public results for '1999'"),
        ({"language": "de"}, "no texts in 'de'"),
    ],
)
def test_what_it_cannot_be_about_is_told(results, given, reason):
    with pytest.raises(InputError, match=reason):
        OwnPage(**{"title": "Teknik", "period": "2026", "results": str(results)} | given)


def test_words_and_names_are_text_whatever_they_hold(results):
    hostile = "<script>alert()</script>"
    report = OwnPage(hostile, "almvik", "2026", "sv", str(results))
    now = pick(report, "category").query("period == '2026'").assign(remark=hostile)
    figure = px.bar(now, x="key", y="score", title=hostile, labels={"key": hostile, "score": hostile})
    pieces = [
        report.opening(hostile),
        report.section(hostile, hostile, hostile, figure, now[["key", "remark", "score"]]),
    ]
    assert not re.search(r"<script(?! type=\"application/json\")", "".join(p.html for p in pieces))
    assert captioned(pieces[1].html).keys() == {hostile}


def test_it_shows_what_can_be_called_and_its_charts(results):
    report = show_all(results)
    assert "report.section(title, *parts)" in repr(report)
    assert 'report.charts["marks-2"]' in repr(report) and "report.opening(*words)" in report._repr_html_()


def test_a_section_that_no_cell_shows_is_refused_at_the_end(report, monkeypatch):
    first, _ = report.section("Visas", "Ord."), report.section("Glöms", "Ord.")
    report.how_to_read()  # a plain script shows nothing
    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr("dimios_core.restricted._opened", {})  # by other tests of this process
    first._repr_mimebundle_()
    with pytest.raises(InputError, match="Glöms") as refused:
        report.how_to_read()
    assert [p.place for p in refused.value.problems] == ["section 'Glöms'"]
    report.section("Glöms", "Andra ord.")._repr_mimebundle_()
    report.how_to_read()


def test_a_sentence_takes_names_and_numbers_from_published_rows(report, results):
    high, low = (f(published(results, level="category"), key=lambda r: r["score"]) for f in (max, min))
    frame = report.published.scores.query(
        "unit == '*' and role == '*' and level == 'category' and period == '2026'"
    ).sort_values("score")
    names = {c.id: c.name["sv"] for c in report.published.instrument.categories}
    told = report.say(
        "Högst är {high.key}, {high.score} procent av {high.n} svar; lägst {low.key}.",
        high=frame.iloc[-1],
        low=frame.iloc[[0]],
    )
    score = f"{high['score']:.1f}".replace(".", ",")
    assert (
        told
        == f"Högst är {names[high['key']]}, {score} procent av {high['n']} svar; lägst {names[low['key']]}."
    )
    assert told in unescape(report.section("Vad?", told).html)
    assert report.say("{ci_low}–{ci_high}", frame.iloc[0]).count(",") == 2


@pytest.mark.parametrize("text", ["{mean}", "{score:.3f}", "{score!r}", "{0}", "{score.real}"])
def test_a_sentence_takes_nothing_else(report, text):
    row = report.published.scores.iloc[0]
    with pytest.raises(InputError, match="no row has it"):
        report.say(text, row)
    with pytest.raises(InputError, match="rows"):
        report.say("{score}", report.published.scores)


def test_a_figure_tells_its_unit(results):
    report = open_own(results)
    made = make_figures(report)
    for kind, unit in (("bars", "procent av skalan"), ("counts", "antal"), ("series", "procent av skalan")):
        report.section(kind, SENTENCE, made[kind])
        assert report.charts[f"{kind}-2"].key.endswith(f"Enhet: {unit}."), kind


def test_figures_of_a_model_are_written_as_published_and_named(results, tmp_path):
    store = tmp_path / "results"
    shutil.copytree(results, store, copy_function=os.link)
    category = open_own(results).published.instrument.categories[0]
    told = {"alpha": 0.777, "alpha_low": 0.763, "alpha_high": 0.791, "n": 2300.0}
    rows = [
        {"finding": "alfa", "thing": thing, "quantity": quantity, "value": value}
        for thing in (category.id, "rolet")
        for quantity, value in told.items()
    ]
    write_published("model_findings", shape_table("model_findings", rows), store / "public")
    report = open_own(store)
    frame = report.published.model_findings
    html = unescape(report.section("Alfa", SENTENCE, frame[["thing", "quantity", "value"]]).html)
    for words in (category.name["sv"], "rolet", "alfa", "0,777", "0,763", "2\u00a0300"):
        assert f">{words}<" in html, words
    assert report.say("{thing}: {quantity} {value}", frame.iloc[0]) == f"{category.name['sv']}: alfa 0,777"
    alphas = report.named(frame.query("quantity != 'n' and thing == @category.id"))
    report.section("Figur", SENTENCE, px.scatter(alphas, x="value", y="quantity"))
    assert ">0,777<" in report.charts["figur-2"].table and "%" not in report.charts["figur-2"].table
