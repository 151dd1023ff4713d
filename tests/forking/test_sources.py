"""What a shell remembers of the source of a cell is what IPython finds out; where a notebook changes how cells are read, nothing is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from dimios_core.forking import sources
from dimios_core.forking.sources import RememberedSources

SOURCES = [
    "1",
    "report.opening()\n",
    ">>> a = 1\n>>> a",
    "%pwd",
    "!ls",
    "a = !ls\na",
    "report.opening?",
    "\n\n  x = 1\n  x;",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_cell_is_read_as_ipython_reads_it_each_time(source):
    remembered = RememberedSources()
    expected = TransformerManager().transform_cell(source)
    assert [remembered.transform_cell(source), remembered.transform_cell(source)] == [expected, expected]


def test_a_notebook_that_changes_how_cells_are_read_is_heeded():
    remembered = RememberedSources()
    assert remembered.transform_cell("a = 1") == "a = 1\n"
    remembered.line_transforms.append(lambda lines: [line.replace("1", "2") for line in lines])
    assert remembered.transform_cell("a = 1") == "a = 2\n"
    remembered.line_transforms.pop()
    assert remembered.transform_cell("a = 1") == "a = 1\n"


def test_what_is_learnt_is_not_asked_again(monkeypatch):
    asked = []
    for owner, name in (sources._AWAITS, sources._IS_SILENT, sources._NAMES_FILE):
        monkeypatch.setattr(owner, name, staticmethod(_note(asked, name, getattr(owner, name))))
    shell = SimpleNamespace()
    sources.remember_sources(shell)
    for _ in range(2):
        sources.learn(shell, SOURCES)
    assert len(asked) == len(set(asked)) >= 3 * len(SOURCES) - 3


def test_a_version_of_ipython_that_asks_otherwise_is_not_in_the_way(monkeypatch):
    for owner, name in (sources._AWAITS, sources._IS_SILENT):
        monkeypatch.delattr(owner, name)
    shell = SimpleNamespace()
    sources.remember_sources(shell)
    sources.learn(shell, SOURCES)
    assert not hasattr(*sources._AWAITS)


def _note(asked, name, own):
    def ask(*about):
        asked.append((name, *about))
        return own(*about)

    return ask
