"""Files that pages need: the style, their scripts, and plotly, which lies beside them and is loaded only on demand."""

from __future__ import annotations

import functools
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from dimios_core.markup import Embedded, trust
from dimios_core.page.packed import pack
from dimios_core.replacing import write_whole

ASSETS_FOLDER = "_assets"
PLOTLY = "plotly.min.js"
#: the script of pages with exercises
EXERCISES = "training.js"
#: scripts that stand in pages; a server tells browsers to run no others
SCRIPTS = ("explore.js", "save.js", "address.js", "live.js", "index.js", EXERCISES)


@functools.cache
def read_static(name: str) -> str:
    """Return a style, script or template of this room by its file's name; a script as pages carry it.

    That is without indentation and lines of comment, which are a sixth of it: every page has every script.
    """
    text = (files("dimios_core.page") / "static" / name).read_text(encoding="utf-8")
    if not name.endswith(".js"):
        return text
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def embed_static(name: str) -> Embedded:
    """Return a style or script of this room as it stands in pages."""
    return trust(read_static(name))


def find_plotly() -> Path:
    """Return plotly's own script, as the installed package ships it (without importing the package)."""
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None, "plotly is a dependency of the project"
    return Path(spec.origin).parent / "package_data" / PLOTLY


@functools.cache
def pack_plotly() -> Embedded:
    """Return plotly's script as a page can carry it; some 2 MB."""
    return trust(pack(find_plotly().read_bytes(), 9))


def place_assets(reports: Path) -> Path:
    """Put plotly's script once beside the stored pages; nothing is written where it lies already."""
    folder = reports / ASSETS_FOLDER
    target, source = folder / PLOTLY, find_plotly()
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(target, source.read_bytes())
    return folder
