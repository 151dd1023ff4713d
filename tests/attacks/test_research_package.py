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

from dimios_core.export.data.research import Pseudonyms, _digest
from dimios_core.results.score import score_responses
from tests.attacks.research_join import Attack, attack, read_package, read_scores
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
MARK = "3c" * 16
HERE = ["organisation", "unit", "role", "respondent", "period"]
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
    return pd.DataFrame(rows, columns=[*HERE, *POINTS])


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
    (outputs / "responses" / "key-mark").write_text(MARK + "\n", encoding="ascii")
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
    truth = {tuple(k): own[POINTS] for k, own in people.groupby(key)}
    opened = 0
    for claim in found.claims:
        person = truth[claim.organisation, claim.period, claim.unit, claim.role].iloc[0]
        said = claim.answers.dropna()
        opened += len(said) >= 10 and bool((person[said.index] == said).all())
    return opened


def find_people(records: pd.DataFrame, people: pd.DataFrame, outputs: Path, *purposes: str) -> pd.DataFrame:
    """Add to records who they are, as the holder of the key can tell: `true_organisation`, `true_unit`, `true_role`, `person`."""
    digest = _digest(outputs / "ledger" / "responses")
    who = {}
    for purpose in purposes:
        pseudonyms = Pseudonyms.of(MARK, purpose, digest)
        for o, unit, role, person, period in people[HERE].itertuples(index=False):
            for link in ("", period):
                who[pseudonyms.draw("r", o, person, link), period] = (o, unit, role, person)
    columns = ["true_organisation", "true_unit", "true_role", "person"]
    pairs = records[["respondent", "period"]].itertuples(index=False, name=None)
    return records.join(pd.DataFrame([who[pair] for pair in pairs], columns=columns, index=records.index))


@pytest.fixture(scope="module")
def known(outputs, people) -> pd.DataFrame:
    """The records of a package, with who they are."""
    return find_people(read_package(outputs / "package0"), people, outputs, PURPOSES[0])


def test_no_person_is_opened_by_integer_programming(outputs, people):
    found = attack(read_package(outputs / "package0"), read_scores(outputs / "results"), count_people(people))
    assert found.tried > 30
    assert (count_opened(found, people), found.solved) == (0, 0)


def test_nor_where_organisations_are_known_and_packages_of_two_purposes_put_together(outputs, people):
    both = find_people(read_package(*(outputs / f"package{n}" for n in range(2))), people, outputs, *PURPOSES)
    linked = {
        str(k): str(v) for k, v in both.groupby("organisation")["true_organisation"].first().items() if k
    }
    assert set(linked.values()) >= set(ORDINARY)
    # one record a person, whatever package she is in, and her role where one of them tells it
    pooled = both.sort_values("role").drop_duplicates(["person", "period"], keep="last")
    found = attack(pooled, read_scores(outputs / "results"), count_people(people), linked)
    assert found.tried > 50
    assert (count_opened(found, people), found.solved) == (0, 0)
    assert len(pooled) == len(both) / 2


def test_an_attacker_who_knows_every_unit_finds_five_people_alike(outputs, people, known):
    here = ["organisation", "period", "unit", "role"]
    there = ["true_organisation", "period", "true_unit", "true_role"]
    of = people.groupby(here).size()
    drawn = known.groupby(there).size()
    assert len(drawn) > 30
    for cell, n in drawn.items():
        assert of[cell] >= (10 if cell[0] == CAUTIOUS else 5)
        assert n <= of[cell] * 2 // 3
    assert (known.loc[known["true_organisation"] == CAUTIOUS, "organisation"] == "").all()


def test_whoever_is_followed_has_four_others_with_the_same_units_and_roles(people, known):
    place = people.assign(place=people["unit"] + people["role"])
    ways = place.pivot_table("place", ["organisation", "respondent"], "period", aggfunc="first")
    same = ways.groupby(["organisation", *PERIODS]).size()
    followed = known[known.duplicated("respondent", keep=False)]
    assert len(followed) > 100
    for (organisation, person), _ in followed.groupby(["true_organisation", "person"]):
        assert same[(organisation, *ways.loc[(organisation, person)])] >= 5


