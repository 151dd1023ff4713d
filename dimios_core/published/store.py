"""Opens published results: what all may read, and one organisation's own.

results/stamp.json                version, model, method, demo label
results/public/                   what all may read: tables (`tables/public.yaml`), and instrument, advice, reference, glossary, expert help
results/organisation=<id>/        one organisation's own: organisation.json, and tables (`tables/organisation.yaml`)
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd
from pydantic import ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.places import outputs_dir
from dimios_core.published.reads import STAMP, Reads, keep_contents, read_content
from dimios_core.published.rows import EMPTY, Row, Table, read_alone, read_rows
from dimios_core.published.schema import TableSchema, load_tables
from dimios_core.published.shaping import cast_columns

PREFIX = "organisation="
#: what to do where there are no published results
MAKE_RESULTS = (
    "make some: `dimios demo` of made-up answers, or `dimios register`, `dimios ingest` and `dimios score` of your own;"
    " or say where they lie: DIMIOS_OUTPUTS, --outputs, or a notebook's parameter `results`"
)


def results_dir(given: Path | str | None = None) -> Path:
    """Return the results folder: the one given, else `DIMIOS_RESULTS`, else results/ of the outputs folder."""
    return Path(given or os.environ.get("DIMIOS_RESULTS") or outputs_dir() / "results")


def keep_public() -> None:
    """Read what all may read once for all children that this process will fork; the folder is `results_dir()`.

    They keep what else they read, too: see `dimios_core.published.reads.keep_contents`.
    """
    keep_contents()
    public = results_dir() / "public"
    for path in public.glob("*.json"):
        read_content(path)
    for path in sorted(public.glob("*.parquet")):
        read_rows(path)


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(read_content(path).data)


def read_table(path: Path, table: TableSchema) -> pd.DataFrame:
    """Read a published table; without rows where it may be missing and is.

    Returns
    -------
    DataFrame
        The schema's dtypes. Columns of an older version of the table are as they stand.
    """
    if table.optional and not path.exists():
        return pd.DataFrame(columns=list(table.columns)).astype(table.dtypes)
    return cast_table(read_alone(path).to_pandas(), table)


def cast_table(frame: pd.DataFrame, table: TableSchema) -> pd.DataFrame:
    """Return a table with its schema's dtypes; columns of an older version of it are as they stand."""
    return cast_columns(frame, table.dtypes)


def list_organisations(results: Path | str | None = None) -> list[str]:
    """List the identifiers of organisations with published results, sorted."""
    return sorted(p.name.removeprefix(PREFIX) for p in results_dir(results).glob(PREFIX + "*"))


