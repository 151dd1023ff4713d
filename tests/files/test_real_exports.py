"""Two surveys that nobody here made, as SurveyMonkey exported them: draft, corrected table, ingest, and the answers counted by the csv module.

The data are the first people of two surveys that FiveThirtyEight published under CC BY 4.0 (`cases/real/README.md`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter

import pandas as pd

from dimios_core.instrument import load_instrument
from dimios_core.responses import ResponseStore
from dimios_core.responses.draft import draft_mapping

from .conftest import BASE, CASES, Reader

REAL = CASES / "real"
FAVOUR = {
    "Very unfavorably": 1,
    "Somewhat unfavorably": 2,
    "Neither favorably nor unfavorably (neutral)": 3,
    "Somewhat favorably": 4,
    "Very favorably": 5,
}
FIRST_CHARACTER, LAST_CHARACTER = 15, 29
FIRST_CUISINE, LAST_CUISINE = 3, 43


def instrument_of(reader: Reader, statements: list[str]):
    """A model with one item a statement, all on one scale."""
    base = (BASE / "instrument.yaml").read_text(encoding="utf-8")
    points = "".join(
        f"  - {{id: i{n}, category: part, name: {{sv: N{n}, en: N{n}}}, definition: {{sv: D., en: D.}},"
        f' items: [{{id: i{n}, statement: {{sv: "{text}", en: "{text}"}}}}]}}\n'
        for n, text in enumerate(statements)
    )
    return reader.write("i.yaml", base[: base.index("points:")] + "points:\n" + points)


def rows_of(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((REAL / name).read_bytes().decode("latin-1"))))


def counted(reader: Reader) -> Counter[tuple[str, float | str]]:
    rows = ResponseStore(reader.outputs).read("2014", "lindby").to_pylist()
    kinds = [(r["item"], r["answer"] if r["answer_kind"] == "answered" else r["answer_kind"]) for r in rows]
    return Counter(pair for pair in kinds if pair[1] != "missing")


def fill_in(table: pd.DataFrame, said: dict[str, object]) -> None:
    for label, value in said.items():
        table.loc[table["label"] == label, "value"] = value
    table.loc[table["setting"] == "columns.organisation", "value"] = "lindby"
    table.loc[table["setting"] == "columns.period", "value"] = "2014"


def test_two_rows_of_header_and_words_that_no_scale_of_ours_has(reader: Reader) -> None:
    (first, names, *people) = rows_of("star-wars.csv")
    statements = names[FIRST_CHARACTER:LAST_CHARACTER]
    model = instrument_of(reader, statements)
    made = draft_mapping([REAL / "star-wars.csv"], load_instrument(model))
    table = made.to_frame()
    asked = set(table[table["state"] == "FILL IN"]["label"])
    assert asked == {*FAVOUR, "Unfamiliar (N/A)", ""}  # and no direction is guessed
    assert (table["setting"] == "columns.respondent").sum() == 1
    fill_in(table, FAVOUR | {"Unfamiliar (N/A)": "dont_know"})
    corrected = made.correct(table)
    assert corrected.lines_to_fill_in == []
    reader.take(REAL / "star-wars.csv", corrected.text, model)
    expected = Counter(
        (f"i{n}", FAVOUR.get(row[FIRST_CHARACTER + n], "dont_know"))
        for row in people
        for n in range(len(statements))
        if row[FIRST_CHARACTER + n]
    )
    assert counted(reader) == expected
    assert first[FIRST_CHARACTER].startswith("Please state")


def test_numbers_with_na_in_another_encoding(reader: Reader) -> None:
    """Headers hold no-break spaces of Mac Roman, which are other letters in Windows-1252: those are asked, not guessed."""
    (names, *people) = rows_of("food.csv")
    statements = [name.replace("Ê", " ") for name in names[FIRST_CUISINE:LAST_CUISINE]]
    model = instrument_of(reader, statements)
    made = draft_mapping([REAL / "food.csv"], load_instrument(model))
    table = made.to_frame()
    fill_in(table, {})
    assert "# check: numbers are taken as they stand, 1 (lowest) to 5 (highest)" in made.text
    for line in table.index[table["state"] == "left over"]:
        own = table.loc[line, "label"].replace("Ê", " ")
        if own in statements:
            table.loc[line, "value"] = f"i{statements.index(own)}"
    corrected = made.correct(table)
    assert corrected.lines_to_fill_in == [], corrected.text
    reader.take(REAL / "food.csv", corrected.text, model)
    expected = Counter(
        (f"i{n}", "dont_know" if row[at] == "N/A" else float(row[at]))
        for row in people
        for n, at in enumerate(range(FIRST_CUISINE, LAST_CUISINE))
        if row[at]
    )
    assert counted(reader) == expected
