"""Every label of every chart lies inside its drawing and over no other label or mark, measured in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.browser import NARROW, WIDE, Watched
from tests.browser.labels import find_faults
from tests.browser.test_stored_page import PAGES, uri

SAMPLE = ["almvik/sv/our_result", "almvik/sv/everyones_result"]
#: a drawing whose second label lies on the first, whose third on a mark, and whose last reaches outside
FAULTY = """
<figure class="chart" id="x"><svg class="wide" viewBox="0 0 200 100" width="200"><circle cx="20" cy="76" r="4"/>
<text x="10" y="20">one</text><text x="20" y="22">two</text><text x="10" y="80">three</text><text x="190" y="50">four</text>
</svg></figure>
"""


def test_what_is_wrong_is_found(browser):
    watched = Watched(browser)
    watched.page.set_content(FAULTY)
    assert find_faults(watched.page) == [
        "x meets: one | two",
        "x lies on a mark: three",
        "x reaches outside: four",
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "page", [p if p in SAMPLE else pytest.param(p, marks=pytest.mark.long) for p in PAGES]
)
def test_labels_lie_in_their_room(browser, outputs, page, size):
    watched = Watched(browser, size)
    watched.page.goto(uri(outputs, page))
    assert find_faults(watched.page) == []
