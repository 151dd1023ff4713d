"""What a county may see of plans: nothing without consent, of nobody who is not shown by name, and no words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dimios_core.published.store import PREFIX
from dimios_core.published.writing import write_parquet
from dimios_core.results.audit.initiatives import check_actions
from dimios_core.results.evidence.shared_plans import publish_shared_plans

PEOPLE = pd.DataFrame(
    [("m0", "M0", "14", "named"), ("m1", "M1", "14", "anonymous"), ("m2", "M2", "14", "closed"), ("m3", "M3", "14", "named")],
    columns=["id", "name", "county", "sharing"],
)  # fmt: skip
SHOWN = {"2025": {"m0", "m1"}}
PLAN = {
    "organisation": "m0", "period": "2025", "what": "Anna teaches", "who": "Anna Ek", "when": "2026-01", "point": "a",
    "expected": "Bo is glad", "measure_period": "2026", "kind": "process", "unit": "", "progress": "done", "consent": "yes",
}  # fmt: skip


def publish(*changed: dict[str, str]) -> list[dict[str, str]]:
    plans = pd.DataFrame([PLAN | c for c in changed])
    return publish_shared_plans(plans, PEOPLE, SHOWN).to_dict("records")


def test_a_shared_plan_is_told_without_its_words():
    assert publish({}) == [
        {"period": "2025", "id": "m0", "name": "M0", "county": "14", "point": "a", "kind": "process", "progress": "done",
         "measure_period": "2026"}
    ]  # fmt: skip
    assert publish({"who": "Anna Ek"}, {"who": "Bo Ek"}) == publish({})


@pytest.mark.parametrize(
    "changed",
    [
        {"consent": "no"}, {"consent": ""}, {"unit": "care"}, {"organisation": "m1"}, {"organisation": "m2"},
        {"organisation": "m3"}, {"organisation": "m9"}, {"period": "2024"},
    ],
    ids=["no", "empty", "a unit's", "anonymous", "closed", "not shown", "unknown", "not shown then"],
)  # fmt: skip
def test_whatever_is_missing_nothing_is_told(changed):
    assert publish(changed) == []


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "public").mkdir()
    folder = tmp_path / f"{PREFIX}m0"
    folder.mkdir()
    plans = pd.DataFrame(
        [PLAN, PLAN | {"point": "b", "consent": "no"}, PLAN | {"point": "c", "unit": "care"}]
    )
    write_parquet(plans.drop(columns="organisation"), folder / "plans.parquet")
    named = pd.DataFrame({"period": ["2025"], "id": ["m0"], "name": ["M0"]})
    write_parquet(named, tmp_path / "public" / "named.parquet")
    write_parquet(pd.DataFrame(publish({})), tmp_path / "public" / "shared_plans.parquet")
    return tmp_path


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, []),
        ({"point": "b"}, ["a plan that the organisation does not share"]),
        ({"point": "c"}, ["a plan that the organisation does not share"]),
        ({"progress": "no"}, ["a plan that the organisation does not share"]),
        ({"id": "m9"}, ["a plan that the organisation does not share"]),
    ],
)
def test_the_audit_finds_a_plan_that_is_not_shared(results, cells, said):
    path = results / "public" / "shared_plans.parquet"
    write_parquet(pd.read_parquet(path).assign(**cells), path)
    assert [what for *_, what in check_actions(results)] == said


def test_the_audit_finds_a_plan_of_one_that_is_not_shown(results):
    path = results / "public" / "named.parquet"
    write_parquet(pd.read_parquet(path).assign(id="m3"), path)
    assert [what for *_, what in check_actions(results)] == [
        "a plan of an organisation that is not shown by name"
    ]
