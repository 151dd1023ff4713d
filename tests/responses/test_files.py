"""Row numbers are those that a person sees, whatever the file holds between the rows."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from dimios_core.responses.files import open_table
from dimios_core.responses.source_tables import FileOptions


def numbered(path: Path, **options: int) -> list[tuple[int, str | None]]:
    table = open_table(path, FileOptions(**options))
    return [
        (row, text)
        for batch in table.batches([0])
        for row, text in zip(
            batch.rows.tolist(), batch.columns[0].to_pylist() if batch.columns else [], strict=True
        )
    ]


def test_csv_rows_are_counted_over_blank_ragged_and_broken_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('n;m\na;1\n\n;\nb;2;3\n"c\nd";1\ne;5\n', encoding="utf-8")
    # row 3 blank, row 4 empty, row 5 ragged, row 6 over two lines
    assert numbered(path) == [(2, "a"), (6, "c\nd"), (7, "e")]
    (fault,) = [fault for batch in open_table(path).batches([0]) for fault in batch.faults]
    assert (fault.row, fault.cells) == (5, ("b", "2", "3"))


def test_csv_rows_are_counted_over_many_batches(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [f"{i};{'x' * 90}" if i % 50_000 else f"{i};x;torn" for i in range(2, 150_001)]
    path.write_text("\n".join(["n;m", *lines]), encoding="utf-8")
    rows = numbered(path)
    assert all(row == int(text or 0) for row, text in rows)
    assert len(rows) == 149_999 - 3


def test_a_header_over_two_lines_and_rows_above_and_below_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Titel\n"n\nb";m\nförklaring;y\na;1\n', encoding="utf-8")
    assert open_table(path, FileOptions(header_row=2)).header == ["n\nb", "m"]
    assert numbered(path, header_row=2, skip_after_header=1) == [(4, "a")]


def test_workbook_rows_are_counted_over_gaps(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A3"], book.active["A9"] = "n", "a", 3.5
    book.save(tmp_path / "a.xlsx")
    assert numbered(tmp_path / "a.xlsx") == [(3, "a"), (9, "3.5")]
