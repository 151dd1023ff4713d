"""From a plan to the store through the project's own steps."""

from __future__ import annotations

import csv
import io
import re
import shlex
import stat

import pandas as pd
import pytest
import typer

from dimios_core import Project
from dimios_core.actions.initiatives import load_initiatives
from dimios_core.cli import app
from dimios_core.errors import InputError
from dimios_core.places import project_root
from dimios_core.project import opening_surveys
from dimios_core.responses import ResponseStore
from dimios_core.responses.pseudonyms import load_key, pseudonym
from dimios_core.survey import read_sample, survey_folder
from tests.collect.asking import Browser, Site
from tests.collect.planning import plan_survey

GUIDE = (project_root() / "docs" / "measure.md").read_text(encoding="utf-8")
ADDRESS = "https://svar.example.se"
PEOPLE = 12
#: as long as one may be, and what a spreadsheet would calculate
TITLE = "-" + "x" * 149


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "pseudonym.key"))
    plan_survey(tmp_path / "outputs", PEOPLE)
    return Project(tmp_path / "outputs", progress=None)


def read_links(project) -> list[dict[str, str]]:
    path = project.outputs / "surveys" / "lindby" / "2026" / "links.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def number_of(link: dict[str, str]) -> str:
    return link["name"].removeprefix("Person ")


def answer(site: Site, link: str, value: str, initiative: bool = False) -> None:
    """Answer everything with one value, then send it in."""
    browser = Browser(site)
    page = browser.press(browser.get(link.removeprefix(ADDRESS)))
    while page.soup.find("fieldset"):
        fields = {i["name"]: value for i in page.soup.find_all("input", type="radio")}
        page = browser.press(page, **fields)
    if initiative:
        told = {"title": TITLE, "what": "=Vi gjorde den", "kind": "process", "start": "2026-03"}
        page = browser.press(
            page, point=page.soup.find("select", id="point").find_all("option")[1]["value"], **told
        )
    else:
        page = browser.press(page)
    assert browser.press(page).heading == "Tack för dina svar!"


def test_what_is_answered_reaches_the_store_once(project, tmp_path):
    collecting = project.collecting()
    opened = collecting.open("lindby", "2026", address=ADDRESS)
    assert (opened.invited_n, opened.cards_n) == (PEOPLE, 4)
    links = read_links(project)
    assert {row["email"] for row in links if row["card"] == "no"} >= {
        "p1@lindby.example",
        "p2@lindby.example",
    }
    site = Site(opened.bundle)
    for number in range(7):
        answer(site, links[number]["link"], str(number % 5 + 1), initiative=number == 3)
    site.stop()
    assert "7 of 12 have answered" in str(collecting.status("lindby", "2026"))
    waiting = collecting.write_waiting("lindby", "2026", address=ADDRESS)
    left = list(csv.DictReader(io.StringIO(waiting.path.read_text(encoding="utf-8-sig"))))
    assert left == links[7:] and stat.S_IMODE(waiting.path.stat().st_mode) == 0o600
    with pytest.raises(InputError, match="the survey is not closed"):
        collecting.take_in("lindby", "2026")
    folder = survey_folder(project.outputs, "lindby", "2026")
    assert [*folder.glob("links*")]
    closed = collecting.close("lindby", "2026", early=True)
    assert not [*folder.glob("links*"), *folder.glob("cards*")]  # who had answered stood there, beside names
    assert (closed.invited_n, closed.submitted_n) == (PEOPLE, 7)

    with pytest.raises(InputError, match="who had answered is deleted"):
        collecting.write_waiting("lindby", "2026", address=ADDRESS)

    taken = collecting.take_in("lindby", "2026")
    assert [row["status"] for row in taken.rows()] == ["new"]
    stored = pd.read_parquet(project.outputs / "responses" / "period=2026" / "lindby.parquet")
    sample = {
        person.person_id: person for person in read_sample(survey_folder(project.outputs, "lindby", "2026"))
    }
    key = load_key(tmp_path / "pseudonym.key", project.outputs)
    people = {pseudonym(key, "lindby", f"id-{number_of(links[n])}"): n for n in range(7)}
    assert set(stored["respondent"]) == set(people)
    for respondent, rows in stored.groupby("respondent"):
        person = sample[f"id-{number_of(links[people[respondent]])}"]
        assert set(rows["answer"]) == {people[respondent] % 5 + 1.0}
        for name in ("unit", "role", "stratum", "weight"):
            assert set(rows[name]) == {getattr(person, name)}
        assert rows["answered_at"].notna().all()
    invited = ResponseStore(project.outputs).register().invited
    assert invited["invited"].tolist() == [3, 3, 3, 3]
    initiatives = load_initiatives(project.outputs)
    assert initiatives[["title", "what", "consent", "validated"]].to_numpy().tolist() == [
        [TITLE, "=Vi gjorde den", "none", False]
    ]

    beside_names = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for respondent in people:
        assert not [held for held in beside_names if f"{respondent:016x}".encode() in held]
    assert not [held for held in beside_names if b"=Vi gjorde den" in held]

    again = collecting.take_in("lindby", "2026")
    assert [row["status"] for row in again.rows()] == ["unchanged"]
    assert (again.initiatives_n, again.new_initiatives_n) == (1, 0)


