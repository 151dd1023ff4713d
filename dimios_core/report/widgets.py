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


class Looks:
    """What widgets look like. Each look is a model of its own that a page has to carry: pieces of a page share them.

    Attributes
    ----------
    plain, row, box : Layout
        As it comes; of controls in a row, or in several where it is narrow; of a control, as wide as its words.
    html_style, box_style : Style
        Of HTML, and of a control, whose label is as wide as its words.
    """

    def __init__(self) -> None:
        # half a second that a page without a kernel never needs
        from ipywidgets import Layout
        from ipywidgets.widgets.widget_description import DescriptionStyle
        from ipywidgets.widgets.widget_string import HTMLStyle

        self.plain, self.row = Layout(), Layout(flex_flow="row wrap")
        self.box = Layout(width="auto", height="auto")
        self.html_style, self.box_style = HTMLStyle(), DescriptionStyle(description_width="initial")


def make_live(
    heading: Markup,
    controls: tuple[Control, ...],
    render: Callable[..., Markup],
    wrap: Callable[[Markup], Markup],
    first: Markup,
    looks: Looks | None = None,
) -> Any:
    """Return a widget: heading, controls in a row, and what they choose; `first` is what they choose at first.

    Controls that offer no choice are left out. Without `looks` the widget has its own.
    """
    import ipywidgets

    looks = looks or Looks()
    chosen = {c.name: c.value for c in controls}
    content = ipywidgets.HTML(value=str(wrap(first)), layout=looks.plain, style=looks.html_style)
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
            style=looks.box_style,
            layout=looks.box,
            _dom_classes=("dimios-control",),  # added afterwards, it would be another message to the page
        )
        box.observe(lambda change, name=control.name: choose(name, change["new"]), names="value")
        boxes.append(box)
    above = ipywidgets.HTML(value=str(wrap(heading)), layout=looks.plain, style=looks.html_style)
    row = ipywidgets.HBox(boxes, layout=looks.row)
    return ipywidgets.VBox([above, row, content], layout=looks.plain)


def close_live(live: Any) -> None:
    """Close a widget of `make_live` and all that belongs to it, with its looks, which others may share."""
    for child in getattr(live, "children", ()):
        close_live(child)
    for part in (getattr(live, "style", None), live.layout, live):
        if part is not None:
            part.close()
