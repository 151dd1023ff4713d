"""The two stores: `estimates/` (restricted) and `results/` (may be published to its reader).

results/stamp.json                       version, model, method, demo label
results/public/{instrument.json, peer_groups.parquet, participation.parquet, benchmarks.parquet, positions.parquet,
                initiatives.parquet, evidence.parquet, advice.json, reference.json}
results/organisation=<id>/{organisation.json, scores.parquet, changes.parquet, gaps.parquet, regions.parquet,
                           response_rates.parquet, plans.parquet, quality.parquet, spread.parquet, contrasts.parquet,
                           trends.parquet, standardised.parquet, sensitivity.parquet}
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.places import outputs_dir
from dimios_core.published.reads import STAMP, Reads
from dimios_core.published.rows import EMPTY, Row, Table, keep_rows, read_rows
from dimios_core.published.schema import TABLES as PUBLIC_TYPES

TABLES = ("scores", "changes", "gaps", "regions", "response_rates")
#: tables of an organisation's folder beside `TABLES`; they may be missing
OWN_TABLES = ("quality", "trends", "contrasts", "standardised", "sensitivity", "spread", "plans")
PREFIX = "organisation="
#: a dot in the plane: four texts and two scores
POSITION_COLUMNS = ("period", "type", "id", "name", "across", "upwards")
#: text columns of what organisations do and mean to do
INITIATIVE_COLUMNS = (
    "id", "point", "title", "what", "effect", "start", "type", "size", "county", "organisation_name", "contact",
)  # fmt: skip
PLAN_COLUMNS = ("period", "what", "who", "when", "point", "expected", "measure_period")
EVIDENCE_TYPES = {
    "point": "str", "status": "str", "pairs_n": "Int64", "organisations_n": "Int64", "difference": "float64",
    "se": "float64", "df": "float64", "ci_low": "float64", "ci_high": "float64", "certainty": "str",
    "hc3_difference": "float64", "hc3_low": "float64", "hc3_high": "float64", "rank": "Int64",
}  # fmt: skip

#: tables without a file have no rows
MAY_BE_MISSING = frozenset((*PUBLIC_TYPES, *OWN_TABLES, "positions", "initiatives", "evidence"))


def results_dir(given: Path | str | None = None) -> Path:
    """Return the results folder: the one given, else `DIMIOS_RESULTS`, else results/ of the outputs folder."""
    return Path(given or os.environ.get("DIMIOS_RESULTS") or outputs_dir() / "results")


def keep_public() -> None:
    """Read what all may read once for all children that this process will fork; the folder is `results_dir()`."""
    keep_rows(sorted((results_dir() / "public").glob("*.parquet")))


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet; the bytes depend on the content alone."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")


def write_json(value: Any, path: Path) -> None:
    """Write JSON with sorted keys and readable letters."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_positions(root: Path) -> pd.DataFrame:
    """Read the dots in the plane of a results folder; an empty frame where there is no file."""
    path = root / "public" / "positions.parquet"
    if path.exists():
        return pq.read_table(path).to_pandas()
    text = dict.fromkeys(POSITION_COLUMNS[:4], "object")
    return pd.DataFrame(columns=list(POSITION_COLUMNS)).astype(
        text | dict.fromkeys(POSITION_COLUMNS[4:], "float64")
    )


def read_typed(path: Path, types: dict[str, str]) -> pd.DataFrame:
    """Read a table with the given columns and dtypes; an empty frame where there is no file."""
    frame = pq.read_table(path).to_pandas() if path.exists() else pd.DataFrame(columns=list(types))
    return frame.astype({name: kind for name, kind in types.items() if frame[name].dtype != kind})


def hash_store(root: Path) -> str:
    """Return the version of a results folder: twelve digits of a hash over all files but the stamp."""
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.name != "stamp.json"):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def list_organisations(results: Path | str | None = None) -> list[str]:
    """List the identifiers of organisations with published results, sorted."""
    return sorted(p.name.removeprefix(PREFIX) for p in results_dir(results).glob(PREFIX + "*"))


