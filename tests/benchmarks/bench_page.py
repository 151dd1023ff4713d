"""Write what was measured into docs/performance.md: a table, and a picture beside it."""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import ceil
from pathlib import Path

from tests.benchmarks.bench_measure import Measurement

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
PICTURE = "performance.svg"
PACKAGES = ("dimios", "numpy", "pandas", "pyarrow", "scipy")
#: colours that keep 4.5:1 on white, and a mark of its own for each, so that none hangs on colour alone
LOOKS = {"ingest": ("#1f5a96", "none"), "score": ("#8a5a00", "7 3"), "plain pandas": ("#595959", "2 3")}
#: points (million answers, value) by name
Lines = Mapping[str, Sequence[tuple[float, float]]]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 400, 270, 56, 106, 40, 44
TICKS_N = 5
NICE = (1, 2, 2.5, 5, 10)
LABEL_HEIGHT = 14
#: a mark may lie this share of a step beyond the last tick
BEYOND_SHARE = 0.05
#: processes waiting for a core before the start, above which the page says that the machine was shared
BUSY_LOAD = 0.5
BUSY = (
    " The machine was shared (load average {load:.1f} before the start): seconds on the clock are longer than on"
    " an idle one, processor seconds hardly."
)


@dataclass(frozen=True)
class SizeResult:
    """What was measured at one size; `measured` is by step."""

    millions: float
    organisations_n: int
    periods_n: int
    rows_n: int
    answers_n: int
    export_bytes: int
    measured: dict[str, Measurement]


def describe_machine(load: float, packages: Sequence[str] = PACKAGES) -> str:
    """Return the machine (no name) and the versions, in a sentence or two; `load` is what it did before."""
    with Path("/proc/meminfo").open() as file:
        memory_gb = int(file.readline().split()[1]) * 1024 / 1e9
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GB of memory, {platform.system()}."
        f" Python {platform.python_version()}, {versions}."
        + (BUSY.format(load=load) if load > BUSY_LOAD else "")
    )


