"""Opens published results: what all may read, and one organisation's own.

results/stamp.json                version, model, method, demo label
results/public/                   what all may read: tables (`tables/public.yaml`), and instrument, advice, reference, glossary, expert help;
                                  instrument-<version> of periods that were asked with an earlier one (`stamp`: versions)
results/organisation=<id>/        one organisation's own: organisation.json, and tables (`tables/organisation.yaml`)
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from copy import copy
from difflib import get_close_matches
from errno import ENOENT
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.places import outputs_dir
from dimios_core.published.asked import Beside, common_rows
from dimios_core.published.reads import STAMP, Content, Reads, keep_contents, read_content
from dimios_core.published.rows import EMPTY, Row, Table, read_alone, read_rows, tabulate
from dimios_core.published.schema import TableSchema, load_tables

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "organisation="
#: how identifiers are spelt
_ID = re.compile(r"[a-z0-9-]+")
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
        read_rows(path).read_all()


def read_json(path: Path) -> Any:
    """Read a JSON file; where contents are kept, so is what it holds: nobody may change it."""
    return read_content(path).made(json.loads)


def read_table(path: Path, table: TableSchema) -> pd.DataFrame:
    """Read a published table; without rows where it may be missing and is.

    Returns
    -------
    DataFrame
        The schema's dtypes. Columns of an older version of the table are as they stand.
    """
    if table.optional and not path.exists():
        import pandas as pd

        return pd.DataFrame(columns=list(table.columns)).astype(table.dtypes)
    return cast_table(read_alone(path).to_pandas(), table)


def cast_table(frame: pd.DataFrame, table: TableSchema) -> pd.DataFrame:
    """Return a table with its schema's dtypes; columns of an older version of it are as they stand."""
    from dimios_core.published.shaping import cast_columns

    return cast_columns(frame, table.dtypes)


def model_name(version: int | str | None = None) -> str:
    """Return the file's name of the latest version of the model, or of an earlier one."""
    return "instrument.json" if version is None else f"instrument-{version}.json"


def list_organisations(results: Path | str | None = None) -> list[str]:
    """List the identifiers of organisations with published results, sorted."""
    root = results_dir(results)
    if not root.is_dir():
        return []
    with os.scandir(root) as found:  # a path for each would take ten times as long
        return sorted(entry.name.removeprefix(PREFIX) for entry in found if entry.name.startswith(PREFIX))


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
        #: set in a view of a period: how rows of other versions of the model stand beside its own
        self._beside: Beside | None = None
        #: the period whose version of the model this is a view of; None where it is no such view
        self.asked: str | None = None
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
        self.__dict__[name] = frame if self._beside is None else self._beside.frame(frame)
        return self.__dict__[name]

    def take(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Use tables that were read already, as they lay in their files."""
        for name, frame in frames.items():
            self.__dict__[name] = cast_table(frame, load_tables()[name])

    @property
    def opened(self) -> list[str]:
        """Names of the tables of which something was read."""
        return [name for name in load_tables() if name in self._rows or name in self.__dict__]

    def _json(self, path: Path, missing: Any = None) -> Any:
        content = self.reads.read(path)
        if content is None and missing is not None:
            return missing
        return _there(content, path).made(json.loads)

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
            path = self._place(table)
            content = self.reads.read(path)
            rows = EMPTY if content is None and table.optional else _there(content, path).made(tabulate)
            self._rows[name] = rows if self._beside is None else self._beside.rows(rows)
        return self._rows[name]

    def rows(self, table: str, **wanted: str | Collection[str]) -> list[Row]:
        """Return the rows of a table that hold the given texts: see `dimios_core.published.rows.Table.rows`.

        Examples
        --------
        `results.rows("scores", period="2026", unit="*", role="*")`
        """
        return self.table(table).rows(**wanted)

    def pick(
        self,
        table: str,
        *names: str,
        either: Any = None,
        **wanted: str | Collection[str],
    ) -> list[tuple[Any, ...]]:
        """Return some columns of these rows, a tuple a row: see `dimios_core.published.rows.Table.pick`."""
        return self.table(table).pick(*names, either=either, **wanted)

    @cached_property
    def stamp(self) -> dict[str, Any]:
        """Version of the store, the model and the method; the demo label, if any."""
        return self._json(self.root / STAMP)

    @cached_property
    def instrument(self) -> Instrument:
        """The model that the results were scored with."""
        return self._read_model(model_name())

    def _read_model(self, name: str) -> Instrument:
        path = self.root / "public" / name
        content = _there(self.reads.read(path), path)
        try:
            return content.made(_read_instrument)
        except ValidationError:
            place = f"results/public/{name}"
            what = "the model was written by another version of the program"
            raise InputError(Problem(place, what, "run dimios score again")) from None

    @cached_property
    def models(self) -> dict[int, Instrument]:
        """Version -> model: the latest, and those that periods before were asked with."""
        names = sorted(p.name for p in (self.root / "public").glob(model_name("*")))
        return {model.version: model for model in (*map(self._read_model, names), self.instrument)}

    def version_of(self, period: str) -> int:
        """Return the version of the model that a period was asked with."""
        return int(self.stamp.get("versions", {}).get(period, self.stamp["instrument_version"]))

    def as_asked(self, period: str) -> Self:
        """Return these results as the version of the model has them that a period was asked with.

        In `instrument` is that version, and in tables are the rows of its periods; beside them are those of other periods
        whose level this version has, points and items where their scores mean the same in both (`dimios_core.published.asked`).
        Where all periods were asked with one version, or these are that view already, they are the results themselves.
        """
        if not self.stamp.get("versions"):
            return self
        version, models = self.version_of(period), self.models
        if self._beside is not None and self.instrument.version == version:
            return self
        view = copy(self)
        for name in load_tables().keys() & view.__dict__.keys():
            del view.__dict__[name]
        view._rows, view.instrument, view.asked = {}, models[version], period
        view._beside = Beside(models, version, self.version_of)
        return view

    def apart_public(self) -> PublicResults:
        """Open the public part anew, in the same version of the model: nothing of it has been read."""
        anew = PublicResults(self.root)
        return anew if self.asked is None else anew.as_asked(self.asked)

    def earlier_version(self, period: str, periods: Collection[str] | None = None) -> str | None:
        """Return the last period before one, of some or all, that was asked with an earlier version of the model; None where there is none."""
        asked, now = self.stamp.get("versions", {}), self.version_of(period)
        before = [p for p in asked if p < period and asked[p] < now and (periods is None or p in periods)]
        return max(before, default=None)

    def common_points(self, one: str, other: str) -> list[str]:
        """Return the points of the version of a period whose scores mean the same in that of another period; all in one version."""
        own, theirs = self.version_of(one), self.version_of(other)
        if own == theirs:
            return self.models[own].point_ids
        kept = {key for (level, _), key in common_rows(self.models, theirs, own).items() if level == "point"}
        return [point for point in self.models[own].point_ids if point in kept]

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
        """Open the same results anew, in the same version of the model: nothing of them has been read."""
        anew = type(self)(self.root, self.organisation)
        return anew if self.asked is None else anew.as_asked(self.asked)

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


def _there(content: Content | None, path: Path) -> Content:
    if content is None:
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))
    return content


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
    # to list thousands takes longer than to open one
    if _ID.fullmatch(organisation) and (root / f"{PREFIX}{organisation}").is_dir():
        return PublishedResults(root, organisation)
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