class PublicResults:
    """The public part of a results folder: what every reader may see. Tables are read when first used.

    Each table is at hand as a frame, to work with, and through `rows` as plain rows, to pick from.

    Parameters
    ----------
    root : Path
        The results folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        #: which files were read, and what they held
        self.reads = Reads(root)
        self._tables: dict[str, Table] = {}

    def _table(self, path: Path) -> pd.DataFrame:
        return pq.read_table(self.reads.note(path)).to_pandas()

    def _typed(self, path: Path, types: dict[str, str]) -> pd.DataFrame:
        return read_typed(self.reads.note(path), types)

    def _json(self, path: Path, missing: Any = None) -> Any:
        self.reads.note(path)
        return missing if missing is not None and not path.exists() else read_json(path)

    def _place(self, table: str) -> Path:
        """Return where a table lies."""
        return self.root / "public" / f"{table}.parquet"

    def table(self, name: str) -> Table:
        """Return a table as plain rows to pick from; an empty one where a table that may be missing is.

        Raises
        ------
        FileNotFoundError
            There is no such table.
        """
        if name not in self._tables:
            path = self.reads.note(self._place(name))
            missing = name in MAY_BE_MISSING and not path.exists()
            self._tables[name] = EMPTY if missing else read_rows(path)
        return self._tables[name]

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
        return Instrument.model_validate_json(path.read_text("utf-8"))

    @cached_property
    def benchmarks(self) -> pd.DataFrame:
        """Means of peer groups: see `dimios_core.results.consortium.wholes.publish_benchmarks`."""
        return self._table(self.root / "public" / "benchmarks.parquet")

    @cached_property
    def positions(self) -> pd.DataFrame:
        """Organisations that may be seen in the plane: see `dimios_core.results.consortium.positions.publish_positions`.

        Columns period, type, id, name (str; id and name are "" of anonymous ones), across, upwards (percent, one
        decimal). The reader's own organisation may be among them. Empty for a model without quadrants.
        """
        self.reads.note(self._place("positions"))
        return read_positions(self.root)

    @cached_property
    def group_levels(self) -> pd.DataFrame:
        """Levels of peer groups as sector claims: see `dimios_core.results.consortium.sector.publish_group_levels`."""
        return self._typed(self.root / "public" / "group_levels.parquet", PUBLIC_TYPES["group_levels"])

    @cached_property
    def group_changes(self) -> pd.DataFrame:
        """Changes of the same organisations: see `dimios_core.results.consortium.sector.publish_group_changes`."""
        return self._typed(self.root / "public" / "group_changes.parquet", PUBLIC_TYPES["group_changes"])

    @cached_property
    def distribution(self) -> pd.DataFrame:
        """How organisations are spread: see `dimios_core.results.consortium.named.publish_distribution`."""
        return self._typed(self.root / "public" / "distribution.parquet", PUBLIC_TYPES["distribution"])

    @cached_property
    def named(self) -> pd.DataFrame:
        """Organisations that may be shown: see `dimios_core.results.consortium.named.publish_named`."""
        return self._typed(self.root / "public" / "named.parquet", PUBLIC_TYPES["named"])

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Who takes part: see `dimios_core.results.consortium.taking_part.publish_coverage`."""
        return self._typed(self.root / "public" / "coverage.parquet", PUBLIC_TYPES["coverage"])

    @cached_property
    def reliability(self) -> pd.DataFrame:
        """Pooled reliability: see `dimios_core.results.consortium.reliability.publish_reliability`."""
        return self._typed(self.root / "public" / "reliability.parquet", PUBLIC_TYPES["reliability"])

    @cached_property
    def variance_shares(self) -> pd.DataFrame:
        """Where differences lie: see `dimios_core.results.consortium.spread.publish_shares`."""
        return self._typed(self.root / "public" / "variance_shares.parquet", PUBLIC_TYPES["variance_shares"])

    @cached_property
    def initiatives(self) -> pd.DataFrame:
        """What organisations did: see `dimios_core.results.evidence.initiatives.publish_initiatives`."""
        types = dict.fromkeys(INITIATIVE_COLUMNS, "str")
        return self._typed(self.root / "public" / "initiatives.parquet", types)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """How points moved with initiatives: see `dimios_core.results.evidence.estimates.estimate_evidence`."""
        return self._typed(self.root / "public" / "evidence.parquet", EVIDENCE_TYPES)

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
        """Terms that people confuse, explained: see `dimios_core.results.evidence.glossary.read_glossary`."""
        return self._json(self.root / "public" / "glossary.json", {"terms": []})


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

    @property
    def folder(self) -> Path:
        """The organisation's own folder."""
        return self.root / f"{PREFIX}{self.organisation}"

    def _place(self, table: str) -> Path:
        own = table in TABLES or table in OWN_TABLES
        return self.folder / f"{table}.parquet" if own else super()._place(table)

    @cached_property
    def profile(self) -> dict[str, Any]:
        """Name, type, county, size, periods, units, roles of the organisation."""
        return self._json(self.folder / "organisation.json")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Levels: see `dimios_core.results.gate.publish_scores`."""
        return self._table(self.folder / "scores.parquet")

    @cached_property
    def changes(self) -> pd.DataFrame:
        """Changes between periods: see `dimios_core.results.gate.publish_changes`."""
        return self._table(self.folder / "changes.parquet")

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Gaps to peer groups: see `dimios_core.results.consortium.wholes.publish_gaps`."""
        return self._table(self.folder / "gaps.parquet")

    @cached_property
    def regions(self) -> pd.DataFrame:
        """Positions in the plane: see `dimios_core.results.gate.publish_regions`."""
        return self._table(self.folder / "regions.parquet")

    @cached_property
    def response_rates(self) -> pd.DataFrame:
        """Response rates: see `dimios_core.results.organisation.rates.compute_rates`."""
        return self._table(self.folder / "response_rates.parquet")

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Reliability of the own categories: see `dimios_core.results.consortium.reliability.publish_quality`."""
        return self._typed(self.folder / "quality.parquet", PUBLIC_TYPES["quality"])

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Slopes over calendar years: see `dimios_core.results.organisation.trend.publish_trends`."""
        return self._typed(self.folder / "trends.parquet", PUBLIC_TYPES["trends"])

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """Units and roles against the rest: see `dimios_core.results.organisation.contrasts.publish_contrasts`."""
        return self._typed(self.folder / "contrasts.parquet", PUBLIC_TYPES["contrasts"])

    @cached_property
    def standardised(self) -> pd.DataFrame:
        """Changes with the mix of roles held still: see `dimios_core.results.organisation.standardise.publish_standardised`."""
        return self._typed(self.folder / "standardised.parquet", PUBLIC_TYPES["standardised"])

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """Levels under other weightings: see `dimios_core.results.organisation.sensitivity.weigh_otherwise`."""
        return self._typed(self.folder / "sensitivity.parquet", PUBLIC_TYPES["sensitivity"])

    @cached_property
    def spread(self) -> pd.DataFrame:
        """Where own differences lie: see `dimios_core.results.consortium.spread.collect_spread`."""
        return self._typed(self.folder / "spread.parquet", PUBLIC_TYPES["spread"])

    @cached_property
    def plans(self) -> pd.DataFrame:
        """The organisation's plans, all text: `PLAN_COLUMNS`; `when` YYYY-MM or a date, `measure_period` may be ""."""
        return self._typed(self.folder / "plans.parquet", dict.fromkeys(PLAN_COLUMNS, "str"))


def load_public(results: Path | str | None = None) -> PublicResults:
    """Open the public part of a results folder.

    Raises
    ------
    InputError
        There are no results.
    """
    root = results_dir(results)
    if not (root / "stamp.json").is_file():
        remedy = "run `make demo`, or register, ingest and score answers of your own"
        raise InputError(Problem("results", "there are no published results", remedy))
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
    if organisation not in known:
        near = get_close_matches(organisation, known, n=3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else "check the identifier"
        if not known:
            remedy = "run `make demo`, or register, ingest and score answers of your own"
        raise InputError(
            Problem(
                f"results of {organisation!r}",
                "there are no published results of this organisation",
                remedy,
            )
        )
    return PublishedResults(root, organisation)
