"""Other weightings: worked out from published figures alone, and only where every cell is there."""

import numpy as np
import pandas as pd
import pytest

from dimios_core.results.organisation.sensitivity import publish_sensitivity
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from tests.building import make_instrument

COLUMNS = Columns(make_instrument({"a": "c1", "b": "c1", "c": "c2"}, {"c1": "d1", "c2": "d2"}))
TREE = UnitTree({"u": "", "v": ""})
NONE = float("nan")
LEVELS = [
    ("category", "c1"),
    ("category", "c2"),
    ("dimension", "d1"),
    ("dimension", "d2"),
    ("maturity", "maturity"),
]


def scores_of(groups: dict[tuple[str, str], list[float]], status: str = "suppressed_small") -> pd.DataFrame:
    """Published points of groups (NaN is not published), and the whole's levels by hand."""
    rows = [
        {"unit": u, "role": r, "level": "point", "key": k, "score": s}
        for (u, r), points in groups.items()
        for k, s in zip("abc", points, strict=True)
    ]
    a, b, c = groups["*", "*"]
    c1 = (a + b) / 2
    for (level, key), score in zip(LEVELS, [c1, c, c1, c, (c1 + c) / 2], strict=True):
        rows.append({"unit": "*", "role": "*", "level": level, "key": key, "score": round(score, 1)})
    frame = pd.DataFrame(rows).assign(period="2026")
    return frame.assign(status=np.where(frame["score"].isna(), status, "published"))


def rates_of(invited: dict[tuple[str, str], int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"unit": u, "role": r, "invited": n, "status": "published" if n else "suppressed_complement"}
            for (u, r), n in invited.items()
        ],
        columns=["unit", "role", "invited", "status"],
    ).assign(period="2026")


def weigh_otherwise(
    scores: pd.DataFrame, rates: pd.DataFrame, tree: UnitTree, columns: Columns
) -> pd.DataFrame:
    """The table of one organisation."""
    one = (frame.assign(organisation="o") for frame in (scores, rates))
    return publish_sensitivity(*one, {"o": tree}, columns)


def score(table: pd.DataFrame, weighting: str, key: str = "c1"):
    chosen = table[(table["weighting"] == weighting) & (table["key"] == key)]
    assert len(chosen) == 1
    return chosen.iloc[0]


TWO_UNITS = {("*", "*"): [55.0, 55.0, 40.0], ("u", "*"): [40.0, 40.0, 40.0], ("v", "*"): [70.0, 70.0, 40.0]}
FRAME = {("*", "*"): 50, ("u", "*"): 40, ("v", "*"): 10}


def test_weighted_to_the_frame():
    table = weigh_otherwise(scores_of(TWO_UNITS), rates_of(FRAME), TREE, COLUMNS)
    assert score(table, "model")["score"] == 55.0
    assert score(table, "frame")["score"] == 46.0
    assert score(table, "frame")["cells"] == "unit"
    assert score(table, "frame", "maturity")["score"] == 43.0  # (46 + 40)/2


def test_equal_points_and_geometric_mean():
    whole = {("*", "*"): [20.0, 80.0, 50.0]}
    table = weigh_otherwise(scores_of(whole), rates_of({}), UnitTree({}), COLUMNS)
    assert score(table, "equal_points", "maturity")["score"] == 50.0
    assert score(table, "model", "maturity")["score"] == 50.0
    assert score(table, "geometric")["score"] == 40.0  # √(20·80)
    assert score(table, "geometric", "maturity")["score"] == pytest.approx(44.7)  # 20^¼ 80^¼ 50^½
    assert score(table, "frame")["status"] == "incomplete"


def test_every_point_counts_alike_also_across_dimensions():
    table = weigh_otherwise(scores_of({("*", "*"): [30.0, 30.0, 60.0]}), rates_of({}), UnitTree({}), COLUMNS)
    assert score(table, "model", "maturity")["score"] == 45.0
    assert score(table, "equal_points", "maturity")["score"] == 40.0


def test_a_score_below_one_counts_as_one_in_the_geometric_mean():
    table = weigh_otherwise(scores_of({("*", "*"): [0.4, 49.0, 50.0]}), rates_of({}), UnitTree({}), COLUMNS)
    assert score(table, "geometric")["score"] == 7.0  # √(1·49)


