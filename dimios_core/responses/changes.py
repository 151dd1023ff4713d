"""What a corrected file changes in the stored answers of an organisation and period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from dimios_core.responses.store import RESPONSE_SCHEMA

_KEY = ["respondent", "item"]


@dataclass(frozen=True)
class AnswerChanges:
    """Counts of what differs between stored and new answers.

    Parameters
    ----------
    respondents_added_n, respondents_removed_n, respondents_changed_n : int
        Changed are those in both whose unit, role, weight, stratum, times or any answer differs.
    answers_changed_n : int
        Answers of respondents in both that are other, new or gone.
    """

    respondents_added_n: int
    respondents_removed_n: int
    respondents_changed_n: int
    answers_changed_n: int

    def __str__(self) -> str:
        return (
            f"respondents: {self.respondents_added_n} added, {self.respondents_removed_n} removed,"
            f" {self.respondents_changed_n} changed; {self.answers_changed_n} answers changed"
        )


def same_answers(old: pa.Table, new: pa.Table) -> bool:
    """Say whether two tables of `RESPONSE_SCHEMA` hold the same rows in the same order."""
    if old.num_rows != new.num_rows:
        return False
    return all(_comparable(old, name).equals(_comparable(new, name)) for name in RESPONSE_SCHEMA.names)


def _comparable(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], type=column.type)
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def compare_answers(old: pa.Table, new: pa.Table) -> AnswerChanges:
    """Count what differs between stored and new answers of one organisation and period."""
    before, after = _frame(old), _frame(new)
    old_people, new_people = set(before["respondent"]), set(after["respondent"])
    both = before.merge(after, on=_KEY, how="outer", suffixes=("_old", "_new"), indicator="side")
    both = both[both["respondent"].isin(old_people & new_people)]
    differs = {
        name: ~(
            (both[f"{name}_old"] == both[f"{name}_new"])
            | (both[f"{name}_old"].isna() & both[f"{name}_new"].isna())
        ).to_numpy(dtype=bool)
        for name in before.columns.difference(_KEY)
    }
    alone = (both["side"] != "both").to_numpy(dtype=bool)
    answers = alone | differs["answer"] | differs["answer_kind"]
    rows = np.logical_or.reduce([alone, *differs.values()])
    return AnswerChanges(
        len(new_people - old_people),
        len(old_people - new_people),
        int(both.loc[rows, "respondent"].nunique()),
        int(answers.sum()),
    )


def _frame(table: pa.Table) -> pd.DataFrame:
    columns = [name for name in RESPONSE_SCHEMA.names if name != "organisation"]
    return pd.DataFrame({name: _comparable(table, name).to_pandas() for name in columns})
