"""lme4::InstEval through the whole line; expected figures by pandas, scipy and statsmodels from the raw data."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from dimios_core.responses import ResponseStore
from tests.real import expected
from tests.real.command_line import MAPPINGS, RealRun, run_dimios

PERIODS = {1: "2010-2", 2: "2010-1", 3: "2009-2", 4: "2009-1", 5: "2008-2", 6: "2008-1"}
#: the period before, and the last period of the calendar year before
COMPARED = {
    "2010-2": {"2010-1", "2009-2"},
    "2010-1": {"2009-2"},
    "2009-2": {"2009-1", "2008-2"},
    "2009-1": {"2008-2"},
    "2008-2": {"2008-1"},
}
ROUNDED = 0.05 + 1e-9
THRESHOLD = 5
GROUP = ["organisation", "period", "unit", "role"]


@pytest.fixture(scope="module")
def ratings(insteval_run: RealRun) -> pd.DataFrame:
    """Ratings in percent, with the group they belong to."""
    raw = insteval_run.raw
    return pd.DataFrame(
        {
            "organisation": [f"dept-{n:02}" for n in raw["dept"]],
            "period": raw["lectage"].map(PERIODS),
            "unit": raw["service"].map({0: "own", 1: "service"}),
            "role": [f"semester-{n}" for n in raw["studage"]],
            "percent": (raw["y"] - 1) * 25.0,
        }
    )


@pytest.fixture(scope="module")
def samples(ratings: pd.DataFrame) -> dict[tuple[str, ...], np.ndarray]:
    """(organisation, period, unit, role) -> ratings in percent, "*" for all."""
    found = {}
    for unit, role in itertools.product((True, False), repeat=2):
        frame = ratings.assign(**({} if unit else {"unit": "*"}), **({} if role else {"role": "*"}))
        found |= {key: rows.to_numpy() for key, rows in frame.groupby(GROUP)["percent"]}
    return found


@pytest.fixture(scope="module")
def scores(insteval_run: RealRun) -> pd.DataFrame:
    return insteval_run.published("scores").set_index([*GROUP, "level", "key"]).sort_index()


def test_every_rating_is_stored(insteval_run: RealRun, ratings: pd.DataFrame) -> None:
    store = ResponseStore(insteval_run.outputs)
    assert store.periods() == sorted(PERIODS.values())
    stored = {(o, p): store.read(p, o) for p in store.periods() for o in store.organisations(p)}
    assert sum(len(table) for table in stored.values()) == 73_421
    for key, rows in ratings.groupby(["organisation", "period"])["percent"]:
        answers = stored[key].column("answer").to_numpy()
        np.testing.assert_array_equal(np.sort(answers), np.sort(rows / 25 + 1))


def test_a_department_as_a_workbook_is_the_same_answers(insteval_run: RealRun) -> None:
    raw = insteval_run.raw
    workbook = insteval_run.outputs.parent / "dept7.xlsx"
    raw[raw["dept"] == 7].to_excel(workbook, index=False)
    options = ["--mapping", MAPPINGS / "insteval.yaml", "--instrument", insteval_run.instrument]
    place = ["--outputs", insteval_run.outputs, "--key-file", insteval_run.key_file]
    result = run_dimios("ingest", workbook, *options, *place)
    assert "2520 respondents" in result.output
    assert "6 unchanged" in result.output


def test_scores_standard_errors_and_intervals_of_every_group(
    insteval_run: RealRun, samples: dict[tuple[str, ...], np.ndarray]
) -> None:
    estimates = insteval_run.estimates.xs(("point", "rating"), level=("level", "key"))
    estimates = estimates[estimates["n"] > 0]
    assert set(estimates.index) == set(samples)
    assert len(samples) > 1_000
    wanted = pd.DataFrame(
        [DescrStatsW(samples[key]) for key in estimates.index], estimates.index, ["sample"]
    )["sample"]
    n = wanted.map(lambda s: s.nobs)
    np.testing.assert_array_equal(estimates["n"], n)
    np.testing.assert_array_equal(estimates["df"], n - 1)
    mean = wanted.map(lambda s: s.mean)
    np.testing.assert_allclose(estimates["score"], mean, atol=1e-9)
    several = n > 1
    np.testing.assert_allclose(
        estimates["se"][several], wanted[several].map(lambda s: s.std_ddof(1) / np.sqrt(s.nobs)), atol=1e-9
    )
    told = pd.Series([told_error(samples, key) for key in estimates.index[several]], estimates.index[several])
    shared = estimates["se_shared"].notna()
    np.testing.assert_allclose(estimates["se_shared"][shared], told[shared[several]], atol=1e-9)
    assert (n[several & ~shared] >= 20).all()
    # answers are whole numbers: half a step of rounding, and four people a step off among twenty and more, are the least
    # that a standard error tells of
    off = np.where(n >= 20, (THRESHOLD - 1) / (n - 1), 0)
    floored = np.maximum(told, np.sqrt(25**2 * np.maximum(1 / 12, off) / n)[several])
    spread = several & mean.between(6, 94)
    low, high = expected.beta_limits(
        mean[spread], floored[spread[several]], n[spread] - 1, n[spread], shared[spread]
    )
    np.testing.assert_allclose(estimates["ci_low"][spread], low, atol=1e-9)
    np.testing.assert_allclose(estimates["ci_high"][spread], high, atol=1e-9)


def told_error(samples: dict[tuple[str, ...], np.ndarray], key: tuple[str, ...]) -> float:
    """Standard error of a group's mean; that of its department's spread where fewer than twenty answered."""
    whole = samples[(*key[:2], "*", "*")]
    return expected.told_error(samples[key], expected.pooled_spread([pd.Series(whole)]), THRESHOLD)


def test_one_question_is_the_whole_model(insteval_run: RealRun, scores: pd.DataFrame) -> None:
    shown = scores.index[scores["status"] == "published"]
    for table, figures in (
        (insteval_run.estimates, ["score", "se", "n", "ci_low"]),
        (scores, ["score", "ci_high"]),
    ):
        levels = table.loc[shown, figures]
        point = levels.xs(("point", "rating"), level=("level", "key"))
        assert len(point) > 800
        for level in (("category", "lectures"), ("dimension", "teaching"), ("maturity", "maturity")):
            pd.testing.assert_frame_equal(levels.xs(level, level=("level", "key")), point)


def test_small_groups_are_suppressed_and_nothing_follows_about_them(
    scores: pd.DataFrame, samples: dict[tuple[str, ...], np.ndarray]
) -> None:
    rating = scores.xs(("point", "rating"), level=("level", "key"))
    n = pd.Series({key: len(values) for key, values in samples.items()}).reindex(rating.index)
    assert (rating.loc[n < 5, "status"] == "suppressed_small").all()
    assert (n < 5).sum() > 20
    assert (rating["status"] == "suppressed_complement").any()
    shown = rating["status"] == "published"
    assert rating.loc[~shown, ["score", "se", "n", "ci_low"]].isna().all(axis=None)
    assert (rating.loc[shown, "n"] == n[shown]).all()
    for (organisation, period), rows in rating.groupby(["organisation", "period"]):
        atoms = [key for key in samples if key[:2] == (organisation, period) and "*" not in key[2:]]
        counts = np.array([len(samples[a]) for a in atoms])
        published = rows.index[rows["status"] == "published"]
        matrix = np.array(
            [[u in ("*", a[2]) and r in ("*", a[3]) for a in atoms] for *_, u, r in published], float
        )
        for union in expected.small_unions(counts, 5):
            assert not expected.can_be_worked_out(matrix, union), (organisation, period)


def test_audit_passes(insteval_run: RealRun) -> None:
    said = run_dimios("audit", "--outputs", insteval_run.outputs, "--workers", 1)
    assert "nothing can be worked out" in said.output


def test_changes_agree_with_welch(
    insteval_run: RealRun, scores: pd.DataFrame, samples: dict[tuple[str, ...], np.ndarray]
) -> None:
    changes = insteval_run.published("changes")
    changes = changes[changes["level"] == "point"]
    for organisation, rows in changes.groupby("organisation"):
        pairs = rows.groupby("period")["period_from"].agg(set).to_dict()
        assert pairs == COMPARED, organisation
    shown = changes[changes["status"] == "published"]
    assert len(shown) > 800
    for row in shown.itertuples():
        before, now = (
            samples[row.organisation, p, row.unit, row.role] for p in (row.period_from, row.period)
        )
        for period in (row.period, row.period_from):
            assert (
                scores.loc[(row.organisation, period, row.unit, row.role, "point", "rating"), "status"]
                == "published"
            )
        errors = [
            told_error(samples, (row.organisation, p, row.unit, row.role))
            for p in (row.period_from, row.period)
        ]
        welch = stats.ttest_ind_from_stats(
            now.mean(), errors[1] * np.sqrt(len(now)), len(now),
            before.mean(), errors[0] * np.sqrt(len(before)), len(before), equal_var=False,
        )  # fmt: skip
        v = np.array(errors) ** 2
        df = v.sum() ** 2 / (v[0] ** 2 / (len(before) - 1) + v[1] ** 2 / (len(now) - 1))
        half = stats.t.ppf(0.975, df) * np.sqrt(v.sum())
        change = now.mean() - before.mean()
        assert 2 * stats.t.sf(abs(welch.statistic), df) == pytest.approx(welch.pvalue)
        found = np.array([row.change, row.ci_low, row.ci_high, row.df])
        np.testing.assert_allclose(found, [change, change - half, change + half, df], atol=ROUNDED)
        assert row.n == min(len(now), len(before))


def test_words_of_change_follow_holm(
    insteval_run: RealRun, samples: dict[tuple[str, ...], np.ndarray]
) -> None:
    changes = insteval_run.published("changes")
    shown = changes[(changes["level"] == "point") & (changes["status"] == "published")]
    roles = shown[(shown["unit"] == "*") & (shown["role"] != "*")]
    seen = set()
    for _, family in roles.groupby(["organisation", "period", "period_from"]):
        p, difference = [], []
        for row in family.itertuples():
            before, now = (
                samples[row.organisation, t, row.unit, row.role] for t in (row.period_from, row.period)
            )
            p.append(stats.ttest_ind(now, before, equal_var=False).pvalue)
            difference.append(now.mean() - before.mean())
        certain = _reject_by_holm(p)
        words = np.where(certain, np.where(np.array(difference) > 0, "increase", "decrease"), "none")
        words = np.where(family["n"] < 8, "unknown", words)
        assert family["certainty"].tolist() == words.tolist()
        seen |= set(words)
    assert {"increase", "none"} <= seen


def _reject_by_holm(p: list[float]) -> np.ndarray:
    """Holm's steps: the smallest p against 5 %/m, the next against 5 %/(m − 1), until one is not below."""
    rejected = np.zeros(len(p), bool)
    for step, at in enumerate(np.argsort(p)):
        if p[at] >= 0.05 / (len(p) - step):
            break
        rejected[at] = True
    return rejected


def test_benchmarks_are_means_and_quartiles_of_departments(
    insteval_run: RealRun, samples: dict[tuple[str, ...], np.ndarray]
) -> None:
    benchmarks = insteval_run.published("benchmarks").drop_duplicates(["period", "group", "level", "key"])
    benchmarks = benchmarks[(benchmarks["group"] == "all") & (benchmarks["level"] == "point")].set_index(
        "period"
    )
    departments = sorted({key[0] for key in samples})
    assert len(departments) == 14
    for period in PERIODS.values():
        means = [samples[d, period, "*", "*"].mean() for d in departments]
        row = benchmarks.loc[period]
        assert row["organisations_n"] == 14
        wanted = [np.mean(means), *np.percentile(means, [25, 50, 75])]
        np.testing.assert_allclose(row[["mean", "q1", "median", "q3"]].astype(float), wanted, atol=ROUNDED)
