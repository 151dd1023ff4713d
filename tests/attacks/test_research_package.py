"""A research package beside published results: who is in which unit, and what a person answered who is alone there."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.results.score import score_responses
from tests.attacks.research_join import Attack, attack, link_organisations, read_package, read_scores
from tests.building import make_instrument, make_organisations, write_store
from tests.export.data_outputs import export_data

POINTS = [f"p{n:02d}" for n in range(20)]
INSTRUMENT = make_instrument(
    {p: f"c{n // 5}" for n, p in enumerate(POINTS)}, {"c0": "x", "c1": "x", "c2": "y", "c3": "y"}, 1, True
)
PERIODS = ("2025", "2026")
ROLES = ("p", "t", "a")
#: people of each role in the units of an ordinary organisation: some are alone, or few, in units that are published
SIZES = {"u1": (9, 6, 1), "u2": (5, 5, 1), "u3": (12, 7, 2), "u4": (6, 1, 8), "u5": (4, 3, 1)}
SMALL = {"u1": (6, 1, 0), "u2": (5, 1, 1)}
ORDINARY = tuple(f"org{n}" for n in range(6))
CALM, CAUTIOUS = "small", "cautious"
PURPOSES = ("How roles differ in their view of debt", "How questions hang together over time")


def make_people(rng: np.random.Generator) -> pd.DataFrame:
    """A row a person and period; nine in ten answer in both periods. Answers differ by organisation, unit and person."""
    rows = []
    for number, organisation in enumerate((*ORDINARY, CALM, CAUTIOUS)):
        level = rng.normal(3, 0.4, len(POINTS))
        sizes = SMALL if organisation == CALM else SIZES
        for unit, role_sizes in sizes.items():
            place = level + rng.normal(0, 0.3, len(POINTS))
            for role, n in zip(ROLES, role_sizes, strict=True):
                for _ in range(n):
                    rows += _answer(rng, place, (organisation, unit, role, number * 10**6 + len(rows)))
    return pd.DataFrame(rows, columns=["organisation", "unit", "role", "respondent", "period", *POINTS])


def _answer(rng: np.random.Generator, place: np.ndarray, who: tuple) -> list[tuple]:
    own = place + rng.normal(0, 0.5)
    rows = []
    for period in PERIODS:
        answer = np.clip((own + rng.normal(0, 0.8, len(POINTS))).round(), 1, 5)
        answer[rng.random(len(POINTS)) < 0.08] = 0  # don't know
        rows.append((*who, period, *answer))
    return rows


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return make_people(np.random.default_rng(14))


@pytest.fixture(scope="module")
def outputs(people, tmp_path_factory) -> Path:
    """A scored consortium with packages of two purposes."""
    outputs = tmp_path_factory.mktemp("research") / "outputs"
    register = make_organisations(*people["organisation"].unique())
    register.loc[register["id"] == CAUTIOUS, "threshold"] = 10
    units = people[["organisation", "unit"]].drop_duplicates()
    write_store(outputs, INSTRUMENT, people, register, units.assign(name=units["unit"], parent=""))
    (outputs / "responses" / "key-mark").write_text("3c" * 16 + "\n", encoding="ascii")
    score_responses(outputs, INSTRUMENT)
    for n, purpose in enumerate(PURPOSES):
        export(outputs, purpose, outputs / f"package{n}")
    return outputs


def export(outputs: Path, purpose: str, target: Path) -> None:
    given = ("--level", "research", "--purpose", purpose, "--i-accept-the-data-use-statement")
    with pytest.MonkeyPatch.context() as patch:
        assert export_data(patch, outputs, *given, "--to", target) == 0


def count_people(people: pd.DataFrame) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
    cells: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for (o, period, unit, role), n in (
        people.groupby(["organisation", "period", "unit", "role"]).size().items()
    ):
        cells.setdefault((o, period), {})[unit, role] = int(n)
    return cells


def count_opened(found: Attack, people: pd.DataFrame) -> int:
    """How many claims are right in every question they speak of, and speak of at least ten."""
    key = ["organisation", "period", "unit", "role"]
    truth = {tuple(k): own[POINTS].to_numpy() for k, own in people.groupby(key)}
    opened = 0
    for claim in found.claims:
        (answers,) = truth[claim.organisation, claim.period, claim.unit, claim.role]
        said = ~np.isnan(claim.answers)
        opened += said.sum() >= 10 and (answers[said] == claim.answers[said]).all()
    return opened


def know_organisations(records: pd.DataFrame, people: pd.DataFrame) -> dict[str, str]:
    """The true organisations, for an attacker who knows them: patterns of answers tell whose a record is."""
    whose = {tuple(row[1:]): row[0] for row in people[["organisation", "period", *POINTS]].itertuples(index=False)}
    full = records.dropna(subset=POINTS)
    return {
        row[0]: whose[tuple(row[1:])]
        for row in full[["organisation", "period", *POINTS]].itertuples(index=False)
        if row[0] and tuple(row[1:]) in whose
    }


def test_no_person_is_opened_by_integer_programming(outputs, people):
    found = attack(read_package(outputs / "package0"), read_scores(outputs / "results"), count_people(people))
    assert found.tried > 30
    assert (count_opened(found, people), found.solved) == (0, 0)


def test_packages_of_two_purposes_are_no_more_together(outputs, people):
    packages = [read_package(outputs / f"package{n}") for n in range(2)]
    patterns = [set(map(tuple, p[["period", *POINTS]].fillna(0).itertuples(index=False))) for p in packages]
    assert patterns[0] == patterns[1]
