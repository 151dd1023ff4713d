"""Published rows as one version of the model has them: those of its own periods, and beside them what others have in common.

A point or item of another version stands under its name in this one where its score means the same in both, and else is left
out; a level above stands under its own name where this version has it, with the score of its own period's whole model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from dimios_core.instrument import COMPOSITE, Instrument, common_across
from dimios_core.published.rows import Table

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
#: columns that say which level of which period a row is about; a table without a level is about categories, or points
PERIOD, LEVEL, KEY, POINT = "period", "level", "key", "point"


class Beside:
    """Rows of all periods beside those of one version.

    Parameters
    ----------
    models : mapping
        Version -> model.
    version : int
        Whose rows the others are set beside.
    version_of : callable
        Period -> version.
    """

    def __init__(
        self, models: Mapping[int, Instrument], version: int, version_of: Callable[[str], int]
    ) -> None:
        self._version, self._version_of, self._latest = version, version_of, max(models)
        self._names = {v: _name_rows(models, v, version) for v in models if v != version}

    def rows(self, table: Table) -> Table:
        """Return the rows of a table that stand in this version, with their keys in it."""
        key = _find_key(table.columns)
        if key is None:
            return table
        told = {name: table.texts(name) for name in (PERIOD, LEVEL, key) if name in table.columns}
        places, names = self._choose(told, key)
        return table.take(places, **{key: names})

    def frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a frame that stand in this version, with their keys in it."""
        key = _find_key(frame.columns)
        if key is None:
            return frame
        told = {name: frame[name].astype(object).tolist() for name in (PERIOD, LEVEL, key) if name in frame}
        places, names = self._choose(told, key)
        import pandas as pd

        return frame.iloc[places].reset_index(drop=True).assign(**{key: pd.Categorical(names)})

    def _choose(self, told: Mapping[str, Sequence[str]], key: str) -> tuple[list[int], list[str]]:
        """Places of the rows that stand in this version, and what they are called in it."""
        keys = told[key]
        levels = told.get(LEVEL, [POINT if key == POINT else "category"] * len(keys))
        # what is of no period, and points by name alone, are told of the latest version
        versions = [self._latest] * len(keys)
        if key == KEY and PERIOD in told:
            asked = {p: self._version_of(p or "") for p in set(told[PERIOD])}
            versions = [asked[p] for p in told[PERIOD]]
        places, names = [], []
        for i, (name, level, version) in enumerate(zip(keys, levels, versions, strict=True)):
            here = name if version == self._version else self._names[version].get((level, name))
            if here is not None:
                places.append(i)
                names.append(here)
        return places, names


def _find_key(columns: Collection[str]) -> str | None:
    """The column that names the level that a row is about; None where there is none."""
    return next((name for name in (KEY, POINT) if name in columns), None)


def _name_rows(models: Mapping[int, Instrument], theirs: int, own: int) -> dict[Key, str]:
    """Level and key of another version -> key in one's own."""
    model = models[own]
    names = {("category", c): c for c in models[theirs].category_ids if c in model.category_ids} | {
        ("dimension", d): d for d in models[theirs].dimension_ids if d in model.dimension_ids
    }
    if model.composite is not None:
        names[COMPOSITE] = COMPOSITE[1]
    return names | common_rows(models, theirs, own)


def common_rows(models: Mapping[int, Instrument], theirs: int, own: int) -> dict[Key, str]:
    """Points and items of another version that mean the same in one's own: level and key -> key in one's own."""
    items = common_across(models, min(theirs, own), max(theirs, own))
    if theirs > own:
        items = {new: old for old, new in items.items()}
    rows = {("item", item): name for item, name in items.items()}
    point_of = models[own].point_of_item
    return rows | {
        ("point", point.id): point_of[items[point.items[0].id]]
        for point in models[theirs].points
        if all(item.id in items for item in point.items)
    }
