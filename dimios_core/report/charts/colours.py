"""Every colour of the charts, and which one a figure has: the only place where one is chosen."""

from __future__ import annotations

from dimios_core.instrument import COMPOSITE, Instrument

#: the accents of the dimension drawn upwards (capability) and of the other
UPWARDS, ACROSS = "#1d4f86", "#8f4e00"
INK, MUTED, MARK, LINE = "#1f2429", "#59626b", "#4d5761", "#7a848e"
#: white under words, white of edges and letters, and nothing
PLATE, WHITE, CLEAR = "#fff", "#ffffff", "rgba(0,0,0,0)"
GRID, BORDER, HATCH = "#e6e9ed", "#8a949e", "#b9c0c8"
#: bands of intervals: of an accent, of anything else, of one's own result and of groups of organisations
BAND = {UPWARDS: "#c5d3e3", ACROSS: "#ead6bf"}
NEUTRAL_BAND, OWN_BAND, GROUP_BAND = "#dcdfe3", "#cfd4da", "#b3bac2"
#: single organisations: in rows, as lines over the years, in the plane
OTHERS, OTHER_LINE, PEER = "#7d8791", "#8b949d", "#b9c0c8"
#: a bar under its interval, and the joint region in the plane
PALE, REGION = "#b3bbc4", "#dbe5f0"
#: steps of one hue on the map, from light to dark; letters are dark on the first three and white on the others
STEPS = {
    UPWARDS: ("#dbe5f0", "#b4c8dd", "#8facca", "#3f6c9c", "#1d4f86"),
    ACROSS: ("#f3e6d5", "#e2c7a3", "#cfa56d", "#a5641a", "#8f4e00"),
    INK: ("#d3d8de", "#bcc3ca", "#a3acb5", "#5b656f", "#343c44"),
}
STEPS_N = 5
DARK_FROM = 3
#: the hue of heat maps, from the low to the high end of the scale; ink stands out by 4.5:1 or more on all of it
LIGHT, DARK = (242, 246, 251), (98, 150, 205)
SHADES_N = 9


def colour_of(instrument: Instrument, level: str, key: str) -> str:
    """Return the colour of a figure: that of its dimension, ink for the composite.

    Parameters
    ----------
    instrument : Instrument
    level : str
        "point", "category", "dimension" or that of the composite.
    key : str
    """
    if (level, key) == COMPOSITE:
        return INK
    upwards = instrument.quadrants.upwards if instrument.quadrants else instrument.dimensions[0].id
    return UPWARDS if instrument.dimension_of.get(key) == upwards else ACROSS


def shade(score: float, low: float, high: float) -> str:
    """Return the colour of a score on a scale from low (light) to high (dark), in `SHADES_N` steps."""
    share = min(max((score - low) / (high - low), 0.0), 1.0)
    share = min(int(share * SHADES_N), SHADES_N - 1) / (SHADES_N - 1)
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(LIGHT, DARK, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"
