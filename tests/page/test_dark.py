"""Dark pages: what turning the lightness over makes of the pages' pairs of colours, reckoned by the filters' definitions."""

from __future__ import annotations

import re

import pytest

from dimios_core.page.assets import read_static

#: words and what they stand on
PAIRS = (
    ("#1f2429", "#ffffff"), ("#59626b", "#ffffff"), ("#59626b", "#f7f9fb"), ("#1d4f86", "#ffffff"), ("#8f4e00", "#ffffff"),
    ("#1f2429", "#fff3cf"), ("#434b53", "#ffffff"), ("#ffffff", "#1d4f86"),
)  # fmt: skip
#: hue-rotate(180deg) of CSS Filter Effects, section 12.1.5: cos is -1 and sin 0
TURNED = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))


def turn_over(colour: str, by: float) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    inverted = [part * (1 - by) + (1 - part) * by for part in parts]
    return [min(max(sum(f * p for f, p in zip(row, inverted, strict=True)), 0), 1) for row in TURNED]


def luminance(parts: list[float]) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_words_stand_out_on_dark_pages(ink, paper):
    found = re.search(r"filter:invert\((\.\d+)\) hue-rotate\(180deg\)", read_static("page.css"))
    assert found is not None
    light, dark = sorted((luminance(turn_over(c, float(found[1]))) for c in (ink, paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
