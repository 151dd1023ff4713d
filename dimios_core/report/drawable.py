"""What of plotly's language is drawn as SVG: the closed set of properties, and the check that a figure keeps to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: properties of each part of a figure that are drawn, or that plotly alone needs
DRAWN = {
    "figure": "data layout",
    "layout": "width height margin xaxis yaxis shapes annotations font showlegend plot_bgcolor paper_bgcolor",
    "margin": "l r t b",
    "layout's font": "family size color",
    "axis": "range side tickvals ticktext tickfont showgrid gridcolor zeroline fixedrange",
    "trace": "type mode x y marker line text textposition textfont hoverinfo hovertext showlegend",
    "marker": "symbol size color line",
    "shape": "type layer x0 x1 y0 y1 path fillcolor opacity line",
    "annotation": "text x y xref yref xanchor yanchor xshift yshift textangle showarrow font",
    "line": "color width",
    "straight line": "color width dash",
    "font": "size color",
}
KNOWN = {part: frozenset(names.split()) for part, names in DRAWN.items()}
#: properties that have one value, which asks for nothing to be drawn
FIXED: dict[str, dict[str, Any]] = {
    "layout": {"showlegend": False, "plot_bgcolor": "#fff", "paper_bgcolor": "#fff"},
    "axis": {"zeroline": False},
    "trace": {"showlegend": False},
}


def check(part: Mapping[str, Any], kind: str) -> None:
    """Check that all of a part of a figure can be drawn.

    Parameters
    ----------
    part : mapping
    kind : str
        What it is, among the keys of `DRAWN`.

    Raises
    ------
    ValueError
        It has a property that is not drawn, or one with a value that is not.
    """
    if not KNOWN[kind].issuperset(part):
        unknown = ", ".join(sorted(set(part) - KNOWN[kind]))
        raise ValueError(f"these properties of a {kind} are not drawn: {unknown}")
    for name, value in FIXED.get(kind, {}).items():
        if part.get(name, value) != value:
            raise ValueError(f"{name} {part[name]!r} of a {kind} are not drawn; choose {value!r}")