def render_table(results: Sequence[SizeResult]) -> str:
    """Return the Markdown table: a row a size and step, and the ratio to the plain script's seconds."""
    lines = [
        "| million answers | step | seconds | processor seconds | seconds per million | peak memory, MB | of plain pandas' seconds |",
        "|--:|---|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        yardstick = result.measured["plain pandas"].seconds
        for name, m in result.measured.items():
            lines.append(
                f"| {result.answers_n / 1e6:.2f} | {name} | {m.seconds:.1f} | {m.cpu_seconds:.1f}"
                f" | {m.seconds / result.answers_n * 1e6:.1f} | {m.peak_bytes / 1e6:.0f} | {m.seconds / yardstick:.1f} × |"
            )
    return "\n".join(lines)


def render_growth(results: Sequence[SizeResult]) -> str:
    """Return a sentence on how the steps grow from the smallest size to the largest."""
    small, large = results[0], results[-1]
    answers = large.answers_n / small.answers_n
    grown = [
        f"{name} takes {large.measured[name].cpu_seconds / small.measured[name].cpu_seconds:.1f} times the"
        " processor seconds and"
        f" {large.measured[name].peak_bytes / small.measured[name].peak_bytes:.1f} times the memory"
        for name in LOOKS
    ]
    return f"With {answers:.1f} times the answers, {'; '.join(grown)}."


def write_page(page: Path, results: Sequence[SizeResult], machine: str, date: str) -> None:
    """Replace what stands between the page's markers, and the picture beside the page."""
    sizes = "; ".join(
        f"{r.answers_n / 1e6:.2f} million answers = {r.organisations_n:,} organisations × {r.periods_n} periods,"
        f" {r.rows_n:,} rows, a file of {r.export_bytes / 1e6:.0f} MB"
        for r in results
    )
    replace_between(
        page,
        (BEGIN, END),
        f"Measured {date}. {machine}",
        f"Sizes: {sizes}.",
        render_table(results),
        render_growth(results),
        f"![Seconds and peak memory against million answers; the figures are those of the table]({PICTURE})",
    )
    write_whole(page.with_name(PICTURE), draw_picture(results))


def replace_between(page: Path, markers: tuple[str, str], *parts: str) -> None:
    """Replace what stands between two markers of a page by parts with empty lines around them."""
    text = page.read_text(encoding="utf-8")
    block = "\n\n".join([markers[0], *parts, markers[1]])
    write_whole(page, text.split(markers[0])[0] + block + text.split(markers[1])[1])


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name, and rename it."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def draw_picture(results: Sequence[SizeResult]) -> str:
    """Return an SVG of two panels: seconds, and peak memory in GB, against million answers."""
    measures: list[tuple[str, Callable[[Measurement], float]]] = [
        ("Seconds", lambda m: m.seconds),
        ("Peak memory, GB", lambda m: m.peak_bytes / 1e9),
    ]
    panels = [
        (title, {name: [(r.answers_n / 1e6, value(r.measured[name])) for r in results] for name in LOOKS})
        for title, value in measures
    ]
    return draw_panels(
        "Seconds and peak memory of ingest, score and plain pandas against million answers", panels, LOOKS
    )


def draw_panels(about: str, panels: Sequence[tuple[str, Lines]], looks: Mapping[str, tuple[str, str]]) -> str:
    """Return an SVG of panels beside each other, each with a title and a line a name, against million answers.

    Parameters
    ----------
    about : str
        What the picture shows, for who does not see it.
    panels : sequence of (title, lines)
        `lines` has the points (million answers, value) of every name.
    looks : mapping
        Name -> colour and dashes.
    """
    drawn = "".join(
        f'<g transform="translate({i * WIDTH} 0)">{_draw_panel(title, lines, looks)}</g>'
        for i, (title, lines) in enumerate(panels)
    )
    width = len(panels) * WIDTH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}"'
        f' role="img" aria-labelledby="t" font-family="sans-serif" font-size="12" fill="#222">'
        f'<title id="t">{about}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{drawn}</svg>\n'
    )


def _draw_panel(title: str, lines: Lines, looks: Mapping[str, tuple[str, str]]) -> str:
    everything = [point for points in lines.values() for point in points]
    x_ticks, y_ticks = (list_ticks(max(point[i] for point in everything)) for i in (0, 1))

    def at(x: float, y: float) -> tuple[float, float]:
        across = LEFT + x / x_ticks[-1] * (WIDTH - LEFT - RIGHT)
        return across, HEIGHT - BOTTOM - y / y_ticks[-1] * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{LEFT}" y="20" font-weight="bold">{title}</text>']
    for tick in y_ticks:
        x, y = at(0, tick)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for tick in x_ticks:
        x, y = at(tick, 0)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{tick:g}</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">million answers</text>')
    ends = []
    for name, points in lines.items():
        colour, dashes = looks[name]
        drawn = [(0.0, 0.0), *points] if len(points) == 1 else points
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (at(*p) for p in drawn))
        parts.append(
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in (at(*p) for p in drawn)
        ]
        ends.append((*at(*drawn[-1]), name, colour))
    lowest = float("inf")
    for x, y, name, colour in sorted(ends, key=lambda end: -end[1]):
        lowest = min(y, lowest - LABEL_HEIGHT)  # names that would lie on each other are moved apart
        parts.append(f'<text x="{x + 8:.1f}" y="{lowest + 4:.1f}" fill="{colour}">{name}</text>')
    return "".join(parts)


def list_ticks(highest: float) -> list[float]:
    """Return round numbers from 0 to about `highest` or beyond."""
    rough = highest / TICKS_N
    size = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 10.0 ** -len(f"{1 / rough:.0f}")
    step = next(size * nice for nice in NICE if size * nice * (1 + BEYOND_SHARE) >= rough)
    return [step * i for i in range(ceil(highest / step - BEYOND_SHARE) + 1)]
