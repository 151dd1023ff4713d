"""Answers: tidy, identifiers in the index, honest about what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet as pq

from dimios_core.errors import InputError
from dimios_core.export.data.package import build_files, put_in_place
from dimios_core.export.data.research import build_research
from dimios_core.research import Answers, load_answers, load_package, reliability

IDENTIFIERS = ["period", "organisation", "unit", "role", "respondent"]


@pytest.fixture(scope="module")
def stored(demo_outputs) -> pd.DataFrame:
    return pq.read_table(demo_outputs / "responses" / "period=2026" / "almvik.parquet").to_pandas()


@pytest.fixture(scope="module")
def almvik(demo) -> Answers:
    return demo.select(periods=["2026"], organisations=["almvik"])


def test_long_is_what_is_stored(almvik, stored):
    long = almvik.long.reset_index().sort_values(["respondent", "item"])
    wanted = stored.astype({"item": str}).sort_values(["respondent", "item"])
    assert list(almvik.long.index.names) == [*IDENTIFIERS, "item"]
    assert long["item"].tolist() == wanted["item"].tolist()
    assert long["respondent"].tolist() == wanted["respondent"].tolist()
    np.testing.assert_array_equal(long["answer"], wanted["answer"])
    assert long["kind"].tolist() == wanted["answer_kind"].tolist()
    for name in ("unit", "role"):
        assert long[name].tolist() == wanted[name].astype(str).tolist()


def test_scores_are_percent_of_the_scale(almvik, stored):
    item = stored[stored["item"] == "technical_debt"].sort_values("respondent")
    wanted = (item["answer"] - 1) * 25
    np.testing.assert_allclose(almvik.points()["technical_debt"], wanted)
    np.testing.assert_allclose(almvik.wide("score_pct")["technical_debt"], wanted)
    assert set(almvik.wide("kind")["technical_debt"]) <= {"answered", "dont_know", "missing"}


def test_a_category_needs_two_thirds_of_its_points(almvik):
    points = almvik.points()[["infrastructure", "shadow_it", "technical_debt", "governance"]]
    enough = points.notna().sum(axis=1) >= 3  # of four points of equal weight
    assert enough.any()
    assert not enough.all()
    np.testing.assert_allclose(almvik.categories()["technology"], points.mean(axis=1).where(enough))


def test_levels_are_means_of_categories(almvik):
    categories = almvik.categories()
    heritage = categories[["organisation", "users", "technology"]].mean(axis=1, skipna=False)
    np.testing.assert_allclose(almvik.levels()["heritage"], heritage)


def test_once_keeps_the_first_period_of_everybody(demo):
    once = demo.once().index.to_frame(index=False)
    every = demo.index.to_frame(index=False)
    first = every.groupby(["organisation", "respondent"])["period"].min().reset_index()
    assert not once.duplicated(["organisation", "respondent"]).any()
    both = once.merge(first, on=["organisation", "respondent"], suffixes=("", "_first"))
    assert len(both) == len(first)
    assert (both["period"] == both["period_first"]).all()


def test_without_leaves_out_who_is_flagged(almvik):
    flags = pd.Series(almvik.index.get_level_values("role") == "system_owners", almvik.index)
    left = almvik.without(flags)
    assert len(left) == len(almvik) - int(flags.sum())
    assert "system_owners" not in set(left.index.get_level_values("role"))


def test_invited_and_initiatives_come_along(demo, demo_outputs):
    invited = pd.read_parquet(demo_outputs / "responses" / "register" / "invited.parquet")
    assert demo.invited["invited"].sum() == invited["invited"].sum()
    assert set(demo.initiatives.index.get_level_values("organisation")) <= set(demo.organisations.index)
    assert len(demo.initiatives) > 100


def test_unknown_names_are_told_all_at_once(demo, demo_outputs):
    with pytest.raises(InputError) as caught:
        demo.select(periods=["1999"], organisations=["almvikk"], roles=["kings"])
    assert len(caught.value.problems) == 3
    assert "almvik" in str(caught.value)
    with pytest.raises(InputError, match="no answers of nowhere"):
        load_answers(demo_outputs, organisations=["nowhere"])
    with pytest.raises(InputError, match="use"):
        demo.wide("percent")


def test_nothing_stored_tells_the_remedy(tmp_path):
    with pytest.raises(InputError, match="make demo"):
        load_answers(tmp_path)
    with pytest.raises(InputError, match="export data"):
        load_package(tmp_path)


@pytest.mark.long  # building the package takes a minute
def test_a_package_holds_the_same_answers(demo, demo_outputs, tmp_path):
    package = build_research(demo_outputs, "a test of the workbench's loader")
    put_in_place(build_files(package), tmp_path / "package", private=True)
    given = load_package(tmp_path / "package")
    rows = package.tables["answers"].to_pandas()
    assert given.instrument.item_ids == demo.instrument.item_ids
    assert np.nansum(given.answer) == rows["answer"].sum()
    assert (given.kind == 1).sum() == (rows["answer_kind"] == "dont_know").sum()
    assert given.index.is_unique


def test_reliability_names_categories_and_tells_the_call(demo):
    found = reliability(demo.select(periods=["2026"]), centre="organisation")
    names = {c.id: c.name["sv"] for c in demo.instrument.categories}
    low = [names[key] for key in found.table.index[found.table["alpha"] < 0.7]]
    assert low and all(name in found.words("sv") for name in low)
    points = ", ".join(f'"{p.id}"' for p in demo.instrument.points_of("technology"))
    assert f"technology = c({points})" in found.r_call
    assert "ave(x, organisation" in found.r_call
