"""A comparison is audited like all else: read, made again, and gone where somebody does not share any longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dimios_core import Project
from dimios_core.audit.reading import audit_reports
from dimios_core.audit.remaking_reports import ALTERED, STRAY, audit_remade_reports
from dimios_core.errors import InputError
from dimios_core.published.store import read_json

PAGE = Path("2026/_consortium/sv/comparison__almvik__oxtuna.html")
#: in the text of a difference, whatever it is
MARK = "</h1>"


@pytest.fixture(scope="module")
def compared(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outputs folder with one comparison."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "results").symlink_to(demo_outputs / "results")
    Project(folder, progress=None).compare("oxtuna", "almvik", period="2026").check()
    return folder


@pytest.fixture
def outputs(compared: Path, tmp_path: Path) -> Path:
    """A copy of it, to spoil."""
    return shutil.copytree(compared, tmp_path / "outputs", symlinks=True)


def read(outputs: Path) -> list[str]:
    return [finding.what for finding in audit_reports(outputs / "reports", outputs / "results").findings]


def remake(outputs: Path) -> list[str]:
    return [finding.what for finding in audit_remade_reports(outputs, 1)]


def plant(outputs: Path, words: str) -> None:
    path = outputs / "reports" / PAGE
    page = path.read_text(encoding="utf-8")
    assert MARK in page
    path.write_text(page.replace(MARK, f"{MARK}<p>{words}</p>", 1), encoding="utf-8")


def test_all_that_it_tells_is_published_by_name_or_follows_from_it(outputs):
    assert read(outputs) == []


def test_a_number_that_follows_from_nothing_published_is_found(outputs):
    plant(outputs, "Skillnad: 98,7")
    assert any("98.7" in what for what in read(outputs))


def test_a_name_that_is_not_shared_is_found(outputs):
    hidden = next(
        profile["name"]
        for path in sorted((outputs / "results").glob("organisation=*/organisation.json"))
        if (profile := read_json(path))["sharing"] == "closed"
    )
    plant(outputs, hidden)
    assert any("does not share its name" in what for what in read(outputs))


def test_a_whole_number_that_was_put_in_is_found_by_making_it_again(outputs):
    plant(outputs, "17 har svarat")
    assert remake(outputs) == [ALTERED]


def test_it_may_not_stay_where_somebody_does_not_share_any_longer(outputs, demo_outputs):
    results = outputs / "results"
    results.unlink()
    results.mkdir()
    for path in (demo_outputs / "results").iterdir():
        if path.name != "public":
            (results / path.name).symlink_to(path)
    shutil.copytree(demo_outputs / "results" / "public", results / "public")
    named = pd.read_parquet(results / "public" / "named.parquet")
    named[(named["id"] != "oxtuna").to_numpy()].to_parquet(results / "public" / "named.parquet", index=False)
    assert STRAY in remake(outputs)
    assert any("was not made from today's results" in what for what in read(outputs))


def test_who_does_not_share_is_refused_with_the_reason_and_nothing_is_made(outputs):
    sharing = {
        profile["id"]: profile["sharing"]
        for path in sorted((outputs / "results").glob("organisation=*/organisation.json"))
        if (profile := read_json(path))
    }
    closed, unnamed = (next(i for i in sharing if sharing[i] == how) for how in ("closed", "anonymous"))
    before = sorted((outputs / "reports").rglob("*"))
    with pytest.raises(InputError) as refused:
        Project(outputs, progress=None).compare(closed, unnamed, "nobody-here", period="2026")
    told = "\n".join(map(str, refused.value.problems))
    assert len(refused.value.problems) == 3
    for words in (
        "shows its result to nobody else",
        "without its name alone",
        "there is no such organisation",
    ):
        assert words in told
    assert sorted((outputs / "reports").rglob("*")) == before
