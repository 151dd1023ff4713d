"""Where things lie: the project's folder, its parameters, and the outputs folder.

Nothing here depends on the working directory alone: Voilà runs a notebook in its own folder.
"""

from __future__ import annotations

import os
from pathlib import Path

#: folder of reports on many organisations; no organisation's identifier begins like this
CONSORTIUM = "_consortium"
#: folder of reports in other formats, under the outputs folder
EXPORTS = "exports"
#: folder of data packages, under that of exports
DATA_PACKAGES = "data"
#: the data package for everybody; the others there are of answers, and restricted
PUBLISHED_PACKAGE = "published"
#: restricted folder of what has been published, under the outputs folder
LEDGER = "ledger"
#: a line a release, in the ledger
RELEASES = "releases.jsonl"
PACKAGE_PARENT = Path(__file__).resolve().parent.parent


def project_root() -> Path:
    """Return the project's folder: `DIMIOS_PROJECT`, or the nearest folder upwards with parameters/instruments.

    Looks upwards from the working directory first, then from the installed package (an editable
    install lies in the checkout).
    """
    if given := os.environ.get("DIMIOS_PROJECT"):
        return Path(given).resolve()
    for start in (Path.cwd(), PACKAGE_PARENT):
        for folder in (start, *start.parents):
            if (folder / "parameters" / "instruments").is_dir():
                return folder
    return Path.cwd()


def parameters_dir() -> Path:
    """Return the folder of instruments, mappings and other parameter files."""
    return project_root() / "parameters"


def outputs_dir(given: Path | str | None = None) -> Path:
    """Return the outputs folder: the one given, else `DIMIOS_OUTPUTS`, else outputs/ of the project."""
    return Path(given or os.environ.get("DIMIOS_OUTPUTS") or project_root() / "outputs").resolve()


def access_dir(outputs: Path) -> Path:
    """Return where links, their secret and the access log lie: `DIMIOS_ACCESS`, else access/ of the outputs folder."""
    return Path(os.environ.get("DIMIOS_ACCESS") or outputs / "access")
