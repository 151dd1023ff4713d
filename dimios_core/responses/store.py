"""The response store: one Parquet file per period and organisation, and the register. Restricted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.errors import InputError, Problem
from dimios_core.locks import holding
from dimios_core.responses.pseudonyms import key_mark
from dimios_core.responses.register import Register
from dimios_core.responses.transaction import Transaction, finish_committed
from dimios_core.restricted import note_opened

FOLDER = "responses"
REGISTER = "register"
KEY_MARK = "key-mark"
_LABEL = pa.dictionary(pa.int32(), pa.string())
#: columns of a stored response row; `period` is the name of the folder
RESPONSE_SCHEMA = pa.schema(
    [
        ("organisation", _LABEL),
        ("unit", _LABEL),
        ("role", _LABEL),
        ("respondent", pa.uint64()),
        ("item", _LABEL),
        ("answer", pa.float32()),
        ("answer_kind", _LABEL),
        ("weight", pa.float64()),
        ("stratum", _LABEL),
        ("started_at", pa.timestamp("ms")),
        ("answered_at", pa.timestamp("ms")),
    ]
)
#: columns that files stored by earlier versions lack; read as null
ADDED_LATER = ("started_at",)
ANSWER_KINDS = ("answered", "dont_know", "missing")
_METADATA = b"dimios"


@dataclass(frozen=True)
class Provenance:
    """What a stored file was read with: instrument and its version, and the strata to merge."""

    instrument: str
    instrument_version: int
    strata_merge: dict[str, str]


class ResponseStore:
    """Read the response store below an outputs folder.

    Parameters
    ----------
    outputs : pathlib.Path
        The store is its folder `responses` (mode 0700). It may be missing: then the store is empty.
    """

    def __init__(self, outputs: Path | str) -> None:
        self.outputs = Path(outputs)
        self.folder = self.outputs / FOLDER
        finish_committed(self.folder)

    def periods(self) -> list[str]:
        """Periods that have answers, in order."""
        return sorted(
            p.name.removeprefix("period=") for p in self.folder.glob("period=*") if any(p.glob("*.parquet"))
        )

    def organisations(self, period: str) -> list[str]:
        """Organisations that have answers in a period, in order."""
        return sorted(p.stem for p in (self.folder / f"period={period}").glob("*.parquet"))

    def file_name(self, period: str, organisation: str) -> str:
        """Name of a file relative to the store's folder."""
        return f"period={period}/{organisation}.parquet"

    def holds(self, period: str, organisation: str) -> bool:
        """Whether there are answers of an organisation for a period."""
        return (self.folder / self.file_name(period, organisation)).is_file()

    def read(self, period: str, organisation: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the answers of an organisation for a period.

        Parameters
        ----------
        columns : sequence of str, optional
            Names of the columns that are wanted; default all.

        Returns
        -------
        pyarrow.Table
            A row per respondent and item, sorted by these; columns as `RESPONSE_SCHEMA`. `answer` is a
            number on the item's scale, null unless `answer_kind` is "answered"; `unit` "" is directly
            under the organisation; `role` "unknown" where none is known; `weight` > 0.

        Raises
        ------
        InputError
            There are none, or the file is damaged.
        """
        file, wanted = self._open(period, organisation), columns or RESPONSE_SCHEMA.names
        lacking = [name for name in ADDED_LATER if name in wanted and name not in file.schema_arrow.names]
        table = file.read([name for name in wanted if name not in lacking], use_threads=False)
        for name in lacking:
            nulls = pa.nulls(table.num_rows, RESPONSE_SCHEMA.field(name).type)
            table = table.add_column(list(wanted).index(name), name, nulls)
        return table

    def provenance(self, period: str, organisation: str) -> Provenance:
        """Return with which instrument and strata rules the answers were read."""
        return self._provenance_of(self._open(period, organisation).schema_arrow, period, organisation)

    def read_with_provenance(
        self, period: str, organisation: str, columns: Sequence[str] | None = None
    ) -> tuple[pa.Table, Provenance]:
        """Return what `read` and `provenance` do, opening the file once."""
        table = self.read(period, organisation, columns)
        return table, self._provenance_of(table.schema, period, organisation)

    def _provenance_of(self, schema: pa.Schema, period: str, organisation: str) -> Provenance:
        metadata = schema.metadata or {}
        if _METADATA not in metadata:
            raise InputError(
                Problem(
                    str(self.folder / self.file_name(period, organisation)),
                    "the stored file does not say what it was read with",
                    "remove it, and ingest the export again",
                )
            )
        return Provenance(**json.loads(metadata[_METADATA]))

    def _open(self, period: str, organisation: str) -> pq.ParquetFile:
        path = self.folder / self.file_name(period, organisation)
        note_opened("answers")
        try:
            return pq.ParquetFile(path, pre_buffer=False)
        except FileNotFoundError as error:
            raise InputError(
                Problem(
                    f"period {period}, organisation {organisation}",
                    "no answers are stored",
                    "run dimios ingest",
                )
            ) from error
        except pa.ArrowInvalid as error:
            raise InputError(
                Problem(str(path), "the stored file is damaged", "remove it, and ingest the export again")
            ) from error

    def register(self) -> Register:
        """Return the register of organisations, units and invited counts; empty tables where none is stored."""
        tables = {}
        for table in fields(Register):
            path = self.folder / REGISTER / f"{table.name}.parquet"
            if path.is_file():
                tables[table.name] = pd.read_parquet(path)
        types = _register_types()
        return Register(**{name: frame.astype(types[name]) for name, frame in tables.items()})

    def key_mark(self) -> str | None:
        """Return the mark of the key that the pseudonyms were made with; None while there are none."""
        path = self.folder / KEY_MARK
        return path.read_text(encoding="ascii").strip() if path.is_file() else None

    def check_key(self, key: bytes) -> list[Problem]:
        """Tell whether the stored answers were made with another key."""
        if self.key_mark() in (None, key_mark(key)):
            return []
        what = "the stored answers were made with another key, so nobody would be known again"
        remedy = "restore the key from your backup, or name its file with --key-file"
        return [Problem("key for pseudonyms", what, remedy)]

    def respondents(self, period: str, organisation: str) -> set[int]:
        """Return the pseudonyms that an organisation's answers of a period are stored under."""
        return set(self.read(period, organisation, ["respondent"]).column(0).unique().to_pylist())

    def known(self, organisation: str) -> frozenset[int]:
        """Return the pseudonyms that an organisation's answers of any period are stored under."""
        held = (p for p in self.periods() if self.holds(p, organisation))
        return frozenset().union(*(self.respondents(p, organisation) for p in held))


@cache
def _register_types() -> dict[str, dict[str, Any]]:
    empty = Register()
    return {table.name: dict(getattr(empty, table.name).dtypes) for table in fields(Register)}


def write_answers(table: pa.Table, provenance: Provenance, path: Path) -> None:
    """Write the answers of one organisation and period; the same answers give the same bytes."""
    metadata = {_METADATA: json.dumps(vars(provenance), sort_keys=True)}
    pq.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")


@holding("dimios register")
def store_register(register: Register, outputs: Path) -> list[str]:
    """Store the register's tables that differ from what is stored, all at once.

    Returns
    -------
    list of str
        Names of the tables that were written.

    Raises
    ------
    InputError
        An organisation or unit that stored answers belong to is missing from the register, or another command is at
        work at the outputs folder.
    """
    store = ResponseStore(outputs)
    _check_stored_answers(store, register)
    now = store.register()
    changed = [t.name for t in fields(Register) if not getattr(register, t.name).equals(getattr(now, t.name))]
    if changed:
        with Transaction(store.folder) as transaction:
            for name in changed:
                getattr(register, name).to_parquet(
                    transaction.stage(f"{REGISTER}/{name}.parquet"), index=False
                )
            transaction.commit()
    return changed


def _check_stored_answers(store: ResponseStore, register: Register) -> None:
    known = set(register.organisations["id"])
    units = set(zip(register.units["organisation"], register.units["unit"], strict=True))
    gone_organisations: set[str] = set()
    gone_units: set[tuple[str, str]] = set()
    for period in store.periods():
        for organisation in store.organisations(period):
            if organisation not in known:
                gone_organisations.add(organisation)
                continue
            path = store.folder / store.file_name(period, organisation)
            column = pq.read_table(path, columns=["unit"], partitioning=None).column("unit")
            stored = {(organisation, unit) for unit in column.unique().to_pylist() if unit}
            gone_units |= stored - units
    problems = [
        Problem(
            f"register of organisations, {organisation}",
            "answers of the organisation are stored, and the register lacks it",
            "keep it in the file of organisations",
        )
        for organisation in sorted(gone_organisations)
    ] + [
        Problem(
            f"register of units, {organisation}, {unit}",
            "answers from the unit are stored, and the register lacks it",
            "keep it in the file of units: one tree serves all periods",
        )
        for organisation, unit in sorted(gone_units)
    ]
    if problems:
        raise InputError(problems)
