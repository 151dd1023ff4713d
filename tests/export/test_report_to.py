"""Files made with reports, several at a time: what stands is left alone, and one that fails stops no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dimios_core.export import production
from dimios_core.export.orders import Order
from dimios_core.export.production import export_order, produce
from tests.export.command import dimios_export, find_export
from tests.pages import TABS

LATER = 2_000_000_000


def dimios_report(outputs: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dimios_core", "report", *more, "--outputs", str(outputs)]
    return subprocess.run(command, capture_output=True, text=True)


def test_files_are_made_with_reports_and_left_alone_while_they_stand(altered):
    report = ("-o", "vintersjo", "--to", "pptx,xlsx")
    slides, workbook = (find_export(altered, "vintersjo", suffix) for suffix in ("pptx", "xlsx"))
    for path in (slides, workbook):
        os.utime(path, (LATER, LATER))
    done = dimios_report(altered, *report)
    assert done.returncode == 0 and f"{len(TABS)} unchanged" in done.stderr, done.stderr
    assert {path.stat().st_mtime for path in (slides, workbook)} == {LATER}
    slides.unlink()
    assert dimios_report(altered, *report).returncode == 0
    assert slides.is_file() and workbook.stat().st_mtime < LATER
    os.utime(slides, (1, 1))  # of an older report, which another version of the program may have made
    assert dimios_report(altered, *report).returncode == 0
    assert slides.stat().st_mtime > 1
    done = dimios_report(altered, *report, "--force")
    assert "2 files" in done.stderr, done.stderr


def test_what_cannot_be_meant_is_told_before_anything_runs(altered, tmp_path):
    notebook = tmp_path / "own.ipynb"
    notebook.write_text("{}")
    done = dimios_report(altered, "--to", "pptx", "--notebook", str(notebook))
    assert done.returncode == 2
    done = dimios_report(altered, "-o", "vintersjo", "--to", "doc")
    assert done.returncode == 2 and "there is no format 'doc'" in done.stderr


def test_one_that_fails_stops_no_other_and_its_older_file_stays(altered):
    path = altered / "reports" / "2026" / "almvik" / "sv" / "our_result.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "<dl>" in text
    path.write_text(text.replace("<dl>", "<video></video><dl>", 1), encoding="utf-8")
    older = find_export(altered, "almvik", "pdf").read_bytes()
    find_export(altered, "vintersjo", "pdf").unlink()
    find_export(altered, "almvik", "xlsx").unlink()
    done = dimios_export(altered, "-o", "almvik", "-o", "vintersjo", "--to", "pdf,xlsx")
    assert done.returncode == 1
    assert "failed: almvik-2026-sv: pdf: ValueError" in done.stderr and "paper: video" in done.stderr
    assert find_export(altered, "almvik", "pdf").read_bytes() == older
    assert (
        find_export(altered, "vintersjo", "pdf").is_file()
        and find_export(altered, "almvik", "xlsx").is_file()
    )
    assert list((altered / "exports").rglob(".*")) == []


def test_children_make_the_same_bytes_and_one_that_dies_is_told(altered):
    orders = [Order(altered, o, "2026", "sv", TABS) for o in ("almvik", "vintersjo")]
    alone = {
        path: path.read_bytes() for order in orders for path in export_order(order, ["xlsx", "pptx"]).paths
    }
    missing = Order(altered, "nobody", "2026", "sv", TABS)
    done = list(produce([*orders, missing], ["xlsx", "pptx"], workers=2))
    assert [bool(d.error) for d in done] == [False, False, True]
    assert {path: path.read_bytes() for d in done[:2] for path in d.paths} == alone


def test_the_nation_has_files_too(altered):
    folder = altered / "exports" / "2026" / "_consortium" / "sv"
    for path in folder.glob("national*"):
        path.unlink()
    assert dimios_report(altered, "--suite", "national", "--to", "html,pdf,pptx,xlsx").returncode == 0
    names = {f"national-2026-sv.{kind}" for kind in ("html", "pdf", "pptx", "xlsx")}
    assert {p.name for p in folder.glob("national*")} == names


def test_a_report_without_what_to_do_next_has_no_sheet_of_it(outputs):
    order = Order(outputs, "almvik", "2026", "sv", ("our_result", "about_measurement"))
    made = production.FORMATS["pdf"](order)
    assert sorted(made) == sorted(path.name for path in production.list_files(order, ["pdf"]))
    assert sorted(made) == ["almvik-2026-sv-kort.pdf", "almvik-2026-sv.pdf"]
