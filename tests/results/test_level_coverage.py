"""Simulation: do intervals of levels hold the population's mean, from 1 to 99 %, on scales of two to eleven steps?

Thousands of groups of each size are drawn and scored by the code that scores organisations. Fewer than twenty share the
spread of the population, as groups of a large organisation do. `python -m tests.results.test_level_coverage` prints the
table of docs/method.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.linearise import score_groups
from tests.building import make_instrument, make_respondents

SIZES = (5, 8, 12, 19, 20, 30, 50, 100, 200, 500, 1000)
STEPS = (2, 3, 5, 7, 11)
LEVELS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
#: one less than the usual threshold
FEW = 4
Draw = Callable[[np.random.Generator, int, float, int], np.ndarray]


def several_yes(rng: np.random.Generator, k: int, mean: float, size: int) -> np.ndarray:
    """The share of yes in k − 1 questions: φ = 1/(k − 1)."""
    return rng.binomial(k - 1, mean, size) / (k - 1)


def leaning(rng: np.random.Generator, k: int, mean: float, size: int) -> np.ndarray:
    """The same, of people who lean one way or the other: φ = 0.4, or what yes and no give."""
    rho = max((0.4 * (k - 1) - 1) / max(k - 2, 1), 0.0)
    if rho == 0:
        return several_yes(rng, k, mean, size)
    total = 1 / rho - 1
    return rng.binomial(k - 1, rng.beta(mean * total, (1 - mean) * total, size)) / (k - 1)


def torn(rng: np.random.Generator, k: int, mean: float, size: int) -> np.ndarray:
    """Some at one end of the scale, the rest at the other: φ = 1."""
    return rng.binomial(1, mean, size).astype(float)


def cut_normal(rng: np.random.Generator, k: int, mean: float, size: int) -> np.ndarray:
    """A normal opinion cut into k steps."""
    cuts = (np.arange(1, k) - 0.5) / (k - 1)
    shift = brentq(lambda m: np.mean(norm.sf((cuts - m) / 0.3)) - mean, -3, 4)
    return np.digitize(rng.normal(shift, 0.3, size), cuts) / (k - 1)


POPULATIONS: dict[str, Draw] = {f.__name__: f for f in (several_yes, leaning, torn, cut_normal)}


def cover(draw: Draw, k: int, n: int, mean: float, groups_n: int, rng: np.random.Generator) -> float:
    """Share of published intervals that hold the population's mean."""
    answers = 100 * draw(rng, k, mean, groups_n * n)
    people = make_respondents(answers[:, None])
    people.spread[:] = answers.var() / (100 * mean * (100 - 100 * mean))
    people.few[:] = FEW
    columns = Columns(make_instrument({"a": "c"}, {"c": "d"}, highest=k))
    members = Members(np.repeat(np.arange(groups_n), n), np.arange(groups_n * n), groups_n)
    low, high = score_groups(people, members, np.ones((groups_n, 1), bool), columns).interval
    return float(((low[:, 0] <= 100 * mean + 1e-9) & (100 * mean - 1e-9 <= high[:, 0])).mean())


def cover_all(n: int, groups_n: int, steps: tuple[int, ...] = STEPS) -> dict[tuple[str, int, float], float]:
    """Coverage by population, steps and level."""
    rng = np.random.default_rng(n)
    return {
        (name, k, mean): cover(draw, k, n, mean, groups_n, rng)
        for name, draw in POPULATIONS.items()
        for k in steps
        for mean in LEVELS
        if not (name == "torn" and k > 2)  # the same answers whatever lies between
    }


def check(covered: dict[tuple[str, int, float], float], groups_n: int) -> None:
    kinds = {key[:2] for key in covered}
    averages = {kind: np.mean([v for key, v in covered.items() if key[:2] == kind]) for kind in kinds}
    assert 0.94 <= np.mean(list(averages.values())) <= 0.98
    # four Monte Carlo errors of one cell
    assert min(covered.values()) >= 0.90 - 4 * np.sqrt(0.09 / groups_n)


@pytest.mark.parametrize("n", [5, 20, 60])
def test_intervals_of_levels_cover(n: int) -> None:
    check(cover_all(n, 500, (2, 5)), 500)


@pytest.mark.long
@pytest.mark.parametrize("n", SIZES)
def test_intervals_of_levels_cover_on_every_scale(n: int) -> None:
    groups_n = 4_000 if n <= 100 else 1_000
    check(cover_all(n, groups_n), groups_n)


def print_table() -> None:
    print("| n | average | least of an average over levels | least anywhere |\n|---|---|---|---|")
    for n in SIZES:
        covered = cover_all(n, 2_000 if n <= 100 else 500)
        kinds = sorted({key[:2] for key in covered})
        averages = [np.mean([v for key, v in covered.items() if key[:2] == kind]) for kind in kinds]
        where = min(covered, key=covered.__getitem__)
        least = f"{100 * covered[where]:.1f} ({where[0]}, {where[1]} steps, {100 * where[2]:.0f} %)"
        print(f"| {n} | {100 * np.mean(averages):.1f} | {100 * min(averages):.1f} | {least} |", flush=True)


if __name__ == "__main__":
    print_table()
