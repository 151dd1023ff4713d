"""The sheet that a heat map is drawn on: cells, hatching and numbers, gathered by what they look like.

A map has hundreds of cells, so cells of a shade are one path and numbers of a size one trace: the page stays small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import CLEAR, HATCH, INK, MUTED, PLATE, shade
from dimios_core.report.charts.parts import Part, area, label, outline, writing
from dimios_core.report.drawable import bold

SMALL_LETTER_PX = 6.15
#: between the lines of a hatching
STEP_PX = 20
#: narrower cells have no room for the interval, lower ones none for the name above the number
INTERVAL_PX, NAMED_PX = 50, 28


@dataclass(frozen=True)
class HeatCell:
    """A cell: score in percent with its texts, or why there is none.

    Attributes
    ----------
    score : float or None
    text, interval : str
        As they are shown, whole numbers.
    certain : bool
        Certainly apart from the rest; bold.
    reason : str
        Why there is no number.
    """

    score: float | None
    text: str = ""
    interval: str = ""
    certain: bool = False
    reason: str = ""

    @property
    def number(self) -> str:
        """The number, bold where certain."""
        return bold(self.text) if self.certain else self.text


class HeatSheet:
    """Rectangles and texts in pixels from the upper left corner, gathered by what they look like."""

    def __init__(self, scale: tuple[float, float]) -> None:
        self.scale = scale
        self.names: list[Part] = []
        self._filled: dict[str, list[str]] = {}
        self._hatched: list[str] = []
        self._plates: list[str] = []
        self._texts: dict[tuple[int, str], list[tuple[float, float, str]]] = {}

    def shapes(self) -> list[Part]:
        """The cells by shade, the hatching, and the white under what is written on it."""
        found = [area(" ".join(words), colour) for colour, words in self._filled.items()]
        if self._hatched:
            found.append(area(" ".join(self._hatched), CLEAR, HATCH, 1))
        if self._plates:
            found.append(area(" ".join(self._plates), PLATE))
        return found

    def traces(self) -> list[Part]:
        """The numbers and other centred texts, one trace a font."""
        found = []
        for (size, colour), texts in self._texts.items():
            x, y, words = (list(part) for part in zip(*texts, strict=True))
            found.append(writing(x, y, words, size, colour))
        return found

    def name(
        self, text: str, x: float, y: float, anchor: str = "left", colour: str = INK, size: int = 13
    ) -> None:
        self.names.append(label(text, round(x, 1), round(-y, 1), anchor, size, colour))

    def centre(self, text: str, x: float, y: float, size: int, colour: str = INK) -> None:
        self._texts.setdefault((size, colour), []).append((round(x, 1), round(-y, 1), text))

    def rule(self, x: float, top: float, bottom: float) -> None:
        """Draw a thin upright line."""
        self._hatched.append(f"M{x:.0f},{-top:.0f} L{x:.0f},{-bottom:.0f}")

    def hatch(self, x: float, y: float, width: float, height: float, words: str) -> None:
        """Hatch a rectangle and write on a white plate in its middle."""
        self._hatched.append(_outline(x, y, width, height))
        for start in range(STEP_PX, math.ceil(width + height), STEP_PX):
            left, right = max(start - height, 0.0), min(float(start), width)
            top, bottom = y + start - right, y + start - left
            self._hatched.append(f"M{x + left:.0f},{-bottom:.0f} L{x + right:.0f},{-top:.0f}")
        plate = min(len(words) * SMALL_LETTER_PX + 10, width - 2)
        self._plates.append(_outline(x + (width - plate) / 2, y + height / 2 - 9, plate, 18))
        self.centre(words, x + width / 2, y + height / 2, 12, MUTED)

    def cell(self, cell: HeatCell, x: float, y: float, width: float, height: float) -> None:
        """Draw a cell with its number over its interval."""
        if cell.score is None:
            self.hatch(x, y, width, height, "–")
            return
        self._fill(cell.score, x, y, width, height)
        middle = x + width / 2
        if width >= INTERVAL_PX:
            self.centre(cell.number, middle, y + height / 2 - 8, 15)
            self.centre(cell.interval, middle, y + height / 2 + 10, 12)
        else:
            self.centre(cell.number, middle, y + height / 2, 14)

    def named_cell(
        self, cell: HeatCell, lines: Sequence[str], x: float, y: float, width: float, height: float
    ) -> None:
        """Draw a cell with its name above number and interval; all on one line where it is low."""
        low = height < NAMED_PX
        at = y + height / 2 if low else y + height - 12
        middle = x + width / 2
        if cell.score is None:
            words = " ".join([*lines, "–"])
            if low:
                self.hatch(x, y, width, height, words)
                return
            self.hatch(x, y, width, height, "")
            self._plates.append(_outline(x + 2, y + 2, width - 4, 14 * len(lines) + 3))
            self._plates.append(_outline(middle - 9, at - 8, 18, 16))
            self.centre("–", middle, at, 14, MUTED)
        else:
            self._fill(cell.score, x, y, width, height)
            self.centre(cell.number, middle if low else middle - 24, at, 14)
            self.centre(cell.interval, x + width - 40 if low else middle + 20, at, 12)
        for i, line in enumerate(lines):
            x_of = x + 8 + len(line) * SMALL_LETTER_PX / 2 if low else middle
            self.centre(line, x_of, at if low else y + 11 + i * 14, 12, MUTED if cell.score is None else INK)

    def _fill(self, score: float, x: float, y: float, width: float, height: float) -> None:
        colour = shade(score, *self.scale)
        self._filled.setdefault(colour, []).append(_outline(x, y, width, height))


def _outline(x: float, y: float, width: float, height: float) -> str:
    top, bottom = -y, -y - height
    return outline([(x, top), (x + width, top), (x + width, bottom), (x, bottom)], 0)
