"""Where things lie: the project's folder, its parameters, and the outputs folder.

Nothing here depends on the working directory alone: Voilà runs a notebook in its own folder. A project is a folder with
`parameters/instruments`: a checkout, one that `dimios init` has made, or the one that an installed package carries.
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
#: what stands of reports, under the outputs folder
MADE = Path("runs", "made.jsonl")
#: restricted folder of what has been published, under the outputs folder
LEDGER = "ledger"
#: a line a release, in the ledger
RELEASES = "releases.jsonl"
#: what makes a folder a project
MARK = Path("parameters", "instruments")
PACKAGE = Path(__file__).resolve().parent
#: notebooks and parameters inside an installed package; there are none in a checkout, where they lie beside it
SHIPPED = PACKAGE / "shipped"


def project_root() -> Path:
    """Return the project's folder: `DIMIOS_PROJECT`, the nearest project upwards, or the program's own.

    Upwards means from the working directory: one's own project goes before what came with the program.
    """
    if given := os.environ.get("DIMIOS_PROJECT"):
        return Path(given).resolve()
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / MARK).is_dir()), shipped_project())


def shipped_project() -> Path:
    """Return the project that came with the program: inside an installed package, or the checkout it runs from."""
    return SHIPPED if SHIPPED.is_dir() else PACKAGE.parent


def parameters_dir() -> Path:
    """Return the folder of instruments, mappings and other parameter files."""
    return project_root() / "parameters"


def outputs_dir(given: Path | str | None = None) -> Path:
    """Return the outputs folder: the one given, else `DIMIOS_OUTPUTS`, else outputs/ of the project.

    Nothing is written into an installed package: outputs of its own project lie in the working directory.
    """
    if named := given or os.environ.get("DIMIOS_OUTPUTS"):
        return Path(named).resolve()
    project = project_root()
    return (Path.cwd() if project == SHIPPED else project).resolve() / "outputs"


def access_dir(outputs: Path) -> Path:
    """Return where links, their secret and the access log lie: `DIMIOS_ACCESS`, else access/ of the outputs folder."""
    return Path(os.environ.get("DIMIOS_ACCESS") or outputs / "access")
