"""Reliability, parallel analysis and exploratory factors against R (psych 2.2.9, factanal of R 4.2.2), and on the demo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.research import efa, parallel_analysis, reliability

SIX = ["efficiency", "innovation", "balancing", "organisation", "users", "technology"]


def test_alpha_as_psych(bfi):
    items = bfi[["A1", "A2", "A3", "A4", "A5"]].assign(A1=7 - bfi["A1"])
    (found,) = reliability(items).table.to_dict("records")
    assert found["alpha"] == pytest.approx(0.7030, abs=5e-5)
    assert found["mean_r"] == pytest.approx(0.3320, abs=5e-5)


def test_words_tell_alphas_that_may_be_low_or_are_negative(bfi):
    turned = reliability(bfi[["A1", "A2"]])  # "indifferent to the feelings of others" beside "inquire about"
    assert turned.table["alpha"].item() < 0
    assert "under 0,7 för 1/1: alla tillsammans. Negativt för alla tillsammans" in turned.words("sv")
    unsure = reliability(bfi[["C1", "C2", "C3"]].iloc[:300])
    assert unsure.table["alpha"].item() < 0.7 < unsure.table["alpha_high"].item()
    assert "below 0.7 for 0/1. It may be below for all together" in unsure.words("en")


def test_reliability_by_group_is_that_of_the_group(bfi):
    items = bfi[["N1", "N2", "N3"]]
    by = reliability(items, by="gender").table
    alone = reliability(items[items.index.get_level_values("gender") == 2]).table
    np.testing.assert_allclose(by.loc[2].to_numpy(float), alone.to_numpy(float))


def test_exploratory_factors_as_factanal(bfi):
    found = efa(bfi, 5, "varimax", missing="listwise")
    assert found.n == 2436
    assert (found.chi2, found.df) == (pytest.approx(1490.587, abs=5e-4), 185)
    unique = found.table["uniqueness"]
    np.testing.assert_allclose(unique[["A1", "A2", "A3", "N1"]], [0.8296, 0.5762, 0.4662, 0.2706], atol=6e-5)
    # factanal stops varimax at a relative gain of 1e-5: its third digit is not the last one
    np.testing.assert_allclose(found.table.loc["A3"].sort_values()[["f1", "f2", "f3", "f4", "f5"]].sort_values(),
                               [0.0228, 0.0647, 0.1095, 0.2800, 0.6623], atol=2e-3)  # fmt: skip
    promax = efa(bfi, 5, "promax", missing="listwise").table
    np.testing.assert_allclose(promax.loc["A3"].drop("uniqueness").sort_values(),
                               [-0.0334, 0.0004, 0.0158, 0.1765, 0.6600], atol=2e-3)  # fmt: skip


def test_parallel_analysis_as_psych(bfi):
    found = parallel_analysis(bfi, seed=1)
    assert found.factors_n == 6
    assert found.components_n in (
        5,
        6,
    )  # psych tells five: the sixth eigenvalue lies within noise's own spread


@pytest.mark.parametrize("seeds_n", [4, pytest.param(20, marks=pytest.mark.long)])
def test_noise_has_no_factors_in_nineteen_of_twenty_seeds(seeds_n):
    false = 0
    for seed in range(seeds_n):
        noise = np.random.default_rng(seed).normal(size=(500, 10))
        noise[np.random.default_rng(seed + 100).random(noise.shape) < 0.1] = np.nan
        false += parallel_analysis(pd.DataFrame(noise), seed=1).components_n > 0
    assert false <= max(1, 0.15 * seeds_n)  # 5 % each: more happen once in sixty, in four as in twenty


def test_oblimin_finds_correlated_factors():
    rng = np.random.default_rng(3)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 20_000)
    loadings = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.8], [0, 0.7], [0, 0.6]])
    spread = np.sqrt(1 - (loadings**2).sum(axis=1))
    data = factors @ loadings.T + rng.normal(size=(20_000, 6)) * spread
    found = efa(pd.DataFrame(data, columns=list("abcdef")), 2, "oblimin")
    order = ["f1", "f2"] if found.table.loc["a", "f1"] > 0.5 else ["f2", "f1"]
    np.testing.assert_allclose(found.table[order], loadings, atol=0.03)
    assert found.correlations.loc["f1", "f2"] == pytest.approx(0.5, abs=0.03)


def test_bad_questions_are_refused(bfi):
    with pytest.raises(InputError, match="cannot be told"):
        efa(bfi[["A1", "A2", "A3"]], 2)
    with pytest.raises(InputError, match="oblimin"):
        efa(bfi, 2, "obliminn")
    with pytest.raises(InputError) as caught:
        reliability(bfi.assign(A1=1.0, A2=np.nan))
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="keep identifiers in the index"):
        reliability(bfi.assign(who="me"))


def test_results_show_themselves_in_both_languages(bfi):
    for result in (reliability(bfi[["N1", "N2", "N3"]]), parallel_analysis(bfi, 1, rounds=3), efa(bfi, 5)):
        assert result.words("sv") != result.words("en")
        assert result.figure("sv").data
        assert "<table" in result._repr_html_()
        assert "(" in result.r_call
        with pytest.raises(InputError, match="not spoken"):
            result.words("fi")


def test_categories_of_the_demo_hang_together_as_planted(demo):
    # leanings sd 15, answers sd 21: two answers of a person correlate 225/666 but for scales' ends and rounding
    found = reliability(demo.once(), centre=["organisation", "period"]).table
    assert list(found.index) == SIX
    assert found["mean_r"].between(0.28, 0.38).all()
