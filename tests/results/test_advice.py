"""The files of recommendations and reference lines: checked against the model, and the project's own are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir
from dimios_core.results.evidence.advice import read_advice, read_reference
from tests.building import make_instrument, text

MODEL = make_instrument({"a": "c", "b": "c"}, {"c": "d"})


def write(path: Path, value) -> Path:
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
    return path


def test_every_measure_point_of_dimios_has_advice_in_both_languages() -> None:
    dimios = load_instrument("dimios")
    advice = read_advice(parameters_dir() / "advice.yaml", dimios)
    assert list(advice["points"]) == dimios.point_ids
    for texts in advice["points"].values():
        for language in ("sv", "en"):
            assert 2 <= texts[language].count(". ") + 1 <= 3, texts[language]
        assert "märks när" in texts["sv"]
        assert "notice it when" in texts["en"]


def test_the_national_lines_are_the_published_ones() -> None:
    reference = read_reference(parameters_dir() / "reference.yaml", load_instrument("dimios"))
    assert {line["year"]: line["score"] for line in reference["lines"]} == {2019: 41, 2020: 47, 2021: 51}
    (target,) = reference["targets"]
    assert [target[k] for k in ("from_year", "from_score", "to_year", "to_score")] == [2021, 48, 2023, 55]
    assert all(line["source"]["sv"] and line["source"]["en"] for line in [*reference["lines"], target])


def test_points_without_advice_are_fine(tmp_path: Path) -> None:
    path = write(tmp_path / "advice.yaml", {"instrument": "small", "points": {"b": text("Do this.")}})
    assert read_advice(path, MODEL)["points"] == {"b": {"sv": "Do this.", "en": "Do this."}}


def test_unknown_points_and_missing_languages_are_told_at_once(tmp_path: Path) -> None:
    content = {"instrument": "small", "points": {"x": text("Do."), "a": {"sv": "Gör."}}}
    with pytest.raises(InputError) as error:
        read_advice(write(tmp_path / "advice.yaml", content), MODEL)
    places = [p.place for p in error.value.problems]
    assert places == ["advice.yaml, points, x", "advice.yaml, points, a"]


def test_files_of_another_model_and_no_files_give_nothing(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", parameters_dir() / "advice.yaml"):
        assert read_advice(path, MODEL) == {"instrument": "small", "points": {}}
    for path in (tmp_path / "none.yaml", parameters_dir() / "reference.yaml"):
        assert read_reference(path, MODEL) == {"instrument": "small", "lines": [], "targets": []}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"points": {}}, "advice.yaml, instrument"),
        ({"instrument": "small", "point": {}}, "advice.yaml, point"),
        ({"instrument": "small", "points": {"a": "Do."}}, "advice.yaml, points.a"),
    ],
)
def test_a_faulty_file_is_told_with_its_place(tmp_path: Path, content: dict, place: str) -> None:
    with pytest.raises(InputError) as error:
        read_advice(write(tmp_path / "advice.yaml", content), MODEL)
    assert place in [re.sub(r" line \d+,", "", p.place) for p in error.value.problems]


def test_a_target_cannot_end_before_it_begins(tmp_path: Path) -> None:
    target = {"from_year": 2023, "from_score": 48, "to_year": 2021, "to_score": 55, "source": text("s")}
    with pytest.raises(InputError, match="ends before it begins"):
        read_reference(write(tmp_path / "r.yaml", {"instrument": "small", "targets": [target]}), MODEL)
