"""Find an instrument by its id or path, check it, and load it."""

from __future__ import annotations

from pathlib import Path

from dimios_core.documents import read_document
from dimios_core.errors import InputError, Problem
from dimios_core.instrument.check import SLUG, find_problems
from dimios_core.instrument.model import Instrument
from dimios_core.instrument.shape import remedy_for_name
from dimios_core.places import parameters_dir


def instruments_dir() -> Path:
    """Return the folder of the project's instruments."""
    return parameters_dir() / "instruments"


def list_instruments() -> list[str]:
    """Return the ids of the project's instruments, sorted."""
    return sorted(path.stem for path in instruments_dir().glob("*.yaml"))


def load_instrument(name_or_path: str | Path) -> Instrument:
    """Load an instrument and check it.

    Parameters
    ----------
    name_or_path : str or Path
        The id of an instrument in parameters/instruments ("dimios"), else the path of a file.

    Returns
    -------
    Instrument

    Raises
    ------
    InputError
        The file is not there or is no valid instrument; every fault is listed, with its place.
    """
    path, name = _locate(name_or_path)
    document = read_document(path)
    problems = find_problems(document)
    if name is not None and isinstance(own := document.data.get("id"), str) and own != name:
        what = f"the file is called {path.name}, but its instrument is called {own!r}"
        problems.insert(0, Problem(document.place(("id",)), what, f"write id: {name}, or rename the file"))
    if problems:
        raise InputError(problems)
    return Instrument.model_validate(document.data)


def _locate(name_or_path: str | Path) -> tuple[Path, str | None]:
    if isinstance(name_or_path, str) and SLUG.fullmatch(name_or_path):
        path = instruments_dir() / f"{name_or_path}.yaml"
        if path.is_file():
            return path, name_or_path
        if not Path(name_or_path).is_file():
            remedy = remedy_for_name(name_or_path, list_instruments()) + "; or give the path of a file"
            raise InputError(Problem(str(name_or_path), "there is no such instrument", remedy))
    return Path(name_or_path), None
