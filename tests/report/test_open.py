"""Opening a report: a wrong name suggests the right one, and nothing opens by halves."""

from __future__ import annotations

import pytest

from dimios_core.errors import InputError
from dimios_core.report import OurResult


def test_a_wrong_organisation_suggests_the_right_one(demo_outputs):
    with pytest.raises(InputError, match="did you mean almvik"):
        OurResult.open("almvikk", "2026", "sv", str(demo_outputs / "results"))


def test_a_wrong_period_and_language_are_told_together(demo_outputs):
    with pytest.raises(InputError) as raised:
        OurResult.open("almvik", "1999", "no", str(demo_outputs / "results"))
    assert [p.place for p in raised.value.problems] == ["period", "language"]
    assert "2023, 2024, 2025, 2026" in raised.value.problems[0].remedy


def test_without_results_the_first_step_is_told(tmp_path):
    with pytest.raises(InputError, match="make demo"):
        OurResult.open("almvik", "2026", "sv", str(tmp_path))
