"""From long response rows to respondents × columns, in percent (method 2, first three rules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.shared_spread import pool_spreads


@dataclass(frozen=True)
class Respondents:
    """Respondents of one or several organisations and periods; every array has a row a respondent.

    Attributes
    ----------
    block : int array (respondents,)
        Index of the respondent's (period, organisation).
    unit, role, stratum : str arrays (respondents,)
        Unit as registered ("" = directly under the organisation), role ("unknown" if not known).
    neighbour : str array (respondents,)
        Stratum that the respondent's stratum merges with where it holds nobody else ("" = none).
    person : uint64 array (respondents,)
        Pseudonym, the same in every period of an organisation.
    weight : float array (respondents,)
        Design weight, 1 unless given.
    score_pct : float array (respondents, columns)
        y in percent, 0-100; NaN where there is no answer ("don't know" included).
    dont_know : bool array (respondents, columns)
        No answer to the column and at least one "don't know".
    spread : float array (respondents, 3)
        φ of the respondent's organisation and period: of points, split items, and categories of few points (see
        `shared_spread`); NaN where groups keep their own spread.
    """

    block: np.ndarray
    unit: np.ndarray
    role: np.ndarray
    stratum: np.ndarray
    neighbour: np.ndarray
    person: np.ndarray
    weight: np.ndarray
    score_pct: np.ndarray
    dont_know: np.ndarray
    spread: np.ndarray

    @property
    def answered(self) -> np.ndarray:
        """r: True where the respondent has a score, shape (respondents, columns)."""
        return ~np.isnan(self.score_pct)

    def __len__(self) -> int:
        return len(self.block)


def concatenate(parts: list[Respondents]) -> Respondents:
    """Put respondents of several blocks under each other."""
    return Respondents(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Respondents)}
    )


def score_items(answer: np.ndarray, item: np.ndarray, columns: Columns) -> np.ndarray:
    """Return item scores in percent: `100·(answer − lowest)/(highest − lowest)`, mirrored where reversed.

    Parameters
    ----------
    answer : float array (rows,)
        Answers on the item's own scale; NaN (don't know, missing) stays NaN.
    item : int array (rows,)
        Index into `columns.item_ids`.
    """
    items = [columns.instrument.items[i] for i in columns.item_ids]
    lowest = np.array([columns.instrument.scales[i.scale].lowest for i in items], float)
    highest = np.array([columns.instrument.scales[i.scale].highest for i in items], float)
    mirrored = np.array([i.reversed for i in items])
    pct = 100 * (answer - lowest[item]) / (highest[item] - lowest[item])
    return np.where(mirrored[item], 100 - pct, pct)


def _codes(column: pa.ChunkedArray, values: list[str]) -> np.ndarray:
    """Codes of a (dictionary-encoded) string column in `values`; −1 where a value is not among them."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
    position = {v: i for i, v in enumerate(values)}
    lookup = np.array([position.get(v, -1) for v in encoded.dictionary.to_pylist()] or [-1])
    return lookup[encoded.indices.to_numpy(zero_copy_only=False)]


def _strings(column: pa.ChunkedArray, rows: np.ndarray) -> np.ndarray:
    return np.asarray(column.take(pa.array(rows)).cast(pa.string()).to_pylist(), dtype=object)


def build_respondents(
    table: pa.Table, columns: Columns, block: int = 0, strata_merge: Mapping[str, str] | None = None
) -> Respondents:
    """Turn the stored rows of one organisation and period into a respondents × columns matrix.

    Parameters
    ----------
    table : pyarrow.Table
        Long response rows, sorted by respondent (columns as in the response store).
    columns : Columns
    block : int
        Index that the caller gives this (period, organisation).
    strata_merge : mapping, optional
        Stratum -> the neighbour it merges with where it holds nobody else.

    Returns
    -------
    Respondents
        A point's score is the mean of its answered items; NaN if none is answered. Respondents with
        neither an answer nor a "don't know" are left out.
    """
    person = table["respondent"].to_numpy()
    first = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else np.zeros(0, int)
    row = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(person)]))
    item = _codes(table["item"], columns.item_ids)
    kind = _codes(table["answer_kind"], ["answered", "dont_know", "missing"])
    answer = table["answer"].to_numpy().astype(float)
    known = item >= 0
    shape = (len(first), len(columns.item_ids))
    item_pct = np.full(shape, np.nan)
    scored = known & (kind == 0)
    item_pct[row[scored], item[scored]] = score_items(answer[scored], item[scored], columns)
    item_unknown = np.zeros(shape, bool)
    unknown = known & (kind == 1)
    item_unknown[row[unknown], item[unknown]] = True
    score_pct, dont_know = _gather_points(item_pct, item_unknown, columns)
    kept = (~np.isnan(score_pct) | dont_know).any(axis=1)
    first = first[kept]
    stratum = _strings(table["stratum"], first)
    merge = strata_merge or {}
    return Respondents(
        block=np.full(len(first), block),
        unit=_strings(table["unit"], first),
        role=_strings(table["role"], first),
        stratum=stratum,
        neighbour=np.array([merge.get(h, "") for h in stratum], object),
        person=person[first],
        weight=table["weight"].to_numpy()[first].astype(float),
        score_pct=score_pct[kept],
        dont_know=dont_know[kept],
        spread=np.tile(pool_spreads(score_pct[kept], columns), (len(first), 1)),
    )


def _gather_points(
    item_pct: np.ndarray, item_unknown: np.ndarray, columns: Columns
) -> tuple[np.ndarray, np.ndarray]:
    """Means of answered items per point, then the split items' own columns."""
    if not columns.split_items:
        return item_pct, item_unknown & np.isnan(item_pct)
    point_of = np.array([k for k, p in enumerate(columns.instrument.points) for _ in p.items])
    to_point = (point_of[:, None] == np.arange(columns.points_n)).astype(float)
    answered = ~np.isnan(item_pct)
    counts = answered @ to_point
    sums = np.nan_to_num(item_pct) @ to_point
    score = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    unknown = (item_unknown @ to_point > 0) & (counts == 0)
    split = [columns.item_ids.index(i) for i, _ in columns.split_items]
    return np.hstack([score, item_pct[:, split]]), np.hstack([unknown, (item_unknown & ~answered)[:, split]])
