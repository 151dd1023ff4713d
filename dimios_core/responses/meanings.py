"""What an answer means: a label, a number of its scale, "don't know", or nothing."""

from __future__ import annotations

import numpy as np

from dimios_core.instrument import Instrument, Scale
from dimios_core.responses.labels import normalise_label, parse_number
from dimios_core.responses.lookups import Texts
from dimios_core.responses.mapping import Answers, Mapping, Meanings

#: codes of answer kinds; the positions are those of `store.ANSWER_KINDS`
ANSWERED, DONT_KNOW, MISSING = 0, 1, 2
UNKNOWN_ANSWER, OFF_SCALE, OFF_STEP, NOT_MAPPED = -1, -2, -3, -4
STEP_TOLERANCE = 1e-6


class AnswerLookup:
    """Understand the answers of one scale.

    The mapping's labels come first, then what the instrument itself calls its answers, then numbers. A number is a
    number however it is spelt; where the mapping's labels recode numbers, no other number is an answer.

    Parameters
    ----------
    scale : Scale
    name : str
        What the instrument calls the scale.
    meanings : Meanings
        What the mapping says of this scale.
    decimal : str
        As `parse_number` takes it.
    """

    def __init__(self, scale: Scale, name: str, meanings: Meanings, decimal: str) -> None:
        self.scale, self.name = scale, name
        self._decimal = decimal
        self._known: dict[str, tuple[float, int]] = {}
        named: dict[str, tuple[float | None, int]] = {}
        for number, names in scale.labels.items():
            named |= {normalise_label(label): (number, ANSWERED) for label in names.values()}
        for label in (scale.dont_know or {}).values():
            named[normalise_label(label)] = (None, DONT_KNOW)
        named |= {normalise_label(label): (n, ANSWERED) for label, n in meanings.labels.items()}
        named |= {normalise_label(label): (None, DONT_KNOW) for label in meanings.dont_know}
        named |= {normalise_label(label or ""): (None, MISSING) for label in meanings.missing}
        named[""] = (None, MISSING)
        self._named = named
        numbers = {label: parse_number(label) for label in named}
        self._of_number = {number: named[label] for label, number in numbers.items() if number is not None}
        self._recodes = recodes_numbers(meanings)

    def labels(self) -> list[str]:
        """Return the labels that are understood, numbers left out."""
        return [label for label in self._named if label]

    def meaning(self, text: str) -> tuple[float, int]:
        """Return the number (NaN where there is none) and the kind, or one of the faults."""
        if text not in self._known:
            self._known[text] = self._understand(text)
        return self._known[text]

    def _understand(self, text: str) -> tuple[float, int]:
        label = normalise_label(text)
        written = None if label in self._named else parse_number(text, self._decimal)
        number, kind = self._named.get(label, (written, ANSWERED))
        if written is not None:
            if self._recodes and written not in self._of_number:
                return np.nan, NOT_MAPPED
            number, kind = self._of_number.get(written, (written, ANSWERED))
        if kind != ANSWERED:
            return np.nan, kind
        if number is None:
            return np.nan, UNKNOWN_ANSWER
        if not self.scale.lowest <= number <= self.scale.highest:
            return np.nan, OFF_SCALE
        steps = (number - self.scale.lowest) / self.scale.step
        if abs(steps - round(steps)) > STEP_TOLERANCE:
            return np.nan, OFF_STEP
        return number, ANSWERED

    def understand(self, texts: Texts) -> tuple[np.ndarray, np.ndarray]:
        """Return the number (float32, NaN unless answered) and the kind (int8) of every row."""
        meanings = [self.meaning(text) for text in texts.distinct]
        return texts.spread([m[0] for m in meanings], np.float32), texts.spread(
            [m[1] for m in meanings], np.int8
        )


def recodes_numbers(meanings: Meanings) -> bool:
    """Tell whether labels of a mapping give numbers a meaning: a tool's 0-4 that is 1-5 on the scale."""
    return any(parse_number(label) is not None for label in meanings.labels)


def find_lookups(mapping: Mapping, instrument: Instrument) -> dict[str, AnswerLookup]:
    """Return the lookup of every item; items of a scale of which the mapping says the same share one."""
    shared: dict[tuple[str, str], AnswerLookup] = {}
    lookups = {}
    for item in instrument.items.values():
        key = (item.scale, item.id if item.id in mapping.answers.items else "")
        if key not in shared:
            meanings = meanings_of(mapping.answers, item.id, item.scale)
            shared[key] = AnswerLookup(
                instrument.scales[item.scale], item.scale, meanings, mapping.file.decimal
            )
        lookups[item.id] = shared[key]
    return lookups


def meanings_of(answers: Answers, item: str, scale: str) -> Meanings:
    """Return what a mapping says of an item: each setting from the item, else from its scale, else from all."""
    said: dict[str, object] = {}
    for part in (answers, answers.scales.get(scale), answers.items.get(item)):
        if part is not None:
            said |= {n: getattr(part, n) for n in Meanings.model_fields if n in part.model_fields_set}
    return Meanings.model_validate(said)
