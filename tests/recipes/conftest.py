"""Copies of the project in which a recipe has been carried out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recipes.carrying_out import RECIPES, carry_out, copy_project


@pytest.fixture
def copy(heavy: None, tmp_path: Path) -> Callable[..., Path]:
    """Copy the project and carry out recipes there, in order; `without` leaves out what is said of one file."""

    def make(*titles: str, without: str = "") -> Path:
        project = copy_project(tmp_path / "project")
        for title in titles:
            carry_out(RECIPES[title], project, without)
        return project

    return make
