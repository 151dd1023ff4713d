"""What the answers of an export mean, as far as it is certain; the rest is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dimios_core.instrument import Scale
from dimios_core.responses.labels import normalise_label, parse_number
from dimios_core.responses.mapping import Meanings
from dimios_core.responses.meanings import ANSWERED, DONT_KNOW, MISSING, AnswerLookup

#: answers of scales of agreement, lowest first
AGREEMENT = (
    ("instämmer inte alls", "instämmer i liten grad", "instämmer delvis", "instämmer i hög grad", "instämmer helt"),
    ("instämmer inte alls", "instämmer inte", "varken eller", "instämmer", "instämmer helt"),
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("strongly disagree", "somewhat disagree", "neither agree nor disagree", "somewhat agree", "strongly agree"),
    ("tar helt avstånd", "tar delvis avstånd", "varken eller", "instämmer delvis", "instämmer helt"),
)  # fmt: skip
DONT_KNOW_WORDS = {
    "vet ej", "vet inte", "ej aktuellt", "inte aktuellt", "kan ej bedöma", "kan inte bedöma", "ingen åsikt", "ingen uppfattning", "don't know",
    "don’t know", "dont know", "not applicable", "n/a", "ej tillämpligt", "inte tillämpligt", "ej relevant", "inte relevant", "no opinion", "cannot say", "not sure",
}  # fmt: skip
MISSING_WORDS = {
    "-",
    "–",
    "—",
    ".",
    "ej svar",
    "inget svar",
    "no answer",
    "not answered",
    "null",
    "na",
    "nan",
}
#: numbers that no scale has, and that tools write for no answer
MISSING_NUMBERS = {-1.0, -9.0, -99.0, -999.0, -66.0, -77.0, -88.0}
_NUMBERED = re.compile(r"(-?\d+)\s*[-–—=:.)]\s*(.+)")


@dataclass
class FoundAnswers:
    """What was found of one scale's answers.

    Parameters
    ----------
    labels : dict of str to float
        For certain.
    dont_know, missing : list of str
    asked : list of str
        Answers whose number only a person can tell.
    numbers : bool
        There are bare numbers, which are taken as they stand.
    """

    labels: dict[str, float] = field(default_factory=dict)
    dont_know: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    numbers: bool = False


def find_answers(texts: Iterable[str], scale: Scale) -> FoundAnswers:
    """Say what answers mean on a scale; `texts` are the distinct ones, as they are written."""
    found = FoundAnswers()
    lookup = AnswerLookup(scale, "", Meanings(), "auto")
    own = [text for text in texts if text]
    words = {text: _words(text) for text in own}
    agreed = _find_agreement({normalise_label(word) for _, word in words.values()}, scale)
    off_scale, worded = [], False
    for text in own:
        lead, word = words[text]
        label, number = normalise_label(word), parse_number(text)
        if label in DONT_KNOW_WORDS or all(part.strip() in DONT_KNOW_WORDS for part in label.split("/")):
            if lookup.meaning(text)[1] != DONT_KNOW:
                found.dont_know.append(text)
        elif label in MISSING_WORDS or number in MISSING_NUMBERS:
            if lookup.meaning(text)[1] != MISSING:
                found.missing.append(text)
        elif number is not None:
            found.numbers = True
            if lookup.meaning(text)[1] != ANSWERED:
                off_scale.append(text)
        elif lookup.meaning(text)[1] == ANSWERED:
            worded = True
        elif label in agreed and lead in (None, agreed[label]):
            worded = worded or lead is None
            found.labels[text] = agreed[label]
        else:
            found.asked.append(text)
    if off_scale or (found.numbers and (worded or found.asked)):
        # the tool's numbers are not the scale's, or nobody can tell which way they go beside the words
        found.asked += [text for text in own if parse_number(text) is not None and text not in found.missing]
        found.numbers = False
    return found


def _words(text: str) -> tuple[float | None, str]:
    """Part "5 - Agree" into its number and its words."""
    match = _NUMBERED.fullmatch(text.strip())
    return (float(match[1]), match[2]) if match else (None, text)


def _find_agreement(labels: set[str], scale: Scale) -> dict[str, float]:
    """Return the numbers of labels of the scale of agreement that fits best, where it has as many steps."""
    fits = [
        (len(labels & set(names)), names) for names in AGREEMENT if len(names) == scale.answer_categories_n
    ]
    if not fits:
        return {}
    most, names = max(fits, key=lambda fit: fit[0])
    same = {n for fit, n in fits if fit == most}
    if not most or any(
        n.index(label) != names.index(label) for n in same for label in labels & set(names) & set(n)
    ):
        return {}
    return {label: scale.lowest + step * scale.step for step, label in enumerate(names)}
