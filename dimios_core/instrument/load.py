"""Find an instrument by its id or path, check it, and load it."""

from __future__ import annotations

from pathlib import Path

from dimios_core.documents import Document, read_document
from dimios_core.errors import InputError, Problem
from dimios_core.instrument.check import SLUG, find_problems
from dimios_core.instrument.crossing import find_crosswalk_faults, find_returned
from dimios_core.instrument.model import Instrument
from dimios_core.instrument.shape import remedy_for_name
from dimios_core.places import parameters_dir

#: where earlier versions lie, beside the file that follows them: earlier/<id>-<version>.yaml
EARLIER = "earlier"


def instruments_dir() -> Path:
    """Return the folder of the project's instruments."""
    return parameters_dir() / "instruments"


def earlier_file(folder: Path, instrument: str, version: int) -> Path:
    """Return where an earlier version lies that files in a folder follow."""
    within = folder if folder.name == EARLIER else folder / EARLIER
    return within / f"{instrument}-{version}.yaml"


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
        The file is not there or is no valid instrument, or its crosswalk does not fit the earlier version, which lies beside
        it (earlier/<id>-<version>.yaml); every fault is listed, with its place.
    """
    path, name = _locate(name_or_path)
    document = read_document(path)
    problems = find_problems(document)
    if name is not None and isinstance(own := document.data.get("id"), str) and own != name:
        what = f"the file is called {path.name}, but its instrument is called {own!r}"
        problems.insert(0, Problem(document.place(("id",)), what, f"write id: {name}, or rename the file"))
    if problems:
        raise InputError(problems)
    instrument = Instrument.model_validate(document.data)
    if instrument.crosswalk is not None:
        _check_crosswalk(document, path, instrument, instrument.crosswalk.from_version)
    return instrument


def _check_crosswalk(document: Document, path: Path, instrument: Instrument, version: int) -> None:
    place = document.place(("crosswalk", "from_version"))
    if version >= instrument.version:
        what = f"version {version} is not earlier than {instrument.version}"
        raise InputError(Problem(place, what, "write the number of an earlier version"))
    before = earlier_file(path.parent, instrument.id, version)
    if not before.is_file():
        what = f"the model file of version {version} is not there"
        raise InputError(Problem(place, what, f"keep it as {EARLIER}/{before.name} beside this file"))
    models = [load_instrument(before)]
    while (walk := models[-1].crosswalk) is not None:
        models.append(load_instrument(earlier_file(path.parent, instrument.id, walk.from_version)))
    faults = find_crosswalk_faults(models[0], instrument) or find_returned(models[1:], models[0], instrument)
    if faults:
        raise InputError([Problem(document.place(at), what, remedy) for at, what, remedy in faults])


def _locate(name_or_path: str | Path) -> tuple[Path, str | None]:
    if isinstance(name_or_path, str) and SLUG.fullmatch(name_or_path):
        path = instruments_dir() / f"{name_or_path}.yaml"
        if path.is_file():
            return path, name_or_path
        if not Path(name_or_path).is_file():
            remedy = remedy_for_name(name_or_path, list_instruments()) + "; or give the path of a file"
            raise InputError(Problem(str(name_or_path), "there is no such instrument", remedy))
    return Path(name_or_path), None