def test_answers_are_taken_in_under_the_key_that_they_were_asked_under(project, tmp_path, monkeypatch):
    """Else they would lie in the store as people whom nobody knows again."""
    collecting = project.collecting()
    opened = collecting.open("lindby", "2026", address=ADDRESS)
    site = Site(opened.bundle)
    for link in read_links(project)[:5]:
        answer(site, link["link"], "3")
    site.stop()
    folder = survey_folder(project.outputs, "lindby", "2026")
    with monkeypatch.context() as patched:
        patched.setattr(opening_surveys, "survey_folder", refuse)  # closed by the form's own user
        collecting.close("lindby", "2026", early=True)
    assert [*folder.glob("links*")]
    with pytest.raises(InputError, match="another key of pseudonyms"):
        collecting.take_in("lindby", "2026", key_file=tmp_path / "another.key")
    assert [row["status"] for row in collecting.take_in("lindby", "2026").rows()] == ["new"]
    assert not [*folder.glob("links*")]


def refuse(*_: object) -> None:
    raise PermissionError


def test_no_name_and_no_address_reaches_the_bundle(project):
    opened = project.collecting().open("lindby", "2026", address=ADDRESS)
    links = read_links(project)
    held = b"".join(path.read_bytes() for path in opened.bundle.rglob("*") if path.is_file())
    for row in links:
        for secret in (row["name"], row["email"] or row["name"], row["link"].rpartition("/")[2], "id-1"):
            assert secret.encode() not in held
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (opened.bundle, *opened.bundle.iterdir())}
    assert modes == {0o700, 0o600}


@pytest.mark.parametrize("damaged", [b"", b"short"])
def test_no_links_are_made_of_a_secret_that_is_damaged(project, damaged):
    """Of an empty one, whoever knows a staff number could make that person's link."""
    collecting = project.collecting()
    collecting.open("lindby", "2026", address=ADDRESS)
    (survey_folder(project.outputs, "lindby", "2026") / "links.secret").write_bytes(damaged)
    for act in (collecting.write_waiting, collecting.write_cards):
        with pytest.raises(InputError, match="links are made with"):
            act("lindby", "2026", address=ADDRESS)


def test_a_survey_opens_once(project, tmp_path):
    collecting = project.collecting()
    opened = collecting.open("lindby", "2026", address=ADDRESS)
    before = read_links(project)
    with pytest.raises(InputError, match="open already"):
        collecting.open("lindby", "2026", address=ADDRESS)
    opened.bundle.rename(
        tmp_path / "served"
    )  # where the form's own user has it; else there were two answers a person
    for again in (collecting, project.collecting(tmp_path / "others")):
        with pytest.raises(InputError, match="open already"):
            again.open("lindby", "2026", address=ADDRESS)
    assert read_links(project) == before


def test_everything_that_is_wrong_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "pseudonym.key"))
    folder = plan_survey(tmp_path / "outputs", 4)
    settings = (folder / "survey.yaml").read_text(encoding="utf-8")
    faulty = settings.replace("responsible: Lindby kommun", "responsible: ''").replace("[sv, en]", "[sv, xx]")
    (folder / "survey.yaml").write_text(faulty, encoding="utf-8")
    sample = (folder / "sample.csv").read_text(encoding="utf-8")
    (folder / "sample.csv").write_text(
        sample.replace("school", "skola").replace("politicians", "kings"), encoding="utf-8"
    )
    collecting = Project(tmp_path / "outputs", progress=None).collecting()
    with pytest.raises(InputError) as told:
        collecting.open("lindby", "2026", address="http://svar.example.se")
    found = str(told.value)
    for fault in ("safely open", "'xx'", "who is responsible", "unit skola", "role kings"):
        assert fault in found
    assert not list(folder.glob("frozen.json")) and not list(folder.glob("links.*"))
    assert not (tmp_path / "pseudonym.key").exists()


def test_a_survey_closes_when_its_last_day_has_passed(project):
    collecting = project.collecting()
    collecting.open("lindby", "2026", address=ADDRESS)
    from datetime import datetime
    from zoneinfo import ZoneInfo

    stockholm = ZoneInfo("Europe/Stockholm")
    with pytest.raises(InputError, match="up to and including 2026-09-25"):
        collecting.close("lindby", "2026", clock=lambda: datetime(2026, 9, 25, 23, 59, tzinfo=stockholm))
    closed = collecting.close("lindby", "2026", clock=lambda: datetime(2026, 9, 26, 0, 0, tzinfo=stockholm))
    assert closed.submitted_n == 0
    with pytest.raises(InputError, match="nobody's answers"):
        collecting.take_in("lindby", "2026")


@pytest.mark.parametrize("line", re.findall(r"(?m)^dimios ((?:survey|collect) [^\n]*)", GUIDE))
def test_every_command_of_the_guide_takes_its_options(line):
    words = shlex.split(line, comments=True)
    command = typer.main.get_command(app).commands[words[0]].commands[words[1]]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= known
