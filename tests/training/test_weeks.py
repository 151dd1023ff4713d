"""Weeks are data, checked whole before anything is made."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.places import parameters_dir
from dimios_core.runner.made import hash_code
from dimios_core.runner.parameters import read_declared_parameters
from dimios_core.suites import load_suite
from dimios_core.training import kinds
from dimios_core.training.weeks import check_weeks, list_weeks, load_week


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project of its own, with the weeks and nothing else."""
    for name in ("suites", "training"):
        shutil.copytree(parameters_dir() / name, tmp_path / "parameters" / name)
    (tmp_path / "parameters" / "instruments").mkdir()
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    return tmp_path


def change(project: Path, week: str, change) -> None:
    path = project / "parameters" / "training" / "weeks" / f"{week}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def problems_of(language: str = "sv", instrument: str = "dimios") -> list[str]:
    with pytest.raises(InputError) as raised:
        check_weeks(language, instrument)
    return [f"{p.place}: {p.what}" for p in raised.value.problems]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_weeks_are_whole_in_both_languages(language):
    check_weeks(language, "dimios")


def test_a_week_takes_forty_five_minutes_and_ends_with_something_to_write():
    for name in list_weeks():
        week = load_week(name)
        assert week.minutes == 45 if name.startswith("week") else week.minutes <= 45
        assert any(q.kind == "reflect" for q in week.sections[-1].questions)


def test_a_notebook_shows_every_section_of_its_week_in_their_order():
    for name, path in zip(list_weeks(), load_suite("training").paths, strict=True):
        shown = [f'week.part("{section.id}")' for section in load_week(name).sections]
        cells = [cell["source"] for cell in yaml.safe_load(path.read_text(encoding="utf-8"))["cells"]]
        calls = ["".join(source) for source in cells if "".join(source).startswith("week.part(")]
        assert calls == shown
        assert list(read_declared_parameters(path)) == ["organisation", "period", "language", "results"]


def test_all_faults_of_all_weeks_are_told_at_once_with_their_places(project):
    def lose_a_reason(week):
        del week["sections"][0]["questions"][0]["because"]["none"]

    def name_what_is_not_there(week):
        week["sections"][0]["text"][0]["sv"] += " {{ nobody }}"
        del week["aim"]["en"]

    def have_two_right(week):
        for option in week["sections"][0]["questions"][0]["options"]:
            option["right"] = True

    change(project, "week2_governance", lose_a_reason)
    change(project, "week3_organising", name_what_is_not_there)
    change(project, "week5_own_challenge", have_two_right)
    (project / "parameters" / "training" / "weeks" / "between.yaml").write_text("[", encoding="utf-8")
    (project / "parameters" / "training" / "weeks" / "measure_together.yaml").unlink()
    told = "\n".join(problems_of())
    assert re.search(
        r"week2_governance.yaml, line \d+, sections\[0\].questions\[0\].outcome: because: they are increase, decrease, unknown",
        told,
    )
    assert "sections.units.text.1 (sv): nothing is called nobody" in told
    assert "only it has a text in 'en'" in told
    assert ".choice: one option is right, and no other" in told
    assert "between.yaml, line 1, column 2: not valid YAML" in told
    assert "measure_together.yaml: there is no such week" in told


def test_a_text_without_figures_names_none(project):
    """Where nothing is published, a sentence that tells a number would be empty."""

    def tell(week):
        week["sections"][0]["questions"][0]["because"]["unknown"]["sv"] = "{{ value|signed }}"

    change(project, "week2_governance", tell)
    (told,) = problems_of()
    assert told.endswith("sections.certain.changed.because.unknown (sv): nothing is called value")


def test_another_model_or_language_is_refused():
    assert all("about the model dimios" in told for told in problems_of(instrument="esaf"))
    assert all("says nothing in 'fi'" in told for told in problems_of(language="fi"))


def test_an_unknown_section_is_told_with_those_there_are():
    with pytest.raises(InputError, match="choose among: words, sorting"):
        load_week("week1_digitalisation").section("word")


def test_pages_do_not_stand_when_a_text_has_changed(project):
    before = hash_code()
    change(project, "between", lambda week: week["aim"].update(sv="Något annat."))
    assert hash_code() != before


def test_a_choice_without_one_right_answer_is_none():
    right, wrong = kinds.Answer("a", True, "why"), kinds.Answer("b", False, "why")
    assert kinds.Choice("q", "?", (right, wrong)).answers == (right, wrong)
    for answers in ((right, kinds.Answer("c", True, "why")), (wrong,), (right, right), (right,)):
        with pytest.raises(ValueError, match="q: "):
            kinds.Choice("q", "?", answers)


def test_a_number_is_right_within_its_tolerance_and_no_further():
    number = kinds.Number("q", "?", -9.0, 2, "why", ((9.0, "sign"),), "hint")
    assert [number.accepts(n) for n in (-9.0, -8.8, -9.2, -8.7, -9.3, 9.0)] == [True] * 3 + [False] * 3
    with pytest.raises(ValueError, match="a mistake is told to be right"):
        kinds.Number("q", "?", 5.0, 0, "why", ((5.0, "same"),), "hint")
