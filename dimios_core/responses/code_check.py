"""SPSS tells answers by labels and by codes: whether the two can be mixed without one being taken for the other."""

from __future__ import annotations

from dimios_core.responses.labels import normalise_label, parse_number
from dimios_core.responses.lookups import Texts
from dimios_core.responses.meanings import ANSWERED, AnswerLookup
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.source_tables import SourceTable

_REMEDY = (
    "write `values: codes` under `file:` in the mapping, and what each code means under `answers: labels:`"
    ' (such as "1": 5), or label every value in SPSS'
)


class CodeCheck:
    """Find columns of answers in which labels stand for other numbers than their codes, and some codes lack a label.

    Where only the ends of a scale are labelled, and 1 is "agree fully" which is 5 on the instrument's scale, an unlabelled
    2 would be taken as it stands, reversed.
    """

    def __init__(self, table: SourceTable, problems: ProblemList) -> None:
        self._table, self._problems = table, problems
        self._lookup: dict[int, AnswerLookup] = {}
        self._bare: dict[int, set[str]] = {}

    def take(self, at: int, texts: Texts, lookup: AnswerLookup) -> None:
        """Note which codes without a label a column of answers has; `at` is its position in the header."""
        labels = self._table.value_labels.get(self._table.header[at])
        if labels is None:
            return
        self._lookup[at] = lookup
        named = {normalise_label(label) for label in labels.values()}
        self._bare.setdefault(at, set()).update(
            text
            for text in texts.distinct
            if parse_number(text) is not None and normalise_label(text) not in named
        )

    def finish(self) -> None:
        """Report what the whole file shows."""
        for at, lookup in self._lookup.items():
            name = self._table.header[at]
            codes: dict[str, float] = {}
            moved = False
            for code, label in self._table.value_labels[name].items():
                number, kind = lookup.meaning(label.strip())
                if kind != ANSWERED:
                    continue
                moved = moved or number != code
                if codes.setdefault(normalise_label(label), code) != code:
                    self._problems.add(
                        f"one label stands for two codes, {codes[normalise_label(label)]:g} and {code:g}",
                        _REMEDY,
                        f", column {name}",
                    )
            bare = [text for text in self._bare[at] if lookup.meaning(text)[1] == ANSWERED]
            if moved and bare:
                self._problems.add(
                    "labels stand for other numbers than their codes, and some codes have no label"
                    f" ({', '.join(sorted(bare))}): nobody can tell which way those count",
                    _REMEDY,
                    f", column {name}",
                )
