"""Rows of dots: several readings of the same thing on one scale, told apart by form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.report.charts.interval_rows import (
    BAND_PX,
    half_height,
    lay_rows,
    row_at,
    write_reason,
    write_row,
)
from dimios_core.report.charts.parts import (
    BAND,
    GRID,
    INK,
    MARK,
    NEUTRAL_BAND,
    box,
    frame,
    marks,
    stroke,
)

#: forms in the order that they are drawn, with their size: the plain one comes last and lies on top
FORMS = {"line-ns": 13.0, "diamond": 9.0, "circle-open": 12.0, "circle": 7.0}


@dataclass(frozen=True)
class DotRow:
    """A row.

    Attributes
    ----------
    name : str
    words : str
        What stands at the right, or the reason in the row's place where nothing is drawn.
    dots : tuple of (form, value, hover text)
        Forms are those of `FORMS`; a filled circle has the row's colour.
    low, high : float or None
        The band behind the dots.
    bold : bool
    color : str
    """

    name: str
    words: str
    dots: tuple[tuple[str, float, str], ...] = ()
    low: float | None = None
    high: float | None = None
    bold: bool = False
    color: str = INK


def draw_dots(
    rows: Sequence[DotRow],
    scale: tuple[float, float],
    ticks: Sequence[tuple[float, str]],
    *,
    narrow: bool,
    zero: bool = False,
) -> dict[str, Any]:
    """Build the rows.

    Parameters
    ----------
    rows : sequence of DotRow
        In the order to show; at least one.
    scale : (low, high)
    ticks : sequence of (value, name)
    narrow : bool
        For a phone: names stand above their rows.
    zero : bool
        The rows are changes: an upright line at zero.

    Returns
    -------
    dict
        A plotly figure.
    """
    width, height, margin = lay_rows(len(rows), narrow)
    half = half_height(BAND_PX, narrow)
    bottom, top = 0.5 - len(rows), 0.5
    shapes: list[dict[str, Any]] = [stroke(0, 0, bottom, top, MARK)] if zero else []
    annotations: list[dict[str, Any]] = []
    places: dict[str, list[tuple[float, float, str, str]]] = {form: [] for form in FORMS}
    for i, row in enumerate(rows):
        at = row_at(i, narrow)
        if not row.dots:
            annotations += write_reason(row.name, row.words, i, narrow)
            continue
        annotations += write_row(row.name, row.words, row.bold, i, narrow)
        if row.low is not None and row.high is not None:
            ends = max(row.low, scale[0]), min(row.high, scale[1])
            shapes.append(box(*ends, at - half, at + half, BAND.get(row.color, NEUTRAL_BAND)))
        for form, value, text in row.dots:
            color = row.color if form == "circle" else MARK
            places[form].append((value, at, color, f"{row.name}: {text}"))
    data = []
    for form, size in FORMS.items():
        if places[form]:
            x, y, colors, texts = (list(part) for part in zip(*places[form], strict=True))
            # a trace of upright lines has one colour
            data.append(marks(x, y, form, size, MARK if form == "line-ns" else colors, texts))
    xaxis = {
        "range": list(scale), "tickvals": [v for v, _ in ticks], "ticktext": [t for _, t in ticks], "side": "top",
        "showgrid": True, "gridcolor": GRID,
    }  # fmt: skip
    return frame(width, height, margin, xaxis, {"range": [bottom, top]}, data, shapes, annotations)
