"""The answers that R and this project both read, made up by seed: `python -m tests.spec.r.make_data` writes data/ anew.

Answers are whole numbers from 1, empty where there is none.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parent / "data"
SEED = 20260301
POINTS = list("abcdefghi")
#: mean of each point on the scale 1-5
LEVEL = np.array([3.4, 2.9, 3.1, 3.6, 2.7, 3.0, 3.3, 2.5, 3.8])
MISSING_SHARE = 0.12


def draw_answers(
    rng: np.random.Generator, person_effect: np.ndarray, categories_n: int = 5, level: np.ndarray = LEVEL
) -> np.ndarray:
    """Answers of people to the points, whole numbers 1 to `categories_n` as floats."""
    on_five = level + person_effect[:, None] + rng.normal(0, 0.8, (len(person_effect), len(level)))
    rescaled = 1 + (on_five - 1) / 4 * (categories_n - 1)
    return np.clip(np.rint(rescaled), 1, categories_n)


def leave_out(
    rng: np.random.Generator, answers: np.ndarray, may_miss: np.ndarray | None = None
) -> np.ndarray:
    """Leave out one answer in eight, of the people who may miss some."""
    missing = rng.random(answers.shape) < MISSING_SHARE
    if may_miss is not None:
        missing &= may_miss[:, None]
    missing[np.arange(len(answers)), rng.integers(0, answers.shape[1], len(answers))] = False
    return np.where(missing, np.nan, answers)


def make_people(
    rng: np.random.Generator, sizes: list[int], weighted: bool, may_miss: np.ndarray | None = None
) -> pd.DataFrame:
    """People in strata of the given sizes: person, stratum, neighbour, weight and answers."""
    n = sum(sizes)
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    effect = rng.normal(0, 0.7, n) + np.linspace(-0.5, 0.5, len(sizes))[stratum]
    weight = np.round(rng.uniform(0.5, 3, n), 2) if weighted else np.ones(n)
    answers = leave_out(rng, draw_answers(rng, effect), may_miss)
    return pd.DataFrame(
        {"person": range(n), "stratum": [f"s{h:02}" for h in stratum], "neighbour": "", "weight": weight}
    ).join(pd.DataFrame(answers, columns=POINTS))


def make_levels(rng: np.random.Generator) -> pd.DataFrame:
    """One group of people a case."""
    small, large = [2, 3, 4] * 4, [12, 25, 30]
    # in a stratum of two or three all answer, or a point would have a stratum of one
    first_in_four = np.concatenate(
        [np.arange(size) == 0 if size == 4 else np.zeros(size, bool) for size in small]
    )
    cases = {
        "one stratum": make_people(rng, [40], weighted=False),
        "strata of 2 to 4": make_people(rng, small, False, first_in_four),
        "large strata": make_people(rng, large, weighted=False),
        "weights": make_people(rng, [45], weighted=True),
        "weights, strata of 2 to 4": make_people(rng, small, True, first_in_four),
        "weights, large strata": make_people(rng, large, weighted=True),
        "strata of 1 with a neighbour": make_people(rng, [1, 6, 1, 5, 4], True, np.zeros(17, bool)),
    }
    lone = cases["strata of 1 with a neighbour"]
    lone["neighbour"] = lone["stratum"].map({"s00": "s01", "s02": "s03"}).fillna("")
    return put_together(cases, "case")


def make_scales(rng: np.random.Generator) -> pd.DataFrame:
    """Fifty people who answered on scales of two, three and eleven categories."""
    cases = {}
    for categories_n in (2, 3, 11):
        answers = leave_out(rng, draw_answers(rng, rng.normal(0, 0.7, 50), categories_n))
        cases[categories_n] = pd.DataFrame({"person": range(50)}).join(pd.DataFrame(answers, columns=POINTS))
    return put_together(cases, "categories_n")


def make_periods(
    rng: np.random.Generator,
    people: list[np.ndarray],
    stratum: list[np.ndarray],
    weighted: bool = False,
    missing: bool = True,
) -> pd.DataFrame:
    """Rows of people in each period; who is there more than once keeps what sets her apart from others."""
    effect = rng.normal(0, 0.8, 1 + max(int(p.max()) for p in people))
    periods = {}
    for t, (who, h) in enumerate(zip(people, stratum, strict=True)):
        answers = draw_answers(rng, effect[who] + 0.1 * t + 0.05 * (h % 5))
        answers = leave_out(rng, answers) if missing else answers
        weight = np.round(rng.uniform(0.5, 3, len(who)), 2) if weighted else np.ones(len(who))
        frame = pd.DataFrame({"person": who, "stratum": [f"s{s:02}" for s in h], "weight": weight})
        periods[t + 1] = frame.join(pd.DataFrame(answers, columns=POINTS))
    return put_together(periods, "period")


def make_changes(rng: np.random.Generator) -> pd.DataFrame:
    """Two periods a case."""
    everybody = np.arange(48)
    twos, fours, one = everybody // 2, everybody // 4, everybody * 0
    early, late = np.arange(0, 40), np.arange(16, 60)
    of_ten = np.arange(60) // 10
    moved, several = fours.copy(), fours.copy()
    moved[5] = 3
    several[[5, 14, 22, 31, 44]] = [3, 6, 6, 0, 2]
    full = [everybody, everybody]
    lone = np.repeat(np.arange(5), [1, 12, 1, 10, 14])
    fives, left = np.arange(40) // 5, np.delete(np.arange(40), slice(15, 19))
    cases = {
        "the same people": make_periods(rng, full, [one, one], missing=False),
        "the same people, some answers missing": make_periods(rng, full, [one, one]),
        "the same people in strata of 2": make_periods(rng, full, [twos, twos], missing=False),
        "the same people in strata of 4": make_periods(rng, full, [fours, fours], missing=False),
        "the same people in strata of 4, weights": make_periods(rng, full, [fours, fours], True, False),
        "one person changes stratum": make_periods(rng, full, [fours, moved], missing=False),
        "five people change stratum": make_periods(rng, full, [fours, several], missing=False),
        "partly the same people": make_periods(rng, [early, late], [early * 0, late * 0]),
        "partly the same people in strata": make_periods(rng, [early, late], [of_ten[early], of_ten[late]]),
        "partly the same people in strata, weights": make_periods(
            rng, [early, late], [of_ten[early], of_ten[late]], weighted=True
        ),
        "other people": make_periods(rng, [early, early + 40], [early * 0, early * 0]),
        "other people in strata": make_periods(rng, [early, early + 40], [early // 10, early // 10]),
    }
    for name, made, neighbour in (
        ("the same people, strata of 1 with a neighbour", [lone, lone], {"s00": "s01", "s02": "s03"}),
        ("a stratum of 1 with a neighbour in the later period", [fives, fives[left]], {"s03": "s02"}),
    ):
        who = [np.arange(len(made[0])), left if len(made[1]) < len(made[0]) else np.arange(len(made[1]))]
        cases[name] = make_periods(rng, who, made, missing=False)
        cases[name]["neighbour"] = cases[name]["stratum"].map(neighbour)
    return put_together(cases, "case")


def make_trends(rng: np.random.Generator) -> pd.DataFrame:
    """Three, four and eight years a case; the four have a year left out."""
    cases = {}
    for years in ([2022, 2023, 2024], [2021, 2022, 2024, 2025], list(range(2018, 2026))):
        t = len(years)
        same = [np.arange(36)] * t
        fours = [p // 4 for p in same]
        turning = [np.arange(8 * k, 8 * k + 32) for k in range(t)]
        others = [np.arange(30 * k, 30 * k + 30) for k in range(t)]
        for name, made in {
            "the same people in strata of 4": make_periods(rng, same, fours, missing=False),
            "the same people, weights": make_periods(rng, same, [p * 0 for p in same], True, False),
            "a quarter new each year, in strata": make_periods(rng, turning, [p % 4 for p in turning]),
            "other people each year": make_periods(rng, others, [p * 0 for p in others]),
        }.items():
            cases[f"{t} years, {name}"] = made.assign(period=made["period"].map(dict(enumerate(years, 1))))
    return put_together(cases, "case").rename(columns={"period": "year"})


def make_units(rng: np.random.Generator) -> pd.DataFrame:
    """One organisation of three units and three roles, without and with strata and weights."""
    cases = {}
    for name, sizes in {"one stratum": [84], "strata": [28, 28, 28], "weights, strata": [28, 28, 28]}.items():
        people = make_people(rng, sizes, weighted=name.startswith("weights")).drop(columns="neighbour")
        people.insert(1, "unit", rng.permutation(np.repeat(["north", "south", "west"], [24, 36, 24])))
        people.insert(2, "role", rng.permutation(np.repeat(["a", "p", "t"], [34, 26, 24])))
        cases[name] = people
    return put_together(cases, "case")


def make_organisations(rng: np.random.Generator) -> pd.DataFrame:
    """Fourteen organisations of three or four units; organisations, units and roles differ."""
    cases = {}
    for o in range(14):
        n = int(rng.integers(24, 70))
        unit, role = rng.integers(0, 3 + o % 2, n), rng.integers(0, 3, n)
        effect = rng.normal(0, 0.35) + rng.normal(0, 0.3, 4)[unit] + rng.normal(0, 0.25, 3)[role]
        answers = leave_out(rng, draw_answers(rng, effect + rng.normal(0, 0.6, n)))
        people = pd.DataFrame({"unit": [f"u{u}" for u in unit], "role": [("a", "p", "t")[r] for r in role]})
        cases[f"o{o:02}"] = people.join(pd.DataFrame(answers, columns=POINTS))
    return put_together(cases, "organisation")


def put_together(cases: dict, name: str) -> pd.DataFrame:
    """Stack frames, with their name in front."""
    return pd.concat([frame.assign(**{name: case}) for case, frame in cases.items()], ignore_index=True).pipe(
        lambda frame: frame[[name, *frame.columns.drop(name)]]
    )


def write(folder: Path) -> None:
    """Write every file; each has a stream of random numbers of its own."""
    makers = {
        "levels": make_levels,
        "scales": make_scales,
        "changes": make_changes,
        "trends": make_trends,
        "units": make_units,
        "organisations": make_organisations,
    }
    for number, (name, make) in enumerate(makers.items()):
        made = make(np.random.default_rng([SEED, number])).astype(dict.fromkeys(POINTS, "Int64"))
        made.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    write(DATA)
