"""Charts of groups: cells, rows and panels say what they are given, and what is hidden is seen to be."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from dimios_core.report.charts.colours import HATCH, INK, shade
from dimios_core.report.charts.group_rows import (
    BAND_LIMITS,
    draw_group_bars,
    draw_group_rows,
    make_group,
    make_group_bar,
)
from dimios_core.report.charts.heat import HeatRow, draw_heat
from dimios_core.report.charts.heat_sheet import HeatCell
from dimios_core.report.charts.lines import Line, Score, draw_group_lines
from dimios_core.report.charts.placing import wrap_words
from dimios_core.report.charts.rows import Row
from dimios_core.report.svg import draw_svg

SCORES = [HeatCell(52.4, "52", "45–59"), HeatCell(None, reason="too few")]
ROWS = [
    HeatRow("The whole", 0, [HeatCell(50.0, "50", "48–52"), HeatCell(60.0, "60", "58–62", certain=True)]),
    HeatRow("Some hidden", 1, SCORES),
    HeatRow("All hidden", 2, [HeatCell(None, reason="too few")] * 2),
    HeatRow("Two reasons", 1, [HeatCell(None, reason="too few"), HeatCell(None, reason="no answers")]),
]


def texts_of(figure: dict) -> list[str]:
    """Every text of a figure, drawn as SVG."""
    svg = ElementTree.fromstring(draw_svg(figure, title="t", description="d"))
    return [e.text or "" for e in svg.iter() if e.tag.endswith("text")]


def luminance(color: str) -> float:
    """Relative luminance after WCAG 2.1."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_number_is_legible_on_every_shade():
    for score in range(20, 81):
        light, dark = sorted((luminance(shade(score, 20, 80)), luminance(INK)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_higher_score_is_never_lighter():
    steps = [luminance(shade(s, 30, 70)) for s in range(20, 90)]
    assert steps == sorted(steps, reverse=True)
    assert shade(20, 30, 70) == shade(30, 30, 70)
    assert shade(80, 30, 70) == shade(70, 30, 70)


@pytest.mark.parametrize("narrow", [False, True])
def test_every_cell_has_its_number_or_a_dash_and_a_hidden_row_its_reason(narrow):
    texts = texts_of(draw_heat(ROWS, ["First", "Second"], (30, 70), narrow=narrow))
    for text in ("50", "48–52", "60", "52", "45–59"):
        assert text in texts
    assert texts.count("–") == 3  # one of the half hidden row, two of that with two reasons
    assert texts.count("too few") == 1  # in the place of the whole row


@pytest.mark.parametrize("narrow", [False, True])
def test_hidden_cells_are_hatched_and_never_filled(narrow):
    figure = draw_heat(ROWS, ["First", "Second"], (30, 70), narrow=narrow)
    shades = {shade(v, 30, 70) for v in (50.0, 60.0, 52.4)}
    filled = [s for s in figure["layout"]["shapes"] if s["fillcolor"] in shades]
    assert sum(s["path"].count("Z") for s in filled) == 3
    hatched = next(s for s in figure["layout"]["shapes"] if s["line"]["color"] == HATCH)
    assert hatched["path"].count("Z") == 4  # three cells and a row


def test_certain_cells_are_bold():
    svg = draw_svg(draw_heat(ROWS, ["First", "Second"], (30, 70), narrow=False), title="t", description="d")
    assert re.findall(r'font-weight="700">(\d+)<', svg) == ["60"]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("n", [2, 6, 7, 9])
def test_no_text_is_written_outside_the_map(narrow, n):
    names = ["Informationssäkerhet och integritet" if i == n - 1 else f"Mätpunkt {i}" for i in range(n)]
    rows = [HeatRow("Barn- och utbildningsförvaltningen", 2, [HeatCell(50.0, "50", "45–55")] * n)]
    figure = draw_heat(rows, names, (30, 70), narrow=narrow)
    width, height = figure["layout"]["width"], figure["layout"]["height"]
    svg = draw_svg(figure, title="t", description="d")
    for x, y in re.findall(r'<text x="([-\d.]+)" y="([-\d.]+)"', svg):
        assert 0 <= float(x) <= width
        assert 8 <= float(y) <= height + 1


def test_numbers_of_a_size_are_one_trace_and_plotly_takes_them():
    from plotly.graph_objects import Figure

    figure = draw_heat(ROWS, ["First", "Second"], (30, 70), narrow=False)
    fonts = [(t["textfont"]["size"], t["textfont"]["color"]) for t in figure["data"]]
    assert len(fonts) == len(set(fonts))
    assert len(Figure(figure).data) == len(figure["data"])


def test_texts_elsewhere_than_in_the_middle_are_not_drawn():
    figure = draw_heat(ROWS, ["First", "Second"], (30, 70), narrow=False)
    figure["data"][0]["textposition"] = "top left"
    with pytest.raises(ValueError, match="are not drawn"):
        draw_svg(figure, title="t", description="d")


# -- rows ----------------------------------------------------------------------------------------------

CERTAIN = make_group("A", 1, 8.0, 5.0, 11.0, "+8,0", certain=True)
CHANCE = make_group("B", 2, -2.0, -9.0, 5.0, "−2,0", filled=False)
HIDDEN = Row("Barn- och utbildningsförvaltningen med ett långt namn", reason="too few")


@pytest.mark.parametrize("narrow", [False, True])
def test_certain_differences_are_filled_and_bold_and_others_open(narrow):
    figure = draw_group_rows([CERTAIN, CHANCE, HIDDEN], (-20, 20), narrow=narrow)
    by_symbol = {t["marker"]["symbol"]: t["x"] for t in figure["data"]}
    assert by_symbol == {"circle": [8.0], "circle-open": [-2.0]}
    words = [a["text"] for a in figure["layout"]["annotations"]]
    assert "<b>+8,0</b>" in words
    assert "−2,0" in words
    assert "too few" in words
    bands = {(s["x0"], s["x1"]) for s in figure["layout"]["shapes"] if s["type"] == "rect"}
    assert {(5.0, 11.0), (-9.0, 5.0)} <= bands


@pytest.mark.parametrize("narrow", [False, True])
def test_differences_have_a_line_at_nothing_and_scores_have_none(narrow):
    def lines(scale: tuple[float, float]) -> list[tuple[float, float]]:
        shapes = draw_group_rows([CERTAIN], scale, narrow=narrow)["layout"]["shapes"]
        return [(s["x0"], s["x1"]) for s in shapes if s["type"] == "line"]

    assert lines((-20, 20)) == [(0, 0)]
    assert lines((0, 20)) == []


def test_bars_end_at_the_rate_in_whole_percent_and_the_lines_are_the_bands():
    figure = draw_group_bars([make_group_bar("A", 1, 38.6, "x"), HIDDEN], BAND_LIMITS, narrow=True)
    assert figure["layout"]["xaxis"]["tickvals"] == [0, 40, 60, 80, 100]
    bars = [s for s in figure["layout"]["shapes"] if s.get("x1") == 39]
    assert [(s["x0"], s["x1"]) for s in bars] == [(0, 39)]


@pytest.mark.parametrize("narrow", [False, True])
def test_long_names_take_lines_and_push_the_next_row_down(narrow):
    name = "Förvaltningen för barn och utbildning, kultur och fritid, natur, miljö och samhällsbyggnad"
    figure = draw_group_rows([make_group(name, 1, 1.0, 0.0, 2.0, "+1,0"), CHANCE], (-10, 10), narrow=narrow)
    names = [a for a in figure["layout"]["annotations"] if a["text"] in name or a["text"] == "B"]
    assert " ".join(a["text"] for a in names[:-1]) == name
    heights = [a["y"] for a in names]
    assert all(a - b >= 14 for a, b in pairwise(heights))


# -- panels and words ----------------------------------------------------------------------------------


def test_periods_without_a_score_are_left_open():
    scores = {
        "2023": Score(40.0, 35.0, 45.0, "40", ""),
        "2025": Score(44.0, 40.0, 48.0, "44", ""),
        "2026": Score(46.0, 42.0, 50.0, "46", ""),
    }
    periods = ["2023", "2024", "2025", "2026"]
    figure = draw_group_lines([Line("A", scores, certain=True)], periods, (30, 60), narrow=False)
    drawn = [t for t in figure["data"] if t["mode"] == "lines"]
    assert [len(t["x"]) for t in drawn] == [1, 2]
    assert "<b>46</b>" in [a["text"] for a in figure["layout"]["annotations"]]


def test_panels_are_fewer_across_where_a_name_is_long():
    def width(name: str) -> float:
        lines = [Line(n, {"2026": Score(40.0, 35.0, 45.0, "40", "")}) for n in (name, "B")]
        figure = draw_group_lines(lines, ["2025", "2026"], (30, 60), narrow=True)
        return max(a["x"] for a in figure["layout"]["annotations"] if a["text"] == "<b>B</b>")

    assert width("Kort") == 175
    assert width("Samhällsbyggnadsförvaltningen") == 0  # under the first


def test_words_are_kept_whole():
    assert wrap_words("a bb ccc", 4, 1) == ["a bb", "ccc"]
    assert wrap_words("Samhällsbyggnadsförvaltningen", 10, 7) == ["Samhällsbyggnadsförvaltningen"]
    assert wrap_words("", 10, 7) == [""]


def test_the_svg_centres_a_text_where_the_axis_says():
    figure = {
        "data": [
            {"type": "scatter", "mode": "text", "x": [30], "y": [0], "text": ["<b>a < b</b>"],
             "textposition": "middle center", "textfont": {"size": 20, "color": "#000"}},
        ],
        "layout": {"width": 220, "height": 120, "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
                   "xaxis": {"range": [20, 40]}, "yaxis": {"range": [-1, 1]}},
    }  # fmt: skip
    svg = draw_svg(figure, title="t", description="d")
    # halfway between 10 and 210, and 0.35 of the letter's height below halfway between 10 and 110
    assert '<text x="110" y="67" font-weight="700">a &lt; b</text>' in svg
