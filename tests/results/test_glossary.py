"""Words in plain language: checked against the model's points and languages, and the project's own are complete."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir
from dimios_core.published.store import PublicResults
from dimios_core.results.evidence.glossary import find_hard_words, read_glossary
from tests.building import make_instrument, text

MODEL = make_instrument({"a": "c", "b": "c"}, {"c": "d"})
OWN = parameters_dir() / "glossary.yaml"
PARTS = ("text", "care", "school", "building", "is_not", "ask")
NOTHING = {"terms": [], "points": {}}


def write(path: Path, *terms: dict, hard: dict | None = None) -> Path:
    content = {"terms": list(terms), "hard_words": hard or {}}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def point(point_id: str, **more) -> dict:
    texts = {part: text(f"Some words on {part}.") for part in PARTS}
    return {"id": point_id} | texts | {"ask": text("What is it with us?")} | more


def term(term_id: str, **more) -> dict:
    return point(term_id, **{"name": text(term_id), **more})


def told(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_glossary(path, MODEL)
    return [f"{p.place}: {p.what}" for p in error.value.problems]


def test_the_projects_own_explains_every_measure_point_in_both_languages() -> None:
    model = load_instrument("dimios")
    points = read_glossary(OWN, model)["points"]
    assert list(points) == model.point_ids
    assert len(points) == 26


def test_the_projects_own_explains_what_people_confuse() -> None:
    terms = {t["id"] for t in read_glossary(OWN, load_instrument("dimios"))["terms"]}
    assert terms == {
        "digitisation", "digitalisation", "it", "digital_maturity", "digital_capability", "digital_heritage",
        "digital_competence", "portfolio", "percentage_point", "certain", "dont_know",
    }  # fmt: skip


def test_the_projects_own_texts_differ_and_are_sentences() -> None:
    own = read_glossary(OWN, load_instrument("dimios"))
    for word in [*own["terms"], *own["points"].values()]:
        for part in PARTS:
            assert word[part]["sv"] != word[part]["en"]
            ends = "?" if part == "ask" else "."
            assert all(word[part][language].endswith(ends) for language in ("sv", "en"))
            if part == "is_not":
                assert word[part]["sv"].startswith("Inte ")
                assert word[part]["en"].startswith("Not ")


def test_no_text_of_the_projects_own_stands_twice() -> None:
    own = read_glossary(OWN, load_instrument("dimios"))
    texts = [w[part][lang] for w in [*own["terms"], *own["points"].values()] for part in PARTS for lang in ("sv", "en")]  # fmt: skip
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "governance incitamenten interoperabilitet API:er systemarkitektur agilt silor stuprören"),
        ("en", "governance incentives interoperability APIs architecture agile silos stakeholders"),
    ],
)
def test_the_projects_own_list_finds_hard_words(language: str, words: str) -> None:
    hard = yaml.safe_load(OWN.read_text(encoding="utf-8"))["hard_words"][language]
    for word in words.split():
        assert find_hard_words(f"Det är {word} här.", hard), word
    assert find_hard_words("Digital transformation.", hard)


def test_another_model_has_terms_alone() -> None:
    """Words on the points of one model are none of another's; nothing shows where there are none."""
    own = read_glossary(OWN, MODEL)
    assert own["points"] == {}
    assert {"digitalisation", "open_data", "benefits_realisation"} <= {t["id"] for t in own["terms"]}
    assert not {"digital_maturity", "shadow_it"} & {t["id"] for t in own["terms"]}


def test_terms_of_other_models_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "g.yaml", term("all"), term("own", instrument="small"), term("x", instrument="dimios"))  # fmt: skip
    assert [t["id"] for t in read_glossary(path, MODEL)["terms"]] == ["all", "own"]


def test_a_word_with_a_points_id_explains_the_point(tmp_path: Path) -> None:
    read = read_glossary(write(tmp_path / "g.yaml", point("b"), term("z")), MODEL)
    assert [t["id"] for t in read["terms"]] == ["z"]
    assert read["points"] == {"b": {part: point("b")[part] for part in PARTS}}


def test_a_missing_or_empty_file_has_no_terms(tmp_path: Path) -> None:
    assert read_glossary(tmp_path / "none.yaml", MODEL) == NOTHING
    empty = tmp_path / "empty.yaml"
    empty.write_text("", encoding="utf-8")
    assert read_glossary(empty, MODEL) == NOTHING
    assert PublicResults(tmp_path).glossary == NOTHING


def test_twins_and_missing_languages_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "g.yaml", term("x"), term("x"), point("b") | {"care": {"sv": "Så."}})
    assert told(path) == ["g.yaml, x: the term is there twice", "g.yaml, b, care: there is no text in en"]


def test_a_misspelt_point_is_told(tmp_path: Path) -> None:
    model = make_instrument({"scaling": "c", "b": "c"}, {"c": "d"})
    with pytest.raises(InputError, match=r"no measure point scalling \(did you mean .scaling.\?\)"):
        read_glossary(write(tmp_path / "g.yaml", point("scalling")), model)


@pytest.mark.parametrize(
    ("part", "most"),
    [("text", 30), ("care", 25), ("school", 25), ("building", 25), ("is_not", 20), ("ask", 20)],
)
def test_a_text_has_at_most_so_many_words(tmp_path: Path, part: str, most: int) -> None:
    ends = "?" if part == "ask" else "."
    fits = {"sv": " ".join(["ord"] * most) + ends, "en": "So." if part != "ask" else "So?"}
    read_glossary(write(tmp_path / "g.yaml", point("a", **{part: fits})), MODEL)
    long = fits | {"sv": f"ett {fits['sv']}"}
    assert told(write(tmp_path / "g.yaml", point("a", **{part: long}))) == [
        f"g.yaml, a, {part}, sv: {most + 1} words are too long to take in"
    ]


def test_a_question_asks(tmp_path: Path) -> None:
    path = write(tmp_path / "g.yaml", point("a", ask=text("Think about it.")))
    assert told(path) == [f"g.yaml, a, ask, {lang}: it is no question" for lang in ("sv", "en")]


@pytest.mark.parametrize("part", PARTS)
def test_a_planted_hard_word_is_found_in_every_text(tmp_path: Path, part: str) -> None:
    planted = {"sv": "Vilka Silor har ni?", "en": "Which silos have you?"}
    path = write(tmp_path / "g.yaml", point("a", **{part: planted}), hard={"sv": ["silo"], "en": ["agile"]})
    assert told(path) == [f"g.yaml, a, {part}, sv: “Silor” needs explaining itself"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("An API.", ["API"]),
        ("In the capital.", []),
        ("An API (a way in for other systems).", []),
        ("An API (a way in) beside that API.", []),
        ("An API ().", ["API"]),
        ("An API. (A way in.)", ["API"]),
        ("A dataplatform.", ["dataplatform"]),
        ("APIs and platforms.", ["APIs", "platforms"]),
    ],
)
def test_hard_words(words: str, found: list[str]) -> None:
    assert find_hard_words(words, ["api", "platform"]) == found


def test_a_word_may_use_its_own_name(tmp_path: Path) -> None:
    hard = {"sv": ["agil"], "en": ["agil"]}
    named = term("x", name=text("Agile work"), text=text("Agile is to work in small steps."))
    read_glossary(write(tmp_path / "g.yaml", named, hard=hard), MODEL)
    assert len(told(write(tmp_path / "g.yaml", named | {"name": text("Small steps")}, hard=hard))) == 2


@pytest.mark.parametrize("content", ["terms: [", "terms: [{id: a}]", "words: []"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "g.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        read_glossary(path, MODEL)
