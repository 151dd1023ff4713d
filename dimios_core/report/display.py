"""What a notebook cell shows: HTML for pages and Voilà, plotly in JupyterLab."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from dimios_core.report.charts import Chart
from dimios_core.report.svg import draw_svg


@dataclass(frozen=True)
class Html:
    """A piece of a report as HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True)
class ChartView:
    """A chart: as SVG with its conclusion and data table, or with plotly where that is at hand."""

    chart: Chart
    show_table: str

    def _repr_html_(self) -> str:
        return render_chart(self.chart, self.show_table)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), "text/plain": f"{self.chart.name}: {self.chart.conclusion}"}

    def to_plotly(self) -> Any:
        """Return the chart as a plotly figure, to explore in JupyterLab."""
        from plotly.graph_objects import Figure  # half a second that a page never needs

        return Figure(self.chart.wide)


def render_chart(chart: Chart, show_table: str) -> str:
    """Render a chart as a figure element: wide and narrow drawing, key, and the data as a table to open."""
    drawn = "".join(
        draw_svg(
            form, title=chart.name, description=chart.conclusion, css_class=name, prefix=f"{chart.id}-{name}"
        )
        for name, form in (("wide", chart.wide), ("narrow", chart.narrow))
    )
    return (
        f'<figure class="chart" id="{chart.id}">{drawn}<figcaption>{escape(chart.key)}</figcaption>'
        f"<details><summary>{escape(show_table)}</summary>{chart.table}</details></figure>"
    )


def load_style() -> str:
    """Load the style sheet that notebook outputs need wherever they are shown."""
    return (files("dimios_core.report") / "texts" / "report.css").read_text(encoding="utf-8")
