"""What every chart of every page has to have."""

from __future__ import annotations

from xml.etree import ElementTree

from dimios_core.report.charts.chart import Chart
from dimios_core.report.svg import draw_svg

SMALLEST_PX = 12


def check_chart(chart: Chart) -> None:
    """Name, conclusion, key, table; both forms are drawn, hold their labels, and plotly takes them."""
    from plotly.graph_objects import Figure

    assert chart.name
    assert chart.conclusion.endswith(".")
    assert chart.key.endswith(".")
    assert "<caption>" in chart.table
    for form in (chart.wide, chart.narrow):
        svg = ElementTree.fromstring(draw_svg(form, title=chart.name, description=chart.conclusion))
        texts = [e.text for e in svg if e.tag.endswith(("title", "desc"))]
        assert texts == [chart.name, chart.conclusion]
        assert svg.get("role") == "img"
        assert all(a["font"]["size"] >= SMALLEST_PX for a in form["layout"]["annotations"])
    assert chart.narrow["layout"]["width"] <= 350
    assert len(Figure(chart.wide).data) == len(chart.wide["data"])  # plotly validates every part
