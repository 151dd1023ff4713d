"""Charts as plotly figure dictionaries, built from facts: the only place that knows plotly's language.

A chart knows its name, its one-sentence conclusion and its data table; `dimios_core.report.svg` draws the
same dictionary for pages, JupyterLab shows it with plotly.
"""

from dimios_core.report.charts.lines import draw_lines
from dimios_core.report.charts.parts import Chart
from dimios_core.report.charts.quadrant import draw_quadrant, reach_of_scale
from dimios_core.report.charts.rows import draw_dont_know, draw_rows

__all__ = ["Chart", "draw_dont_know", "draw_lines", "draw_quadrant", "draw_rows", "reach_of_scale"]
