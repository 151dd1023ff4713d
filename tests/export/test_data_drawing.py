"""Who may be in a research package, whose link is kept, and which questions of a unit and role may be told."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from dimios_core.export.data.behind import find_recoverable
from dimios_core.export.data.drawing import break_links, draw_part, find_large
from dimios_core.export.data.research import list_corrected
from tests.building import make_instrument

MODEL = make_instrument({"a": "c", "b": "c"}, {"c": "d"})


#: shares of don't know that tell no count
SHARES = {"no share": None, "nearly all": 0.95}


def people(*groups: tuple[int, str, str]) -> pd.DataFrame:
    """Rows of people: how many, their unit, periods with spaces; five have to be alike."""
    rows = [
        ("o", period, unit, "p", f"{g}-{i}")
        for g, (n, unit, periods) in enumerate(groups)
        for i in range(n)
        for period in periods.split()
    ]
    return pd.DataFrame(rows, columns=["organisation", "period", "unit", "role", "person"]).assign(alike=5)


def test_a_cell_is_large_from_five_people_or_from_what_its_organisation_asks_for():
    frame = people((5, "u", "2024"), (4, "v", "2024"))
    assert find_large(frame).tolist() == [True] * 5 + [False] * 4
    assert not find_large(frame.assign(alike=10)).any()


def test_two_thirds_of_each_cell_are_drawn_rounded_down_and_at_least_two_are_left():
    for n, drawn in ((5, 3), (6, 4), (7, 4), (8, 5), (9, 6), (30, 20)):
        frame = people((n, "u", "2024"))
        kept = draw_part(frame.assign(lot=range(n)[::-1]))
        assert kept.tolist() == [False] * (n - drawn) + [True] * drawn


def test_a_link_needs_five_people_with_the_same_way():
    assert break_links(people((5, "u", "2024 2025"))).all()
    # four who left are told apart by having no link, and there were no more of them: no link for anybody
    assert not break_links(people((5, "u", "2024 2025"), (4, "u", "2024"))).iloc[:10].any()
    assert break_links(people((5, "u", "2024 2025"), (5, "u", "2024"))).all()
    # nor for four who stayed beside five who left
    frame = people((4, "u", "2024 2025"), (5, "u", "2024"), (5, "u", "2025"))
    assert break_links(frame).tolist() == [False] * 8 + [True] * 10


def test_where_few_are_left_over_the_smallest_other_way_gives_up_its_link():
    frame = people((9, "u", "2024 2025"), (6, "u", "2024 2026"), (2, "u", "2024"), (9, "u", "2026"))
    kept = break_links(frame).groupby(frame["person"].str[0]).all()
    assert kept.to_dict() == {"0": True, "1": False, "2": True, "3": True}
    with pytest.raises(ValueError, match="fewer people"):
        break_links(people((4, "u", "2024")))


def scores(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Published rows of both points, less those given as unit, role, point and what is wrong with it."""
    groups = [("*", "*"), ("u", "*"), ("u.direct", "*"), ("v", "*"), ("*", "p"), ("u", "p")]
    frame = pd.DataFrame(
        [(u, r, "point", key, "published", "", 0.1) for u, r in groups for key in "ab"],
        columns=["unit", "role", "level", "key", "status", "bound", "dont_know_share"],
    )
    for unit, role, key, wrong in rows:
        here = (frame["unit"] == unit) & (frame["role"] == role) & (frame["key"] == key)
        column = {"suppressed_complement": "status", "at_most": "bound"}.get(wrong, "dont_know_share")
        frame.loc[here, column] = wrong if column != "dont_know_share" else SHARES[wrong]
    return frame


@pytest.mark.parametrize("wrong", ["suppressed_complement", "at_most", *SHARES])
def test_a_question_is_behind_figures_where_its_cell_is_a_sum_of_published_rows(wrong):
    # w lies in u: u's technicians in w and directly in u; v has planners alone
    parent = {"u": "", "v": "", "w": "u"}
    cells = [("u", "p"), ("w", "p"), ("w", "t"), ("v", "p")]
    # u.direct is (u, p); v is (v, p); u = (u, p) + (w, p) + (w, t), and (u, p) + (w, p) is the row of planners in u
    found = find_recoverable(scores(), parent, cells, MODEL)
    assert found == {cell: {"a", "b"} for cell in cells}
    found = find_recoverable(scores(("u.direct", "*", "b", wrong)), parent, cells, MODEL)
    assert found == {
        ("u", "p"): {"a"}, ("w", "p"): {"a"}, ("w", "t"): {"a", "b"}, ("v", "p"): {"a", "b"},
    }  # fmt: skip
    hidden = [("u", "p", "a", wrong), ("*", "p", "a", wrong)]
    assert find_recoverable(scores(*hidden), parent, cells, MODEL)["w", "t"] == {"b"}


def test_periods_with_more_than_one_version_are_corrected(tmp_path):
    log = tmp_path / "releases.jsonl"
    assert list_corrected(log) == set()
    lines = [
        {"new_versions": ["a-b 2024", "a-b 2025", "c 2025"]},
        {"new_versions": []},
        {"new_versions": ["a-b 2025"]},
    ]
    log.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    assert list_corrected(log) == {("a-b", "2025")}
