"""What is planted in the made-up answers, as consortium.yaml states it, and a consortium where all of it is at zero."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import yaml

from dimios_core.demo import Consortium, load_consortium
from dimios_core.places import parameters_dir

from .reading import POINTS_OF_CATEGORY

#: of twenty seeds: what is planted is found in at least so many, and anything else in at most so many
MANY, FOUND_AT_LEAST, FALSE_AT_MOST = range(1, 21), 18, 1
PLAN: dict[str, Any] = yaml.safe_load(
    (parameters_dir() / "demo" / "consortium.yaml").read_text(encoding="utf-8")
)
CATEGORIES = {c: list(v["points"]) for d in PLAN["dimensions"].values() for c, v in d["categories"].items()}
ITEMS = list(itertools.chain(*CATEGORIES.values()))


def plant_nothing() -> Consortium:
    """The consortium with every planted thing at zero: one leaning, as wide as maturity's was."""
    plan = load_consortium()
    categories = plan.categories
    one = {a: dict.fromkeys(categories[i + 1 :], 1.0) for i, a in enumerate(categories[:-1])}
    nothing = {
        "factors": type(plan.factors).model_construct(root=one),
        "spread": plan.spread.model_copy(update={"people": 12.0}),
        "dif": plan.dif.model_copy(update={"points": 0.0}),
        "straight_lining": plan.straight_lining.model_copy(update={"share": 0.0}),
        "nonresponse": plan.nonresponse.model_copy(update={"leaning": 0.0, "earliness": 0.0}),
    }
    return plan.model_copy(update=nothing)


@cache
def expect_late() -> float:
    """How many points higher the later half lies, from the stated sizes: a million invited, drawn anew."""
    rng, habits, tied = np.random.default_rng(5), PLAN["behaviour"], PLAN["nonresponse"]
    habit, chance, unit, own, noise = rng.standard_normal((5, 1_000_000))
    willing = habits["loyalty"] * habit + np.sqrt(1 - habits["loyalty"] ** 2) * chance
    willing = (willing + habits["unit_willingness"] * unit) / np.sqrt(1 + habits["unit_willingness"] ** 2)
    rate = np.average(
        [o["response_rate"] for o in PLAN["organisations"]], weights=[o["respondents"] for o in PLAN["organisations"]]
    )  # fmt: skip
    answers = willing > np.quantile(willing, 1 - rate)
    moment = np.sqrt(1 - tied["earliness"] ** 2) * noise - tied["earliness"] * willing
    late = moment > np.median(moment[answers])
    # the mean of all answers has the spread of the leanings' mean, each weighing as many questions as it has
    weight = np.array(POINTS_OF_CATEGORY) / sum(POINTS_OF_CATEGORY)
    spread = PLAN["spread"]["people"] * np.sqrt(weight @ stated_correlations() @ weight)
    overall = tied["leaning"] * habit + np.sqrt(1 - tied["leaning"] ** 2) * own
    return float(spread * (overall[answers & late].mean() - overall[answers & ~late].mean()))


def stated_correlations() -> np.ndarray:
    """The correlations of the factors as a matrix."""
    matrix = np.eye(len(CATEGORIES))
    for (i, a), (j, b) in itertools.combinations(enumerate(CATEGORIES), 2):
        matrix[i, j] = matrix[j, i] = PLAN["factors"][a][b]
    return matrix
