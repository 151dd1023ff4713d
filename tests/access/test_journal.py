"""The access log: a line for each thing, a file for each day, and no line that somebody else has written."""

from __future__ import annotations

import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dimios_core.access.journal import Journal

NIGHT = datetime(2026, 11, 23, 23, 59, 59, 999_400, tzinfo=UTC)


def read(folder: Path, day: str) -> list[dict]:
    return [json.loads(line) for line in (folder / "log" / f"{day}.jsonl").read_bytes().splitlines()]


def test_a_line_tells_when_who_and_what(tmp_path: Path) -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, 456_789, tzinfo=UTC)
    Journal(tmp_path).note(
        at, reader="Åsa", link="abcdefgh", what="page", path="/sida/x.html", status=200, code=None
    )
    assert (tmp_path / "log" / "2026-11-23.jsonl").read_text(encoding="utf-8") == (
        '{"at": "2026-11-23T01:02:03.456Z", "reader": "Åsa", "link": "abcdefgh", "what": "page", '
        '"path": "/sida/x.html", "status": 200}\n'
    )


def test_each_day_of_utc_has_its_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note(NIGHT, what="first")
    journal.note((NIGHT + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-5))), what="second")
    assert read(tmp_path, "2026-11-23") == [{"at": "2026-11-23T23:59:59.999Z", "what": "first"}]
    assert read(tmp_path, "2026-11-24") == [{"at": "2026-11-24T00:00:00.999Z", "what": "second"}]


def test_without_a_time_it_is_now(tmp_path: Path) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    Journal(tmp_path).note(what="page")
    (file,) = (tmp_path / "log").iterdir()
    at = datetime.fromisoformat(read(tmp_path, file.stem)[0]["at"])
    assert before <= at <= datetime.now(UTC)


def test_the_log_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Journal(tmp_path / "access").note(NIGHT, what="page")
    finally:
        os.umask(before)
    modes = [
        stat.S_IMODE((tmp_path / "access" / p).stat().st_mode) for p in (".", "log", "log/2026-11-23.jsonl")
    ]
    assert modes == [0o700, 0o700, 0o600]


@pytest.mark.parametrize(
    "name",
    [
        'x"}\n{"at": "2026-11-23T00:00:00.000Z", "reader": "Somebody else"}\n',
        "a\rb\x0bc\x0cd\x1ce\x1df\x1eg\x85h\u2028i\u2029j",
        "\x1b[2K\x9b31m\x00\x7f\u202e\u2066",
        "\udc80 half a letter",
        '\\"\\\\',
    ],
)
def test_no_text_makes_a_line_of_its_own_or_speaks_to_a_terminal(tmp_path: Path, name: str) -> None:
    Journal(tmp_path).note(NIGHT, reader=name, path=name)
    text = (tmp_path / "log" / "2026-11-23.jsonl").read_bytes().decode("utf-8")
    assert len(text.splitlines()) == 1 and text.removesuffix("\n").isprintable()
    assert json.loads(text) == {"at": "2026-11-23T23:59:59.999Z", "reader": name, "path": name}


def test_a_log_that_was_taken_away_begins_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    path = tmp_path / "log" / "2026-11-23.jsonl"
    journal.note(NIGHT, what="one")
    path.unlink()
    journal.note(NIGHT, what="two")
    assert [line["what"] for line in read(tmp_path, "2026-11-23")] == ["two"]
    path.rename(path.with_suffix(".old"))
    path.write_text("")
    journal.note(NIGHT, what="three")
    assert [line["what"] for line in read(tmp_path, "2026-11-23")] == ["three"]
    shutil.rmtree(tmp_path / "log")
    journal.note(NIGHT, what="four")
    journal.note(NIGHT, what="five")
    assert [line["what"] for line in read(tmp_path, "2026-11-23")] == ["four", "five"]


def test_a_log_that_could_not_be_written_goes_on_once_it_can(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    path = tmp_path / "log" / "2026-11-23.jsonl"
    journal.note(NIGHT, what="one")
    path.unlink()
    path.mkdir()
    for _ in range(2):
        with pytest.raises(OSError):
            journal.note(NIGHT, what="lost")
    path.rmdir()
    journal.note(NIGHT, what="two")
    assert [line["what"] for line in read(tmp_path, "2026-11-23")] == ["two"]


def test_two_logs_of_one_folder_do_not_overwrite_each_other(tmp_path: Path) -> None:
    journals = Journal(tmp_path), Journal(tmp_path)
    for number in range(20):
        journals[number % 2].note(NIGHT, what=str(number))
    assert [line["what"] for line in read(tmp_path, "2026-11-23")] == [str(n) for n in range(20)]
