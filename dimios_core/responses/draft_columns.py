"""Which column of an export is what: by its name, by the wording beside it, and by what stands in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from dimios_core.instrument import Instrument
from dimios_core.responses.labels import normalise_label

#: what survey tools and people call the columns, the likeliest first
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "organisation": ("organisation", "organization", "kommun", "myndighet", "region", "bolag", "company", "municipality", "agency", "redcap_data_access_group"),
    "period": ("period", "mätning", "matning", "measurement", "mätperiod", "enkätomgång", "omgång", "år", "year", "survey", "enkät"),
    "unit": ("enhet", "unit", "förvaltning/enhet", "förvaltning / enhet", "avdelning", "förvaltning", "department", "verksamhet", "organisatorisk enhet"),
    "role": ("roll", "role", "din roll", "roll/uppdrag", "your role", "vilken roll har du?", "vilken är din roll?", "which role do you have?", "what is your role?", "befattning", "position"),
    "respondent": ("e-post", "e-postadress", "epost", "email", "e-mail", "email address", "recipientemail", "recipient email", "respondent", "svars-id", "svarsid", "token", "respondent id", "respondent_id", "respondentid", "response id", "responseid", "record_id", "_uuid", "id"),
    "started_at": ("startdate", "start date", "start time", "starttid", "påbörjad", "startdatum", "date started"),
    "answered_at": ("enddate", "end date", "completion time", "sluttid", "slutförd", "submitdate", "date submitted", "recordeddate", "besvarad", "slutdatum", "svarsdatum", "tidstämpel", "timestamp"),
    "duration_s": ("duration (in seconds)", "duration", "interviewtime", "svarstid"),
    "weight": ("vikt", "weight", "weights"),
    "stratum": ("stratum", "strata"),
}  # fmt: skip
#: columns in which a tool numbers the answers of one survey: the next survey begins anew, with other people
ANSWER_NUMBERS = ("id", "svars-id", "svarsid", "response id", "responseid")
LONG_NAMES = {
    "item": ("item", "fråga", "question", "påstående", "frågeid"),
    "answer": ("answer", "svar", "value", "värde", "response"),
}
#: two wordings at least so alike may be the same statement
ALIKE = 0.86
#: and none other may be nearly as alike
MARGIN = 0.05
#: a column that tells people apart has at least this share of the texts of the column that has most
DISTINCT_SHARE = 0.5
#: less alike than this, an item is not named as the nearest
NEAR = 0.6
_NUMBERING = re.compile(r"^\s*(?:q|f|fråga|question)?\s*\d+([._]\d+)*\s*[.):]\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"^.*\[(.+)\]\s*$", re.DOTALL)
_JOINTS = re.compile(r"\s+[-–—:|]\s+|\s*:\s+-?\s*")


#: words that turn a statement round, or make it another one
_TURNS = re.compile(
    r"\b(?:inte|ej|icke|aldrig|ingen|inget|inga|utan|saknar|saknas|sällan|not|never|no|none|without|lacks?|rarely|cannot|\w+n['’]t|\d+)\b"
)


@dataclass
class FoundColumns:
    """What was found.

    Parameters
    ----------
    fields : dict of str to int
        Position by field of `mapping.columns`.
    items : dict of int to str
        Item id by position, for certain.
    likely : dict of int to (str, float)
        Item id and likeness of columns whose wording is nearly an item's.
    nearest : dict of int to str
        For what is left over: the item whose wording is nearest.
    """

    fields: dict[str, int] = field(default_factory=dict)
    items: dict[int, str] = field(default_factory=dict)
    likely: dict[int, tuple[str, float]] = field(default_factory=dict)
    nearest: dict[int, str] = field(default_factory=dict)

    @property
    def score(self) -> int:
        """How much is understood: a header row is chosen by it."""
        return 3 * len(self.items) + 2 * len(self.likely) + len(self.fields)


def wordings_of(instrument: Instrument) -> dict[str, list[str]]:
    """Return what an item may be called, by item id: its id, its statement, and its point's name if it is the only item."""
    wordings: dict[str, list[str]] = {}
    for point in instrument.points:
        for item in point.items:
            names = [item.id, *item.statement.values()]
            if len(point.items) == 1:
                names += [point.id, *point.name.values()]
            wordings[item.id] = names
    return wordings


def _forms(text: str) -> list[str]:
    """Return a header as it is, and what is left of it without numbering, and its part in brackets or after a dash."""
    forms = [text, _NUMBERING.sub("", text)]
    if match := _BRACKETS.match(text):
        forms.append(match[1])
    forms.append(_JOINTS.split(text)[-1])
    return list(dict.fromkeys(normalise_label(form).rstrip(" .:") for form in forms if form.strip()))


def _likeness(one: str, other: str) -> float:
    """Return how alike two wordings are, 0-1; no more than near where one says what the other denies."""
    ratio = difflib.SequenceMatcher(None, one, other).ratio()
    same = sorted(_TURNS.findall(one)) == sorted(_TURNS.findall(other))
    return ratio if same else min(ratio, NEAR)


def find_columns(
    names: Sequence[Collection[str]], instrument: Instrument, filled: Sequence[int]
) -> FoundColumns:
    """Say what columns are.

    Parameters
    ----------
    names : sequence of collections of str
        What each column may be called: its header, the wording under it, a variable's label.
    instrument : Instrument
    filled : sequence of int
        How many distinct texts each column has: of two that may be the same field, the one with more is.
    """
    found = FoundColumns()
    forms = [[form for name in own for form in _forms(name)] for own in names]
    known = {
        normalise_label(name).rstrip(" .:"): item
        for item, wordings in wordings_of(instrument).items()
        for name in wordings
    }
    for at, own in enumerate(forms):
        items = {known[form] for form in own if form in known}
        if len(items) == 1:
            found.items[at] = items.pop()
    for name, called in FIELD_NAMES.items():
        ranked = [
            (called.index(form), -filled[at], at)
            for at, own in enumerate(forms)
            for form in own[:1]
            if form in called and at not in found.items and at not in found.fields.values() and filled[at]
        ]
        if name == "respondent":
            ranked = [one for one in ranked if -one[1] >= DISTINCT_SHARE * max(filled)]
        if ranked:
            found.fields[name] = min(ranked)[2]
    taken = set(found.items.values())
    for at, own in enumerate(forms):
        if at in found.items or at in found.fields.values():
            continue
        ranked_items = sorted(
            (
                max(
                    (_likeness(form, wording) for form in own if len(form) > 3),
                    default=0.0,
                ),
                item,
            )
            for wording, item in known.items()
            if len(wording) > 3
        )
        best = {item: likeness for likeness, item in ranked_items}
        order = sorted(best, key=lambda item: -best[item])
        if not order or best[order[0]] < NEAR:
            continue
        clear = len(order) < 2 or best[order[0]] - best[order[1]] >= MARGIN
        if best[order[0]] >= ALIKE and clear and order[0] not in taken:
            found.likely[at] = (order[0], best[order[0]])
        else:
            found.nearest[at] = order[0]
    return found