@pytest.mark.parametrize(
    "invited",
    [
        FRAME | {("v", "*"): None},  # a cell whose number invited is not published
        FRAME | {("*", "*"): 55},  # five were invited to where nobody answered
        {("u", "*"): 40, ("v", "*"): 10},  # the whole's rate is not published
        {},
    ],
)
def test_no_frame_without_every_number(invited):
    table = weigh_otherwise(scores_of(TWO_UNITS), rates_of(invited), TREE, COLUMNS)
    assert score(table, "frame")["status"] == "incomplete"
    assert np.isnan(score(table, "frame")["score"])
    assert score(table, "frame")["cells"] == ""


def test_a_cell_that_lacks_a_point_leaves_the_others_alone():
    groups = TWO_UNITS | {("v", "*"): [70.0, NONE, 40.0]}
    table = weigh_otherwise(scores_of(groups), rates_of(FRAME), TREE, COLUMNS)
    assert score(table, "frame", "c1")["status"] == "incomplete"
    assert score(table, "frame", "c2")["score"] == 40.0
    assert score(table, "frame", "maturity")["status"] == "incomplete"


def test_the_finest_partition_is_used():
    roles = {("*", "p"): [50.0, 50.0, 40.0], ("*", "t"): [60.0, 60.0, 40.0]}
    crossed = {
        (u, r): [x, x, 40.0]
        for u, r, x in [("u", "p", 30.0), ("u", "t", 50.0), ("v", "p", 60.0), ("v", "t", 80.0)]
    }
    invited = FRAME | {("*", "p"): 20, ("*", "t"): 30}
    by_role = weigh_otherwise(scores_of(TWO_UNITS | roles | {k: [NONE] * 3 for k in crossed}), rates_of(invited), TREE, COLUMNS)  # fmt: skip
    assert (score(by_role, "frame")["cells"], score(by_role, "frame")["score"]) == ("role", 56.0)
    invited |= {("u", "p"): 15, ("u", "t"): 25, ("v", "p"): 5, ("v", "t"): 5}
    fine = weigh_otherwise(scores_of(TWO_UNITS | roles | crossed), rates_of(invited), TREE, COLUMNS)
    assert score(fine, "frame")["cells"] == "unit-role"
    assert score(fine, "frame")["score"] == 48.0  # (15·30 + 25·50 + 5·60 + 5·80)/50 = 2400/50


def test_a_parents_own_people_are_a_cell():
    tree = UnitTree({"u": "", "u1": "u", "v": ""})
    groups = TWO_UNITS | {("u.direct", "*"): [20.0] * 3, ("u1", "*"): [50.0] * 3}
    invited = FRAME | {("u.direct", "*"): 10, ("u1", "*"): 30}
    table = weigh_otherwise(scores_of(groups), rates_of(invited), tree, COLUMNS)
    assert score(table, "frame")["score"] == 48.0  # (10·20 + 30·50 + 10·70)/50; u itself is no cell


def test_a_level_that_is_not_published_has_no_figures():
    table = weigh_otherwise(scores_of({("*", "*"): [50.0, 50.0, NONE]}), rates_of({}), UnitTree({}), COLUMNS)
    for weighting in ("model", "equal_points", "geometric", "frame"):
        hidden = score(table, weighting, "maturity")
        assert hidden["status"] == "suppressed_small"
        assert np.isnan(hidden["score"])


def test_each_organisation_and_period_has_its_own():
    alone = {"o": TWO_UNITS, "p": {("*", "*"): [20.0, 80.0, 50.0]}}
    trees = {"o": TREE, "p": UnitTree({})}
    parts = [
        scores_of(g).assign(organisation=o, period=p) for o, g in alone.items() for p in ("2025", "2026")
    ]
    rates = pd.concat(
        [rates_of(FRAME).assign(organisation="o", period="2026"), rates_of(FRAME).assign(organisation="p")]
    )
    table = publish_sensitivity(pd.concat(parts, ignore_index=True), rates, trees, COLUMNS)
    told = table[(table["key"] == "c1") & table["weighting"].isin(["geometric", "frame"])]
    geometric = (
        told[told["weighting"] == "geometric"].groupby("organisation", observed=True)["score"].agg(list)
    )
    assert dict(geometric) == {"o": [55.0, 55.0], "p": [40.0, 40.0]}
    framed = told[told["weighting"] == "frame"]
    assert list(framed["score"].fillna(-1)) == [-1.0, 46.0, -1.0, -1.0]
