"""What a trainer's commands write: whole or not at all, the same bytes every time, every word of the guide somewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest
from pptx import Presentation

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir
from dimios_core.training.material import weeks
from dimios_core.training.material.guides import read_course, read_guides
from tests.training.material.reading import letters_of, squeeze

#: each test makes papers for a second or more
pytestmark = pytest.mark.usefixtures("heavy")
BOTH = pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.long)])
MODEL = load_instrument("dimios")
NAMES = {
    "sv": ("vecka1-handledning.pdf", "vecka1-manus.pdf", "vecka1-bilder.pptx"),
    "en": ("week1-guide.pdf", "week1-script.pdf", "week1-slides.pptx"),
}


@BOTH
def test_a_weeks_material_holds_every_word_of_its_guide(tmp_path: Path, language: str):
    made = Project(tmp_path / "none", progress=None).seminars.write_material(
        [1], language=language, to=tmp_path
    )
    guide, script, slides = (tmp_path / name for name in NAMES[language])
    assert sorted(made.paths) == sorted([guide, script, slides])
    week, course = read_guides(language, MODEL)[0], read_course(language)
    led, said = letters_of(guide.read_bytes()), letters_of(script.read_bytes())
    told = [week.aim, week.output, *week.before, *week.material, *week.rules, *course.rules, *week.stings]
    told += [text for a in week.expected for text in (a.heard, a.say)]
    told += [text for s in week.timetable for text in (s.title, s.do)]
    assert [text for text in told if squeeze(text) not in led] == []
    deck = Presentation(slides)
    notes = [page.notes_slide.notes_text_frame.text for page in deck.slides]
    shown = [page.shapes.title.text for page in deck.slides]
    for slide in week.study:
        assert slide.say == notes[shown.index(slide.title)]
        # a page's foot may stand in the middle of what is said: its first and last words do not
        assert squeeze(slide.say[:80]) in said and squeeze(slide.say[-80:]) in said
    for step in week.timetable:
        if step.slide is not None:
            assert step.do in notes[shown.index(step.slide.title)]
    with pikepdf.open(guide) as document:
        assert str(document.Root.Lang) == language and document.Root.MarkInfo.Marked
    # nothing but the folder that was named has been made
    assert not (tmp_path / "none").exists()


def test_the_same_bytes_every_time_in_the_outputs_folder(tmp_path: Path):
    seminars = Project(tmp_path, progress=None).seminars
    first = {p.name: p.read_bytes() for p in seminars.write_material([2]).paths}
    assert {p.parent for p in seminars.write_material([2]).paths} == {tmp_path / "training" / "sv"}
    again = {p.name: p.read_bytes() for p in (tmp_path / "training" / "sv").iterdir()}
    assert first == again


def test_what_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seminars, target = Project(tmp_path / "none", progress=None).seminars, tmp_path / "to"
    for wanted in ({"weeks": [1, 9]}, {"language": "xx"}):
        with pytest.raises(InputError):
            seminars.write_material(to=target, **wanted)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        seminars.write_material([1], to=tmp_path / "file" / "below")

    def fail(*_: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(weeks, "make_script", fail)
    with pytest.raises(RuntimeError):
        seminars.write_material([1], to=target)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file"]


@BOTH
def test_the_kit_is_whole_and_its_tally_reads_back(tmp_path: Path, language: str):
    seminars = Project(tmp_path / "none", progress=None).seminars
    made = {p.suffix: p for p in seminars.write_kit(language=language, to=tmp_path).paths}
    assert len(list(tmp_path.glob("*.pdf"))) == 10
    for path in tmp_path.glob("*.pdf"):
        with pikepdf.open(path) as document:
            assert document.Root.MarkInfo.Marked, path.name
    empty = made[".csv"].read_text(encoding="utf-8-sig")
    sign = ";" if language == "sv" else ","
    before = tmp_path / "before.csv"
    before.write_text(
        empty.replace(sign * 6, sign.join(["", "1", "3", "4", "2", "0", "1"])), encoding="utf-8"
    )
    after = tmp_path / "after.csv"
    after.write_text(empty.replace(sign * 6, sign.join(["", "0", "1", "4", "5", "1", "0"])), encoding="utf-8")
    told = seminars.compare_groups(before, after, language=language, to=tmp_path / "effect.pdf")
    # before (3·25 + 4·50 + 2·75)/10 = 42.5, after (25 + 4·50 + 5·75 + 100)/11 = 63.636
    assert [row["difference"] for row in told.effects] == [21.1] * 5
    paper = letters_of((tmp_path / "effect.pdf").read_bytes())
    assert len(told.words) == 5
    for sentence in told.words:
        assert squeeze(sentence) in paper
    assert ("211" in paper, "425" in paper, "636" in paper) == (True, True, True)
    with pytest.raises(InputError) as faults:
        seminars.compare_groups(tmp_path / "a.csv", tmp_path / "b.csv", to=tmp_path / "c.txt")
    assert len(faults.value.problems) == 3


def test_all_texts_of_the_kit_that_a_language_lacks_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(parameters_dir(), tmp_path / "parameters")
    training = tmp_path / "parameters" / "training"
    (training / "kit" / "sv" / "information.md").write_text("No title\n\n<b>", encoding="utf-8")
    (training / "kit" / "sv" / "measure_together.md").unlink()
    for name in ("between.yaml", "evaluation.yaml"):
        content = (training / name).read_text(encoding="utf-8")
        (training / name).write_text(content.replace("    what:\n      sv:", "    what:\n      nb:", 1).replace("    statement:\n      sv:", "    statement:\n      nb:", 1), encoding="utf-8")  # fmt: skip
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    with pytest.raises(InputError) as told:
        Project(tmp_path / "none", progress=None).seminars.write_kit(to=tmp_path / "to")
    places = [problem.place for problem in told.value.problems]
    assert places == [
        "evaluation.yaml, explain", "between.yaml, month 0, what", "sv/measure_together.md", "sv/information.md, line 3",
        "sv/information.md",
    ]  # fmt: skip
    assert not (tmp_path / "to").exists()
