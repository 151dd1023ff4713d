"""A plotly figure is read as what it shows, and what a page would lose of it is refused with its reason."""

from __future__ import annotations

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest

from dimios_core.errors import InputError
from dimios_core.report.own.figure_properties import LOOKS, READ
from dimios_core.report.own.plot import Plot, Series
from dimios_core.report.own.plotly_figures import read_figure

FRAME = pd.DataFrame(
    {
        "name": ["A", "B"],
        "value": [47.7, 50.1],
        "above": [1.0, 2.0],
        "below": [0.5, 0.25],
        "year": [2025, 2026],
    }
)
LONG = pd.DataFrame({"name": ["A", "B", "A", "B"], "value": [1.0, 2.0, 3.0, 4.0], "of": ["x", "x", "y", "y"]})


def read(figure: go.Figure) -> Plot:
    return read_figure(figure, "here")


def test_bars_are_read_from_the_left_and_lying_ones_as_they_stand():
    upright = read(px.bar(FRAME, x="name", y="value", title="T", labels={"value": "V", "name": "N"}))
    assert upright == Plot("bars", ("A", "B"), (Series("", (47.7, 50.1)),), "T", "N", "V")
    lying = read(px.bar(FRAME, x="value", y="name", orientation="h"))
    assert (lying.names, lying.series[0].values) == (
        ("B", "A"),
        (50.1, 47.7),
    )  # plotly's first lies at the bottom
    turned = px.bar(FRAME, x="value", y="name", orientation="h").update_yaxes(autorange="reversed")
    assert read(turned).names == ("A", "B")


def test_an_interval_is_where_its_error_bars_end():
    plot = read(px.scatter(FRAME, x="value", y="name", error_x="above", error_x_minus="below"))
    assert (plot.kind, plot.names) == ("marks", ("B", "A"))
    assert plot.series == (Series("", (50.1, 47.7), (49.85, 47.2), (52.1, 48.7)),)
    alike = read(px.scatter(FRAME, x="name", y="value", error_y="above"))
    assert (alike.series[0].low, alike.series[0].high) == ((46.7, 48.1), (48.7, 52.1))


def test_series_keep_their_names_and_gaps():
    grouped = read(px.bar(LONG.iloc[:3], x="name", y="value", color="of", barmode="group"))
    assert grouped.series == (Series("x", (1.0, 2.0)), Series("y", (3.0, None)))


def test_a_colour_a_name_is_no_series():
    assert read(px.bar(FRAME, x="name", y="value", color="name")).series == (Series("", (47.7, 50.1)),)


def test_lines_run_over_periods_that_are_words_or_years():
    plot = read(px.line(FRAME, x="year", y="value"))
    assert (plot.kind, plot.names, plot.series[0].values) == ("lines", ("2025", "2026"), (47.7, 50.1))


def test_names_come_in_the_order_that_the_figure_tells():
    figure = px.bar(FRAME, x="name", y="value", category_orders={"name": ["B", "A"]})
    assert read(figure).names == ("B", "A")


@pytest.mark.parametrize("form", [go.Figure.to_dict, go.Figure.to_plotly_json])
def test_dictionaries_are_read_too(form):
    figure = px.scatter(FRAME, x="value", y="name", error_x="above")
    assert read_figure(form(figure), "here") == read(figure)


def test_texts_that_are_the_values_are_left_out():
    assert read(px.bar(FRAME, x="name", y="value", text="value")) == read(px.bar(FRAME, x="name", y="value"))


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (px.pie(FRAME, names="name", values="value"), "the kind 'pie'"),
        (px.scatter(FRAME, x="value", y="above"), "a plane of two numbers"),
        (px.scatter(FRAME, x="value", y="name", size="above"), "size by value"),
        (px.bar(FRAME, x="name", y="value", color="value"), "color by value.+\n|coloraxis"),
        (px.bar(LONG, x="name", y="value", color="of"), "stacked bars"),
        (px.bar(LONG, x="name", y="value"), "'A' has several values"),
        (px.bar(LONG, x="name", y="value", color="of", facet_col="of", barmode="group"), "several panels"),
        (px.area(FRAME, x="year", y="value"), "stackgroup"),
        (px.scatter(FRAME, x="name", y="value", text="above"), "text"),
        (px.bar(FRAME, x="name", y="value").add_hline(y=50), "shapes"),
        (px.bar(FRAME, x="name", y="value").add_annotation(text="!", x="A", y=1), "annotations"),
        (px.bar(FRAME, x="name", y="value").update_xaxes(categoryorder="total ascending"), "sort the frame"),
        (px.line(FRAME, x="value", y="name"), "lines run from left to right"),
        (px.scatter(x=["A"], y=["B"]), "no numbers to draw"),
        (go.Figure(), "the figure is empty"),
        (go.Figure([go.Bar(x=["A"], y=[1]), go.Scatter(x=["A"], y=[1])]), "bars, marks and lines in one"),
        (go.Figure([go.Bar(x=["A", "B"], y=[1])]), "more names than values"),
        (go.Figure([go.Bar(x=["A"], y=[1], error_y={"type": "percent", "value": 5})]), "value"),
    ],
    ids=lambda p: p if isinstance(p, str) else "",
)  # fmt: skip
def test_what_would_be_lost_is_refused_with_its_reason(figure, reason):
    with pytest.raises(InputError, match=reason):
        read(figure)


def test_all_reasons_come_at_once():
    figure = px.scatter(FRAME, x="value", y="name", size="above", text="above").add_annotation(
        text="!", x=1, y=1
    )
    with pytest.raises(InputError) as raised:
        read(figure)
    told = str(raised.value)
    assert all(word in told for word in ("size by value", "text", "annotations"))


def test_every_property_on_our_lists_is_plotly_s():
    """A slip of the pen in a list would let nothing through that plotly has, or refuse what should be read."""
    traces = set(go.Scatter()._valid_props) | set(go.Bar()._valid_props)
    layout = set(go.Layout()._valid_props)
    known = {
        "trace": traces, "layout": layout, "axis": set(go.layout.XAxis()._valid_props) | set(go.layout.YAxis()._valid_props),
        "error": set(go.bar.ErrorX()._valid_props),
    }  # fmt: skip
    for part, names in known.items():
        assert (READ[part] | LOOKS[part]) - names <= {"type"}, part
        assert not READ[part] & LOOKS[part]
