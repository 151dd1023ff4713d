"""What leaves the gate: thresholds below, at and above; bounds, coarse shares, words of certainty, nothing behind a suppressed row."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from dimios_core.results.estimate import Batch, estimate_batch, estimate_changes, estimate_regions
from dimios_core.results.gate import (
    publish_changes,
    publish_regions,
    publish_scores,
    round_share,
    tabulate_estimates,
)
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree, build_block
from dimios_core.results.scoring.matrix import Respondents, concatenate
from tests.building import make_instrument

FIGURES = ["score", "ci_low", "ci_high", "se", "df", "n", "n_points", "dont_know_share"]
NONE = float("nan")
UNSURE = -1.0  # "don't know"


@dataclass
class Wave:
    """Answers of one period: rows are people, columns points, in percent."""

    answers: list[list[float]]
    unit: list[str] | None = None
    role: list[str] | None = None
    weight: list[float] | None = None
    person: list[int] | None = None
    threshold: int = 5
    parent: dict[str, str] = field(default_factory=dict)


def build(columns: Columns, *waves: Wave) -> tuple[Batch, Respondents]:
    """Batch of one organisation: the waves are 2024, 2025, …"""
    parts, blocks = [], []
    for i, wave in enumerate(waves):
        raw = np.array(wave.answers, float)
        n = len(raw)
        unit = np.array(wave.unit or [""] * n, object)
        role = np.array(wave.role or ["unknown"] * n, object)
        parts.append(
            Respondents(
                block=np.full(n, i), unit=unit, role=role,
                stratum=np.array([""] * n, object), neighbour=np.array([""] * n, object),
                person=np.array(wave.person or np.arange(n) + 1000 * i, np.uint64),
                weight=np.array(wave.weight or [1.0] * n), score_pct=np.where(raw < 0, np.nan, raw),
                dont_know=raw == UNSURE, spread=np.full((1, 1), np.nan), correlation=np.array([np.nan]),
                few=np.array([wave.threshold - 1]), weighted=np.array([wave.weight is not None]),
            )
        )  # fmt: skip
        parent = wave.parent or {u: "" for u in dict.fromkeys(unit.tolist()) if u}
        blocks.append(build_block(str(2024 + i), "org", wave.threshold, UnitTree(parent), unit, role))
    respondents = concatenate(parts)
    return estimate_batch(respondents, blocks, columns), respondents


def scores_of(columns: Columns, *waves: Wave) -> pd.DataFrame:
    return publish_scores(build(columns, *waves)[0], columns)


def changes_of(columns: Columns, *waves: Wave) -> pd.DataFrame:
    batch, respondents = build(columns, *waves)
    return publish_changes(batch, estimate_changes(batch, respondents, columns), columns)


def row(
    table: pd.DataFrame, level: str, key: str, unit: str = "*", role: str = "*", period: str | None = None
):
    chosen = table[
        (table["level"] == level) & (table["key"] == key) & (table["unit"] == unit) & (table["role"] == role)
    ]
    if period:
        chosen = chosen[chosen["period"] == period]
    assert len(chosen) == 1
    return chosen.iloc[0]


def spread(n: int, points_n: int = 1, shift: float = 0.0) -> list[list[float]]:
    """n people whose answers vary: 25, 50, 75, 25, … (+ shift), the same to every point."""
    return [[25.0 * (1 + i % 3) + shift] * points_n for i in range(n)]


ONE = Columns(make_instrument({"a": "c"}, {"c": "d"}))
TWO = Columns(make_instrument({"a": "c", "b": "c"}, {"c": "d"}))
THREE = Columns(make_instrument({"a": "c", "b": "c", "c": "c"}, {"c": "d"}))
PLANE = Columns(make_instrument({"a": "c1", "b": "c2"}, {"c1": "d1", "c2": "d2"}, quadrants=True))


# thresholds


@pytest.mark.parametrize(("n", "status"), [(4, "suppressed_small"), (5, "published"), (6, "published")])
def test_five_answers_behind_any_figure(n, status):
    table = scores_of(ONE, Wave(spread(n)))
    assert set(table["status"]) == {status}


@pytest.mark.parametrize(("n", "status"), [(9, "suppressed_small"), (10, "published"), (11, "published")])
def test_an_organisation_may_ask_for_more(n, status):
    assert row(scores_of(ONE, Wave(spread(n), threshold=10)), "point", "a")["status"] == status


def test_a_point_counts_its_own_answers():
    answers = [[50.0 + 25 * (i % 2), 25.0 if i < 4 else NONE] for i in range(9)]
    table = scores_of(TWO, Wave(answers))
    assert row(table, "point", "a")["status"] == "published"
    assert row(table, "point", "b")["status"] == "suppressed_small"


def test_where_all_say_dont_know_the_score_is_withheld():
    # nine of nine, and eight: the share is told as a bound, 0.95 or more, and 0.9 in steps of 0.05
    for answers, share in (([UNSURE] * 9, 0.95), ([UNSURE] * 8 + [50.0], 0.9)):
        table = scores_of(TWO, Wave([[50.0, a] for a in answers]))
        told = row(table, "point", "b")
        assert (told["status"], told["dont_know_status"], told["dont_know_share"]) == (
            "suppressed_small",
            "published",
            share,
        )
        assert told[[f for f in FIGURES if f != "dont_know_share"]].isna().all()
        assert row(table, "point", "a")["dont_know_share"] == 0


def test_a_small_group_does_not_tell_which_points_it_left_blank():
    # 3 people, nobody answered b: the row says "small", not "no answers"
    table = scores_of(TWO, Wave([*spread(20, 2), *[[50.0, NONE]] * 3], unit=["u"] * 20 + ["v"] * 3))
    assert row(table, "point", "b", "v")["status"] == "suppressed_small"
    assert row(table, "maturity", "maturity", "v")["status"] == "suppressed_small"


def test_a_unit_nobody_answered_for_says_so():
    table = scores_of(ONE, Wave(spread(9), unit=["u"] * 9, parent={"u": "", "v": ""}))
    assert set(table.loc[table["unit"] == "v", "status"]) == {"no_answers"}


# categories, dimensions, maturity


@pytest.mark.parametrize(
    ("columns", "kept", "status"),
    [
        (ONE, 1, "published"),
        (TWO, 1, "incomplete"),  # both points of two
        (TWO, 2, "published"),
        (THREE, 1, "incomplete"),
        (THREE, 2, "published"),  # two thirds exactly
        (Columns(make_instrument(dict.fromkeys("abcd", "c"), {"c": "d"})), 2, "incomplete"),
        (Columns(make_instrument(dict.fromkeys("abcd", "c"), {"c": "d"})), 3, "published"),
        (Columns(make_instrument(dict.fromkeys("abcde", "c"), {"c": "d"})), 3, "incomplete"),
        (Columns(make_instrument(dict.fromkeys("abcde", "c"), {"c": "d"})), 4, "published"),
        (Columns(make_instrument(dict.fromkeys("abcdefg", "c"), {"c": "d"})), 4, "incomplete"),
        (Columns(make_instrument(dict.fromkeys("abcdefg", "c"), {"c": "d"})), 5, "published"),
    ],
)
def test_a_category_needs_two_thirds_of_its_points(columns, kept, status):
    answers = [
        [v if k < kept or i < 4 else NONE for k in range(columns.points_n)]
        for i, (v,) in enumerate(spread(9))
    ]
    table = scores_of(columns, Wave(answers))
    category = row(table, "category", "c")
    assert category["status"] == status
    assert row(table, "maturity", "maturity")["status"] == status
    if status == "published":
        assert category["n_points"] == kept
        assert category["score"] == pytest.approx(50.0)
    else:
        assert category[FIGURES].isna().all()


def test_two_thirds_are_of_the_weight_not_the_number():
    raw = make_instrument(dict.fromkeys("abc", "c"), {"c": "d"}).model_dump()
    for point, weight in zip(raw["points"], (1, 1, 4), strict=True):
        point["weight"] = weight
    columns = Columns(type(ONE.instrument).model_validate(raw))
    heavy = [[v, v if i < 4 else NONE, v] for i, (v,) in enumerate(spread(9))]
    light = [[v, v, v if i < 4 else NONE] for i, (v,) in enumerate(spread(9))]
    assert row(scores_of(columns, Wave(heavy)), "category", "c")["status"] == "published"  # 5 of 6
    assert row(scores_of(columns, Wave(light)), "category", "c")["status"] == "incomplete"  # 2 of 6


def test_a_dimension_needs_all_its_categories_and_maturity_both_dimensions():
    columns = Columns(
        make_instrument({"a": "c1", "b": "c2", "c": "c3"}, {"c1": "d1", "c2": "d1", "c3": "d2"})
    )
    answers = [[v, v if i < 4 else NONE, v] for i, (v,) in enumerate(spread(9))]
    table = scores_of(columns, Wave(answers))
    status = table.set_index(["level", "key"])["status"].to_dict()
    assert status["category", "c1"] == "published"
    assert status["category", "c2"] == "incomplete"
    assert status["dimension", "d1"] == "incomplete"
    assert status["dimension", "d2"] == "published"
    assert status["maturity", "maturity"] == "incomplete"


def test_a_suppressed_point_does_not_reach_its_category():
    # c has four answers, all 0; the category is the mean of a and b
    answers = [[75.0 - 25 * (i % 2), 50.0, 0.0 if i < 4 else NONE] for i in range(8)]
    assert row(scores_of(THREE, Wave(answers)), "category", "c")["score"] == pytest.approx(
        (62.5 + 50) / 2, abs=0.06
    )


# precision


@pytest.mark.parametrize(("n", "given"), [(11, False), (12, True), (13, True)])
def test_no_standard_error_below_twelve_answers(n, given):
    point = row(scores_of(ONE, Wave(spread(n))), "point", "a")
    assert pd.notna(point["se"]) is given
    assert point[["ci_low", "ci_high"]].notna().all()


def test_one_decimal():
    table = scores_of(THREE, Wave([[25.0 * (i % 5), 25.0 * (i % 3), 25.0 * (i % 4)] for i in range(17)]))
    shown = table[["score", "ci_low", "ci_high", "se", "df"]].to_numpy(float)
    assert np.nanmax(np.abs(shown * 10 - np.round(shown * 10))) < 1e-9


@pytest.mark.parametrize(
    ("answer", "bound", "score", "low", "high"),
    # five fives are told as 97.5, floor se 3.2275: n* 14.576; R: qbeta(.025, .95*ne + 1/3, .05*ne + 2/3) is 0.73230; the
    # other end mirrors it
    [(100.0, "at_least", 95.0, 73.2, 100.0), (0.0, "at_most", 5.0, 0.0, 26.8)],
)
def test_five_alike_at_an_end_are_told_as_a_bound(answer, bound, score, low, high):
    point = row(scores_of(ONE, Wave([[answer]] * 5)), "point", "a")
    assert (point["bound"], point["score"]) == (bound, score)
    assert (point["ci_low"], point["ci_high"]) == (low, high)


@pytest.mark.parametrize("key", [("category", "c"), ("dimension", "d"), ("maturity", "maturity")])
def test_a_bound_is_not_undone_by_the_levels_above(key):
    top = row(scores_of(TWO, Wave([[100.0, 100.0]] * 6)), *key)
    assert (top["bound"], top["score"]) == ("at_least", 95.0)


def test_alike_in_the_middle_carries_its_score():
    assert row(scores_of(ONE, Wave([[50.0]] * 6)), "point", "a")[["bound", "score"]].tolist() == ["", 50.0]


@pytest.mark.parametrize(
    ("answers", "bound", "score"),
    [
        ([100.0] * 5 + [75.0], "at_least", 95.0),  # 95.8: nobody learns that one of six is off the end
        ([100.0] * 3 + [75.0] * 2, "", 90.0),  # two of five: not near enough
        ([100.0] * 396 + [0.0] * 4, "at_least", 95.0),  # 99.0: four may be off the end, fewer than five
        ([100.0] * 396 + [0.0] * 4 + [75.0], "", 98.9),  # 98.94, and a fifth
        ([100.0] * 384 + [0.0] * 16, "", 96.0),  # 96 % of four hundred protects nobody
        ([0.0] * 99 + [100.0], "at_most", 5.0),
    ],
)
def test_a_score_near_an_end_is_a_bound_where_few_can_be_off_it(answers, bound, score):
    told = row(scores_of(ONE, Wave([[a] for a in answers])), "point", "a")
    assert told[["bound", "score"]].tolist() == [bound, score]


def test_who_asks_for_more_answers_hides_more_of_the_end():
    nine_off = [[100.0]] * 191 + [[0.0]] * 9  # 95.5 of two hundred; room of ten: 4.5
    assert row(scores_of(ONE, Wave(nine_off)), "point", "a")["bound"] == ""
    assert row(scores_of(ONE, Wave(nine_off, threshold=10)), "point", "a")["bound"] == "at_least"


def test_what_rests_on_a_bound_rests_on_the_middle_of_its_room():
    # point a is bounded (97.5 stands for 95 to 100), b is 50: the category is their mean, whoever is off the end
    for last in (100.0, 75.0):
        table = scores_of(TWO, Wave([[100.0, 50.0]] * 5 + [[last, 50.0]]))
        assert row(table, "category", "c")["score"] == pytest.approx(73.8)


def test_a_change_to_or_from_a_bound_is_not_told():
    first, second = Wave(spread(9)), Wave([[100.0]] * 9)
    change = row(changes_of(ONE, first, second), "point", "a")
    assert change["status"] != "published"
    assert pd.isna(change["change"])


@pytest.mark.parametrize(
    ("share", "asked", "shown"),
    [
        (0.37, 19, 0.35),
        (0.38, 19, 0.40),
        (7 / 19, 19, 0.35),
        (0.37, 20, 0.37),
        (1 / 21, 21, 0.048),
        (0.0, 6, 0.0),
    ],
)
def test_shares_in_steps_of_five_percent_below_twenty(share, asked, shown):
    assert round_share(np.array(share), np.array(asked)) == pytest.approx(shown)


def test_dont_know_is_a_share_of_answers_and_dont_knows():
    # 15 answers, 6 don't know, 3 blank: 6 / 21
    table = scores_of(TWO, Wave([*spread(15, 2), *[[50.0, UNSURE]] * 6, *[[50.0, NONE]] * 3]))
    batch = build(TWO, Wave([*spread(15, 2), *[[50.0, UNSURE]] * 6, *[[50.0, NONE]] * 3]))[0]
    assert batch.dont_know_share[0, 1] == pytest.approx(6 / 21)
    assert row(table, "point", "b")["n"] == 15
    assert row(table, "point", "b")["dont_know_share"] == pytest.approx(0.30)  # 28.6 % in steps of 5 %
    assert pd.isna(row(table, "category", "c")["dont_know_share"])


def test_suppressed_and_incomplete_rows_carry_nothing():
    answers = [*spread(20, 3), *spread(3, 3), *spread(8, 3)]
    for a in answers[23:]:
        a[1] = a[2] = NONE
    unit = ["u"] * 20 + ["v"] * 3 + ["w"] * 8
    table = scores_of(THREE, Wave(answers, unit=unit))
    hidden = table[table["status"] != "published"]
    assert {"suppressed_small", "incomplete", "no_answers"} <= set(hidden["status"])
    assert hidden[FIGURES].isna().all(axis=None)
    assert set(hidden["bound"]) == {""}
    assert (
        table.loc[table["status"] == "published", ["score", "ci_low", "ci_high", "n"]].notna().all(axis=None)
    )


# dominance


@pytest.mark.parametrize(
    ("heaviest", "status"),
    # seven of weight 1 beside it: a quarter of the sum is 7/3
    [(7 / 3 - 0.01, "published"), (7 / 3, "published"), (7 / 3 + 0.01, "suppressed_dominated")],
)
def test_no_respondent_carries_more_than_a_quarter_of_the_weight(heaviest, status):
    table = scores_of(ONE, Wave(spread(8), weight=[heaviest] + [1.0] * 7))
    assert row(table, "point", "a")["status"] == status


def test_the_threshold_counts_people_not_weight():
    assert (
        row(scores_of(ONE, Wave(spread(4), weight=[10.0, 11, 12, 13])), "point", "a")["status"]
        == "suppressed_small"
    )


def test_equal_weights_are_no_weights():
    heavy, plain = (scores_of(ONE, Wave(spread(9), weight=w)) for w in ([7.0] * 9, None))
    pd.testing.assert_frame_equal(heavy, plain)


# changes


def test_a_change_needs_both_its_levels():
    first = Wave([[v, v if i < 4 else NONE] for i, (v,) in enumerate(spread(12))])
    table = changes_of(TWO, first, Wave(spread(12, 2, shift=25)))
    assert row(table, "point", "a")["status"] == "published"
    for key in [("point", "b"), ("category", "c"), ("maturity", "maturity")]:
        change = row(table, *key)
        assert change["status"] != "published"
        assert change[["change", "se", "ci_low", "ci_high", "df", "detectable", "n", "n_points"]].isna().all()
        assert change["certainty"] == "unknown"


def test_a_change_rests_on_the_points_that_both_periods_have():
    # c is answered by four in the first period, and would pull the second up
    first = Wave([[v, v, v if i < 4 else NONE] for i, (v,) in enumerate(spread(12))])
    second = Wave([[v, v, 100.0] for (v,) in spread(12)])
    batch, _ = build(THREE, first, second)
    table = changes_of(THREE, first, second)
    category = row(table, "category", "c")
    assert (category["n_points"], category["change"]) == (2, 0.0)
    # the level of the second period does count c: two thirds of the mean 50, one of 97.5, which stands for 100
    assert row(publish_scores(batch, THREE), "category", "c", period="2025")["score"] == pytest.approx(65.8)


@pytest.mark.parametrize(("n", "certainty"), [(7, "unknown"), (8, "increase"), (9, "increase")])
def test_no_certainty_below_eight_respondents(n, certainty):
    low, high = ([[v] for v in ([0.0, 25.0] * 9)[:n]], [[v] for v in ([100.0, 75.0] * 9)[:n]])
    change = row(changes_of(ONE, Wave(low), Wave(high)), "point", "a")
    assert change["certainty"] == certainty
    assert pd.isna(change["se"])  # below twelve


def test_words_of_certainty_follow_the_direction():
    low, high, same = [[0.0], [25.0]] * 10, [[75.0], [100.0]] * 10, [[25.0], [0.0]] * 10
    table = changes_of(ONE, Wave(low), Wave(high), Wave(low), Wave(same))
    words = table[table["level"] == "point"].set_index("period")["certainty"].to_dict()
    assert words == {"2025": "increase", "2026": "decrease", "2027": "none"}


def test_words_are_adjusted_by_holm_within_the_family_of_points():
    rng = np.random.default_rng(2)
    columns = Columns(make_instrument(dict.fromkeys("abcdefgh", "c"), {"c": "d"}))
    raw = rng.integers(0, 5, (2, 40, 8)).astype(float)
    raw[1, :, :3] = np.clip(raw[1, :, :3] + [1.0, 0.7, 0.4], 0, 4)
    first, second = 25 * raw
    table = changes_of(columns, Wave(first.tolist()), Wave(second.tolist()))
    p = np.array([stats.ttest_ind(second[:, k], first[:, k], equal_var=False).pvalue for k in range(8)])
    adjusted = multipletests(p, method="holm")[1]
    assert ((p < 0.05) & (adjusted > 0.05)).any()  # the adjustment matters in these data
    points = table[table["level"] == "point"]
    assert ((points["certainty"] != "none") == (adjusted < 0.05)).all()
    # the one category is a family of its own and needs no adjustment
    mean = (second.mean(axis=1), first.mean(axis=1))
    certain = stats.ttest_ind(*mean, equal_var=False).pvalue < 0.05
    assert (row(table, "category", "c")["certainty"] != "none") == certain


def test_a_change_in_a_panel_of_fewer_than_the_threshold_does_not_show_their_covariance():
    # one person in both periods: V − V₁ − V₂ would be twice the product of that person's two deviations
    first, second = [[25.0 * (i % 5)] for i in range(14)], [[25.0 * (i * 2 % 5)] for i in range(14)]
    alone = changes_of(ONE, Wave(first), Wave(second))
    for common_n in (1, 4):
        person = [*range(common_n), *range(2000, 2014 - common_n)]
        few = changes_of(ONE, Wave(first, person=list(range(14))), Wave(second, person=person))
        pd.testing.assert_frame_equal(few, alone)
    person = [*range(5), *range(2000, 2009)]
    five = changes_of(ONE, Wave(first, person=list(range(14))), Wave(second, person=person))
    assert row(five, "point", "a")["df"] == 13  # a panel: min(n₁, n₂) − 1
    assert row(five, "point", "a")["se"] != row(alone, "point", "a")["se"]


def test_groups_that_exist_in_one_period_only_have_no_change():
    first = Wave(spread(20), unit=["u"] * 10 + ["v"] * 10)
    second = Wave(spread(20), unit=["u"] * 10 + ["w"] * 10, parent={"u": "", "v": "", "w": ""})
    table = changes_of(ONE, first, second)
    assert "w" not in set(table["unit"][table["status"] == "published"])
    assert row(table, "point", "a", "u")["status"] == "published"


# regions


@pytest.mark.parametrize(("n", "status"), [(7, "incomplete"), (8, "published")])
def test_no_place_in_the_plane_below_eight_respondents(n, status):
    batch, respondents = build(PLANE, Wave([[75.0 + 25 * (i % 2), 75.0 + 25 * (i % 2)] for i in range(n)]))
    table = publish_regions(batch, estimate_regions(batch, respondents, PLANE), PLANE)
    assert table["status"].tolist() == [status]
    if status == "incomplete":
        figures = [
            "across",
            "upwards",
            "half_across",
            "half_upwards",
            "radius_major",
            "radius_minor",
            "angle",
        ]
        assert table[figures].isna().all(axis=None)
        assert table["placement"].tolist() == ["unplaced"]


@pytest.mark.parametrize(
    ("across", "upwards", "placement"),
    [(20, 20, "A"), (80, 20, "B"), (20, 80, "C"), (80, 80, "D"), (51, 80, "C-D"), (80, 49, "B-D"), (20, 51, "A-C"),
     (49, 20, "A-B"), (51, 49, "unplaced"), (50, 80, "C-D")],
)  # fmt: skip
def test_places_in_the_plane(across, upwards, placement):
    jitter = np.array([[-15.0, -15], [15, 15], [15, -15], [-15, 15]] * 5)
    batch, respondents = build(PLANE, Wave((np.array([across, upwards]) + jitter).tolist()))
    table = publish_regions(batch, estimate_regions(batch, respondents, PLANE), PLANE)
    assert table["placement"].tolist() == [placement]


def test_the_region_is_the_ellipse_of_the_joint_covariance():
    rng = np.random.default_rng(1)
    y = np.clip(50 + 12 * rng.standard_normal((16, 1)) + 9 * rng.standard_normal((16, 2)), 0, 100)
    batch, respondents = build(PLANE, Wave(y.tolist()))
    region = estimate_regions(batch, respondents, PLANE)
    k2 = 2 * 15 / 14 * stats.f.ppf(0.95, 2, 14)
    s = np.cov(y, rowvar=False) / 16
    values, vectors = np.linalg.eigh(s)
    assert (region.radius_minor[0], region.radius_major[0]) == pytest.approx(tuple(np.sqrt(k2 * values)))
    assert region.half_across[0] == pytest.approx(np.sqrt(k2 * s[0, 0]))
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])) % 180
    assert region.angle_deg[0] == pytest.approx(angle)


def test_a_place_in_the_plane_does_not_undo_a_bound():
    batch, respondents = build(PLANE, Wave([[100.0, 75.0 - 25 * (i % 3)] for i in range(9)]))
    region = publish_regions(batch, estimate_regions(batch, respondents, PLANE), PLANE).iloc[0]
    assert (region["across"], region["upwards"]) == (95.0, 50.0)


# items of a point


def test_items_are_published_all_or_none_also_by_subtraction():
    # item a_2 has four answers in unit u: neither item may be shown there, nor follow from the others
    columns = Columns(make_instrument({"a": "c"}, {"c": "d"}, items_n=2))
    answers = []
    for i in range(30):
        one, two = 25.0 * (i % 5), 25.0 * (i % 3)
        if 4 <= i < 10:
            two = NONE
        answers.append([np.nanmean([one, two]), one, two])
    table = scores_of(columns, Wave(answers, unit=["u"] * 10 + ["v"] * 20))
    assert row(table, "item", "a_2", "u")["status"] == "suppressed_small"
    for key in ("a_1", "a_2"):
        shown = {u: row(table, "item", key, u)["status"] == "published" for u in ("*", "u", "v")}
        assert not shown["u"]
        assert not (shown["*"] and shown["v"]), "the item of u follows from the whole and v"


# the restricted side


def test_estimates_are_unrounded_and_hold_what_the_gate_withholds():
    batch, people = build(ONE, Wave([*spread(20), [0.0], [100.0], [50.0]], unit=["u"] * 20 + ["v"] * 3))
    estimates = tabulate_estimates(batch, people, ONE, {0: 40})
    small = row(estimates, "point", "a", "v")
    assert (small["n"], small["score"]) == (3, 50.0)
    assert small["se"] == pytest.approx(50 / np.sqrt(3))
    assert row(estimates, "point", "a")["score"] == pytest.approx((6 * 150 + 25 + 50 + 150) / 23)
    assert row(estimates, "point", "a")["invited"] == 40
    assert row(publish_scores(batch, ONE), "point", "a", "v")["status"] == "suppressed_small"
