"""Property: from published files alone, no sum of fewer answers than the threshold can be worked out.

The check shares no code with the library: every published figure, at every level, becomes a row over
(atom, point) sums, and every one of the 2^atoms unions is tried by least squares.
"""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dimios_core.results.audit.tables import audit_organisation, audit_results
from dimios_core.results.score import score_responses
from tests.building import make_instrument, make_organisations, write_store

pytestmark = pytest.mark.usefixtures("heavy")  # publishes stores again and again

THRESHOLD = 5
POINTS = {"a": "c1", "b": "c1", "c": "c2"}
INSTRUMENT = make_instrument(POINTS, {"c1": "across", "c2": "up"}, quadrants=True)
PARENT = {"u1": "", "u2": "", "u1a": "u1"}
UNITS = pd.DataFrame(
    {"organisation": "org", "unit": list(PARENT), "name": list(PARENT), "parent": list(PARENT.values())}
)
LEAF = {"": ".direct", "u1": "u1.direct", "u1a": "u1a", "u2": "u2"}
ABOVE = {".direct": {"*"}, "u1.direct": {"u1", "*"}, "u1a": {"u1", "*"}, "u2": {"*"}}
ROLES = ["p", "t", "a"]
CELLS = list(product(LEAF, ROLES))  # 4 × 3 = 12 atoms

counts = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14]), min_size=12, max_size=12)


def make_people(sizes: list[int], seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    placed = [cell for cell, n in zip(CELLS, sizes, strict=True) for _ in range(n)]
    people = pd.DataFrame(placed, columns=["unit", "role"]).assign(organisation="org", period="2026")
    people["respondent"] = range(len(people))
    for point, quiet in zip(POINTS, (0.02, 0.15, 0.3), strict=True):
        answer = rng.integers(1, 6, len(people)).astype(float)
        answer[rng.random(len(people)) < quiet] = 0  # don't know
        answer[rng.random(len(people)) < quiet / 2] = np.nan
        people[point] = answer
    return people


def published_rows(scores: pd.DataFrame, columns: dict, weight_of: dict) -> np.ndarray:
    """A row over (atom, point) sums for every published figure of every level."""
    shown = scores[scores["status"] == "published"]
    n = {(r.unit, r.role, r.key): int(r.n) for r in shown.itertuples() if r.level == "point"}
    rows = []
    for r in shown.itertuples():
        inside = [
            (u, x)
            for u, x in product(LEAF.values(), ROLES)
            if r.unit in {u, *ABOVE[u]} and r.role in ("*", x)
        ]
        own = [k for k in POINTS if (r.unit, r.role, k) in n] if r.level != "point" else [r.key]
        weights = {r.key: 1.0} if r.level == "point" else weight_of(r.level, r.key, own)
        row = np.zeros(len(columns))
        for k, a in weights.items():
            for u, x in inside:
                row[columns[u, x, k]] = a / n[r.unit, r.role, k]
        rows.append(row)
    return np.array(rows).reshape(-1, len(columns))


def weights_of(level: str, key: str, own: list[str]) -> dict[str, float]:
    """Equal weights of the published points: category, dimension, maturity."""
    by_category = {c: [k for k in own if POINTS[k] == c] for c in ("c1", "c2")}
    if level == "category":
        return {k: 1 / len(by_category[key]) for k in by_category[key]}
    wanted = {"across": ["c1"], "up": ["c2"], "maturity": ["c1", "c2"]}[key]
    return {k: 1 / len(by_category[c]) / len(wanted) for c in wanted for k in by_category[c]}


def recoverable(rows: np.ndarray, columns: dict, empty: set, key: str) -> np.ndarray:
    """Every union of atoms (2^12 × 12, bool) whose sum of `key` the rows determine."""
    atoms = list(product(LEAF.values(), ROLES))
    unions = (np.arange(2 ** len(atoms))[:, None] >> np.arange(len(atoms)) & 1).astype(bool)
    live = [i for i, (atom) in enumerate(columns) if atom not in empty]
    target = np.zeros((len(unions), len(columns)))
    for i, (u, x) in enumerate(atoms):
        target[:, columns[u, x, key]] = unions[:, i]
    rows, target = rows[:, live], target[:, live]
    if not len(rows):
        return unions[:0]
    fitted = target @ np.linalg.pinv(rows, rcond=1e-9) @ rows
    return unions[np.abs(fitted - target).max(axis=1) < 1e-6]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=counts, seed=st.integers(0, 10_000))
