"""A register, a model, settings of a survey, and a staff list that a survey is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dimios_core.instrument import Instrument
from dimios_core.responses import ResponseStore
from dimios_core.survey.frame import Frame, build_frame
from dimios_core.survey.settings import Survey
from dimios_core.survey.staff import read_staff
from tests.responses.conftest import instrument, outputs

__all__ = ["instrument", "outputs"]

TITLES = {"*chef": "managers", "ledamot*": "politicians"}
SURVEY = Survey(
    organisation="lindby", period="2026", instrument="tiny", opens=date(2026, 9, 7), closes=date(2026, 9, 25), languages=("sv", "en")
)  # fmt: skip


@pytest.fixture
def take(outputs: Path, instrument: Instrument, tmp_path: Path) -> Callable[[str], Frame]:
    """Take a staff list in, as text."""

    def take_text(text: str) -> Frame:
        path = tmp_path / "staff.csv"
        path.write_text(text, encoding="utf-8")
        staff, problems = read_staff(path)
        return build_frame(staff, problems, SURVEY, ResponseStore(outputs).register(), instrument, TITLES)

    return take_text
