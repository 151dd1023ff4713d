"""Each small file gives the right answers, or says what is wrong and how to choose."""

from __future__ import annotations

import pytest

from dimios_core.errors import InputError
from dimios_core.responses import ResponseStore, read_register

from .conftest import BASE, CASES, Reader

PEOPLE_OF_EXCEL = [(1, 2, 3), (4, 4, 4), (5, 4, 3)]


def test_a_number_is_a_number_however_it_is_spelt(reader: Reader) -> None:
    case = CASES / "01-recode-float"
    reader.take(case / "ints.csv", case / "map.yaml")
    assert reader.answers() == [(5, 4, 1), (5, 5, 2)]
    assert reader.take(case / "floats.csv", case / "map.yaml").groups[0].status == "unchanged"
    with pytest.raises(InputError, match="other answers are stored"):
        reader.take('Q1,Q2,Q3\n 01 ,2.00,"5,0"\n+1,1.,5\n', case / "map.yaml")


def test_a_number_that_the_labels_leave_out_is_refused(reader: Reader) -> None:
    case = CASES / "02-recode-gap"
    said = reader.refuse(case / "answers.csv", case / "map.yaml")
    assert "row 3, column Q2: the answer “4” is a number that the mapping's labels leave out" in said
    assert "under `labels:`" in said


def test_codes_said_for_all_scales_do_not_erase_answers_of_one(reader: Reader) -> None:
    case = CASES / "03-two-scales"
    said = reader.refuse(case / "answers.csv", case / "map.yaml", case / "instrument.yaml")
    assert "6 is an answer on the scale nps (0-10)" in said
    assert "9 is an answer on the scale nps (0-10)" in said
    assert "answers: scales: NAME" in said
    own = (case / "map.yaml").read_text()
    own = own[: own.index("answers:")] + 'answers: {scales: {default: {dont_know: ["6"], missing: ["9"]}}}\n'
    reader.take(case / "answers.csv", own, case / "instrument.yaml")
    assert reader.answers() == [(3, 2, 10), (4, "missing", 9), (5, "dont_know", 6)]


def test_codes_of_one_item(reader: Reader) -> None:
    mapping = (CASES / "18-yaml" / "two-of-three.yaml").read_text().replace("work}", "work, Q3: learn}")
    reader.take(
        "Q1,Q2,Q3\n1,1,0\n",
        mapping + 'answers: {items: {plan: {labels: {"1": 5}}, learn: {dont_know: ["0"]}}}',
    )
    assert reader.answers() == [(5, 1, "dont_know")]


def test_labels_said_for_all_scales_of_different_ends_are_refused(reader: Reader) -> None:
    case = CASES / "03-two-scales"
    own = (case / "map.yaml").read_text()
    said = reader.refuse(
        case / "answers.csv",
        own[: own.index("answers:")] + "answers: {labels: {Helt: 5}}",
        case / "instrument.yaml",
    )
    assert "default 1-5, nps 0-10" in said


def test_spellings_of_one_person_are_told(reader: Reader) -> None:
    case = CASES / "20-privacy-variants"
    said = reader.refuse(case / "one-person.csv", case / "map.yaml")
    assert "rows 2, 3, 4 and 2 others" in said
    assert "the same respondent more than once" in said
    exact = (case / "map.yaml").read_text().replace("{column: ID}", "{column: ID, ids: exact}")
    assert reader.take(case / "one-person.csv", exact).groups[0].respondents_n == 5


def test_ids_that_may_be_one_number_or_several_are_refused(reader: Reader) -> None:
    case = CASES / "04-ids"
    said = reader.refuse(case / "same-file.csv", case / "map.yaml")
    assert "1 identities are spelt in ways that may be one person or several, such as 7, 007 and 7.0" in said
    assert "ids: exact" in said


def test_a_header_of_two_rows_is_joined(reader: Reader) -> None:
    case = CASES / "06-surveymonkey"
    for mapping in ("map-row1.yaml", "map-row2.yaml"):
        said = reader.refuse(case / "answers.csv", case / mapping)
        assert "header_rows: 2" in said
    own = (case / "map-row2.yaml").read_text().replace("header_row: 2", "header_rows: 2, dates: mdy")
    own = own.replace('do you have?"}', 'do you have? - Response", values: {Chefer: managers}}')
    reader.take(case / "answers.csv", own)
    assert reader.answers() == [(1, 2, 3), (2, 2, 3), (5, 4, "dont_know")]


def test_times_in_another_order_are_told_once(reader: Reader) -> None:
    case = CASES / "06-surveymonkey"
    own = (case / "map-row2.yaml").read_text().replace("header_row: 2", "header_rows: 2")
    said = reader.refuse(case / "answers.csv", own)
    assert said.count("another order than 2026-03-31") == 1
    assert "dates: mdy" in said


