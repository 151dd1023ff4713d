"""Initiatives that organisations report as driving: read, checked, stored, and validated one by one. Restricted.

A row is one initiative for one measure point. What a row says may only be shown after somebody has read it
(`validate_initiatives`) and as far as the organisation consents; both are decided when results are made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dimios_core.actions.initiative_files import INITIATIVE_COLUMNS, TEXT_COLUMNS, read_initiatives
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.locks import holding
from dimios_core.responses.labels import suggest
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import Transaction, finish_committed

FOLDER = "initiatives"
FILE = "initiatives.parquet"


@dataclass(frozen=True)
class AddedInitiatives:
    """What adding a file did: ids that are new, changed (and unvalidated again), and as they were.

    `said_valid_n` counts rows that call themselves validated; that is not taken from a file. `kept_kinds_n` counts
    stored ones whose kind stays, as the file has no column for it.
    """

    new: list[str]
    changed: list[str]
    unchanged: list[str]
    said_valid_n: int
    kept_kinds_n: int = 0


def load_initiatives(outputs: Path) -> pd.DataFrame:
    """Return all stored initiatives, sorted by organisation, point and id; an empty frame where there are none.

    Returns
    -------
    pandas.DataFrame
        `INITIATIVE_COLUMNS`: text ("" = not given) but for `validated` (bool). What was stored before there were kinds
        has none.
    """
    finish_committed(outputs / FOLDER)
    path = outputs / FOLDER / FILE
    if not path.is_file():
        types = dict.fromkeys(TEXT_COLUMNS, "str") | {"validated": "bool"}
        return pd.DataFrame(columns=list(INITIATIVE_COLUMNS)).astype(types)
    stored = pd.read_parquet(path)
    return stored.assign(**{c: "" for c in TEXT_COLUMNS if c not in stored})[list(INITIATIVE_COLUMNS)]


@holding("dimios initiatives add")
def add_initiatives(
    path: Path, outputs: Path, register: Register, instrument: Instrument
) -> AddedInitiatives:
    """Read a file and store its initiatives beside those that are stored.

    A new one is not validated, whatever the file says. The same id again replaces the initiative, which is
    unvalidated again if anything of it changed. A file without the column for kinds leaves stored kinds as they are; an
    empty cell in it takes a kind away.

    Raises
    ------
    InputError
        A fault in the file, or an id that another organisation's initiative has; nothing is stored then.
    """
    read = read_initiatives(path, register, instrument)
    stored = load_initiatives(outputs)
    known = {row["id"]: row for row in stored.to_dict("records")}
    new: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    problems = []
    kept_kinds_n = 0
    for row in read.to_dict("records"):
        before = known.get(row["id"])
        if before is not None and before["organisation"] != row["organisation"]:
            what = f"the id {row['id']} is that of another organisation's initiative"
            problems.append(
                Problem(f"{path.name}, organisation {row['organisation']}", what, "choose another id")
            )
            continue
        if row["kind"] is None:
            row["kind"] = before["kind"] if before is not None else ""
            kept_kinds_n += bool(row["kind"])
        same = before is not None and all(before[c] == row[c] for c in TEXT_COLUMNS)
        (new if before is None else unchanged if same else changed).append(row["id"])
        known[row["id"]] = row | {"validated": bool(same and before and before["validated"])}
    if problems:
        raise InputError(problems)
    if new or changed:
        _store(known.values(), outputs)
    return AddedInitiatives(new, changed, unchanged, int(read["validated"].sum()), kept_kinds_n)


@holding("dimios initiatives validate")
def validate_initiatives(outputs: Path, ids: Collection[str] | None) -> list[str]:
    """Mark initiatives as read and fit to be shown.

    Parameters
    ----------
    ids : collection of str or None
        None is all that are stored.

    Returns
    -------
    list of str
        Those that were not validated before.

    Raises
    ------
    InputError
        Ids that there are not; nothing is validated then.
    """
    stored = load_initiatives(outputs)
    known = stored["id"].tolist()
    unknown = [i for i in ids or () if i not in known]
    if unknown:
        remedy = "see the ids with: dimios initiatives list"
        raise InputError(
            [Problem(f"initiative {i}", f"there is none{suggest(i, known)}", remedy) for i in unknown]
        )
    chosen = stored["id"].isin(known if ids is None else list(ids)) & ~stored["validated"]
    if chosen.any():
        _store(stored.assign(validated=stored["validated"] | chosen).to_dict("records"), outputs)
    return stored.loc[chosen, "id"].tolist()


def _store(rows: Iterable[dict], outputs: Path) -> None:
    frame = pd.DataFrame(list(rows), columns=list(INITIATIVE_COLUMNS))
    frame = frame.sort_values(["organisation", "point", "id"], ignore_index=True)
    with Transaction(outputs / FOLDER) as transaction:
        frame.to_parquet(transaction.stage(FILE), index=False, compression="zstd")
        transaction.commit()
