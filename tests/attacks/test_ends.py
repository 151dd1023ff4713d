"""Unanimity: no figure says that everybody answered alike, at an end of the scale or in its middle.

`make long` adds each case at the other end, and more sizes.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.attacks.publishing import differing, list_people, list_units, publish
from tests.attacks.sides import take_turns
from tests.building import make_instrument

ITEMS = ["a", "b", "c", "d"]
INSTRUMENT = make_instrument(
    {"a": "c1", "b": "c1", "c": "c2", "d": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True
)
#: measures of answers of fifty and more, to two decimals: one person among all their answers does not show
POOLED = {"quality", "spread"}


def answered(n: int, first: list[float], seed: int = 1) -> np.ndarray:
    """Answers of n people: `first` of the last people to the first point, 5 of the others; the rest is drawn."""
    own = np.random.default_rng(seed).integers(1, 6, (n, 4)).astype(float)
    own[:, 0] = [5.0] * (n - len(first)) + first
    return own


@pytest.mark.parametrize(
    ("n", "off", "end"),
    take_turns(
        [(5, [4.0]), (8, [4.0]), (12, [4.0, 4.0]), (20, [4.0]), (20, [1.0]), (20, [4.0] * 4), (60, [1.0, 3.0, 4.0]),
         (100, [1.0] * 4), (400, [1.0] * 4), (400, [4.0] * 9)]
    ),
)  # fmt: skip
def test_a_group_of_one_mind_at_an_end_is_not_told_from_one_that_is_nearly(tmp_path, n, off, end):
    told = []
    for first in ([], off):
        answers = answered(n, first)
        answers[:, 0] = answers[:, 0] if end == 5.0 else 6 - answers[:, 0]
        told.append(publish(tmp_path, INSTRUMENT, list_people(answers, ITEMS)))
    assert set(differing(*told)) <= POOLED
    level = told[0]["scores"].query("level == 'point' and key == 'a'").iloc[0]
    assert (level["status"], level["bound"]) == ("published", "at_least" if end == 5.0 else "at_most")


@pytest.mark.parametrize("n", [5, 30, *(pytest.param(n, marks=pytest.mark.long) for n in (9, 15))])
def test_nor_is_a_unit_or_a_role(tmp_path, n):
    told = []
    for first in ([], [4.0]):
        answers = np.vstack([answered(n, first), np.random.default_rng(2).integers(1, 6, (60, 4))])
        unit, role = ["u"] * n + ["v"] * 60, ["p"] * n + ["t"] * 60
        tables = publish(tmp_path, INSTRUMENT, list_people(answers, ITEMS, unit, role), list_units("u", "v"))
        # intervals of small groups rest on a spread that all share, and move by a tenth with any answer
        told.append(
            {"scores": tables["scores"].query("unit == 'u'").drop(columns=["ci_low", "ci_high", "se"])}
        )
    assert not differing(*told)
    assert (told[0]["scores"].query("key == 'a'")["bound"] == "at_least").any()


@pytest.mark.parametrize("n", [20, 48, 300, *(pytest.param(n, marks=pytest.mark.long) for n in (25, 100))])
def test_a_group_of_one_mind_in_mid_scale_is_not_told_from_its_likes(tmp_path, n):
    told = []
    for first in ([3.0] * n, [3.0] * (n - 4) + [2.0, 2, 4, 4]):
        tables = publish(tmp_path, INSTRUMENT, list_people(answered(n, first), ITEMS))
        told.append(tables["scores"].query("key == 'a'").reset_index(drop=True))
    assert told[0].equals(told[1])
    assert told[0]["se"].iloc[0] > 0
