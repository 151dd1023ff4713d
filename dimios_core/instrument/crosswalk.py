"""The crosswalk of a model's version: what became of every measure point of an earlier one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dimios_core.documents import Frozen

Id = Annotated[str, Field(strict=True)]


class Crosswalk(Frozen):
    """What became of the measure points of an earlier version; every point of both is named once.

    Parameters
    ----------
    from_version : int
        The earlier version, below that of the file.
    same : list of str
        Points that go by the same id in both, and ask the same.
    renamed : dict of str to str
        Earlier id -> today's, of points that ask the same.
    split : dict of str to list of str
        Earlier id -> today's ids.
    merged : dict of str to list of str
        Today's id -> earlier ids.
    new, gone : list of str
        Points that the earlier version lacks, and that this one lacks.
    items : dict of str to str
        Earlier id -> today's, of items of points that are the same or renamed; others keep their id.
    comparable : list of str
        Today's ids of points that are the same or renamed and are answered on another scale than then, where a score in
        percent is declared to mean the same on both.
    """

    from_version: Annotated[int, Field(strict=True, ge=1)]
    same: list[Id] = Field(default_factory=list)
    renamed: dict[Id, Id] = Field(default_factory=dict)
    split: dict[Id, list[Id]] = Field(default_factory=dict)
    merged: dict[Id, list[Id]] = Field(default_factory=dict)
    new: list[Id] = Field(default_factory=list)
    gone: list[Id] = Field(default_factory=list)
    items: dict[Id, Id] = Field(default_factory=dict)
    comparable: list[Id] = Field(default_factory=list)

    @property
    def kept(self) -> dict[str, str]:
        """Earlier id -> today's, of points that ask the same."""
        return {point: point for point in self.same} | self.renamed
