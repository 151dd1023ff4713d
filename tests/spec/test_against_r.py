"""What R says of the answers in tests/spec/r/data, and statsmodels and scipy of real ones, this project says too."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from tests.spec.comparisons import SUBJECTS, compare_all
from tests.spec.comparisons.comparison import Comparison, R, read_data
from tests.spec.r import make_data

MADE = ("levels", "scales", "changes", "trends", "units", "organisations")


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.__name__.rpartition(".")[2])
def test_figures_are_the_references(subject: ModuleType):
    comparisons = compare_all(subject)
    assert comparisons
    assert not [str(c) for c in comparisons if not c.holds]


def test_every_case_of_the_data_is_compared():
    compared = {c.data for subject in SUBJECTS for c in compare_all(subject)}
    for name in ("levels", "changes", "trends", "units"):
        assert set(read_data(name)["case"]) <= compared
    assert {f"{n} answer categories" for n in read_data("scales")["categories_n"]} <= compared


@pytest.mark.parametrize(
    ("found", "wanted"),
    [([1.0, 2.0], [1.0, 2.0 + 1e-8]), ([np.nan], [1.0]), ([1.0], [np.nan]), ([], []), ([1.0], [1.0, 2.0])],
)
def test_a_comparison_can_fail(found: list[float], wanted: list[float]):
    assert not Comparison("", "", "", "", np.array(found), np.array(wanted)).holds


def test_the_data_are_those_that_their_seed_makes(tmp_path):
    make_data.write(tmp_path)
    assert {p.stem for p in tmp_path.iterdir()} == set(MADE)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (R / "data" / made.name).read_bytes(), made.name
