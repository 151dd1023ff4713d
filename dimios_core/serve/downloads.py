"""Files to take along as they are served: those of a page's own report, made of what is published today, and no other."""

from __future__ import annotations

import mimetypes
from collections import OrderedDict
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import tornado.web

from dimios_core.languages import usable_languages
from dimios_core.markup import Markup
from dimios_core.page.downloads import Download, name_files, render_downloads
from dimios_core.page.made_of import stands
from dimios_core.page.navigation import county_of
from dimios_core.places import CONSORTIUM
from dimios_core.published.reads import STAMP
from dimios_core.serve.guard import Guarded
from dimios_core.serve.stored import PLACE, owner_of, state_of

DOWNLOAD_PREFIX = "/hamta/"
DOWNLOAD_PATTERN = rf"{DOWNLOAD_PREFIX}({PLACE})/([a-z0-9-]+)"
#: files whose standing is remembered
FILES_KEPT_N = 5_000


class StoredFiles:
    """The files to take along of an outputs folder; each is read once, and again when it or the results have changed.

    Parameters
    ----------
    exports : Path
        period/owner/language/file.
    results : Path
        The results folder that files are made of.
    """

    def __init__(self, exports: Path, results: Path) -> None:
        self.exports, self.results = exports.resolve(), results
        self._kept: OrderedDict[Path, tuple[object, bool]] = OrderedDict()

    def find(self, place: str, kind: str) -> Path | None:
        """Return a file of a page's report; None where there is none made of what is published today.

        A file that is a link to one elsewhere is none: it could be another organisation's.
        """
        language = place.split("/")[2]
        name = name_files(place).get(kind) if language in usable_languages() else None
        return self._open(place, name) if name is not None else None

    def _open(self, place: str, name: str) -> Path | None:
        path = self.exports / Path(place).parent / name
        return path if path.resolve() == path and self._stands(path) else None

    def _stands(self, path: Path) -> bool:
        state = (state_of(path), state_of(self.results / STAMP))
        if state[0] is None:
            return False
        kept = self._kept.get(path)
        if kept is None or kept[0] != state:
            kept = self._kept[path] = (state, stands(path, self.results))
            while len(self._kept) > FILES_KEPT_N:
                self._kept.popitem(last=False)
        return kept[1]

    def render(self, place: str, with_missing: bool) -> Markup:
        """Return the links to the files of a page's report; with what is missing and how to make it, for the consortium."""
        language = place.split("/")[2]
        if language not in usable_languages():
            return Markup()
        names = name_files(place)
        found = {k: path for k, name in names.items() if (path := self._open(place, name)) is not None}
        links = [
            Download(kind, f"{DOWNLOAD_PREFIX}{quote(place)}/{kind}", path.stat().st_size)
            for kind, path in found.items()
        ]
        missing = [kind for kind in names if kind not in found] if with_missing else []
        return render_downloads(links, missing, _write_command(place), language)


def _write_command(place: str) -> str:
    """Return the command that makes the files of a page's report."""
    period, owner, language, page = place.split("/")
    county = county_of(page)
    which = f"-o {owner}" if owner != CONSORTIUM else f"--county {county}" if county else "--suite national"
    return f"dimios export {which} --period {period} --language {language}"


class DownloadHandler(Guarded, tornado.web.RequestHandler):
    """Sends a file to take along, to whoever may read the page."""

    noted_as: ClassVar[str] = "file"

    def initialize(self, files: StoredFiles) -> None:
        """Keep the files."""
        self.files = files

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the organisation in the address, which has been matched to its strict pattern before."""
        return owner_of(path[0])

    def get(self, place: str, kind: str) -> None:
        """Answer with the file, to be kept and not shown."""
        path = self.files.find(place, kind)
        if path is None:
            raise tornado.web.HTTPError(404)
        content = path.read_bytes()
        self.set_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.set_header("Content-Disposition", f"attachment; filename={path.name}")
        self.finish(content)

    head = get
