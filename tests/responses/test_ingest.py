"""What a second, a corrected and a partly faulty file do to the store."""

from __future__ import annotations

import csv
import pickle
import stat
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.responses import IngestError, IngestSummary, ResponseStore, ingest

from .conftest import KEY, SETUP
from .test_formats import EXPECTED, hashed, stored_rows

GOOD = (SETUP / "good.csv").read_text(encoding="utf-8")


@pytest.fixture
def take(tmp_path: Path, outputs: Path, instrument: Instrument):
    """Ingest texts as files, wide, in one command."""

    def run(*texts: str, **options: bool) -> IngestSummary:
        files = []
        for number, text in enumerate(texts):
            files.append(tmp_path / f"file{number}.csv")
            files[-1].write_text(text, encoding="utf-8")
        return ingest(files, SETUP / "wide.yaml", instrument, outputs, key=KEY, **options)

    return run


def stamps(outputs: Path) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in outputs.rglob("*.parquet")}


def test_the_same_file_twice_changes_nothing(take, outputs: Path) -> None:
    assert {g.status for g in take(GOOD).groups} == {"new"}
    before = stamps(outputs)
    assert {g.status for g in take(GOOD).groups} == {"unchanged"}
    assert {g.status for g in take(GOOD, replace=True).groups} == {"unchanged"}
    assert stamps(outputs) == before


def test_rows_in_another_order_are_the_same_answers(take) -> None:
    take(GOOD)
    header, *rows = GOOD.splitlines()
    assert {g.status for g in take("\n".join([header, *rows[::-1]])).groups} == {"unchanged"}


def test_a_corrected_file_needs_replace_and_tells_what_changes(take, outputs: Path) -> None:
    take(GOOD)
    before = stamps(outputs)
    # a1 answers work 3 for 4; a2 goes; a4 comes; berga stays as it is
    header, a1, _, a3 = GOOD.splitlines()
    corrected = "\n".join([header, a1.replace("4,0", "3"), a1.replace("a1", "a4"), a3])
    with pytest.raises(IngestError) as refused:
        take(corrected)
    (problem,) = refused.value.problems
    assert "organisation lindby, period 2026" in problem.place
    assert "--replace" in problem.remedy
    assert stamps(outputs) == before
    berga, lindby = take(corrected, replace=True).groups
    assert (berga.status, lindby.status) == ("unchanged", "replaced")
    changes = lindby.changes
    assert changes is not None
    assert (changes.respondents_added_n, changes.respondents_removed_n) == (1, 1)
    assert (changes.respondents_changed_n, changes.answers_changed_n) == (1, 1)
    rows = ResponseStore(outputs).read("2026", "lindby").to_pylist()
    assert {r["respondent"] for r in rows} == {hashed("lindby", "a1"), hashed("lindby", "a4")}


def test_good_rows_are_stored_and_others_written_beside_with_reasons(
    take, tmp_path: Path, outputs: Path
) -> None:
    bad = (
        GOOD.replace("helt;1;2", "helt;1;7").replace("Region Berga", "Region Bo")
        + "a5;lindby;2026;;;5;5;5;9\n"
    )
    with pytest.raises(IngestError):
        take(bad)
    assert not (tmp_path / "file0.csv.rejected.csv").exists()
    (file,) = take(bad, reject_rows=True).files
    assert file.rejected_n == 3
    assert stored_rows(outputs) == {row for row in EXPECTED if row[0] == "a1"}
    assert file.rejected == tmp_path / "file0.csv.rejected.csv"
    assert stat.S_IMODE(file.rejected.stat().st_mode) == 0o600
    with file.rejected.open(encoding="utf-8-sig", newline="") as opened:
        header, *rows = list(csv.reader(opened, delimiter=";"))
    assert header == ["row", "reason", *GOOD.splitlines()[0].split(";")]
    assert [row[0] for row in rows] == ["3", "4", "5"]
    assert "outside the scale 1-5" in rows[0][1]
    assert rows[0][2:] == ["a2", "lindby", "2026", "home-care", "Chefer", "Instämmer helt", "1", "7"]
    assert "Region Bo" in rows[1][1]
    assert "9 cells" in rows[2][1]


