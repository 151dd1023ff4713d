"""Instruments load by id or path, and answer questions about themselves."""

import json
import pickle
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument, Scale, list_instruments, load_instrument


@pytest.fixture
def small(small_text: str, tmp_path: Path) -> Instrument:
    path = tmp_path / "small.yaml"
    path.write_text(small_text, encoding="utf-8")
    return load_instrument(path)


def test_the_order_of_the_file_is_kept(small: Instrument) -> None:
    assert small.dimension_ids == ["left", "right"]
    assert small.category_ids == ["apples", "pears"]
    assert small.point_ids == ["colour", "taste"]
    assert small.item_ids == ["red", "pale", "sweet"]
    assert small.point_of_item == {"red": "colour", "pale": "colour", "sweet": "taste"}
    assert [p.id for p in small.points_of("pears")] == ["taste"]
    assert [c.id for c in small.categories_of("left")] == ["apples"]


def test_the_unknown_role_comes_with_every_instrument(small: Instrument) -> None:
    assert small.role_ids == ["leaders", "unknown"]


def test_weights_scales_and_reversed_items(small: Instrument) -> None:
    assert [c.weight for c in small.categories] == [2.0, 1.0]
    assert [p.weight for p in small.points] == [1.0, 0.5]
    assert [i.reversed for i in small.items.values()] == [False, True, False]
    assert small.scale_of_item("pale").highest == 5
    assert small.scales["default"].labels[1] == {"sv": "Nej", "en": "No"}


@pytest.mark.parametrize(
    ("lowest", "highest", "step", "answers_n"),
    [(1, 5, 1, 5), (1, 6, 1, 6), (0, 10, 1, 11), (0, 1, 0.1, 11), (-2, 2, 0.5, 9), (0, 100, 25, 5)],
)
def test_the_number_of_answers_of_a_scale(lowest: float, highest: float, step: float, answers_n: int) -> None:
    assert Scale(lowest=lowest, highest=highest, step=step).answer_categories_n == answers_n


@pytest.mark.parametrize(
    ("across_pct", "upwards_pct", "cell"),
    [(49.9, 49.9, "A"), (50, 49.9, "B"), (49.9, 50, "C"), (50, 50, "D"), (0, 0, "A"), (100, 100, "D")],
)
def test_the_border_itself_counts_as_high(
    small: Instrument, across_pct: float, upwards_pct: float, cell: str
) -> None:
    assert small.quadrants is not None
    assert small.quadrants.cell_at(across_pct, upwards_pct).id == cell


def test_no_language_stands_in_for_another(small: Instrument) -> None:
    assert small.text(small.name, "en") == "Small"
    assert small.text({}, "de") == ""
    with pytest.raises(KeyError):
        small.text(small.name, "de")


def test_words_that_yaml_takes_for_truth_values_stay_words(small_text: str, tmp_path: Path) -> None:
    path = tmp_path / "norwegian.yaml"
    text = small_text.replace("languages: [sv, en]", "languages: [no, en]").replace("{sv:", "{no:")
    path.write_text(text, encoding="utf-8-sig")  # a byte order mark does no harm either
    instrument = load_instrument(path)
    assert instrument.languages == ["no", "en"]
    assert instrument.scales["default"].labels[5] == {"no": "Ja", "en": "Yes"}


def test_an_instrument_without_quadrants_roles_or_definitions(small_text: str, tmp_path: Path) -> None:
    text = small_text[: small_text.index("quadrants:")] + "composite: none\n"
    text = text.replace("roles:\n  - id: leaders\n    name: {sv: Ledare, en: Leaders}\n", "")
    path = tmp_path / "plain.yaml"
    path.write_text(text, encoding="utf-8")
    instrument = load_instrument(path)
    assert instrument.quadrants is None
    assert instrument.composite is None
    assert instrument.role_ids == ["unknown"]
    assert instrument.points[0].definition == {}


def test_the_composite_is_named_in_the_file(small: Instrument) -> None:
    assert small.composite is not None
    assert small.composite.name == {"sv": "Frukt", "en": "Fruit"}
    assert small.composite.own is small.composite.short is None


def test_an_instrument_is_the_same_after_being_written_as_json(
    small: Instrument, small_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text(
        small_text.replace("composite: {name: {sv: Frukt, en: Fruit}}", "composite: none"), "utf-8"
    )
    alone = load_instrument(path)
    for instrument in (small, alone):
        assert Instrument.model_validate_json(instrument.model_dump_json()) == instrument
    assert json.loads(alone.model_dump_json())["composite"] == "none"


def test_an_instrument_cannot_be_changed_and_travels_between_processes(small: Instrument) -> None:
    with pytest.raises(ValueError, match="frozen"):
        small.version = 2  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(small)) == small


def test_an_id_is_found_in_the_projects_parameters(
    small_text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "parameters" / "instruments"
    folder.mkdir(parents=True)
    (folder / "small.yaml").write_text(small_text, encoding="utf-8")
    (folder / "other.yaml").write_text(small_text, encoding="utf-8")
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    assert list_instruments() == ["other", "small"]
    assert load_instrument("small").id == "small"
    with pytest.raises(InputError, match="did you mean 'small'"):
        load_instrument("smal")
    with pytest.raises(InputError, match=r"called other.yaml, but its instrument is called 'small'"):
        load_instrument("other")


def test_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_instrument(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        load_instrument(tmp_path)