def test_what_is_left_of_published_sums_rests_on_five_answers_or_on_known_cells(outputs, people, known):
    """For who knows every record's unit, published rows minus told answers: every union of cells is tried."""
    scores = read_scores(outputs / "results")
    tried = 0
    for organisation, period in product((*ORDINARY[:3], CALM, CAUTIOUS), PERIODS):
        own = people[(people["organisation"] == organisation) & (people["period"] == period)]
        cells = sorted(set(own[["unit", "role"]].itertuples(index=False, name=None)))
        mine = known[(known["true_organisation"] == organisation) & (known["period"] == period)]
        shown = scores[organisation][scores[organisation]["period"] == period]
        unions = np.array(list(product([0, 1], repeat=len(cells))), float)
        for point in POINTS:
            groups = shown.loc[shown["key"] == point, ["unit", "role"]].itertuples(index=False, name=None)
            rows = np.array([[u in ("*", x) and r in ("*", y) for x, y in cells] for u, r in groups], float)
            if not len(rows):
                continue
            follows = find_following(rows, unions)
            alone = {
                c
                for c, cell in enumerate(cells)
                if follows[(unions.sum(axis=1) == 1) & (unions[:, c] == 1)][0]
            }
            answered = own[own[point] > 0].groupby(["unit", "role"]).size().reindex(cells, fill_value=0)
            told = (
                mine[mine[point] > 0].groupby(["true_unit", "true_role"]).size().reindex(cells, fill_value=0)
            )
            left = unions @ (answered - told).to_numpy()
            touched = (unions * (told.to_numpy() > 0)).any(axis=1)
            others = unions[:, [c for c in range(len(cells)) if c not in alone]].any(axis=1)
            assert not (follows & touched & others & (left > 0) & (left < 5)).any()
            for c in alone:
                assert told.iloc[c] == 0 or (answered - told).iloc[c] >= 2
            tried += int((follows & touched).sum())
    assert tried > 1000


def find_following(rows: np.ndarray, unions: np.ndarray) -> np.ndarray:
    """Tell which unions' sums follow from the rows: those that nothing orthogonal to all rows changes."""
    _, size, basis = np.linalg.svd(rows)
    null = basis[(size > 1e-9).sum() :]
    return np.abs(unions @ null.T).max(axis=1, initial=0) < 1e-8


def test_a_correction_takes_the_period_out_and_gives_nobody_away(outputs, people, known, tmp_path):
    later = tmp_path / "outputs"
    shutil.copytree(outputs, later)
    first, own = people["organisation"] == "org0", (people["unit"] == "u3") & (people["role"] == "p")
    added = people[first & own & (people["period"] == "2026")]
    added = added.assign(respondent=added["respondent"] + 10**9)
    added[POINTS] = np.clip(added[POINTS].replace(0, 3) + 1, 1, 5)
    after = pd.concat([people, added], ignore_index=True)
    shutil.rmtree(later / "responses")
    register = pd.read_parquet(outputs / "responses" / "register" / "organisations.parquet")
    units = pd.read_parquet(outputs / "responses" / "register" / "units.parquet")
    write_store(later, INSTRUMENT, after, register, units)
    shutil.copy(outputs / "responses" / "key-mark", later / "responses" / "key-mark")
    score_responses(later, INSTRUMENT)
    export(later, PURPOSES[0], later / "package")
    old, new = read_scores(outputs / "results"), read_scores(later / "results")
    assert len(old["org0"]) and not old["org0"]["n"].equals(new["org0"]["n"])
    second = find_people(read_package(later / "package"), after, later, PURPOSES[0])
    assert "org0" in set(second.loc[second["period"] == "2025", "true_organisation"])
    assert "org0" not in set(second.loc[second["period"] == "2026", "true_organisation"])
    both = pd.concat(
        [
            known,
            second.assign(
                organisation=second["organisation"].mask(
                    second["organisation"] != "", "1" + second["organisation"]
                )
            ),
        ],
        ignore_index=True,
    )
    pooled = both.sort_values("role").drop_duplicates(["person", "period"], keep="last")
    linked = {
        str(k): str(v) for k, v in both.groupby("organisation")["true_organisation"].first().items() if k
    }
    for scores, answers in ((old, people), (new, after)):
        found = attack(pooled, scores, count_people(answers), linked)
        assert (count_opened(found, answers), found.solved) == (0, 0)


def test_package_says_how_much_is_there(outputs):
    report = json.loads((outputs / "package0" / "coarsening.json").read_text(encoding="utf-8"))
    records = read_package(outputs / "package0")
    assert report["drawn"]["records"] == 5 * round(len(records) / 5)
    assert Counter(report["records"].values())[0] < len(report["records"])
