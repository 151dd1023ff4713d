"""What of plotly's language is drawn as SVG: the closed set of properties, and the check that a figure keeps to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
PLOTLY_TEXTS = ("text", "hovertext", "ticktext")
#: what stands around a bold text: of plotly's own marks the one that is drawn
BOLD = ("<b>", "</b>")
#: of coordinates that a page carries: less than a quarter of a pixel, on every axis that there is
DECIMALS_N = 3
#: parts of a layout that have much in common
GATHERED = ("annotations", "shapes")
#: kinds of values that are not rounded
AS_THEY_ARE = frozenset({str, int, bool, type(None)})


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


def pack_for_plotly(wide: Mapping[str, Any], narrow: Mapping[str, Any]) -> dict[str, Any]:
    """Return two forms of a chart as plotly takes them: the wide one, and what is otherwise in the narrow one.

    What shapes or labels have in common stands once, in plotly's templates.
    """
    told = _gather(wide)
    return {"wide": told, "narrow": differ(_gather(narrow), told)}


def _gather(figure: Mapping[str, Any]) -> dict[str, Any]:
    told = write_for_plotly(figure)
    layout, common = dict(told["layout"]), {}
    for name in GATHERED:
        common[f"{name[:-1]}defaults"], layout[name] = gather_defaults(layout.get(name, []))
    rounded = {name: value if name in GATHERED else _round(value) for name, value in layout.items()}
    return {"data": _round(told["data"]), "layout": {**rounded, "template": {"layout": common}}}


def _round(part: Any) -> Any:
    """Return a part with no more decimals than its drawing shows."""
    if isinstance(part, float):
        return int(part) if part.is_integer() else round(part, DECIMALS_N)
    if isinstance(part, dict):
        return {name: one if type(one) in AS_THEY_ARE else _round(one) for name, one in part.items()}
    if isinstance(part, (list, tuple)):
        return [one if type(one) in AS_THEY_ARE else _round(one) for one in part]
    return part


def gather_defaults(parts: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the value that more than half of the parts have of a property that all have, and the parts without it.

    All of it has no more decimals than its drawing shows.

    Examples
    --------
    >>> gather_defaults([{"y": 1, "size": 12}, {"y": 2, "size": 12}, {"y": 3.14159, "size": 13, "angle": 0}])
    ({'size': 12}, [{'y': 1}, {'y': 2}, {'y': 3.142, 'size': 13, 'angle': 0}])
    """
    told, shared = [dict(part) for part in parts], {}
    first = parts[0] if parts else {}
    for name in (*first, *(set().union(*parts) - first.keys())):
        values = [part[name] for part in told if name in part]
        if not AS_THEY_ARE.issuperset(map(type, values)):
            values = _round(values)
            for part, value in zip((part for part in told if name in part), values, strict=True):
                part[name] = value
        if len(values) == len(told) and (usual := _find_majority(values)) is not None:
            shared[name] = usual
            for part, value in zip(told, values, strict=True):
                if value == usual:
                    del part[name]
    return shared, told


def _find_majority(values: Sequence[Any]) -> Any:
    """Return the value that more than half are, None where none is."""
    found, lead = values[0], 0
    if 2 * values.count(found) <= len(values):
        # Boyer and Moore's vote: no other value can have a majority
        for value in values:
            if not lead:
                found = value
            lead += 1 if value == found else -1
    return found if 2 * values.count(found) > len(values) else None


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
