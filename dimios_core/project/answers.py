"""Answers as one tidy frame, for research: restricted, and it says so."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

#: what tells an answer: the frame's index
INDEX = ("organisation", "period", "unit", "role", "respondent", "item")
RESTRICTED = (
    "These are answers of people, under pseudonyms: restricted, personal data. Work with them where only you can read, "
    "and hand out published figures instead (Project.published, Project.public)."
)


class RestrictedWarning(UserWarning):
    """Personal data have been opened."""


def load_answers(outputs: Path) -> pd.DataFrame:
    """Return all stored answers: see `dimios_core.project.project.Project.answers`.

    Raises
    ------
    InputError
        There are none.
    """
    import numpy as np
    import pyarrow as pa

    from dimios_core.responses import ResponseStore

    store = ResponseStore(outputs)
    parts = []
    for period in store.periods():
        for organisation in store.organisations(period):
            table = store.read(period, organisation).replace_schema_metadata(None)
            same = pa.DictionaryArray.from_arrays(np.zeros(len(table), "int32"), [period])
            parts.append(table.append_column("period", same))
    if not parts:
        raise InputError(Problem("responses", "there are no answers", "run `dimios ingest` first"))
    warnings.warn(RESTRICTED, RestrictedWarning, stacklevel=3)
    frame = pa.concat_tables(parts).unify_dictionaries().to_pandas().set_index(list(INDEX))
    frame.attrs["restricted"] = RESTRICTED
    return frame
