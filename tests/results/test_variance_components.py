"""Variance components against statsmodels and the likelihood written out, reliability against its factor model, and their tables."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from statsmodels.multivariate.factor import Factor
from statsmodels.regression.mixed_linear_model import MixedLM

from dimios_core.published.status import Status
from dimios_core.results.consortium.reliability import fit_one_factor
from dimios_core.results.consortium.reml import (
    UnitSums,
    bootstrap_shares,
    crossed_components,
    nested_components,
)
from dimios_core.results.consortium.spread import _own_shares, estimate_shares, stack_units
from dimios_core.results.consortium.spread import _sum_up as sum_up


def nested(
    seed: int, organisations: int = 14, sd: tuple[float, float, float] = (6.0, 4.0, 15.0)
) -> pd.DataFrame:
    """People in units in organisations, of different sizes."""
    rng = np.random.default_rng(seed)
    rows = []
    for o in range(organisations):
        level = rng.normal(50, sd[0])
        for u in range(rng.integers(1, 5)):
            own = level + rng.normal(0, sd[1])
            rows += [(o, u, y) for y in own + rng.normal(0, sd[2], rng.integers(3, 12))]
    return pd.DataFrame(rows, columns=["organisation", "unit", "y"])


def sums_of(frame: pd.DataFrame) -> UnitSums:
    units = frame.groupby(["organisation", "unit"])["y"]
    within = units.apply(lambda y: ((y - y.mean()) ** 2).sum()).groupby(level=0).sum()
    at = units.mean().reset_index()
    return UnitSums(
        at["organisation"].to_numpy(), units.size().to_numpy(float), at["y"].to_numpy(), within.to_numpy()
    )


def restricted_deviance(frame: pd.DataFrame, variance: np.ndarray) -> float:
    """−2·log REML with the whole covariance matrix written out (Searle, Casella & McCulloch 1992, ch. 6)."""
    o, u = frame["organisation"].to_numpy(), (frame["organisation"] * 100 + frame["unit"]).to_numpy()
    v = variance[0] * (o[:, None] == o) + variance[1] * (u[:, None] == u) + variance[2] * np.eye(len(frame))
    inverse, one = np.linalg.inv(v), np.ones(len(frame))
    information = one @ inverse @ one
    left = frame["y"].to_numpy() - one @ inverse @ frame["y"].to_numpy() / information
    return float(np.linalg.slogdet(v)[1] + np.log(information) + left @ inverse @ left)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nested_components_are_where_the_likelihood_written_out_is_highest(seed):
    # statsmodels' MixedLM stops short of the top here, by 0.1 to 1.5 in −2·log REML
    frame = nested(seed)
    found = nested_components(sums_of(frame))
    highest = minimize(
        lambda log: restricted_deviance(frame, np.exp(log)), np.log(np.maximum(found, 1) * 1.3),
        method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 2000},
    )  # fmt: skip
    np.testing.assert_allclose(found, np.exp(highest.x), rtol=1e-3, atol=0.01)


def test_balanced_nested_components_are_those_of_the_analysis_of_variance():
    rng = np.random.default_rng(9)
    y = 50 + rng.normal(0, 8, (6, 1, 1)) + rng.normal(0, 5, (6, 4, 1)) + rng.normal(0, 10, (6, 4, 5))
    units, tops = y.mean(axis=2), y.mean(axis=(1, 2))
    ms = (
        20 * ((tops - y.mean()) ** 2).sum() / 5,
        5 * ((units - tops[:, None]) ** 2).sum() / 18,
        ((y - units[..., None]) ** 2).sum() / 96,
    )
    assert ms[0] > ms[1] > ms[2]
    frame = pd.DataFrame(
        [(o, u, v) for (o, u, _), v in np.ndenumerate(y)], columns=["organisation", "unit", "y"]
    )
    expected = [(ms[0] - ms[1]) / 20, (ms[1] - ms[2]) / 5, ms[2]]
    np.testing.assert_allclose(nested_components(sums_of(frame)), expected, rtol=1e-4)


def test_crossed_components_are_those_of_statsmodels():
    rng = np.random.default_rng(4)
    unit, role = rng.integers(0, 6, 150), rng.integers(0, 4, 150)
    y = 50 + rng.normal(0, 7, 6)[unit] + rng.normal(0, 5, 4)[role] + rng.normal(0, 12, 150)
    frame = pd.DataFrame({"y": y, "unit": unit, "role": role, "all": 1})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = MixedLM.from_formula(
            "y ~ 1", frame, groups="all", vc_formula={"unit": "0 + C(unit)", "role": "0 + C(role)"}
        ).fit(reml=True)
    of = dict(zip(fitted.model.exog_vc.names, fitted.vcomp, strict=True))
    expected = [of["unit"], of["role"], fitted.scale]
    np.testing.assert_allclose(crossed_components(y, [unit, role]), expected, rtol=2e-3, atol=0.02)


def test_no_variance_between_is_zero_and_no_variance_at_all_is_missing():
    rng = np.random.default_rng(7)
    frame = nested(7, sd=(0.0, 0.0, 10.0)).assign(y=lambda f: rng.permutation(f["y"]))
    top, unit, people = nested_components(sums_of(frame))
    assert top < 10 and unit < 10
    assert people == pytest.approx(100, rel=0.4)
    assert np.isnan(nested_components(sums_of(frame.assign(y=50.0)))).all()
    assert np.isnan(nested_components(sums_of(frame[frame["organisation"] == 0]))).all()


def test_bootstrap_samples_on_the_grid_are_the_models_of_those_samples():
    frame = nested(2)
    sums = sums_of(frame)
    variance = nested_components(sums)
    times = np.random.default_rng(3).multinomial(14, np.full(14, 1 / 14), 12)
    shares = bootstrap_shares(sums, variance, times)
    for row, own in zip(times, shares, strict=True):
        drawn = np.repeat(np.arange(14), row)
        copies = [frame[frame["organisation"] == o].assign(organisation=i) for i, o in enumerate(drawn)]
        exact = nested_components(sums_of(pd.concat(copies)))
        np.testing.assert_allclose(own, exact / exact.sum(), atol=0.005)


def test_the_same_seed_gives_the_same_interval_and_it_holds_the_share():
    sums = sums_of(nested(2, organisations=30))
    once, again, other = (estimate_shares(sums, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert (once != other).any()
    np.testing.assert_allclose(once[:, 0].sum(), 1)
    assert (once[:, 1] < once[:, 0]).all() and (once[:, 0] < once[:, 2]).all()


def test_a_person_is_compared_on_the_points_answered():
    # point 1 rates 80 with everybody, point 2 rates 20: skipping one of them makes nobody high or low
    y = np.array([[80.0, 20], [80, 20], [80, np.nan], [np.nan, 20]])
    answered = ~np.isnan(y)
    parts = [sum_up(np.nan_to_num(y), answered, np.zeros(4, int))] * 2
    stacked = stack_units(parts)
    np.testing.assert_allclose(stacked.mean, 0, atol=1e-12)
    np.testing.assert_allclose(stacked.within, 0, atol=1e-9)


def test_sums_of_units_are_those_of_the_centred_scores():
    rng = np.random.default_rng(8)
    y = rng.choice([0.0, 25, 50, 75, 100], (40, 5))
    y[rng.random(y.shape) < 0.2] = np.nan
    y[:, 0] = 50
    unit, cut = rng.integers(0, 3, 40), 22
    parts = [sum_up(np.nan_to_num(y[s]), ~np.isnan(y[s]), unit[s]) for s in (slice(0, cut), slice(cut, 40))]
    stacked = stack_units(parts)
    score = np.nanmean(y - np.nanmean(y, axis=0), axis=1)
    frame = pd.DataFrame({"organisation": np.arange(40) >= cut, "unit": unit, "y": score})
    by_hand = sums_of(frame)
    np.testing.assert_allclose(stacked.mean, by_hand.mean, atol=1e-9)
    np.testing.assert_allclose(stacked.within, by_hand.within, rtol=1e-9)


@pytest.mark.parametrize(("people_n", "status"), [(49, Status.SUPPRESSED_SMALL), (50, Status.PUBLISHED)])
def test_own_shares_from_fifty_people_in_steps_that_add_up(people_n, status):
    rng = np.random.default_rng(1)
    unit, role = np.arange(people_n) % 4, np.array(["p", "t", "a"])[np.arange(people_n) // 3 % 3]
    score = np.array([-20, 20, 0, 5.0])[unit] + rng.normal(0, 10, people_n)
    shares = _own_shares(score, unit, role)
    assert {s for s, _ in shares.values()} == {status}
    if status == Status.PUBLISHED:
        values = np.array([v for _, v in shares.values()])
        np.testing.assert_allclose(values * 20, np.round(values * 20), atol=1e-9)
        assert values.sum() == pytest.approx(1)
        assert shares["units"][1] > 0.5


def test_two_units_are_too_few_for_a_variance_between_units():
    rng = np.random.default_rng(1)
    unit, role = np.arange(60) % 2, np.array(["p", "t", "a"])[np.arange(60) % 3]
    shares = _own_shares(rng.normal(0, 10, 60), unit, role)
    assert shares["units"][0] == Status.INCOMPLETE and np.isnan(shares["units"][1])
    assert shares["roles"][0] == Status.PUBLISHED


def test_the_factor_model_is_that_of_statsmodels():
    rng = np.random.default_rng(6)
    loading = np.array([12.0, 9, 10, 6, 8])
    y = rng.normal(0, 1, (400, 1)) * loading + rng.normal(0, [8, 10, 9, 12, 7], (400, 5))
    covariance = np.cov(y, rowvar=False)
    spread = np.sqrt(np.diag(covariance))
    fitted = Factor(corr=np.corrcoef(y, rowvar=False), n_factor=1, method="ml", nobs=400).fit()
    found = fit_one_factor(covariance)
    assert found is not None
    np.testing.assert_allclose(found[0], np.abs(fitted.loadings[:, 0]) * spread, rtol=2e-3)
    np.testing.assert_allclose(found[1], fitted.uniqueness * spread**2, rtol=5e-3)
