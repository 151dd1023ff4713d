"""What a shell remembers of the source of a cell is what IPython finds out; where a notebook changes how cells are read, nothing is."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

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
    sources = RememberedSources()
    expected = TransformerManager().transform_cell(source)
    assert [sources.transform_cell(source), sources.transform_cell(source)] == [expected, expected]


def test_a_notebook_that_changes_how_cells_are_read_is_heeded():
    sources = RememberedSources()
    assert sources.transform_cell("a = 1") == "a = 1\n"
    sources.line_transforms.append(lambda lines: [line.replace("1", "2") for line in lines])
    assert sources.transform_cell("a = 1") == "a = 2\n"
    sources.line_transforms.pop()
    assert sources.transform_cell("a = 1") == "a = 1\n"
