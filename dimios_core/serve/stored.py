"""Stored pages as they are sent: compressed once, known by a tag, and told apart from newer results."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from dimios_core.markup import Markup, put_into
from dimios_core.page.build import make_live, read_reads
from dimios_core.page.downloads import DOWNLOADS
from dimios_core.places import CONSORTIUM
from dimios_core.published.reads import STAMP, Sign, are_of_today, sign_file
from dimios_core.suites import load_suites

#: pages that are kept in memory, some 40 KB each
PAGES_KEPT_N = 1_000
COMPRESSION = 6
LIVE_PREFIX = "/levande/"
NOTHING = Markup()
#: period, organisation, language, name: what a page's address is made of, and nothing else
PLACE = r"\d{4}(?:-[12])?/(?:[a-z0-9][a-z0-9-]*|_consortium)/[a-z]{2,3}/[a-z0-9_][a-z0-9_-]*"


@dataclass(frozen=True)
class StoredPage:
    """One page, ready to be sent.

    Attributes
    ----------
    compressed : bytes
        Gzip of the page, with the address of its live route in it where it may be live.
    tag : str
        Changes when a byte of the page does.
    reads : dict of file -> hash
        The published files that it was made of.
    is_older : bool
        Whether the results hold something else now than what the page was made of.
    """

    compressed: bytes
    tag: str
    reads: dict[str, str]
    is_older: bool

    @property
    def content(self) -> bytes:
        """The page as HTML."""
        return gzip.decompress(self.compressed)


class StoredPages:
    """The pages of a reports folder, read once and again when the file or the results have changed.

    Parameters
    ----------
    reports : Path
        period/organisation/language/page.html.
    results : Path
        The results folder that pages are made of.
    """

    def __init__(self, reports: Path, results: Path) -> None:
        self.reports, self.results = reports.resolve(), results
        self._kept: OrderedDict[tuple[str, Markup], tuple[object, StoredPage]] = OrderedDict()

    def get(self, place: str, downloads: Markup = NOTHING) -> StoredPage | None:
        """Return the page at period/organisation/language/page, with links to files; None where there is none.

        A page that is a link to a file elsewhere is none: it could be another organisation's.
        """
        path = self.reports / f"{place}.html"
        state = (state_of(path), state_of(self.results / STAMP))
        if state[0] is None or path.resolve() != path:
            return None
        key = (place, downloads)
        kept = self._kept.get(key)
        if kept is None or kept[0] != state:
            kept = self._kept[key] = (state, self._read(path, place, downloads))
            while len(self._kept) > PAGES_KEPT_N:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept[1]

    def _read(self, path: Path, place: str, downloads: Markup) -> StoredPage:
        page = path.read_text(encoding="utf-8")
        reads = read_reads(page)
        older = not are_of_today(self.results, reads)
        told = put_into(page, "html", class_="older") if older else make_live(page, LIVE_PREFIX + place)
        served = told.replace(DOWNLOADS, downloads, 1).encode()
        digest = hashlib.sha256(served).hexdigest()[:20]
        return StoredPage(gzip.compress(served, COMPRESSION, mtime=0), f'"{digest}"', reads, older)


def owner_of(place: str) -> str:
    """Return whose the page at period/organisation/language/page is."""
    return place.split("/")[1]


def find_landing(reports: Path, owner: str, language: str) -> str | None:
    """Return the place of the page that a reader of an organisation sees first: the newest of its own result,
    in a language where there is one.

    None where there is no page, and for readers of all organisations, who choose.
    """
    if owner == CONSORTIUM:
        return None
    found = list(reports.glob(f"*/{owner}/*/*.html"))
    if not found:
        return None

    landing = {
        suite.landing_page for suite in load_suites() if suite.per == "organisation" and not suite.apart
    }

    def order(path: Path) -> tuple[str, bool, bool]:
        return path.parts[-4], path.parts[-2] == language, path.stem in landing

    return max(found, key=order).relative_to(reports).with_suffix("").as_posix()


def state_of(path: Path) -> Sign | None:
    """Return what tells a file from every other, and from what it held before; None where there is none."""
    try:
        return sign_file(path)
    except OSError:
        return None
