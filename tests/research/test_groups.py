"""Invariance and differential item functioning against lavaan and MASS::polr (R 4.2.2), and what the demo planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.multitest import multipletests

from dimios_core.errors import InputError
from dimios_core.research import dif, invariance
from dimios_core.research.ordered_logit import fit_ordered_logit

from .conftest import BFI_MODEL


def test_steps_of_invariance_as_lavaan(bfi):
    found = invariance(bfi, "gender", BFI_MODEL, missing="listwise")
    np.testing.assert_allclose(found.table["chi2"], [4545.267, 4562.574, 4777.886, 4823.876], atol=5e-4)
    np.testing.assert_allclose(found.table["chi2_difference"][1:], [17.307, 215.312, 45.990], atol=2e-3)
    assert found.table["df_difference"].tolist()[1:] == [20, 20, 25]
    assert found.holds == "metric"  # CFI falls by 0.0109 when intercepts are the same
    assert "punkt för punkt" in found.words("sv")
    assert found.figure("en").data


def test_scaled_differences_are_smaller_where_answers_are_missing(bfi):
    some = bfi[["N1", "N2", "N3", "N4", "N5"]]
    found = invariance(some, "gender", "N =~ N1 + N2 + N3 + N4 + N5")
    models = list(found.models.values())
    plain = models[1].fit["chi2"] - models[0].fit["chi2"]
    assert 0 < found.table.loc["metric", "chi2_difference"] < plain * 1.05
    assert models[0].fit["n"] == 2800


def test_ordered_logits_as_polr(bfi):
    table = dif(bfi[["N1", "N2", "N3", "N4", "N5"]], "gender", purify=False).table.loc["N1"]
    assert table["n"] == 2694
    wanted = [-3837.975, -3832.456, -3831.538]
    found = table[["log_likelihood_level", "log_likelihood_group", "log_likelihood_both"]]
    np.testing.assert_allclose(found.astype(float), wanted, atol=5e-4)
    assert table["uniform"] == pytest.approx(-0.2552, abs=5e-5)


def test_ordered_logits_as_statsmodels():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(600, 2))
    y = np.digitize(x @ [0.8, -0.5] + rng.logistic(size=600), [-1, 0, 1.5])
    found = fit_ordered_logit(y, x)
    other = OrderedModel(y, x, distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    np.testing.assert_allclose(found.coefficients, other.params[:2], atol=1e-4)
    assert found.log_likelihood == pytest.approx(other.llf, abs=1e-5)
    thresholds = np.cumsum([other.params[2], *np.exp(other.params[3:])])
    np.testing.assert_allclose(found.thresholds, thresholds, atol=1e-3)


def test_holm_as_statsmodels(bfi):
    table = dif(bfi[["N1", "N2", "N3", "N4", "N5"]], "gender", purify=False).table
    both = 2 * (table["log_likelihood_both"] - table["log_likelihood_level"])
    p = np.exp(-both / 2)  # tail of χ² with two degrees of freedom
    np.testing.assert_allclose(table["p_holm"], multipletests(p, method="holm")[1], rtol=1e-9)


def test_what_was_planted_in_the_demo_is_flagged_and_nothing_else(demo):
    found = dif(demo, "role", "politicians")
    assert found.flagged == ["prioritisation"]
    assert found.table.loc["prioritisation", "effect_pp"] == pytest.approx(10, abs=3)
    assert "Prioritisation" in found.words("en")
    assert found.figure("sv").data


@pytest.mark.long
def test_other_roles_are_not_flagged(demo):
    for role in ("system_owners", "strategists_developers", "top_management", "administration_management"):
        # what politicians do stands in the rest of any other role
        others = demo.select(
            roles=[r for r in demo.instrument.role_ids if r not in ("politicians", "unknown")]
        )
        assert dif(others, "role", role).flagged == []


def test_groups_are_named_and_large_enough(bfi):
    with pytest.raises(InputError, match="has no group 3"):
        dif(bfi[["N1", "N2", "N3"]], "gender", 3)
    with pytest.raises(InputError, match="no identifier"):
        dif(bfi[["N1", "N2", "N3"]], "sex")
    few = pd.concat(
        [bfi.xs(1, level="gender", drop_level=False).head(5), bfi.xs(2, level="gender", drop_level=False)]
    )
    with pytest.raises(InputError, match="too few people"):
        dif(few[["N1", "N2", "N3"]], "gender")
    with pytest.raises(InputError, match="all answers are alike"):
        fit_ordered_logit(np.ones(50), np.ones((50, 1)))
