"""Few people: everything published for five to twelve of them leaves many sets of answers, and nobody's own answer.

By enumeration: answers are changed in ways that leave each measure point's mean as it was, everything is published again,
and what a reader cannot tell apart is counted. `make long` adds other sizes, models and units.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import load_instrument
from tests.attacks.publishing import differing, list_people, list_units, publish
from tests.building import make_instrument

CANDIDATES_MIN = 20
TRIED = 26
SEVEN = make_instrument(
    dict.fromkeys("abcdefg", "c1") | dict.fromkeys("hi", "c2"), {"c1": "across", "c2": "up"}, quadrants=True
)
SEVERAL = make_instrument(
    {"a": "c1", "b": "c1", "c": "c2", "d": "c2"}, {"c1": "across", "c2": "up"}, items_n=2
)


def draw(rng: np.random.Generator, n: int, items_n: int, end: bool, quiet: float = 0.08) -> np.ndarray:
    """Answers of n people with some don't knows; near the ends, most answer alike."""
    low, high = (4, 6) if end else (1, 6)
    answers = rng.integers(low, high, (n, items_n)).astype(float)
    answers[rng.random(answers.shape) < quiet] = 0
    answers[:, 0] = np.maximum(answers[:, 0], 1)  # everybody has said something
    return answers


def vary(rng: np.random.Generator, answers: np.ndarray, turn: int) -> np.ndarray:
    """Answers with the same number of don't knows and the same sum on every item, otherwise between other people.

    Answers go round, and steps are taken from some and given to others; where all are at the upper end, each in turn is a
    step off it.
    """
    answers = answers.copy()
    for j, column in enumerate(answers.T):
        said = np.flatnonzero(column > 0)
        if (column[said] == 5).all():
            column[said[turn % len(said)]] = 4
            continue
        # every other time by one place more, so that everybody gets everybody's answer
        column[said] = np.roll(column[said], rng.integers(len(said)) if turn % 2 else turn // 2 + 2 * j)
        for _ in range(3 if turn % 2 else 1):
            giver, taker = rng.permutation(said)[:2] if len(said) > 1 else (said[0], said[0])
            if giver != taker and column[giver] > 1 and column[taker] < 5:
                column[giver] -= 1
                column[taker] += 1
    return answers


@pytest.mark.parametrize(
    ("instrument", "n", "end"),
    [
        (load_instrument("dimios"), 5, True),
        *(pytest.param(*case, marks=pytest.mark.long) for case in ((SEVEN, 12, True), (SEVERAL, 6, False), (SEVEN, 5, True), (SEVEN, 8, False))),
    ],
)  # fmt: skip
def test_a_small_organisation(tmp_path, instrument, n, end):
    rng = np.random.default_rng(n)
    quiet = 0.0 if instrument is SEVERAL else 0.08  # a mean of fewer items would be another
    answers = draw(rng, n, len(instrument.items), end, quiet)
    enumerate_candidates(
        answers, rng, lambda a: publish(tmp_path, instrument, list_people(a, list(instrument.items)))
    )


@pytest.mark.parametrize("n", [5, pytest.param(12, marks=pytest.mark.long)])
def test_a_small_unit(tmp_path, n):
    rng = np.random.default_rng(n)
    others = rng.integers(1, 6, (60, 9)).astype(float)

    def published(answers: np.ndarray) -> dict[str, pd.DataFrame]:
        people = list_people(np.vstack([answers, others]), list("abcdefghi"), ["u"] * n + ["v"] * 60)
        tables = publish(tmp_path, SEVEN, people, list_units("u", "v"))
        # what small groups share is of all answers of the organisation, and moves by a tenth with some of them
        return {"scores": tables["scores"].query("unit == 'u'").drop(columns=["ci_low", "ci_high", "se"])}

    enumerate_candidates(draw(rng, n, 9, end=False), rng, published)


def enumerate_candidates(answers: np.ndarray, rng: np.random.Generator, published) -> None:
    """Count the sets of answers with the same published files, and check that no cell is the same in all."""
    true = published(answers)
    assert (true["scores"]["status"] == "published").any()
    found = [answers]
    for turn in range(TRIED):
        other = vary(rng, answers, turn)
        if not differing(true, published(other)):
            found.append(other)
    # the same answers between other people are the same set
    assert len({tuple(sorted(map(tuple, a.tolist()))) for a in found}) >= CANDIDATES_MIN
    fixed = (np.array(found) == answers).all(axis=0) & (answers > 0)
    # what one alone has answered to is not published
    assert not fixed[:, (answers > 0).sum(axis=0) > 1].any()
