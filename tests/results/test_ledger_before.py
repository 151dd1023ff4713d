"""A ledger of method version 2 is read: what was shown then counts, whether its results are still there or not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dimios_core.results.versions.archive import Archive
from tests.results.test_versions import (
    TWELVE,
    consortium,
    mean_of_all,
    people,
    publish,
    published,
    registered,
)

pytestmark = pytest.mark.usefixtures("heavy")  # publishes stores again and again


def as_before(outputs: Path) -> None:
    """Lay the ledger out as method version 2 did: answers and register, and one file a period of organisations' results."""
    ledger = outputs / "ledger"
    shutil.rmtree(ledger / "versions")
    for folder in (ledger / "benchmarks").glob("period=*"):
        frame = pq.read_table(folder / "1.parquet").replace_schema_metadata(None).to_pandas()
        shutil.rmtree(folder)
        kept = [c for c in frame if c != "shown" and not c.startswith("mean ")]
        frame[kept].to_parquet(ledger / "benchmarks" / f"{folder.name}.parquet", index=False)


@pytest.mark.parametrize("results_there", [True, False])
def test_what_was_shown_is_carried_over(tmp_path, results_there):
    units = registered({"u": "", "v": ""})
    publish(tmp_path, people({"u": TWELVE, "v": [3.0] * 4}), units)
    as_before(tmp_path)
    if not results_there:
        shutil.rmtree(tmp_path / "results")
    made = publish(tmp_path, people({"u": [*TWELVE, 4.0], "v": [3.0] * 4}), units)
    assert [w.periods for w in made.waiting] == [("2026",)]
    assert published(tmp_path).to_dict() == {"*": 50.0}  # u of twelve would give the four of v
    first, *_ = Archive(tmp_path / "ledger").shown("2026", "org")
    assert (first.method, first.correction) == (2, 0)
    shown = {group for group, row in zip(first.groups, first.status["answers"], strict=True) if row[0] == 0}
    assert shown == {("*", "*")}


def test_what_published_results_tell_goes_before_what_would_be_worked_out(tmp_path):
    units = registered({"u": "", "v": ""})
    publish(tmp_path, people({"u": TWELVE, "v": [3.0] * 9}), units)
    as_before(tmp_path)
    path = tmp_path / "results" / "organisation=org" / "scores.parquet"
    frame = pd.read_parquet(path).astype({"status": str})
    hidden = (frame["unit"] == "u").to_numpy()  # that program withheld u
    frame.loc[hidden, "status"] = "suppressed_complement"
    frame.to_parquet(path)
    publish(tmp_path, people({"u": TWELVE, "v": [3.0] * 9}), units)
    first, *_ = Archive(tmp_path / "ledger").shown("2026", "org")
    shown = {group for group, row in zip(first.groups, first.status["answers"], strict=True) if row[0] == 0}
    assert shown == {("*", "*"), ("v", "*")}


def test_benchmarks_of_the_method_before_stand(tmp_path):
    publish(tmp_path, consortium(0))
    before = mean_of_all(tmp_path)
    as_before(tmp_path)
    assert publish(tmp_path, consortium(1)).standing == ("2026",)
    assert mean_of_all(tmp_path) == before
