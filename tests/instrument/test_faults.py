"""Each fault of a model file alone: one message, at the right line and path, with its remedy."""

from pathlib import Path

import pytest

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import load_instrument


def find_faults(folder: Path, text: str) -> list[Problem]:
    path = folder / "spoilt.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_instrument(path)
    return caught.value.problems


# what is replaced | by what | the place after "spoilt.yaml, line " | in the message | in the remedy
FAULTS = {
    "id is no slug": ("id: small", "id: Små", "1, id", "'Små' cannot be an id", "a-z"),
    "id of a point is no slug": ("id: taste", "id: ta ste", "41, points[1].id", "cannot be an id", "a-z"),
    "id of a scale is no slug": (
        "  default:\n",
        "  Other: {lowest: 0, highest: 1}\n  default:\n",
        "7, scales.Other",
        "'Other' cannot be an id",
        "a-z",
    ),
    "version is text": ("version: 1", 'version: "1"', "2, version", "whole number", "without quotes"),
    "version is zero": ("version: 1", "version: 0", "2, version", "too small", "1 or more"),
    "no languages": ("languages: [sv, en]", "languages: []", "3, languages", "is empty", "at least one"),
    "language twice": (
        "[sv, en]",
        "[sv, en, sv]",
        "3, languages[2]",
        "'sv' is given twice",
        "remove",
    ),
    "missing language": (
        "{sv: Smak, en: Taste}",
        "{sv: Smak}",
        "44, points[1].name.en",
        "the text in 'en' is missing",
        "add en",
    ),
    "missing language of a label": (
        "5: {sv: Ja, en: Yes}",
        "5: {en: Yes}",
        "13, scales.default.labels[5].sv",
        "the text in 'sv' is missing",
        "add sv",
    ),
    "undeclared language": (
        "{sv: Smak, en: Taste}",
        "{sv: Smak, en: Taste, fi: Maku}",
        "44, points[1].name.fi",
        "'fi' is not declared",
        "add it to languages",
    ),
    "empty text": (
        "{sv: Smak, en: Taste}",
        "{sv: Smak, en: ' '}",
        "44, points[1].name.en",
        "the text is empty",
        "write the text",
    ),
    "text in one language only": (
        "{sv: Smak, en: Taste}",
        "Smak",
        "44, points[1].name",
        "a text in each language",
        "{sv: …, en: …}",
    ),
    "text is a number": (
        "{sv: Smak, en: Taste}",
        "{sv: Smak, en: 7}",
        "44, points[1].name.en",
        "should be text",
        "quotes",
    ),
    "unknown key": (
        "statement: {sv: De är söta., en",
        "statment: {sv: De är söta., en",
        "47, points[1].items[0].statment",
        "unknown key 'statment'",
        "did you mean 'statement'?",
    ),
    "unknown key like none": (
        "border: 50",
        "border: 50\n  zzzz: 1",
        "53, quadrants.zzzz",
        "unknown key 'zzzz'",
        "remove it; keys here: across",
    ),
    "missing key": (
        "    category: pears\n",
        "",
        "41, points[1]",
        "the key 'category' is missing",
        "add category",
    ),
    "key twice": ("    weight: 0.5\n", "    weight: 1\n    weight: 2\n", "44, points[1].weight", "line 43", "remove"),
    "point id twice": ("id: taste", "id: colour", "41, points[1].id", "'colour' is used twice among the points, first on line 32", "own id"),
    "item id twice": ("id: sweet", "id: red", "46, points[1].items[0].id", "first on line 36", "own id"),
    "dimension id twice": ("- id: right", "- id: left\n    name: {sv: x, en: x}\n  - id: right", "21, dimensions[1].id", "among the dimensions, first on line 19", "own id"),
    "reserved role": ("id: leaders", "id: unknown", "16, roles[0].id", "reserved", "remove the entry"),
    "unknown dimension": (
        "dimension: right",
        "dimension: rihgt",
        "29, categories[1].dimension",
        "unknown dimension 'rihgt'",
        "did you mean 'right'?",
    ),
    "unknown category": (
        "category: pears",
        "category: paers",
        "42, points[1].category",
        "unknown category 'paers'",
        "did you mean 'pears'? choose among: apples, pears",
    ),
    "unknown scale": (
        "scale: default",
        "scale: defualt",
        "48, points[1].items[0].scale",
        "unknown scale 'defualt'",
        "did you mean 'default'?",
    ),
    "empty category": ("category: pears", "category: apples", "28, categories[1]", "'pears' has no points", "give it points"),
    "empty dimension": ("dimension: right", "dimension: left", "21, dimensions[1]", "'right' has no categories", "give it categories"),
    "point without items": (
        "    items:\n      - id: sweet\n        statement: {sv: De är söta., en: They are sweet.}\n        scale: default\n",
        "    items: []\n",
        "45, points[1].items",
        "is empty",
        "at least one",
    ),
    "weight zero": ("weight: 0.5", "weight: 0", "43, points[1].weight", "0 is not above zero", "above zero"),
    "weight below zero": ("weight: 2", "weight: -2", "26, categories[0].weight", "-2 is not above", "above zero"),
    "weight with a decimal comma": ("weight: 0.5", "weight: 0,5", "43, points[1].weight", "should be a number", "decimal point"),
    "weight without end": ("weight: 0.5", "weight: 1e999", "43, points[1].weight", "should be a number", "infinite"),
    "weight is a truth value": ("weight: 0.5", "weight: true", "43, points[1].weight", "should be a number", "number"),
    "reversed is a word": ("reversed: true", "reversed: yes", "40, points[0].items[1].reversed", "true or false", "true or false"),
    "scale backwards": ("lowest: 1", "lowest: 5", "8, scales.default.lowest", "lowest (5) is not below highest (5)", "reversed: true"),
    "step zero": ("step: 1", "step: 0", "10, scales.default.step", "not above zero", "above zero"),
    "step that misses the end": ("step: 1", "step: 3", "10, scales.default.step", "do not reach 5", "evenly"),
    "label off the scale": ("      5: {", "      6: {", "13, scales.default.labels[6]", "not on the scale 1 to 5", "mend its number"),
    "label between two answers": ("      5: {", "      4.5: {", "13, scales.default.labels.4.5", "not on the scale", "mend its number"),
    "label is a word": ("      5: {", "      fem: {", "13, scales.default.labels.fem", "does not stand for a number", "number"),
    "no default scale": ("  default:\n", "  other:\n", "6, scales", "no scale called 'default'", "call one"),
    "axes alike": ("across: right", "across: left", "51, quadrants.upwards", "the same dimension, 'left'", "other dimension"),
    "unknown axis": ("across: right", "across: rght", "50, quadrants.across", "unknown dimension 'rght'", "did you mean 'right'?"),
    "border off the plane": ("border: 50", "border: 100", "52, quadrants.border", "not between 0 and 100", "such as 50"),
    "cell with a wrong place": ("{id: C, across: low", "{id: C, across: lo", "60, quadrants.cells[2].across", "none of the allowed", "'low' or 'high'"),
    "cell id twice": ("{id: C,", "{id: A,", "60, quadrants.cells[2].id", "'A' is already used by cells[0]", "once"),
    "cell with an unknown id": ("{id: C,", "{id: E,", "60, quadrants.cells[2].id", "none of the allowed", "'A', 'B', 'C' or 'D'"),
    "no composite": ("composite: {name: {sv: Frukt, en: Fruit}}\n", "", "1", "'composite' is missing", "or composite: none"),
    "composite left open": ("composite: {name: {sv: Frukt, en: Fruit}}", "composite:", "62, composite", "what the level above the dimensions is called", "or composite: none"),
    "composite is a word": ("composite: {name: {sv: Frukt, en: Fruit}}", "composite: Frukt", "62, composite", "what the level above the dimensions is called", "composite: {name: {sv: …, en: …}}"),
    "composite without a name": ("composite: {name: {sv: Frukt, en: Fruit}}", "composite: {own: {sv: frukt, en: fruit}}", "62, composite", "the key 'name' is missing", "add name"),
    "composite in one language": ("composite: {name: {sv: Frukt, en: Fruit}}", "composite: {name: {sv: Frukt}}", "62, composite.name.en", "the text in 'en' is missing", "add en"),
    "form of the composite misspelt": ("Fruit}}", "Fruit}, shrt: {sv: a, en: b}}", "62, composite.shrt", "unknown key 'shrt'", "did you mean 'short'?"),
    "tag": ("version: 1", "version: !!python/name:os.system x", "2, version", "is not read here", "remove the tag"),
}  # fmt: skip
#: the value stays unusable, so that a second message about the same place follows
TWICE = {"tag", "no default scale"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_once_with_its_place_and_remedy(fault: str, small_text: str, tmp_path: Path) -> None:
    old, new, place, what, remedy = FAULTS[fault]
    assert small_text.count(old) == 1, "the test spoils exactly one place"
    problems = find_faults(tmp_path, small_text.replace(old, new))
    assert len(problems) == (2 if fault in TWICE else 1), [str(p) for p in problems]
    found = problems[0]
    assert found.place == f"spoilt.yaml, line {place}"
    assert what in found.what
    assert remedy in found.remedy


def test_cells_that_leave_a_corner_open(small_text: str, tmp_path: Path) -> None:
    spoilt = small_text.replace("{id: C, across: low, upwards: high", "{id: C, across: low, upwards: low")
    problems = find_faults(tmp_path, spoilt)
    assert [p.what for p in problems] == [
        "no cell covers across: low, upwards: high",
        "across low, upwards low is already taken by cells[0]",
    ]
    assert problems[0].place == "spoilt.yaml, line 57, quadrants.cells"


def test_a_missing_cell(small_text: str, tmp_path: Path) -> None:
    spoilt = "".join(line for line in small_text.splitlines(keepends=True) if "{id: B," not in line)
    (problem,) = find_faults(tmp_path, spoilt)
    assert problem.what == "no cell covers across: high, upwards: low"


def test_quadrants_need_two_dimensions(small_text: str, tmp_path: Path) -> None:
    third = "  - id: up\n    name: {sv: Upp, en: Up}\ncategories:\n  - id: plums\n    dimension: up\n    name: {sv: x, en: x}\n"
    spoilt = small_text.replace("categories:\n", third)
    spoilt = spoilt.replace(
        "points:\n",
        "points:\n  - {id: p, category: plums, name: {sv: x, en: x}, items: [{id: p, statement: {sv: x, en: x}}]}\n",
    )
    (problem,) = find_faults(tmp_path, spoilt)
    assert problem.what == "quadrants need exactly two dimensions; there are 3"


def test_all_faults_come_at_once_in_the_order_of_lines(small_text: str, tmp_path: Path) -> None:
    spoilt = (
        small_text.replace("version: 1", "version: one")
        .replace("lowest: 1", "lowest: 9")
        .replace("dimension: right", "dimension: rigth")
        .replace("weight: 0.5", "weight: -1")
        .replace("De är söta., en: They are sweet.", "De är söta.")
        .replace("border: 50", "bordr: 50")
    )
    places = [p.place.removeprefix("spoilt.yaml, line ") for p in find_faults(tmp_path, spoilt)]
    assert places == [
        "2, version",
        "8, scales.default.lowest",
        "29, categories[1].dimension",
        "43, points[1].weight",
        "47, points[1].items[0].statement.en",
        "52, quadrants.bordr",
    ]


@pytest.mark.parametrize(
    ("raw", "place", "what", "remedy"),
    [
        (b"", "spoilt.yaml", "empty", "start from"),
        (b"# only a comment\n", "spoilt.yaml", "empty", "start from"),
        (b"- a\n- b\n", "spoilt.yaml", "not a mapping", "start from"),
        (b"id: a\nname: b: c\n", "spoilt.yaml, line 2, column 8", "mapping values", "within quotes"),
        (b"id: a\nname:\n\tsv: b\n", "spoilt.yaml, line 3, column 1", "not valid YAML", "spaces"),
        (b"id: [a\n", "spoilt.yaml, line 2, column 1", "not valid YAML", "bracket"),
        (b"id: a\n---\nid: b\n", "spoilt.yaml, line 2, column 1", "not valid YAML", "one instrument"),
        ("id: a\nname: Påhitt\n".encode("cp1252"), "spoilt.yaml, line 2", "not UTF-8", "UTF-8"),
        (b"id: &a x\nname: *a\n", "spoilt.yaml, line 2", "(*a) is not read", "write the value out"),
        (b"id: " + b"[" * 5000 + b"]" * 5000, "spoilt.yaml, line 1", "nested deeper", "brackets"),
        (b"id: a\x00b\n", "spoilt.yaml", "not valid YAML", "mend"),
    ],
)
def test_what_is_no_readable_yaml(raw: bytes, place: str, what: str, remedy: str, tmp_path: Path) -> None:
    path = tmp_path / "spoilt.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        load_instrument(path)
    (problem,) = caught.value.problems
    assert problem.place == place
    assert what in problem.what
    assert remedy in problem.remedy


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.yaml"
    with path.open("wb") as file:
        file.truncate(5_000_001)
    with pytest.raises(InputError, match="more than 5,000,000"):
        load_instrument(path)


@pytest.mark.parametrize(
    "text", ["a: 1\n", "points: 3\nscales: x\nquadrants: [1]\nlanguages: 4\n", "? [a]\n: b\n"]
)
def test_a_file_of_another_kind_is_explained_and_not_crashed_on(text: str, tmp_path: Path) -> None:
    assert any("'id' is missing" in p.what for p in find_faults(tmp_path, text))
