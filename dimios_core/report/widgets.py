"""Controls of a live report. The only place that knows ipywidgets.

A control replaces the `value` of an `ipywidgets.HTML`: the one way that follows a control in JupyterLab and
in Voilà alike, with the least to send.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dimios_core.markup import Markup

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Control:
    """A choice among published figures.

    Attributes
    ----------
    name : str
        Argument of the render function that it sets.
    label : str
        In the reader's language.
    options : tuple of (label, value)
    value : str
        Chosen at first.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str

    @property
    def offers_choice(self) -> bool:
        """Whether there are two options or more; a control without is shown nowhere."""
        return len(self.options) > 1


def make_live(
    heading: Markup,
    controls: tuple[Control, ...],
    render: Callable[..., Markup],
    wrap: Callable[[Markup], Markup],
    first: Markup,
) -> Any:
    """Return a widget: heading, controls in a row, and what they choose; `first` is what they choose at first.

    Controls that offer no choice are left out.
    """
    # half a second that a page without a kernel never needs
    import ipywidgets
    from ipywidgets.widgets.widget_description import DescriptionStyle
    from ipywidgets.widgets.widget_string import HTMLStyle

    chosen = {c.name: c.value for c in controls}
    # each layout and style is a model of its own that a page has to carry: widgets that look alike share one
    plain, auto = ipywidgets.Layout(), ipywidgets.Layout(width="auto", height="auto")
    html_style, box_style = HTMLStyle(), DescriptionStyle(description_width="initial")
    content = ipywidgets.HTML(value=str(wrap(first)), layout=plain, style=html_style)
    boxes = []

    def choose(name: str, value: str) -> None:
        chosen[name] = value
        content.value = str(wrap(render(**chosen)))

    for control in controls:
        if not control.offers_choice:
            continue
        box = ipywidgets.Dropdown(
            options=list(control.options),
            value=control.value,
            description=control.label,
            style=box_style,
            layout=auto,
        )
        box.add_class("dimios-control")
        box.observe(lambda change, name=control.name: choose(name, change["new"]), names="value")
        boxes.append(box)
    above = ipywidgets.HTML(value=str(wrap(heading)), layout=plain, style=html_style)
    row = ipywidgets.HBox(boxes, layout={"flex_flow": "row wrap"})
    piece = ipywidgets.VBox([above, row, content], layout=plain)
    piece.add_class("dimios-live")
    return piece


def close_live(live: Any) -> None:
    """Close a widget of `make_live` and all that belongs to it."""
    for child in getattr(live, "children", ()):
        close_live(child)
    for part in (getattr(live, "style", None), live.layout, live):
        if part is not None:
            part.close()
