"""A YAML file as a checked model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dimios_core.documents.reading import read_document
from dimios_core.errors import InputError, Problem

M = TypeVar("M", bound=BaseModel)


class Frozen(BaseModel):
    """What is read of a file: nothing that is not known, and nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_model(path: Path, model: type[M], kind: str, *, may_be_empty: bool = False) -> M:
    """Read a YAML file and check it against a model.

    Parameters
    ----------
    path : pathlib.Path
    model : type
        A pydantic model of the whole file.
    kind : str
        What the file is, for messages: "suite".
    may_be_empty : bool
        As in `read_document`.

    Raises
    ------
    InputError
        As `read_document`; or the content is not what the model asks for, with the line of each fault.
    """
    document = read_document(path, kind, may_be_empty=may_be_empty)
    problems = list(document.problems)
    try:
        checked = model.model_validate(document.data)
    except ValidationError as error:
        problems += [
            Problem(document.place(fault["loc"]), fault["msg"].removeprefix("Value error, "), "mend the line")
            for fault in error.errors()
        ]
    if problems:
        raise InputError(problems)
    return checked


def read_if_there(path: Path, model: type[M], kind: str) -> M | None:
    """Read as `read_model` a file that may be empty, or not there: None then."""
    return read_model(path, model, kind, may_be_empty=True) if path.is_file() else None
