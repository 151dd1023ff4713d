"""psych::bfi through the whole line; every expected figure is recomputed from the raw data in expected.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dimios_core.responses import ResponseStore
from tests.real import expected
from tests.real.command_line import MAPPINGS, RealRun, run_dimios
from tests.real.exports import ITEMS, STRICT_PANEL, STRICT_THRESHOLD

WHOLE = ("2010", "*", "*")
ROUNDED = 0.05 + 1e-9
#: people without any answer to a point live here; every group of theirs is recomputed, of others the whole
PANELS_IN_DEPTH = ["panel-07", "panel-11"]


def threshold_of(panel: str) -> int:
    return STRICT_THRESHOLD if panel == STRICT_PANEL else 5


@pytest.fixture(scope="module")
def groups(bfi_run: RealRun) -> dict[tuple[str, str, str], pd.DataFrame]:
    """(panel, unit, role) -> its people's items and points in percent."""
    scored = expected.score_bfi(bfi_run.raw)
    return {
        (panel, *key): scored.loc[people.index[inside]]
        for panel, people in bfi_run.raw.groupby("panel")
        for key, inside in expected.bfi_groups(people)
    }


@pytest.fixture(scope="module")
def estimates(bfi_run: RealRun) -> pd.DataFrame:
    return bfi_run.estimates


@pytest.fixture(scope="module")
def scores(bfi_run: RealRun) -> pd.DataFrame:
    """Published levels, indexed as the estimates."""
    keys = ["organisation", "period", "unit", "role", "level", "key"]
    return bfi_run.published("scores").set_index(keys).sort_index()


def test_every_answer_of_both_files_is_stored(bfi_run: RealRun) -> None:
    store = ResponseStore(bfi_run.outputs)
    assert store.periods() == ["2010"]
    for panel, people in bfi_run.raw.groupby("panel"):
        rows = store.read("2010", panel).to_pandas()
        assert rows["respondent"].nunique() == len(people)
        counts = rows["answer_kind"].astype(str).value_counts()
        assert counts.get("answered") == people[ITEMS].notna().sum().sum()
        assert counts.get("missing", 0) == people[ITEMS].isna().sum().sum()
        assert rows["answer"].sum() == people[ITEMS].sum().sum()


def test_the_same_file_again_changes_nothing(bfi_run: RealRun) -> None:
    csv = bfi_run.outputs.parent / "personlighet.csv"
    options = ["--mapping", MAPPINGS / "bfi-csv.yaml", "--instrument", bfi_run.instrument]
    result = run_dimios("ingest", csv, *options, "--outputs", bfi_run.outputs, "--key-file", bfi_run.key_file)
    assert "14 unchanged" in result.output


def test_there_is_a_row_for_every_group_that_has_people(
    estimates: pd.DataFrame, groups: dict[tuple[str, str, str], pd.DataFrame]
) -> None:
    found = estimates.reset_index().groupby(["organisation", "unit", "role"])["n"].max()
    assert set(found[found > 0].index) == set(groups)


def test_points_and_items_of_every_group(
    estimates: pd.DataFrame, groups: dict[tuple[str, str, str], pd.DataFrame]
) -> None:
    rows = []
    spread = {
        (panel, level): expected.pooled_spread([whole[key] for key in whole if level_of(key) == level])
        for (panel, unit, role), whole in groups.items()
        if (unit, role) == ("*", "*")
        for level in ("point", "item")
    }
    for (panel, unit, role), people in groups.items():
        for key in people:
            answers, level = people[key].dropna().to_numpy(), level_of(key)
            told = expected.told_error(answers, spread[panel, level], threshold_of(panel))
            se = expected.standard_error(answers)
            score = answers.mean() if len(answers) else np.nan
            rows.append((panel, "2010", unit, role, level, key, score, se, told, len(answers)))
    wanted = pd.DataFrame(rows, columns=[*estimates.index.names, "score", "se", "told", "n"])
    wanted = wanted.set_index(estimates.index.names)
    found = estimates.loc[wanted.index]
    assert len(wanted) > 15_000
    np.testing.assert_allclose(found["score"], wanted["score"], atol=1e-9)
    np.testing.assert_allclose(found["se"], wanted["se"], atol=1e-9)
    np.testing.assert_array_equal(found["n"], wanted["n"])
    np.testing.assert_array_equal(found["df"][wanted["n"] > 0], wanted["n"][wanted["n"] > 0] - 1)
    shared = found["se_shared"].notna()
    assert (shared >= (wanted["n"].between(2, 19))).all()
    # a point of several items has another scale than one of a single item, and so a spread of its own
    items = wanted.index.get_level_values("level") == "item"
    np.testing.assert_allclose(found["se_shared"][shared & items], wanted["told"][shared & items], atol=1e-9)


