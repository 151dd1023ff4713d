"""The secret key is made once, is its owner's alone, and never lies beside the pseudonyms."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.responses import create_key, key_path, load_key
from dimios_core.responses.identities import Identities
from dimios_core.responses.mapping import RespondentSource
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.pseudonyms import pseudonym


def test_a_key_is_made_once_and_read_back(tmp_path: Path) -> None:
    path, outputs = tmp_path / "config" / "k", tmp_path / "outputs"
    key = create_key(path, outputs)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path, outputs) == key
    with pytest.raises(InputError, match="exists already"):
        create_key(path, outputs)


def test_a_key_inside_the_outputs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "outputs")
    for path in (tmp_path / "outputs" / "k", tmp_path / "link" / "deep" / "k"):
        with pytest.raises(InputError, match="inside the outputs"):
            create_key(path, tmp_path / "outputs")
        assert not path.exists()


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_key(tmp_path / "k", tmp_path / "outputs")
    (tmp_path / "k").chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        load_key(tmp_path / "k", tmp_path / "outputs")


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "å"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k"
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no key"):
        load_key(path, tmp_path / "outputs")


def test_the_file_is_named_by_option_then_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "env"))
    assert key_path() == tmp_path / "env"
    assert key_path(tmp_path / "option") == tmp_path / "option"
    monkeypatch.delenv("DIMIOS_KEY_FILE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert key_path() == tmp_path / ".config" / "dimios" / "pseudonym.key"


def test_identities_differ_in_case_unless_they_are_mail_addresses() -> None:
    key = bytes(32)
    assert pseudonym(key, "a", "X7f") != pseudonym(key, "a", "x7f")
    assert pseudonym(key, "a", " Bo@x.se") == pseudonym(key, "a", "bo@X.se")


def test_pseudonyms_that_are_handed_over_stay_and_anything_else_is_refused():
    identities = Identities(RespondentSource(column="id", ids="pseudonyms"), bytes(32), lambda _: ())
    assert identities.pseudonym("lindby", "00000000000000ff", "00000000000000ff") == 255
    assert not identities.name("") and identities.name("00000000000000ff")
    problems = ProblemList("f.csv")
    identities.check(problems, "column id")
    assert not problems
    for text in ("anna@lindby.example", "ff", "00000000000000FF"):
        identities.pseudonym("lindby", text, text)
    identities.check(problems, "column id")
    assert "3 identities are no pseudonyms" in str(problems.problems()[0])
