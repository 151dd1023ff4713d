"""Worked numbers of reliability, sector claims and panels (method 3 to 5); computed in R or by hand."""

import numpy as np
import pandas as pd
import pytest

from dimios_core.results.consortium.reliability import (
    cronbach_alpha,
    fit_one_factor,
    intraclass,
    omega_total,
    spearman_brown,
)
from dimios_core.results.consortium.sector import own_error, sector_variance

ANSWERS = np.array(
    [(1, 2, 1), (2, 2, 3), (3, 3, 3), (4, 5, 4), (5, 4, 5), (4, 4, 3), (3, 2, 3), (2, 1, 2)], float
)


def test_alpha_of_three_points_with_feldts_interval():
    alpha, low, high = cronbach_alpha(np.cov(ANSWERS, rowvar=False), len(ANSWERS) - 1)
    assert alpha == pytest.approx(0.92435, abs=5e-6)
    assert (low, high) == (pytest.approx(0.7443, abs=5e-5), pytest.approx(0.9835, abs=5e-5))


def test_spearman_brown_of_the_first_two_points():
    covariance = np.cov(ANSWERS[:, :2], rowvar=False)
    assert covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]) == pytest.approx(0.80452, abs=5e-6)
    assert spearman_brown(covariance) == pytest.approx(0.89167, abs=5e-6)


def test_no_omega_where_a_unique_variance_is_negative():
    covariance = np.cov(ANSWERS, rowvar=False)
    psi = covariance[0, 0] - covariance[0, 1] * covariance[0, 2] / covariance[1, 2]
    assert psi == pytest.approx(-0.0714, abs=5e-5)
    assert fit_one_factor(covariance) is None
    assert np.isnan(omega_total(covariance))


@pytest.mark.parametrize("scale", [1.0, 0.04])
def test_omega_and_alpha_of_a_known_factor_model(scale):
    loading, unique = np.array([10.0, 8, 6]) * scale, np.array([50.0, 60, 70]) * scale**2
    covariance = np.outer(loading, loading) + np.diag(unique)
    assert omega_total(covariance) == pytest.approx(0.76190, abs=5e-6)  # 576/756
    assert cronbach_alpha(covariance, 99)[0] == pytest.approx(0.74603, abs=5e-6)
    found = fit_one_factor(covariance)
    assert found is not None
    np.testing.assert_allclose(found[0], loading)
    np.testing.assert_allclose(found[1], unique)


def test_intraclass_correlations_of_three_organisations():
    groups = [np.array([50.0, 60, 55]), np.array([70.0, 80]), np.array([40.0, 45, 50, 45])]
    n = np.array([len(g) for g in groups], float)
    within = np.array([((g - g.mean()) ** 2).sum() for g in groups])
    assert (n.sum() - (n**2).sum() / n.sum()) / 2 == pytest.approx(2.8889, abs=5e-5)
    assert within.sum() / 6 == pytest.approx(25)
    one, two = intraclass(n, np.array([g.mean() for g in groups]), within)
    assert one == pytest.approx(0.8884, abs=5e-5)
    assert one == pytest.approx(199.04 / (199.04 + 25), abs=5e-6)
    # MSB = 199.04·2.8889 + 25 = 600, so ICC(2) = 575/600
    assert two == pytest.approx(0.95833, abs=5e-6)


def test_a_claim_about_a_sector_by_hand():
    # scores 40, 50, 60, 70: s² = 500/3; errors 2, 3, 4, 1: Σ se² = 30; M = 4 of N = 20
    score, variance = np.array([[40.0], [50], [60], [70]]), np.array([[4.0], [9], [16], [1]])
    assert sector_variance(score, variance, 20)[0] == pytest.approx(0.8 * 500 / 12 + 30 / 80)  # 27.0417
    # all of the sector take part: nothing is left but the organisations' own errors
    assert sector_variance(score, variance, 4)[0] == pytest.approx(30 / 16)
    # nobody knows how many there are: as of an endless sector
    assert sector_variance(score, variance, None)[0] == pytest.approx(500 / 12)
    assert sector_variance(score, variance, 10**9)[0] == pytest.approx(500 / 12)


def test_a_claim_about_the_organisations_themselves_by_hand():
    variance, df = np.array([[4.0], [9], [16], [1]]), np.array([[10.0], [20], [40], [5]])
    se, own_df = own_error(variance, df)
    assert se[0] == pytest.approx(np.sqrt(30) / 4)
    assert own_df[0] == pytest.approx(900 / (1.6 + 4.05 + 6.4 + 0.2))


def test_sector_variance_covers_the_truth():
    """Simulated: organisations drawn from a sector of sixty, people from organisations; 95 % of t intervals hit."""
    rng = np.random.default_rng(5)
    truth = rng.normal(50, 6, 60)
    hits, runs = 0, 4000
    for _ in range(runs):
        drawn = rng.choice(60, 20, replace=False)
        score = (truth[drawn] + rng.normal(0, 3, 20))[:, None]
        se = np.sqrt(sector_variance(score, np.full((20, 1), 9.0), 60))[0]
        hits += abs(score.mean() - truth.mean()) <= 2.093 * se  # t(19; .975)
    assert 0.94 <= hits / runs <= 0.96


def test_pandas_is_not_what_makes_the_numbers():
    # R: psych::alpha agrees with the definition; here the definition is written out on variances of sums
    frame = pd.DataFrame(ANSWERS)
    by_definition = 1.5 * (1 - frame.var().sum() / frame.sum(axis=1).var())
    assert cronbach_alpha(np.cov(ANSWERS, rowvar=False), 7)[0] == pytest.approx(by_definition)