def level_of(key: str) -> str:
    return "point" if key in expected.point_ids() else "item"


def test_categories_dimensions_and_maturity_agree_with_clustered_regression(
    estimates: pd.DataFrame, scores: pd.DataFrame, groups: dict[tuple[str, str, str], pd.DataFrame]
) -> None:
    compared, partly = 0, 0
    above = scores[scores.index.get_level_values("level").isin(["category", "dimension", "maturity"])]
    for (panel, unit, role), people in groups.items():
        group = (panel, "2010", unit, role)
        status = scores.loc[(*group, "point"), "status"]
        # a category never rests on a suppressed point
        usable = [point for point in expected.point_ids() if status[point] == "published"]
        shown = above.loc[group]
        assert set(shown.index[shown["status"] == "published"]) == set(expected.weights_above(usable))
        on_fewer = 0 < len(usable) < len(status)
        partly += on_fewer
        if not usable or not (on_fewer or (unit, role) == ("*", "*") or panel in PANELS_IN_DEPTH):
            continue
        own = expected.own_scores(groups[panel, "*", "*"])
        for name, score, se, n in expected.weighted_scores(people[usable]):
            found = estimates.loc[(*group, *name)]
            assert found["score"] == pytest.approx(score, abs=1e-9)
            assert found["se"] == pytest.approx(se, rel=1e-9)
            if n < 20 and shown["bound"].ne("").sum() == 0:
                told = np.sqrt(expected.pooled_spread([own[name]]) * score * (100 - score) / n)
                assert found["se_shared"] == pytest.approx(told, rel=1e-9)
            assert (found["n"], found["df"]) == (n, n - 1)
            compared += 1
    assert compared > 300
    assert partly > 0  # some groups have a category on fewer points


@pytest.mark.parametrize("panel", PANELS_IN_DEPTH)
def test_standard_errors_agree_with_the_jackknife(
    estimates: pd.DataFrame, groups: dict[tuple[str, str, str], pd.DataFrame], panel: str
) -> None:
    points = groups[panel, "*", "*"][expected.point_ids()]
    assert points.isna().any(axis=None)  # missing answers are what makes it differ from a plain mean's
    for (level, key), shares in expected.weights_above().items():
        jackknife = expected.jackknife_se(points, shares)
        assert estimates.loc[(panel, *WHOLE, level, key), "se"] == pytest.approx(jackknife, rel=0.005)


def test_intervals(estimates: pd.DataFrame, scores: pd.DataFrame) -> None:
    # without those that are told as a bound; the floor is far below the standard errors
    told = estimates[(estimates["n"] >= 5) & (scores["bound"].reindex(estimates.index) == "")]
    shared = told["se_shared"].notna()
    se = told["se_shared"].fillna(told["se"])
    keep = told["score"].between(6, 94) & (se > 3)
    told, shared, se = told[keep], shared[keep], se[keep]
    low, high = expected.beta_limits(told["score"], se, told["df"], told["n"], shared)
    assert len(told) > 5_000
    np.testing.assert_allclose(told["ci_low"], low, atol=1e-9)
    np.testing.assert_allclose(told["ci_high"], high, atol=1e-9)


