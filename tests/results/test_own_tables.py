"""The audit holds what organisations wrote themselves, plans, goals, conclusions and kinds of initiatives, to what may be there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dimios_core.results.audit.known import ORGANISATION, PUBLIC, check_figures, check_places
from dimios_core.results.audit.rules import own_places
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.scoring.columns import Columns
from tests.building import make_instrument

MODEL = make_instrument({"a": "c", "b": "c"}, {"c": "d"})
RESULTS = Path("results")
PROFILE = {
    "id": "m0",
    "periods": ["2025", "2026"],
    "units": [{"id": "care", "parent": ""}],
    "type": "",
    "county": "",
    "size": "",
}
PLAN = {
    "period": "2025", "what": "W", "who": "V", "when": "2026-01", "point": "a", "expected": "", "measure_period": "",
    "kind": "process", "unit": "care", "progress": "done", "consent": "no", "outcome": "",
}  # fmt: skip
CONCLUSIONS = {"period": "2026", "written_by": "Vi", "date": "2026-11-20", "text": "# Hej\n\nVi når 61,5 %."}
GOAL = {"level": "category", "key": "c", "value": 60.5, "year": 2027}
INITIATIVE = {
    "id": "1", "point": "a", "kind": "", "title": "T", "what": "W", "effect": "", "start": "2025-01", "type": "", "size": "",
    "county": "", "organisation_name": "M0", "contact": "",
}  # fmt: skip


def audit(table: str, *rows: dict) -> list[str]:
    """What the audit says of a table with these rows."""
    listed = ORGANISATION if table in ORGANISATION else PUBLIC
    sheet, keys = Sheet.of_frame(pd.DataFrame(list(rows))), set(Columns(MODEL).level_rows)
    folder = RESULTS / ("organisation=m0" if table in ORGANISATION else "public")
    faults = list(check_figures(RESULTS, folder, {table: sheet}))
    faults += check_places({table: sheet}, listed, keys, own_places(PROFILE, MODEL))
    return [what for *_, what in faults]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("plans", PLAN), ("plans", PLAN | {"kind": "", "unit": "", "progress": ""}), ("plans", PLAN | {"unit": ".gone"}), ("goals", GOAL),
        ("goals", GOAL | {"level": "maturity", "key": "maturity", "value": 0.0, "year": 2100}), ("initiatives", INITIATIVE),
        ("conclusions", CONCLUSIONS),
    ],
)  # fmt: skip
def test_what_may_stand_there_is_fine(table: str, row: dict) -> None:
    assert audit(table, row) == []


@pytest.mark.parametrize(
    ("table", "cells", "said"),
    [
        ("plans", {"kind": "magic"}, "a word for kind"),
        ("plans", {"progress": "published"}, "a word for progress"),
        ("plans", {"consent": ""}, "a word for consent"),
        ("plans", {"unit": "of-another"}, "a unit that there is not"),
        ("plans", {"point": "z"}, "a level that there is not"),
        ("goals", {"value": 100.1}, "beyond its limits"),
        ("goals", {"value": -0.1}, "beyond its limits"),
        ("goals", {"value": 60.55}, "more than one decimal"),
        ("goals", {"value": None}, "without its figures"),
        ("goals", {"year": 1999}, "beyond its limits"),
        ("goals", {"year": 2101}, "beyond its limits"),
        ("goals", {"year": 2027.5}, "not whole"),
        ("goals", {"key": "z"}, "a level that there is not"),
        ("goals", {"level": "item"}, "a word for level"),
        ("initiatives", {"kind": "teknik"}, "a word for kind"),
        ("conclusions", {"period": "2019"}, "a row of a period that there is not"),
    ],
)
def test_what_may_not_is_found(table: str, cells: dict, said: str) -> None:
    rows = {"plans": PLAN, "goals": GOAL, "initiatives": INITIATIVE, "conclusions": CONCLUSIONS}
    row = rows[table] | cells
    found = audit(table, row)
    assert any(said in what for what in found), found


def test_a_period_has_conclusions_once() -> None:
    assert "stands twice" in audit("conclusions", CONCLUSIONS, CONCLUSIONS | {"text": "Annat"})
    assert audit("conclusions", CONCLUSIONS, CONCLUSIONS | {"period": "2025"}) == []


def test_a_goal_stands_once() -> None:
    assert "stands twice" in audit("goals", GOAL, GOAL | {"value": 70.0})
    assert audit("goals", GOAL, GOAL | {"year": 2028}) == []
