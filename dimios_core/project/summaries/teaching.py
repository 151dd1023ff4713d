"""What was made for a training, and how one went."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dimios_core.project.summaries.summary import Summary


@dataclass(frozen=True)
class MaterialSummary(Summary):
    """Material that was written, below `folder`."""

    folder: Path
    paths: tuple[Path, ...]

    def __str__(self) -> str:
        """Say which files there are, and where."""
        return "\n".join(
            [*(f"  {path.name}" for path in self.paths), f"{len(self.paths)} files in {self.folder}"]
        )

    def rows(self) -> list[dict[str, Any]]:
        """File (below `folder`), bytes_n."""
        return [{"file": path.name, "bytes_n": path.stat().st_size} for path in self.paths]


@dataclass(frozen=True)
class EffectSummary(Summary):
    """A group's before and after.

    Attributes
    ----------
    effects : tuple of dict
        A row a statement: see `dimios_core.results.evidence.group_effect.compare_groups`.
    words : tuple of str
        The same in sentences.
    path : Path or None
        The PDF, where one was asked for.
    """

    effects: tuple[dict[str, Any], ...]
    words: tuple[str, ...]
    path: Path | None = None

    def __str__(self) -> str:
        """Say it, a sentence a statement."""
        return "\n".join([*self.words, *([f"It is in {self.path}."] if self.path else [])])

    def rows(self) -> list[dict[str, Any]]:
        """The effects."""
        return list(self.effects)
