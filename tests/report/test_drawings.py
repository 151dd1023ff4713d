"""Every chart of every page, wide and narrow: its SVG and its plotly figure paint the same, in the same order and place."""

from __future__ import annotations

import copy
import inspect
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import CodeType, FrameType

import pytest

from dimios_core.report import charts
from dimios_core.report.drawable import pack_for_plotly, write_for_plotly
from dimios_core.report.svg import draw_svg
from tests.notebooks.picking import pick_organisations
from tests.report.every_page import open_pages
from tests.report.own.making import show_all
from tests.report.reading_svg import Drawing, Painted, Plot, read_plotly, read_svg

#: the SVG has one decimal of a pixel
NEAR_PX = 0.11
#: which charts there are, by the code that draws them
Kinds = set[CodeType]


def list_kinds() -> dict[CodeType, str]:
    """List what draws a chart: whatever in the charts' room returns one for a narrow screen or a wide one."""
    found = {}
    for module in iter_modules(charts.__path__):
        room = import_module(f"{charts.__name__}.{module.name}")
        for name, function in inspect.getmembers(room, inspect.isfunction):
            signature = inspect.signature(function)
            if "narrow" in signature.parameters and signature.return_annotation == "Drawing":
                found[function.__code__] = name
    return found


@pytest.fixture(scope="module")
def drawn(demo_outputs: Path) -> tuple[dict[str, Drawing], Kinds]:
    """All charts of all pages, wide and narrow, and what drew them."""
    called: Kinds = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    found, results = {}, demo_outputs / "results"
    sys.setprofile(note)
    try:
        pages = {
            f"{p.name}, {p.subject}": p
            for p in open_pages(results, "sv", pick_organisations(results).values())
        }
        for where, page in {**pages, "own": show_all(results)}.items():
            for name, chart in page.charts.items():
                found[f"{where}: {name} wide"] = chart.wide
                found[f"{where}: {name} narrow"] = chart.narrow
    finally:
        sys.setprofile(None)
    return found, called


def draw(figure: Drawing) -> str:
    return str(draw_svg(figure, title="t", description="d"))


def tell_difference(figure: Drawing, svg: str) -> str:
    """Tell the first thing that is not painted alike, "" where all is."""
    plot = Plot(figure)
    right, up = plot.unit
    one, other = read_plotly(figure), read_svg(svg, figure)

    def alike(a: Painted, b: Painted) -> bool:
        same = replace(a, places=(), width_px=0, radius_px=0) == replace(
            b, places=(), width_px=0, radius_px=0
        )
        near = len(a.places) == len(b.places) and all(
            abs(x - u) <= NEAR_PX * abs(right) and abs(y - v) <= NEAR_PX * abs(up)
            for (x, y), (u, v) in zip(a.places, b.places, strict=True)
        )
        sizes = abs(a.width_px - b.width_px) <= 0.06 and abs(a.radius_px - b.radius_px) <= 0.06
        return same and near and sizes

    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if not alike(a, b):
            return f"{i}: plotly paints {a}\nSVG paints {b}"
    return "" if len(one) == len(other) else f"plotly paints {len(one)} parts, SVG {len(other)}"


def test_svg_and_plotly_paint_the_same(drawn):
    figures, _ = drawn
    assert figures
    faults = {name: words for name, f in figures.items() if (words := tell_difference(f, draw(f)))}
    assert not faults, "\n".join(f"{name}: {words}" for name, words in list(faults.items())[:5])


def test_every_kind_of_chart_is_among_them(drawn):
    _, called = drawn
    kinds = list_kinds()
    assert kinds
    assert {name for code, name in kinds.items() if code not in called} == set()


# -- what a page carries of a chart --------------------------------------------------------------------


def read_packed(wide: Drawing, by: Drawing) -> Drawing:
    """Return a form of a packed chart as plotly gets it, as `explore.js` does: `by` tells what is otherwise than in the wide one."""
    traces = by.get("data", [{}] * len(wide["data"]))
    if len(traces) == len(wide["data"]):
        traces = [_change(of, trace) for of, trace in zip(wide["data"], traces, strict=True)]
    layout = _change(wide["layout"], by.get("layout", {}))
    parts = {name: _list_parts(layout[name]) for name in ("annotations", "shapes")}
    return {"data": traces, "layout": layout | parts}


def _change(base: Drawing, by: Drawing) -> Drawing:
    changed = dict(base)
    for name, value in by.items():
        nested = isinstance(value, dict) and isinstance(base.get(name), dict)
        changed[name] = _change(base[name], value) if nested else value
    return {name: value for name, value in changed.items() if value is not None}


def _list_parts(told: Drawing) -> list[Drawing]:
    parts = []
    for i in range(told["n"]):
        part: Drawing = {}
        for name, value in told.items():
            one = value[i] if isinstance(value, list) else value
            *within, last = name.split(".")
            if name != "n" and one is not None:
                (part.setdefault(within[0], {}) if within else part)[last] = one
        parts.append(part)
    return parts


