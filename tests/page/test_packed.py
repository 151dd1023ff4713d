"""What plotly draws lies packed in a page, once for all charts; what is unpacked is all that is there; pages are light."""

from __future__ import annotations

import base64
import gzip
import json
import re

import pytest

from dimios_core.page.packed import PACKED_TYPE, pack, pack_figures, unpack
from tests.browser.accessibility import list_kinds

CHART = (
    '<figure class="chart" id="{}"><svg></svg><details>data</details>'
    '<script type="application/json" class="figure">{}</script></figure>'
)


def test_figures_lie_packed_by_the_charts_ids_and_nothing_else_is_taken():
    pieces = [
        f"<p>a</p>{CHART.format('one', '[1]')}<script>x</script>",
        CHART.format("two", '{"t":"å\\u003c"}'),
        "<p>b</p>",
    ]
    rest, packed = pack_figures(pieces)
    bare = '<figure class="chart" id="{}"><svg></svg><details>data</details></figure>'
    assert rest == [f"<p>a</p>{bare.format('one')}<script>x</script>", bare.format("two"), "<p>b</p>"]
    assert json.loads(unpack(packed)) == {"one": [1], "two": {"t": "å<"}}
    assert pack_figures(["<p>b</p>"]) == (["<p>b</p>"], "")


def write(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


HIDING = {
    "behind it": write(gzip.compress(b"{}") + b" 61.3"),
    "in a second content": write(gzip.compress(b"{}") + gzip.compress(b"61.3")),
    "in a name": write(b"\x1f\x8b\x08\x08\0\0\0\0\0\xff61.3\0" + gzip.compress(b"{}")[10:]),
    "between the letters": write(gzip.compress(b"{}"))[:8] + ":61.3:" + write(gzip.compress(b"{}"))[8:],
    "cut off": write(gzip.compress(b"61.3 of them, and so on")[:-9]),
    "not packed": "61.3",
}


@pytest.mark.parametrize("place", HIDING)
def test_what_hides_more_than_one_content_is_not_unpacked(place):
    assert unpack(write(gzip.compress(b"{}"))) == b"{}"
    with pytest.raises(ValueError):
        unpack(HIDING[place])


def test_every_kind_of_page_weighs_at_most_200_kilobytes(stored_reports, training_reports):
    heavy, seen = {}, set()
    for folder in (stored_reports / "reports", training_reports / "reports"):
        for path in folder.rglob("*.html"):
            seen.add(path.relative_to(folder).as_posix())
            if path.stat().st_size > 200_000:
                heavy[path.name] = path.stat().st_size
    assert heavy == {}
    assert {kind.place for kind in list_kinds() if kind.place} <= seen


def test_a_pages_figures_are_those_of_its_charts(stored_reports):
    page = (stored_reports / "reports/2026/almvik/sv/our_result.html").read_text(encoding="utf-8")
    (packed,) = re.findall(rf'<script type="{PACKED_TYPE}" id="figures">(.*?)</script>', page)
    figures = json.loads(unpack(packed))
    assert list(figures) == re.findall(r'<figure class="chart" id="([^"]*)">', page)
    assert all(figure["wide"]["data"] for figure in figures.values())
    assert packed == pack(unpack(packed))