def test_a_fault_of_the_whole_file_is_not_mended_by_rejecting_rows(take, outputs: Path) -> None:
    with pytest.raises(IngestError, match="Enhet"):
        take(GOOD.replace("Enhet", "Avdelning"), reject_rows=True)
    assert ResponseStore(outputs).periods() == []


def test_a_faulty_file_does_not_stop_a_good_one(take, outputs: Path) -> None:
    with pytest.raises(IngestError) as error:
        take(GOOD.replace("2026", "2025").replace("Mätning 2025", "2025"), GOOD.replace("Chefer", "Kockar"))
    assert {p.place.split(",")[0] for p in error.value.problems} == {"file1.csv"}
    assert [g.period for g in error.value.summary.groups] == ["2025", "2025"]
    assert ResponseStore(outputs).periods() == ["2025"]
    assert pickle.loads(pickle.dumps(error.value)).summary == error.value.summary


def test_two_files_with_the_same_organisation_and_period_are_both_refused(take, outputs: Path) -> None:
    with pytest.raises(IngestError) as error:
        take(GOOD, GOOD.replace("a3;Region Berga", "a4;lindby"))
    assert {p.place.split(",")[0] for p in error.value.problems} == {"file0.csv", "file1.csv"}
    assert ResponseStore(outputs).periods() == []


def test_a_year_and_its_half_do_not_meet_over_files(take, outputs: Path) -> None:
    take(GOOD)
    with pytest.raises(IngestError, match="year and as a half"):
        take(GOOD.replace("Mätning 2026", "2026-1").replace(";2026;", ";2026-1;"))
    assert ResponseStore(outputs).periods() == ["2026"]


def test_respondents_without_any_answer_are_left_out_and_counted(take, outputs: Path) -> None:
    (file,) = take(GOOD + "a8;lindby;2026;;;;-;\n" + "a9;lindby;2026;;;Vet ej;;\n").files
    assert file.silent_n == 1
    people = set(ResponseStore(outputs).read("2026", "lindby").column("respondent").to_pylist())
    assert people == {hashed("lindby", r) for r in ("a1", "a2", "a9")}


def test_a_person_is_known_again_next_year_and_nowhere_else(take, outputs: Path) -> None:
    both = GOOD + "a1;berga;2026;;;1;1;1\n" + "a1;lindby;2027;;;1;1;1\n"
    take(both)
    store = ResponseStore(outputs)

    def people(period: str, organisation: str) -> set[int]:
        return set(store.read(period, organisation).column("respondent").to_pylist())

    assert people("2026", "lindby") & people("2027", "lindby") == {hashed("lindby", "a1")}
    assert not people("2026", "lindby") & people("2026", "berga")


def test_without_a_respondent_column_every_row_is_somebody_else(
    tmp_path: Path, outputs: Path, instrument: Instrument
) -> None:
    mapping = tmp_path / "anonymous.yaml"
    text = (SETUP / "wide.yaml").read_text(encoding="utf-8")
    mapping.write_text(text.replace("  respondent: {column: Svars-ID}\n", ""), encoding="utf-8")
    file = tmp_path / "rows.csv"
    file.write_text(GOOD.replace("a2;", "a1;") + "a1;lindby;2027;;;1;1;1\n", encoding="utf-8")
    ingest([file], mapping, instrument, outputs, key=KEY)
    store = ResponseStore(outputs)
    people = [set(store.read(p, "lindby").column("respondent").to_pylist()) for p in ("2026", "2027")]
    assert [len(p) for p in people] == [2, 1]
    assert not people[0] & people[1]


def test_another_key_is_refused(take, outputs: Path, instrument: Instrument) -> None:
    take(GOOD)
    with pytest.raises(InputError, match="another key"):
        ingest([SETUP / "good.csv"], SETUP / "wide.yaml", instrument, outputs, key=bytes(32))


def test_the_store_is_its_owners_alone(take, outputs: Path) -> None:
    take(GOOD)
    for path in (outputs / "responses").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_faults_are_grouped_and_counted(take) -> None:
    header, row, *_ = GOOD.splitlines()
    rows = [row.replace("a1", f"b{i}").replace("Nämndledamot", "Kock") for i in range(313)]
    with pytest.raises(IngestError) as error:
        take("\n".join([header, *rows]))
    (problem,) = error.value.problems
    assert problem.place == "file0.csv, rows 2, 3, 4 and 310 others, column Roll"
    assert error.value.found == 313
