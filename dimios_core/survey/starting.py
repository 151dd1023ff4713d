"""The beginning of a survey: dates by its period, and survey.yaml as people read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

from dimios_core.languages import say, usable_languages
from dimios_core.survey.settings import Survey

#: month in which the survey of a period opens, by the period's half; a whole year's opens in autumn
OPENS_IN = {"1": 3, "2": 9, "": 9}
#: days after the first
CLOSES, REMINDERS, REPORT, FOLLOW_UP = 18, (7, 14), 42, 133
COMMENTS = {
    "organisation": "its id in the register",
    "period": "the year, or its half: 2026-1 spring, 2026-2 autumn",
    "instrument": "the model that is asked with",
    "mode": "confidential: a pseudonym is kept; anonymous: nobody can be followed over time",
    "opens": "first and last day on which answers are taken, both whole, Swedish time",
    "reminders": "at most three, at least five days apart; only those get them who have not answered",
    "report": "when results are told; when the group looks at what came of them; when the next survey opens",
    "languages": "of form and letters, the usual one first",
    "confirm_role": "whether respondents may correct the role that the staff list gave them",
    "contact": "whom the invited may ask",
    "responsible": "who is responsible for personal data, and on which basis; ask your data protection officer",
    "kept_until": "when names, addresses and what joins them to answers are deleted",
}


def start_settings(organisation: str, period: str, instrument: str, languages: Sequence[str]) -> Survey:
    """Return the settings of a new survey, to be corrected.

    It opens on a Monday early in March or September and is open for nineteen days, with two reminders; the next one opens as many
    weeks later as there are between halves, or years.

    Examples
    --------
    >>> survey = start_settings("lindby", "2026", "dimios", ["sv"])
    >>> str(survey.opens), str(survey.closes), [str(day) for day in survey.reminders], str(survey.next_opens)
    ('2026-09-07', '2026-09-25', ['2026-09-14', '2026-09-21'], '2027-09-06')
    """
    opens = _find_opening(period)
    year, half = int(period[:4]), period[5:]
    following = {"": f"{year + 1}", "1": f"{year}-2", "2": f"{year + 1}-1"}[half]
    return Survey(
        organisation=organisation,
        period=period,
        instrument=instrument,
        opens=opens,
        closes=opens + timedelta(CLOSES),
        reminders=tuple(opens + timedelta(days) for days in REMINDERS),
        report=opens + timedelta(REPORT),
        follow_up=opens + timedelta(FOLLOW_UP),
        next_opens=_find_opening(following),
        languages=tuple(languages),
        legal_basis={
            language: say(language, "survey.legal_basis")
            for language in languages
            if language in usable_languages()
        },
        kept_until=date(year + 1, 12, 31),
    )


def _find_opening(period: str) -> date:
    """Return the first Monday of the month after its first days, when people are back."""
    first = date(int(period[:4]), OPENS_IN[period[5:]], 2)
    return first + timedelta(-first.weekday() % 7)


def write_settings(survey: Survey) -> str:
    """Return survey.yaml: a line a setting, what it means as a comment above it; JSON's way of writing values is YAML's, too."""
    lines = ["# What is decided of this measurement; docs/measure.md tells the whole."]
    for name, value in survey.model_dump(mode="json").items():
        lines += ["", f"# {COMMENTS[name]}"] if name in COMMENTS else []
        lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
