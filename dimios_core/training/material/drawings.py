"""The plane and the profile without any figure, to draw on: names and borders are the model's."""

from __future__ import annotations

from dimios_core.instrument import Instrument, Quadrants
from dimios_core.languages import load_texts, say
from dimios_core.markup import Markup, join, markup
from dimios_core.office.pdf.blocks import Block
from dimios_core.office.pdf.sheets import BREAK, drawing, head, paragraph
from dimios_core.report.numbers import NumberFormat
from dimios_core.training.material.papers import make_handout

#: the paper's width, in pixels of a drawing
WIDTH = 760
INK, QUIET, GRID = "#1f2429", "#59626b", "#c9d0d7"
TEN = range(0, 101, 10)
#: names of rows, left of the scale
NAME_PX, NAME_LETTERS = 250, 38
#: how tall a row is at most, and all rows of a sheet
ROW_PX, POINT_PX, ROWS_PX = 110, 27, 900
LINE_PX = 14


def make_plane(instrument: Instrument, language: str) -> bytes | None:
    """Make the plane of the model's two dimensions with the names of its quadrants, a PDF; None where it has none."""
    if instrument.quadrants is None:
        return None
    told = load_texts(language)["material"]["plane"]
    text = say(
        language, "material.plane.how", border=NumberFormat(language).whole(instrument.quadrants.border)
    )
    svg, size = _draw_plane(instrument, instrument.quadrants, language)
    blocks = [paragraph(text), drawing(svg, told["alt"], *size)]
    return make_handout(told["title"], instrument, language, blocks)


def make_profile(instrument: Instrument, language: str) -> bytes:
    """Make empty scales, a PDF: the model's categories, then its measure points by category."""
    told = load_texts(language)["material"]["profile"]
    rows = [(instrument.text(c.name, language), False) for c in instrument.categories]
    svg, size = _draw_rows(rows, min(ROW_PX, ROWS_PX / len(rows)))
    blocks: list[Block] = [paragraph(told["how"]), drawing(svg, told["alt"], *size)]
    for sheet in _share_points(instrument, language):
        svg, size = _draw_rows(sheet, POINT_PX)
        blocks += [BREAK, head(told["points"]), drawing(svg, told["points_alt"], *size)]
    return make_handout(told["title"], instrument, language, blocks)


def _share_points(instrument: Instrument, language: str) -> list[list[tuple[str, bool]]]:
    """Share the measure points over sheets: each category with its name above (True), none split that fits a sheet."""
    sheets: list[list[tuple[str, bool]]] = [[]]
    for category in instrument.categories:
        names = [instrument.text(p.name, language) for p in instrument.points_of(category.id)]
        rows = [(instrument.text(category.name, language), True), *((name, False) for name in names)]
        if sheets[-1] and len(sheets[-1]) + len(rows) > ROWS_PX / POINT_PX:
            sheets.append([])
        sheets[-1] += rows
    return sheets


def _draw_plane(
    instrument: Instrument, quadrants: Quadrants, language: str
) -> tuple[Markup, tuple[float, float]]:
    """Draw the plane, a square, with its names; returns the drawing and its width and height."""
    names = {d.id: instrument.text(d.name, language) for d in instrument.dimensions}
    left, top, side = 60.0, 20.0, 690.0

    def at(percent: float) -> float:
        return side * percent / 100

    border = at(quadrants.border)
    parts = [
        join(
            markup(
                '<path d="M{} {}H{}M{} {}V{}" stroke="{}" stroke-width="0.6" fill="none"/>',
                *(left, top + at(t), left + side, left + at(t), top, top + side, GRID),
            )
            for t in TEN
        ),
        markup(
            '<path d="M{} {}H{}M{} {}V{}" stroke="{}" stroke-width="2" fill="none"/>',
            *(left, top + side - border, left + side, left + border, top, top + side, QUIET),
        ),
    ]
    for cell in quadrants.cells:
        x = left + (border if cell.across == "high" else 0) + 12
        y = top + (0 if cell.upwards == "high" else side - border) + 26
        parts.append(_write(x, y, f"{cell.id}. {instrument.text(cell.name, language)}", 17, bold=True))
    for t in TEN:
        parts.append(_write(left + at(t), top + side + 18, f"{t}", 12, anchor="middle"))
        parts.append(_write(left - 8, top + side - at(t) + 4, f"{t}", 12, anchor="end"))
    parts.append(
        _write(left + side / 2, top + side + 42, names[quadrants.across], 16, anchor="middle", bold=True)
    )
    turned = markup(
        '<g transform="translate({} {}) rotate(-90)">{}</g>',
        *(18, top + side / 2, _write(0, 0, names[quadrants.upwards], 16, anchor="middle", bold=True)),
    )
    return _frame(WIDTH, top + side + 60, [*parts, turned])


def _draw_rows(rows: list[tuple[str, bool]], row_px: float) -> tuple[Markup, tuple[float, float]]:
    """Draw a scale of 0 to 100 a row, named to the left; a row that is True is a heading of those below."""
    top, width = 26.0, WIDTH - NAME_PX - 20.0
    bottom = top + len(rows) * row_px

    def at(percent: float) -> float:
        return NAME_PX + width * percent / 100

    parts = [_write(at(t), top - 10, f"{t}", 12, anchor="middle") for t in TEN]
    for t in TEN:
        stroke = 1.4 if t == 50 else 0.6
        parts.append(
            markup(
                '<path d="M{} {}V{}" stroke="{}" stroke-width="{}"/>',
                *(at(t), top, bottom, QUIET if t == 50 else GRID, stroke),
            )
        )
    for i, (name, is_head) in enumerate(rows):
        middle = top + (i + 0.5) * row_px
        if not is_head:
            parts.append(markup('<path d="M{} {}H{}" stroke="{}"/>', NAME_PX, middle, NAME_PX + width, QUIET))
        lines = _fold(name)
        first = middle + 5 - LINE_PX * (len(lines) - 1) / 2
        parts += [_write(0, first + LINE_PX * n, line, 14, bold=is_head) for n, line in enumerate(lines)]
    return _frame(WIDTH, bottom + 8, parts)


def _fold(name: str) -> list[str]:
    """Fold a long name into lines at its spaces."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > NAME_LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _write(
    x: float, y: float, text: str, size: float, *, anchor: str = "start", bold: bool = False
) -> Markup:
    return markup(
        '<text x="{}" y="{}" font-size="{}" text-anchor="{}" font-weight="{}" fill="{}">{}</text>',
        *(x, y, size, anchor, "bold" if bold else "normal", INK, text),
    )


def _frame(width: float, height: float, parts: list[Markup]) -> tuple[Markup, tuple[float, float]]:
    svg = markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}">{}</svg>', width, height, join(parts)
    )
    return svg, (width, height)
