"""Answers that are too many to be held give the figures of those that are, whoever works on them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.project.answers import RestrictedWarning
from dimios_core.research import (
    Answers,
    bootstrap,
    cfa,
    changes,
    counts,
    efa,
    gather_sums,
    kept,
    load_answers,
    means,
    patterns,
    reliability,
    rows,
    search_events,
    shares,
)

#: as close as sums in another order come
SAME = {"rtol": 1e-10, "atol": 1e-10}
TWO = ["politicians", "system_owners"]
TECHNOLOGY = "technology =~ infrastructure + shadow_it + technical_debt + governance"


@pytest.fixture(scope="module")
def all_many(demo: Answers, demo_outputs: Path) -> Iterator[Answers]:
    """The demo's answers, as if they were too many: blocks, of which the last are read anew each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "HELD_MAX", 0)
        patch.setattr(rows, "BLOCK_MAX", 15_000)
        patch.setattr(kept, "KEPT_MAX", 300_000)
        yield load_answers(demo_outputs)


@pytest.fixture(scope="module")
def some(demo: Answers) -> Answers:
    """Those of some organisations, held."""
    return demo.select(organisations=demo.names("organisation")[:12])


@pytest.fixture(scope="module")
def many(all_many: Answers, some: Answers) -> Answers:
    """The same, as if they were too many."""
    return all_many.select(organisations=some.names("organisation"))


def test_rows_are_refused_with_what_to_do(many, some):
    with pytest.raises(InputError, match=r"(?s)too many to be held .*answers\.select"):
        many.points()
    assert len(many.source.blocks()) > 3
    assert len(many) == len(some)
    assert "Too many to be held" in repr(many)
    pd.testing.assert_frame_equal(many.describe(), some.describe(), **SAME)


def test_what_is_selected_is_held_again_where_it_is_few(demo_outputs, demo, monkeypatch):
    monkeypatch.setattr(rows, "HELD_MAX", 20_000)
    some = load_answers(demo_outputs).select(periods=["2026"], organisations=["almvik", "tallfors"])
    wanted = demo.select(periods=["2026"], organisations=["almvik", "tallfors"])
    pd.testing.assert_frame_equal(some.long, wanted.long)


def test_filters_are_those_of_held_answers(many, some):
    own = some.names("organisation")[:2]
    for choose in (
        lambda a: a.once().select(roles=TWO),
        lambda a: a.select(roles=TWO).once(),
        lambda a: a.once().select(periods=["2026"]),
        lambda a: a.select(periods=["2026"], organisations=own).once(),
    ):
        pd.testing.assert_frame_equal(
            counts(choose(many), "organisation"), counts(choose(some), "organisation")
        )
    with pytest.raises(InputError, match="no answers of 1999"):
        many.select(periods=["1999"])


@pytest.mark.parametrize("by", ["period", ["organisation", "period"], ["role", "period"]])
def test_counts_shares_and_means(many, some, by):
    for tell in (counts, shares, means):
        pd.testing.assert_frame_equal(tell(many, by), tell(some, by), **SAME)


def test_tallies_by_pandas_alone(demo):
    points, kind = demo.points(), demo.wide("kind")
    wanted = points.groupby(level="organisation").mean()
    pd.testing.assert_frame_equal(means(demo, "organisation")[points.columns], wanted, **SAME)
    unsure = (kind == "dont_know").groupby(level="period").mean()
    told = shares(demo, "period")
    np.testing.assert_allclose([told["dont_know"][p] for p in unsure.index], unsure)
    np.testing.assert_allclose(told.sum(axis=1), 1)
    assert counts(demo, "period")["answered_n"].sum() == (kind == "answered").to_numpy().sum()
    moved = changes(demo, "2025", "2026").loc["almvik", "technical_debt"]
    almvik = points["technical_debt"].xs("almvik", level="organisation").groupby(level="period").mean()
    assert moved == pytest.approx(almvik["2026"] - almvik["2025"])


def test_sums_have_the_covariances_of_pandas(many, some):
    points = some.points()
    (sums,) = gather_sums(many).values()
    np.testing.assert_allclose(sums.covariance(1), points.cov(), **SAME)
    np.testing.assert_allclose(sums.mean, points.mean(), **SAME)


@pytest.mark.parametrize(
    ("by", "centre"), [(None, "organisation"), ("role", None), (None, ["period", "role"])]
)
def test_reliability(many, some, by, centre):
    found, wanted = (reliability(a.once(), by, centre).table for a in (many, some))
    pd.testing.assert_frame_equal(found, wanted, **SAME)


