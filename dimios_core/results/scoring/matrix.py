"""From long response rows to respondents × columns, in percent (method 2, first three rules)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pyarrow as pa

from dimios_core.published.conventions import THRESHOLD
from dimios_core.responses.store import ANSWER_KINDS
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.shared_spread import measure_spread

#: columns of stored answers that respondents are made of
RESPONDENT_COLUMNS = ("unit", "role", "respondent", "item", "answer", "answer_kind", "weight", "stratum")
#: answers are summed from here, so that sums of squares stay small beside what is taken from them
MIDDLE_PCT = 50.0


@dataclass(frozen=True)
class Respondents:
    """Respondents of one or several organisations and periods (blocks); arrays have a row a respondent or a row a block.

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
    spread : float array (blocks, level rows)
        φ that small groups of a block share (see `shared_spread`); NaN where groups keep their own spread.
    correlation : float array (blocks,)
        Of the two dimensions of the plane, shared likewise.
    few : int array (blocks,)
        One less than the threshold: how many respondents of a block are too few to be told apart.
    weighted : bool array (blocks,)
        Respondents of the block's organisation carry different weights.
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
    correlation: np.ndarray
    few: np.ndarray
    weighted: np.ndarray

    @cached_property
    def answered(self) -> np.ndarray:
        """r: True where the respondent has a score, shape (respondents, columns)."""
        return ~np.isnan(self.score_pct)

    @cached_property
    def from_middle(self) -> np.ndarray:
        """y less the middle of the scale, percentage points; 0 where there is no answer, shape (respondents, columns)."""
        return np.where(self.answered, self.score_pct - MIDDLE_PCT, 0.0)

    @cached_property
    def unweighted(self) -> bool:
        """Whether every weight is 1."""
        return bool((self.weight == 1).all())

    @cached_property
    def strata(self) -> tuple[np.ndarray, np.ndarray]:
        """Names of the strata in order, and the index of each respondent's, int array (respondents,)."""
        if len(self) and (self.stratum == self.stratum[0]).all():
            return self.stratum[:1].astype(str), np.zeros(len(self), int)
        return np.unique(self.stratum.astype(str), return_inverse=True)

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
    answer : float array (…, rows)
        Answers on the item's own scale, or their means; NaN (don't know, missing) stays NaN.
    item : int array (rows,)
        Index into `columns.item_ids`.
    """
    lowest, highest = columns.item_lowest[item], columns.item_highest[item]
    pct = 100 * (answer - lowest) / (highest - lowest)
    return np.where(columns.item_reversed[item], 100 - pct, pct)


def label_codes(column: pa.ChunkedArray, values: Sequence[str]) -> np.ndarray:
    """Codes of a dictionary-encoded column in `values`; −1 where a value is not among them.

    Parameters
    ----------
    column : pyarrow.ChunkedArray or DictionaryArray of string

    Returns
    -------
    int array (rows,)
    """
    codes, labels = read_labels(column)
    position = {v: i for i, v in enumerate(values)}
    return np.array([position.get(v, -1) for v in labels] or [-1])[codes]


def read_labels(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """Return the codes of a string column and the labels that they stand for; codes as they are stored."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def _strings(column: pa.ChunkedArray, rows: np.ndarray) -> np.ndarray:
    codes, labels = read_labels(column)
    return np.array(labels, object)[codes[rows]]


def build_respondents(
    table: pa.Table,
    columns: Columns,
    block: int = 0,
    strata_merge: Mapping[str, str] | None = None,
    threshold: int = THRESHOLD,
) -> Respondents:
    """Lay out the response rows of one organisation and period as a matrix.

    Parameters
    ----------
    table : pa.Table
        Rows sorted by respondent and item, at most one each; at least `RESPONDENT_COLUMNS` of
        `dimios_core.responses.store.RESPONSE_SCHEMA`; `answer` is null unless `answer_kind` is "answered". Items that
        are not in the instrument are left out.
    columns : Columns
    block : int, optional
        Index written into every row (see `Respondents.block`).
    strata_merge : mapping, optional
        Stratum -> the neighbour it merges with where it holds nobody else.
    threshold : int, optional
        Answers that the organisation asks for behind a published figure.

    Returns
    -------
    Respondents
        A point's score is the mean of its answered items; NaN if none is answered. Respondents with
        neither an answer nor a "don't know" are left out.
    """
    person = table["respondent"].to_numpy()
    first = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else np.zeros(0, int)
    row = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(person)]))
    item = label_codes(table["item"], columns.item_ids)
    kind = label_codes(table["answer_kind"], ANSWER_KINDS)
    answer = table["answer"].to_numpy()
    shape = (len(first), len(columns.item_ids))
    cell = row * shape[1] + item
    if not (known := item >= 0).all():
        cell, kind, answer = cell[known], kind[known], answer[known]
    raw = np.full(shape, np.nan)
    raw.ravel()[cell] = np.where(kind == ANSWER_KINDS.index("answered"), answer, np.nan)
    item_pct = score_items(raw, np.arange(shape[1]), columns)
    item_unknown = np.zeros(shape, bool)
    item_unknown.ravel()[cell] = kind == ANSWER_KINDS.index("dont_know")
    score_pct, dont_know = gather_points(item_pct, item_unknown, columns)
    kept = (~np.isnan(score_pct) | dont_know).any(axis=1)
    if not kept.all():
        first, score_pct, dont_know = first[kept], score_pct[kept], dont_know[kept]
    stratum = _strings(table["stratum"], first)
    merge = strata_merge or {}
    weight = table["weight"].to_numpy()[first].astype(float)
    weighted = bool(weight.min(initial=np.inf) < weight.max(initial=0.0))
    spread = measure_spread(score_pct, columns, threshold - 1, weighted)
    return Respondents(
        block=np.full(len(first), block),
        unit=_strings(table["unit"], first),
        role=_strings(table["role"], first),
        stratum=stratum,
        neighbour=np.array([merge.get(h, "") for h in stratum], object),
        person=person[first],
        weight=weight,
        score_pct=score_pct,
        dont_know=dont_know,
        spread=spread.phi[None, :],
        correlation=np.array([spread.correlation]),
        few=np.array([threshold - 1]),
        weighted=np.array([weighted]),
    )


def gather_points(
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
