"""What of plotly's language is drawn as SVG: the closed set of properties, and the check that a figure keeps to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
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
ORDERED = {part: names.split() for part, names in DRAWN.items()}
KNOWN = {part: frozenset(names) for part, names in ORDERED.items()}
#: properties that have one value, which asks for nothing to be drawn
FIXED: dict[str, dict[str, Any]] = {
    "layout": {"showlegend": False, "plot_bgcolor": "#fff", "paper_bgcolor": "#fff"},
    "axis": {"zeroline": False},
    "trace": {"showlegend": False},
}
#: where plotly finds texts
PLOTLY_TEXTS = ("text", "hovertext", "ticktext")
#: what stands around a bold text: of plotly's own marks the one that is drawn
BOLD = ("<b>", "</b>")
#: parts of a layout that there are many of, and what each is
TOLD_BY_COLUMN = {"annotations": "annotation", "shapes": "shape"}
#: of these, what stands within them
WITHIN = {"font": "font", "line": "straight line"}
#: how numbers are written, and their kinds
NUMBER, NUMBERS = "%.6g", frozenset({int, float})
WORDS = {None: "null", True: "true", False: "false"}


def check(parts: Sequence[Mapping[str, Any]], kind: str) -> None:
    """Check that all of some parts of a figure can be drawn.

    Parameters
    ----------
    parts : sequence of mapping
    kind : str
        What they are, among the keys of `DRAWN`.

    Raises
    ------
    ValueError
        One has a property that is not drawn, or one with a value that is not.
    """
    if unknown := set().union(*parts) - KNOWN[kind]:
        raise ValueError(f"these properties of a {kind} are not drawn: {', '.join(sorted(unknown))}")
    for name, value in FIXED.get(kind, {}).items():
        for part in parts:
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
    for name in PLOTLY_TEXTS:
        if name in part:
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


def pack_for_plotly(wide: Mapping[str, Any], narrow: Mapping[str, Any]) -> str:
    """Return two forms of a chart for plotly as JSON: the wide one, and what is otherwise in the narrow one.

    Labels and shapes are told by column: a list has a value for each of them, null where one has none; anything else is the value
    of all. `n` is how many they are, and `font.size` the size within the font. `static/explore.js` makes plotly's figure of it.
    """
    told = _tell(wide)
    return write_json({"wide": told, "narrow": differ(_tell(narrow), told)})


def _tell(figure: Mapping[str, Any]) -> dict[str, Any]:
    told = write_for_plotly(figure)
    layout = told["layout"]
    for name, kind in TOLD_BY_COLUMN.items():
        parts = layout.get(name, [])
        layout[name] = {"n": len(parts), **_list_columns(parts, kind)}
    return told


def _list_columns(rows: Sequence[Mapping[str, Any]], kind: str, within: str = "") -> dict[str, Any]:
    """Return what labels or shapes have of each property that any of them has: a list, or the value that all have."""
    told: dict[str, Any] = {}
    for name in ORDERED[kind]:
        column: list[Any] = [row.get(name) for row in rows]
        if column.count(None) == len(rows):
            continue
        if name in WITHIN:
            told |= _list_columns([one or {} for one in column], WITHIN[name], f"{name}.")
            continue
        first = column[0]
        told[within + name] = first if column.count(first) == len(rows) else column
    return told


def differ(part: Any, base: Any) -> Any:
    """Return what has to be changed in a part of one figure to have that of another; None takes a property away.

    Lists of as many mappings differ one by one, other lists as wholes.

    Examples
    --------
    >>> differ({"a": 1, "b": [{"c": 2}, {"d": 4}]}, {"a": 1, "b": [{"c": 2}, {"d": 3}], "e": 5})
    {'b': [{}, {'d': 4}], 'e': None}
    """
    if isinstance(part, dict) and isinstance(base, dict):
        changed = {n: differ(v, base.get(n)) for n, v in part.items() if n not in base or v != base[n]}
        return changed | {n: None for n in base if n not in part}
    lists = isinstance(part, list) and isinstance(base, list) and len(part) == len(base)
    if lists and all(isinstance(one, dict) for one in (*part, *base)):
        return [differ(one, of) for one, of in zip(part, base, strict=True)]
    return part


def write_json(part: Any) -> str:
    """Return a part of a figure as JSON, with numbers in six digits: closer than a tenth of a pixel on every axis that there is.

    Examples
    --------
    >>> write_json({"x": [50.0, 100 / 3], "text": "”", "certain": True})
    '{"x":[50,33.3333],"text":"”","certain":true}'
    """
    kind = type(part)
    if kind is str:
        return encode_basestring(part)
    if kind is dict:
        return "{" + ",".join([f'"{name}":{write_json(one)}' for name, one in part.items()]) + "}"
    if kind in (list, tuple):
        kinds = set(map(type, part))
        if kinds <= NUMBERS:  # most of a figure: all in one go
            return "[" + ",".join([NUMBER] * len(part)) % tuple(part) + "]"
        return "[" + ",".join(map(encode_basestring if kinds == {str} else write_json, part)) + "]"
    return WORDS[part] if kind in (bool, type(None)) else NUMBER % part
