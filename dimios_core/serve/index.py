"""What the server shows beside live reports: the index, the stored pages, and their assets."""

from __future__ import annotations

from pathlib import Path

import tornado.web

from dimios_core.page import list_assets
from dimios_core.page.index import Labels, list_shelves, render_index
from dimios_core.places import CONSORTIUM

RENDER_PREFIX = "/voila/render/"
STORED_PREFIX = "/sida/"
ASSETS_PREFIX = "/assets/"
#: period, organisation, language, name: what a report's address is made of, and nothing else
_PLACE_PATTERN = r"\d{4}(?:-[12])?/(?:[a-z0-9][a-z0-9-]*|_consortium)/(?:sv|en)/[a-z0-9_]+"
REPORT_PATH_PATTERN = rf"({_PLACE_PATTERN}\.ipynb)"
STORED_PATH_PATTERN = rf"({_PLACE_PATTERN}\.html)"
#: assets as live pages ask for them, and as stored pages find them beside their folder
ASSET_PATTERNS = (ASSETS_PREFIX + "([a-z.]+)", STORED_PREFIX + "_assets/([a-z.]+)")


class IndexHandler(tornado.web.RequestHandler):
    """Shows the index."""

    def initialize(self, reports: Path, labels: Labels) -> None:
        """Keep where the reports lie and how organisations are named."""
        self.reports, self.labels = reports, labels

    def get(self) -> None:
        """Answer with the page, made anew each time: reports may have been added."""
        self.set_header("Cache-Control", "no-store")
        self.finish(render_index(list_shelves(self.reports, self.labels(), RENDER_PREFIX, STORED_PREFIX)))


class StoredPageHandler(tornado.web.RequestHandler):
    """Sends the stored page of a report: bytes, no kernel."""

    def initialize(self, reports: Path, labels: Labels) -> None:
        """Keep where the pages lie and which organisations are published."""
        self.reports, self.labels = reports, labels

    def get(self, path: str) -> None:
        """Answer with the page; the address has been matched to its strict pattern before."""
        page = self.reports / path
        if path.split("/")[1] not in {*self.labels(), CONSORTIUM} or not page.is_file():
            raise tornado.web.HTTPError(404)
        self.set_header("Cache-Control", "no-cache")
        self.finish(page.read_bytes())


class AssetHandler(tornado.web.StaticFileHandler):
    """Sends the few files that pages need, by name; there is no folder to leave."""

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:
        """Return the file of a name; an unknown one is not found."""
        found = list_assets().get(path)
        if found is None:
            raise tornado.web.HTTPError(404)
        return str(found)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str:
        """Accept what the list holds."""
        return absolute_path
