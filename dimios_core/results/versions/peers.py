"""Organisations' results behind everything public of a period, release by release, as the ledger keeps them.

ledger/benchmarks/period=<p>/<n>.parquet   a row an organisation: its result, its groups, whether it was shown; a column a mean
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.results.consortium.wholes import Whole

FOLDER = "benchmarks"
#: register columns that decide which peer groups an organisation belongs to
ATTRIBUTES = ["type", "county", "size"]
#: how an organisation was shown; "" where it was not
NAMED, ANONYMOUS = "named", "anonymous"
WHOLE_FIELDS = [f.name for f in fields(Whole) if f.name not in ("organisation", "period")]
#: fields over level rows, and over columns
_OVER_ROWS = ("status", "score_pct", "se", "df", "n", "at_end", "ci_low", "ci_high")
_METADATA = b"dimios-peers"
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class PeerVersion:
    """What everything public of one period was made of in one release.

    Attributes
    ----------
    level_rows : list of (level, key)
    method : int
        Version of the method.
    wholes : dict
        Organisation -> result.
    attributes : DataFrame
        type, county, size (str), index id.
    shown : dict
        Organisation -> "named" or "anonymous", of those that were.
    means : dict
        What a published mean is called ("all", "2026<2025 all") -> organisations in it.
    """

    level_rows: list[tuple[str, str]]
    method: int
    wholes: Mapping[str, Whole]
    attributes: pd.DataFrame
    shown: Mapping[str, str]
    means: Mapping[str, frozenset[str]]

    @property
    def complete(self) -> set[str]:
        """Organisations that entered means."""
        return {o for o, w in self.wholes.items() if w.complete}

    def fitted(
        self, level_rows: list[tuple[str, str]], points_n: int, columns_n: int
    ) -> dict[str, Whole] | None:
        """Results over other level rows; None where a row is lacking or points differ."""
        place = {row: i for i, row in enumerate(self.level_rows)}
        if not set(level_rows) <= place.keys():
            return None
        at = np.array([place[row] for row in level_rows])
        columns = at[:columns_n]
        fitted = {}
        for organisation, w in self.wholes.items():
            if w.point_floor2.shape != (points_n,) or columns.max(initial=-1) >= len(w.dont_know_share):
                return None
            held: dict[str, Any] = {name: getattr(w, name) for name in WHOLE_FIELDS}
            held |= {name: np.asarray(held[name])[at] for name in _OVER_ROWS}
            points = columns[:points_n]
            held["point_covariance"] = w.point_covariance[np.ix_(points, points)]
            held["point_floor2"] = w.point_floor2[points]
            held["dont_know_share"] = w.dont_know_share[columns]
            fitted[organisation] = Whole(organisation=organisation, period=w.period, **held)
        return fitted


def is_alike(one: Whole, other: Whole, rows: list[tuple[int, int]], *, errors: bool) -> bool:
    """Tell whether two results are the same over the level rows that both have, (row in one, row in the other).

    Parameters
    ----------
    errors : bool
        Standard errors count: both were computed by the same method.
    """
    a, b = (np.array(part, int) for part in zip(*rows, strict=True))
    names = ["score_pct", "se"] if errors else ["score_pct"]
    same = all(
        np.allclose(getattr(one, n)[a], getattr(other, n)[b], rtol=0, atol=_TOLERANCE, equal_nan=True)
        for n in names
    )
    inside = (a < len(one.dont_know_share)) & (b < len(other.dont_know_share))
    shares = one.dont_know_share[a[inside]], other.dont_know_share[b[inside]]
    return same and np.allclose(*shares, rtol=0, atol=_TOLERANCE, equal_nan=True)


def read_versions(ledger: Path) -> dict[str, list[PeerVersion]]:
    """Read what the ledger keeps: period -> its versions, oldest first."""
    versions: dict[str, list[PeerVersion]] = {}
    for folder in sorted((ledger / FOLDER).glob("period=*/")):
        paths = sorted(folder.glob("*.parquet"), key=lambda p: int(p.stem))
        versions[folder.name.removeprefix("period=")] = [_read(p) for p in paths]
    return versions


def write_version(ledger: Path, period: str, version: PeerVersion) -> None:
    """Store one more version of a period."""
    folder = ledger / FOLDER / f"period={period}"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"organisation": o, **version.attributes.loc[o].to_dict(), "shown": version.shown.get(o, "")}
        | {name: np.ravel(v) if np.ndim(v := getattr(w, name)) else v for name in WHOLE_FIELDS}
        | {f"mean {label}": o in members for label, members in version.means.items()}
        for o, w in version.wholes.items()
    ]
    about = {"level_rows": version.level_rows, "method": version.method}
    table = pa.Table.from_pandas(pd.DataFrame(rows), preserve_index=False)
    table = table.replace_schema_metadata({_METADATA: json.dumps(about)})
    number = 1 + len(list(folder.glob("*.parquet")))
    pq.write_table(table, folder / f"{number}.parquet", compression="zstd")


def _read(path: Path) -> PeerVersion:
    table = pq.read_table(path, partitioning=None, use_threads=False)
    about = json.loads(table.schema.metadata[_METADATA])
    frame = table.to_pandas()
    period = path.parent.name.removeprefix("period=")
    labels = [c for c in frame if c.startswith("mean ")]
    return PeerVersion(
        [(level, key) for level, key in about["level_rows"]],
        about["method"],
        unpack_wholes(frame, period),
        frame.set_index("organisation")[ATTRIBUTES].rename_axis("id"),
        {o: s for o, s in zip(frame["organisation"], frame["shown"], strict=True) if s},
        {c.removeprefix("mean "): frozenset(frame.loc[frame[c], "organisation"]) for c in labels},
    )


def unpack_wholes(frame: pd.DataFrame, period: str) -> dict[str, Whole]:
    """Results of stored rows."""
    wholes = {}
    for row in frame.to_dict("records"):
        held: dict[str, Any] = {name: row[name] for name in WHOLE_FIELDS}
        points_n = len(held["point_floor2"])
        held["point_covariance"] = held["point_covariance"].reshape(points_n, points_n)
        wholes[row["organisation"]] = Whole(organisation=row["organisation"], period=period, **held)
    return wholes
