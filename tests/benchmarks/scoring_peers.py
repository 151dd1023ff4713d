"""The yardsticks of scoring: DuckDB, polars and numpy compute the group means from the files, and nothing else.

The means are those of every measure point, for the organisation as a whole, its units (whoever is registered below
a unit belongs to it), its roles, and units × roles. The peers get the unit tree laid out ready, and sum each answer
once: first by unit and role as registered, then up the tree. They need no weights and take the plain mean.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.scoring_timing import ALL, CORES, FILES, TREE, timed


def run_duckdb(outputs: Path, told: dict[str, float]) -> pa.Table:
    """Group by in SQL."""
    import duckdb

    connection = duckdb.connect(config={"threads": CORES})
    query = f"""
        with cell as (
            select period, organisation, unit, role, item, sum(answer) as total, count(answer) as n
            from read_parquet('{outputs}/{FILES}', hive_partitioning = true, hive_types_autocast = false)
            group by all
        )
        select period, organisation, node as unit, coalesce(role, '{ALL}') as role, item,
            sum(total) / sum(n) as mean, sum(n)::bigint as n
        from cell join '{outputs / TREE}' as tree using (organisation, unit)
        group by grouping sets ((period, organisation, node, item), (period, organisation, node, role, item))
        having sum(n) > 0
    """
    with timed(told):
        return connection.sql(query).to_arrow_table()


def run_polars(outputs: Path, told: dict[str, float]) -> pa.Table:
    """Lazy frames on the streaming engine."""
    import polars as pl

    groups = ["period", "organisation", "node", "role", "item"]
    with timed(told):
        cells = (
            pl.scan_parquet(outputs / FILES, hive_partitioning=True, hive_schema={"period": pl.String})
            .group_by(["period", "organisation", "unit", "role", "item"])
            .agg(pl.col("answer").sum().cast(pl.Float64).alias("total"), pl.col("answer").count().alias("n"))
            .with_columns(pl.col("organisation", "unit", "role", "item").cast(pl.String))
        )
        placed = cells.join(pl.scan_parquet(outputs / TREE), on=["organisation", "unit"])
        sums = [pl.col("total").sum(), pl.col("n").sum()]
        by_role = placed.group_by(groups).agg(sums)
        by_unit = (
            by_role.group_by([g for g in groups if g != "role"]).agg(sums).with_columns(role=pl.lit(ALL))
        )
        means = (
            pl.concat([by_role, by_unit.select(*groups, "total", "n")])
            .filter(pl.col("n") > 0)
            .select(
                "period", "organisation", pl.col("node").alias("unit"), "role", "item",
                (pl.col("total") / pl.col("n")).alias("mean"), pl.col("n").cast(pl.Int64),
            )
            .collect(engine="streaming")
        )  # fmt: skip
    return means.to_arrow()


def run_numpy(outputs: Path, told: dict[str, float]) -> pa.Table:
    """`bincount` on the codes as they are stored, a file at a time, in threads."""
    columns = ["organisation", "unit", "role", "item", "answer"]

    def encode(codes: np.ndarray, labels: list[str]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(codes.astype(np.int32), pa.array(labels, pa.string()))

    def average(path: Path) -> pa.Table:
        table = pq.ParquetFile(path, pre_buffer=False).read(columns[1:], use_threads=False)
        unit, role, item = (table[c].combine_chunks() for c in columns[1:4])
        answer = table["answer"].to_numpy()
        units, roles, items = (x.dictionary.to_pylist() for x in (unit, role, item))
        shape = len(units), len(roles), len(items)
        outside = len(units) * len(roles) * len(items)
        cell = (unit.indices.to_numpy() * len(roles) + role.indices.to_numpy()) * len(
            items
        ) + item.indices.to_numpy()
        cell = np.where(np.isnan(answer), outside, cell)
        total = np.bincount(cell, answer, outside + 1)[:outside].reshape(shape)
        n = np.bincount(cell, minlength=outside + 1)[:outside].reshape(shape)
        pairs = tree[path.stem]
        nodes = list(dict.fromkeys(node for of_unit in pairs.values() for node in of_unit))
        number = {node: i for i, node in enumerate(nodes)}
        is_in = np.zeros((len(nodes), len(units)))
        for k, name in enumerate(units):
            is_in[[number[node] for node in pairs[name]], k] = 1

        def up(values: np.ndarray) -> np.ndarray:
            by_role = np.concatenate([values.sum(axis=1, keepdims=True), values], axis=1)
            return (is_in @ by_role.reshape(len(units), -1)).reshape(len(nodes), *by_role.shape[1:])

        total, n = up(total), up(n)
        node, place, column = np.nonzero(n)
        nothing = np.zeros(len(node), int)
        period = path.parent.name.removeprefix("period=")
        return pa.table(
            {
                "period": encode(nothing, [period]), "organisation": encode(nothing, [path.stem]),
                "unit": encode(node, nodes), "role": encode(place, [ALL, *roles]), "item": encode(column, items),
                "mean": total[n > 0] / n[n > 0], "n": n[n > 0].astype(int),
            }
        )  # fmt: skip

    with timed(told):
        tree: dict[str, dict[str, list[str]]] = {}
        for organisation, unit, node in zip(
            *(c.to_pylist() for c in pq.read_table(outputs / TREE).columns), strict=True
        ):
            tree.setdefault(organisation, {}).setdefault(unit, []).append(node)
        with ThreadPoolExecutor(CORES) as executor:
            parts = list(executor.map(average, sorted(outputs.glob(FILES))))
        return pa.concat_tables(parts).unify_dictionaries()


RUNS: dict[str, Callable[[Path, dict[str, float]], pa.Table]] = {
    "DuckDB": run_duckdb,
    "polars": run_polars,
    "numpy bincount": run_numpy,
}
