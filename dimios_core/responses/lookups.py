"""From texts to codes: each distinct text of a column is understood once, rows are only looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dimios_core.instrument import UNKNOWN_ROLE, Instrument
from dimios_core.responses.labels import normalise_label
from dimios_core.responses.mapping import Source
from dimios_core.responses.periods import is_period
from dimios_core.responses.register import Register

#: codes of what is not understood; valid codes are >= 0
UNKNOWN = -1
AMBIGUOUS = -2


@dataclass(frozen=True)
class Texts:
    """A column of texts, factorised.

    Parameters
    ----------
    distinct : list of str
        The distinct texts; the last is "" and stands for empty cells.
    at : numpy.ndarray of int, shape (n,)
        Position of each row's text in `distinct`.
    """

    distinct: list[str]
    at: np.ndarray

    def spread(self, values: list, dtype: type | np.dtype) -> np.ndarray:
        """Give every row the value of its text."""
        return np.asarray(values, dtype=dtype)[self.at]

    def rows_by_text(self, faulty: np.ndarray, limit: int) -> Iterator[tuple[str | None, np.ndarray]]:
        """Group faulty rows by their text.

        Parameters
        ----------
        faulty : numpy.ndarray of bool, shape (n,)
        limit : int
            Groups told apart; the rows of all further texts come as one, with None for a text.

        Yields
        ------
        str or None, numpy.ndarray of int
            The text and the positions of its rows.
        """
        positions = np.flatnonzero(faulty)
        positions = positions[np.argsort(self.at[positions], kind="stable")]
        starts = np.flatnonzero(np.diff(self.at[positions])) + 1
        groups = np.split(positions, starts[:limit])
        for number, group in enumerate(groups):
            if len(group):
                yield (self.distinct[self.at[group[0]]] if number < limit else None), group


def factorise(column: pa.StringArray) -> Texts:
    """Factorise a column; empty cells become ""."""
    encoded = column.dictionary_encode()
    distinct = [text.strip() for text in encoded.dictionary.to_pylist()]
    at = encoded.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    return Texts([*distinct, ""], at)


def _translated(source: Source | None) -> dict[str, str]:
    return {normalise_label(label): value for label, value in source.values.items()} if source else {}


class Lookup:
    """Texts to codes by a function that is asked once per text."""

    def __init__(self, resolve: Callable[[str], int]) -> None:
        self._resolve = resolve
        self._known: dict[str, int] = {}

    def code(self, text: str) -> int:
        """Return the code of a text, `UNKNOWN` or `AMBIGUOUS`."""
        if text not in self._known:
            self._known[text] = self._resolve(text)
        return self._known[text]

    def codes(self, texts: Texts) -> np.ndarray:
        """Return the code of every row, int32."""
        return texts.spread([self.code(text) for text in texts.distinct], np.int32)


def organisation_lookup(register: Register, source: Source) -> tuple[list[str], Lookup]:
    """Understand organisations by id, by name, or by the mapping's translation; returns ids and lookup."""
    ids = register.organisations["id"].tolist()
    code_of_id = {identifier: code for code, identifier in enumerate(ids)}
    by_label = {normalise_label(name): c for c, name in enumerate(register.organisations["name"])}
    by_label |= {normalise_label(identifier): code for identifier, code in code_of_id.items()}
    translated = _translated(source)

    def resolve(text: str) -> int:
        label = normalise_label(text)
        if label in translated:
            return code_of_id.get(translated[label], UNKNOWN)
        return by_label.get(label, UNKNOWN)

    return ids, Lookup(resolve)


def period_lookup(source: Source) -> tuple[list[str], Lookup]:
    """Understand periods; the list of periods grows as they are met."""
    periods: list[str] = []
    translated = _translated(source)

    def resolve(text: str) -> int:
        period = translated.get(normalise_label(text), text)
        if not is_period(period):
            return UNKNOWN
        if period not in periods:
            periods.append(period)
        return periods.index(period)

    return periods, Lookup(resolve)


def role_lookup(instrument: Instrument, source: Source | None) -> tuple[list[str], Lookup]:
    """Understand roles by id, by name in any language, or by the mapping's translation; empty is unknown."""
    ids = instrument.role_ids
    by_label = {normalise_label(name): ids.index(r.id) for r in instrument.roles for name in r.name.values()}
    by_label |= {normalise_label(identifier): code for code, identifier in enumerate(ids)}
    by_label[""] = ids.index(UNKNOWN_ROLE)
    translated = _translated(source)

    def resolve(text: str) -> int:
        label = normalise_label(text)
        return ids.index(translated[label]) if label in translated else by_label.get(label, UNKNOWN)

    return ids, Lookup(resolve)


class UnitLookup:
    """Understand units by id or name within their organisation; empty is directly under it."""

    def __init__(self, register: Register, source: Source | None) -> None:
        #: unit ids by code; the code 0 is ""
        self.ids: list[str] = ["", *sorted(set(register.units["unit"]))]
        code_of_id = {identifier: code for code, identifier in enumerate(self.ids)}
        self._translated = _translated(source)
        self._by_label: dict[tuple[str, str], int] = {}
        units = register.units
        rows = list(zip(units["organisation"], units["unit"], units["name"], strict=True))
        for organisation, unit, name in rows:
            key = (organisation, normalise_label(name))
            if self._by_label.setdefault(key, code_of_id[unit]) != code_of_id[unit]:
                self._by_label[key] = AMBIGUOUS
        for organisation, unit, _ in rows:  # an id wins over another unit's name
            self._by_label[organisation, normalise_label(unit)] = code_of_id[unit]

    def code(self, organisation: str, text: str) -> int:
        """Return the code of a unit, `UNKNOWN`, or `AMBIGUOUS` where two units share the name."""
        label = normalise_label(text)
        label = normalise_label(self._translated.get(label, label))
        return self._by_label.get((organisation, label), UNKNOWN) if label else 0

    def known(self, organisation: str) -> list[str]:
        """Return the labels of an organisation's units."""
        return [label for owner, label in self._by_label if owner == organisation]
