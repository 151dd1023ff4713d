"""Confirmatory factor analysis against lavaan 0.6-14 (psych::bfi), and on what the demo planted."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.places import parameters_dir
from dimios_core.research import cfa

from .conftest import BFI_MODEL

EQUAL = ("loadings", "intercepts", "residuals")


def test_five_factors_as_lavaan(bfi):
    found = cfa(bfi, BFI_MODEL, missing="listwise")
    fit = found.fit
    assert (fit["n"], fit["df"]) == (2436, 265)
    assert fit["chi2"] == pytest.approx(4165.467, abs=5e-4)
    wanted = {
        "cfi": 0.782366, "tli": 0.753622, "rmsea": 0.0777314, "rmsea_low": 0.0756591, "rmsea_high": 0.0798223,
        "srmr": 0.0753412, "baseline_chi2": 18222.116,
    }  # fmt: skip
    for name, value in wanted.items():
        assert fit[name] == pytest.approx(value, rel=1e-5), name
    assert found.correlations.loc["A", "E"] == pytest.approx(0.6825, abs=5e-4)
    a2 = found.table.loc[("A", "A2")]
    assert (a2["estimate"], a2["se"]) == (pytest.approx(0.764, abs=5e-4), pytest.approx(0.024, abs=5e-4))
    assert (a2["standardised"], a2["standardised_se"]) == (
        pytest.approx(0.648, abs=5e-4),
        pytest.approx(0.015, abs=5e-4),
    )
    assert not found.warnings


@pytest.mark.parametrize(
    ("equal_n", "chi2", "df", "cfi"),
    [(0, 4545.267, 530, 0.775073), (1, 4562.574, 550, 0.775224), (2, 4777.886, 570, 0.764283), (3, 4823.876, 595, 0.763107)],
)  # fmt: skip
def test_groups_as_lavaan(bfi, equal_n, chi2, df, cfi):
    found = cfa(bfi, BFI_MODEL, missing="listwise", group="gender", equal=EQUAL[:equal_n])
    assert (found.fit["chi2"], found.fit["df"]) == (pytest.approx(chi2, abs=5e-4), df)
    assert found.fit["cfi"] == pytest.approx(cfi, abs=5e-7)


def test_two_stages_as_lavaan(bfi):
    found = cfa(bfi, BFI_MODEL)
    fit = found.fit
    assert fit["n"] == 2800
    assert fit["chi2"] == pytest.approx(4738.308, abs=1e-3)  # lavaan's EM stops a little earlier
    assert fit["chi2_scaled"] == pytest.approx(4663.652, abs=1e-3)
    assert (fit["cfi"], fit["rmsea"]) == (
        pytest.approx(0.775593, abs=1e-6),
        pytest.approx(0.0776448, abs=1e-6),
    )
    assert fit["rmsea_scaled"] == pytest.approx(0.0769942, abs=1e-6)
    se = [0.027, 0.021, 0.023, 0.028, 0.022]
    np.testing.assert_allclose(found.table.loc["A", "se"], se, atol=5e-4)


def test_full_information_as_lavaan(bfi):
    fit = cfa(bfi, BFI_MODEL, missing="fiml").fit
    assert fit["chi2"] == pytest.approx(4674.263, abs=5e-4)
    assert (fit["cfi"], fit["rmsea"]) == (
        pytest.approx(0.776299, abs=1e-6),
        pytest.approx(0.077087, abs=1e-6),
    )


def test_a_factor_above_as_lavaan(bfi):
    fit = cfa(bfi, BFI_MODEL + "\ng =~ A + C + E + N + O", missing="listwise").fit
    assert (fit["chi2"], fit["df"]) == (pytest.approx(4245.904, abs=5e-4), 270)
    assert fit["srmr"] == pytest.approx(0.0783146, abs=1e-6)


def test_residuals_that_vary_together_take_a_degree_of_freedom(bfi):
    one = cfa(bfi, "N =~ N1 + N2 + N3 + N4 + N5", missing="listwise")
    two = cfa(bfi, "N =~ N1 + N2 + N3 + N4 + N5\nN1 ~~ N2", missing="listwise")
    assert (one.fit["df"], two.fit["df"]) == (5, 4)
    assert one.fit["chi2"] == pytest.approx(360.932, abs=5e-4)
    assert two.fit["chi2"] == pytest.approx(31.505, abs=5e-4)  # anger and irritation ask nearly the same
    assert one.residuals.loc["N1", "N2"] == pytest.approx(0.0491590, abs=1e-6)


def test_improper_solutions_are_told():
    # pairs correlate more across than within: the factors' correlation is 0.4/0.3
    r = np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    r[0, 1] = r[1, 0] = r[2, 3] = r[3, 2] = 0.3
    drawn = np.random.default_rng(0).multivariate_normal(np.zeros(4), r, 2000)
    found = cfa(pd.DataFrame(drawn, columns=list("abcd")), "f =~ a + b\ng =~ c + d", missing="listwise")
    assert found.warnings == [("correlation", "f~~g")]
    assert found.correlations.loc["f", "g"] == pytest.approx(4 / 3, abs=0.1)
    assert "Varning: f~~g" in found.words("sv")


def test_what_cannot_be_fitted_is_refused(bfi):
    with pytest.raises(InputError, match="cannot be told apart"):
        cfa(bfi, "N =~ N1 + N2\nA =~ A1 + A2\nN ~~ 0*A", missing="listwise")
    with pytest.raises(InputError) as caught:
        cfa(bfi, "N =~ N1 + N9\nA5 =~ N2 + N3\nnonsense", missing="listwise")
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="plain table"):
        cfa(bfi, "categories")
    with pytest.raises(InputError, match="which"):
        cfa(bfi, BFI_MODEL, equal=["loadings"])
    with pytest.raises(InputError, match="one group only"):
        cfa(bfi, BFI_MODEL + "\ng =~ A + C + E", group="gender")


def test_the_six_leanings_of_the_demo_are_found(demo):
    planted = yaml.safe_load((parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8"))[
        "factors"
    ]
    people = demo.once()
    points = people.points()
    people = people.without((points.max(axis=1) == points.min(axis=1)) & (points.count(axis=1) >= 20))
    centre = ["organisation", "period", "unit"]
    six = cfa(people, "categories", centre=centre)
    assert six.fit["cfi_scaled"] > 0.99
    assert six.fit["rmsea_scaled"] < 0.02
    assert not six.warnings
    assert cfa(people, "dimensions", centre=centre).fit["chi2_scaled"] > 5 * six.fit["chi2_scaled"]
    for one, other in itertools.combinations(six.correlations.index, 2):
        assert six.correlations.loc[one, other] == pytest.approx(planted[one][other], abs=0.09), (one, other)
    assert "passar" in six.words("sv")
    assert six.figure("en").data
