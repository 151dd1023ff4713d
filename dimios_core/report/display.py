"""What a notebook cell shows: the same HTML in JupyterLab, Voilà and on pages, with controls where a kernel is alive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from dimios_core.markup import Embedded, Markup, attributes, embed_json, join, markup, markup_each, trust
from dimios_core.report.charts.chart import Chart
from dimios_core.report.drawable import pack_for_plotly
from dimios_core.report.svg import draw_svg
from dimios_core.report.widgets import WIDGET_MIME, Control, Looks, make_live


@dataclass(frozen=True)
class Piece:
    """A piece of a report.

    Attributes
    ----------
    html : Markup
        The piece as it stands on a page.
    metadata : dict
        What the page builder needs to know; the first piece has some, and the one that tells what the page is made of.
    """

    html: Markup
    metadata: dict[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"text/html": str(self.html), "text/plain": "…"}, self.metadata


@dataclass(frozen=True)
class LivePiece:
    """A piece with controls: they choose among published figures and never compute.

    Attributes
    ----------
    heading : Markup
        What stands above the controls.
    controls : tuple of Control
    render : callable
        The chosen values by name -> markup under the controls.
    wrap : callable
        Makes a piece of the page of markup.
    looks : callable
        Makes what its widgets look like where they are shown; pieces of a page share it.
    shows_controls : bool
        Of all live pieces: whether they bring widgets. A process whose notebooks become pages sets it to False:
        nobody can turn a widget there, and building them takes as long as drawing what they choose.
    draws_first : bool
        Of all live pieces: whether a widget shows what its controls choose before anybody has touched them. A kernel
        behind a stored page sets it to False: the page has that already.
    """

    shows_controls: ClassVar[bool] = True
    draws_first: ClassVar[bool] = True

    heading: Markup
    controls: tuple[Control, ...]
    render: Callable[..., Markup]
    wrap: Callable[[Markup], Markup]
    looks: Callable[[], Looks] = Looks

    @property
    def html(self) -> Markup:
        """The piece as it stands on a page: its controls are there, hidden until something answers them."""
        return self._place(self.render_first())

    def render_first(self) -> Markup:
        """What stands under the controls before anybody has touched them."""
        return self.render(**{c.name: c.value for c in self.controls})

    def _place(self, first: Markup) -> Markup:
        controls = render_controls(self.controls)
        if not controls:
            return self.wrap(self.heading + first)
        chosen = markup('<div class="chosen">{}</div>', first)
        return self.wrap(markup('<div class="live">{}{}{}</div>', self.heading, controls, chosen))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if not self.shows_controls:
            return {"text/plain": "…", "text/html": str(self.html)}
        # drawn once, shown twice: in the widget, and on a page without a kernel
        first = self.render_first() if self.draws_first else Markup()
        live = make_live(self.heading, self.controls, self.render, self.wrap, first, self.looks())
        return {
            "text/plain": "…",
            WIDGET_MIME: live.get_view_spec(),
            "text/html": str(self._place(first)),
        }


def render_controls(controls: tuple[Control, ...]) -> Markup:
    """Render controls as hidden form elements; nothing where there is nothing to choose.

    Their names and values are what addresses are made of: see `address.js`.
    """
    rendered = []
    for control in controls:
        if not control.offers_choice:
            continue
        labels, values = zip(*control.options, strict=True)
        selected = [attributes(selected=value == control.value) for value in values]
        options = join(markup_each('<option value="{}"{}>{}</option>', values, selected, labels))
        # browsers would keep a choice over a reload, and the content would not follow
        rendered.append(
            markup(
                '<label>{} <select name="{}" autocomplete="off">{}</select></label>',
                control.label,
                control.name,
                options,
            )
        )
    return markup('<div class="controls" hidden>{}</div>', join(rendered)) if rendered else Markup()


def render_chart(chart: Chart, show_table: str) -> Markup:
    """Render a chart as a figure element: wide and narrow drawing, key, data table, and both as figures for plotly."""
    drawn = join(
        draw_svg(
            form, title=chart.name, description=chart.conclusion, css_class=name, prefix=f"{chart.id}-{name}"
        )
        for name, form in (("wide", chart.wide), ("narrow", chart.narrow))
    )
    return markup(
        '<figure class="chart" id="{}">{}<figcaption>{}</figcaption>'
        '<details><summary aria-label="{}: {}">{}</summary>{}</details>'
        '<script type="application/json" class="figure">{}</script></figure>',
        chart.id,
        drawn,
        chart.key,
        *(show_table, chart.name, show_table),
        chart.table,
        embed_json(pack_for_plotly(chart.wide, chart.narrow)),
    )


@cache
def load_style(room: str = "report") -> Embedded:
    """Load the style sheet that the pieces of a room need wherever they are shown."""
    return trust((files(f"dimios_core.{room}") / f"{room}.css").read_text(encoding="utf-8"))
