"""Makes every exported file again, and tells which say something else than they should.

A number of one decimal is nearly always that of some published figure: whether it stands in its own place, only making
it again can tell.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from zipfile import is_zipfile

from dimios_core.export.data.package import build_files
from dimios_core.export.data.published import build_published
from dimios_core.export.orders import Order
from dimios_core.export.production import FORMATS, list_files
from dimios_core.languages import usable_languages
from dimios_core.office.office_text import read_office
from dimios_core.places import CONSORTIUM, DATA_PACKAGES, EXPORTS, PUBLISHED_PACKAGE
from dimios_core.results.audit.tables import AuditFinding
from dimios_core.suites import load_suite

#: what is wrong with a file that somebody has changed
ALTERED = "is not what dimios export makes of today's results: make it again"
#: what is wrong with a file that lies among exports
STRAY = "is no file that dimios export makes: take it away"
#: parts of slides that say something, whatever they look like
SAYING = ("ppt/slides/", "ppt/notesSlides/", "ppt/charts/", "ppt/embeddings/", "docProps/")


def audit_exports(outputs: Path, executor: Executor | None = None) -> list[AuditFinding]:
    """Audit the exports folder by making its files again.

    Parameters
    ----------
    outputs : Path
    executor : Executor, optional
        Makes the files of each report elsewhere.

    Returns
    -------
    list of AuditFinding
        Files that are not what would be made today, and files that nobody makes. Packages of answers are left out: they are
        for those who have signed for them.
    """
    finished = list_finished(outputs)
    run = executor.map if executor else map
    altered = [
        (order.owner, order.period, path, what)
        for order, found in zip(finished, run(find_altered, finished, finished.values()), strict=True)
        for path, what in found
    ]
    exports, made = outputs / EXPORTS, {path for paths in finished.values() for path in paths}
    packages = exports / DATA_PACKAGES
    altered += [
        ("", "", path, STRAY)
        for path in sorted(exports.rglob("*"))
        if path.is_file() and path not in made and packages not in path.parents
    ]
    altered += [("", "", path, what) for path, what in find_altered_package(outputs)]
    return [
        AuditFinding(who, when, path.relative_to(exports).as_posix(), what)
        for who, when, path, what in altered
    ]


def find_altered_package(outputs: Path) -> list[tuple[Path, str]]:
    """Return which files of the open data package are not what would be made today, and what is wrong."""
    folder = outputs / EXPORTS / DATA_PACKAGES / PUBLISHED_PACKAGE
    stored = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    if not stored:
        return []
    try:
        about = json.loads((folder / "datapackage.json").read_bytes())
        made = build_files(build_published(outputs / "results", about["licenses"][0]["name"]))
    except Exception as error:  # noqa: BLE001 - whatever a damaged package makes its reader stumble on
        return [(folder, f"cannot be made again: {type(error).__name__}: {error}")]
    return [
        (path, ALTERED if name in made else STRAY)
        for name, path in stored.items()
        if made.get(name) != path.read_bytes()
    ]


def list_finished(outputs: Path) -> dict[Order, list[Path]]:
    """List the orders whose files lie in the exports folder, with the files."""
    found: dict[Order, list[Path]] = {}
    for path in sorted((outputs / EXPORTS).glob("*/*/*/*.*")):
        period, owner, language, file = path.relative_to(outputs / EXPORTS).parts
        if period == DATA_PACKAGES or language not in usable_languages() or file.startswith("."):
            continue
        county = file.split("-")[1] if owner == CONSORTIUM and file.startswith("county-") else ""
        suite = "county" if county else "national" if owner == CONSORTIUM else "organisation"
        own = tuple(f"{page}_{county}" if county else page for page in load_suite(suite).pages)
        order = Order(outputs, owner, period, language, own, county)
        if path in list_files(order, list(FORMATS)):
            found.setdefault(order, []).append(path)
    return found


def find_altered(order: Order, paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return which finished files of an order say something else than what would be made today, and what is wrong.

    Slides may have been made with a template, which is not known any more: of them, what they say is compared.
    """
    made: dict[str, bytes] = {}
    wanted = {path.name for path in paths}
    for name in (f for f in FORMATS if wanted & {path.name for path in list_files(order, [f])}):
        try:
            made |= FORMATS[name](order)
        except Exception as error:  # noqa: BLE001 - one report's failure is no other's
            return [(path, f"cannot be made again: {type(error).__name__}: {error}") for path in paths]
    return [(path, ALTERED) for path in paths if not _says_the_same(path, made.get(path.name, b""))]


def _says_the_same(path: Path, made: bytes) -> bool:
    content = path.read_bytes()
    if content == made:
        return True
    if path.suffix != ".pptx" or not made or not is_zipfile(io.BytesIO(content)):
        return False
    told = [
        sorted(text for place, text in read_office(c) if place.startswith(SAYING)) for c in (content, made)
    ]
    return told[0] == told[1]
