"""Plain rows of published tables: what a frame of the same file holds, typed, picked and without threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dimios_core.published import rows
from dimios_core.published.rows import read_rows
from dimios_core.published.store import PublicResults, PublishedResults, list_organisations

OWN_AND_PUBLIC = (
    "scores", "changes", "gaps", "regions", "response_rates", "quality", "trends", "contrasts", "standardised",
    "sensitivity", "small_units", "spread", "plans", "goals", "benchmarks", "positions", "group_levels", "group_gaps", "group_changes",
    "distribution", "shared_plans",
    "named", "coverage", "reliability", "variance_shares", "initiatives", "evidence", "evidence_kinds",
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three rows with every kind of column, each with something missing."""
    table = pa.table(
        {
            "who": pa.array(["a", None, "b"]).dictionary_encode(),
            "what": pa.array(["x", "y", None]),
            "share": pa.array([0.5, float("nan"), None]),
            "n": pa.array([None, 2**53 - 1, 3], pa.int64()),
            "sure": pa.array([True, None, False]),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    return tmp_path / "t.parquet"


def test_every_kind_of_value_and_none_where_it_is_missing(path):
    assert read_rows(path).rows() == [
        {"who": "a", "what": "x", "share": 0.5, "n": None, "sure": True},
        {"who": None, "what": "y", "share": None, "n": 2**53 - 1, "sure": None},
        {"who": "b", "what": None, "share": None, "n": 3, "sure": False},
    ]
    kinds = [type(v) for v in read_rows(path).rows(who="b")[0].values()]
    assert kinds == [str, type(None), type(None), int, bool]


def test_rows_are_chosen_by_one_text_or_several(path):
    table = read_rows(path)
    assert [r["n"] for r in table.rows(who="b")] == [3]
    assert [r["n"] for r in table.rows(who=("a", "b"))] == [None, 3]
    assert table.rows(who="a", what="y") == []
    assert table.rows(who="nobody") == [] == table.rows(who=("nobody",)) == table.rows(who=())
    assert table.distinct("who") == {"a", "b"}


def test_columns_are_picked_in_the_order_asked_for(path):
    table = read_rows(path)
    assert table.pick("n", "who") == [(None, "a"), (2**53 - 1, None), (3, "b")]
    assert table.pick("share", "sure", who=("b", "a"), what="x") == [(0.5, True)]
    assert table.pick("share", who="nobody") == []
    with pytest.raises(KeyError, match="shares"):
        table.pick("shares", who="nobody")


def test_rows_may_hold_one_of_two_texts(path):
    table, either = read_rows(path), {"who": "b", "what": "x"}
    assert table.pick("n", either=either) == [(None,), (3,)]
    assert table.pick("n", either=either, who="a") == [(None,)]
    assert table.pick("n", either={"who": "nobody", "what": "nothing"}) == []


def test_only_columns_that_somebody_asks_for_are_read(path, monkeypatch):
    read, read_column = [], rows._read_column
    monkeypatch.setattr(rows, "_read_column", lambda column: read.append(column.type) or read_column(column))
    table = read_rows(path)
    assert table.pick("sure", what="y") == [(None,)]
    assert table.pick("sure", what="x") == [(True,)]
    assert read == [pa.string(), pa.bool_()]


def test_only_texts_of_known_columns_choose(path):
    with pytest.raises(KeyError):
        read_rows(path).rows(nothing="a")
    with pytest.raises(KeyError):
        read_rows(path).pick("nothing")
    with pytest.raises(TypeError, match="share holds no text"):
        read_rows(path).rows(share="0.5")


def test_a_missing_file(tmp_path):
    (tmp_path / "public").mkdir()
    assert PublicResults(tmp_path).rows("named", period="2026") == []
    with pytest.raises(FileNotFoundError):
        PublicResults(tmp_path).rows("benchmarks")


def test_rows_hold_what_the_frames_hold(demo_outputs):
    results = demo_outputs / "results"
    published = PublishedResults(results, list_organisations(results)[0])
    for name in OWN_AND_PUBLIC:
        frame = getattr(published, name)
        plain = frame.astype(object).where(frame.notna(), None)
        assert published.rows(name) == plain.to_dict("records"), name
        assert len(frame) or name in ("plans", "goals", "initiatives"), name


@pytest.mark.usefixtures("heavy")
def test_reading_starts_no_thread(path):
    script = (
        "import os, pathlib, sys; from dimios_core.published.rows import read_rows\n"
        "def count(): return len(os.listdir('/proc/self/task'))\n"
        "before = count(); read_rows(pathlib.Path(sys.argv[1])).rows(); print(count() - before)"
    )
    if not Path("/proc/self/task").exists():
        pytest.skip("threads are counted in /proc")
    one = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], env=one, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"
