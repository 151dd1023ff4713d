"""The line before a survey opens: begin, workbook, frame, plan, sample, letters, check; what changes takes away what rested on it."""

from __future__ import annotations

import io
import stat
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from dimios_core import Project
from dimios_core.access.recipients import Recipient, read_recipients
from dimios_core.cli import app
from dimios_core.errors import InputError
from dimios_core.places import project_root
from dimios_core.survey import freeze, read_sample, read_survey
from dimios_core.survey.sampled import PLAN, SAMPLE
from dimios_core.survey.steps import READERS
from tests.responses.conftest import SETUP

TODAY = date(2026, 8, 1)
UNITS = ("home-care", "school", "care-office")


@pytest.fixture
def project(outputs: Path) -> Project:
    return Project(outputs, SETUP / "instrument.yaml", progress=None)


@pytest.fixture
def begun(project: Project) -> Project:
    project.survey.new("lindby", "2026", languages=("sv", "en"))
    return project


def write_staff(path: Path, n: int = 90) -> Path:
    rows = [f"N{i};n{i}@lindby.example;{i};{UNITS[i % 3]};{('Chefer', 'Politiker')[i % 2]}" for i in range(n)]
    path.write_text("\n".join(["namn;e-post;person-id;enhet;roll", *rows, ""]), encoding="utf-8")
    return path


def fill_in(project: Project, changes: dict[tuple[str, str], str], n: int = 90, titles: bool = True) -> Path:
    """Fill in the workbook as a key user does: people, a title of one's own, values beside their labels, readers."""
    path = project.survey.folder() / "survey.xlsx"
    book = openpyxl.load_workbook(path)
    for i in range(n):
        book["Ram"].append(
            [
                f"N{i}",
                f"n{i}@lindby.example",
                str(i),
                UNITS[i % 3],
                "Trollkarl" if titles else "Enhetschef",
                "",
                "",
                "",
            ]
        )
    if titles:
        book["Roller"].append(["troll*", "Chefer"])
    for sheet in ("Tider", "Brev"):
        for cells in book[sheet].iter_rows(2):
            if (sheet, cells[0].value) in changes:
                cells[1].value = changes[sheet, cells[0].value]
    book["Läsare"].append(["Kim Ro", "kim@lindby.example"])
    book.save(path)
    return path


LETTERS = {
    ("Brev", "Kontakt, namn"): "Eva Ek",
    ("Brev", "Kontakt, e-post"): "eva@lindby.example",
    ("Brev", "Personuppgiftsansvarig"): "Kommunstyrelsen",
    ("Brev", "Läge"): "Anonym",
    ("Brev", "Bekräfta roll"): "nej",
    ("Brev", "Språk"): "sv",
    ("Tider", "Påminnelse 2"): "",
    ("Tider", "Stänger"): "2026-10-02",
}


