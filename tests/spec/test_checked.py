"""docs/checked.md tells what the comparisons find today."""

from __future__ import annotations

from dataclasses import replace

from tests.spec import checked
from tests.spec.comparisons import SUBJECTS, compare_all


def test_the_page_is_todays():
    """Written anew by `python -m tests.spec.checked`."""
    assert checked.write_page() == checked.PAGE.read_text(encoding="utf-8")


def test_a_figure_that_moves_is_told(monkeypatch):
    first, *others = compare_all(SUBJECTS[0])
    moved = (replace(first, found=first.found + 0.002), *others)
    monkeypatch.setattr(
        checked, "compare_all", lambda subject: moved if subject is SUBJECTS[0] else compare_all(subject)
    )
    assert "< 1e-2" in checked.write_page()
    assert "< 1e-2" not in checked.PAGE.read_text(encoding="utf-8")
