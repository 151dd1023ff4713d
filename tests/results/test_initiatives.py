"""What of initiatives and plans is published: only what was read, only with consent, never a hidden name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dimios_core.actions.conclusions import add_conclusions
from dimios_core.actions.goals import set_goal
from dimios_core.published.schema import table_schema
from dimios_core.published.store import load_results
from dimios_core.published.unnamed import describe_unnamed
from dimios_core.results.evidence.initiatives import publish_initiatives
from dimios_core.results.score import score_responses
from tests.building import make_instrument, make_organisations, write_store

MODEL = make_instrument({"b": "c", "a": "c"}, {"c": "d"})


def people(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["id", "type", "size", "county"])
    return frame.assign(name=frame["id"].str.title())


def municipalities(n: int, size: str = "small", county: str = "14", letter: str = "m") -> list[tuple]:
    return [(f"{letter}{i}", "municipality", size, county) for i in range(n)]


def stored(*rows: dict) -> pd.DataFrame:
    usual = {
        "id": "m0-a", "organisation": "m0", "point": "a", "kind": "process", "title": "T", "what": "W", "effect": "E",
        "start": "2025-01", "contact": "anna@m0.example", "consent": "named", "validated": True,
    }  # fmt: skip
    return pd.DataFrame([usual | row for row in rows])


def test_named_ones_are_told_in_full() -> None:
    (row,) = publish_initiatives(stored({}), people(*municipalities(1)), MODEL).to_dict("records")
    assert row == {
        "id": "1", "point": "a", "kind": "process", "title": "T", "what": "W", "effect": "E", "start": "2025-01",
        "type": "municipality", "size": "small", "county": "14", "organisation_name": "M0",
        "contact": "anna@m0.example",
    }  # fmt: skip


def test_anonymous_ones_have_no_name_contact_or_telling_id() -> None:
    table = publish_initiatives(stored({"consent": "anonymous"}), people(*municipalities(5)), MODEL)
    (row,) = table.to_dict("records")
    assert (row["organisation_name"], row["contact"], row["what"]) == ("Kommun X", "", "W")
    assert not [text for text in row.values() if "m0" in text.lower()]


@pytest.mark.parametrize(
    "row",
    [{"validated": False}, {"consent": "none"}, {"organisation": "unknown"}, {"point": "other"}],
)
def test_the_others_are_not_published(row: dict) -> None:
    table = publish_initiatives(stored(row), people(*municipalities(9)), MODEL)
    assert list(table.columns) == list(table_schema("initiatives").columns)
    assert table.empty


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("municipality", "Kommun X"),
        ("region", "Region X"),
        ("agency", "Myndighet X"),
        ("company", "Bolag X"),
        ("other", "Organisation X"),
    ],
)
def test_what_an_unnamed_organisation_is_called(kind: str, name: str) -> None:
    alike = people(*[(f"m{n}", kind, "small", "14") for n in range(5)])
    table = publish_initiatives(stored({"consent": "anonymous"}), alike, MODEL)
    assert table["organisation_name"].tolist() == [name]


def test_rows_follow_the_model_then_the_start() -> None:
    rows = [{"title": t, "point": p, "start": s} for t, p, s in
            [("z", "a", "2024-01"), ("y", "b", "2025-01"), ("x", "b", "2024-01")]]  # fmt: skip
    table = publish_initiatives(stored(*rows), people(*municipalities(5)), MODEL)
    assert table[["id", "title"]].to_numpy().tolist() == [["1", "x"], ["2", "y"], ["3", "z"]]


def test_five_alike_are_told_by_type_size_and_county() -> None:
    told = describe_unnamed(people(*municipalities(5)))
    assert told["m0"] == {"type": "municipality", "size": "small", "county": "14"}


def test_four_alike_are_not() -> None:
    rows = [*municipalities(4), *municipalities(1, county="12", letter="n")]
    told = describe_unnamed(people(*rows))
    assert {tuple(t.values()) for t in told.values()} == {("municipality", "small", "")}


def test_a_county_left_out_does_not_point_at_the_one_that_lacks_it() -> None:
    """Nine small municipalities, five of them told with their county: the other four would be known by its absence."""
    rows = [*municipalities(5), *municipalities(4, county="12", letter="n")]
    assert describe_unnamed(people(*rows))["n0"] is None


def test_few_of_a_type_are_told_without_it_and_only_if_five_remain() -> None:
    regions = [(f"r{n}", "region", "large", "14") for n in range(3)]
    companies = [(f"b{n}", "company", "small", "14") for n in range(2)]
    told = describe_unnamed(people(*regions, *companies, *municipalities(6)))
    assert told["r0"] == told["b0"] == {"type": "", "size": "", "county": ""}
    assert describe_unnamed(people(*regions, *municipalities(6)))["r0"] is None


@pytest.mark.parametrize("seed", range(30))
def test_at_least_five_are_always_described_in_the_same_words(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [
        (f"o{n}", str(rng.choice(["a", "b", "c"], p=[0.7, 0.2, 0.1])), str(rng.choice(["s", "m"])), str(rng.integers(5)))
        for n in range(rng.integers(1, 60))
    ]  # fmt: skip
    told = [tuple(t.values()) for t in describe_unnamed(people(*rows)).values() if t]
    assert all(told.count(words) >= 5 for words in told)


@pytest.fixture
def outputs(heavy: None, tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        [
            (o, "2026", "", "p", n, *rng.integers(1, 6, 2))
            for o in ("m0", "m1")
            for n in range(12)
        ],
        columns=["organisation", "period", "unit", "role", "respondent", "b", "a"],
    )  # fmt: skip
    write_store(tmp_path, MODEL, rows, make_organisations("m0", "m1"))
    return tmp_path


def test_scoring_without_initiatives_and_plans_gives_empty_tables(outputs: Path) -> None:
    score_responses(outputs, MODEL)
    results = load_results("m0", outputs / "results")
    assert results.initiatives.empty
    assert results.plans.empty
    assert results.evidence["status"].tolist() == ["too_few", "too_few"]
    assert results.evidence_kinds["status"].tolist() == ["too_few"] * 7
    assert results.goals.empty
    assert results.conclusions.empty
    assert results.advice == {"instrument": "small", "points": {}}
    assert results.reference == {"instrument": "small", "lines": [], "targets": []}


def test_a_plan_lies_in_its_organisations_folder_and_nowhere_else(outputs: Path) -> None:
    plans = pd.DataFrame(
        [
            (
                "m0",
                "2025",
                "Do this",
                "Anna Ek",
                "2026-01",
                "a",
                "It is done",
                "2026",
                "process",
                "gone",
                "done",
                "yes",
                "Well done",
            ),
            ("m0", "2025", "Of another model", "Bo", "2026-01", "zzz", "", "", "", "", "", "no", ""),
        ],
        columns=["organisation", *table_schema("plans").columns],
    )
    (outputs / "plans").mkdir()
    plans.to_parquet(outputs / "plans" / "plans.parquet")
    (outputs / "initiatives").mkdir()
    given = stored({"title": "Hidden", "validated": False}, {"id": "m0-b", "point": "b", "title": "Shown"})
    given.to_parquet(outputs / "initiatives" / "initiatives.parquet")
    score_responses(outputs, MODEL)
    results = load_results("m0", outputs / "results")
    assert results.plans[["what", "who", "point"]].to_numpy().tolist() == [["Do this", "Anna Ek", "a"]]
    # a unit that the register no longer has is not the whole organisation
    assert results.plans.loc[0, ["kind", "unit", "progress", "consent", "outcome"]].tolist() == [
        "process",
        ".gone",
        "done",
        "yes",
        "Well done",
    ]
    assert load_results("m1", outputs / "results").plans.empty
    assert results.initiatives["title"].tolist() == ["Shown"]
    for path in (outputs / "results").rglob("*.parquet"):
        text = str(pq.read_table(path).to_pydict())
        assert ("Anna Ek" in text) == (path.parent.name == "organisation=m0" and path.name == "plans.parquet")
        assert "Hidden" not in text


def test_conclusions_lie_in_their_organisations_folder_and_nowhere_else(outputs: Path) -> None:
    for organisation, period, text in (
        ("m0", "2026", "Only ours"),
        ("m1", "2026", "Theirs"),
        ("m0", "2031", "Of no measurement"),
    ):
        row = {
            "organisation": organisation,
            "period": period,
            "written_by": "We",
            "date": "2026-01-01",
            "text": text,
        }
        add_conclusions(row, outputs)
    score_responses(outputs, MODEL)
    rows = load_results("m0", outputs / "results").rows("conclusions")
    assert rows == [{"period": "2026", "written_by": "We", "date": "2026-01-01", "text": "Only ours"}]
    for path in (outputs / "results").rglob("*.parquet"):
        assert ("Only ours" in str(pq.read_table(path).to_pydict())) == (
            path.parent.name == "organisation=m0" and path.name == "conclusions.parquet"
        )


def test_goals_lie_in_their_organisations_folder_and_nowhere_else(outputs: Path) -> None:
    for organisation, level, key, value in (
        ("m0", "category", "c", 98.7), ("m1", "maturity", "maturity", 70.0), ("m0", "point", "of-another-model", 12.5),
    ):  # fmt: skip
        set_goal(
            {"organisation": organisation, "level": level, "key": key, "value": value, "year": 2027}, outputs
        )
    score_responses(outputs, MODEL)
    results = load_results("m0", outputs / "results")
    assert results.goals.to_numpy().tolist() == [["category", "c", 98.7, 2027]]
    assert results.rows("goals") == [{"level": "category", "key": "c", "value": 98.7, "year": 2027}]
    assert load_results("m1", outputs / "results").goals["value"].tolist() == [70.0]
    for path in (outputs / "results").rglob("*.parquet"):
        assert ("98.7" in str(pq.read_table(path).to_pydict())) == (
            path.parent.name == "organisation=m0" and path.name == "goals.parquet"
        )
