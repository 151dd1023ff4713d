"""Parameters are written as Papermill writes them: by black where there is one, and else plainly, without a search for it."""

from __future__ import annotations

import pytest
from papermill.translators import PythonTranslator

from dimios_core.runner import preloading

PARAMETERS = {"organisation": "almvik", "period": "2026", "language": "sv"}


@pytest.fixture
def codify(monkeypatch):
    """Papermill's own way, which comes back afterwards."""
    own = PythonTranslator.__dict__["codify"]
    monkeypatch.setattr(PythonTranslator, "codify", own)
    return own


def test_parameters_are_those_that_papermill_writes(codify):
    expected = PythonTranslator.codify(PARAMETERS)
    preloading._look_for_no_black()
    assert PythonTranslator.codify(PARAMETERS) == expected


def test_black_is_asked_where_it_is(codify, monkeypatch):
    monkeypatch.setattr(preloading, "find_spec", lambda name: name)
    preloading._look_for_no_black()
    assert PythonTranslator.__dict__["codify"] is codify
