"""What a notebook cell shows: the same HTML in JupyterLab, Voilà and on pages, with controls where a kernel is alive."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, ClassVar

from dimios_core.report.charts.chart import Chart
from dimios_core.report.svg import draw_svg
from dimios_core.report.widgets import WIDGET_MIME, Control, make_live


@dataclass(frozen=True)
class Piece:
    """A piece of a report.

    Attributes
    ----------
    html : str
        The piece as it stands on a page.
    metadata : dict
        What the page builder needs to know; the first piece has some, and the one that tells what the page is made of.
    """

    html: str
    metadata: dict[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"text/html": self.html, "text/plain": "…"}, self.metadata


@dataclass(frozen=True)
class LivePiece:
    """A piece with controls: they choose among published figures and never compute.

    Attributes
    ----------
    heading : str
        HTML above the controls.
    controls : tuple of Control
    render : callable
        The chosen values by name -> HTML under the controls.
    wrap : callable
        Makes a piece of the page of HTML.
    shows_controls : bool
        Of all live pieces: whether they bring widgets. A process whose notebooks become pages sets it to False:
        nobody can turn a widget there, and building them takes as long as drawing what they choose.
    """

    shows_controls: ClassVar[bool] = True

    heading: str
    controls: tuple[Control, ...]
    render: Callable[..., str]
    wrap: Callable[[str], str]

    @property
    def html(self) -> str:
        """The piece as it stands on a page: its controls are there, hidden until something answers them."""
        return self._place(self.render_first())

    def render_first(self) -> str:
        """What stands under the controls before anybody has touched them."""
        return self.render(**{c.name: c.value for c in self.controls})

    def _place(self, first: str) -> str:
        controls = render_controls(self.controls)
        if not controls:
            return self.wrap(self.heading + first)
        chosen = f'<div class="chosen">{first}</div>'
        return self.wrap(f'<div class="live">{self.heading}{controls}{chosen}</div>')

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if not self.shows_controls:
            return {"text/plain": "…", "text/html": self.html}
        # drawn once, shown twice: in the widget, and on a page without a kernel
        first = self.render_first()
        live = make_live(self.heading, self.controls, self.render, self.wrap, first)
        return {
            "text/plain": "…",
            WIDGET_MIME: live.get_view_spec(),
            "text/html": self._place(first),
        }


def render_controls(controls: tuple[Control, ...]) -> str:
    """Render controls as hidden form elements, options by their index; nothing where there is nothing to choose."""
    rendered = []
    for control in controls:
        if not control.offers_choice:
            continue
        options = "".join(
            f'<option value="{i}"{" selected" if value == control.value else ""}>{escape(label)}</option>'
            for i, (label, value) in enumerate(control.options)
        )
        # browsers would keep a choice over a reload, and the content would not follow
        rendered.append(
            f'<label>{escape(control.label)} <select autocomplete="off">{options}</select></label>'
        )
    return f'<div class="controls" hidden>{"".join(rendered)}</div>' if rendered else ""


def render_chart(chart: Chart, show_table: str) -> str:
    """Render a chart as a figure element: wide and narrow drawing, key, data table, and the figure for plotly."""
    drawn = "".join(
        draw_svg(
            form, title=chart.name, description=chart.conclusion, css_class=name, prefix=f"{chart.id}-{name}"
        )
        for name, form in (("wide", chart.wide), ("narrow", chart.narrow))
    )
    data = json.dumps(chart.wide, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<figure class="chart" id="{chart.id}">{drawn}<figcaption>{escape(chart.key)}</figcaption>'
        f"<details><summary>{escape(show_table)}</summary>{chart.table}</details>"
        f'<script type="application/json" class="figure">{data}</script></figure>'
    )


@cache
def load_style() -> str:
    """Load the style sheet that pieces need wherever they are shown."""
    return (files("dimios_core.report") / "report.css").read_text(encoding="utf-8")
