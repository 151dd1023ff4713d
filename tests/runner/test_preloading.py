"""Parameters are written as Papermill writes them: by black where there is one, and else plainly, without a search for it."""

from __future__ import annotations

import sys

import pytest
from papermill.translators import PythonTranslator

from dimios_core.runner import preloading

PARAMETERS = {"organisation": "almvik", "period": "2026", "language": "sv"}


@pytest.fixture(autouse=True)
def modules(monkeypatch):
    """Those that are loaded come back afterwards."""
    monkeypatch.delitem(sys.modules, "black", raising=False)
    monkeypatch.setattr(sys, "modules", sys.modules)


def test_parameters_are_those_that_papermill_writes():
    expected = PythonTranslator.codify(PARAMETERS)
    preloading._look_for_no_black()
    assert PythonTranslator.codify(PARAMETERS) == expected


@pytest.mark.parametrize("there", [True, False])
def test_black_is_asked_where_it_is(monkeypatch, there):
    monkeypatch.setattr(preloading, "find_spec", lambda name: name if there else None)
    preloading._look_for_no_black()
    assert ("black" in sys.modules) == (not there)
