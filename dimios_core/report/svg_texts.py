"""Texts of a drawing as SVG. What most of them look like is said once, by the drawing itself; each says what is its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dimios_core.markup import Attributes, Markup, attributes, join, markup
from dimios_core.report.drawable import check, read_weight

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
#: from where a text is told to stand to the line that it is written on, in its sizes
BASELINES = {"top": 0.9, "middle": 0.35, "bottom": -0.3}
#: size and colour of a text that says neither
FONT_PX, FONT_COLOUR = 13, "#1f2429"
#: looks of texts that are kept written
LOOKS_N = 256
HEAVY, NONE = attributes(font_weight="700"), attributes()
#: anchor, size and colour of texts, as attributes hold them
Look = tuple[str, str, str]


def write_px(value: float) -> str:
    """Return pixels as drawings write them, with at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def find_usual(layout: Mapping[str, Any]) -> Look:
    """Return anchor, size and colour that most labels of a figure have: the drawing says them once, for all."""
    labels = layout.get("annotations", [])
    fonts = [a.get("font", {}) for a in labels]
    looks = (
        [ANCHORS[a.get("xanchor", "center")] for a in labels],
        [write_px(f.get("size", FONT_PX)) for f in fonts],
        [f.get("color", FONT_COLOUR) for f in fonts],
    )
    anchor, size, colour = (Counter(look).most_common(1)[0][0] if look else "" for look in looks)
    return anchor, size, colour


@lru_cache(maxsize=LOOKS_N)
def write_look(anchor: str, size: str, colour: str, usual: Look = ("", "", "")) -> Attributes:
    """Return the attributes of a text, without those that it shares with what is usual."""
    look = zip(("text_anchor", "font_size", "fill"), (anchor, size, colour), usual, strict=True)
    return attributes(**{name: own for name, own, common in look if own != common})


def write_text(
    text: str,
    x: float,
    y: float,
    anchor: str,
    down: float,
    font: Mapping[str, Any],
    usual: Look,
    angle: float = 0,
) -> Markup:
    """Draw a text whose line lies `down` of its sizes below the place that it is told to stand at."""
    check(font, "font")
    plain, bold = read_weight(text)
    size = font.get("size", FONT_PX)
    turned = attributes(transform=f"rotate({write_px(angle)} {write_px(x)} {write_px(y)})") if angle else NONE
    return markup(
        '<text x="{}" y="{}"{}{}{}>{}</text>',
        *(
            write_px(x),
            write_px(y + down * size),
            write_look(anchor, write_px(size), font.get("color", FONT_COLOUR), usual),
        ),
        *(HEAVY if bold else NONE, turned, plain),
    )


def write_texts(trace: Mapping[str, Any], points: list[tuple[float, float]]) -> Markup:
    """Draw many short texts of one font, each centred on its point."""
    if trace.get("textposition") != "middle center":
        raise ValueError(f"texts at {trace.get('textposition')!r} are not drawn; choose 'middle center'")
    check(trace["textfont"], "font")
    size, colour = trace["textfont"]["size"], trace["textfont"]["color"]
    texts = []
    for (x, y), text in zip(points, trace["text"], strict=True):
        plain, bold = read_weight(text)
        at = (write_px(x), write_px(y + BASELINES["middle"] * size), HEAVY if bold else NONE)
        texts.append(markup('<text x="{}" y="{}"{}>{}</text>', *at, plain))
    return markup(
        '<g text-anchor="middle" font-size="{}" fill="{}">{}</g>', write_px(size), colour, join(texts)
    )
