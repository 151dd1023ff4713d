"""The glossary: checked against the model's languages, and the project's own is complete."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir
from dimios_core.published.store import PublicResults
from dimios_core.results.evidence.glossary import read_glossary
from tests.building import make_instrument, text

MODEL = make_instrument({"a": "c", "b": "c"}, {"c": "d"})


def write(path: Path, *terms: dict) -> Path:
    path.write_text(yaml.safe_dump({"terms": list(terms)}, allow_unicode=True), encoding="utf-8")
    return path


def term(name: str, **more) -> dict:
    return {"id": name, "name": text(name), "text": text(f"What {name} means.")} | more


def test_the_projects_own_explains_what_people_confuse_in_both_languages() -> None:
    terms = {
        t["id"]: t
        for t in read_glossary(parameters_dir() / "glossary.yaml", load_instrument("dimios"))["terms"]
    }
    wanted = {"digitalisation", "it", "digital_maturity", "digital_competence", "digital_capability", "digital_heritage"}  # fmt: skip
    assert wanted | {"benefits_realisation", "technical_debt", "shadow_it"} <= set(terms)
    for t in terms.values():
        assert t["text"]["sv"] != t["text"]["en"]
        assert all(t["text"][language].endswith(".") for language in ("sv", "en"))


def test_terms_of_other_models_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "g.yaml", term("all"), term("own", instrument="small"), term("x", instrument="dimios"))  # fmt: skip
    assert [t["id"] for t in read_glossary(path, MODEL)["terms"]] == ["all", "own"]


def test_a_missing_or_empty_file_has_no_terms(tmp_path: Path) -> None:
    assert read_glossary(tmp_path / "none.yaml", MODEL) == {"terms": []}
    empty = tmp_path / "empty.yaml"
    empty.write_text("", encoding="utf-8")
    assert read_glossary(empty, MODEL) == {"terms": []}
    assert PublicResults(tmp_path).glossary == {"terms": []}


def test_twins_and_missing_languages_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "g.yaml", term("a"), term("a"), term("b") | {"text": {"sv": "Så."}})
    with pytest.raises(InputError) as error:
        read_glossary(path, MODEL)
    told = [f"{p.place}: {p.what}" for p in error.value.problems]
    assert told == ["g.yaml, a: the term is there twice", "g.yaml, b, text: there is no text in en"]


@pytest.mark.parametrize("content", ["terms: [", "terms: [{id: a}]", "words: []"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "g.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        read_glossary(path, MODEL)
