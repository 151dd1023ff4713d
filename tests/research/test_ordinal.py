"""Polychoric correlations and weighted least squares against lavaan 0.6-14 (psych::bfi)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.research import cfa, cfa_ordinal, polychoric

from .conftest import BFI_MODEL

A = ["A1", "A2", "A3", "A4", "A5"]


def test_correlations_thresholds_and_their_covariance_as_lavaan(bfi):
    found = polychoric(bfi[A], "listwise")
    assert found.n == 2709
    wanted = [-0.409, -0.326, 0.558, -0.176, 0.390, 0.411, -0.228, 0.447, 0.574, 0.354]
    np.testing.assert_allclose(found.correlations[np.tril_indices(5, -1)], wanted, atol=5e-4)
    pairs = [0.686702635, 0.808660124, 0.491376581, 1.112780864, 0.834683087, 0.806842747, 0.819252894, 0.636282397, 0.408770074, 0.896146007]  # fmt: skip
    np.testing.assert_allclose(np.diag(found.covariance), pairs, rtol=1e-6)
    assert found.covariance[0, 1] == pytest.approx(0.374775604, rel=1e-6)
    whole = polychoric(bfi, "listwise")
    np.testing.assert_allclose(whole.thresholds[0], [-0.431856588, 0.326769322, 0.743288453, 1.233016022, 1.881276481], atol=1e-8)  # fmt: skip
    assert whole.correlations[0, 1] == pytest.approx(-0.421133551, abs=1e-7)


def test_five_factors_as_lavaans_wlsmv(bfi):
    found = cfa_ordinal(bfi, BFI_MODEL, missing="listwise")
    fit = found.fit
    wanted = {
        "n": 2436, "df": 265, "chi2": 6055.94049, "chi2_scaled": 6049.27504, "cfi": 0.915911677, "cfi_scaled": 0.824456707,
        "rmsea_scaled": 0.0946786481, "srmr": 0.0827418356,
    }  # fmt: skip
    for name, value in wanted.items():
        assert fit[name] == pytest.approx(value, rel=5e-6), name
    np.testing.assert_allclose(
        np.abs(found.table.loc["A", "estimate"]), [0.358, 0.678, 0.770, 0.555, 0.790], atol=6e-4
    )
    np.testing.assert_allclose(
        found.table.loc["A", "standardised_se"], [0.020, 0.015, 0.012, 0.018, 0.013], atol=6e-4
    )
    assert found.correlations.loc["A", "E"] == pytest.approx(0.701, abs=5e-4)
    assert "ordered" in found.r_call


def test_pairs_use_everybody_who_answered_both(bfi):
    found = polychoric(bfi[A])
    alone = polychoric(bfi[["A1", "A2"]], "listwise")
    assert found.n == len(bfi.dropna(how="all", subset=A))
    assert found.correlations[1, 0] == pytest.approx(alone.correlations[1, 0], abs=2e-3)


def test_errors_are_those_of_repeated_samples():
    rng = np.random.default_rng(6)
    estimates, errors = [], []
    for _ in range(60):
        z = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 400)
        y = pd.DataFrame(
            np.column_stack([np.digitize(z[:, 0], [-1, 0, 1]), np.digitize(z[:, 1], [0.3])]),
            columns=["a", "b"],
        )
        y = y.astype(float).mask(rng.random(y.shape) < 0.1)
        found = polychoric(y)
        estimates.append(found.correlations[0, 1])
        errors.append(np.sqrt(found.covariance[0, 0] / found.n))
    assert np.mean(estimates) == pytest.approx(0.5, abs=0.02)
    assert np.std(estimates) == pytest.approx(np.mean(errors), rel=0.25)


def test_the_demo_as_ordered_answers(demo):
    people = demo.once()
    ordered = cfa_ordinal(people)
    assert ordered.fit["rmsea_scaled"] < 0.02
    plain = cfa(people, "categories").correlations
    assert (ordered.correlations - plain).abs().to_numpy().max() < 0.06


def test_what_is_not_ordered_answers_is_refused(bfi):
    with pytest.raises(InputError, match="different answers"):
        polychoric(bfi[["A1", "A2"]].assign(age=np.arange(len(bfi), dtype=float)))
    with pytest.raises(InputError, match="pairwise"):
        polychoric(bfi[A], "em")
