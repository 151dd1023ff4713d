"""What a page carries compressed, in letters: browsers leave it alone until a script of the page unpacks it.

So lie the figures of all charts, which plotly draws when a chart is explored: the drawings on the page are whole without.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Sequence
from html import unescape

#: the type of a script element that is packed
PACKED_TYPE = "application/gzip"
#: how hard gzip tries, of nine: with five a page is half a KB lighter, and packed in half as much time again
LEVEL = 4
#: a chart's beginning, with its id, and what plotly draws of it (`dimios_core.report.display.render_chart`): JSON in a page has no "<"
_CHART = re.compile(
    r'<figure class="chart" id="([^"]*)">|<script type="application/json" class="figure">([^<]*)</script>'
)


def pack(content: bytes, level: int = LEVEL) -> str:
    """Return content as a page carries it: gzip without name, time or comment, in letters."""
    return base64.b64encode(gzip.compress(content, level, mtime=0)).decode("ascii")


def unpack(packed: str) -> bytes:
    """Return all that a packed script holds.

    Raises
    ------
    ValueError
        It holds something else than one compressed content and nothing beside it, so that not all of it would be seen.
    """
    raw = base64.b64decode(packed.strip(), validate=True)
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = reader.decompress(raw)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if (
        not reader.eof or reader.unused_data or raw[3]
    ):  # the fourth byte tells of names and comments (RFC 1952, 2.3.1)
        raise ValueError("there is more than one compressed content")
    return content


def pack_figures(pieces: Sequence[str]) -> tuple[list[str], str]:
    """Take what plotly draws out of the charts of a page.

    Returns
    -------
    pieces : list of str
        Without it.
    packed : str
        All of it by the charts' ids, packed; "" where there are no charts.
    """
    figures: dict[str, str] = {}
    chart = ""

    def take(found: re.Match[str]) -> str:
        nonlocal chart
        if found[1] is not None:
            chart = found[1]
            return found[0]
        figures[json.dumps(unescape(chart))] = found[2]
        return ""

    rest = [_CHART.sub(take, piece) for piece in pieces]
    told = ",".join(f"{id}:{figure}" for id, figure in figures.items())
    return rest, pack(f"{{{told}}}".encode()) if figures else ""
