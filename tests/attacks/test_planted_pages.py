"""Leaks planted in pages, notebooks and exports, every place × kind: made again, they are not what they should be."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dimios_core.audit import remaking_reports
from dimios_core.audit.outputs import audit_outputs
from dimios_core.audit.remaking import ALTERED, FORMATS, find_altered, find_altered_package, list_finished
from dimios_core.audit.remaking_reports import compare_reports, list_pieces, make_again
from dimios_core.export.data.package import build_files
from dimios_core.export.data.published import build_published
from tests.attacks.planting import (
    KINDS,
    NOTEBOOK,
    OFFICE,
    PAGE,
    PDF,
    plant_in_notebook,
    plant_in_office,
    plant_in_page,
    plant_in_pdf,
)
from tests.export.command import find_export
from tests.export.conftest import outputs
from tests.once import make_once

__all__ = ["outputs"]  # a fixture
OWN = Path("2026", "almvik", "sv", "our_result")
COUNTY = Path("2026", "_consortium", "sv", "county_report_12")


@pytest.fixture(scope="module")
def again(stored_reports: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The stored reports, made again once."""

    def make(folder: Path) -> None:
        assert make_again(stored_reports, folder, list_pieces(stored_reports / "reports"), 2) == {}

    return make_once(tmp_path_factory, worker_id, "made-again", make) / "reports"


@pytest.fixture(scope="module")
def closed(demo_outputs: Path) -> str:
    """The name of an organisation that does not share it."""
    profiles = (
        json.loads(p.read_bytes())
        for p in sorted((demo_outputs / "results").glob("organisation=*/organisation.json"))
    )
    return next(p["name"] for p in profiles if p["sharing"] == "closed")


@pytest.fixture(scope="module")
def formats() -> dict[str, Callable]:
    """What makes each format, once an order."""
    return {name: functools.cache(make) for name, make in FORMATS.items()}


def test_reports_made_again_are_the_same_byte_for_byte(stored_reports: Path, again: Path) -> None:
    assert compare_reports(stored_reports / "reports", again) == {}


@pytest.mark.parametrize("page", [OWN, COUNTY], ids=lambda p: p.name)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_planted_in_a_page_or_notebook_is_found(
    stored_reports: Path, again: Path, tmp_path: Path, closed: str, page: Path, kind: str
) -> None:
    planted = KINDS[kind].format(closed=closed)
    for suffix, places, plant in ((".html", PAGE, plant_in_page), (".ipynb", NOTEBOOK, plant_in_notebook)):
        place = page.with_suffix(suffix)
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        for where in places:
            shutil.copyfile(stored_reports / "reports" / place, tmp_path / place)
            assert compare_reports(tmp_path, again) == {}
            plant(tmp_path / place, where, planted)
            assert compare_reports(tmp_path, again) == {place: remaking_reports.ALTERED}, where
        (tmp_path / place).unlink()


def test_a_page_that_nobody_makes_is_found(again: Path, tmp_path: Path) -> None:
    for place in (
        OWN.with_name("more.html"),
        OWN.with_name("more.csv"),
        Path("2026", "more.html"),
        Path("_assets", "more.js"),
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("4", encoding="utf-8")
        assert compare_reports(tmp_path, again) == {place: remaking_reports.STRAY}
        (tmp_path / place).unlink()


def test_dimios_audit_tells_of_a_whole_number_in_a_page(
    stored_reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way, tables left out: what reading alone says nothing of."""
    for check in ("audit_results", "audit_bounds"):
        monkeypatch.setattr(f"dimios_core.audit.outputs.{check}", lambda *_: [])
    (tmp_path / "results").symlink_to(stored_reports / "results")
    folder = OWN.parent
    shutil.copytree(stored_reports / "reports" / folder, tmp_path / "reports" / folder)
    plant_in_page(tmp_path / "reports" / OWN.with_suffix(".html"), "text", "3 av 4")
    found = [(f.organisation, f.key) for f in audit_outputs(tmp_path, workers=2).findings]
    assert found == [("almvik", OWN.with_suffix(".html").as_posix())]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [".xlsx", ".pptx", ".pdf"])
def test_whatever_is_planted_in_an_export_is_found(
    outputs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    formats: dict[str, Callable],
    closed: str,
    suffix: str,
    kind: str,
) -> None:
    source = find_export(outputs, "almvik", suffix.removeprefix("."))
    (order,) = [o for o, paths in list_finished(outputs).items() if source in paths]
    monkeypatch.setitem(FORMATS, suffix.removeprefix("."), formats[suffix.removeprefix(".")])
    planted = KINDS[kind].format(closed=closed)
    places = PDF if suffix == ".pdf" else OFFICE[suffix]
    for where in places:
        copy = Path(shutil.copyfile(source, tmp_path / source.name))
        assert find_altered(order, [copy]) == []
        (plant_in_pdf if suffix == ".pdf" else plant_in_office)(copy, where, planted)
        assert find_altered(order, [copy]) == [(copy, ALTERED)], where


@pytest.mark.parametrize("name", ["benchmarks.csv", "benchmarks.parquet", "datapackage.json", "README.md"])
def test_whatever_is_planted_in_open_data_is_found(demo_outputs: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "results").symlink_to(demo_outputs / "results")
    folder = tmp_path / "exports" / "data" / "published"
    for place, content in build_files(build_published(tmp_path / "results", "CC-BY-4.0")).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    assert find_altered_package(tmp_path) == []
    (path,) = folder.rglob(name)
    path.write_bytes(path.read_bytes() + b"\n")
    assert find_altered_package(tmp_path) == [(path, ALTERED)]
