"""What a store remembers: the model that it was asked with, who is known again, and who is at work there."""

from __future__ import annotations

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.locks import hold
from dimios_core.responses import ResponseStore
from dimios_core.responses.freezing import freeze
from dimios_core.responses.pseudonyms import pseudonym
from dimios_core.results.score import score_responses

from .conftest import BASE, CASES, KEY, Reader

EDITED = CASES / "19-instrument-edited"
COLUMNS = "id: m\nlayout: wide\ncolumns: {organisation: {value: lindby}, period: {column: P}, respondent: {column: ID%s}}\n"
ITEMS = "items: {Q1: plan, Q2: work, Q3: learn}\n"
MAPPING = COLUMNS % "" + ITEMS


def test_a_model_edited_under_its_version_scores_nothing(reader: Reader) -> None:
    reader.take(EDITED / "made-up.csv", EDITED / "map.yaml", EDITED / "instrument.yaml")
    score_responses(reader.outputs, load_instrument(EDITED / "instrument.yaml"))
    published = (reader.outputs / "results" / "stamp.json").read_bytes()
    edited = load_instrument(EDITED / "i2.yaml")
    with pytest.raises(InputError, match=r"scales\.default\.highest was 4 and is 5"):
        score_responses(reader.outputs, edited)
    assert "scales.default.highest was 4 and is 5" in reader.refuse(
        EDITED / "made-up.csv", EDITED / "map.yaml", EDITED / "i2.yaml"
    )
    assert (reader.outputs / "results" / "stamp.json").read_bytes() == published


def test_a_store_of_before_takes_the_model_that_it_is_scored_with(reader: Reader) -> None:
    reader.take(EDITED / "made-up.csv", EDITED / "map.yaml", EDITED / "instrument.yaml")
    shutil.rmtree(reader.outputs / "responses" / "models")
    score_responses(reader.outputs, load_instrument(EDITED / "instrument.yaml"))
    with pytest.raises(InputError, match="was 4 and is 5"):
        score_responses(reader.outputs, load_instrument(EDITED / "i2.yaml"))


def test_another_version_is_not_scored_alike(reader: Reader) -> None:
    reader.take(EDITED / "made-up.csv", EDITED / "map.yaml", EDITED / "instrument.yaml")
    text = (EDITED / "i2.yaml").read_text().replace("version: 1", "version: 2")
    with pytest.raises(InputError, match="asked with version 1 of the model, and this is version 2"):
        score_responses(reader.outputs, load_instrument(reader.write("v2.yaml", text)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "id: learn, category: part",
            "id: learn, category: part, weight: 2",
            "points.learn.weight was 1 and is 2",
        ),
        (
            "id: learn, statement",
            "id: learn, reversed: true, statement",
            "items.learn.reversed was False and is True",
        ),
        ("statement: {sv: Vi lär.", "statement: {sv: Vi lär oss.", ""),
        ("id: learn, statement", "id: learned, statement", "items.learn.point is gone"),
    ],
)
def test_texts_may_be_mended_and_what_is_measured_may_not(
    reader: Reader, old: str, new: str, says: str
) -> None:
    reader.take("ID,P,Q1,Q2\na,2026,5,4\n", COLUMNS % "" + "items: {Q1: plan, Q2: work}\n")
    text = (BASE / "instrument.yaml").read_text()
    assert old in text
    changed = reader.write("changed.yaml", text.replace(old, new))
    answers = "ID,P,Q1,Q2\na,2025,5,4\n"
    if says:
        assert says in reader.refuse(answers, COLUMNS % "" + "items: {Q1: plan, Q2: work}\n", changed)
    else:
        reader.take(answers, COLUMNS % "" + "items: {Q1: plan, Q2: work}\n", changed)


def test_people_stay_known_however_they_are_spelt(reader: Reader) -> None:
    reader.take("ID,P,Q1,Q2,Q3\nAnna Å,2025,5,4,3\nbo@x.se,2025,1,1,1\nc,2025,2,2,2\n", MAPPING)
    (group,) = reader.take(
        "ID,P,Q1,Q2,Q3\n anna\u00a0A\u030a ,2026,5,4,3\nBO@x.se,2026,1,1,1\nd,2026,2,2,2\n", MAPPING
    ).groups
    assert (group.known_n, group.respondents_n) == (2, 3)


