"""Exports in the shape of each common tool go through draft and ingest; only organisation and period are filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Reader
from .test_drafts import WHO, drafted
from .tools import TOOLS, Given

SEEDS = 20


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__)
@pytest.mark.parametrize(
    "seeds",
    [range(2), pytest.param(range(2, SEEDS), marks=pytest.mark.long)],
    ids=["two", "eighteen others"],
)
def test_a_draft_reads_it_whole(tool, seeds: range, tmp_path: Path) -> None:
    """Languages, words or numbers, and variants of the tool differ by seed; where a column names who, nothing is asked."""
    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        given, reader = Given.of(seed), Reader(folder)
        file = tool(given, folder)
        reader.take(file, drafted(reader, file, {} if tool.__name__ == "excel" else WHO))
        expected = [tuple("dont_know" if a is None else float(a) for a in row) for row in given.answers]
        assert reader.answers() == sorted(expected, key=repr)
