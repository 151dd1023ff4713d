"""Worked examples of trend, standardised change and weighting to the frame; readable beside docs/method.md."""

import numpy as np
import pytest

from dimios_core.results.organisation.sensitivity import weigh_to_frame
from dimios_core.results.organisation.standardise import standardise_change
from dimios_core.results.organisation.trend import slope_over_years
from dimios_core.results.scoring.groups import Members
from tests.building import make_respondents, one_category


def slope_of(means, years):
    """Fourteen people a year, d above or below the mean: V = 14/13·14·d²/14² = d²/13 = 4, so se is 2."""
    d = 2 * np.sqrt(13)
    values = [[m + x] for m in means for x in [-d, d] * 7]
    people = make_respondents(values)
    n = len(means)
    members = Members(np.repeat(np.arange(n), 14), np.arange(14 * n), n)
    groups, t = np.arange(n)[None, :], np.array([years], float)
    return slope_over_years(people, members, np.ones((n, 1), bool), groups, t, one_category("a"))


def test_trend_of_four_independent_years():
    slope = slope_of([40, 44, 43, 50], [2023, 2024, 2025, 2026])
    assert slope.value_pp[0, 0] == pytest.approx(2.9)
    assert slope.se[0, 0] == pytest.approx(0.8944, abs=1e-4)
    # c = -.3, -.1, .1, .3; (Σ c²V)² / Σ (c²V)²/13 = .8² / ((2·.36² + 2·.04²)/13)
    assert slope.df[0, 0] == pytest.approx(0.64 * 13 / (2 * 0.36**2 + 2 * 0.04**2))


def test_trend_with_a_year_left_out():
    slope = slope_of([40, 44, 50], [2023, 2024, 2026])
    assert slope.value_pp[0, 0] == pytest.approx(np.polyfit([2023, 2024, 2026], [40, 44, 50], 1)[0])


def test_role_mix_standardised_change():
    # p = .25, .25, .5; changes 4, −2, 6: 1 − .5 + 3 = 3.5; V = .0625·4 + .0625·4 + .25·1 = .75
    share = np.array([0.25, 0.25, 0.5])
    change, se, df = (np.array([x], float).T for x in ([4, -2, 6], [2, 2, 1], [10, 10, 20]))
    value, error, freedom, kept = standardise_change(share, change, se, df)
    assert (value[0], kept[0]) == (pytest.approx(3.5), pytest.approx(1))
    assert error[0] == pytest.approx(np.sqrt(0.75))
    # .75² / (.25²/10 + .25²/10 + .25²/20)
    assert freedom[0] == pytest.approx(0.5625 / (0.0625 * (0.1 + 0.1 + 0.05)))


def test_a_role_without_change_is_dropped_and_the_rest_scaled_up():
    share = np.array([0.2, 0.3, 0.5])
    change, se, df = (np.array([x], float).T for x in ([np.nan, -2, 6], [np.nan, 2, 1], [np.nan, 10, 20]))
    value, _, _, kept = standardise_change(share, change, se, df)
    assert kept[0] == pytest.approx(0.8)
    assert value[0] == pytest.approx((0.3 * -2 + 0.5 * 6) / 0.8)


def test_weighting_to_the_frame():
    # unit A: frame 40, 10 answers, mean 40; unit B: frame 10, 10 answers, mean 70
    mean = np.array([[40.0], [70.0]])
    assert np.average(mean[:, 0], weights=[10, 10]) == pytest.approx(55)
    assert weigh_to_frame(mean, np.array([40, 10]))[0] == pytest.approx(46)