@pytest.mark.parametrize(
    "asked",
    [
        {"model": TECHNOLOGY, "missing": "listwise"},
        {"model": TECHNOLOGY, "centre": ["organisation", "period"]},
        {"model": TECHNOLOGY, "centre": "period", "group": "role", "equal": ["loadings"]},
    ],
)
def test_measurement_models(many, some, asked):
    found, wanted = (cfa(a.once().select(roles=TWO), **asked) for a in (many, some))
    pd.testing.assert_series_equal(found.fit, wanted.fit, **SAME)
    pd.testing.assert_frame_equal(found.table, wanted.table, rtol=1e-9, atol=1e-9)


def test_full_information_and_exploratory_factors(many, some):
    found, wanted = (cfa(a.once(), TECHNOLOGY, missing="fiml").fit for a in (many, some))
    pd.testing.assert_series_equal(found, wanted, **SAME)
    found, wanted = (efa(a.once(), 2).table.abs() for a in (many, some))
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-5, atol=1e-5)  # as far as the search for them goes


def test_information_adds_up_over_people(monkeypatch):
    rng = np.random.default_rng(1)
    y = rng.normal(size=(300, 4))
    y[rng.random(y.shape) < 0.2] = np.nan
    people, mean, covariance = patterns.Patterns(y), np.zeros(4), np.eye(4) + 0.2
    whole = people.information(mean, covariance)
    monkeypatch.setattr(patterns, "INFORM_AT_ONCE", 70)
    np.testing.assert_allclose(people.information(mean, covariance), whole, atol=1e-9)


def test_event_studies(all_many, demo):
    found, wanted = (search_events(a, seed=1) for a in (all_many, demo))
    pd.testing.assert_frame_equal(found.table, wanted.table, **SAME)
    assert list(found.table.index[found.table["flagged"]]) == [
        "project_management", "user_involvement", "benefits_realisation",
    ]  # fmt: skip
    assert "benefits_realisation" in found.words("sv")
    assert found.figure("en").data


@pytest.mark.parametrize("of", ["people", "organisations"])
def test_draws(many, some, of):
    for statistic in ("changes", "alpha"):
        found, wanted = (
            bootstrap(a.select(periods=["2025", "2026"]), statistic, 1, of, 30) for a in (many, some)
        )
        pd.testing.assert_frame_equal(found.draws, wanted.draws, **SAME)


def test_draws_spread_as_formulas_say(demo):
    latest = demo.select(periods=["2026"])
    y = latest.points()["technical_debt"].dropna()
    by = y.groupby(level="organisation")
    people = np.sqrt((by.size() * by.var(ddof=0)).sum()) / len(y)
    told = bootstrap(latest, "levels", 7, "people", 2000)
    assert told.table.loc[("2026", "technical_debt"), "se"] == pytest.approx(people, rel=0.05)
    off = (y - y.mean()).groupby(level="organisation").sum()
    whole = np.sqrt((off**2).sum()) / len(y)
    there = bootstrap(latest, "levels", 7, "organisations", 2000).table.loc[("2026", "technical_debt")]
    assert there["se"] == pytest.approx(whole, rel=0.05)
    assert there["estimate"] == pytest.approx(y.mean())
    assert "2000 dragningar" in told.words("sv")
    own = bootstrap(latest, lambda sums: pd.Series(sums["2026"].mean), 7, "people", 20)
    np.testing.assert_allclose(own.draws, told.draws["2026"].iloc[:20, :26])
    with pytest.raises(InputError) as caught:
        bootstrap(latest, "median", 1, "units")
    assert len(caught.value.problems) == 2


def ask(answers: Answers) -> list[pd.DataFrame]:
    """One of each kind of work."""
    return [
        means(answers), bootstrap(answers, "alpha", 1, "people", 5).draws,
        cfa(answers.once(), TECHNOLOGY, centre="organisation").parameters, answers.describe(),
    ]  # fmt: skip


@pytest.mark.usefixtures("heavy")
def test_processes_and_a_dask_cluster_give_the_same_to_the_last_digit(many, demo_outputs):
    distributed = pytest.importorskip("distributed")
    alone = ask(many)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        for project in (
            Project(demo_outputs, workers=2, progress=None),
            Project(demo_outputs, cluster=cluster.scheduler_address, progress=None),
        ):
            with pytest.warns(RestrictedWarning):
                answers = project.answers(organisations=many.names("organisation"))
            with project.computing() as executor:
                assert isinstance(executor, Executor)
                for found, wanted in zip(ask(answers.over(executor)), alone, strict=True):
                    pd.testing.assert_frame_equal(found, wanted, check_exact=True)
