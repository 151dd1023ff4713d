"""Answers opened for research: restricted, and it is said."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dimios_core.research import Answers

RESTRICTED = (
    "These are answers of people, under pseudonyms: restricted, personal data. Work with them where only you can read, "
    "and hand out published figures instead (Project.published, Project.public)."
)


class RestrictedWarning(UserWarning):
    """Personal data have been opened."""


def open_answers(
    outputs: Path,
    periods: Collection[str] | None,
    organisations: Collection[str] | None,
    roles: Collection[str] | None,
    instrument: str | None,
) -> Answers:
    """Warn whoever opens answers two calls above, and return them: see `dimios_core.research.load_answers`."""
    from dimios_core.research import load_answers

    answers = load_answers(outputs, periods, organisations, roles, instrument)
    warnings.warn(RESTRICTED, RestrictedWarning, stacklevel=3)
    return answers
