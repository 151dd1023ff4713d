"""Controls of a live report. The only place that knows ipywidgets.

A control replaces the `value` of an `ipywidgets.HTML`: the one way that follows a control in JupyterLab and
in Voilà alike, with the least to send.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


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


def make_live(
    heading: str, controls: tuple[Control, ...], render: Callable[..., str], wrap: Callable[[str], str]
) -> Any:
    """Return a widget: heading, controls in a row, and what they choose.

    Controls with a single option are left out: there is nothing to choose.
    """
    import ipywidgets  # half a second that a page without a kernel never needs

    chosen = {c.name: c.value for c in controls}
    content = ipywidgets.HTML(value=wrap(render(**chosen)))
    boxes = []

    def choose(name: str, value: str) -> None:
        chosen[name] = value
        content.value = wrap(render(**chosen))

    for control in controls:
        if len(control.options) < 2:
            continue
        box = ipywidgets.Dropdown(
            options=list(control.options),
            value=control.value,
            description=control.label,
            style={"description_width": "initial"},
            layout={"width": "auto", "height": "auto"},
        )
        box.add_class("dimios-control")
        box.observe(lambda change, name=control.name: choose(name, change["new"]), names="value")
        boxes.append(box)
    row = ipywidgets.HBox(boxes, layout={"flex_flow": "row wrap"})
    piece = ipywidgets.VBox([ipywidgets.HTML(value=wrap(heading)), row, content])
    piece.add_class("dimios-live")
    return piece
