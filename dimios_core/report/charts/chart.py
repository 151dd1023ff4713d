"""A chart: two drawings of the same figures, with the name, the conclusion and the table that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from typing import Any, NoReturn, Self

from dimios_core.report.charts.parts import Drawing

PLOTLY_MIME = "application/vnd.plotly.v1+json"


@dataclass(frozen=True)
class Chart:
    """A chart for wide and for narrow screens. A notebook shows it with plotly, between its words and its table.

    Attributes
    ----------
    name, conclusion : str
        Title, and what it shows in one sentence.
    wide, narrow : dict
        The same marks as plotly figures for two widths: `plotly.graph_objects.Figure(chart.wide)`.
    key : str
        What the marks mean, under the chart.
    table : str
        The same data as an HTML table.
    """

    id: str
    name: str
    conclusion: str
    wide: Drawing
    narrow: Drawing
    key: str
    table: str

    def _ipython_display_(self) -> None:
        """Show name and conclusion, the figure with plotly, key and table: three outputs of one cell."""
        from IPython.display import display

        words = f'<div class="dimios"><h3>{escape(self.name)}</h3><p>{escape(self.conclusion)}</p></div>'
        below = f'<div class="dimios"><p class="small">{escape(self.key)}</p>{self.table}</div>'
        told = f"{self.name}: {self.conclusion}"
        display({"text/html": words, "text/plain": told}, raw=True)
        display({PLOTLY_MIME: self.wide, "text/plain": "…"}, raw=True)
        display({"text/html": below, "text/plain": self.key}, raw=True)


class Charts(dict[str, Chart]):
    """A report's charts by name, which show themselves as a list."""

    @classmethod
    def of(cls, found: Mapping[str, Chart | None]) -> Self:
        """Keep those that there are."""
        return cls({name: chart for name, chart in found.items() if chart is not None})

    def __missing__(self, name: str) -> NoReturn:
        near = get_close_matches(name, self, n=1)
        told = f"did you mean {near[0]!r}?" if near else f"choose among: {', '.join(self)}"
        raise KeyError(f"there is no chart {name!r}; {told}")

    def __repr__(self) -> str:
        """Return a line a chart: how to show it, and its title."""
        return "\n".join(f"{call}  {name}" for call, name in self.list_calls().items())

    def _repr_html_(self) -> str:
        return write_calls("Charts", self.list_calls())

    def list_calls(self) -> dict[str, str]:
        """List how each chart is shown in a notebook, with its title."""
        return {f'report.charts["{name}"]': chart.name for name, chart in self.items()}


def write_calls(caption: str, calls: Mapping[str, str]) -> str:
    """Write a table of calls, each with what it shows."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left"><code>{escape(call)}</code></th><td style="text-align:left">{escape(words)}</td></tr>'
        for call, words in calls.items()
    )
    return f"<table><caption>{escape(caption)}</caption>{rows}</table>"


def draw_both(draw: Callable[..., Drawing], *what: Any, **how: Any) -> tuple[Drawing, Drawing]:
    """Draw the same for wide and for narrow screens."""
    return draw(*what, **how, narrow=False), draw(*what, **how, narrow=True)