def test_published_figures_are_the_estimates_with_one_decimal(
    estimates: pd.DataFrame, scores: pd.DataFrame
) -> None:
    shown = scores[scores["status"] == "published"]
    behind = estimates.loc[shown.index]
    for figure in ("score", "ci_low", "ci_high"):
        # above the points some rest on the middle of a room; see the tests of levels
        inner = (shown["bound"] == "") & shown.index.get_level_values("level").isin(["point", "item"])
        assert ((shown[figure] - behind[figure]).abs()[inner] <= ROUNDED).all()
        assert np.allclose(shown[figure] * 10, (shown[figure] * 10).round())
    assert (shown["se"].isna() == (shown["n"] < 12)).all()
    told = shown["se"].notna()
    assert ((shown["se"] - behind["se_shared"].fillna(behind["se"])).abs()[told] <= ROUNDED).all()
    assert (shown["n"] == behind["n"]).all()
    assert (
        shown["dont_know_share"].dropna() == 0
    ).all()  # the scale has none, and nothing is not "don't know"


def test_what_is_suppressed_carries_no_figures_and_small_groups_are_suppressed(
    scores: pd.DataFrame, estimates: pd.DataFrame
) -> None:
    figures = ["score", "ci_low", "ci_high", "se", "df", "n", "n_points"]
    shown = scores["status"] == "published"
    assert scores.loc[~shown, figures].isna().all(axis=None)
    assert (scores["dont_know_share"].isna() | (scores["dont_know_status"] == "published")).all()
    panel = scores.index.get_level_values("organisation")
    threshold = np.where(panel == STRICT_PANEL, STRICT_THRESHOLD, 5)
    n = estimates["n"].reindex(scores.index)
    assert not (shown & (n < threshold)).any()
    assert (scores.loc[(n > 0) & (n < threshold), "status"] == "suppressed_small").all()
    for name in (STRICT_PANEL, "panel-01"):  # something is at stake in both
        assert (scores.loc[name, "status"] == "suppressed_small").any()
    assert (scores.loc[(slice(None), *WHOLE), "status"] == "published").all()


def test_nothing_below_the_threshold_can_be_worked_out(
    scores: pd.DataFrame, groups: dict[tuple[str, str, str], pd.DataFrame]
) -> None:
    leaves, roles = [*expected.LEAF.values(), ".direct"], list(expected.ROLE.values())
    inside = {leaf: {leaf, "*"} for leaf in leaves}
    for number, leaf in expected.LEAF.items():
        inside[leaf].add(expected.PARENT[number])
    checked = 0
    for panel in sorted({name for name, _, _ in groups}):
        threshold = threshold_of(panel)
        atoms = [(u, r) for u in leaves for r in roles if (panel, u, r) in groups]
        for key in groups[panel, "*", "*"]:
            level = "point" if key in expected.point_ids() else "item"
            rows = scores.xs((level, key), level=("level", "key")).loc[panel]
            shown = rows.index[rows["status"] == "published"]
            matrix = np.array(
                [[u in inside[leaf] and r in ("*", role) for leaf, role in atoms] for _, u, r in shown], float
            )
            counts = np.array([groups[panel, *atom][key].notna().sum() for atom in atoms])
            live = counts > 0
            for union in expected.small_unions(counts, threshold):
                checked += 1
                assert not expected.can_be_worked_out(matrix[:, live], union[live]), (panel, key)
    assert checked > 1_000


def test_audit_passes_and_finds_a_planted_leak(bfi_run: RealRun, tmp_path: Path) -> None:
    said = run_dimios("audit", "--outputs", bfi_run.outputs, "--workers", 1)
    assert "nothing can be worked out" in said.output
    shutil.copytree(bfi_run.results, tmp_path / "results")
    path = tmp_path / "results" / "organisation=panel-01" / "scores.parquet"
    table = pd.read_parquet(path)
    # a lone complement is there to protect a small group: with its figures back, the small group follows
    real = bfi_run.estimates.loc["panel-01"]
    hidden = (table["status"] == "suppressed_complement") & (table["key"] == "calm")
    for at in table.index[hidden]:
        row = real.loc[tuple(table.loc[at, ["period", "unit", "role", "level", "key"]].astype(str))]
        for figure in ("score", "ci_low", "ci_high"):
            table.loc[at, figure] = round(row[figure], 1)
        table.loc[at, ["n", "n_points", "df"]] = [int(row["n"]), int(row["n_points"]), float(row["df"])]
    table["status"] = table["status"].mask(hidden, "published")
    table.to_parquet(path)
    with pytest.raises(AssertionError, match="sum follows"):
        run_dimios("audit", "--outputs", tmp_path, "--workers", 1)


