"""Whom to ask for help: a file of the project's or of the consortium's own, checked whole; nothing filled in is nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.places import parameters_dir
from dimios_core.results.evidence.expert_help import find_expert_help, read_expert_help
from tests.building import make_instrument, text

MODEL = make_instrument({"a": "c", "b": "c"}, {"c": "d"})
WHOLE = {
    "name": text("The team"),
    "about": text("Helps you."),
    "email": "help@county.example",
    "phone": "+46 8-123 45 67",
    "link": text("https://county.example/help?page=1#top"),
}


def read(tmp_path: Path, **given) -> dict:
    path = tmp_path / "expert_help.yaml"
    path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    return read_expert_help(path, MODEL)


def test_what_is_given_is_kept_and_what_is_not_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path, **WHOLE) == WHOLE
    only = read(tmp_path, name=text("The team"), phone="08-123 456")
    assert only == {"name": text("The team"), "about": {}, "email": "", "phone": "08-123 456", "link": {}}


@pytest.mark.parametrize("given", [{}, {"email": ""}, {"name": {}, "link": {"sv": "", "en": ""}}])
def test_nothing_filled_in_is_nobody(tmp_path: Path, given: dict) -> None:
    assert read(tmp_path, **given) == {}
    assert read_expert_help(tmp_path / "none.yaml", MODEL) == {}


def test_the_projects_own_names_nobody_and_the_demos_names_somebody() -> None:
    dimios = load_instrument("dimios")
    assert read_expert_help(parameters_dir() / "expert_help.yaml", dimios) == {}
    made_up = read_expert_help(parameters_dir() / "demo" / "expert_help.yaml", dimios)
    assert made_up["email"].endswith(".example")
    assert all(".example/" in link for link in made_up["link"].values())


def test_a_consortium_with_a_file_of_its_own_uses_that(tmp_path: Path) -> None:
    assert find_expert_help(tmp_path) == parameters_dir() / "expert_help.yaml"
    (tmp_path / "expert_help.yaml").write_text("", encoding="utf-8")
    assert find_expert_help(tmp_path) == tmp_path / "expert_help.yaml"


@pytest.mark.parametrize(
    ("given", "place", "said"),
    [
        ({"name": {"sv": "Gruppen"}}, "name", "no text in en"),
        ({"name": {}}, "name", "no text in sv"),
        ({"name": text("x" * 201)}, "name, sv", "more than 200"),
        ({"about": text("x" * 201)}, "about, en", "more than 200"),
        ({"about": {"sv": "Hjälper er."}}, "about", "no text in en"),
        ({"link": {"sv": "https://county.example"}}, "link", "no text in en"),
        ({"email": "help at county.example"}, "email", "no e-mail address"),
        ({"email": "help@county"}, "email", "no e-mail address"),
        ({"email": "a@b.example, c@d.example"}, "email", "no e-mail address"),
        ({"email": "a@b.example?bcc=c@d.example"}, "email", "no e-mail address"),
        ({"phone": "ring oss"}, "phone", "no phone number"),
        ({"phone": "1"}, "phone", "no phone number"),
        ({"link": text("http://county.example/help")}, "link, sv", "no https address"),
        ({"link": text("javascript:alert(1)")}, "link, sv", "no https address"),
        ({"link": text("https://somebody@county.example/")}, "link, sv", "no https address"),
        ({"link": text('https://county.example/" onclick="x')}, "link, sv", "no https address"),
        ({"link": text("https://county.example/help me")}, "link, sv", "no https address"),
        ({"telephone": "08-123 456"}, "telephone", "Extra inputs"),
        ({"name": "The team"}, "name", "dictionary"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path: Path, given: dict, place: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, **(WHOLE | given))
    told = [(re.sub(r" line \d+,", "", p.place), said in p.what) for p in error.value.problems]
    assert (f"expert_help.yaml, {place}", True) in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, name={"sv": "Gruppen"}, email="x", phone="y", link=text("z"))
    assert [p.place for p in error.value.problems] == [
        f"expert_help.yaml, {where}" for where in ("name", "link, sv", "link, en", "email", "phone")
    ]
    with pytest.raises(InputError, match="no way to reach"):
        read(tmp_path, name=text("The team"))
