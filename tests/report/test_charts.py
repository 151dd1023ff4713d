"""Charts: the marks lie where the published figures say, and every chart has its name, conclusion and table."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree

import pytest

from dimios_core.report.charts.parts import list_ellipse
from dimios_core.report.svg import draw_svg

WHICH = ("typical", "small", "newcomer")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", WHICH)
def test_every_chart_knows_its_name_its_conclusion_and_its_table(open_demo, which, language):
    charts = open_demo(which, language).charts
    # the small one and the new one have no earlier years
    earlier = {"slopes", "category_history"} if which == "typical" else set()
    assert set(charts) == {"quadrant", "categories", "points", "dont_know", "history"} | earlier
    for chart in charts.values():
        assert chart.name
        assert chart.conclusion.endswith(".")
        assert "<caption>" in chart.table
        for form in (chart.wide, chart.narrow):
            svg = ElementTree.fromstring(draw_svg(form, title=chart.name, description=chart.conclusion))
            texts = [e.text for e in svg if e.tag.endswith(("title", "desc"))]
            assert texts == [chart.name, chart.conclusion]
            assert svg.get("role") == "img"


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("which", WHICH)
def test_the_rows_mark_the_published_scores_and_intervals(open_demo, which, narrow):
    report = open_demo(which, "sv")
    chart = report.charts["points"]
    figure = chart.narrow if narrow else chart.wide
    shown = [f for f in report.facts.of_level("point") if f.published]
    marked = {t["marker"]["symbol"]: t["x"] for t in figure["data"]}
    assert sorted(marked["circle"]) == sorted(f.score for f in shown)
    bands = {(s["x0"], s["x1"]) for s in figure["layout"]["shapes"]}
    assert bands == {(f.low, f.high) for f in shown}
    references = [
        g.reference for k, g in report.facts.gaps.items() if k[0] == "point" and g.reference is not None
    ]
    assert sorted(marked.get("line-ns", [])) == sorted(references)


def test_the_svg_puts_a_mark_where_the_axis_says():
    figure = {
        "data": [
            {"type": "scatter", "mode": "markers", "x": [30], "y": [0],
             "marker": {"symbol": "circle", "size": 10, "color": "#000"}},
        ],
        "layout": {"width": 220, "height": 120, "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
                   "xaxis": {"range": [20, 40]}, "yaxis": {"range": [-1, 1]}},
    }  # fmt: skip
    svg = draw_svg(figure, title="t", description="d")
    assert '<circle cx="110" cy="60" r="5"' in svg  # halfway between 10 and 210, and between 110 and 10


def test_names_are_escaped():
    figure = {
        "data": [],
        "layout": {"width": 10, "height": 10, "margin": dict.fromkeys("lrtb", 0), "xaxis": {"range": [0, 1]},
                   "yaxis": {"range": [0, 1]},
                   "annotations": [{"text": "<script>", "x": 0, "y": 0, "showarrow": False}]},
    }  # fmt: skip
    svg = draw_svg(figure, title="<b>", description="&")
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


@pytest.mark.parametrize(
    "part",
    [
        {"data": [{"type": "bar", "x": [1], "y": [1]}]},
        {"data": [{"type": "scatter", "mode": "markers", "x": [1], "y": [1], "marker": {"symbol": "star", "size": 1, "color": "#000"}}]},
        {"shapes": [{"type": "circle", "x0": 0, "x1": 1, "y0": 0, "y1": 1}]},
        {"annotations": [{"text": "a", "x": 0, "y": 0}]},
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_an_error_and_does_not_vanish(part):
    layout = {
        "width": 10,
        "height": 10,
        "margin": dict.fromkeys("lrtb", 0),
        "xaxis": {"range": [0, 1]},
        "yaxis": {"range": [0, 1]},
    }
    layout |= {k: v for k, v in part.items() if k != "data"}
    with pytest.raises(ValueError, match=r"are not drawn"):
        draw_svg({"data": part.get("data", []), "layout": layout}, title="t", description="d")


def test_an_ellipse_reaches_its_half_widths_and_stays_on_the_scale():
    corners = list_ellipse(50, 60, 10, 4, 0, 0, 100)
    assert max(x for x, _ in corners) == pytest.approx(60)
    assert max(y for _, y in corners) == pytest.approx(64)
    assert max(x for x, _ in list_ellipse(95, 50, 10, 4, 0, 0, 100)) == 100


def test_suppressed_figures_say_why_in_their_place(open_demo):
    report = open_demo("small", "sv")
    hidden = [f for f in report.facts.of_level("point") if not f.published]
    assert hidden
    texts = [a["text"] for a in report.charts["points"].wide["layout"]["annotations"]]
    for figure in hidden:
        assert report.narrator.say(f"status.{figure.status}") in texts


def test_jupyterlab_shows_a_chart_with_plotly_between_its_words_and_its_table(open_demo, monkeypatch):
    from plotly.graph_objects import Figure

    for chart in open_demo("typical", "sv").charts.values():
        shown = []
        monkeypatch.setattr("IPython.display.display", lambda data, *, raw, shown=shown: shown.append(data))
        chart._ipython_display_()
        words, drawn, below = shown
        figure = Figure(drawn["application/vnd.plotly.v1+json"])  # plotly validates every part
        assert len(figure.data) == len(chart.wide["data"])
        assert escape(chart.name) in words["text/html"] and escape(chart.conclusion) in words["text/html"]
        assert escape(chart.key) in below["text/html"] and chart.table in below["text/html"]


def test_charts_show_themselves_and_a_wrong_name_is_told_the_right_one(open_demo):
    charts = open_demo("typical", "sv").charts
    assert [line.split("  ")[0] for line in repr(charts).splitlines()] == [
        f'report.charts["{name}"]' for name in charts
    ]
    for chart in charts.values():
        assert escape(chart.name) in charts._repr_html_() and chart.name in repr(charts)
    with pytest.raises(KeyError, match="did you mean 'categories'"):
        charts["categorys"]