def test_position_and_region(bfi_run: RealRun, groups: dict[tuple[str, str, str], pd.DataFrame]) -> None:
    regions = bfi_run.published("regions").set_index(["organisation", "unit", "role"])
    shares = expected.weights_above()
    for panel in ("panel-01", "panel-07", "panel-20"):
        points = groups[panel, "*", "*"][expected.point_ids()]
        n = len(points)
        k = np.sqrt(2 * (n - 1) / (n - 2) * stats.f.ppf(0.95, 2, n - 2))
        row = regions.loc[(panel, "*", "*")]
        means, covariance = expected.clustered_covariance(points)
        a = (
            pd.DataFrame({d: shares["dimension", d] for d in ("stability", "plasticity")})
            .reindex(means.index)
            .fillna(0)
        )
        s = n / (n - 1) * a.T @ covariance @ a
        radii = k * np.sqrt(np.linalg.eigvalsh(s))
        wanted = [*(a.T @ means), *(k * np.sqrt(np.diag(s))), *radii]
        names = ["across", "upwards", "half_across", "half_upwards", "radius_minor", "radius_major"]
        np.testing.assert_allclose(row[names].astype(float), wanted, atol=ROUNDED)
        across, upwards = (wanted[0] - 60) / wanted[2], (wanted[1] - 60) / wanted[3]
        sides = {(True, True): "D", (True, False): "B", (False, True): "C", (False, False): "A"}
        possible = {sides[x, y] for x in _sides(across) for y in _sides(upwards)}
        assert row["placement"] == ("unplaced" if len(possible) == 4 else "-".join(sorted(possible)))


def _sides(distance: float) -> list[bool]:
    """Sides of the border that a position may lie on; `distance` in half widths."""
    return [True, False] if abs(distance) < 1 else [distance > 0]


def test_benchmarks_and_gaps_to_the_other_panels(bfi_run: RealRun, estimates: pd.DataFrame) -> None:
    whole = estimates.xs(WHOLE, level=("period", "unit", "role"))
    benchmarks = bfi_run.published("benchmarks").drop_duplicates(["group", "level", "key"])
    benchmarks = benchmarks[benchmarks["group"] == "all"].set_index(["level", "key"])
    assert len(benchmarks) == 15 + 15 + 5 + 2 + 1
    gaps = bfi_run.published("gaps")
    gaps = gaps[gaps["group"] == "all"].set_index(["organisation", "level", "key"])
    for (level, key), row in benchmarks.iterrows():
        panels = whole.xs((level, key), level=("level", "key"))
        wanted = [panels["score"].mean(), *np.percentile(panels["score"], [25, 50, 75])]
        np.testing.assert_allclose(row[["mean", "q1", "median", "q3"]].astype(float), wanted, atol=ROUNDED)
        assert row["organisations_n"] == 20
        for name in ("panel-02", "panel-20"):
            others = panels.drop(name)
            own, m = panels.loc[name], len(others)
            parts = np.append(own["se"] ** 2, others["se"] ** 2 / m**2)
            df = parts.sum() ** 2 / (parts**2 / np.append(own["df"], others["df"])).sum()
            gap, se = own["score"] - others["score"].mean(), np.sqrt(parts.sum())
            limits = stats.t.interval(0.95, df, gap, se)
            found = gaps.loc[(name, level, key)]
            names = ["benchmark", "gap", "se", "ci_low", "ci_high"]
            np.testing.assert_allclose(
                found[names].astype(float), [others["score"].mean(), gap, se, *limits], atol=ROUNDED
            )


def test_two_ways_to_write_the_same_people_give_the_same_model(
    bfi_run: RealRun, estimates: pd.DataFrame
) -> None:
    # words from the CSV and codes from SPSS are on one scale: the two groups of panels do not differ
    maturity = estimates.xs(
        (*WHOLE, "maturity", "maturity"), level=("period", "unit", "role", "level", "key")
    )["score"]
    assert stats.ttest_ind(maturity[:14], maturity[14:]).pvalue > 0.001
    assert maturity.between(55, 75).all()