def tell_change(part: object, told: object, where: str = "") -> str:
    """Tell the first place where a figure is not what is told of it, to six digits; "" where all is."""
    if isinstance(part, dict) and isinstance(told, dict) and part.keys() == told.keys():
        return next(filter(None, (tell_change(part[n], told[n], f"{where} {n}") for n in part)), "")
    if isinstance(part, (list, tuple)) and isinstance(told, list) and len(part) == len(told):
        pairs = enumerate(zip(part, told, strict=True))
        return next(filter(None, (tell_change(a, b, f"{where} {i}") for i, (a, b) in pairs)), "")
    near = isinstance(part, float) and isinstance(told, (int, float)) and abs(part - told) <= 5e-6 * abs(part)
    return "" if near or part == told else f"{where}: {part!r}, told as {told!r}"


def test_a_page_carries_both_forms_of_every_chart_whole(drawn):
    figures, _ = drawn
    faults = {}
    for name, wide in figures.items():
        if name.endswith(" wide"):
            narrow = figures[name.removesuffix("wide") + "narrow"]
            told = json.loads(pack_for_plotly(wide, narrow))
            faults[name] = tell_change(write_for_plotly(wide), read_packed(told["wide"], {}))
            faults[f"{name}, narrow"] = tell_change(
                write_for_plotly(narrow), read_packed(told["wide"], told["narrow"])
            )
    assert faults
    assert not {name: words for name, words in faults.items() if words}


# -- the comparison sees what it is there for ------------------------------------------------------------


CHANGES: dict[str, tuple[str, str]] = {
    "a white circle that is clear": ('fill="#fff" stroke="#1d4f86" stroke-width="2"',
                                     'fill="none" stroke="#1d4f86" stroke-width="2"'),
    "an edge that is thinner": ('stroke="#1d4f86" stroke-width="2"/>', 'stroke="#1d4f86" stroke-width="1"/>'),
    "another colour": ('fill="#1d4f86"', 'fill="#1d4f87"'),
    "a place": ('<circle cx="', '<circle cx="1'),
    "a size": (' r="4" fill="#fff"', ' r="5" fill="#fff"'),
    "an opacity": (' opacity="0.75"', ""),
    "a line's width": ('stroke-width="1.5"/>', 'stroke-width="2.5"/>'),
    "bold words": (' font-weight="700"', ""),
    "a text's side": ('text-anchor="end"', 'text-anchor="start"'),
    "a turned text": (' transform="rotate(-90', ' transform="rotate(90'),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_difference_is_seen(drawn, change):
    figure = next(f for name, f in drawn[0].items() if name.endswith("quadrant wide") and len(f["data"]) > 3)
    old, new = CHANGES[change]
    svg = draw(figure)
    assert old in svg
    assert not tell_difference(figure, svg)
    assert tell_difference(figure, svg.replace(old, new, 1))


def test_another_order_is_seen(drawn):
    figure = next(f for name, f in drawn[0].items() if name.endswith("categories wide"))
    svg = draw(figure)
    turned = copy.deepcopy(figure)
    for shape in turned["layout"]["shapes"]:
        shape["layer"] = "below"
    assert tell_difference(turned, svg)  # the lines of the scale over the bands
    turned["layout"]["shapes"] = figure["layout"]["shapes"][::-1]
    assert tell_difference(turned, svg)


# -- the closed set --------------------------------------------------------------------------------------


def _parts(part: object) -> Iterator[Drawing]:
    """Every mapping within a figure, one of each look."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        seen = set()
        for value in part:
            look = repr(sorted(value)) if isinstance(value, dict) else None
            if look is not None and look not in seen:
                seen.add(look)
                yield from _parts(value)


def test_a_property_that_is_not_drawn_is_an_error_wherever_it_stands(drawn):
    figures, _ = drawn
    for name, figure in figures.items():
        if not name.endswith("wide"):
            continue
        figure = copy.deepcopy(figure)
        for part in _parts(figure):
            part["visible"] = False
            with pytest.raises(ValueError, match="are not drawn"):
                draw(figure)
            del part["visible"]
        draw(figure)


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("layout", "shapes", 0, "layer"), "below"),
        (("layout", "shapes", 0, "layer"), "above"),
        (("layout", "shapes", 0, "type"), "circle"),
        (("layout", "shapes", 0, "line", "dash"), "longdash"),
        (("layout", "xaxis", "zeroline"), True),
        (("layout", "yaxis", "side"), "right"),
        (("layout", "showlegend"), True),
        (("layout", "paper_bgcolor"), "#eee"),
        (("layout", "annotations", 0, "showarrow"), True),
        (("data", 0, "mode"), "lines+markers"),
        (("data", 0, "marker", "size"), [5, 6]),
        (("data", 0, "marker", "symbol"), "square"),
        (("data", 1, "marker", "line", "width"), 3),  # of a diamond
    ],
)
def test_a_value_that_is_not_drawn_is_an_error(drawn, where, what):
    figure = copy.deepcopy(
        next(f for n, f in drawn[0].items() if n.endswith("quadrant wide") and f["data"][0]["x"])
    )
    *path, last = where
    part = figure
    for step in path:
        part = part[step]
    part[last] = what
    with pytest.raises(ValueError, match="are not drawn"):
        draw(figure)
