"""A chart: two drawings of the same figures, with the name, the conclusion and the table that belong to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dimios_core.markup import Markup
from dimios_core.report.charts.parts import Drawing
from dimios_core.report.drawable import quote_text, write_for_plotly

PLOTLY_MIME = "application/vnd.plotly.v1+json"
#: room for a title where plotly shows a chart by itself
TITLE_PX = 60


@dataclass(frozen=True)
class Chart:
    """A chart for wide and for narrow screens.

    Attributes
    ----------
    name, conclusion : str
        Title, and what it shows in one sentence.
    wide, narrow : dict
        The same marks as plotly figures for two widths.
    key : str
        What the marks mean, under the chart.
    table : Markup
        The same data as a table.
    """

    id: str
    name: str
    conclusion: str
    wide: Drawing
    narrow: Drawing
    key: str
    table: Markup

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show as plotly in JupyterLab, with the conclusion as the title."""
        figure = write_for_plotly(self.wide)
        layout = figure["layout"]
        room = {**layout["margin"], "t": layout["margin"]["t"] + TITLE_PX}
        title = {
            "text": quote_text(self.conclusion),
            "font": {"size": 14},
            "x": 0,
            "xanchor": "left",
            "yanchor": "top",
            "y": 0.99,
        }
        layout = {**layout, "title": title, "margin": room, "height": layout["height"] + TITLE_PX}
        return {PLOTLY_MIME: {**figure, "layout": layout}, "text/plain": f"{self.name}: {self.conclusion}"}


def draw_both(draw: Callable[..., Drawing], *what: Any, **how: Any) -> tuple[Drawing, Drawing]:
    """Draw the same for wide and for narrow screens."""
    return draw(*what, **how, narrow=False), draw(*what, **how, narrow=True)
