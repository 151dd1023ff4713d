"""Which properties of a plotly figure are read, which are looks that the report has of its own, and what is left: refused.

A page draws bars, marks and lines of names or periods. Whatever would say more than these (colours by value, marks of several
sizes, annotations, a second axis) is refused with its reason, so that nothing vanishes silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

KINDS = "a page draws bars, marks and lines of names or periods"
TRACES = ("scatter", "scattergl", "bar")
#: what a figure shows is read from these
READ = {
    "trace": {"type", "x", "y", "orientation", "mode", "name", "error_x", "error_y"},
    "layout": {"title", "xaxis", "yaxis", "barmode"},
    "axis": {"title", "autorange", "categoryorder", "categoryarray", "type"},
    "error": {"array", "arrayminus", "symmetric", "type", "visible"},
}
#: how it looks, which is the report's own, and what only a pointer would find
LOOKS = {
    "trace": {
        "alignmentgroup", "cliponaxis", "customdata", "fill", "fillcolor", "hoverinfo", "hoverlabel", "hovertemplate", "hovertext",
        "legendgroup", "legendrank", "line", "marker", "meta", "offsetgroup", "opacity", "selected", "selectedpoints",
        "showlegend", "textangle", "textfont", "textposition", "texttemplate", "uid", "unselected", "visible", "width",
        "xaxis", "yaxis", "xhoverformat", "yhoverformat",
    },
    "layout": {
        "autosize", "bargap", "bargroupgap", "colorway", "dragmode", "font", "height", "hoverlabel", "hovermode", "legend",
        "margin", "modebar", "paper_bgcolor", "plot_bgcolor", "separators", "showlegend", "template", "uirevision", "width",
    },
    "axis": {
        "anchor", "automargin", "color", "constrain", "domain", "dtick", "fixedrange", "gridcolor", "gridwidth", "layer",
        "linecolor", "linewidth", "matches", "mirror", "nticks", "range", "rangemode", "scaleanchor", "scaleratio", "showgrid",
        "showline", "showticklabels", "side", "tick0", "tickangle", "tickcolor", "tickfont", "tickformat", "ticklabelposition",
        "ticklen", "tickmode", "tickprefix", "ticks", "ticksuffix", "ticktext", "tickvals", "tickwidth", "visible", "zeroline",
        "zerolinecolor", "zerolinewidth",
    },
    "error": {"color", "thickness", "width"},
}  # fmt: skip

#: what is wrong, and how to mend it
Fault = tuple[str, str]


def find_undrawn(figure: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what of a figure is not drawn, with a remedy for each."""
    if figure.get("frames"):
        yield "frames of an animation are not drawn", "make a figure of each"
    if not figure.get("data"):
        yield "the figure is empty", "check what it was made of"
    layout = figure.get("layout") or {}
    yield from _find_unknown(layout, "layout")
    for axis in ("xaxis", "yaxis"):
        about = layout.get(axis) or {}
        yield from _find_unknown(about, "axis")
        if (order := about.get("categoryorder", "trace")) not in ("trace", "array"):
            yield f"names in the order {order!r} are not drawn", "sort the frame instead"
    for trace in figure.get("data") or ():
        yield from _find_undrawn_in_trace(trace)


def _find_undrawn_in_trace(trace: Mapping[str, Any]) -> Iterator[Fault]:
    if (kind := trace.get("type", "scatter")) not in TRACES:
        yield f"a figure of the kind {kind!r} is not drawn", KINDS
        return
    yield from _find_unknown(trace, "trace")
    for axis in "xy":
        if trace.get(f"{axis}axis") not in (None, axis):
            yield "several panels or a second axis are not drawn", "make a figure of each"
        error = trace.get(f"error_{axis}") or {}
        yield from _find_unknown(error, "error")
        if error.get("type", "data") != "data":
            yield "intervals of a fixed width are not drawn", "give error bars as arrays"
    if trace.get("fill", "none") not in ("none", None):
        yield "filled areas are not drawn", "give intervals as error bars"
    looks = [*(trace.get("marker") or {}).items(), *(trace.get("line") or {}).items()]
    varied = [
        name for name, value in looks if name in ("color", "size", "symbol", "width") and is_many(value)
    ]
    if varied:
        yield (
            f"{' and '.join(varied)} by value is not drawn: a reader would have to decode it",
            "make a series of each",
        )


def _find_unknown(part: Mapping[str, Any], kind: str) -> Iterator[Fault]:
    # an empty list says nothing
    told = {name for name, value in part.items() if not (isinstance(value, list | tuple) and not value)}
    if unknown := sorted(told - READ[kind] - LOOKS[kind]):
        yield f"these properties of the figure's {kind} are not drawn: {', '.join(unknown)}", "leave them out"


def is_many(value: Any) -> bool:
    """Tell whether a property holds a value for each mark."""
    return isinstance(value, Mapping | list | tuple | np.ndarray)
