"""Cards, sheets and forms hold what the model and the glossary say, whatever the model."""

from __future__ import annotations

import pytest

from dimios_core.actions.worksheet import FILLED_COLUMNS
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.languages import load_texts
from dimios_core.places import parameters_dir
from dimios_core.results.evidence.glossary import read_glossary
from dimios_core.training.material import drawings, kit
from dimios_core.training.material.challenge import make_challenge
from dimios_core.training.material.evaluation import make_form, read_evaluation
from tests.responses.conftest import SETUP
from tests.training.material.reading import letters_of, pages_of, squeeze

DIMIOS = load_instrument("dimios")


def make_wide(categories_n: int, points_n: int) -> Instrument:
    """A model of other names, with its own number of categories and points, a scale of its own and no plane."""
    tiny = load_instrument(SETUP / "instrument.yaml")
    category, point = tiny.categories[0], tiny.points[0]
    scale = tiny.scales["default"].model_copy(update={"highest": 3.0, "dont_know": None})
    return tiny.model_copy(
        update={
            "scales": {"default": scale},
            "categories": [
                category.model_copy(update={"id": f"c{i}", "name": {"sv": f"Del {i} <b>", "en": f"Part {i}"}})
                for i in range(categories_n)
            ],
            "points": [
                point.model_copy(
                    update={
                        "id": f"p{i}_{k}",
                        "category": f"c{i}",
                        "name": {"sv": f"Punkt {i}.{k} & mer", "en": f"Point {i}.{k}"},
                        "items": [point.items[0].model_copy(update={"id": f"p{i}_{k}"})],
                    }
                )
                for i in range(categories_n)
                for k in range(points_n)
            ],
        }
    )


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.long)])
def test_a_card_holds_statement_scale_and_plain_words(language: str):
    glossary = read_glossary(parameters_dir() / "glossary.yaml", DIMIOS)
    told = letters_of(kit.make_cards(DIMIOS, glossary["points"], language))
    for point in DIMIOS.points:
        assert squeeze(point.items[0].statement[language]) in told
        assert squeeze(glossary["points"][point.id]["text"][language]) in told
    scale = DIMIOS.scales["default"]
    assert scale.dont_know is not None
    for label in (*scale.labels.values(), scale.dont_know):
        assert told.count(squeeze(label[language])) >= len(DIMIOS.points)


def test_the_glossary_has_a_word_for_every_point():
    assert list(read_glossary(parameters_dir() / "glossary.yaml", DIMIOS)["points"]) == DIMIOS.point_ids


def test_another_models_cards_have_its_own_scale():
    model = make_wide(2, 2)
    assert kit.name_answers(model.scales["default"], model, "sv") == ["1", "2", "3"]
    told = letters_of(kit.make_cards(model, {}, "sv"))
    assert told.count(squeeze("Vi planerar.")) == 4 and squeeze("Vet ej") not in told.replace(
        squeeze(load_texts("sv")["material"]["cards"]["how"]), ""
    )
    # a point without plain words has its definition
    assert told.count("Plan") >= 4
    assert squeeze("Punkt 1.1 & mer") in letters_of(kit.make_tally(model, "sv"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_plane_has_the_names_of_its_dimensions_and_quadrants(language: str):
    content = drawings.make_plane(DIMIOS, language)
    assert content is not None and DIMIOS.quadrants is not None
    (told,) = pages_of(content)
    for part in (*DIMIOS.dimensions, *DIMIOS.quadrants.cells):
        assert squeeze(part.name[language]) in told
    assert drawings.make_plane(make_wide(2, 2), language) is None


def test_the_border_lies_where_the_model_says():
    """The plane is a square of 690 pixels from (60, 20): borders at 70 go through 60 + 483 across and 710 − 483 down."""
    assert DIMIOS.quadrants is not None
    svg, _ = drawings._draw_plane(DIMIOS, DIMIOS.quadrants.model_copy(update={"border": 70.0}), "sv")
    assert 'd="M60.0 227.0H750.0M543.0 20.0V710.0" stroke="#59626b" stroke-width="2"' in svg


@pytest.mark.parametrize(("categories_n", "points_n", "pages_n"), [(1, 1, 2), (6, 4, 2), (9, 8, 4)])
def test_the_profile_has_every_category_and_point_of_any_model(
    categories_n: int, points_n: int, pages_n: int
):
    model = make_wide(categories_n, points_n)
    first, *others = pages_of(drawings.make_profile(model, "sv"))
    assert len(others) + 1 == pages_n
    for category in model.categories:
        name = squeeze(category.name["sv"])
        assert name in first and sum(name in page for page in others) == 1
    for point in model.points:
        assert sum(squeeze(point.name["sv"]) in page for page in others) == 1


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.long)])
def test_the_words_are_those_of_the_glossary(language: str):
    glossary = read_glossary(parameters_dir() / "glossary.yaml", DIMIOS)
    told = letters_of(kit.make_words(glossary, DIMIOS, language))
    assert len(glossary["terms"]) > 5
    for word in (*glossary["terms"], *glossary["points"].values()):
        for part in ("text", "care", "school", "building", "is_not", "ask"):
            assert squeeze(word[part][language]) in told


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_challenge_card_has_the_worksheets_columns_in_its_order_on_one_sheet(language: str):
    (told,) = pages_of(make_challenge(DIMIOS, language))
    words, card = load_texts(language)["worksheet"]["columns"], load_texts(language)["material"]["challenge"]
    assert set(card["columns"]) == set(FILLED_COLUMNS)
    at = [told.index(squeeze(f"{words[c]}{card['columns'][c]}")) for c in FILLED_COLUMNS]
    assert at == sorted(at)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_form_asks_for_no_name_and_holds_every_statement_with_every_answer(language: str):
    evaluation = read_evaluation(language)
    first, count = pages_of(make_form(evaluation, DIMIOS, language))
    assert len(evaluation.statements) == 5
    for each in evaluation.statements:
        assert squeeze(each.statement[language]) in first and squeeze(each.statement[language]) in count
    for answer in evaluation.name_answers(language):
        assert first.count(squeeze(answer)) >= 5
