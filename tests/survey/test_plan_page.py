"""The plan as a page: counts and precision in both languages, the notebook's sections, nobody's name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import pytest

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import project_root
from dimios_core.project.plan_page import open_plan_page
from dimios_core.report.overview import list_calls
from dimios_core.report.planned import PlanFacts, PlannedGroup, PlannedStep, PlanPage
from dimios_core.responses import ResponseStore
from tests.responses.conftest import SETUP
from tests.survey.test_steps import write_staff

NOTEBOOK = project_root() / "notebooks" / "planning" / "plan.ipynb"


@pytest.fixture
def planned(outputs: Path, tmp_path: Path) -> Project:
    project = Project(outputs, SETUP / "instrument.yaml", progress=None)
    project.survey.new("lindby", "2026", languages=("sv", "en"))
    project.survey.frame(write_staff(tmp_path / "staff.csv"))
    project.survey.plan(invite=60)
    return project


def text_of(page: PlanPage) -> str:
    return "\n".join(re.sub(r"<style>.*?</style>", "", str(p.html), flags=re.DOTALL) for p in page.pieces())


def test_it_tells_what_the_plan_says(planned):
    plan = planned.survey.plan(invite=60).plan
    text = text_of(planned.survey.page(language="sv"))
    assert "60 av 90 får enkäten. Ungefär 36 väntas svara." in text
    assert f"±{plan.chosen.half_width:.1f} procentenheter".replace(".", ",") in text
    for unit in ("Hemtjänst", "Skola", "Kansli"):
        assert f'<th scope="row">{unit}</th><td class="n">30</td><td class="n">20</td>' in text
    assert "7 september 2026" in text
    assert "13 juli 2026" in text  # fifty-six days before
    english = text_of(planned.survey.page(language="en"))
    assert "60 of 90 get the survey." in english
    assert not re.search("[åäö]", english.replace("Hemtjänst", "").replace("Vård", ""))


def test_letters_stand_there_once_they_can_be_written(planned):
    assert "Hej Förnamn" not in text_of(planned.survey.page())
    path = planned.survey.folder() / "survey.yaml"
    text = (
        path.read_text(encoding="utf-8")
        .replace('"name": ""', '"name": "Eva"')
        .replace('"email": ""', '"email": "e@x.example"')
    )
    path.write_text(text.replace('responsible: ""', 'responsible: "Nämnden"'), encoding="utf-8")
    assert "Hej Förnamn Efternamn!" in text_of(planned.survey.page())


def test_the_file_opens_by_itself_and_names_nobody(planned):
    file = planned.survey.write_page()
    html = file.read_text(encoding="utf-8")
    assert file.name == "plan-sv.html"
    assert not re.search(r'(src|href)="(?!#|data:)', html)
    people = (planned.survey.folder() / "frame.csv").read_text(encoding="utf-8").splitlines()[1:]
    for row in people:
        _, name, email, *_ = row.split(",")
        assert email not in html
        assert f">{name}<" not in html
    assert "lindby.example" not in html


def test_the_notebook_shows_every_section_in_order(planned, monkeypatch):
    cells = [c.source for c in nbformat.read(NOTEBOOK, as_version=4).cells if c.cell_type == "code"]
    called = re.findall(r"report\.(\w+)\(\)", "\n".join(cells))
    assert [f"report.{name}()" for name in called] == list(list_calls(PlanPage))
    space: dict = {}
    exec(cells[0], space)
    space |= {"outputs": str(planned.outputs), "organisation": "lindby", "period": "2026"}
    path = planned.survey.folder() / "survey.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            'instrument: "tiny"', f'instrument: "{SETUP / "instrument.yaml"}"'
        ),
        encoding="utf-8",
    )
    for source in cells[1:]:
        exec(source, space)
    assert [str(p.html) for p in space["report"].pieces()] == [
        str(p.html) for p in planned.survey.page().pieces()
    ]
    assert "report.precision()" in repr(space["report"])


def test_without_a_plan_or_a_language_there_is_no_page(outputs):
    project = Project(outputs, SETUP / "instrument.yaml", progress=None)
    project.survey.new("lindby", "2026")
    with pytest.raises(InputError) as caught:
        project.survey.page(language="fi")
    assert [p.place for p in caught.value.problems] == ["--language", "plan.json"]


def test_without_its_organisation_in_the_register_there_is_no_page(planned):
    register = ResponseStore(planned.outputs).register()
    without = replace(register, organisations=register.organisations.query("id != 'lindby'"))
    model = load_instrument(SETUP / "instrument.yaml")
    with pytest.raises(InputError, match="lindby is no longer in the register"):
        open_plan_page(planned.survey.folder(), without, model, "sv", is_demo=False)


def test_what_a_stranger_writes_stays_text():
    evil = "<script>alert(1)</script>\"'&]]>{{ 7*7 }}"
    step = PlannedStep(10, 2.0, 1.0, 4.0)
    days = (("opens", 1, date(2026, 9, 7)), ("closes", 1, date(2026, 9, 25)))
    groups = (PlannedGroup("", 20, 10, 6, "whole", 2.0), PlannedGroup(evil, 20, 10, 6, "none", None))
    facts = PlanFacts(
        evil,
        "2026",
        "sv",
        False,
        0.6,
        evil,
        step,
        (PlannedStep(20, 1.0, 0.5, 2.0),),
        groups,
        days,
        ((evil, evil),),
    )
    text = text_of(PlanPage(facts))
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert "{{ 7*7 }}" in text


def test_where_too_few_are_asked_it_promises_nothing():
    step = PlannedStep(3, None, None, None)
    days = (("opens", 1, date(2026, 9, 7)), ("closes", 1, date(2026, 9, 25)))
    group = PlannedGroup("", 3, 3, 2, "none", None)
    page = PlanPage(PlanFacts("Lindby", "2026", "sv", False, 0.6, "", step, (step,), (group,), days, ()))
    text = text_of(page)
    assert "Det blir för få svar för att säga hur säkert resultatet blir." in text
    assert "För få väntas svara för att något resultat ska kunna visas." in text
    assert page.charts == {}
    assert "±0" not in text
