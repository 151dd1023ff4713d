"""Cards: one for each who has no mail, with that person's link, and readable by their owner alone."""

from __future__ import annotations

import stat

import pypdfium2
import pytest

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.project.cards import draw_code
from tests.collect.planning import plan_survey
from tests.collect.test_the_line import read_links

ADDRESS = "https://svar.example.se"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("DIMIOS_KEY_FILE", str(tmp_path / "pseudonym.key"))
    plan_survey(tmp_path / "outputs", 12)
    return Project(tmp_path / "outputs", progress=None)


def read_words(path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


@pytest.mark.usefixtures("heavy")
def test_each_who_has_no_mail_gets_a_card_with_her_own_link(project):
    collecting = project.collecting()
    collecting.open("lindby", "2026", address=ADDRESS)
    made = collecting.write_cards("lindby", "2026", address=ADDRESS)
    (path,) = made.paths
    assert made.cards_n == 4 and stat.S_IMODE(path.stat().st_mode) == 0o600
    told = read_words(path)
    for row in read_links(project):
        link = row["link"].removeprefix("https://")
        assert (link in told) == (row["card"] == "yes")
    assert told.index("Omsorgen") < told.index("Skolan")
    assert "25september2026" in told and "konfidentiella" in told
    everybody = collecting.write_cards("lindby", "2026", address=ADDRESS, everybody=True)
    assert everybody.cards_n == 12


def test_there_are_no_cards_of_a_survey_that_is_not_open(project):
    with pytest.raises(InputError) as told:
        project.collecting().write_cards("lindby", "2026", address="ftp://x")
    assert "not open" in str(told.value) and "safely open" in str(told.value)


def test_a_code_has_the_quiet_edge_that_cameras_need():
    """ISO/IEC 18004: four modules on each side; version 6 (41 modules) holds 74 letters at level Q, version 5 only 60."""
    assert 'viewBox="0 0 49 49"' in draw_code(
        "https://svar.example.se/lindby-2026/l/abcdefghijklmnopqrstuvwxyz"
    )
