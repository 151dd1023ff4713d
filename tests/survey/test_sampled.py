"""What stands of a survey when it opens: settings and sample, read as they were written, and held as they were frozen."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.responses.transaction import Transaction
from dimios_core.survey import Invited, freeze, is_frozen, read_sample, read_survey, survey_folder
from dimios_core.survey.sampled import FROZEN, SAMPLE, write_sample

SETTINGS = """
organisation: lindby
period: "2026"
opens: 2026-09-07
closes: 2026-09-25
reminders: [2026-09-14, 2026-09-21]
languages: [sv, en]
contact: {name: Eva Ek, email: eva@lindby.example}
"""
PEOPLE = (
    Invited("17", "Anna, Ek", "anna@lindby.example", "care", "system_owners", "sv", "care/system_owners", 7 / 3, False),
    Invited("18", "Åke “A” Öst", None, "", "politicians", "en", "/politicians", 1.0, True),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = survey_folder(tmp_path, "lindby", "2026")
    with Transaction(made) as transaction:
        transaction.stage("survey.yaml").write_text(SETTINGS, encoding="utf-8")
        transaction.stage(SAMPLE).write_bytes(write_sample(PEOPLE))
        transaction.commit()
    return made


def test_a_sample_reads_back_as_it_was_written(folder):
    assert read_sample(folder) == PEOPLE


def test_settings_are_read(folder):
    survey = read_survey(folder)
    assert (survey.mode, survey.opens, survey.closes) == (
        "confidential", date(2026, 9, 7), date(2026, 9, 25),
    )  # fmt: skip
    assert survey.days_n == 19
    assert not survey.confirm_role


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("closes: 2026-09-25", "closes: 2026-09-07", "closes before it opens"),
        ("2026-09-14,", "2026-09-28,", "in order"),
        ("[2026-09-14, 2026-09-21]", "[2026-09-07]", "outside the window"),
        ("[sv, en]", "[sv, sv]", "none twice"),
        ("lindby\n", "ekby\n", "lies in the folder of lindby"),
        ("contact:", "kontakt:", "kontakt"),
    ],
)
def test_settings_that_cannot_be_are_told(folder, was, becomes, told):
    path = folder / "survey.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_survey(folder)


def test_a_survey_that_is_not_there_says_how_to_begin_it(tmp_path):
    with pytest.raises(InputError, match="dimios survey new lindby --period 2027"):
        read_survey(survey_folder(tmp_path, "lindby", "2027"))
    with pytest.raises(InputError) as caught:
        survey_folder(tmp_path, "../lindby", "26")
    assert [p.place for p in caught.value.problems] == ["organisation", "period"]


def test_a_frozen_survey_stays_as_it_is(folder):
    freeze(folder)
    first = (folder / FROZEN).read_bytes()
    freeze(folder)
    assert is_frozen(folder)
    assert (folder / FROZEN).read_bytes() == first
    assert read_sample(folder) == PEOPLE
    (folder / SAMPLE).write_bytes(write_sample(PEOPLE[:1]))
    for held in (read_sample, freeze):
        with pytest.raises(InputError, match="no longer the one that it was opened with"):
            held(folder)


def test_its_owner_alone_reads_it(folder):
    freeze(folder)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / SAMPLE, folder / FROZEN)
    }
    assert modes == {"2026": 0o700, SAMPLE: 0o600, FROZEN: 0o600}


@pytest.mark.parametrize("fault", ["", "17,Anna\n", "a,b,c,d,e,f,g,x,no\n", "a,b,c,d,e,f,g,1,maybe\n"])
def test_a_sample_that_somebody_altered_is_not_guessed_at(folder, fault):
    written = write_sample(PEOPLE).decode()
    (folder / SAMPLE).write_text(written + fault if fault else "", encoding="utf-8")
    with pytest.raises(InputError, match=r"sample\.csv"):
        read_sample(folder)