def test_no_union_below_the_threshold_is_recoverable(sizes, seed):
    check_that_nothing_is_recoverable(sizes, seed)


@pytest.mark.long
@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=counts, seed=st.integers(0, 10_000))
def test_nor_in_a_thousand_organisations(sizes, seed):
    check_that_nothing_is_recoverable(sizes, seed)


def check_that_nothing_is_recoverable(sizes, seed):
    """Score an organisation, and try every union of its atoms."""
    people = make_people(sizes, seed)
    if not len(people):
        return
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder)
        write_store(outputs, INSTRUMENT, people, make_organisations("org"), UNITS)
        score_responses(outputs, INSTRUMENT)
        scores = pd.read_parquet(outputs / "results" / "organisation=org" / "scores.parquet")
    atoms = list(product(LEAF.values(), ROLES))
    columns = {(u, x, k): i for i, ((u, x), k) in enumerate(product(atoms, POINTS))}
    people["leaf"] = people["unit"].map(LEAF)
    for base in ("answers", "asked"):
        size = {
            (u, x, k): int(g[k].gt(0).sum() if base == "answers" else g[k].notna().sum())
            for (u, x), g in people.groupby(["leaf", "role"])
            for k in POINTS
        }
        empty = {c for c in columns if size.get(c, 0) == 0}
        figures = scores if base == "answers" else tell_shares(scores)
        rows = published_rows(figures, columns, weights_of)
        for key in POINTS:
            held = np.array([size.get((u, x, key), 0) for u, x in atoms])
            for union in recoverable(rows, columns, empty, key):
                assert not 0 < held[union].sum() < THRESHOLD, (
                    base,
                    key,
                    [a for a, i in zip(atoms, union, strict=True) if i],
                )


def tell_shares(scores: pd.DataFrame) -> pd.DataFrame:
    """Don't-know shares as rows of their own: they have their own pattern."""
    told = scores[(scores["level"] == "point") & scores["dont_know_share"].notna()]
    return told.assign(status="published", n=1)


@pytest.fixture
def scored(tmp_path):
    """An organisation with B = 2 and C = 1 beside A = 17, honestly scored."""
    people = pd.DataFrame({"unit": ["a"] * 17 + ["b"] * 2 + ["c"]}).assign(
        organisation="org", period="2026", role="unknown", a=4.0, b=3.0, c=2.0
    )
    people["respondent"] = range(20)
    people.loc[::3, ["a", "b", "c"]] = 2.0
    units = pd.DataFrame(
        {"organisation": "org", "unit": ["a", "b", "c"], "name": ["A", "B", "C"], "parent": ""}
    )
    write_store(tmp_path, INSTRUMENT, people, make_organisations("org"), units)
    score_responses(tmp_path, INSTRUMENT)
    return tmp_path / "results"


def test_an_honest_store_passes_the_audit(scored):
    assert audit_results(scored) == []


def test_the_audit_finds_two_small_units_beside_their_published_sibling(scored):
    path = scored / "organisation=org" / "scores.parquet"
    scores = pd.read_parquet(path).astype({"status": "str"})
    sibling = scores["unit"] == "a"
    assert (scores.loc[sibling, "status"] == "suppressed_complement").all()
    scores.loc[sibling, "status"] = "published"
    scores.loc[sibling, ["score", "ci_low", "ci_high", "n", "n_points"]] = [50.0, 40.0, 60.0, 17, 3]
    scores.to_parquet(path)
    found = audit_organisation(scored, "org")
    assert any("together hold 3" in f.what for f in found)


def test_the_audit_finds_figures_behind_a_suppressed_row(scored):
    path = scored / "organisation=org" / "scores.parquet"
    scores = pd.read_parquet(path)
    scores.loc[scores["unit"] == "b", "score"] = 50.0
    scores.to_parquet(path)
    assert any("carries figures" in f.what for f in audit_organisation(scored, "org"))


def test_the_audit_finds_a_figure_below_the_threshold(scored):
    path = scored / "organisation=org" / "scores.parquet"
    scores = pd.read_parquet(path).astype({"status": "str"})
    scores.loc[scores["unit"] == "b", "status"] = "published"
    scores.loc[scores["unit"] == "b", "n"] = 2
    scores.to_parquet(path)
    assert any("fewer answers" in f.what for f in audit_organisation(scored, "org"))
