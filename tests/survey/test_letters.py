"""Letters in the words of their mode, and the calendar as calendars read it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.survey.calendar import write_calendar
from dimios_core.survey.letters import KINDS, Writer, check_template
from dimios_core.survey.settings import Contact
from tests.survey.conftest import SURVEY

WHOLE = SURVEY.model_copy(
    update={
        "instrument": "dimios", "contact": Contact(name="Eva Ek", email="eva@lindby.example"), "responsible": "Kommunstyrelsen",
        "legal_basis": {"sv": "allmänt intresse", "en": "public interest"}, "kept_until": date(2027, 12, 31),
        "report": date(2026, 10, 19), "reminders": (date(2026, 9, 14), date(2026, 9, 21)),
    }
)  # fmt: skip
MODEL = load_instrument("dimios")


def write(kind: str, language: str, mode: str = "confidential", **more: str) -> str:
    writer = Writer(WHOLE.model_copy(update={"mode": mode}), MODEL, "Lindby kommun", 7)
    letter = writer.write(kind, language, **more)
    return f"{letter.subject}\n{letter.text}"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_invitation_says_all_that_the_invited_have_to_know(language):
    text = write("invitation", language, name="Åsa Öst", link="https://svar.example/x")
    told = {
        "sv": ("digital mognad", "Lindby kommun", "25 september 2026", "ungefär 10 minuter", "frivilligt", "”Vet ej” är ett bra svar", "färre än 7",
               "förtroliga", "Kommunstyrelsen", "allmänt intresse", "31 december 2027", "eva@lindby.example", "19 oktober 2026"),
        "en": ("digital maturity", "Lindby kommun", "September 25, 2026", "about 10 minutes", "voluntary", "“Don't know” is a good answer", "fewer than 7",
               "confidential", "Kommunstyrelsen", "public interest", "December 31, 2027", "eva@lindby.example", "October 19, 2026"),
    }[language]  # fmt: skip
    assert [part for part in (*told, "Åsa Öst", "https://svar.example/x") if part not in text] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_anonymous_letters_promise_what_anonymous_surveys_keep(language):
    confidential, anonymous = (write("invitation", language, mode) for mode in ("confidential", "anonymous"))
    following = {"sv": "från en mätning till nästa", "en": "from one survey to the next"}[language]
    assert following in confidential
    assert following not in anonymous
    after = {"sv": "men inte efteråt", "en": "but not after"}[language]
    assert after in anonymous
    assert after not in confidential


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_that_comes_along_is_whole(kind, language):
    assert check_template(kind, language) == []
    text = write(kind, language)
    assert "{{" not in text
    assert not re.search(r"\s[.,]|None|nan", text)


def test_a_template_of_ones_own_is_checked(tmp_path, monkeypatch):
    (tmp_path / "parameters" / "letters" / "sv").mkdir(parents=True)
    (tmp_path / "parameters" / "instruments").mkdir()
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    folder = tmp_path / "parameters" / "letters" / "sv"
    (folder / "invitation.txt").write_text("Hej {{ namn }}! {{ link }}", encoding="utf-8")
    (folder / "reminder.txt").write_text("Subject: x\n{{ link", encoding="utf-8")
    told = [problem.what for problem in check_template("invitation", "sv")]
    assert told[:2] == ["it names namn, which nobody fills in", "there is no subject"]
    assert "it does not say {{ voluntary }}" in told
    assert "it does not say {{ limit }}" in told
    assert "it does not say {{ link }}" not in told
    assert check_template("reminder", "sv")[0].place == "letters/sv/reminder.txt, line 2"
    assert check_template("thanks", "sv")[0].what == "there is no such letter"
    with pytest.raises(InputError, match="no such letter"):
        Writer(WHOLE, MODEL, "Lindby", 5).write("thanks", "sv")


def test_what_a_stranger_writes_is_no_template():
    assert "{{ 7*7 }}" in write("invitation", "sv", name="{{ 7*7 }}")


def unfold(content: bytes) -> list[str]:
    """Lines of a calendar as RFC 5545, 3.1, has them."""
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def test_the_calendar_has_every_day_and_keeps_to_the_standard():
    name = "Lindby, Ås & Östra; " + "å" * 60
    content = write_calendar(WHOLE, MODEL, name, "sv", date(2026, 8, 1))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    lines = unfold(content)
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    starts = [line.removeprefix("DTSTART;VALUE=DATE:") for line in lines if line.startswith("DTSTART")]
    assert starts == ["20260907", "20260914", "20260921", "20260925", "20261019"]
    ends = [line.removeprefix("DTEND;VALUE=DATE:") for line in lines if line.startswith("DTEND")]
    assert ends == ["20260908", "20260915", "20260922", "20260926", "20261020"]
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 5
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert summary == "SUMMARY:Enkäten om digital mognad öppnar: Lindby\\, Ås & Östra\\; " + "å" * 60
