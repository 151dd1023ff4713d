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
#: where plotly finds texts
PLOTLY_TEXTS = {"text", "hovertext", "ticktext"}
#: what stands around a bold text: of plotly's own marks the one that is drawn
BOLD = ("<b>", "</b>")


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


def bold(text: str) -> str:
    """Return a figure's text as a bold one.

    Examples
    --------
    >>> bold("62"), read_weight(bold("62")), read_weight("62")
    ('<b>62</b>', ('62', True), ('62', False))
    """
    return text.join(BOLD)


def read_weight(text: str) -> tuple[str, bool]:
    """Return a figure's text as it is read, and whether it is bold."""
    begins, ends = BOLD
    if text.startswith(begins) and text.endswith(ends):
        return text.removeprefix(begins).removesuffix(ends), True
    return text, False


def write_for_plotly(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure as plotly takes it: in texts that are not ours it would find tags of its own, such as links.

    Examples
    --------
    >>> axis = {"ticktext": ["R&D"]}
    >>> data = [{"text": [bold("<a>")], "hovertext": ["<"]}]
    >>> told = write_for_plotly({"data": data, "layout": {"xaxis": axis, "yaxis": {}, "annotations": []}})
    >>> told["data"], told["layout"]["xaxis"]
    ([{'text': ['<b>&lt;a></b>'], 'hovertext': ['&lt;']}], {'ticktext': ['R&amp;D']})
    """
    layout = figure["layout"]
    axes = {name: _quote(layout[name]) for name in ("xaxis", "yaxis")}
    notes = {"annotations": [_quote(a) for a in layout.get("annotations", [])]}
    return {**figure, "data": [_quote(t) for t in figure["data"]], "layout": {**layout, **axes, **notes}}


def _quote(part: Mapping[str, Any]) -> dict[str, Any]:
    quoted = dict(part)
    for name in PLOTLY_TEXTS & part.keys():
        texts = part[name]
        quoted[name] = quote_text(texts) if isinstance(texts, str) else [quote_text(t) for t in texts]
    return quoted


def quote_text(text: str) -> str:
    """Return a text of a figure as plotly takes it."""
    if "<" not in text and "&" not in text:
        return text
    plain, is_bold = read_weight(text)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;")
    return bold(plain) if is_bold else plain