def test_rows_that_are_no_answers_wait_for_a_rule(reader: Reader) -> None:
    case = CASES / "07-qualtrics"
    own = (case / "map.yaml").read_text()
    said = reader.refuse(case / "answers.csv", own)
    assert "rows 2, 3" in said
    assert "skip_after_header: 2" in said
    own += "file: {skip_after_header: 2}\n"
    said = reader.refuse(case / "answers.csv", own)
    assert "rows 4, 8, column Status: the tool marks the row as previews, tests or spam" in said
    own += 'rows: [{column: Status, keep: ["0"]}, {column: DistributionChannel, drop: [preview]}, {column: Finished, keep: ["1", "True"]}]\n'
    (file,) = reader.take(case / "answers.csv", own).files
    assert reader.answers() == [(5, 4, 3), (5, 4, 3)]
    assert file.notes[:3] == (
        "2 rows left out by `rows:` (column Status, keep)",
        "0 rows left out by `rows:` (column DistributionChannel, drop)",
        "1 rows left out by `rows:` (column Finished, keep)",
    )


@pytest.mark.parametrize("name", ["empty-fill", "strict", "zero-width-header", "hidden-first-sheet"])
def test_workbooks_that_are_sound_are_read(reader: Reader, name: str) -> None:
    case = CASES / "09-excel"
    (file,) = reader.take(case / f"{name}.xlsx", case / "map.yaml").files
    assert reader.answers() == PEOPLE_OF_EXCEL
    assert bool(file.notes) == (name == "hidden-first-sheet")


def test_an_answer_that_a_spreadsheet_made_a_date_of_is_called_so(reader: Reader) -> None:
    case = CASES / "09-excel"
    said = reader.refuse(case / "date-1-5.xlsx", case / "map.yaml")
    assert "row 2, column Vi planerar: the answer is a date" in said
    assert "identify" not in said


def test_labels_and_codes_of_spss_are_not_mixed(reader: Reader) -> None:
    case = CASES / "10-sav"
    said = reader.refuse(case / "end-labels-reversed.sav", case / "map.yaml")
    assert "labels stand for other numbers than their codes" in said
    assert "values: codes" in said
    own = (case / "map.yaml").read_text()
    own = (
        own[: own.index("answers:")]
        + 'file: {values: codes}\nanswers: {labels: {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}}\n'
    )
    reader.take(case / "end-labels-reversed.sav", own)
    assert reader.answers() == [(1, 1, 3), (3, 3, "missing"), (4, 5, 3), (5, 5, 3)]
    by_hand = {(5 - 5 + 1,), (5,)}
    assert {row[:1] for row in reader.answers()} & by_hand


def test_the_encoding_of_spss_files_is_heeded(reader: Reader) -> None:
    case = CASES / "10-sav"
    said = reader.refuse(case / "cp1252-called-utf8.sav", case / "map.yaml")
    assert "not in the encoding that the file names" in said
    assert "encoding: windows-1252" in said
    # whoever made the file put a space after every ä and ö
    own = (case / "map.yaml").read_text().replace("ä", "ä ").replace("ö", "ö ")
    reader.take(
        case / "cp1252-called-utf8.sav", own + '  dont_know: ["8", "9"]\nfile: {encoding: windows-1252}\n'
    )
    assert reader.answers() == [("dont_know", "dont_know", "missing"), (1, 2, 3), (4, 4, 3), (5, 4, 3)]


def test_a_unit_called_as_another_ones_id_is_refused() -> None:
    case = CASES / "11-names"
    with pytest.raises(InputError) as error:
        read_register(BASE / "organisations.csv", case / "units.csv")
    assert "row 3, column namn: the name “Skola” is the id of the unit in row 2" in str(error.value)


def test_rows_without_answers_are_set_aside_before_doubles_are_looked_for(reader: Reader) -> None:
    case = CASES / "14-redcap-kobo"
    said = reader.refuse(case / "redcap.csv", case / "redcap.yaml")
    assert "rows 3, 4, column record_id: the same respondent more than once" in said
    own = (case / "redcap.yaml").read_text() + 'rows: [{column: redcap_repeat_instance, keep: ["1", null]}]\n'
    (file,) = reader.take(case / "redcap.csv", own).files
    assert reader.answers() == [(1, "missing", "missing"), (1, 2, "missing"), (5, 4, 3)]
    assert file.silent_n == 0


def test_weights_that_may_be_thousands_are_refused(reader: Reader) -> None:
    case = CASES / "17-weights-invited"
    said = reader.refuse(case / "weights.csv", case / "map.yaml")
    assert "column Weight: a comma in the weights may begin the decimals or part the thousands" in said
    own = (case / "map.yaml").read_text()
    reader.take(case / "weights.csv", own + 'file: {decimal: "."}\n')
    weights = set(ResponseStore(reader.outputs).read("2026", "lindby").column("weight").to_pylist())
    assert weights == {1234.0, 950.0, 12000.0, 1.234}


