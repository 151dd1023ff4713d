"""Load a mapping file; every fault of it is listed with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dimios_core.documents import read_document
from dimios_core.errors import InputError, Problem
from dimios_core.places import parameters_dir
from dimios_core.responses.labels import suggest
from dimios_core.responses.mapping import (
    Answers,
    FileSettings,
    MappedColumns,
    Mapping,
    RespondentSource,
    RowRule,
)
from dimios_core.responses.mapping_checks import check_parts


def load_mapping(name_or_path: str | Path) -> Mapping:
    """Load a mapping file and check it by itself.

    Parameters
    ----------
    name_or_path : str or pathlib.Path
        A bare id is found in parameters/mappings/<id>.yaml, anything else is a path.

    Raises
    ------
    InputError
        Every fault of the file, with its line.
    """
    bare = isinstance(name_or_path, str) and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name_or_path)
    folder = parameters_dir() / "mappings"
    path = folder / f"{name_or_path}.yaml" if bare else Path(name_or_path)
    if not path.is_file():
        known = sorted(p.stem for p in folder.glob("*.yaml"))
        raise InputError(
            Problem(
                str(name_or_path),
                f"there is no such mapping{suggest(str(name_or_path), known)}",
                f"give a path, or one of: {', '.join(known) or '(none yet in parameters/mappings)'}",
            )
        )
    document = read_document(path, "mapping", texts=True)
    problems = list(document.problems)
    mapping = None
    try:
        mapping = Mapping.model_validate(document.data)
    except ValidationError as error:
        problems += [
            Problem(
                document.place([p for p in fault["loc"] if p != "[key]"]),
                _explain(fault),
                _REMEDIES.get(fault["type"], "mend the line"),
            )
            for fault in error.errors()
        ]
    if mapping is not None:
        problems += [Problem(document.place(loc), what, how) for loc, what, how in check_parts(mapping)]
    if problems or mapping is None:
        raise InputError(problems)
    return mapping


_REMEDIES = {
    "missing": "add it to the mapping",
    "extra_forbidden": "take it away, or correct its spelling",
    "float_parsing": "give a number; decimals with a point",
    "literal_error": "use one of these values",
    "value_error": "keep one of the two",
}


def _explain(fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    if fault["type"] == "missing":
        return f"`{name}` is missing"
    if fault["type"] == "extra_forbidden":
        known = {
            name
            for model in (Mapping, MappedColumns, FileSettings, Answers, RespondentSource, RowRule)
            for name in model.model_fields
        }
        return f"`{name}` is no setting of a mapping{suggest(str(fault['loc'][-1]), known)}"
    return f"`{name}`: {fault['msg'].removeprefix('Value error, ')}"
