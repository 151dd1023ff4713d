"""Tables as the audit lays them out: what is missing, what stands twice, and sets of rows, whatever a file is made of."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dimios_core.results.audit.known import TWICE, refuse_unknown
from dimios_core.results.audit.sheets import Sheet, stack

WORDS = ["b", None, "a", "b", None]


def coded(codes: list[int | None], words: list[str | None]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(words, pa.string()))


@pytest.mark.parametrize(
    "texts",
    [
        pa.array(WORDS),
        pa.array(WORDS, pa.large_string()),
        coded([1, None, 0, 1, None], ["a", "b"]),
        coded([0, 1, 2, 3, None], ["b", None, "a", "b"]),  # a word twice, and nothing as a word
        pa.chunked_array([coded([0, None], ["b"]), coded([0, 1, None], ["a", "b"])]),
    ],
)
def test_texts_are_what_the_file_says_however_it_says_it(texts: pa.Array) -> None:
    sheet = Sheet.of(pa.table({"word": texts}))
    assert sheet.text("word").tolist() == WORDS
    assert sheet.are("word", "b").tolist() == [True, False, False, True, False]
    assert sheet.are("word", None, "a").tolist() == [False, True, True, False, True]
    number, first = sheet.group("word")
    assert (number.tolist(), first.tolist()) == ([0, 1, 2, 0, 1], [0, 1, 2])


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, None, 0]),
        pa.array([1.0, np.nan, 0.0]),
        pa.array([True, None, False]),
        pa.array([1.0, None, 0.0]).dictionary_encode(),
    ],
)
def test_what_is_missing_is_no_number(values: pa.Array) -> None:
    sheet = Sheet.of(pa.table({"value": values}))
    np.testing.assert_array_equal(sheet.number("value"), [1, np.nan, 0])
    assert sheet.take(np.array([True, False, True])).number("value").tolist() == [1, 0]


def test_sets_of_rows_are_numbered_as_they_appear_however_many_values_there_are() -> None:
    rows = [(f"{i % 700}", float(i % 900), f"{i % 1100}", i % 3) for i in range(3000)]
    sheet = Sheet.of_rows(["a", "b", "c", "d"], rows)
    number, first = sheet.group("a", "b", "c", "d", "a", "b", "c")
    place = {row: i for i, row in enumerate(dict.fromkeys(rows))}
    assert number.tolist() == [place[row] for row in rows]
    assert [rows[i] for i in first] == list(place)


def test_a_table_without_rows_has_neither_texts_nor_numbers() -> None:
    empty = Sheet.empty(["status", "n"])
    assert (len(empty), len(empty.shown), empty.number("n").tolist(), [*empty.rows("status")]) == (
        0,
        0,
        [],
        [],
    )


def test_tables_under_each_other_are_empty_where_one_has_no_such_column() -> None:
    one = Sheet.of_rows(["key", "n"], [("a", 3)])
    both = stack([one, Sheet.of_rows(["key"], [("b",)])], ["key", "n"])
    assert both.text("key").tolist() == ["a", "b"]
    np.testing.assert_array_equal(both.number("n"), [3, np.nan])


def test_a_column_that_stands_twice_is_refused(tmp_path) -> None:
    (tmp_path / "organisation=m0").mkdir()
    twice = pa.Table.from_arrays([pa.array([60.5]), pa.array([61.5])], names=["value", "value"])
    pq.write_table(twice, tmp_path / "organisation=m0" / "goals.parquet")
    assert [*refuse_unknown(tmp_path, tmp_path / "organisation=m0")] == [("", "goals, value", TWICE)]
