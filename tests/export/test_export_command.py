"""`dimios export` as a user meets it: what it makes, and what it says where it cannot."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from dimios_core.locks import hold
from dimios_core.page.index import OrganisationLabel, list_shelves
from tests.export.command import dimios_export, find_export
from tests.pages import STORED

WHOLE = (".html", ".pdf", ".pptx", ".xlsx")


def hashes(outputs: Path) -> dict[str, str]:
    folder = outputs / "exports"
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_it_makes_the_files_and_tells_where(outputs):
    ends = {"sv": ("-kort.pdf", "-nasta-steg.pdf", *WHOLE), "en": ("-short.pdf", "-next-steps.pdf", *WHOLE)}
    reports = (("almvik", "sv"), ("almvik", "en"), ("vintersjo", "sv"))
    many = {
        f"2026/_consortium/sv/{who}-2026-sv{end}" for who in ("county-14", "national") for end in WHOLE[-4:]
    }
    tables = {"2026/almvik/sv/almvik-2026-sv-tabeller.pdf"}  # on demand
    assert set(hashes(outputs)) == many | tables | {
        f"2026/{o}/{lang}/{o}-2026-{lang}{end}" for o, lang in reports for end in ends[lang]
    }


def test_the_same_results_give_the_same_bytes_in_another_folder(outputs, altered):
    before = hashes(altered)
    for path in (altered / "exports").rglob("*.*"):
        path.write_bytes(b"older")
    done = dimios_export(altered, "-o", "almvik", "-o", "vintersjo")
    assert done.returncode == 0, done.stderr
    assert dimios_export(altered, "-o", "almvik", "--language", "en").returncode == 0
    assert dimios_export(altered, "--county", "14").returncode == 0
    assert dimios_export(altered, "-o", "almvik", "--to", "tables").returncode == 0
    assert dimios_export(altered, "--suite", "national").returncode == 0
    assert hashes(altered) == before == hashes(outputs)
    assert "12 files" in done.stderr
    assert str(altered / "exports") in done.stderr


def test_every_fault_of_a_command_is_told_at_once(outputs):
    done = dimios_export(outputs, "-o", "almvk", "--to", "xslx,doc", "--period", "2031", "--language", "de")
    assert done.returncode == 2
    for told in (
        "no format 'xslx'", "did you mean xlsx?", "no format 'doc'", "choose among: html, pdf, pptx, xlsx, tables", "did you mean almvik",
        "no texts in 'de'", "no results for '2031'",
    ):  # fmt: skip
        assert told in done.stderr


def test_reports_that_are_not_there_not_whole_or_older_are_told_at_once_and_nothing_is_made(altered):
    (altered / "reports" / "2026" / "vintersjo" / "sv" / "improvements.ipynb").unlink()
    profile = altered / "results" / "organisation=almvik" / "organisation.json"
    changed = json.loads(profile.read_text(encoding="utf-8")) | {"name": "Almvik"}
    profile.write_text(json.dumps(changed), encoding="utf-8")
    before = hashes(altered)
    done = dimios_export(altered, "-o", "almvik", "-o", "vintersjo", "-o", "videnas")
    assert done.returncode == 2
    assert "report 2026/almvik/sv: it was made from other results than today's" in done.stderr
    assert "report 2026/vintersjo/sv: parts are missing: improvements" in done.stderr
    assert "report 2026/videnas/sv: it has not been made" in done.stderr
    assert "run dimios report -o videnas --period 2026 --language sv" in done.stderr
    assert hashes(altered) == before


def test_a_workbook_needs_no_report_and_every_organisation_is_meant_where_none_is_named(altered):
    results = altered / "results"
    for folder in sorted(results.glob("organisation=*"))[3:]:
        folder.rename(folder.with_name(f"aside-{folder.name}"))
    done = dimios_export(altered, "--to", "xlsx", "--period", "2025")
    assert done.returncode == 0, done.stderr
    with_period = {
        path.parent.name.removeprefix("organisation=")
        for path in results.glob("organisation=*/organisation.json")
        if "2025" in json.loads(path.read_text(encoding="utf-8"))["periods"]
    }
    assert with_period
    made = (altered / "exports" / "2025").rglob("*.*")
    assert {p.name for p in made} == {f"{o}-2025-sv.xlsx" for o in with_period}


def test_it_waits_for_no_other_command(altered):
    with hold(altered, "dimios score"):
        done = dimios_export(altered, "-o", "almvik", "--to", "xlsx")
    assert done.returncode == 2
    assert "dimios score" in done.stderr and "is at work there" in done.stderr


def test_exports_are_no_pages_of_a_report(outputs):
    labels = {"almvik": OrganisationLabel("Almviks kommun", demo=True)}
    pages = [p for s in list_shelves(outputs / "reports", labels, "") for r in s.reports for p in r.pages]
    assert len(pages) == len([place for place in STORED if not place.startswith("vintersjo")])
    assert find_export(outputs, "almvik", "html").is_file()
    assert list((outputs / "exports").rglob(".*")) == []
