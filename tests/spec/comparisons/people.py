"""Answers of R's data files as respondents, who keep their own variances whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.matrix import Respondents, score_items
from tests.building import make_instrument, make_respondents
from tests.spec.comparisons.comparison import R


@cache
def model_columns(categories_n: int = 5) -> Columns:
    """Columns of the model that R's scripts read, with answers from 1 to `categories_n`."""
    model = pd.read_csv(R / "model.csv")
    of_category = model.groupby("category").first()
    small = make_instrument(
        dict(zip(model["point"], model["category"], strict=True)), of_category["dimension"].to_dict()
    ).model_dump()
    small["scales"]["default"] |= {"highest": float(categories_n)}
    for point, weight in zip(small["points"], model["weight"], strict=True):
        point["weight"] = float(weight)
    for category in small["categories"]:
        category["weight"] = float(of_category.loc[category["id"], "category_weight"])
    return Columns(Instrument.model_validate(small))


def respondents_of(frame: pd.DataFrame, columns: Columns) -> Respondents:
    """People of a data file, in its order; what it does not have is the same for all."""
    points = columns.point_ids
    score_pct = score_items(frame[points].to_numpy(float), np.arange(len(points)), columns)
    given = {
        name: frame[name].fillna("").to_numpy(object)
        if name in ("stratum", "neighbour")
        else frame[name].to_numpy()
        for name in ("weight", "stratum", "neighbour", "person")
        if name in frame
    }
    people = make_respondents(score_pct, **given)
    placed = {name: frame[name].to_numpy(object) for name in ("unit", "role") if name in frame}
    return replace(people, **placed)


def members_by(names: Sequence | pd.Series) -> tuple[list, Members]:
    """Groups of people with the same name, in the order of the names."""
    found, group = np.unique(np.asarray(names), return_inverse=True)
    order = np.argsort(group, kind="stable")
    return found.tolist(), Members(group[order], order, len(found))


def all_usable(members: Members, columns: Columns) -> np.ndarray:
    """Every column may enter in every group."""
    return np.ones((members.groups_n, columns.columns_n), bool)


def in_order(figures: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """R's figures of one case in the order of the level rows."""
    return figures.set_index(["level", "key"]).loc[columns.level_rows]
