"""Whole numbers: below 250 answers a mean of one decimal tells the sum, and sums of few people follow from sums.

By integer programming over published means; see `solving`.
`make long` adds each case at the other end or mirrored, and more seeds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import Instrument, load_instrument
from tests.attacks.publishing import list_people, list_units, publish
from tests.attacks.sides import take_turns
from tests.attacks.solving import find_disclosed, find_ranges
from tests.building import make_instrument

DIMIOS = load_instrument("dimios")
POINTS = {"a": "c1", "b": "c1", "c": "c1", "d": "c2", "e": "c2", "f": "c2"}


def scaled(answers_n: int, items_n: int = 1, mirrored: bool = False) -> Instrument:
    """An instrument whose scale has `answers_n` answers, from 1."""
    small = make_instrument(POINTS, {"c1": "across", "c2": "up"}, items_n).model_dump()
    small["scales"]["default"]["highest"] = float(answers_n)
    small["roles"] += [{"id": role, "name": {"sv": role, "en": role}} for role in ("b", "c", "d")]
    for point in small["points"]:
        for item in point["items"]:
            item["reversed"] = mirrored
    return Instrument.model_validate(small)


def draw(
    instrument: Instrument, sizes: dict[tuple[str, str], int], alike: dict[tuple[str, str], float], seed: int
) -> pd.DataFrame:
    """People of units and roles; answers are drawn, but those of `alike` all give the same one to everything."""
    rng = np.random.default_rng(seed)
    items = [i.id for p in instrument.points for i in p.items]
    scale = instrument.scales["default"]
    placed = [cell for cell, n in sizes.items() for _ in range(n)]
    answers = rng.integers(scale.lowest, scale.highest + 1, (len(placed), len(items))).astype(float)
    for i, cell in enumerate(placed):
        if cell in alike:
            answers[i] = alike[cell]
    unit, role = zip(*placed, strict=True)
    return list_people(answers, items, list(unit), list(role))


def attack(outputs, instrument: Instrument, people: pd.DataFrame) -> list:
    units = sorted(set(people["unit"]))
    tables = publish(outputs, instrument, people, list_units(*units))
    return find_disclosed(find_ranges(tables["scores"], people, instrument, dict.fromkeys(units, "")))


def spread_over(n: int, parts: int) -> list[int]:
    """n people in parts of different sizes, each of at least five."""
    share = np.arange(1, parts + 1) + 2
    sizes = np.maximum(5, n * share // share.sum())
    sizes[-1] += n - sizes.sum()
    return sizes.tolist()


@pytest.mark.parametrize("n", [150, 225])
def test_five_people_of_one_mind_in_units_of_their_own(tmp_path, n):
    sizes = {(f"u{i}", "unknown"): k for i, k in enumerate(spread_over(n - 5, 3))}
    alone = {(f"v{i}", "unknown"): 1 for i in range(5)}
    people = draw(DIMIOS, sizes | alone, dict.fromkeys(alone, 1.0), n)
    assert attack(tmp_path, DIMIOS, people) == []


@pytest.mark.parametrize(
    ("n", "few", "end"),
    take_turns([(10, (1,) * 5), (40, (3, 3)), (80, (4, 2)), (150, (3, 4)), (249, (2, 2, 2)), (249, (4, 4))]),
)
def test_a_few_small_units(tmp_path, n, few, end):
    sizes = {(f"u{i}", "unknown"): k for i, k in enumerate(spread_over(n - sum(few), 3))}
    small = {(f"v{i}", "unknown"): k for i, k in enumerate(few)}
    instrument = scaled(5)
    assert attack(tmp_path, instrument, draw(instrument, sizes | small, dict.fromkeys(small, end), n)) == []


@pytest.mark.parametrize(("n", "end"), take_turns([(60,), (150,), (240,)]))
def test_small_roles(tmp_path, n, end):
    large = {(u, r): n // 9 for u in ("u", "v", "w") for r in ("p", "t", "a")}
    sizes = large | {("u", r): 2 for r in ("b", "c", "d")}
    alike = dict.fromkeys([("u", r) for r in ("b", "c", "d")], end)
    instrument = scaled(5)
    assert attack(tmp_path, instrument, draw(instrument, sizes, alike, n)) == []


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.long) for n in (3, 4, 5))])
def test_small_roles_of_units(tmp_path, seed):
    rng = np.random.default_rng(seed)
    cells = [(u, r) for u in ("u", "v", "w", "x") for r in ("p", "t", "a")]
    sizes = {
        cell: int(n) for cell, n in zip(cells, rng.choice([1, 2, 3, 4, 6, 9, 14], len(cells)), strict=True)
    }
    small = [cell for cell, n in sizes.items() if n < 5]
    instrument = scaled(5)
    alike = dict.fromkeys(small, float(rng.choice([1, 5])))
    assert attack(tmp_path, instrument, draw(instrument, sizes, alike, seed)) == []


@pytest.mark.parametrize(
    ("answers_n", "items_n", "mirrored"),
    take_turns(
        [(2, 1), (3, 1), (4, 1), (7, 1), (11, 1), (5, 2), (3, 2), (5, 3)],
        (False, True),
    ),
)
def test_other_scales_and_several_items(tmp_path, answers_n, items_n, mirrored):
    instrument = scaled(answers_n, items_n, mirrored)
    small = {(f"v{i}", "unknown"): 1 for i in range(5)} | {("w", "unknown"): 3, ("x", "unknown"): 4}
    sizes = {(f"u{i}", "unknown"): k for i, k in enumerate(spread_over(70, 3))}
    people = draw(instrument, sizes | small, dict.fromkeys(small, 1.0), answers_n)
    assert attack(tmp_path, instrument, people) == []
