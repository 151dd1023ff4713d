"""What is planted in the made-up answers for psychometrics to find: its sizes, as consortium.yaml states them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Annotated

import numpy as np
from pydantic import ConfigDict, Field, RootModel

from dimios_core.documents import Frozen

#: bounds of the correlation between two categories' leanings
WEAKEST, STRONGEST = 0.4, 0.8
Correlation = Annotated[float, Field(ge=WEAKEST, le=STRONGEST)]


class Factors(RootModel[dict[str, dict[str, Correlation]]]):
    """Correlations between the leanings that a person has in the categories: category, later category, number."""

    model_config = ConfigDict(frozen=True)

    def list_faults(self, categories: Sequence[str]) -> list[str]:
        """Say what is wrong: pairs that lack, that are there for nothing, or that cannot all hold at once."""
        wanted = list(combinations(categories, 2))
        given = [(one, other) for one, others in self.root.items() for other in others]
        faults = [f"the factors {a} and {b} have no correlation" for a, b in wanted if (a, b) not in given]
        faults += [
            f"the factors name the pair {a} and {b}, which is none of two categories in the survey's order"
            for a, b in given
            if (a, b) not in wanted
        ]
        if not faults and np.linalg.eigvalsh(self.matrix(categories)).min() <= 0:
            faults.append("the correlations of the factors cannot all hold at once: not positive definite")
        return faults

    def matrix(self, categories: Sequence[str]) -> np.ndarray:
        """Return the correlations as a symmetric matrix, float (categories, categories), in the order given."""
        table = np.eye(len(categories))
        for (i, one), (j, other) in combinations(enumerate(categories), 2):
            table[i, j] = table[j, i] = self.root[one][other]
        return table


class ItemDifference(Frozen):
    """A question that one role answers otherwise than its level says (differential item functioning), in points."""

    item: str
    role: str
    points: float


class StraightLining(Frozen):
    """Rows that give one answer all through: their share, and how many minutes (median) they take."""

    share: float = Field(ge=0, le=1)
    minutes: float = Field(gt=0)


class Nonresponse(Frozen):
    """What answering has to do with leaning: two correlations.

    `leaning`: of a person's leaning as a whole with the lasting habit of answering. `earliness`: of how willing
    somebody is to answer with how early in the field period it is done.
    """

    leaning: float = Field(ge=0, lt=1)
    earliness: float = Field(ge=0, lt=1)


class Duration(Frozen):
    """How long answering takes: minutes (median), and the standard deviation of its logarithm."""

    minutes: float = Field(gt=0)
    log_sd: float = Field(ge=0)
