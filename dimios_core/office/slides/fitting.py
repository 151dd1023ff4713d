"""How large words may be set so that they take no more than their room, in the widest typeface that may stand in for the deck's own."""

from __future__ import annotations

from pptx.util import Inches, Pt

from dimios_core.office.slides.outline import SlideTable

CELL_PT = 16
#: width of a letter beside its height, on average, with what is left empty at the ends of lines: DejaVu Sans', plain and bold
LETTER, BOLD_LETTER = 0.56, 0.63
LINE, TITLE_LINE = 1.25, 1.2
#: largest and smallest size of titles
TITLE_PT, TITLE_MIN_PT = 32, 20


def _count_lines(text: str, size: float, width: float, letter: float = LETTER) -> int:
    """Return how many lines a text takes; one where it is empty."""
    letters = max(1, int(width / Pt(1) / (size * letter)))
    return -(-max(1, len(text)) // letters)


def measure_height(words: list[str], size: float, width: int) -> int:
    """Return the height that words take, in EMU."""
    lines = sum(_count_lines(text, size, width) for text in words)
    return int(Pt(size * LINE) * lines + Pt(size * 0.5) * len(words))


def fit_words(words: tuple[str, ...], size: float, width: int, height: int) -> float:
    """Return the largest type size, down to 12 points, in which words take no more than a height."""
    while size > 12 and measure_height(list(words), size, width) > height:
        size -= 1
    return size


def fit_title(title: str, width: int, height: int) -> int:
    """Return the largest type size, from 32 down to 20 points, in which a title takes no more than a height."""
    for size in range(TITLE_PT, TITLE_MIN_PT, -1):
        if Pt(size * TITLE_LINE) * _count_lines(title, size, width, BOLD_LETTER) <= height:
            return size
    return TITLE_MIN_PT


def fit_table(table: SlideTable, width: int, height: int) -> float:
    """Return the largest type size, down to 11 points, in which a table takes no more than a height."""
    for size in range(CELL_PT, 11, -1):
        taken = 0
        for row in (table.headers, *table.rows):
            lines = 1
            for text, share in zip(row, table.shares, strict=True):
                inner = width * share / sum(table.shares) - Inches(0.2)
                lines = max(lines, _count_lines(text, size, inner))
            taken += int(Pt(size * LINE) * lines + Inches(0.08))
        if taken <= height:
            return size
    return 11
