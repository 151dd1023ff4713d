"""The DiMiOS model as published: its dimensions, categories and measure points, in both languages."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from dimios_core.instrument import Instrument, load_instrument

# the model's own Swedish terms, in its own order
MODEL = {
    "Digital förmåga": {
        "Effektivitet": "Portföljstyrning, Förvaltningsstyrning, Projektstyrning, Försörjningsstrategi, "
        "Ekonomiska ramar, Informationssäkerhet och integritet, Standarder",
        "Innovation": "Användarinvolvering, Öppna data, Öppen utveckling, Innovationskultur, Digitalt först, Skalning",
        "Balansering": "Prioritering, Kostnadskontroll, Nyttorealisering, Nyttokontroll, Kompetensförsörjning",
    },
    "Digitalt arv": {
        "Organisation": "Kompetensmix, Arbetsmiljö",
        "Användare": "Användarnöjdhet, Rykte",
        "Teknik": "Infrastruktur, Skugg-IT, Teknisk skuld, Styrning",
    },
}


@pytest.fixture(scope="module")
def dimios() -> Instrument:
    return load_instrument("dimios")


def walk_texts(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from walk_texts(getattr(value, name))
    elif isinstance(value, list):
        for child in value:
            yield from walk_texts(child)
    elif isinstance(value, dict):
        if value and all(isinstance(child, str) for child in value.values()):
            yield value
        else:
            for child in value.values():
                yield from walk_texts(child)


def test_the_hierarchy_is_the_models_own(dimios: Instrument) -> None:
    found = {
        dimension.name["sv"]: {
            category.name["sv"]: ", ".join(point.name["sv"] for point in dimios.points_of(category.id))
            for category in dimios.categories_of(dimension.id)
        }
        for dimension in dimios.dimensions
    }
    assert found == MODEL


def test_the_composite_is_digital_maturity(dimios: Instrument) -> None:
    assert dimios.composite is not None
    assert dimios.composite.name == {"sv": "Digital mognad", "en": "Digital maturity"}


def test_two_six_and_twenty_six_in_the_right_shares(dimios: Instrument) -> None:
    assert (len(dimios.dimensions), len(dimios.categories), len(dimios.points)) == (2, 6, 26)
    assert [len(dimios.points_of(category)) for category in dimios.category_ids] == [7, 6, 5, 2, 2, 4]


def test_one_statement_a_point_and_a_high_answer_is_the_mature_one(dimios: Instrument) -> None:
    assert all([item.id for item in point.items] == [point.id] for point in dimios.points)
    assert not any(item.reversed for item in dimios.items.values())


def test_every_text_stands_in_both_languages_and_nothing_was_left_untranslated(dimios: Instrument) -> None:
    texts = list(walk_texts(dimios))
    # name, source, 5 labels, don't know, 5 roles, 3 forms of the composite; name and definition of 2 + 6 + 26,
    # 26 statements; 4 axis ends, what is open on 2 borders, 4 cells of three texts
    assert len(texts) == 2 + 6 + 5 + 3 + 2 * 34 + 26 + 4 + 2 + 12
    for text in texts:
        assert set(text) == {"sv", "en"}
        assert all(wording == wording.strip() != "" for wording in text.values())
        if " " in text["sv"]:
            assert text["sv"] != text["en"]


def test_statements_are_one_sentence_about_our_organisation(dimios: Instrument) -> None:
    for item in dimios.items.values():
        for language, ours in (("sv", r"\bvår organisation"), ("en", r"\bour organisation")):
            statement = item.statement[language]
            assert re.search(ours, statement, re.IGNORECASE), statement
            assert re.fullmatch(r"[^.?!]+\.", statement), statement
    assert len({item.statement["sv"] for item in dimios.items.values()}) == 26


def test_the_source_says_that_the_wording_is_the_projects_own(dimios: Instrument) -> None:
    assert "skrivna av det här projektet" in dimios.source["sv"]
    assert "written by this project" in dimios.source["en"]


def test_answers_run_from_one_to_five_with_labels_and_dont_know(dimios: Instrument) -> None:
    scale = dimios.scales["default"]
    assert sorted(scale.labels) == [1, 2, 3, 4, 5]
    assert scale.labels[1]["sv"] == "Instämmer inte alls"
    assert scale.labels[5]["sv"] == "Instämmer helt"
    assert scale.dont_know is not None
    assert scale.dont_know["sv"] == "Vet ej"


def test_the_quadrants_lie_where_the_method_puts_them(dimios: Instrument) -> None:
    quadrants = dimios.quadrants
    assert quadrants is not None
    assert (quadrants.across, quadrants.upwards, quadrants.border) == ("heritage", "capability", 50)
    # low capability and limiting heritage is A; heritage lifts to B, capability to C, both to D
    assert [quadrants.cell_at(*at).id for at in ((20, 20), (80, 20), (20, 80), (80, 80))] == list("ABCD")
    for cell in quadrants.cells:
        for language in dimios.languages:
            assert 2 <= len(re.findall(r"[.!?](?:\s|$)", cell.recommendation[language])) <= 3


def test_the_roles(dimios: Instrument) -> None:
    assert dimios.role_ids == [
        "politicians",
        "top_management",
        "administration_management",
        "strategists_developers",
        "system_owners",
        "unknown",
    ]
