"""Drafts of mappings: what is certain goes through ingest untouched, what is not is asked line by line, nothing is guessed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.responses import Mapping, ResponseStore, load_mapping
from dimios_core.responses.draft import draft_mapping
from dimios_core.responses.draft_columns import find_columns

from .conftest import BASE, CASES, Reader

TINY = load_instrument(BASE / "instrument.yaml")


def drafted(reader: Reader, file: Path, fills: dict[str, str] | None = None) -> str:
    """Draft, fill in the lines that are asked for in the order in which they stand, and return the YAML."""
    made = draft_mapping([file], TINY, ResponseStore(reader.outputs).register())
    lines = made.text.splitlines()
    asked = [lines[number - 1] for number in made.lines_to_fill_in]
    assert len(asked) == len(fills or {}), made.text
    for number, (start, answer) in zip(made.lines_to_fill_in, (fills or {}).items(), strict=True):
        assert lines[number - 1].strip().startswith(start), lines[number - 1]
        lines[number - 1] = re.sub(r"(:)\s*(\})?\s*#.*", rf"\1 {answer}\2", lines[number - 1]).replace(
            "None", ""
        )
    return "\n".join(lines)


WHO = {"organisation": "lindby", "period": '"2026"'}


@pytest.mark.parametrize(
    ("case", "fills", "expected"),
    [
        ("21-branched-questions/answers.csv", WHO, [(2, 1, 2), (5, 4, 3)]),
        ("09-excel/hidden-first-sheet.xlsx", WHO, [(1, 2, 3), (4, 4, 4), (5, 4, 3)]),
        ("09-excel/zero-width-header.xlsx", WHO, [(1, 2, 3), (4, 4, 4), (5, 4, 3)]),
        (
            "06-surveymonkey/answers.csv",
            WHO,
            [(1, 2, 3), (2, 2, 3), (5, 4, "dont_know")],
        ),
        ("07-qualtrics/answers.csv", WHO, [(5, "missing", "missing"), (5, 4, 3), (5, 4, 3)]),
    ],
)
def test_a_tools_export_is_drafted_and_read(
    reader: Reader, case: str, fills: dict[str, str], expected: list
) -> None:
    file = CASES / case
    reader.take(file, drafted(reader, file, fills))
    assert reader.answers() == expected


def test_a_draft_of_words_shows_their_direction(reader: Reader) -> None:
    file = reader.write(
        "a.csv",
        "Kommun;År;E-post;1. Vi planerar.;2) Vi arbetar;Grid [Vi lär.]\nlindby;2026;a@x.se;Strongly agree;Disagree;Vet ej\nlindby;2026;b@x.se;Strongly disagree;Agree;Neither agree nor disagree\n",
    )
    text = drafted(reader, file)
    assert text.index('"Strongly disagree": 1') < text.index('"Strongly agree": 5')
    reader.take(file, text)
    assert reader.answers() == [(1, 4, 3), (5, 2, "dont_know")]
    assert load_mapping(reader.write("m.yaml", text)).columns.respondent is not None


@pytest.mark.parametrize(
    "rows",
    [
        "0;1;4\n4;0;2\n",
        "Instämmer helt;2;4\n3;Instämmer inte alls;2\n",
        "5 = Instämmer inte alls;5 = Instämmer inte alls;1 = Instämmer helt\n",
    ],
    ids=["numbers of another scale", "ends in words", "numbered the other way"],
)
def test_a_direction_is_never_guessed(reader: Reader, rows: str) -> None:
    file = reader.write("a.csv", "plan;work;learn\n" + rows)
    made = draft_mapping([file], TINY, ResponseStore(reader.outputs).register())
    asked = [made.text.splitlines()[n - 1] for n in made.lines_to_fill_in]
    assert len([line for line in asked if "(lowest)" in line]) >= 2
    with pytest.raises((InputError, ValidationError)) as error:
        load_mapping(reader.write("m.yaml", made.text))
    said = str(error.value)
    for number in made.lines_to_fill_in:
        assert f"line {number}," in said or f"line {number}:" in said, said


def test_spss_codes_are_asked_where_only_the_ends_are_labelled(reader: Reader) -> None:
    import pandas as pd
    import pyreadstat

    file = reader.folder / "a.sav"
    frame = pd.DataFrame({"q1": [1.0, 2.0], "q2": [5.0, 3.0], "q3": [4.0, 1.0]})
    ends = {1: "Instämmer helt", 5: "Instämmer inte alls"}
    labels = ["Vi planerar.", "Vi arbetar.", "Vi lär."]
    pyreadstat.write_sav(
        frame, str(file), column_labels=labels, variable_value_labels=dict.fromkeys(frame, ends)
    )
    made = draft_mapping([file], TINY)
    assert "values: codes" in made.text
    assert re.search(r'"1":\s+# FILL IN: 1 \(lowest\) to 5 \(highest\) \(Instämmer helt\)', made.text)
    fills = WHO | {f'"{code}"': str(6 - code) for code in range(1, 6)}
    reader.take(file, drafted(reader, file, fills))
    assert reader.answers() == [(4, 3, 5), (5, 1, 2)]


def test_two_statements_that_are_nearly_alike_are_not_swapped(reader: Reader) -> None:
    file = reader.write("a.csv", "Vi planarbetar;Vi arbetplanerar;learn\n5;4;3\n")
    made = draft_mapping([file], TINY)
    items = [line for line in made.text.splitlines() if line.endswith((": plan", ": work"))]
    assert items == []
    assert "left over" in made.text


@pytest.mark.parametrize(
    ("header", "is_likely"),
    [
        ("Vår organisation har en tydlig strategi för digital utveckling", True),
        ("Vår organisation har inte en tydlig strategi för digitalisering", False),
        ("Vår organisation saknar en tydlig strategi för digitalisering", False),
        ("Vår organisation har 2 tydliga strategier för digitalisering", False),
    ],
)
def test_what_denies_a_statement_is_not_taken_for_it(header: str, is_likely: bool, tmp_path: Path) -> None:
    text = (BASE / "instrument.yaml").read_text()
    text = text.replace("sv: Vi planerar.", "sv: Vår organisation har en tydlig strategi för digitalisering.")
    (tmp_path / "i.yaml").write_text(text)
    found = find_columns([[header], ["learn"]], load_instrument(tmp_path / "i.yaml"), [5, 5])
    assert (0 in found.likely) == is_likely
    assert 0 not in found.items
    assert is_likely or found.nearest[0] == "plan"


@pytest.mark.long
@pytest.mark.usefixtures("heavy")
def test_drafts_of_the_demo_find_what_its_mappings_say(demo_outputs: Path) -> None:
    instrument, register = load_instrument("dimios"), ResponseStore(demo_outputs).register()
    for name, mapping in (
        ("Digital_mognad_2026.csv", "demo-csv"),
        ("digmog2026.sav", "demo-sav"),
        ("enkatsvar-2024-2.xlsx", "demo-xlsx"),
    ):
        made = draft_mapping([demo_outputs / "demo" / "raw" / name], instrument, register)
        written = load_mapping(mapping)
        for header, item in written.items.items():
            assert f"{json.dumps(header, ensure_ascii=False)}: {item}" in made.text
        for field in ("organisation", "period", "unit"):
            assert re.search(
                rf'^  {field}:(?: \{{|\n    )column: "{re.escape(getattr(written.columns, field).column)}"',
                made.text,
                re.MULTILINE,
            )


def test_the_schema_knows_every_setting() -> None:
    schema = Mapping.model_json_schema()
    assert set(schema["properties"]) == set(Mapping.model_fields)
    assert "keep" in json.dumps(schema)
