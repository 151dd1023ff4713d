"""What a parent finds out before it forks: whether there is black, and what cells are.

Parameters are written as Papermill writes them: by black where there is one, and else plainly, without a search for it.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.translators import PythonTranslator

from dimios_core.forking import shell, sources
from dimios_core.runner import preloading

PARAMETERS = {"organisation": "almvik", "period": "2026", "language": "sv"}


@pytest.fixture(autouse=True)
def modules(monkeypatch):
    """Black is not loaded yet, and afterwards loaded, absent or unknown as it was before."""
    monkeypatch.setitem(sys.modules, "black", None)
    del sys.modules["black"]


def test_parameters_are_those_that_papermill_writes():
    expected = PythonTranslator.codify(PARAMETERS)
    preloading._look_for_no_black()
    assert PythonTranslator.codify(PARAMETERS) == expected


@pytest.mark.parametrize("there", [True, False])
def test_black_is_asked_where_it_is(monkeypatch, there):
    monkeypatch.setattr(preloading, "find_spec", lambda name: name if there else None)
    preloading._look_for_no_black()
    assert ("black" in sys.modules) == (not there)


@pytest.mark.parametrize("source", ["print(", "if True:\n        a = 1\n    b = 2", "x = '''abc", None])
def test_a_cell_that_is_no_python_stops_no_parent(monkeypatch, recwarn, source):
    ours, learnt = SimpleNamespace(input_transformer_manager=sources.RememberedSources()), []

    def learn(texts):
        for text in texts:
            sources.learn(ours, [text])
            learnt.append(text)

    monkeypatch.setattr(shell, "learn_sources", learn)
    bad = new_notebook(cells=[new_code_cell("1"), new_code_cell(source or "")])
    if source is None:
        del bad.cells[1]["source"]
    preloading._learn_cells([bad, new_notebook(cells=[new_code_cell("2 is 2")])])
    assert learnt == ["1", "2 is 2"]
    assert not recwarn.list  # of a comparison with a literal
