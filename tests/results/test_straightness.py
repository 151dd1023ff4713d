"""Levels on a straight line or not: against generalised least squares by statsmodels, and what is said then."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from dimios_core.results.organisation.straightness import straight_p
from tests.results.test_gate import ONE, THREE, Wave, row
from tests.results.test_trend import trends_of


@pytest.mark.parametrize("t_n", [3, 4, 8])
def test_p_is_that_of_the_residuals_of_generalised_least_squares(t_n):
    rng = np.random.default_rng(t_n)
    years = np.sort(rng.choice(20, t_n, replace=False)) + 2010.0
    theta = 50 + 0.7 * (years - 2010) + rng.normal(0, 2, t_n)
    root = rng.normal(0, 1, (t_n, t_n)) + 2 * np.eye(t_n)
    v = root @ root.T / 4
    fit = sm.GLS(theta, sm.add_constant(years), sigma=v).fit()
    q = float(fit.wresid @ fit.wresid)
    p = straight_p(
        theta[:, None, None],
        v[:, :, None, None],
        np.full((t_n, 1, 1), 1e-3),
        years[None, :],
        np.array([[40.0]]),
    )
    assert p[0, 0] == pytest.approx(stats.f.sf(q * (43 - t_n) / (40 * (t_n - 2)), t_n - 2, 43 - t_n))


def test_levels_without_uncertainty_are_held_against_the_floor():
    theta, floor = np.array([50.0, 51, 50])[:, None, None], np.full((3, 1, 1), 2.0)
    p = straight_p(theta, np.zeros((3, 3, 1, 1)), floor, np.array([[1.0, 2, 3]]), np.array([[9.0]]))
    # the middle is 2/√6·… off a line: (1, −2, 1)/√6·θ = −2/√6, of which the floor is 2
    assert p[0, 0] == pytest.approx(stats.f.sf((2 / np.sqrt(6) / 2) ** 2, 1, 9))
    theta[0] = np.nan
    assert np.isnan(
        straight_p(theta, np.zeros((3, 3, 1, 1)), floor, np.array([[1.0, 2, 3]]), np.array([[9.0]]))
    )


def years_of(means: list[int], n: int = 400) -> list[Wave]:
    """A year each, of answers 0 and 100 with these means (whole percent of n)."""
    return [Wave([[100.0]] * (n * m // 100) + [[0.0]] * (n - n * m // 100)) for m in means]


def test_eight_levels_on_no_line_have_no_direction():
    table = trends_of(ONE, *years_of([40, 60, 42, 60, 41, 62, 44, 66]))
    last = table[(table["periods_n"] == 8) & (table["unit"] == "*")]
    found = row(last, "point", "a")
    assert (found["status"], found["line"], found["certainty"]) == ("published", "uneven", "unknown")
    assert found["slope"] > 0 and found["ci_low"] > 0  # of a line it would be certain


def test_levels_on_a_line_have_one():
    table = trends_of(ONE, *years_of([30, 34, 37, 42, 45, 49, 55, 58]))
    found = row(table[table["periods_n"] == 8], "point", "a")
    assert (found["line"], found["certainty"]) == ("line", "increase")


def test_a_small_slope_is_told_with_two_decimals():
    table = trends_of(ONE, *years_of([50, 50, 51], n=4000))
    assert row(table, "point", "a")["slope"] == pytest.approx(0.5)
    steps = trends_of(THREE, *(Wave([[50.0, 50.0, 50.0 + s]] * 30) for s in (0, 0.5, 1)))
    assert row(steps, "category", "c")["slope"] == pytest.approx(0.17)


def test_the_line_of_few_is_not_judged():
    table = trends_of(ONE, *years_of([40, 80, 40], n=5))
    assert row(table, "point", "a")["line"] == "unknown"
