"""Reads a plotly figure as what it shows: names, and one or several series of values. How it looks is left behind."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from dimios_core.errors import InputError, Problem
from dimios_core.report.own.figure_properties import find_undrawn, is_many
from dimios_core.report.own.plot import Plot, Series, Value, join_single

YEARS = range(1900, 2200)
#: plotly draws a line through this many marks or more, where it is not told
LINES_FROM = 20
Trace = Mapping[str, Any]


class _RefusedError(Exception):
    """What is wrong, and how to mend it."""


def is_figure(value: object) -> bool:
    """Tell whether it is a plotly figure, or the dictionary of one."""
    return hasattr(value, "to_plotly_json") or (
        isinstance(value, Mapping) and {"data", "layout"} <= set(value)
    )


def read_figure(figure: Any, place: str) -> Plot:
    """Read what a figure shows.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure, or its dictionary
    place : str
        Where it stands, for what is refused.

    Raises
    ------
    InputError
        It shows more than a page draws, or something else; with all reasons that its properties give.
    """
    content = figure.to_plotly_json() if hasattr(figure, "to_plotly_json") else figure
    content = content | {"data": [_without_own_values(trace) for trace in content.get("data") or ()]}
    if faults := dict.fromkeys(find_undrawn(content)):
        raise InputError([Problem(place, *fault) for fault in faults])
    try:
        return _read(content["data"], content.get("layout") or {})
    except _RefusedError as refused:
        raise InputError(Problem(place, *refused.args)) from None


def _read(traces: list[Trace], layout: Mapping[str, Any]) -> Plot:
    kinds = {_kind_of(trace) for trace in traces}
    if len(kinds) > 1:
        raise _RefusedError("bars, marks and lines in one figure are not drawn", "make a figure of each")
    (kind,) = kinds
    axes = {_find_names_axis(trace, kind) for trace in traces}
    if len(axes) > 1:
        raise _RefusedError("names stand on both axes", "put the names of all series on the same axis")
    (axis,) = axes
    other = "y" if axis == "x" else "x"
    about = layout.get(f"{axis}axis") or {}
    by_name = [_read_series(trace, axis, other) for trace in traces]
    used = {name for rows in by_name for name in rows}
    ordered = dict.fromkeys(
        [*map(_name, _decode(about.get("categoryarray"))), *(n for r in by_name for n in r)]
    )
    names = [name for name in ordered if name in used]
    series = join_single([_place(t, rows, names) for t, rows in zip(traces, by_name, strict=True)])
    if kind == "bars" and len(series) > 1 and layout.get("barmode", "group") not in ("group", "overlay"):
        raise _RefusedError("stacked bars are not drawn", 'set barmode="group"')
    titles = (_title(layout), _title(about), _title(layout.get(f"{other}axis") or {}))
    plot = Plot(kind, tuple(names), series, *titles)  # type: ignore[arg-type]
    # plotly begins below, a reader above
    return plot.upside_down() if axis == "y" and about.get("autorange") != "reversed" else plot


def _kind_of(trace: Trace) -> str:
    if trace.get("type") == "bar":
        return "bars"
    mode = trace.get("mode") or ("markers" if len(_decode(trace.get("x"))) < LINES_FROM else "lines")
    if "text" in mode:
        raise _RefusedError("texts beside marks are not drawn", "leave them out: the table tells them")
    return "lines" if "lines" in mode else "marks"


def _find_names_axis(trace: Trace, kind: str) -> str:
    """Return the axis on which names or periods stand."""
    x, y = (_decode(trace.get(axis)) for axis in "xy")
    if kind == "bars":
        axis = "y" if trace.get("orientation") == "h" else "x"
    else:
        axis = "y" if _are_numbers(x) and not _are_numbers(y) else "x"
    names, values = (x, y) if axis == "x" else (y, x)
    if len(names) != len(values):
        raise _RefusedError("there are more names than values, or fewer", "give both the same length")
    if _are_numbers(names) and not all(n in YEARS for n in names):
        raise _RefusedError("a plane of two numbers is not drawn", "put names or periods on one of the axes")
    if not len(values):
        raise _RefusedError(
            "the figure is empty", "an organisation may have nothing published of it: ask first"
        )
    if not _are_numbers(values):
        raise _RefusedError("there are no numbers to draw", "put names on one axis and numbers on the other")
    if kind == "lines" and axis == "y":
        raise _RefusedError("lines run from left to right", "put the periods on the x axis")
    if _decode((trace.get(f"error_{axis}") or {}).get("array")):
        raise _RefusedError("intervals along the names are not drawn", "give them along the numbers")
    return axis


def _read_series(trace: Trace, axis: str, other: str) -> dict[str, tuple[Value, ...]]:
    """Return name -> value, or value with the ends of its interval."""
    names = [_name(n) for n in _decode(trace[axis])]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise _RefusedError(f"{twice[0]!r} has several values in one series", "give each name one row")
    values = [None if v is None or np.isnan(v) else float(v) for v in _decode(trace[other])]
    error = trace.get(f"error_{other}") or {}
    above = _decode(error.get("array"))
    below = _decode(error.get("arrayminus")) or above
    if not above or error.get("visible") is False:
        return {n: (v,) for n, v in zip(names, values, strict=True)}
    # six decimals: what the addition itself adds is no figure
    return {
        n: (None, None, None) if v is None else (v, round(v - b, 6), round(v + a, 6))
        for n, v, b, a in zip(names, values, below, above, strict=True)
    }


def _place(trace: Trace, rows: Mapping[str, tuple[Value, ...]], names: list[str]) -> Series:
    nothing = (None,) * len(next(iter(rows.values())))
    columns = zip(*(rows.get(name, nothing) for name in names), strict=True)
    return Series(str(trace.get("name") or ""), *columns)


def _without_own_values(trace: Trace) -> Trace:
    """Return a trace without texts that are its values, which a page writes anyway."""
    if not is_many(trace.get("text")):
        return trace
    texts = _decode(trace["text"])
    if any(texts == _decode(trace.get(axis)) for axis in "xy"):
        return {name: value for name, value in trace.items() if name != "text"}
    return trace


def _decode(values: Any) -> list[Any]:
    """Return an array of a figure as a list: plotly packs numbers."""
    if values is None:
        return []
    if isinstance(values, Mapping):
        return np.frombuffer(base64.b64decode(values["bdata"]), np.dtype(values["dtype"])).tolist()
    return [v.item() if isinstance(v, np.generic) else v for v in values]


def _are_numbers(values: list[Any]) -> bool:
    return bool(values) and all(
        v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values
    )


def _name(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _title(part: Mapping[str, Any]) -> str:
    title = part.get("title") or ""
    return str(title.get("text") or "") if isinstance(title, Mapping) else str(title)
