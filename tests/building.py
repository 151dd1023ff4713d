"""Small instruments and answers for tests, built in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.instrument import Instrument
from dimios_core.responses.store import RESPONSE_SCHEMA
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.matrix import Respondents


def text(word: str) -> dict[str, str]:
    """The same word in both languages."""
    return {"sv": word, "en": word}


COMPOSITE_NAMED = {
    "name": {"sv": "Digital mognad", "en": "Digital maturity"},
    "own": {"sv": "digitala mognad", "en": "digital maturity"},
    "short": {"sv": "mognad", "en": "maturity"},
}


def make_instrument(
    points: dict[str, str],
    dimensions: dict[str, str],
    items_n: int = 1,
    quadrants: bool = False,
    composite: bool = True,
    highest: float = 5.0,
) -> Instrument:
    """Instrument on a scale from 1 to `highest`.

    `points` maps point -> category, `dimensions` maps category -> dimension; with `items_n` > 1 the items of
    point "a" are called a_1, a_2, …
    """
    axes = list(dict.fromkeys(dimensions.values()))
    cells = [("A", "low", "low"), ("B", "high", "low"), ("C", "low", "high"), ("D", "high", "high")]
    return Instrument.model_validate(
        {
            "id": "small",
            "version": 1,
            "languages": ["sv", "en"],
            "name": text("Small"),
            "source": text("Made for a test"),
            "scales": {"default": {"lowest": 1.0, "highest": highest, "dont_know": text("Vet ej")}},
            "roles": [{"id": r, "name": text(r)} for r in ("p", "t", "a")],
            "composite": COMPOSITE_NAMED if composite else "none",
            "dimensions": [{"id": d, "name": text(d), "definition": text(d)} for d in axes],
            "categories": [
                {"id": c, "dimension": d, "name": text(c), "definition": text(c)}
                for c, d in dimensions.items()
            ],
            "points": [
                {
                    "id": p,
                    "category": c,
                    "name": text(p),
                    "definition": text(p),
                    "items": [
                        {"id": p if items_n == 1 else f"{p}_{i + 1}", "statement": text(p)}
                        for i in range(items_n)
                    ],
                }
                for p, c in points.items()
            ],
            "quadrants": {
                "across": axes[0],
                "upwards": axes[1],
                "across_low": text("limiting"),
                "across_high": text("enabling"),
                "upwards_low": text("low"),
                "upwards_high": text("high"),
                "cells": [
                    {"id": i, "across": a, "upwards": u}
                    | {k: text(i) for k in ("name", "summary", "recommendation")}
                    for i, a, u in cells
                ],
            }
            if quadrants
            else None,
        }
    )


def make_respondents(
    score_pct: Sequence[Sequence[float]] | np.ndarray,
    *,
    weight: Sequence[float] | None = None,
    stratum: Sequence[str] | None = None,
    neighbour: Sequence[str] | None = None,
    person: Sequence[int] | None = None,
    block: Sequence[int] | None = None,
) -> Respondents:
    """Respondents straight from point scores in percent (rows are people, NaN is no answer)."""
    y = np.array(score_pct, float)
    n, blocks_n = len(y), max(block, default=0) + 1 if block is not None else 1
    return Respondents(
        block=np.array(block if block is not None else [0] * n),
        unit=np.array([""] * n, object),
        role=np.array(["unknown"] * n, object),
        stratum=np.array(stratum if stratum is not None else [""] * n, object),
        neighbour=np.array(neighbour if neighbour is not None else [""] * n, object),
        person=np.array(person if person is not None else range(n), np.uint64),
        weight=np.array(weight if weight is not None else [1.0] * n),
        score_pct=y,
        dont_know=np.zeros(y.shape, bool),
        spread=np.full((blocks_n, 1), np.nan),
        correlation=np.full(blocks_n, np.nan),
        few=np.zeros(blocks_n, int),
        weighted=np.zeros(blocks_n, bool),
    )


def one_group(n: int) -> Members:
    """All n respondents in one group."""
    return Members(np.zeros(n, int), np.arange(n), 1)


def one_category(points: str) -> Columns:
    """Columns of an instrument with one category over the given one-letter points."""
    return Columns(make_instrument(dict.fromkeys(points, "c"), {"c": "d"}))


def write_store(
    outputs: Path,
    instrument: Instrument,
    rows: pd.DataFrame,
    organisations: pd.DataFrame,
    units=None,
    invited=None,
):
    """Write a response store straight, past the readers.

    `rows` has organisation, period, unit, role, respondent (int), and a column an item with answers 1-5,
    0 for don't know, NaN for missing; stratum, weight and answered_at if there are.
    """
    usually = {"stratum": "", "weight": 1.0, "answered_at": pd.NaT}
    rows = rows.assign(**{n: rows.get(n, usual) for n, usual in usually.items()})
    folder = outputs / "responses"
    (folder / "register").mkdir(parents=True, exist_ok=True)
    items = [i for i in instrument.items if i in rows]
    for (organisation, period), own in rows.groupby(["organisation", "period"]):
        about = ["organisation", "unit", "role", "respondent", *usually]
        long = own.melt(about, items, "item", "raw")
        long = long.sort_values(["respondent", "item"])
        kind = np.where(long["raw"].isna(), "missing", np.where(long["raw"] == 0, "dont_know", "answered"))
        table = long.drop(columns="raw").assign(
            answer=long["raw"].where(long["raw"] > 0).astype("float32"), answer_kind=kind, started_at=pd.NaT, respondent=long["respondent"].astype("uint64"),
        )  # fmt: skip
        rules = {"instrument": instrument.id, "instrument_version": instrument.version, "strata_merge": {}}
        schema = RESPONSE_SCHEMA.with_metadata({b"dimios": json.dumps(rules)})
        path = folder / f"period={period}" / f"{organisation}.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.Table.from_pandas(table[RESPONSE_SCHEMA.names], schema, preserve_index=False), path)
    organisations.to_parquet(folder / "register" / "organisations.parquet")
    empty = {
        "units": ["organisation", "unit", "name", "parent"],
        "invited": ["organisation", "period", "unit", "role", "invited"],
    }
    for name, given in (("units", units), ("invited", invited)):
        frame = given if given is not None else pd.DataFrame({c: [] for c in empty[name]})
        frame.to_parquet(folder / "register" / f"{name}.parquet")


def make_organisations(*ids: str, threshold: int = 5) -> pd.DataFrame:
    """Register rows of municipalities in one county, all alike."""
    return pd.DataFrame({"id": list(ids), "name": [i.title() for i in ids]}).assign(
        type="municipality", county="14", size="small", sharing="named", threshold=threshold
    )
