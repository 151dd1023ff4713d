"""Kinds of development: what was mixed is found, and one kind is not taken for more."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from dimios_core.errors import InputError
from dimios_core.research import trajectories
from dimios_core.research.trajectories import fit_kinds, lay_lines

YEARS = np.arange(4.0)
VARIANCE = np.full((40, 4), 4.0)


def draw(seed: int, slopes: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mean = 50 + rng.normal(0, 6, (40, 1)) + slopes[:, None] * YEARS + rng.normal(0, 2.2, (40, 4))
    mean[rng.random(mean.shape) < 0.1] = np.nan
    return mean


def bic_of(mean: np.ndarray, k: int) -> float:
    return fit_kinds(*lay_lines(YEARS, mean, "changes"), VARIANCE, k, np.random.default_rng(0))[4]


def test_one_line_is_least_squares():
    mean = draw(0, np.full(40, 2.0))
    mean = np.where(np.isnan(mean), 50.0, mean)
    lines, share, _, spread, _ = fit_kinds(
        *lay_lines(YEARS, mean, "levels"), VARIANCE, 1, np.random.default_rng(0)
    )
    wanted = sm.OLS(mean.ravel(), sm.add_constant(np.tile(YEARS, 40))).fit()
    np.testing.assert_allclose(lines[0], wanted.params, atol=1e-6)
    assert share[0] == 1
    assert spread == pytest.approx(
        wanted.ssr / 160 - 4, rel=1e-2
    )  # what is left beside the sampling variance


@pytest.mark.parametrize("seeds_n", [2, pytest.param(20, marks=pytest.mark.long)])
def test_two_kinds_are_found_and_one_is_left_alone(seeds_n):
    false, found = 0, 0
    for seed in range(seeds_n):
        even = draw(seed, np.full(40, 1.5))
        false += bic_of(even, 2) < bic_of(even, 1) - 6
        mixed = draw(seed, np.where(np.arange(40) < 12, 7.0, 0.0))
        belongs = fit_kinds(*lay_lines(YEARS, mixed, "changes"), VARIANCE, 2, np.random.default_rng(0))[2]
        kind = belongs.argmax(axis=1)
        found += ((kind == kind[0]) == (np.arange(40) < 12)).mean() > 0.9
    assert false <= seeds_n / 20
    assert found >= 0.9 * seeds_n


def test_who_really_changed_in_the_demo_is_sorted_so(demo):
    found = trajectories(demo, seed=1, of="changes", k=2)
    kinds, slope = found.members["kind"], found.table["yearly"]
    for rose, fell in (("klintnas", "ronnstad"), ("lindvalla", "gruvlid")):
        assert slope[kinds[rose]] >= slope[kinds[fell]]
        assert found.members.loc[rose, "yearly"] > 3 > 0 > found.members.loc[fell, "yearly"]
    assert "betyg" in found.words("sv")
    assert found.figure("en").data


def test_levels_and_numbers_are_checked(demo):
    with pytest.raises(InputError, match="there is no maturityy"):
        trajectories(demo, seed=1, level="maturityy")
    with pytest.raises(InputError, match="changes"):
        trajectories(demo, seed=1, of="change")
    with pytest.raises(InputError, match="3 periods"):
        trajectories(demo.select(periods=["2025", "2026"]), seed=1)
