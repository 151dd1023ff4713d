"""The guides as they come: whole in both languages, true of the model; faults of one's own are told at once, with their line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.languages import load_texts
from dimios_core.places import parameters_dir
from dimios_core.training.material.between import read_between
from dimios_core.training.material.guides import Guide, read_course, read_guides

LANGUAGES = ("sv", "en")
MODEL = load_instrument("dimios")
#: what a guide's shape is, whatever its words
NUMBERS = {"sv": ("sex", "tjugosex"), "en": ("six", "twenty-six")}


def shape_of(guide: Guide) -> dict[str, object]:
    return {
        "week": guide.week,
        "lengths": [
            len(getattr(guide, part)) for part in ("before", "material", "rules", "expected", "stings")
        ],
        "minutes": [step.minutes for step in guide.timetable],
        "slides": [step.slide and len(step.slide.points) for step in guide.timetable],
        "study": [len(slide.points) for slide in guide.study],
    }


def test_five_weeks_are_there_in_both_languages_with_the_same_parts():
    swedish, english = (read_guides(language, MODEL) for language in LANGUAGES)
    assert [guide.week for guide in swedish] == [1, 2, 3, 4, 5]
    assert [shape_of(g) for g in swedish] == [shape_of(g) for g in english]
    courses = [read_course(language) for language in LANGUAGES]
    assert [len(c.rules) for c in courses] == [len(courses[0].rules)] * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_the_model_is_so(language: str):
    guides = {guide.week: guide for guide in read_guides(language, MODEL)}
    spoken = {week: " ".join(f"{s.title} {s.say}" for s in g.study) for week, g in guides.items()}
    assert MODEL.quadrants is not None
    for cell in MODEL.quadrants.cells:
        assert cell.name[language] in spoken[4]
    for part in (*MODEL.dimensions, *MODEL.categories):
        assert part.name[language].lower() in spoken[1].lower()
    assert (len(MODEL.categories), len(MODEL.points)) == (6, 26)
    assert all(number in spoken[1].lower() for number in NUMBERS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_are_to_be_looked_up_are_measure_points(language: str):
    """“uppslaget på A, B och C” names points of the model, by their own names."""
    names = {p.name[language] for p in MODEL.points}
    opened = {"sv": "uppslaget på ", "en": "opened at "}[language]
    looked_up = [
        name
        for guide in read_guides(language, MODEL)
        for thing in guide.material
        if opened in thing
        for name in re.split(r", | och | and ", thing.partition(opened)[2].rstrip("."))
    ]
    assert len(looked_up) == 6
    assert set(looked_up) <= names


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_week_tells_the_months_of_the_calendar(language: str):
    last = read_guides(language, MODEL)[-1]
    (year,) = [s.slide for s in last.timetable if s.slide and any("0:" in p for p in s.slide.points)]
    assert [int(n) for n in re.findall(r"\d+", " ".join(year.points))] == [
        s.month for s in read_between(language)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_and_tabs_of_reports_are_called_what_they_are_there(language: str):
    guides = {guide.week: guide for guide in read_guides(language, MODEL)}
    texts = load_texts(language)
    assert texts["change_certainty"]["none"] in " ".join(slide.say for slide in guides[2].study)
    tabs = {2: ["our_result"], 3: ["internal_comparison"], 4: ["our_result", "improvements"]}
    for week, pages in tabs.items():
        for page in pages:
            assert texts["pages"][page] in " ".join(guides[week].before)


@pytest.fixture
def guides_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's own guides, to be spoilt."""
    shutil.copytree(parameters_dir() / "training", tmp_path / "parameters" / "training")
    shutil.copytree(parameters_dir() / "instruments", tmp_path / "parameters" / "instruments")
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    return tmp_path / "parameters" / "training" / "guides" / "sv"


def spoil(path: Path, **changes: object) -> None:
    path.write_text(
        yaml.safe_dump(
            yaml.safe_load(path.read_text(encoding="utf-8")) | changes, allow_unicode=True, sort_keys=False
        ),
        encoding="utf-8",
    )


def test_all_faults_of_all_weeks_are_told_at_once_with_their_lines(guides_folder: Path):
    week = {n: guides_folder / f"week{n}.yaml" for n in (1, 2, 3, 4)}
    steps = yaml.safe_load(week[1].read_text(encoding="utf-8"))["timetable"]
    spoil(week[1], timetable=[{**steps[0], "minutes": 9}, *steps[1:]])
    spoil(week[2], aim="  ", extra="nothing knows it")
    study = yaml.safe_load(week[3].read_text(encoding="utf-8"))["study"]
    spoil(week[3], study=study[:1])
    spoil(week[4], week=5)
    with pytest.raises(InputError) as told:
        read_guides("sv", MODEL)
    said = [str(problem) for problem in told.value.problems]
    assert all(re.match(r"week\d\.yaml(, line \d+|:)", text) for text in said), said
    for words in (
        "takes 89 minutes, not 90",
        "aim: the text is empty",
        "extra",
        "script has",
        "week 5 is told twice",
    ):
        assert [words in text for text in said].count(True) == 1, words


def test_the_least_and_the_most_that_a_script_may_be(guides_folder: Path):
    path = guides_folder / "week1.yaml"
    slide = yaml.safe_load(path.read_text(encoding="utf-8"))["study"][0]
    for n, fits in ((1099, False), (1100, True), (1650, True), (1651, False)):
        spoil(path, study=[{**slide, "say": "ord " * n}])
        if fits:
            assert read_guides("sv", MODEL)[0].script_words_n == n
        else:
            with pytest.raises(InputError, match=f"script has {n} words"):
                read_guides("sv", MODEL)


def test_a_language_or_model_without_guides_is_refused(guides_folder: Path):
    other = MODEL.model_copy(update={"id": "other"})
    for language, model in (("nb", MODEL), ("sv", other)):
        with pytest.raises(InputError, match="there are no guides"):
            read_guides(language, model)
