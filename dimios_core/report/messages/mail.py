"""The text of a mail that carries a link: what the report says first, the link, and that it is personal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dimios_core.errors import InputError
from dimios_core.languages import check_language
from dimios_core.places import CONSORTIUM


def mail_writer(results: Path, language: str) -> Callable[[str, str, datetime], str]:
    """Return what writes the text of a mail: (owner, link, when it expires) -> text.

    Parameters
    ----------
    results : Path
        The results folder; of an organisation the latest period is told.
    language : str
        One that the model has words in.

    Raises
    ------
    InputError
        The language is not known.
    """
    from dimios_core.published.conventions import THRESHOLD
    from dimios_core.published.store import load_public, load_results
    from dimios_core.report.dates import write_date
    from dimios_core.report.messages.telling import open_telling
    from dimios_core.report.narrative import Narrator

    if problems := check_language(language, load_public(results).instrument.languages, "--mail"):
        raise InputError(problems)

    def write(owner: str, link: str, expires: datetime) -> str:
        about = {"link": link, "expires": write_date(f"{expires:%Y-%m-%d}", language)}
        if owner == CONSORTIUM:
            public = load_public(results)
            return Narrator(public.instrument, language, THRESHOLD).say("mail.all", **about)
        own = load_results(owner, results)
        period = max(own.profile["periods"])
        told = open_telling(own, period, language)
        message = " ".join(words for words in (told.headline(), told.low_response()) if words)
        return told.narrator.say(
            "mail.organisation", name=own.profile["name"], period=period, message=message, **about
        )

    return write
