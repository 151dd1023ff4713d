"""`dimios export data`: the open package says what the published tables of groups say, and nothing of anybody alone."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from tests.export.data_outputs import (
    CONTACT,
    LABEL,
    export_data,
    machine_words,
    make_outputs,
    read_bytes,
    read_values,
)

#: why each is left out: docs/decisions/0035-open-data.md
OPEN_TABLES = (
    "peer_groups", "benchmarks", "group_levels", "group_gaps", "group_changes", "distribution", "coverage", "reliability",
    "variance_shares", "evidence", "evidence_kinds",
)  # fmt: skip
LEFT_OUT = {"participation", "panel_participation", "positions", "named", "initiatives", "shared_plans"}
TEXTS = {"instrument", "advice", "reference", "glossary", "expert_help"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Outputs with the package at its usual place."""
    outputs = make_outputs(tmp_path_factory.mktemp("published") / "outputs")
    with pytest.MonkeyPatch.context() as patch:
        assert export_data(patch, outputs) == 0
    return outputs


@pytest.fixture(scope="module")
def package(made) -> Path:
    return made / "exports" / "data" / "published"


def test_the_package_is_valid(package):
    report = frictionless.validate(package / "datapackage.json")
    assert report.valid, report.flatten(["name", "note", "fieldName"])
    assert {task.name.removesuffix("-parquet") for task in report.tasks} == {"model", "codes", *OPEN_TABLES}
    assert len(report.tasks) == 2 * len(OPEN_TABLES) + 4


def test_a_changed_file_is_found_by_its_hash(package, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    path = copy / "data" / "coverage.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2024,all,*,18", "2024,all,*,19"), encoding="utf-8"
    )
    assert not frictionless.validate(copy / "datapackage.json").valid


@pytest.mark.parametrize("table", OPEN_TABLES)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_figures_are_those_of_the_published_tables(made, package, table, kind):
    ours = package / "data" / f"{table}.{kind}"
    told = (
        pd.read_csv(ours, dtype={"county": str, "period": str, "period_from": str}) if kind == "csv" else None
    )
    told = pd.read_parquet(ours) if told is None else told
    wanted = pd.read_parquet(made / "results" / "public" / f"{table}.parquet")
    assert set(told) == set(wanted) and len(told) == len(wanted)
    for column in wanted:
        expected = wanted[column]
        if table.startswith("evidence") and column in ("pairs_n", "organisations_n"):
            expected = expected.astype("float64").where(wanted["status"] != "too_few")
        if pd.api.types.is_numeric_dtype(expected):
            pairs = zip(told[column].astype("float64"), expected.astype("float64"), strict=True)
            assert all(a == b or (pd.isna(a) and pd.isna(b)) for a, b in pairs), column
        else:
            texts = [
                x.fillna("").astype(str).tolist()
                for x in (told[column].astype(object), expected.astype(object))
            ]
            assert texts[0] == texts[1], column


def test_there_are_figures_and_gaps_to_compare(made):
    levels = pd.read_parquet(made / "results" / "public" / "group_levels.parquet")
    assert levels["mean"].notna().sum() > 10
    assert (levels["status"] != "published").sum() > 5


def test_it_is_decided_of_every_public_table_whether_it_is_open(made):
    names = {p.stem for p in (made / "results" / "public").iterdir()}
    assert names <= {*OPEN_TABLES, *LEFT_OUT, *TEXTS}
    assert {*OPEN_TABLES, "named", "initiatives", "shared_plans"} <= names


def test_nobody_alone_is_told_of_and_nothing_of_the_machine(made, package):
    told = read_values(package)
    register = pd.read_parquet(made / "responses" / "register" / "organisations.parquet")
    for word in (*register["id"], *register["name"], CONTACT, "@", *machine_words(made)):
        assert word not in told, word


def test_codes_keys_and_units_can_be_read_from_the_package(package):
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    codes = pd.read_csv(package / "data" / "codes.csv")
    model = pd.read_csv(package / "data" / "model.csv")
    assert list(model["level"]) == ["maturity"] + ["dimension"] * 2 + ["category"] * 2 + ["point"] * 4
    assert descriptor["demo_label_sv"] == LABEL["sv"] and LABEL["en"] in descriptor["title"]
    assert [entry["name"] for entry in descriptor["licenses"]] == ["CC-BY-4.0"]
    for part in descriptor["resources"]:
        for field in part["schema"]["fields"]:
            assert all(field[key] for key in ("title", "title_sv", "description", "description_sv"))
            enum = field.get("constraints", {}).get("enum")
            if enum:
                assert set(enum) <= set(codes["code"])
    fields = {
        f["name"]: f
        for r in descriptor["resources"]
        if r["name"] == "group_changes"
        for f in r["schema"]["fields"]
    }
    assert fields["mean"]["unit"] == "percent" and fields["change"]["unit"] == "percentage points"


def test_the_same_results_give_the_same_bytes_elsewhere_and_take_the_old_ones_place(
    made, package, tmp_path, monkeypatch
):
    elsewhere = tmp_path / "some where" / "outputs"
    elsewhere.mkdir(parents=True)
    shutil.copytree(made / "results", elsewhere / "results")
    target = tmp_path / "web" / "open"
    assert export_data(monkeypatch, elsewhere, "--to", target) == 0
    assert read_bytes(target) == read_bytes(package)
    assert export_data(monkeypatch, elsewhere, "--to", target, "--license", "CC0-1.0") == 0
    assert b"CC0-1.0" in (target / "README.md").read_bytes()
    assert [p.name for p in target.parent.iterdir()] == ["open"]


def test_faults_are_told_with_place_and_remedy(made, tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert export_data(monkeypatch, made, "--license", "MIT", "--to", tmp_path) == 2
    told = capsys.readouterr().err
    assert "--license: the licence 'MIT' is not offered" in told and "CC-BY-4.0" in told
    assert "holds something else than such a package" in told and "name a new folder" in told
    assert export_data(monkeypatch, made, "--level", "secret") == 2
    assert "choose published or research" in capsys.readouterr().err
    assert export_data(monkeypatch, tmp_path / "none") == 2
    assert "there are no published results" in capsys.readouterr().err
    assert export_data(monkeypatch, made, "--to", tmp_path / "mine.txt" / "below") == 2
    assert "cannot be written" in capsys.readouterr().err
    assert read_bytes(tmp_path)["mine.txt"] == b"mine"


def test_a_folder_with_files_beside_the_package_is_not_replaced(made, package, tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    (copy / "data" / "notes.txt").write_text("mine", encoding="utf-8")
    assert export_data(monkeypatch, made, "--to", copy) == 2
    assert (copy / "data" / "notes.txt").is_file()


@pytest.mark.usefixtures("heavy")
def test_a_disk_that_is_full_half_way_leaves_what_was_there(made, package, tmp_path):
    target = tmp_path / "package"
    shutil.copytree(package, target)
    before = read_bytes(target)
    limit = len(before["data/group_levels.csv"]) - 1
    command = [
        sys.executable,
        "-m",
        "dimios_core",
        "export",
        "data",
        "--outputs",
        str(made),
        "--to",
        str(target),
    ]
    done = subprocess.run(
        [*command, "--license", "CC0-1.0"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert read_bytes(target) == before
    assert [p.name for p in tmp_path.iterdir()] == ["package"]
