"""Texts of a drawing as SVG. What most of them look like is said once, by the drawing itself; each says what is its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from dimios_core.markup import Attributes, Markup, attributes, markup, markup_rows
from dimios_core.report.drawable import check, read_weight

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
#: from where a text is told to stand to the line that it is written on, in its sizes
BASELINES = {"top": 0.9, "middle": 0.35, "bottom": -0.3}
#: size and colour of a text that says neither
FONT_PX, FONT_COLOUR = 13, "#1f2429"
#: looks of texts that are kept written
LOOKS_N = 256
#: anchor, size and colour of texts, as attributes hold them
Look = tuple[str, str, str]


def write_px(values: Iterable[float]) -> list[str]:
    """Return pixels as drawings write them, with at most one decimal.

    Examples
    --------
    >>> write_px([12, 0.25, 7.96])
    ['12', '0.2', '8']
    """
    told = tuple(values)
    return ("%.1f " * len(told) % told).replace(".0 ", " ").split()


def write_columns(*columns: Sequence[float]) -> list[list[str]]:
    """Return columns of pixels, equally long, as drawings write them: all in one go."""
    told, count = write_px(chain.from_iterable(columns)), len(columns[0])
    return [told[i * count : (i + 1) * count] for i in range(len(columns))]


def find_usual(looks: Sequence[Look]) -> Look:
    """Return anchor, size and colour that most labels of a figure have: the drawing says them once, for all."""
    if not looks:
        return "", "", ""
    anchor, size, colour = (Counter(told).most_common(1)[0][0] for told in zip(*looks, strict=True))
    return anchor, size, colour


def write_look(look: Look, usual: Look = ("", "", ""), heavy: bool = False, turned: str = "") -> Attributes:
    """Return the attributes of a text, without those that it shares with what is usual."""
    told = zip(("text_anchor", "font_size", "fill"), look, usual, strict=True)
    own = {name: value for name, value, common in told if value != common}
    return attributes(**own, font_weight="700" if heavy else "", transform=turned)


#: what looks alike comes again and again
_keep_look = lru_cache(maxsize=LOOKS_N)(write_look)


def turn(angle: float, x: float, y: float) -> str:
    """Return what turns a text around a place, "" where nothing does."""
    return f"rotate({' '.join(write_px([angle, x, y]))})" if angle else ""


def dress_texts(
    texts: Sequence[str], looks: Sequence[Look], usual: Look, turns: Sequence[str] = ()
) -> tuple[list[Attributes], list[str]]:
    """Return the attributes of texts and what is read of them; `turns` are those of all of them where any is turned."""
    told = [read_weight(text) for text in texts]
    if turns:
        dressed = [
            write_look(look, usual, heavy, turned)
            for look, (_, heavy), turned in zip(looks, told, turns, strict=True)
        ]
    else:
        dressed = [_keep_look(look, usual, heavy) for look, (_, heavy) in zip(looks, told, strict=True)]
    return dressed, [plain for plain, _ in told]


def write_texts(
    texts: Sequence[str],
    xs: Sequence[float],
    ys: Sequence[float],
    looks: Sequence[Look],
    usual: Look,
    turns: Sequence[str] = (),
) -> Markup:
    """Draw texts, each on its line at `y`, in pixels; `turns` are those of all of them where any is turned."""
    return markup_rows(
        '<text x="{:.1f}" y="{:.1f}"{}>{}</text>', xs, ys, *dress_texts(texts, looks, usual, turns)
    )


def write_trace(trace: Mapping[str, Any], xs: Sequence[float], ys: Sequence[float]) -> Markup:
    """Draw many short texts of one font, each centred on its point."""
    if trace.get("textposition") != "middle center":
        raise ValueError(f"texts at {trace.get('textposition')!r} are not drawn; choose 'middle center'")
    check([trace["textfont"]], "font")
    size, colour = trace["textfont"]["size"], trace["textfont"]["color"]
    look, lines = ("middle", write_px([size])[0], colour), [y + BASELINES["middle"] * size for y in ys]
    texts = write_texts(trace["text"], xs, lines, [look] * len(lines), usual=look)
    return markup("<g{}>{}</g>", write_look(look), texts)