def test_a_weight_with_a_decimal_comma_is_one(reader: Reader) -> None:
    own = (CASES / "17-weights-invited" / "map.yaml").read_text()
    reader.take("ID;Weight;Q1;Q2;Q3\na;0,875;5;4,0;3\nb;1,234;1;1;1\n", own)


def test_items_that_no_column_feeds_are_told(reader: Reader) -> None:
    case = CASES / "18-yaml"
    (file,) = reader.take(case / "a.csv", case / "two-of-three.yaml").files
    assert any("2 of 3 items are mapped; without answers: learn" in note for note in file.notes)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("items: {Q1: plan, q1 : work, Q3: learn}", "read as the same"),
        ("items: {Q1: plan, Q2: work, Q3: learn}\nanswers: {labels: {Ja: 5, JA: 1}}", "read as the same"),
        ('items: {Q1: plan, Q2: work, Q3: learn}\nanswers: {labels: {"1": 5, "1.0": 4}}', "read as the same"),
        ('items: {Q1: plan}\nanswers: {labels: {"1": 5}, missing: ["1,0"]}', "two meanings"),
        ("items: &a {Q1: plan}\nanswers: *a", "a reference to another place"),
        ("items: " + "[" * 20_000, "nested deeper"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(reader: Reader, more: str, says: str) -> None:
    said = reader.refuse(
        "Q1,Q2,Q3\n5,4,3\n",
        "id: a\nlayout: wide\ncolumns: {organisation: {value: lindby}, period: {value: '2026'}}\n" + more,
    )
    assert says in said
    assert "line" in said


def test_several_columns_feed_one_item(reader: Reader) -> None:
    case = CASES / "21-branched-questions"
    (file,) = reader.take(case / "answers.csv", case / "map.yaml").files
    assert reader.answers() == [(2, 1, 2), (5, 4, 3)]
    assert any("plan is read from 2 columns" in note for note in file.notes)
    said = reader.refuse(
        (case / "answers.csv").read_text().replace("a2,Politiker,,", "a2,Politiker,3,"), case / "map.yaml"
    )
    assert "row 3, column Vi planerar: plan is answered in more than one column" in said


def test_answers_are_not_left_out_as_wording(reader: Reader) -> None:
    mapping = (CASES / "18-yaml" / "two-of-three.yaml").read_text().replace("work}", "work, Q3: learn}")
    wording = 'Q1,Q2,Q3\nVi planerar,Vi arbetar,Vi lär\n"{""ImportId"":1}",x,y\n'
    said = reader.refuse(wording + "5,4,3\n1,Vet ej,2\n4,4,4\n", mapping + "file: {skip_after_header: 4}\n")
    assert "row 4: the row holds answers, and `skip_after_header` leaves it out" in said
    assert "write `skip_after_header: 2`" in said
    reader.take(wording + "5,4,3\n1,1,2\n", mapping + "file: {skip_after_header: 2}\n")
    assert reader.answers() == [(1, 1, 2), (5, 4, 3)]
    long = "id: m\nlayout: long\nfile: {skip_after_header: 1}\ncolumns: {organisation: {value: lindby}, period: {value: '2026'}, respondent: {column: ID}, item: {column: Q}, answer: {column: A}}\n"
    said = reader.refuse("ID,Q,A\na,plan,5\na,work,4\n", long)
    assert "row 2: the row holds answers" in said


@pytest.mark.parametrize("field", ["respondent", "weight", "stratum", "answered_at"])
def test_a_translation_that_nobody_would_read_is_refused(reader: Reader, field: str) -> None:
    said = reader.refuse(
        "X,Q1,Q2,Q3\n1,5,4,3\n",
        f'id: m\nlayout: wide\ncolumns:\n  organisation: {{value: lindby}}\n  period: {{value: \'2026\'}}\n  {field}: {{column: X, values: {{"1": "2"}}}}\nitems: {{Q1: plan, Q2: work, Q3: learn}}\n',
    )
    assert f"`values` translates nothing of {field}" in said
    assert "line 6" in said


def test_spellings_of_a_stratum_are_one(reader: Reader) -> None:
    mapping = "id: m\nlayout: wide\ncolumns: {organisation: {value: lindby}, period: {value: '2026'}, stratum: {column: S}}\nitems: {Q1: plan, Q2: work, Q3: learn}\nstrata_merge: {Öst: Norr}\n"
    reader.take("S,Q1,Q2,Q3\nnorr,5,4,3\nNORR ,1,1,1\no\u0308st,2,2,2\nSyd,3,3,3\nsyd,3,3,3\n", mapping)
    stored = ResponseStore(reader.outputs).read("2026", "lindby").column("stratum").to_pylist()
    assert sorted(set(stored)) == ["Norr", "Syd", "Öst"]
