"""Area-level estimates beside R: `tests/spec/r/fay_herriot.R` prints what is expected here (metafor 3.8-1, R 4.2).

`eight` and `twenty` have a variance between areas; in `alike` areas are closer to each other than chance alone would have
them, so that REML is 0.
"""

from __future__ import annotations

import numpy as np
import pytest

from dimios_core.results.organisation.fay_herriot import fay_herriot

OWN = {
    "eight": [
        54.2,
        61.8,
        47.5,
        70.1,
        58.3,
        42.9,
        65.4,
        55,
    ],
    "twenty": [
        41.3,
        48.7,
        68.9,
        57.2,
        34.1,
        74.5,
        60.8,
        47.6,
        55.5,
        39.8,
        71.2,
        58.9,
        42.4,
        81.6,
        53.1,
        67.7,
        44.9,
        56.4,
        40.3,
        69.8,
    ],
    "alike": [
        55.1,
        57.4,
        53,
        56.2,
        54.8,
        58.1,
        55.9,
        52.7,
    ],
}
SE = {
    "eight": [
        7.1,
        4.4,
        9.3,
        5.2,
        6,
        8.4,
        3.9,
        10.2,
    ],
    "twenty": [
        6.3,
        8.8,
        5.1,
        3.2,
        9.7,
        7.4,
        4.9,
        6.6,
        11.2,
        8.1,
        5.7,
        2.8,
        7.9,
        9.1,
        4.2,
        6.9,
        10.4,
        3.7,
        8.5,
        5.4,
    ],
    "alike": [
        6.2,
        7.5,
        5.8,
        9.1,
        6.6,
        8.3,
        5.1,
        7,
    ],
}
#: name -> τ² by REML, τ² used, μ̂, estimates, their standard errors, weights of own figures
BY_R = {
    "eight": {
        "reml_variance": 31.07869136,
        "variance": 31.07869136,
        "mean": 59.26534218,
        "estimate": [
            57.33348877, 60.8271164, 56.15523324, 65.05912347, 58.81808283, 54.26121027, 63.38421293, 58.28426953,
        ],
        "se": [
            5.777032293, 4.462745835, 6.182249002, 4.990020899, 5.390852925, 6.05952738, 4.062468621, 6.265724438,
        ],
        "weight": [
            0.3813865561, 0.6161676785, 0.2643449629, 0.5347452021, 0.4633169003, 0.3057761857, 0.6714100236,
            0.2300103046,
        ],
    },
    "twenty": {
        "reml_variance": 104.3510659,
        "variance": 104.3510659,
        "mean": 56.50315757,
        "estimate": [
            45.48917564, 52.02401661, 66.42654775, 57.13772929, 44.7223633, 68.30616875, 59.99627353, 50.22199141,
            56.04761087, 46.24791301, 67.71054742, 58.73250676, 47.6780789, 70.49582343, 53.59209915, 64.1919852,
            50.80556316, 56.41196386, 46.9289415, 66.89585177,
        ],
        "se": [
            5.620785252, 7.078933293, 4.736483992, 3.112072749, 7.486122486, 6.325192359, 4.577700812, 5.823007689,
            8.048742076, 6.721315916, 5.193556762, 2.7415776, 6.612161066, 7.221000743, 3.998040836, 6.017620598,
            7.765442671, 3.562859966, 6.930237701, 4.968686681,
        ],
        "weight": [
            0.7244535802, 0.5740164698, 0.8004772374, 0.9106387577, 0.5258541896, 0.655837891, 0.8129495121, 0.705498708,
            0.4541128067, 0.6139704134, 0.7625712735, 0.9301192128, 0.6257519723, 0.5575468669, 0.8553992469,
            0.6866960644, 0.4910382687, 0.8840234125, 0.5908858214, 0.7815911377,
        ],
    },
    "alike": {
        "reml_variance": 0,
        "variance": 10.36431126,
        "mean": 55.18628796,
        "estimate": [
            55.16796345, 55.53071246, 54.67135276, 55.29904895, 55.112043, 55.56732236, 55.38964944, 54.7522113,
        ],
        "se": [
            5.521900965, 5.373390792, 5.550708227, 5.167857673, 5.482441301, 5.269168003, 5.558199305, 5.436273315,
        ],
        "weight": [
            0.212364666, 0.1555868561, 0.2355294507, 0.1112357164, 0.1922010874, 0.1307728387, 0.2849349143,
            0.1745882508,
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", BY_R)
def test_the_model_agrees_with_r(name):
    found = fay_herriot(np.array(OWN[name]), np.array(SE[name]) ** 2)
    for figure, expected in BY_R[name].items():
        np.testing.assert_allclose(getattr(found, figure), expected, rtol=1e-6, atol=1e-6, err_msg=figure)


def test_by_hand_where_all_are_as_uncertain():
    # ψ = 16 for all: REML is s² − ψ; the mean is the plain one; γ = 1 − ψ/s²
    own = np.array([40.0, 50, 60, 70, 80])  # s² = 250
    found = fay_herriot(own, np.full(5, 16.0))
    assert found.reml_variance == found.variance == pytest.approx(234)
    np.testing.assert_allclose(found.weight, 234 / 250)
    np.testing.assert_allclose(found.estimate, 60 + 0.936 * (own - 60))
    # g1 = 14.976; g2 = 0.064²·250/5 = 0.2048; g3 = 16²/250³·2·250²/5 = 0.4096
    np.testing.assert_allclose(found.se, np.sqrt(14.976 + 0.2048 + 2 * 0.4096))


def test_where_reml_is_nothing_the_floor_counts_by_hand():
    # ψ = 16 for eight: s² = 40/7 is less; half the standard error of τ² at 0 is ½·√(2·16²/8) = 4
    own = 50 + np.sqrt(5) * np.array([1.0, -1] * 4)
    found = fay_herriot(own, np.full(8, 16.0))
    assert found.reml_variance == 0
    assert found.variance == pytest.approx(4)
    np.testing.assert_allclose(found.weight, 0.2)
    # g1 = 3.2; g2 = 0.8²·20/8 = 1.6; g3 = 16²/20³·2·20²/8 = 3.2
    np.testing.assert_allclose(found.se, np.sqrt(3.2 + 1.6 + 6.4))


@pytest.mark.parametrize("spread", [0.0, 1.0, 2.0, 3.0, 3.9, 4.0, 4.1, 5.0, 8.0])
def test_units_further_apart_count_no_less_for_themselves(spread):
    own, psi = np.array([-1.0, 1, -0.5, 0.5, 0, 0.2]), np.array([64.0, 49, 81, 36, 56, 25])
    here, further = (fay_herriot(50 + s * own, psi).weight for s in (spread, spread + 0.5))
    assert (further >= here - 1e-9).all()


def test_what_is_missing_is_left_out_and_too_few_have_no_estimate():
    own, variance = np.array(OWN["eight"]), np.array(SE["eight"]) ** 2
    alone = fay_herriot(own[:6], variance[:6])
    more, unsure = own.copy(), variance.copy()
    more[6], unsure[7] = np.nan, 0.0
    found = fay_herriot(np.array([more, np.r_[own[:2], [np.nan] * 6]]), np.array([unsure, variance]))
    np.testing.assert_allclose(found.estimate[0, :6], alone.estimate)
    assert np.isnan(found.estimate[0, 6:]).all()
    assert np.isnan(found.estimate[1]).all()
    assert np.isnan(found.variance[1])
    assert not np.isnan(fay_herriot(own[:3], variance[:3]).estimate).any()


def test_areas_that_are_all_the_same_have_finite_estimates():
    found = fay_herriot(np.full(6, 50.0), np.array([9.0, 16, 25, 36, 49, 64]))
    np.testing.assert_allclose(found.estimate, 50)
    assert found.reml_variance == 0 < found.variance
