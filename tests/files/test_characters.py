"""Characters: the unseen are refused at the door, and what a typeface lacks stops nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.instrument import load_instrument
from dimios_core.office.pdf.paper import Chapter, Paper, set_paper
from dimios_core.office.pdf_text import read_pdf
from dimios_core.responses import read_register

from .conftest import BASE

HEADER = "ID,Q1,Q2,Q3\n"
MAPPING = "id: m\nlayout: wide\ncolumns: {organisation: {value: lindby}, period: {value: '2026'}%s}\nitems: {Q1: plan, Q2: work, Q3: learn}\n"


@pytest.mark.parametrize("character", ["\u2028", "\u202e", "\x07", "\ufffd"])
def test_an_unseen_character_in_a_name_is_refused(tmp_path: Path, character: str) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text(
        (BASE / "organisations.csv").read_text(encoding="utf-8").replace("Berga;", f"Be{character}rga;"),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=rf"row 3, column namn: the text holds U\+{ord(character):04X}"):
        read_register(file)


def test_an_unseen_character_in_a_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.yaml"
    file.write_text(
        (BASE / "instrument.yaml").read_text(encoding="utf-8").replace("Vi lär.", '"Vi \\u202e lär."'),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"line \d+, points\[2\].* the text holds U\+202E"):
        load_instrument(file)


def test_what_a_typeface_lacks_is_replaced_and_named(caplog: pytest.LogCaptureFixture) -> None:
    text = "Vi firar 🎉 och 👨\u200d👩\u200d👧 i Åre"
    run = {"text": text, "bold": False, "italic": False, "link": ""}
    chapter = Chapter("Kapitel", [{"kind": "paragraph", "style": "", "runs": [run]}])
    paper = Paper("Titel", "n", "s", "2026", "sv", "", "c", "Innehåll", "x", ["a"], [chapter])
    with caplog.at_level(logging.WARNING):
        content = set_paper(paper)
    assert "Vi firar □ och □□□ i Åre" in " ".join(text for _, text in read_pdf(content))
    assert "U+1F389" in caplog.text
