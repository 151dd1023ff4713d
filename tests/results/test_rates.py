"""Response rates: their bands, and which of them may be told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dimios_core.published.conventions import band_of
from dimios_core.results.organisation.rates import compute_rates
from dimios_core.results.scoring.groups import UnitTree, build_block


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (0.0, "<40"), (0.399, "<40"), (0.40, "40-59"), (0.599, "40-59"), (0.60, "60-79"), (0.799, "60-79"),
        (0.80, "80+"), (1.0, "80+"), (2 / 5, "40-59"), (12 / 20, "60-79"), (28 / 35, "80+"),
    ],
)  # fmt: skip
def test_bands_just_below_at_and_above_their_limits(share, band):
    assert band_of(share) == band


def rates(answered: dict, invited: dict, parent: dict[str, str] | None = None) -> pd.DataFrame:
    """Rates of a block; both dicts map unit or (unit, role) -> people. Indexed by (unit, role)."""

    def keyed(given: dict) -> dict:
        return {(k if isinstance(k, tuple) else (k, "unknown")): n for k, n in given.items()}

    if parent is None:
        parent = {u: "" for (u, _) in keyed(invited) if u}
    placed = [k for k, n in keyed(answered).items() for _ in range(n)]
    tree = UnitTree(parent)
    unit, role = (np.array([k[i] for k in placed], object) for i in (0, 1))
    block = build_block("2026", "org", 5, tree, unit, role)
    frame = pd.DataFrame([(*k, n) for k, n in keyed(invited).items()], columns=["unit", "role", "invited"])
    return compute_rates(block, tree, frame).set_index(["unit", "role"])


def test_a_rate_is_answered_by_invited():
    row = rates({"a": 12, "b": 7}, {"a": 20, "b": 20}).loc[("a", "*")]
    assert (row["invited"], row["answered"], row["rate"], row["band"]) == (20, 12, 0.6, "60-79")


@pytest.mark.parametrize(("invited", "status"), [(4, "suppressed_small"), (5, "published"), (6, "published")])
def test_at_least_five_were_invited(invited, status):
    assert rates({"a": 0, "b": 10}, {"a": invited, "b": 40, "c": 40}).loc[("a", "*"), "status"] == status


@pytest.mark.parametrize(
    ("silent", "status"),
    [(0, "published"), (1, "suppressed_small"), (2, "suppressed_small"), (3, "published"), (4, "published")],
)
def test_non_answerers_are_none_or_at_least_three(silent, status):
    assert rates({"a": 20 - silent, "b": 10}, {"a": 20, "b": 20, "c": 9}).loc[("a", "*"), "status"] == status


def test_a_rate_that_would_follow_from_the_others_takes_one_with_it():
    # a: 2 silent (withheld); the whole and b together would tell
    table = rates({"a": 18, "b": 10}, {"a": 20, "b": 20})
    assert table["status"].droplevel("role").to_dict() == {
        "*": "published",
        "a": "suppressed_small",
        "b": "suppressed_complement",
    }


def test_a_unit_that_nobody_was_asked_in_says_so_and_hides_nothing():
    # gone: in the register for the sake of earlier answers, with nobody invited any more
    table = rates({"a": 12, "b": 14}, {"a": 20, "b": 20}, {"a": "", "b": "", "gone": ""})
    assert table["status"].droplevel("role").to_dict() == {
        "*": "published", "a": "published", "b": "published", "gone": "no_answers",
    }  # fmt: skip
    assert table.loc[("gone", "*"), ["invited", "answered", "rate"]].isna().all()
    # its parent counts those below it, who were asked
    table = rates({"a": 12, "b": 14}, {"a": 20, "b": 20}, {"above": "", "a": "above", "b": ""})
    assert table.loc[("above", "*"), "status"] == "published"


def test_a_unit_with_answers_and_no_invited_is_not_one_that_nobody_was_asked_in():
    table = rates({"a": 12, "new": 3}, {"a": 20, "b": 20}, {"a": "", "b": "", "new": ""})
    assert table.loc[("new", "*"), "status"] == "incomplete"


def test_two_withheld_units_that_together_are_too_few_are_not_given_away():
    # a and b: one silent each, two together follow from the whole less c
    table = rates({"a": 9, "b": 9, "c": 10}, {"a": 10, "b": 10, "c": 20})
    assert table.loc[("c", "*"), "status"] == "suppressed_complement"
    # one more silent in b (2): three together may be worked out
    table = rates({"a": 9, "b": 8, "c": 10}, {"a": 10, "b": 10, "c": 20})
    assert table.loc[("c", "*"), "status"] == "published"


def test_a_withheld_rate_carries_no_figures():
    row = rates({"a": 18, "b": 10}, {"a": 20, "b": 20}).loc[("b", "*")]
    assert row[["invited", "answered", "rate"]].isna().all()
    assert row["band"] == ""


def test_more_answers_than_invitations_in_a_unit_leave_only_the_whole():
    table = rates({"a": 9, "b": 10}, {"a": 8, "b": 20})
    whole = table.loc[("*", "*")]
    assert (whole["status"], whole["invited"], whole["answered"]) == ("published", 28, 19)
    assert set(table.drop(("*", "*"))["status"]) == {"incomplete"}
    assert table.drop(("*", "*"))[["invited", "answered", "rate"]].isna().all(axis=None)


def test_answers_from_a_unit_that_nobody_was_invited_in_count_in_the_whole():
    table = rates({"a": 5, "x": 2}, {"a": 20}, {"a": "", "x": ""})
    assert (table.loc[("*", "*"), "answered"], table.loc[("*", "*"), "invited"]) == (7, 20)
    assert table.loc[("a", "*"), "status"] == "incomplete"


def test_more_answers_than_invitations_in_all_leave_nothing():
    table = rates({"a": 30, "b": 10}, {"a": 8, "b": 20})
    assert set(table["status"]) == {"incomplete"}
    assert table[["invited", "answered", "rate"]].isna().all(axis=None)


def test_roles_are_put_together_where_invitations_have_none():
    table = rates({("a", "p"): 5, ("a", "t"): 4, ("b", "p"): 6}, {"a": 20, "b": 20})
    assert table.loc[("a", "*"), "answered"] == 9
    assert set(table.index.get_level_values("role")) == {"*"}


def test_invitations_by_role_give_rates_by_role():
    table = rates({("a", "p"): 5, ("b", "t"): 4}, {("a", "p"): 10, ("b", "t"): 10})
    assert table.loc[("*", "p"), "rate"] == 0.5
    assert table.loc[("*", "t"), "rate"] == 0.4


def test_parents_sum_their_units_and_their_own_people():
    table = rates({"u": 4, "v": 6, "w": 2}, {"u": 10, "v": 12, "w": 20}, {"u": "", "v": "u", "w": ""})
    assert (table.loc[("u", "*"), "invited"], table.loc[("u", "*"), "answered"]) == (22, 10)
    assert table.loc[("u.direct", "*"), "rate"] == 0.4


def test_without_invitations_there_are_no_rates():
    tree = UnitTree({})
    block = build_block("2026", "org", 5, tree, np.array([""] * 5, object), np.array(["unknown"] * 5, object))
    table = compute_rates(block, tree, pd.DataFrame({"unit": [], "role": [], "invited": []}))
    assert table.empty
    assert {"unit", "role", "status", "invited", "answered", "rate", "band"} <= set(table)
