"""Standardised changes: only from published roles, beside the plain change, the mix of roles."""

import numpy as np
import pytest
from scipy import stats

from dimios_core.results.estimate import estimate_changes
from dimios_core.results.gate import publish_changes
from dimios_core.results.organisation.standardise import publish_standardised
from tests.results.test_gate import ONE, Wave, build, spread

FIGURES = ["mix_shift", "kept_share", "change", "se", "df", "ci_low", "ci_high", "plain"]


def people(**roles: tuple[int, float]) -> Wave:
    """Number of people and mean of every role; answers are 10 below, at, and above the mean."""
    answers, role = [], []
    for name, (n, mean) in roles.items():
        assert n % 3 == 0 or n < 5
        answers += [[mean + 10 * (i % 3 - 1)] for i in range(n)]
        role += [name] * n
    return Wave(answers, role=role)


def standardised(*waves: Wave, key: str = "a"):
    batch, respondents = build(ONE, *waves)
    table = publish_standardised(batch, respondents, estimate_changes(batch, respondents, ONE), ONE)
    chosen = table[table["key"] == key]
    assert len(chosen) == len(waves) - 1
    return chosen.iloc[-1]


def test_a_shift_of_the_mix_is_no_change():
    found = standardised(people(p=(18, 40), t=(6, 70)), people(p=(6, 40), t=(18, 70)))
    assert found["mix_shift"] == 0.5
    assert found["needed"]
    assert found["plain"] == 15.0  # 47.5 to 62.5
    assert found["change"] == 0.0
    assert found["kept_share"] == 1


def test_variance_is_that_of_the_role_changes():
    found = standardised(people(p=(18, 40), t=(6, 70)), people(p=(6, 45), t=(18, 65)))
    # s² = Σ(10²·⅔·n)/(n−1); V of a mean = s²/n = 200/3/(n−1)
    v = {n: 200 / 3 / (n - 1) for n in (6, 18)}
    expected = np.sqrt(0.75**2 * (v[18] + v[6]) + 0.25**2 * (v[6] + v[18]))
    assert found["change"] == pytest.approx(0.75 * 5 - 0.25 * 5)
    assert found["se"] == pytest.approx(expected, abs=0.051)


def test_a_role_that_is_not_published_is_dropped_and_the_rest_scaled_up():
    first = people(p=(24, 40), t=(12, 60), a=(4, 50), x=(3, 50))
    second = people(p=(24, 50), t=(12, 60), a=(4, 70), x=(3, 70))
    found = standardised(first, second)
    assert found["kept_share"] == pytest.approx(36 / 43, abs=0.001)
    assert found["change"] == pytest.approx(24 / 36 * 10, abs=0.051)  # a and x, +20, are nowhere in it


def test_less_than_four_fifths_of_the_mix_is_incomplete():
    first = people(p=(12, 40), a=(4, 50), x=(4, 50))
    second = people(p=(6, 50), a=(4, 50), x=(4, 50))
    found = standardised(first, second)
    assert found["status"] == "incomplete"
    assert found[FIGURES].isna().all()
    assert found["needed"]  # 12/20 to 6/14: a shift of .17


def test_roles_that_were_suppressed_do_not_follow():
    # method 5: roles of 2 and 3 beside one of 10, standardised to .25/.25/.5, would give both away
    wave = Wave(
        [[25.0], [25.0], [75.0], [75.0], [75.0], *spread(10)], role=["p"] * 2 + ["t"] * 3 + ["a"] * 10
    )
    found = standardised(wave, wave)
    assert found["status"] != "published"
    assert found[FIGURES].isna().all()


def test_a_role_at_an_end_of_the_scale_is_not_used_nor_what_would_give_it_away():
    # of two roles, the other one is the whole without it
    first = Wave([*spread(24), *[[100.0]] * 6], role=["p"] * 24 + ["t"] * 6)
    second = Wave([*spread(24), *spread(6)], role=["p"] * 24 + ["t"] * 6)
    found = standardised(first, second)
    assert found["status"] != "published"
    assert found[FIGURES].isna().all()


def test_plain_is_the_published_change():
    waves = people(p=(18, 40), t=(6, 70)), people(p=(6, 45), t=(18, 65))
    batch, respondents = build(ONE, *waves)
    changes = publish_changes(batch, estimate_changes(batch, respondents, ONE), ONE)
    whole = changes[(changes["unit"] == "*") & (changes["role"] == "*") & (changes["key"] == "a")]
    assert standardised(*waves)["plain"] == whole["change"].iloc[0]


def test_without_roles_there_is_nothing_to_standardise():
    batch, respondents = build(ONE, Wave(spread(9)), Wave(spread(9)))
    table = publish_standardised(batch, respondents, estimate_changes(batch, respondents, ONE), ONE)
    assert table.empty
    assert {"organisation", "mix_shift", "needed", "plain"} <= set(table)


def test_the_mix_matters_where_its_effect_is_more_than_chance():
    # shift 5/90: roles 60 points apart make 3.33 of it, though less than a tenth have moved
    apart = people(p=(45, 20), t=(45, 80)), people(p=(42, 20), t=(48, 80))
    found = standardised(*apart)
    assert found["mix_shift"] == pytest.approx(3 / 90, abs=0.001)
    assert (found["mix_effect"], found["change"], found["needed"]) == (2.0, 0.0, True)
    # V = Σ (p₂ − p₁)²·V(θ₂), V of n people 10 apart 200/3/(n − 1); df Satterthwaite's
    v = np.array([200 / 3 / 41, 200 / 3 / 47]) / 30**2
    df = v.sum() ** 2 / (v**2 / [41, 47]).sum()
    half = stats.t.ppf(0.975, df) * np.sqrt(v.sum())
    assert (found["mix_low"], found["mix_high"]) == pytest.approx((2 - half, 2 + half), abs=0.051)


def test_a_large_shift_between_roles_that_answer_alike_is_nothing():
    found = standardised(people(p=(18, 40), t=(6, 40)), people(p=(6, 40), t=(18, 40)))
    assert found["mix_shift"] == 0.5
    assert not found["needed"]


def test_a_role_that_may_not_be_used_counts_with_the_largest_variance():
    both = people(p=(45, 40), t=(45, 60), a=(4, 50), x=(3, 50))
    wide = standardised(both, both)
    # of 97 there are 4 and 3 of whom nothing is told: V = 2500·Σ p²/n in each period, the rest is next to nothing
    unknown = 2 * 2500 * (4 + 3) / 97**2
    assert wide["mix_effect"] == 0
    assert (wide["mix_high"] - wide["mix_low"]) / 2 == pytest.approx(1.96 * np.sqrt(unknown), rel=0.02)
    assert not wide["needed"]