class PublicResults:
    """The public part of a results folder: what every reader may see. Tables are read when first used.

    Each table is at hand as a frame of its own name (`results.benchmarks`), to work with, and through `rows` as plain
    rows, to pick from. What they hold stands in `dimios_core/published/tables/` and docs/architecture.md.

    Parameters
    ----------
    root : Path
        The results folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        #: which files were read, and what they held
        self.reads = Reads(root)
        self._rows: dict[str, Table] = {}

    def _place(self, table: TableSchema) -> Path:
        """Return where a table lies."""
        if table.owner != "public":
            raise AttributeError(f"{table.name} is a table of an organisation's own")
        return self.root / "public" / f"{table.name}.parquet"

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of that name as a frame."""
        table = load_tables().get(name)
        if table is None:
            raise AttributeError(f"there is no published table {name!r}")
        frame = read_table(self.reads.note(self._place(table)), table)
        self.__dict__[name] = frame
        return frame

    def take(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Use tables that were read already, as they lay in their files."""
        for name, frame in frames.items():
            self.__dict__[name] = cast_table(frame, load_tables()[name])

    @property
    def opened(self) -> list[str]:
        """Names of the tables of which something was read."""
        return [name for name in load_tables() if name in self._rows or name in self.__dict__]

    def _json(self, path: Path, missing: Any = None) -> Any:
        self.reads.note(path)
        return missing if missing is not None and not path.exists() else read_json(path)

    def table(self, name: str) -> Table:
        """Return a table as plain rows to pick from; an empty one where a table that may be missing is.

        Raises
        ------
        FileNotFoundError
            There is no such file.
        KeyError
            There is no such table.
        """
        if name not in self._rows:
            table = load_tables()[name]
            path = self.reads.note(self._place(table))
            self._rows[name] = EMPTY if table.optional and not path.exists() else read_rows(path)
        return self._rows[name]

    def rows(self, table: str, **wanted: str | Collection[str]) -> list[Row]:
        """Return the rows of a table that hold the given texts: see `dimios_core.published.rows.Table.rows`.

        Examples
        --------
        `results.rows("scores", period="2026", unit="*", role="*")`
        """
        return self.table(table).rows(**wanted)

    @cached_property
    def stamp(self) -> dict[str, Any]:
        """Version of the store, the model and the method; the demo label, if any."""
        return self._json(self.root / STAMP)

    @cached_property
    def instrument(self) -> Instrument:
        """The model that the results were scored with."""
        path = self.reads.note(self.root / "public" / "instrument.json")
        try:
            return read_content(path).made(_read_instrument)
        except ValidationError:
            place = "results/public/instrument.json"
            what = "the model was written by another version of the program"
            raise InputError(Problem(place, what, "run dimios score again")) from None

    @cached_property
    def advice(self) -> dict[str, Any]:
        """General recommendations by measure point: see `dimios_core.results.evidence.advice.read_advice`."""
        empty = {"instrument": self.instrument.id, "points": {}}
        return self._json(self.root / "public" / "advice.json", empty)

    @cached_property
    def reference(self) -> dict[str, Any]:
        """National reference lines and targets: see `dimios_core.results.evidence.advice.read_reference`."""
        empty: dict[str, Any] = {"instrument": self.instrument.id, "lines": [], "targets": []}
        return self._json(self.root / "public" / "reference.json", empty)

    @cached_property
    def glossary(self) -> dict[str, Any]:
        """Terms and measure points in plain language: see `dimios_core.results.evidence.glossary.read_glossary`."""
        empty: dict[str, Any] = {"terms": [], "points": {}}
        return empty | self._json(self.root / "public" / "glossary.json", empty)

    @cached_property
    def expert_help(self) -> dict[str, Any]:
        """Whom to ask for help: see `dimios_core.results.evidence.expert_help.read_expert_help`; {} for nobody."""
        return self._json(self.root / "public" / "expert_help.json", {})


class PublishedResults(PublicResults):
    """The published results of one organisation, and the public part.

    Parameters
    ----------
    root : Path
        The results folder.
    organisation : str
    """

    def __init__(self, root: Path, organisation: str) -> None:
        super().__init__(root)
        self.organisation = organisation

    def apart(self) -> Self:
        """Open the same results anew: nothing of them has been read."""
        return type(self)(self.root, self.organisation)

    @property
    def folder(self) -> Path:
        """The organisation's own folder."""
        return self.root / f"{PREFIX}{self.organisation}"

    def _place(self, table: TableSchema) -> Path:
        own = table.owner == "organisation"
        return self.folder / f"{table.name}.parquet" if own else super()._place(table)

    @cached_property
    def profile(self) -> dict[str, Any]:
        """Name, type, county, size, periods, units, roles of the organisation."""
        return self._json(self.folder / "organisation.json")


def _read_instrument(content: bytes) -> Instrument:
    return Instrument.model_validate_json(content)


def tell_no_results(root: Path) -> InputError:
    """Return the error of a results folder without results: where it was looked for, and what makes them."""
    return InputError(Problem(str(root.resolve()), "there are no published results", MAKE_RESULTS))


def load_public(results: Path | str | None = None) -> PublicResults:
    """Open the public part of a results folder.

    Raises
    ------
    InputError
        There are no results.
    """
    root = results_dir(results)
    if not (root / STAMP).is_file():
        raise tell_no_results(root)
    return PublicResults(root)


def load_results(organisation: str, results: Path | str | None = None) -> PublishedResults:
    """Open one organisation's published results.

    Parameters
    ----------
    organisation : str
        Identifier as in the register.
    results : path, optional
        The results folder; default as `results_dir`.

    Raises
    ------
    InputError
        There are no results, or none of this organisation.
    """
    root = results_dir(results)
    known = list_organisations(root)
    if not known:
        raise tell_no_results(root)
    if organisation not in known:
        near = get_close_matches(organisation, known, n=3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else "check the identifier"
        raise InputError(
            Problem(
                f"results of {organisation!r}",
                "there are no published results of this organisation",
                remedy,
            )
        )
    return PublishedResults(root, organisation)
