"""A draft as a table: what a person corrects there is what ingest reads."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.responses import ResponseStore
from dimios_core.responses.draft import draft_mapping
from dimios_core.responses.mapping_draft import MappingDraft

from .conftest import BASE, CASES, Reader

TINY = load_instrument(BASE / "instrument.yaml")
#: a role that is nearly known, one that is not, an answer that is misspelt, a question that nobody knows, and its numbers
ANSWERS = (
    "Svars-ID;Kommun;År;Avdelning;Roll;Vi planerar.;Vi arbetar.;Sista frågan\n"
    "1;lindby;2026;Skola;Managerz;Instämmer helt;Instämmer helt;Instämmer helt\n"
    "2;lindby;2026;Skola;Annan;Instämmer inte alls;Instämer;Vet ej\n"
)


def draft(reader: Reader, text: str = ANSWERS) -> MappingDraft:
    register = ResponseStore(reader.outputs).register()
    return draft_mapping([reader.write("answers.csv", text)], TINY, register)


def line_of(table: pd.DataFrame, label: str) -> int:
    (line,) = table.index[table["label"] == label]
    return int(line)


def test_what_is_corrected_in_the_table_is_read(reader: Reader) -> None:
    made = draft(reader)
    table = made.to_frame()
    asked = table[table["state"] == "FILL IN"]
    assert list(asked.index) == made.lines_to_fill_in
    assert list(asked["label"]) == ["Annan", "Instämer"]
    table.loc[line_of(table, "Managerz"), "value"] = "managers"
    table.loc[line_of(table, "Annan"), "value"] = "unknown"
    table.loc[line_of(table, "Instämer"), "value"] = 4
    table.loc[line_of(table, "Sista frågan"), "value"] = "learn"
    corrected = made.correct(table)
    assert corrected.lines_to_fill_in == []
    assert "no column was found" not in corrected.text
    assert made.lines_to_fill_in != []  # the draft itself stays
    target = reader.folder / "m.yaml"
    corrected.write(target)
    reader.take(reader.folder / "answers.csv", target)
    assert reader.answers() == [(1, 4, "dont_know"), (5, 5, 5)]
    with pytest.raises(InputError, match="a file of this name"):
        corrected.write(target)


@pytest.mark.parametrize(
    "case", ["06-surveymonkey/answers.csv", "07-qualtrics/answers.csv", "10-sav/end-labels-reversed.sav"]
)
def test_a_table_that_nobody_touched_changes_nothing(case: str) -> None:
    made = draft_mapping([CASES / case], TINY)
    table = made.to_frame()
    assert made.correct(table) == made
    assert made.correct(table.iloc[:3]) == made
    assert [line for line in table.index if table.loc[line, "state"] == "FILL IN"] == made.lines_to_fill_in


def test_columns_and_offers_are_taken(reader: Reader) -> None:
    made = draft_mapping([CASES / "07-qualtrics" / "answers.csv"], TINY)
    table = made.to_frame()
    (offer,) = table.index[table["state"] == "offered"]
    table.loc[offer, "value"] = '{column: "Finished", keep: ["1", "True"]}'
    table.loc[made.lines_to_fill_in, "value"] = ["lindby", "value: 2026"]
    table.loc[line_of(table, "ResponseId"), "value"] = "respondent"
    text = made.correct(table).text
    assert '  respondent: {column: "ResponseId"}\n' in text
    assert "RecipientEmail" not in text
    reader.take(CASES / "07-qualtrics" / "answers.csv", text)
    assert reader.answers() == [(5, 4, 3), (5, 4, 3)]


def test_rules_offered_where_there_is_none_come_under_one_name(reader: Reader) -> None:
    made = draft(reader, "Kommun;År;Finished;Progress;plan;work;learn\nlindby;2026;True;100;5;4;3\nlindby;2026;False;50;1;1;1\n")  # fmt: skip
    table = made.to_frame()
    offered = table.index[table["state"] == "offered"]
    for line in offered:
        table.loc[line, "value"] = table.loc[line, "note"].rpartition(": ")[0]
    reader.take(reader.folder / "answers.csv", made.correct(table).text)
    assert reader.answers() == [(5, 4, 3)]


def test_what_no_line_can_hold_is_refused_at_once(reader: Reader) -> None:
    made = draft(reader)
    table = made.to_frame()
    layout, encoding = (table.index[table["setting"] == s][0] for s in ("layout", "file.encoding"))
    table.loc[layout, "value"] = ""
    table.loc[encoding, "value"] = "utf-8\nitems: {}"
    table.loc[99, "value"] = "x"
    with pytest.raises(InputError) as error:
        made.correct(table)
    assert [problem.place for problem in error.value.problems] == [
        f"table, line {layout}",
        f"table, line {encoding}",
        "table, line 99",
    ]
    with pytest.raises(InputError, match="no column `value`"):
        made.correct(table.drop(columns="value"))
    with pytest.raises(InputError, match="more than once"):
        made.correct(pd.concat([made.to_frame()] * 2))


def test_labels_are_text_however_they_look(reader: Reader) -> None:
    """What a stranger writes in a header or an answer stays what it is: in the YAML, and in the table as it is shown."""
    header = '<script>x</script> "# FILL IN: {a}'
    made = draft(
        reader, f'Kommun;År;plan;work;"{header.replace(chr(34), chr(34) * 2)}"\nlindby;2026;5;4;null\n'
    )
    table = made.to_frame()
    assert "<script>" not in made._repr_html_()
    assert header in set(table["label"])
    assert made.lines_to_fill_in == []
    table.loc[line_of(table, header), "value"] = "learn"
    table.loc[table["setting"] == "answers.missing", "value"] = '["null"]'
    corrected = made.correct(table).text
    assert corrected.count("FILL IN") == made.text.count("FILL IN")
    reader.take(reader.folder / "answers.csv", corrected)
    assert reader.answers() == [(5, 4, "missing")]


def test_in_a_project(reader: Reader) -> None:
    """The steps of a notebook: draft, correct the table, write, ingest."""
    file = reader.folder / "a.sav"
    frame = pd.DataFrame({"fraga": [1.0, 2.0], "work": [5.0, 3.0], "learn": [4.0, 1.0]})
    pyreadstat.write_sav(frame, str(file))
    project = Project(reader.outputs, instrument=BASE / "instrument.yaml")
    made = project.draft_mapping(file)
    table = made.to_frame()
    table.loc[made.lines_to_fill_in, "value"] = ["lindby", 2026]
    table.loc[line_of(table, "fraga"), "value"] = "plan"
    made.correct(table).write(reader.folder / "m.yaml")
    project.ingest(file, reader.folder / "m.yaml", key_file=reader.folder / "key")
    assert reader.answers() == [(1, 5, 4), (2, 3, 1)]
