"""`dimios demo` takes the raw files through the real register and ingest, and nothing gets lost on the way."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import partialmethod
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dimios_core import Project
from dimios_core.cli.app import app
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir, project_root
from dimios_core.project.making import DEMO_COUNTIES, DEMO_SEED
from dimios_core.project.progress import Stage, tell_nobody
from dimios_core.project.storing import store_demo
from dimios_core.responses import ResponseStore
from tests.pages import NATIONAL, TABS, list_county_pages
from tests.small_demo import KEPT, list_in_counties, make_demo_small


@pytest.fixture(scope="module")
def ran(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outputs folder of one's own, with what the demo has before scoring."""
    outputs = tmp_path_factory.mktemp("outputs") / "ran"
    made_by_scoring = shutil.ignore_patterns("results", "estimates", "ledger")
    return shutil.copytree(demo_outputs, outputs, ignore=made_by_scoring)


@pytest.fixture(scope="module")
def stored(ran: Path) -> pd.DataFrame:
    """All stored rows, with their period."""
    store = ResponseStore(ran)
    return pd.concat(
        store.read(period, organisation).to_pandas().assign(period=period)
        for period in store.periods()
        for organisation in store.organisations(period)
    )


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_every_answer_of_the_raw_files_is_stored(
    stored: pd.DataFrame, raw: pd.DataFrame, register: pd.DataFrame
) -> None:
    points = list(load_instrument("dimios").point_ids)
    answers = raw[list(range(26))]
    keys = [raw["organisation"].map(register["id"]), raw["period"]]
    expected = {
        "answered": (answers > 0).groupby(keys).sum(),
        "dont_know": (answers == -1).groupby(keys).sum(),
    }
    for kind, table in expected.items():
        counts = (
            stored[stored["answer_kind"] == kind]
            .astype({"organisation": str, "item": str})
            .groupby(["organisation", "period", "item"])
            .size()
        )
        for n, point in enumerate(points):
            got = counts.xs(point, level="item").reindex(table.index, fill_value=0)
            pd.testing.assert_series_equal(got, table[n], check_names=False, check_dtype=False)
    sums = stored.astype({"organisation": str}).groupby(["organisation", "period"])["answer"].sum()
    raw_sums = answers.where(lambda a: a > 0).sum(axis=1).groupby(keys).sum()
    pd.testing.assert_series_equal(
        sums.sort_index(), raw_sums.sort_index(), check_names=False, check_dtype=False
    )


def test_people_are_known_again_and_only_by_pseudonym(stored: pd.DataFrame, raw: pd.DataFrame) -> None:
    silent = stored.groupby(["period", "respondent"])["answer_kind"].agg(
        lambda kinds: (kinds == "missing").all()
    )
    speaking = silent[~silent].reset_index()
    people = {p: set(part["organisation"] + part["person"]) for p, part in raw.groupby("period")}
    pseudonyms = {p: set(part["respondent"]) for p, part in speaking.groupby("period")}
    assert {p: len(s) for p, s in pseudonyms.items()} == {p: len(s) for p, s in people.items()}
    for before, now in [("2023", "2024"), ("2024", "2025"), ("2025", "2026")]:
        assert len(pseudonyms[before] & pseudonyms[now]) == len(people[before] & people[now])
    texts = stored.select_dtypes(["category", "object", "string"])
    assert not any(texts[c].astype(str).str.contains("@|1[0-9]{6}").any() for c in texts)


def test_units_roles_and_weights_arrive(stored: pd.DataFrame, ran: Path, raw: pd.DataFrame) -> None:
    units = ResponseStore(ran).register().units
    known = set(zip(units["organisation"], units["unit"], strict=True))
    used = set(
        stored[["organisation", "unit"]].astype(str).drop_duplicates().itertuples(index=False, name=None)
    )
    assert {pair for pair in used if pair[1]} <= known
    assert any(unit == "" for _, unit in used)
    first = stored.drop_duplicates(["period", "respondent"])
    unknown = first[first["role"] == "unknown"]["organisation"].astype(str)
    assert set(unknown) == {"ronnstad", "fagerlov"}
    weighted = stored.groupby(stored["organisation"].astype(str))["weight"].nunique()
    assert set(weighted[weighted > 1].index) == {"lindvalla", "tallfors"}


def test_a_second_run_changes_nothing(ran: Path) -> None:
    before = _hashes(ran / "responses")
    assert json.loads((ran / "responses/register/demo.json").read_text(encoding="utf-8"))["demo"] is True
    told: list[Stage] = []
    steps = store_demo(ran, DEMO_SEED, told.append)
    ended = [stage.step for stage in told if stage.ended]
    assert ended == ["raw files", "register", "answers", "initiatives"]
    assert [name for name, _ in steps if name != "who"] == ended
    assert _hashes(ran / "responses") == before


def test_another_seed_or_other_answers_are_not_mixed_in(ran: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="another seed"):
        store_demo(ran, 1, tell_nobody)
    (tmp_path / "responses" / "period=2026").mkdir(parents=True)
    with pytest.raises(InputError, match="not the demo's"):
        Project(tmp_path).demo()
    assert {p.name for p in tmp_path.iterdir()} == {"responses", ".lock"}


FEW = ("almvik", "region-almland", "ronnstad")


@pytest.mark.usefixtures("heavy")
def test_the_command_says_what_it_made_and_what_is_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two counties' organisations, and reports of a few, go the way of all sixty, which take minutes."""
    monkeypatch.setattr(Project, "report", partialmethod(Project.report, FEW))
    project = tmp_path / "project"
    shutil.copytree(parameters_dir(), project / "parameters")
    (project / "notebooks").symlink_to(project_root() / "notebooks")
    kept = list_in_counties(parameters_dir() / "demo", DEMO_COUNTIES) | KEPT
    make_demo_small(project / "parameters" / "demo", kept)
    monkeypatch.setenv("DIMIOS_PROJECT", str(project))
    # of the other county too few are left to be shown together
    monkeypatch.setattr("dimios_core.project.making.DEMO_COUNTIES", DEMO_COUNTIES[1:])
    outputs = tmp_path / "out put"
    result = CliRunner().invoke(app, ["demo", "--outputs", str(outputs)])
    assert result.exit_code == 0, result.output
    for text in ("fictitious", f"{len(kept)} organisations", "audited and found safe", "make serve"):
        assert text in result.output
    made = {
        p.relative_to(outputs / "reports" / "2026").as_posix()
        for p in outputs.glob("reports/2026/*/sv/*.html")
    }
    wanted = {f"{who}/sv/{tab}.html" for who in FEW for tab in TABS}
    assert made == wanted | {
        f"_consortium/sv/{name}.html" for name in (*NATIONAL, *list_county_pages(*DEMO_COUNTIES[1:]))
    }
    assert (outputs / "demo" / "raw" / "digmog2026.sav").is_file()
    audited = CliRunner().invoke(app, ["audit", "--outputs", str(outputs)])
    assert audited.exit_code == 0, audited.output
    assert "all stand in tables that their reader may see" in audited.output.replace("\n", " ")
