"""Dots in the plane: who may be one, who is hidden for the others' sake, and what the audit finds.

The check of leaks is compared with every union of hidden organisations, tried by least squares for every
reader; it shares no code with the library.
"""

from __future__ import annotations

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.published.store import load_results
from dimios_core.results.audit.tables import audit_benchmarks, audit_results
from dimios_core.results.consortium.benchmarks import publishable_groups
from dimios_core.results.consortium.positions import choose_shown, find_leaks, may_be_shown
from dimios_core.results.score import score_responses
from tests.building import make_instrument, make_organisations, write_store

INSTRUMENT = make_instrument({"a": "c1", "b": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True)
PLAIN = make_instrument({"a": "c1", "b": "c2"}, {"c1": "across", "c2": "up"})


def register(sharing: str, cell: str | None = None) -> pd.DataFrame:
    """One organisation a letter: n(amed), a(nonymous), c(losed); `cell` gives each its county."""
    words = {"n": "named", "a": "anonymous", "c": "closed"}
    return pd.DataFrame(
        {
            "id": [f"o{i:02}" for i in range(len(sharing))],
            "type": "municipality",
            "county": list(cell or "x" * len(sharing)),
            "size": "small",
            "sharing": [words[s] for s in sharing],
        }
    )


def leak_by_brute_force(rows: np.ndarray, hidden: np.ndarray) -> bool:
    """Any reader, outside or hidden, who can work out the sum of one to four hidden others."""
    for reader in [None, *np.flatnonzero(hidden)]:
        others = [o for o in np.flatnonzero(hidden) if o != reader]
        for size in range(1, min(4, len(others)) + 1):
            for union in combinations(others, size):
                target = np.isin(others, union).astype(float)
                seen = rows[:, others].T.astype(float)
                solved = np.linalg.lstsq(seen, target, rcond=None)[0]
                if np.abs(seen @ solved - target).max() < 1e-7:
                    return True
    return False


# who may be a dot


def test_named_may_be_shown_and_closed_never():
    assert may_be_shown(register("nc")).tolist() == [True, False]
    assert not may_be_shown(register("c" * 9)).any()


@pytest.mark.parametrize(("cell_n", "allowed"), [(4, False), (5, True), (6, True)])
def test_anonymous_need_four_others_of_their_type_county_and_size(cell_n, allowed):
    people = register("a" + "c" * (cell_n - 1) + "c" * 9, "x" * cell_n + "y" * 9)
    assert may_be_shown(people)[0] == allowed
    people.loc[1, "size"] = "large"
    assert may_be_shown(people)[0] == (cell_n - 1 >= 5)


@pytest.mark.parametrize(("sharing", "anonymous_n"), [("aannn", 0), ("aaccnnn", 0), ("aacccnnn", 2)])
def test_anonymous_dots_need_five_that_are_not_shown_by_name(sharing, anonymous_n):
    # two of five are anonymous and three shown by name: whose dots the anonymous ones are is a guess between two
    people = register(sharing)
    shown = choose_shown(np.zeros((0, len(people)), bool), people, may_be_shown(people))
    assert (shown & (people["sharing"] == "anonymous")).sum() == anonymous_n
    assert (shown & (people["sharing"] == "named")).sum() == 3


# what dots give away


@pytest.mark.parametrize(("hidden_n", "leaks"), [(0, False), (1, True), (4, True), (5, True), (6, False)])
def test_of_a_published_group_none_or_six_are_hidden(hidden_n, leaks):
    # each of five hidden ones knows herself, so she would see the sum of four others
    hidden = np.arange(12) < hidden_n
    assert bool(find_leaks(np.ones((1, 12), bool), hidden)) is leaks


def test_what_only_one_reader_can_work_out_is_found():
    # A = reader and six others, B = the same six and three more: B - A + reader = the three
    rows = np.array([[1] + [1] * 6 + [0] * 3, [0] + [1] * 6 + [1] * 3], bool)
    leaks = find_leaks(rows, np.ones(10, bool))
    assert {leak.others_n for leak in leaks} == {3}
    # five more instead of three are enough
    rows = np.array([[1] + [1] * 6 + [0] * 5, [0] + [1] * 6 + [1] * 5], bool)
    assert find_leaks(rows, np.ones(12, bool)) == []


def test_a_closed_one_takes_five_named_ones_with_her():
    people = register("nnnnnnnnnc")
    shown = choose_shown(np.ones((1, 10), bool), people, may_be_shown(people))
    assert people["id"][shown].tolist() == ["o05", "o06", "o07", "o08"]


def test_anonymous_ones_are_hidden_before_named_ones():
    people = register("nnnnnnaaaaaaac")
    shown = choose_shown(np.ones((1, 14), bool), people, may_be_shown(people))
    assert people["id"][shown].tolist() == ["o00", "o01", "o02", "o03", "o04", "o05", "o11", "o12"]


def test_a_type_without_a_mean_is_limited_by_the_mean_of_all():
    # all = 9 shown and 3 companies whose own mean is not published: three more are hidden
    people = register("nnnnnnnnnccc")
    people.loc[9:, "type"] = "company"
    shown = choose_shown(np.ones((1, 12), bool), people, may_be_shown(people))
    assert shown.sum() == 6
    # without any mean nothing limits the dots
    assert choose_shown(np.zeros((0, 12), bool), people, may_be_shown(people)).sum() == 9


def test_leaks_agree_with_every_union_tried():
    rng = np.random.default_rng(5)
    verdicts = []
    for _ in range(150):
        organisations_n = int(rng.integers(6, 13))
        rows = rng.random((rng.integers(1, 6), organisations_n)) < rng.choice([0.4, 0.6, 0.8])
        hidden = rng.random(organisations_n) < rng.choice([0.6, 0.8, 1.0])
        verdicts.append(leak_by_brute_force(rows, hidden))
        assert bool(find_leaks(rows, hidden)) is verdicts[-1], (rows.astype(int), hidden)
    assert 20 < sum(verdicts) < 145  # both verdicts are met often


def test_chosen_dots_leak_nothing_by_every_union_tried():
    rng = np.random.default_rng(9)
    kept_n, shown_n, hidden_n = 0, 0, 0
    for _ in range(60):
        rows = np.vstack([np.ones(12, bool), rng.random((3, 12)) < 0.6])
        rows = rows[publishable_groups(rows, np.array([4.0, 3, 2, 1]), np.zeros(12, bool))]
        people = register("".join(rng.choice(list("nac"), 12, p=[0.7, 0.2, 0.1])))
        allowed = may_be_shown(people)
        shown = choose_shown(rows, people, allowed)
        assert not (shown & ~allowed).any()
        assert not leak_by_brute_force(rows, ~shown)
        kept_n, shown_n, hidden_n = (
            kept_n + len(rows),
            shown_n + shown.sum(),
            hidden_n + (allowed & ~shown).sum(),
        )
    assert kept_n > 60
    assert shown_n > 60
    assert hidden_n > 60


def test_two_thousand_organisations_take_seconds():
    rng = np.random.default_rng(3)
    fields = [rng.integers(0, n, 2000) for n in (5, 3, 21)]
    people = register("".join(rng.choice(list("nac"), 2000, p=[0.3, 0.2, 0.5])))
    people = people.assign(
        type=fields[0].astype(str), size=fields[1].astype(str), county=fields[2].astype(str)
    )
    both = fields[0] * 3 + fields[1]
    rows = np.array([f == v for f in (*fields, both, np.zeros(2000)) for v in np.unique(f)])
    shown = choose_shown(rows, people, may_be_shown(people))
    assert 500 < shown.sum() < 1000
    assert (((~shown) & rows).sum(axis=1) >= 6).all()


# stores


def write_small(outputs: Path, instrument) -> None:
    """Ten municipalities, of which one is closed, and eight agencies; 12 people each, all scores different."""
    names = [f"m{i}" for i in range(10)] + [f"s{i}" for i in range(8)]
    organisations = make_organisations(*names)
    organisations.loc[10:, "type"] = "agency"
    organisations.loc[9, "sharing"] = "closed"
    rng = np.random.default_rng(1)
    people = pd.DataFrame(
        {"organisation": np.repeat(names, 12), "period": "2026", "unit": "", "role": "unknown"}
        | {"respondent": range(12 * 18)}
        | {point: rng.integers(1, 6, 12 * 18).astype(float) for point in ("a", "b")}
    )
    people.loc[people["organisation"] == "s7", ["a"]] = 5.0
    write_store(outputs, instrument, people, organisations)
    score_responses(outputs, instrument)


@pytest.fixture(scope="module")
def small_store(heavy, tmp_path_factory):
    outputs = tmp_path_factory.mktemp("small")
    write_small(outputs, INSTRUMENT)
    return outputs / "results"


@pytest.fixture
def spoiled(small_store, tmp_path):
    """A copy to plant leaks in, without the tables that stand beside dots and means (`test_consortium.py`)."""
    copy = Path(shutil.copytree(small_store, tmp_path / "results"))
    for name in ("named", "panel_participation", "group_changes"):
        (copy / "public" / f"{name}.parquet").unlink()
    return copy


def replant(results: Path, name: str, change) -> None:
    path = results / "public" / f"{name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)


def dot(organisation: str, kind: str = "municipality") -> pd.DataFrame:
    return pd.DataFrame(
        [{"period": "2026", "type": kind, "id": organisation, "name": organisation.title(), "across": 50.0}]
    ).assign(upwards=50.0)


def test_published_dots_are_those_that_may_be_seen(small_store):
    # m9 is closed and takes m0-m4 along; s7 is at an end of the scale and takes s0-s4
    dots = load_results("m0", small_store).positions
    assert sorted(dots["id"]) == ["m5", "m6", "m7", "m8", "s5", "s6"]
    assert list(dots.columns) == ["period", "type", "id", "name", "across", "upwards"]
    assert dots["across"].is_monotonic_increasing
    for row in dots.itertuples():
        scores = load_results(row.id, small_store).scores
        own = scores[(scores["level"] == "dimension")].set_index("key")["score"]
        assert (row.across, row.upwards) == (own["across"], own["up"])
        assert row.name == row.id.title()
    counts = pd.read_parquet(small_store / "public" / "participation.parquet")
    assert counts[["organisations_n", "shown_n"]].to_numpy().tolist() in (
        [[8, 2], [10, 4]],
        [[10, 4], [8, 2]],
    )
    assert audit_results(small_store) == []


def test_without_quadrants_there_are_no_dots(tmp_path):
    write_small(tmp_path, PLAIN)
    results = load_results("m0", tmp_path / "results")
    assert not (results.root / "public" / "positions.parquet").exists()
    assert results.positions.empty
    assert list(results.positions.columns) == ["period", "type", "id", "name", "across", "upwards"]
    assert pd.read_parquet(results.root / "public" / "participation.parquet")["shown_n"].sum() == 0


def test_the_audit_finds_a_dot_that_was_not_counted(spoiled):
    replant(spoiled, "positions", lambda f: pd.concat([f, dot("m4")]))
    assert [f.what for f in audit_benchmarks(spoiled)] == [
        "the number of dots is not the one that was checked"
    ]


def test_the_audit_finds_a_hidden_dot_shown_again(spoiled):
    # six municipalities were hidden; five leave four others to each of them
    replant(spoiled, "positions", lambda f: pd.concat([f, dot("m4")]))
    kind = "type:municipality"
    replant(
        spoiled, "participation", lambda f: f.assign(shown_n=f["shown_n"] + f["groups"].str.contains(kind))
    )
    found = audit_benchmarks(spoiled)
    assert len(found) == 1
    assert "follows from dots" in found[0].what


def test_the_audit_finds_a_group_published_beside_dots(spoiled):
    # eleven organisations, far from small; but only one of them is not a dot
    def split(f):
        municipal = f["groups"].str.contains("type:municipality")
        inside, outside = f[municipal].copy(), f[municipal].copy()
        inside["groups"] += "|size:planted"
        inside[["organisations_n", "shown_n"]] = [[5, 4]]
        outside[["organisations_n", "shown_n"]] = [[5, 0]]
        agencies, rest = f[~municipal].copy(), f[~municipal].copy()
        agencies["groups"] += "|size:planted"
        agencies[["organisations_n", "shown_n"]] = [[6, 6]]
        rest[["organisations_n", "shown_n"]] = [[2, 2]]
        return pd.concat([inside, outside, agencies, rest])

    def publish(f):
        planted = (
            f[f["group"] == "all"].astype({"group": str}).assign(group="size:planted", organisations_n=11)
        )
        planted[["q1", "median", "q3"]] = np.nan
        return pd.concat([f.astype({"group": str}), planted])

    replant(spoiled, "participation", split)
    four_more = [dot(f"s{i}", "agency") for i in (0, 1, 2, 3, 4, 7)]
    replant(spoiled, "positions", lambda f: pd.concat([f, *four_more]))
    assert audit_benchmarks(spoiled) == []  # the counts alone are fine
    replant(spoiled, "benchmarks", publish)
    assert any("follows from dots" in f.what for f in audit_benchmarks(spoiled))


def test_the_audit_finds_the_name_of_one_who_does_not_share_it(spoiled):
    def rename(f):
        f.loc[f["id"] == "m5", ["id", "name"]] = ["m9", "M9"]
        return f

    replant(spoiled, "positions", rename)
    assert [f.what for f in audit_benchmarks(spoiled)] == ["a name that its organisation does not share"]


def test_the_audit_finds_anonymous_dots_without_others_alike(spoiled):
    def unname(f):
        f.loc[f["id"] == "m5", ["id", "name"]] = ""
        return f

    replant(spoiled, "positions", unname)
    assert [f.what for f in audit_benchmarks(spoiled)] == ["too few behind an anonymous dot"]


def test_the_audit_finds_unrounded_dots_and_stray_names(spoiled):
    replant(spoiled, "positions", lambda f: f.assign(across=f["across"] + 0.04))
    assert {f.what for f in audit_benchmarks(spoiled)} == {"more than one decimal"}


def test_the_demo_has_dots_and_its_audit_is_clean(demo_outputs):
    results = demo_outputs / "results"
    assert audit_benchmarks(results) == []
    dots = pd.read_parquet(results / "public" / "positions.parquet")
    people = pd.read_parquet(demo_outputs / "responses" / "register" / "organisations.parquet").set_index(
        "id"
    )
    assert set(dots["period"]) == {"2023", "2024", "2025", "2026"}
    named = dots[dots["id"] != ""]
    assert (people.loc[named["id"], "sharing"] == "named").all()
    assert (dots.loc[dots["id"] == "", "name"] == "").all()
    assert not dots.duplicated(["period", "across", "upwards", "id"]).any()
    for _, own in dots.groupby("period"):
        assert own["across"].is_monotonic_increasing


def test_the_audit_of_the_demo_finds_every_further_dot_of_a_full_group(demo_outputs, tmp_path):
    results = Path(shutil.copytree(demo_outputs / "results", tmp_path / "results"))
    counts = pd.read_parquet(results / "public" / "participation.parquet")
    inside = (counts["period"] == "2026") & counts["groups"].str.contains("type:agency")
    hidden = counts.loc[inside, "organisations_n"] - counts.loc[inside, "shown_n"]
    # show agencies until one is left: her score is the rest of the mean
    counts.loc[hidden.index, "shown_n"] += hidden
    counts.loc[hidden.index[0], "shown_n"] -= 1
    counts.to_parquet(results / "public" / "participation.parquet")
    assert any("follows from dots" in f.what for f in audit_benchmarks(results))
