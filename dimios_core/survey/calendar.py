"""The days of a survey as a calendar file, by RFC 5545: window, reminders, results, follow-up, the next survey."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import name_lead
from dimios_core.languages import say
from dimios_core.survey.settings import Survey

#: longest line of a calendar file, bytes, its end not counted (RFC 5545, 3.1)
LINE_BYTES = 75


def list_days(survey: Survey) -> Iterator[tuple[str, int, date]]:
    """Yield what happens on which day, in order: kind, number among its kind from 1, day."""
    yield "opens", 1, survey.opens
    yield from (("reminder", number, day) for number, day in enumerate(survey.reminders, 1))
    yield "closes", 1, survey.closes
    later = (("report", survey.report), ("follow_up", survey.follow_up), ("next_opens", survey.next_opens))
    yield from ((kind, 1, day) for kind, day in later if day is not None)


def write_calendar(
    survey: Survey, instrument: Instrument, organisation: str, language: str, today: date
) -> bytes:
    """Return the calendar of a survey: an event a day, whole days, in a language; importing it again replaces what was there.

    Parameters
    ----------
    organisation : str
        Its name.
    today : date
        On which it is written; a later one goes before an earlier one.
    """
    subject = name_lead(instrument, language).running
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//DiMiOS//survey//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for kind, number, day in list_days(survey):
        title = say(language, f"survey.calendar.{kind}", subject=subject, name=organisation, number=number)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{kind}-{number}-{survey.organisation}-{survey.period}@dimios",
            f"DTSTAMP:{today:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}",
            f"SUMMARY:{_escape(title)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line) for line in lines)


def _escape(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _fold(line: str) -> bytes:
    """Break a line that is too long, between letters: what follows begins with a space."""
    parts, room = [b""], LINE_BYTES
    for letter in line:
        written = letter.encode()
        if len(parts[-1]) + len(written) > room:
            parts.append(b"")
            room = LINE_BYTES - 1
        parts[-1] += written
    return b"\r\n ".join(parts) + b"\r\n"
