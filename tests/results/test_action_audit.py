"""The audit finds each leak of initiatives and evidence that is planted in published files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dimios_core.published.store import PREFIX
from dimios_core.published.writing import write_json, write_parquet
from dimios_core.results.audit.initiatives import check_actions
from dimios_core.results.audit.known import check_figures
from dimios_core.results.evidence.initiatives import publish_initiatives
from tests.building import make_instrument
from tests.spec.test_evidence import LEVELS, estimate, estimate_kinds, initiative, measured

MODEL = make_instrument({"a": "c"}, {"c": "d"})
PEOPLE = pd.DataFrame(
    [(f"m{n}", f"M{n} kommun", "municipality", "small", "14") for n in range(5)]
    + [(f"n{n}", f"N{n} kommun", "municipality", "large", "12") for n in range(5)],
    columns=["id", "name", "type", "size", "county"],
)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "public").mkdir()
    for row in PEOPLE.to_dict("records"):
        (tmp_path / f"{PREFIX}{row['id']}").mkdir()
        write_json(row, tmp_path / f"{PREFIX}{row['id']}" / "organisation.json")
    stored = pd.DataFrame(
        [
            initiative(o, consent=consent)
            | {"id": o, "title": o, "what": "w", "effect": "", "contact": "c@x"}
            for o, consent in (("m0", "named"), ("m1", "anonymous"))
        ]
    )
    write_parquet(publish_initiatives(stored, PEOPLE, MODEL), tmp_path / "public" / "initiatives.parquet")
    wholes = []
    for n, level in enumerate(LEVELS):
        wholes += measured(f"t{n}", level, level, level + n) + measured(f"c{n}", level, level, level)
    given = pd.DataFrame([initiative(f"t{n}") for n in range(6)])
    types = {w.organisation: "agency" for w in wholes}
    enough = estimate(wholes, types, given)
    too_few = estimate(wholes, types, given.iloc[:0]).assign(point="b")
    write_parquet(pd.concat([enough, too_few]), tmp_path / "public" / "evidence.parquet")
    kinds = estimate_kinds(wholes, types, given).sort_values("pairs_n", ascending=False).reset_index()
    write_parquet(kinds, tmp_path / "public" / "evidence_kinds.parquet")
    return tmp_path


def change(results: Path, table: str, row: int, **cells) -> list[str]:
    path = results / "public" / f"{table}.parquet"
    frame = pd.read_parquet(path)
    for column, value in cells.items():
        frame.loc[row, column] = value
    write_parquet(frame, path)
    return [what for *_, what in (*check_actions(results), *check_figures(results, path.parent))]


def test_what_the_gate_lets_through_is_fine(results: Path) -> None:
    assert list(check_actions(results)) == []
    assert pd.read_parquet(results / "public" / "evidence.parquet")["status"].tolist() == [
        "published",
        "too_few",
    ]


@pytest.mark.parametrize(
    ("table", "row", "cells", "said"),
    [
        ("evidence", 0, {"pairs_n": 5}, "fewer than 6 pairs"),
        ("evidence", 1, {"difference": 3.0}, "a row that is not published carries figures"),
        ("evidence", 0, {"ci_low": 1.25}, "more than one decimal"),
        ("evidence_kinds", 0, {"pairs_n": 5}, "fewer than 6 pairs"),
        ("evidence_kinds", 1, {"difference": 3.0}, "a row that is not published carries figures"),
        ("evidence_kinds", 0, {"ci_low": 1.25}, "more than one decimal"),
        ("initiatives", 1, {"contact": "anna@m1.example"}, "a contact where no name may stand"),
        ("initiatives", 1, {"county": "12"}, "too few organisations are described in these words"),
        ("initiatives", 0, {"organisation_name": "Någon annan"}, "a name that no organisation has"),
    ],
)
def test_a_planted_leak_is_found(results: Path, table: str, row: int, cells: dict, said: str) -> None:
    (what,) = change(results, table, row, **cells)
    assert said in what