def test_a_store_of_before_keeps_its_panel(reader: Reader) -> None:
    """Until spellings were compared, an identity was hashed as it was spelt."""
    exact = COLUMNS % ", ids: exact" + ITEMS
    reader.take("ID,P,Q1,Q2,Q3\nAB 12,2025,5,4,3\nCd,2025,1,1,1\n", exact)
    assert set(reader.people("2025")) == {pseudonym(KEY, "lindby", "AB 12"), pseudonym(KEY, "lindby", "Cd")}
    (group,) = reader.take("ID,P,Q1,Q2,Q3\nAB 12,2026,5,4,3\nCd,2026,1,1,1\nEf,2026,1,1,1\n", MAPPING).groups
    assert (group.known_n, group.respondents_n) == (2, 3)
    assert (
        reader.take("ID,P,Q1,Q2,Q3\nAB 12,2025,5,4,3\nCd,2025,1,1,1\n", MAPPING).groups[0].status
        == "unchanged"
    )


def test_rows_without_an_identity_may_stand_alone(reader: Reader) -> None:
    answers = "ID,P,Q1,Q2,Q3\na,2026,5,4,3\n,2026,1,1,1\n,2026,1,1,1\n"
    assert "rows 3, 4, column ID: the respondent is empty" in reader.refuse(answers, MAPPING)
    assert reader.take(answers, COLUMNS % ", empty: alone" + ITEMS).groups[0].respondents_n == 3


def test_running_numbers_are_told(reader: Reader) -> None:
    rows = "".join(f"{i},2026,5,4,3\n" for i in range(1, 8))
    (file,) = reader.take("ID,P,Q1,Q2,Q3\n" + rows, MAPPING).files
    assert any("running numbers (from 1 to 7)" in note for note in file.notes)


def test_a_start_is_worked_out_from_the_seconds_that_it_took(reader: Reader) -> None:
    mapping = MAPPING.replace(
        "respondent:", "answered_at: {column: Till}, duration_s: {column: Sek}, respondent:"
    )
    reader.take(
        "ID,P,Till,Sek,Q1,Q2,Q3\na,2026,2026-03-31 14:05:30,90,5,4,3\nb,2026,2026-03-31,,1,1,1\n", mapping
    )
    started = ResponseStore(reader.outputs).read("2026", "lindby").column("started_at").to_pylist()
    assert {str(time) for time in started} == {"2026-03-31 14:04:00", "None"}


def test_rejected_rows_are_written_before_anything_is_stored(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(
        "dimios_core.replacing.os.open", refuse
    )  # a folder that nobody may write to; root may anyway
    with pytest.raises(InputError, match=r"cannot be written beside the file .*, so nothing is stored"):
        reader.take("ID,P,Q1,Q2,Q3\na,2026,5,4,3\nb,2026,9,1,1\n", MAPPING, reject_rows=True)
    assert ResponseStore(reader.outputs).periods() == []


def test_who_is_at_work_is_told(reader: Reader) -> None:
    with ThreadPoolExecutor(1) as another, hold(reader.outputs, "dimios score"):
        said = another.submit(reader.refuse, "ID,P,Q1,Q2,Q3\na,2026,5,4,3\n", MAPPING).result()
    assert "dimios score (process " in said


def test_what_comes_in_meanwhile_is_not_among_what_is_frozen(reader: Reader) -> None:
    reader.take("ID,P,Q1,Q2,Q3\na,2026,5,4,3\n", MAPPING)
    with freeze(reader.outputs) as store:
        reader.take("ID,P,Q1,Q2,Q3\na,2026,1,1,1\n", MAPPING, replace=True)
        assert store.read("2026", "lindby").column("answer").to_pylist() == [3, 5, 4]
        assert stat.S_IMODE(store.outputs.stat().st_mode) == 0o700
    assert reader.answers() == [(1, 1, 1)]
    assert not list(Path(reader.outputs).glob(".responses*"))


def test_results_without_their_ledger_are_not_scored_anew(reader: Reader) -> None:
    reader.take(EDITED / "made-up.csv", EDITED / "map.yaml", EDITED / "instrument.yaml")
    model = load_instrument(EDITED / "instrument.yaml")
    score_responses(reader.outputs, model)
    ledger, kept = reader.outputs / "ledger", reader.folder / "kept"
    shutil.copytree(ledger, kept)
    (answers,) = ledger.glob("responses/period=*/*.parquet")
    for lost in (ledger, ledger / "responses", answers):  # all of it, or what a careless clean-up took
        shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
        with pytest.raises(
            InputError, match="published before is missing, and there are results of lindby 2026"
        ):
            score_responses(reader.outputs, model)
        shutil.rmtree(ledger, ignore_errors=True)
        shutil.copytree(kept, ledger)
    score_responses(reader.outputs, model)
    shutil.rmtree(ledger)
    shutil.rmtree(reader.outputs / "results")
    score_responses(reader.outputs, model)
