"""Own conclusions: a Markdown file is checked whole, stored, replaced, and taken away."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dimios_core.actions.conclusions import (
    COLUMNS,
    TEXT_LIMIT,
    add_conclusions,
    load_conclusions,
    read_conclusions,
    remove_conclusions,
)
from dimios_core.cli import app
from dimios_core.errors import InputError
from dimios_core.responses.store import ResponseStore

ABOUT = ("lindby", "2026", "Ledningsgruppen", "2026-11-20")


@pytest.fixture
def register(outputs: Path):
    return ResponseStore(outputs).register()


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "slutsatser.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_text_is_read_as_it_was_written(tmp_path, register):
    row = read_conclusions(write(tmp_path, "\ufeff# Vi\r\n\r\nHej **alla**.\r\n"), *ABOUT, register)
    assert row == dict(zip(COLUMNS, (*ABOUT, "# Vi\n\nHej **alla**."), strict=True))


def test_all_faults_are_told_at_once(tmp_path, register):
    path = write(tmp_path, "# Vi\n\n<b>Hej</b>\n\n[x](javascript:y)\n\n![z](https://a.se/b.png)")
    with pytest.raises(InputError) as error:
        read_conclusions(path, "lindbi", "i år", " ", "i går", register)
    assert [p.place for p in error.value.problems] == [
        "--organisation", "--period", "--by", "--date", "slutsatser.md, line 3", "slutsatser.md, line 3",
        "slutsatser.md, line 5", "slutsatser.md, line 7",
    ]  # fmt: skip
    assert "did you mean" in str(error.value)
    assert all(p.remedy for p in error.value.problems)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no text"),
        ("\n \n", "there is no text"),
        ("a" * (TEXT_LIMIT + 1), "is the most"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, register, text, told):
    with pytest.raises(InputError, match=told):
        read_conclusions(write(tmp_path, text), *ABOUT, register)


def test_there_has_to_be_a_file(tmp_path, register):
    with pytest.raises(InputError, match="no such file"):
        read_conclusions(tmp_path / "none.md", *ABOUT, register)


def test_whoever_does_not_share_its_name_is_not_named(tmp_path, register):
    about = register.organisations
    hidden = about[(about["sharing"] != "named") & (about["id"] != "lindby")]
    named = about[(about["sharing"] == "named") & (about["id"] != "lindby")]
    for name in hidden["name"]:
        with pytest.raises(InputError, match="line 3: it names"):
            read_conclusions(write(tmp_path, f"Hej.\n\nVi lär av {name}s kurs."), *ABOUT, register)
    for name in named["name"]:
        assert read_conclusions(write(tmp_path, f"Vi lär av {name}."), *ABOUT, register)
    assert len(hidden)


def test_one_a_period_is_kept(outputs):
    def row(period: str, text: str) -> dict[str, str]:
        return dict(zip(COLUMNS, ("lindby", period, "Vi", "2026-01-01", text), strict=True))

    assert load_conclusions(outputs).empty
    assert [add_conclusions(row(p, t), outputs) for p, t in (("2026", "a"), ("2025", "b"), ("2026", "c"))] == [
        False, False, True,
    ]  # fmt: skip
    assert load_conclusions(outputs)[["period", "text"]].to_numpy().tolist() == [["2025", "b"], ["2026", "c"]]
    assert stat.S_IMODE((outputs / "conclusions").stat().st_mode) == 0o700
    remove_conclusions("lindby", "2025", outputs)
    assert load_conclusions(outputs)["period"].tolist() == ["2026"]
    with pytest.raises(InputError, match="no conclusions"):
        remove_conclusions("lindby", "2025", outputs)


def test_the_command_stores_lists_and_removes(outputs, tmp_path):
    def run(*given: str):
        return CliRunner().invoke(app, ["conclusions", *given, "--outputs", str(outputs)])

    path = write(tmp_path, "Vi gör det *nu*.")
    about = ("-o", "lindby", "-p", "2026")
    added = run("add", str(path), *about, "--by", "Ledningsgruppen", "--date", "2026-11-20")
    assert added.exit_code == 0, added.output
    assert load_conclusions(outputs)["text"].tolist() == ["Vi gör det *nu*."]
    assert "lindby  2026  2026-11-20  Ledningsgruppen" in run("list", "-o", "lindby").output
    assert run("remove", *about).exit_code == 0
    assert load_conclusions(outputs).empty