def test_from_a_workbook_to_letters(begun):
    made = begun.survey.frame(fill_in(begun, LETTERS))
    assert (made.people_n, made.titles) == (90, {"Trollkarl": "managers"})
    assert {(unit, role): n for unit, role, n in made.groups} == dict.fromkeys(
        [(u, "managers") for u in UNITS], 30
    )
    folder = begun.survey.folder("lindby", "2026")
    survey = read_survey(folder)
    assert (survey.mode, survey.languages, survey.responsible) == ("anonymous", ("sv",), "Kommunstyrelsen")
    assert (survey.closes, survey.reminders) == (date(2026, 10, 2), (date(2026, 9, 14),))
    assert survey.contact.email == "eva@lindby.example"
    assert read_recipients(folder / READERS, {"lindby": "Lindby"}) == [
        Recipient("Kim Ro (kim@lindby.example)", "lindby")
    ]
    plan = begun.survey.plan(invite=60)
    assert plan.plan.chosen.invited == 60
    assert {row["unit"] for row in plan.rows()} >= {"*", *UNITS}
    drawn = begun.survey.sample(seed=7)
    assert drawn.invited_n == len(read_sample(folder)) == 60
    letters = begun.survey.letters(today=TODAY)
    assert {path.name for path in letters.files} == {
        f"{k}.txt" for k in ("information", "invitation", "reminder", "thanks")
    } | {"calendar.ics"}
    assert "2 oktober 2026" in (folder / "letters/sv/invitation.txt").read_text(encoding="utf-8")
    checked = begun.survey.check()
    assert checked.exit_code == 0
    assert [row["place"] for row in checked.rows()] == ["survey.yaml, mode"]  # anonymous: the panel is lost
    for path in [folder, folder.parent, folder.parent.parent, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_rested_on_a_changed_file_goes(begun, tmp_path):
    survey, folder = begun.survey, begun.survey.folder()
    staff = write_staff(tmp_path / "staff.csv")
    survey.frame(staff)
    survey.plan()
    survey.sample(seed="a")
    survey.plan(invite=70)
    assert not (folder / SAMPLE).exists()
    survey.sample(seed="a")
    survey.frame(write_staff(tmp_path / "staff.csv", 80))
    assert not (folder / SAMPLE).exists()
    assert not (folder / PLAN).exists()


def test_a_survey_that_is_open_stays_as_it_is(begun, tmp_path):
    survey = begun.survey
    survey.frame(write_staff(tmp_path / "staff.csv"))
    survey.plan()
    survey.sample(seed="a")
    freeze(survey.folder())
    for step in (lambda: survey.frame(tmp_path / "staff.csv"), survey.plan, lambda: survey.sample(seed="b")):
        with pytest.raises(InputError, match="the survey is open"):
            step()


def test_faults_of_workbook_and_list_come_together(begun):
    path = fill_in(begun, {("Tider", "Stänger"): "2026-09-01", ("Brev", "Läge"): "hemlig"})
    book = openpyxl.load_workbook(path)
    book["Ram"].append(["Bo", "bo@lindby", "200", "care", "Trollkarl"])
    book["Roller"].append(["vaktmästare", "Vaktmästare"])
    book["Brev"].append(["Kontakt namn", "x"])
    book.save(path)
    with pytest.raises(InputError) as caught:
        begun.survey.frame(path)
    told = "\n".join(map(str, caught.value.problems))
    for part in (
        "no mail address",
        "no role “Vaktmästare”",
        "no row called “Kontakt namn”",
        "survey.xlsx, mode",
    ):
        assert part in told
    assert not (begun.survey.folder() / "frame.csv").exists()
    assert read_survey(begun.survey.folder()).closes == date(2026, 9, 25)


def test_the_workbook_is_the_same_for_the_same_and_in_english_too(project):
    project.survey.new("lindby", "2026", languages=("en",))
    book = openpyxl.load_workbook(io.BytesIO((project.survey.folder() / "survey.xlsx").read_bytes()))
    assert book.sheetnames == ["Frame", "Roles", "Units", "Times", "Letters", "Readers"]
    assert [cell.value for cell in book["Frame"][1]][:8] == [
        "Name",
        "E-mail",
        "Person id",
        "Unit",
        "Title",
        "Role",
        "Language",
        "Draw",
    ]
    assert [row[0].value for row in book["Units"].iter_rows(2)] == [
        "care",
        "care-office",
        "home-care",
        "school",
        "school-office",
    ]
    first = (project.survey.folder() / "survey.xlsx").read_bytes()
    (project.survey.folder() / "survey.yaml").unlink()
    project.survey.new("lindby", "2026", languages=("en",))
    assert (project.survey.folder() / "survey.xlsx").read_bytes() == first


def test_what_cannot_be_begun_or_meant_is_told(begun):
    with pytest.raises(InputError) as caught:
        begun.survey.new("lindbi", "2026", languages=("fi",))
    assert [p.place for p in caught.value.problems] == ["organisation", "--language"]
    with pytest.raises(InputError, match="already"):
        begun.survey.new("lindby", "2026")
    begun.survey.new("lindby", "2027")
    with pytest.raises(InputError, match="lindby 2026, lindby 2027"):
        begun.survey.plan()
    with pytest.raises(InputError, match="no such survey"):
        begun.survey.plan("berga")
    with pytest.raises(InputError) as caught:
        begun.survey.plan("lindby", "2026", invite=3, change=2, rate=0, method="magic")
    assert [p.place for p in caught.value.problems] == ["--invite, --change", "--rate", "--method"]
    with pytest.raises(InputError, match="no staff list is taken in yet"):
        begun.survey.plan("lindby", "2026")


RULES = {
    'opens: "2026-09-07"': ("opens: 2026-07-27", "lies outside 1 February"),
    'closes: "2026-09-25"': ("closes: 2026-10-12", "open for 36 days"),
    'reminders: ["2026-09-14", "2026-09-21"]': (
        "reminders: [2026-09-10]",
        "2026-09-07, and the next 2026-09-10",
    ),
    'kept_until: "2027-12-31"': ("kept_until: 2026-09-20", "before the survey is over"),
    'report: "2026-10-19"': ("report:", "report: it is empty"),
    "confirm_role: false": ("confirm_role: true\nmode: anonymous", "nobody's own role is kept"),
    'languages: ["sv", "en"]': ("languages: [sv, fi]", "survey.yaml, languages: there are no texts in 'fi'"),
    '"sv": "uppgift': ('"no": "uppgift', "ask your data protection officer"),
}


@pytest.mark.parametrize("was", RULES)
def test_rules_of_times_and_letters(begun, was):
    becomes, told = RULES[was]
    path = begun.survey.folder() / "survey.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    assert told not in str(begun.survey.check())
    path.write_text(text.replace('mode: "confidential"\n', "").replace(was, becomes), encoding="utf-8")
    assert told in str(begun.survey.check())


@pytest.mark.parametrize(
    ("opens", "told"),
    [("2026-03-02", None), ("2026-09-07", "2026-1 is the spring"), ("2027-03-01", "is open 2027")],
)
def test_the_year_and_its_half_are_those_of_the_period(project, opens, told):
    project.survey.new("lindby", "2026-1")
    (project.survey.folder() / "survey.yaml").write_text(
        f'{{organisation: lindby, period: "2026-1", instrument: tiny, opens: {opens}, closes: {opens[:8]}24}}',
        encoding="utf-8",
    )
    checked = [row for row in project.survey.check().rows() if row["place"] == "survey.yaml, opens"]
    assert [(row["must"], told in row["what"]) for row in checked] == ([(True, True)] if told else [])


def test_a_sample_that_is_not_the_plans_is_told(begun, tmp_path):
    survey, folder = begun.survey, begun.survey.folder()
    assert "no staff list" in str(survey.check())
    survey.frame(write_staff(tmp_path / "staff.csv"))
    survey.plan(invite=70)
    survey.sample(seed="a")
    lines = (folder / SAMPLE).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / SAMPLE).write_text("".join(lines[:-1]), encoding="utf-8")
    assert "not the sample of the plan" in str(survey.check())


def test_the_commands_of_the_docs_run_as_they_are_printed(outputs, tmp_path, monkeypatch):
    """docs/measure.md, from the first command after the register to the check, which is content."""
    text = (project_root() / "docs" / "measure.md").read_text(encoding="utf-8")
    block = text.partition("## Planning")[2].partition("```\n")[2].partition("```")[0]
    lines = [
        line.partition("#")[0].split()[1:] for line in block.splitlines() if line.startswith("dimios survey")
    ]
    assert [line[1] for line in lines] == ["new", "frame", "plan", "page", "sample", "letters", "check"]
    monkeypatch.setenv("DIMIOS_OUTPUTS", str(outputs))
    ran = []
    for line in lines:
        if line[1] == "frame":
            project = Project(outputs, progress=None)
            path = fill_in(
                project,
                {**LETTERS, ("Brev", "Läge"): "förtrolig", ("Tider", "Stänger"): "2027-10-01"},
                n=300,
                titles=False,
            )
            monkeypatch.chdir(path.parent)
        ran.append((line[1], app(line, standalone_mode=False)))
    assert ran == [(line[1], None) for line in lines]
    assert Project(outputs, progress=None).survey.check().findings == ()
