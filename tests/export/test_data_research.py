"""`dimios export data --level research`: refused until agreed to, and nobody in it is alone."""

from __future__ import annotations

import json
import shutil
import stat
from collections import Counter
from pathlib import Path

import frictionless
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dimios_core.export.data.coarsening import (
    coarsen_organisations,
    coarsen_records,
    report_coarsening,
    round_count,
)
from dimios_core.responses.store import ResponseStore
from tests.export.data_outputs import (
    PERIODS,
    TINY,
    export_data,
    machine_words,
    make_outputs,
    read_bytes,
    read_values,
)

PURPOSE = "How roles differ in their view of technical debt"
AGREED = ("--level", "research", "--purpose", PURPOSE, "--i-accept-the-data-use-statement")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Outputs with the package at its usual place."""
    outputs = make_outputs(tmp_path_factory.mktemp("research") / "outputs")
    with pytest.MonkeyPatch.context() as patch:
        assert export_data(patch, outputs, *AGREED) == 0
    return outputs


@pytest.fixture(scope="module")
def package(made) -> Path:
    (folder,) = (made / "exports" / "data").iterdir()
    return folder


@pytest.fixture
def copy(made, tmp_path) -> Path:
    """Outputs that a test may alter, without exports."""
    shutil.copytree(made, tmp_path / "copy", ignore=shutil.ignore_patterns("exports"))
    return tmp_path / "copy"


def read_table(package: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(package / "data" / f"{name}.csv", dtype=str, keep_default_na=False)


def stored(outputs: Path) -> pd.DataFrame:
    store = ResponseStore(outputs)
    parts = [
        store.read(period, o).to_pandas().assign(period=period)
        for period in store.periods()
        for o in store.organisations(period)
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), ["--purpose", "at least 20 characters", "is not accepted"]),
        (("--purpose", PURPOSE), ["is not accepted", "read it; then give --i-accept"]),
        (("--i-accept-the-data-use-statement",), ["--purpose: the purpose is missing or too short"]),
    ],
)
def test_it_is_refused_without_purpose_and_consent(copy, monkeypatch, capsys, given, told):
    before = read_bytes(copy)
    assert export_data(monkeypatch, copy, "--level", "research", *given) == 2
    shown = capsys.readouterr()
    assert all(words in shown.err for words in told)
    assert ("Ingen försöker ta reda på" in shown.out and "Nobody tries" in shown.out) == (
        "--i-acc" not in str(given)
    )
    assert read_bytes(copy) == before


def test_the_package_is_valid(package):
    report = frictionless.validate(package / "datapackage.json")
    assert report.valid, report.flatten(["name", "note", "fieldName"])
    assert len(report.tasks) == 12


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_everybody_has_four_others_alike_over_all_periods_that_are_linked(package, kind):
    def read(name: str) -> pd.DataFrame:
        if kind == "csv":
            return read_table(package, name)
        return pq.read_table(package / "data" / f"{name}.parquet").to_pandas().fillna("").astype(str)

    people = read("respondents").merge(read("organisations"), on="organisation", how="left").fillna("")
    known = ["period", "organisation", "type", "size", "county", "role", "unit_level"]
    trajectories: dict[str, list] = {}
    for row in people.sort_values("period").to_dict("records"):
        trajectories.setdefault(row["respondent"], []).append(tuple(row[k] for k in known))
    alike = Counter(map(tuple, trajectories.values()))
    assert min(alike.values()) >= 5
    assert len(alike) > 40 and any(len(t) == 2 for t in alike)
    # whoever knows any part of it, of one period, finds at least five too
    for n in range(len(known)):
        columns = [k for k in known if k != known[n]]
        assert people.groupby(columns)["respondent"].nunique().min() >= 5
    told = people.drop_duplicates("organisation").query("organisation != ''")
    assert told.groupby(["type", "size", "county"]).size().min() >= 5


def test_no_pseudonym_id_or_name_of_the_store_and_nothing_of_the_machine(made, package):
    told = read_values(package)
    answers = stored(made)
    register = ResponseStore(made).register()
    words = [*register.organisations["id"], *register.organisations["name"], *register.units["unit"]]
    words += [*map(str, answers["respondent"].unique()), *machine_words(made)]
    words.append((made / "responses" / "key-mark").read_text(encoding="ascii").strip())
    assert [word for word in words if word in told] == []
    assert {"started_at", "answered_at", "weight", "stratum"} & set(read_table(package, "answers")) == set()


def test_answers_are_stored_ones_of_part_of_the_people(made, package):
    before, after = stored(made), read_table(package, "answers")
    told = Counter(zip(after["period"], after["item"], after["answer_kind"], after["answer"], strict=True))
    answer = before["answer"].map(lambda a: "" if pd.isna(a) else str(float(a)))
    had = Counter(
        zip(before["period"], before["item"], before["answer_kind"].astype(str), answer, strict=True)
    )
    assert not told - had
    assert 0.2 < told.total() / had.total() < 0.6
    report = json.loads((package / "coarsening.json").read_text(encoding="utf-8"))
    assert report["drawn"]["answers"] == 5 * round(told.total() / 5)
    assert report["not_drawn"]["answers"] == 5 * round((had.total() - told.total()) / 5)


def test_organisations_without_five_of_a_unit_and_role_are_not_there(made, package):
    present = read_table(package, "organisations")
    everybody = stored(made)
    assert everybody[everybody["organisation"] == TINY]["respondent"].nunique() == 3
    assert len(present) == everybody["organisation"].nunique() - 1
    assert "company" not in set(present["type"]) and set(present["county"]) <= {"", "14", "12"}


def test_only_its_owner_can_read_it(package):
    modes = {stat.S_IMODE(p.stat().st_mode) for p in package.rglob("*") if p.is_file()}
    folders = {stat.S_IMODE(p.stat().st_mode) for p in (package, package / "data")}
    assert (modes, folders) == ({0o600}, {0o700})


def test_the_same_purpose_gives_the_same_bytes_and_another_one_other_pseudonyms(
    package, copy, monkeypatch, tmp_path
):
    spaced = "  " + PURPOSE.replace(" ", "  ")
    assert export_data(monkeypatch, copy, *AGREED[:3], spaced, AGREED[4], "--to", tmp_path / "again") == 0
    assert read_bytes(tmp_path / "again") == read_bytes(package)
    other = (*AGREED[:3], PURPOSE + ", once more", AGREED[4])
    assert export_data(monkeypatch, copy, *other, "--to", tmp_path / "other") == 0
    for table, column in (("respondents", "respondent"), ("organisations", "organisation")):
        ours, others = (set(read_table(p, table)[column]) for p in (package, tmp_path / "other"))
        assert len(ours) == len(others) and not ours & others


def test_late_answers_wait_and_other_answers_give_other_pseudonyms(package, copy, monkeypatch, tmp_path):
    path = copy / "responses" / f"period={PERIODS[1]}" / "dolda-00.parquet"
    path.unlink()
    assert export_data(monkeypatch, copy, *AGREED, "--to", tmp_path / "late") == 0
    assert read_bytes(tmp_path / "late") == read_bytes(package)
    (copy / "ledger" / path.relative_to(copy)).unlink()
    assert export_data(monkeypatch, copy, *AGREED, "--to", tmp_path / "without") == 0
    ours, others = (set(read_table(p, "respondents")["respondent"]) for p in (package, tmp_path / "without"))
    assert others and not ours & others


def test_what_is_missing_is_told(copy, monkeypatch, capsys):
    shutil.rmtree(copy / "ledger")
    assert export_data(monkeypatch, copy, *AGREED) == 2
    assert "no answers behind published results" in capsys.readouterr().err
    assert not (copy / "exports").exists()


def test_the_readme_says_what_cannot_be_hidden_and_counts_nobody(package):
    readme = (package / "README.md").read_text(encoding="utf-8")
    for words in (
        PURPOSE,
        "**An organisation can be recognised, and a unit.**",
        "En organisation kan gå att känna igen, och en enhet",
    ):
        assert words in readme
    report = json.loads((package / "coarsening.json").read_text(encoding="utf-8"))
    counts = [*report["records"].values(), *report["organisations_told"].values()]
    assert all(c == "fewer than 5" or c % 5 == 0 for c in counts)
    assert report["records"]["untouched"] >= 5 and report["records"]["link"] != 0


def records(*groups: tuple[int, str, str, str, str]) -> pd.DataFrame:
    """Rows of people: how many, organisation, periods with spaces, role, unit level."""
    rows = [
        (organisation, f"{g}-{i}", period, role, level)
        for g, (n, organisation, periods, role, level) in enumerate(groups)
        for i in range(n)
        for period in periods.split()
    ]
    return pd.DataFrame(rows, columns=["organisation", "person", "period", "role", "unit_level"])


def ends(told: pd.DataFrame) -> set[tuple]:
    columns = ["organisation", "period", "role", "unit_level", "linked", "step"]
    return set(told[columns].itertuples(index=False, name=None))


def test_five_alike_are_left_as_they_are_and_four_are_not():
    told = coarsen_records(records((5, "A", "2024", "p", "top"), (4, "A", "2024", "t", "top")))
    assert ends(told) == {
        ("A", "2024", "p", "top", True, "untouched"),
        ("", "2024", "", "", False, "suppressed"),
    }


def test_the_unit_level_goes_first_then_the_link_then_the_role_then_the_organisation():
    told = coarsen_records(records((3, "A", "2024", "p", "top"), (2, "A", "2024", "p", "below")))
    assert ends(told) == {("A", "2024", "p", "", True, "unit_level")}
    told = coarsen_records(
        records((3, "A", "2024 2025", "p", "top"), (2, "A", "2024", "p", "top"), (2, "A", "2025", "p", "top"))
    )
    assert ends(told) == {("A", p, "p", "top", False, "link") for p in ("2024", "2025")}
    told = coarsen_records(records((3, "A", "2024", "p", "top"), (2, "A", "2024", "t", "top")))
    assert ends(told) == {("A", "2024", "", "", False, "link_role")}
    told = coarsen_records(records((3, "A", "2024", "p", "top"), (2, "B", "2024", "p", "top")))
    assert ends(told) == {("", "2024", "p", "top", False, "organisation")}


def test_a_person_who_changed_role_is_alike_only_those_who_did_so_too():
    frame = records(
        (5, "A", "2024 2025", "p", "top"), (4, "A", "2024 2025", "t", "top"), (9, "A", "2025", "p", "top")
    )
    changed = frame["person"].str.startswith("1-") & (frame["period"] == "2025")
    frame.loc[changed, "role"] = "p"
    told = coarsen_records(frame)
    assert set(told.loc[frame["person"].str.startswith("0-"), "step"]) == {"untouched"}
    mine = told[frame["person"].str.startswith("1-")]
    assert set(mine.loc[mine["period"] == "2024", "step"]) == {"suppressed"}
    # four of 2025 whose link is broken join the nine, whose pseudonym has one period as well
    assert ends(mine[mine["period"] == "2025"]) == {("A", "2025", "p", "top", False, "link")}


def test_attributes_are_told_as_far_as_five_organisations_share_them():
    rows = [(f"m{i}", "municipality", "small", "14") for i in range(5)]
    rows += [(f"n{i}", "municipality", "large", f"0{i + 1}") for i in range(5)] + [
        ("c", "company", "small", "14")
    ]
    told = coarsen_organisations(pd.DataFrame(rows, columns=["id", "type", "size", "county"]))
    words = told.set_index("id").agg("/".join, axis=1)
    # the company alone would stand out among those of whom nothing is told: a group of five joins it
    assert (words["c"], words["m0"], words["n0"]) == ("//", "municipality/small/14", "//")
    few = coarsen_organisations(pd.DataFrame(rows[:4], columns=["id", "type", "size", "county"]))
    assert set(few[["type", "size", "county"]].agg("/".join, axis=1)) == {"//"}


def test_counts_are_rounded_so_that_no_difference_tells_of_few():
    assert [round_count(n) for n in (0, 1, 4, 5, 7, 8, 12, 13)] == [
        0,
        "fewer than 5",
        "fewer than 5",
        5,
        5,
        10,
        10,
        15,
    ]
    told = coarsen_records(records((6, "A", "2024", "p", "top"), (4, "A", "2024", "t", "top")))
    report = report_coarsening(told, pd.DataFrame(columns=["id", "type", "size", "county"]))
    assert report["records"]["untouched"] == 5 and report["records"]["suppressed"] == "fewer than 5"


def test_an_organisation_that_wants_more_than_five_answers_is_not_told_apart(
    package, copy, tmp_path, monkeypatch
):
    register = copy / "ledger" / "responses" / "register" / "organisations.parquet"
    about = pd.read_parquet(register)
    about.loc[about["id"] == "hemliga-00", "threshold"] = 10
    about.to_parquet(register)
    target = tmp_path / "package"
    assert export_data(monkeypatch, copy, *AGREED, "--to", target) == 0
    before, after = (read_table(folder, "organisations") for folder in (package, target))
    assert len(after) == len(before) - 1
    # people of units and roles with ten are told without their organisation, the others not at all
    unknown = read_table(target, "respondents")["organisation"].eq("").sum()
    records = stored(copy).query("organisation == 'hemliga-00'").drop_duplicates(["period", "respondent"])
    sizes = records.groupby(["period", "unit", "role"]).size()
    assert (
        0
        < unknown
        <= (sizes[sizes >= 10] * 2 // 3).sum()
        + read_table(package, "respondents")["organisation"].eq("").sum()
    )
