"""A project of one's own: a copy of the notebooks and parameters that came with the program, to edit."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.places import shipped_project
from dimios_core.replacing import write_whole

#: what is copied; the last of them makes the folder a project, so half a copy is none
PARTS = ("notebooks", "parameters")
#: answers and results belong in no version control
GIT_IGNORES = "outputs/\n"
#: how many things in the way are named
NAMED_N = 3


def start_project(folder: Path) -> Path:
    """Write a project into a new or empty folder, and return where it lies. Commands given there use it from then on.

    Raises
    ------
    InputError
        Something lies there already, or the folder cannot be written; nothing has changed then.
    """
    folder = folder.resolve()
    try:
        if folder.exists() and (found := sorted(path.name for path in folder.iterdir())):
            more = ", …" if len(found) > NAMED_N else ""
            what = f"something lies there already: {', '.join(found[:NAMED_N])}{more}"
            raise InputError(Problem(str(folder), what, "name a new folder, or an empty one"))
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".dimios-", dir=folder) as aside:
            for part in PARTS:
                shutil.copytree(
                    shipped_project() / part,
                    Path(aside, part),
                    ignore=shutil.ignore_patterns(".*"),
                    copy_function=shutil.copyfile,
                )
            write_whole(folder / ".gitignore", GIT_IGNORES)
            for part in PARTS:
                Path(aside, part).rename(folder / part)
    except OSError as error:
        what = f"it cannot be written: {error.strerror}"
        raise InputError(Problem(str(folder), what, "name a folder that is yours to write")) from None
    return folder
