"""A model without a level above its dimensions: the same figures below it, none above."""

from __future__ import annotations

import numpy as np

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.upwards import Upwards
from tests.building import make_instrument

POINTS, DIMENSIONS = {"a": "c1", "b": "c1", "e": "c2"}, {"c1": "left", "c2": "right"}
WITH, WITHOUT = (make_instrument(POINTS, DIMENSIONS, composite=one) for one in (True, False))


def test_levels_above_the_points_end_with_the_dimensions() -> None:
    alone, topped = Columns(WITHOUT), Columns(WITH)
    assert alone.level_rows[-2:] == [("dimension", "left"), ("dimension", "right")]
    assert topped.level_rows == [*alone.level_rows, ("maturity", "maturity")]
    own, usable = np.array([[10.0, 20.0, 60.0]]), np.ones((1, 3), bool)
    assert Upwards(alone, usable).carry(own)[0].tolist() == [10, 20, 60, 15, 60, 15, 60]
    assert Upwards(topped, usable).carry(own)[0].tolist() == [10, 20, 60, 15, 60, 15, 60, 37.5]
    n = np.full((1, 7), 9.0)
    assert Upwards(alone, np.array([[True, True, False]])).complete(n)[0].tolist() == [True] * 4 + [
        False,
        True,
        False,
    ]
