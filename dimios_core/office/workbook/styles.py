"""How cells of a workbook look: few styles, each with a meaning."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

#: how Excel writes a number; it puts the reader's own decimal sign
NUMBER_FORMATS = {
    "text": "General",
    "score": "0.0",
    "difference": "+0.0;\u22120.0;0.0",
    "share": "0.0%",
    "count": "0",
}
INK, QUIET, DEMO, HEAD, LINE = "#1F2429", "#59626B", "#FFF3CF", "#E6EEF6", "#C9D0D7"
TOP = {"valign": "top", "font_color": INK}


class Styles:
    """The formats of one workbook, made when first used.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    """

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        self._cells: dict[tuple[str, bool, bool], Format] = {}

    def cell(self, kind: str, *, shown: bool = True, certain: bool = False) -> Format:
        """Return the format of a figure; what is not shown is quiet, what is certain is bold."""
        known = self._cells.get((kind, shown, certain))  # asked for tens of thousands of times
        if known is not None:
            return known
        look: dict[str, Any] = {"num_format": NUMBER_FORMATS[kind], **TOP, "bold": certain}
        if kind != "text":
            look["align"] = "right"
        if not shown:
            look |= {"font_color": QUIET, "italic": True}
        return self._cells.setdefault((kind, shown, certain), self._format(**look))

    @property
    def title(self) -> Format:
        """The heading of a sheet."""
        return self._format(bold=True, font_size=16, font_color=INK)

    @property
    def heading(self) -> Format:
        """A heading within a sheet."""
        return self._format(bold=True, font_size=13, font_color=INK)

    @property
    def demo(self) -> Format:
        """The label of made-up data."""
        return self._format(bold=True, bg_color=DEMO, font_color=INK)

    @property
    def head(self) -> Format:
        """A header cell."""
        return self._format(bold=True, text_wrap=True, bg_color=HEAD, bottom=1, bottom_color=LINE, **TOP)

    @property
    def label(self) -> Format:
        """The first cell of a row of words."""
        return self._format(bold=True, text_wrap=True, **TOP)

    @property
    def words(self) -> Format:
        """Sentences."""
        return self._format(text_wrap=True, **TOP)

    def _format(self, **look: Any) -> Format:
        key = repr(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]
