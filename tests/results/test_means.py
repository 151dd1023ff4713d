"""Means alone: by hand, beside the full estimates, and with what stored answers may hold."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dimios_core.instrument import Instrument
from dimios_core.published.status import Status
from dimios_core.responses.store import ResponseStore
from dimios_core.results.disclosure.pattern import Pattern
from dimios_core.results.estimate import estimate_batch
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.means import compute_group_means
from dimios_core.results.scoring.models import Models
from dimios_core.results.scoring.stored import load_stored
from tests.building import make_instrument, make_organisations, write_store

INSTRUMENT = make_instrument({"a": "c1", "b": "c1", "d": "c2", "e": "c2"}, {"c1": "d1", "c2": "d2"})
UNITS = pd.DataFrame(
    [("o1", "north", "North", ""), ("o1", "inn", "Inn", "north"), ("o1", "south", "South", "")],
    columns=["organisation", "unit", "name", "parent"],
)
Means = dict[tuple[str, ...], tuple[float, int]]


def test_by_hand(tmp_path: Path) -> None:
    people = [("inn", "p", 5, 1), ("inn", "t", 3, 0), ("north", "p", 1, np.nan), ("", "unknown", 2, 4)]
    rows = pd.DataFrame(
        {"organisation": "o1", "period": "2026", "unit": u, "role": r, "respondent": i, "a": a, "b": b}
        for i, (u, r, a, b) in enumerate(people)
    )
    write_store(tmp_path, INSTRUMENT, rows, make_organisations("o1"), UNITS)
    means = _means(tmp_path, INSTRUMENT)
    # answers 1-5 are 0, 25, 50, 75 and 100 percent; 0 is "don't know"
    a = {
        ("*", "*"): (43.75, 4),
        (".direct", "*"): (25, 1), ("north", "*"): (50, 3), ("inn", "*"): (75, 2), ("north.direct", "*"): (0, 1),
        ("*", "p"): (50, 2), ("*", "t"): (50, 1), ("*", "unknown"): (25, 1),
        (".direct", "unknown"): (25, 1), ("north", "p"): (50, 2), ("north", "t"): (50, 1), ("inn", "p"): (100, 1),
        ("inn", "t"): (50, 1), ("north.direct", "p"): (0, 1),
    }  # fmt: skip
    b = {
        ("*", "*"): (37.5, 2),
        (".direct", "*"): (75, 1), ("north", "*"): (0, 1), ("inn", "*"): (0, 1),
        ("*", "p"): (0, 1), ("*", "unknown"): (75, 1),
        (".direct", "unknown"): (75, 1), ("north", "p"): (0, 1), ("inn", "p"): (0, 1),
    }  # fmt: skip
    expected = {("o1", "2026", *group, "a"): v for group, v in a.items()}
    expected |= {("o1", "2026", *group, "b"): v for group, v in b.items()}
    assert means == expected


def test_roles_are_left_out_where_none_is_known(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "organisation": "o1",
            "period": "2026",
            "unit": "",
            "role": "unknown",
            "respondent": [1, 2],
            "a": [1, 2],
        }
    )
    write_store(tmp_path, INSTRUMENT, rows, make_organisations("o1"))
    assert _means(tmp_path, INSTRUMENT) == {("o1", "2026", "*", "*", "a"): (12.5, 2)}


@pytest.mark.parametrize("items_n", [1, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_same_as_the_full_estimates(items_n: int, weighted: bool, tmp_path: Path) -> None:
    instrument = make_instrument(dict.fromkeys("abd", "c"), {"c": "d1"}, items_n)
    model = instrument.model_dump(mode="json")
    model["points"][0]["items"][0]["reversed"] = True
    instrument = Instrument.model_validate(model)
    store = _write_random(tmp_path, instrument, weighted)
    columns = Columns(instrument)
    periods_of = {o: ["2025", "2026"] for o in ("o1", "o2")}
    models = Models.of(instrument, ["2025", "2026"])
    stored = load_stored(store, store.register(), periods_of, models, 1)
    stored.respondents.few[:] = 0  # means near an end are told as they are
    stored.respondents.weighted[:] = False
    everything = np.full((sum(b.groups_n for b in stored.blocks), columns.columns_n), Status.PUBLISHED)
    batch = estimate_batch(stored.respondents, stored.blocks, columns, Pattern(everything, everything))
    expected = {}
    for g, (unit, role) in enumerate(zip(batch.unit, batch.role, strict=True)):
        block = batch.blocks[batch.block_of[g]]
        for k, point in enumerate(columns.point_ids):
            if batch.scores.n[g, k]:
                at = (block.organisation, block.period, unit, role, point)
                expected[at] = (batch.scores.score_pct[g, k], batch.scores.n[g, k])
    with ThreadPoolExecutor(2) as executor:
        means = _means(tmp_path, instrument, executor=executor)
    assert len(expected) > 100
    assert {k: n for k, (_, n) in means.items()} == {k: n for k, (_, n) in expected.items()}
    assert {k: m for k, (m, _) in means.items()} == pytest.approx(
        {k: m for k, (m, _) in expected.items()}, rel=0, abs=1e-9
    )
    assert stored.weighted == ({"o1", "o2"} if weighted else set())


def test_only_what_is_asked_for_and_items_of_other_models_are_left_out(tmp_path: Path) -> None:
    larger = make_instrument(dict.fromkeys("abdex", "c1"), {"c1": "d1"})
    _write_random(tmp_path, larger, False)
    means = _means(tmp_path, INSTRUMENT, {"o2": ["2026"]})
    assert {(o, p) for o, p, *_ in means} == {("o2", "2026")}
    assert {point for *_, point in means} == set("abde")


def _means(outputs: Path, instrument: Instrument, periods_of: Mapping | None = None, executor=None) -> Means:
    table = compute_group_means(ResponseStore(outputs), instrument, periods_of, executor)
    rows = table.to_pylist()
    keys = ("organisation", "period", "unit", "role", "point")
    means = {tuple(row[k] for k in keys): (row["mean"], row["n"]) for row in rows}
    assert len(means) == len(rows)
    return means


def _write_random(outputs: Path, instrument: Instrument, weighted: bool) -> ResponseStore:
    rng = np.random.default_rng(3)
    n = 60
    parts = [
        pd.DataFrame(
            {
                "organisation": organisation, "period": period,
                "unit": rng.choice(["", "north", "inn", "south"] if organisation == "o1" else [""], n),
                "role": rng.choice(["p", "t", "a", "unknown"], n), "respondent": np.arange(n),
            }
            | {i: rng.choice([0, 1, 2, 3, 4, 5, np.nan], n) for i in instrument.items}
        )
        for organisation in ("o1", "o2") for period in ("2025", "2026")
    ]  # fmt: skip
    write_store(outputs, instrument, pd.concat(parts), make_organisations("o1", "o2"), UNITS)
    store = ResponseStore(outputs)
    if weighted:
        for path in store.folder.glob("period=*/*.parquet"):
            table = pq.read_table(path, partitioning=None)
            person = table["respondent"].to_numpy().astype(float)
            at = table.column_names.index("weight")
            pq.write_table(table.set_column(at, "weight", pa.array(0.3 + person % 7)), path)
    return store
