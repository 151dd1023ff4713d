"""Whoever keeps every release knows all that were ever shown: choices that change give nobody else away."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.results.score import score_responses
from tests.attacks.releasing import INSTRUMENT, people
from tests.building import make_organisations, write_store

N = 12


def consortium(organisations_n: int = N) -> pd.DataFrame:
    """Organisations of ten, each with answers of their own."""
    parts = [people(range(20 * i, 20 * i + 10), organisation=f"o{i:02}") for i in range(organisations_n)]
    return pd.concat(parts, ignore_index=True).drop(columns="who")


def register(sharing: str, **changed: dict[str, str]) -> pd.DataFrame:
    """A letter an organisation: n(amed), a(nonymous), c(losed)."""
    words = {"n": "named", "a": "anonymous", "c": "closed"}
    about = make_organisations(*(f"o{i:02}" for i in range(len(sharing))))
    about["sharing"] = [words[s] for s in sharing]
    for column, values in changed.items():
        about[column] = [values.get(o, v) for o, v in zip(about["id"], about[column], strict=True)]
    return about


class Stranger:
    """Keeps the means and named rows of every release; knows who takes part."""

    def __init__(self, outputs: Path) -> None:
        self.outputs, self.known, self.means = outputs, {}, []

    def release(self, organisations: pd.DataFrame, rows: pd.DataFrame | None = None) -> None:
        rows = consortium(len(organisations)) if rows is None else rows
        shutil.rmtree(self.outputs / "responses", ignore_errors=True)
        write_store(self.outputs, INSTRUMENT, rows, organisations)
        score_responses(self.outputs, INSTRUMENT)
        public = self.outputs / "results" / "public"
        named = pd.read_parquet(public / "named.parquet").astype(object)
        for row in named[(named["id"] != "") & (named["level"] == "point")].itertuples():
            if not np.isnan(row.score):
                self.known[row.id, row.key] = float(row.score)
        levels = pd.read_parquet(public / "benchmarks.parquet").astype(object)
        about = organisations.set_index("id")
        for row in levels[(levels["status"] == "published") & (levels["level"] == "point")].itertuples():
            kind, _, value = row.group.partition(":")
            inside = (
                about.index if kind == "all" else about.index[about[kind] == value] if kind in about else []
            )
            if len(inside) == row.organisations_n:
                self.means.append((frozenset(inside), row.key, float(row.mean) * len(inside)))

    def solve(self, key: str) -> dict[str, float]:
        """Organisations that were never shown and whose score follows from what was told."""
        everybody = sorted(set().union(*(m for m, _, _ in self.means)))
        rows = [([float(o in m) for o in everybody], s) for m, k, s in self.means if k == key]
        rows += [([float(o == n) for o in everybody], s) for (n, k), s in self.known.items() if k == key]
        matrix, total = np.array([r for r, _ in rows]), np.array([s for _, s in rows])
        found = np.linalg.lstsq(matrix, total, rcond=None)[0]
        _, s, vt = np.linalg.svd(matrix)
        null = vt[int((s > 1e-9).sum()) :]
        return {
            o: float(found[i])
            for i, o in enumerate(everybody)
            if np.abs(null[:, i]).max(initial=0) < 1e-9 and (o, key) not in self.known
        }

    def learns(self) -> list[tuple[str, str]]:
        return [(o, key) for key in "abcdef" for o in self.solve(key)]


def few_are_hidden(stranger: Stranger) -> set[str]:
    """Those never shown, where they are fewer than six beside a published mean of all."""
    everybody = {o for m, _, _ in stranger.means for o in m}
    hidden = everybody - {o for o, _ in stranger.known}
    return hidden if len(hidden) < 6 else set()


def test_six_named_and_then_five_of_the_closed_ones(tmp_path):
    stranger = Stranger(tmp_path)
    stranger.release(register("nnnnnncccccc"))
    assert len({o for o, _ in stranger.known}) == 6
    stranger.release(register("ccccccnnnnnc"))
    stranger.release(register("nnnnnnnnnnnc"))
    assert stranger.learns() == []
    assert few_are_hidden(stranger) == set()


def test_one_more_named_in_each_of_five_releases(tmp_path):
    stranger = Stranger(tmp_path)
    for turned in range(3):
        stranger.release(register("c" * turned * 2 + "nnnnnn" + "c" * (6 - turned * 2)))
    assert few_are_hidden(stranger) == set()


def test_named_ones_that_close_are_known_all_the_same(tmp_path):
    stranger = Stranger(tmp_path)
    stranger.release(register("nnnnnnnncccccc"))
    stranger.release(register("ccccccccnnnnnc"))
    assert few_are_hidden(stranger) == set()


@pytest.mark.parametrize("column", ["size", "county"])
def test_groups_that_are_drawn_anew_around_known_ones(tmp_path, column):
    """Six of fourteen are named; the next register makes a group of them and one closed one."""
    stranger = Stranger(tmp_path)
    stranger.release(register("nnnnnncccccccc"))
    other = {f"o{i:02}": {"size": "large", "county": "01"}[column] for i in range(7)}
    stranger.release(register("nnnnnncccccccc", **{column: other}))
    assert stranger.learns() == []


def test_a_register_that_goes_back_and_forth_shows_what_it_did(tmp_path):
    stranger = Stranger(tmp_path)
    read = (tmp_path / "results" / "public" / "positions.parquet").read_bytes
    stranger.release(register("nnnnnncccccc"))
    first = read()
    stranger.release(register("nnnnnncccccc"))
    assert read() == first
    stranger.release(register("ccccccnnnnnn"))
    stranger.release(register("nnnnnncccccc"))
    assert read() == first


def test_an_anonymous_dot_keeps_five_it_could_be(tmp_path):
    """Seven anonymous ones, without a mean of few; then all but one share their name."""
    stranger = Stranger(tmp_path)
    stranger.release(register("aaaaaaacccccc"[:13]))
    positions = pd.read_parquet(tmp_path / "results" / "public" / "positions.parquet")
    anonymous = {(round(float(r.across), 1), round(float(r.upwards), 1)) for r in positions.itertuples()}
    stranger.release(register("nnnnnnannnnnn"))
    named = pd.read_parquet(tmp_path / "results" / "public" / "positions.parquet")
    named = named[named["id"].astype(str) != ""]
    told = {(round(float(r.across), 1), round(float(r.upwards), 1)) for r in named.itertuples()}
    left = anonymous - told
    candidates = 13 - len(named)
    assert not left or candidates >= 5
