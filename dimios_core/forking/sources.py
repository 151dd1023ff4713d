"""What IPython finds out about the source of a cell, found out once for each text: the notebooks of a suite have the same cells in every report.

All of this follows from the text alone, and nothing of it from what a notebook has done. Where a notebook has changed how cells
are transformed, nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import ipykernel.compiler
from IPython.core import interactiveshell
from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager

SOURCES_N = 1_000
#: what is asked of a text: whether it awaits something, whether it ends in silence, what its file is called
_AWAITS = interactiveshell, "_should_be_async"
_IS_SILENT = DisplayHook, "semicolon_at_end_of_expression"
_NAMES_FILE = ipykernel.compiler, "murmur2_x86"


class RememberedSources(TransformerManager):
    """Transforms cells as IPython does, and remembers those that only IPython's own transformers have seen."""

    def __init__(self) -> None:
        super().__init__()
        self._own = self._list_transformers()

    def transform_cell(self, cell: str) -> str:
        """Return a cell as plain Python."""
        if self._list_transformers() != self._own:
            return super().transform_cell(cell)
        return self._remember(cell)

    @lru_cache(SOURCES_N)  # noqa: B019 - there is one of them, for as long as the process lives
    def _remember(self, cell: str) -> str:
        return super().transform_cell(cell)

    def _list_transformers(self) -> list[Any]:
        return [*self.cleanup_transforms, *self.line_transforms, *self.token_transformers]


def remember_sources(shell: Any) -> None:
    """Let a shell remember what it finds out about sources."""
    shell.input_transformer_manager = RememberedSources()
    for owner, name in (_AWAITS, _IS_SILENT, _NAMES_FILE):
        if own := getattr(owner, name, None):  # another version may do without it
            setattr(owner, name, staticmethod(lru_cache(SOURCES_N)(own)))


def learn(shell: Any, sources: Iterable[str]) -> None:
    """Find out now what a shell will ask about these sources, for a process that forks a child for each report; none is run."""
    for source in sources:
        python = shell.input_transformer_manager.transform_cell(source)
        for (owner, name), text in ((_AWAITS, python), (_IS_SILENT, python.rstrip("\n"))):
            if asked := getattr(owner, name, None):
                asked(text)
        ipykernel.compiler.get_file_name(source)
