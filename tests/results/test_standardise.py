"""Standardised changes: only from published roles, beside the plain change, the mix of roles."""

import numpy as np
import pytest

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
