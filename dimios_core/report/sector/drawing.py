"""What the charts of groups of organisations share: colours, and the ends of a scale."""

from __future__ import annotations

from typing import Any

from dimios_core.instrument import Instrument
from dimios_core.report.charts.parts import CAPABILITY, HERITAGE, INK

BOTH = (False, True)


def color_of(instrument: Instrument, level: str, key: str) -> str:
    """Return the colour of a figure: that of its dimension, ink for maturity."""
    if level == "maturity":
        return INK
    category = next((p.category for p in instrument.points if p.id == key), key)
    dimension = next((c.dimension for c in instrument.categories if c.id == category), key)
    upwards = instrument.quadrants.upwards if instrument.quadrants else instrument.dimensions[0].id
    return CAPABILITY if dimension == upwards else HERITAGE


def say_scale(figure: dict[str, Any], axis: str = "xaxis") -> dict[str, str]:
    """Return the ends of the scale that a chart shows."""
    low, high = figure["layout"][axis]["range"]
    return {"low": f"{low:.0f}", "high": f"{high:.0f}"}
