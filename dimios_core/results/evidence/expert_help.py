"""Whom to ask for expert help: a consortium's own setting, checked and copied to the public part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import Field

from dimios_core.documents import Frozen, read_if_there
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.places import parameters_dir

FILE = "expert_help.yaml"
TEXT_LIMIT = 200
#: one address, nothing around it
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
PHONE = re.compile(r"\+?[\d ()/-]{5,30}", re.ASCII)
#: a host that has a dot, and a path; no user name, no port, nothing that could end an attribute
LINK = re.compile(r"https://[\w-]+(\.[\w-]+)+(/[\w.~%/?#=&+,;:@!*-]*)?", re.ASCII)


class ExpertHelp(Frozen):
    """Who helps, and how to reach them; nothing filled in means that nobody does."""

    name: dict[str, str] = Field(default_factory=dict)
    about: dict[str, str] = Field(default_factory=dict)
    email: str = ""
    phone: str = ""
    link: dict[str, str] = Field(default_factory=dict)


def find_expert_help(outputs: Path) -> Path:
    """Return the file that holds: the consortium's own in its outputs folder, else the project's."""
    own = outputs / FILE
    return own if own.is_file() else parameters_dir() / FILE


def read_expert_help(path: Path, instrument: Instrument) -> dict[str, Any]:
    """Read whom to ask.

    Returns
    -------
    dict
        {"name": {language: text}, "about": {language: text}, "email", "phone", "link": {language: address}}, what is not
        given empty; {} where nothing is, or where there is no file.

    Raises
    ------
    InputError
        Everything that is wrong with the file.
    """
    given = read_if_there(path, ExpertHelp, "expert help")
    if given is None or not any((*given.name.values(), *given.about.values(), given.email, given.phone, *given.link.values())):  # fmt: skip
        return {}
    problems = []

    def note(where: str, what: str, remedy: str) -> None:
        problems.append(Problem(f"{path.name}, {where}", what, remedy))

    for field, needed in (("name", True), ("about", False), ("link", False)):
        texts = getattr(given, field)
        for language in instrument.languages:
            text = texts.get(language, "").strip()
            if not text and (needed or any(texts.values())):
                note(field, f"there is no text in {language}", "write it")
            if field != "link" and len(text) > TEXT_LIMIT:
                note(f"{field}, {language}", f"the text has more than {TEXT_LIMIT} characters", "shorten it")
            if field == "link" and text and not LINK.fullmatch(text):
                note(
                    f"link, {language}",
                    "it is no https address",
                    "write one such as https://example.org/help",
                )
    if given.email and not MAIL.fullmatch(given.email):
        note("email", "it is no e-mail address", "write one such as help@example.org")
    if given.phone and not PHONE.fullmatch(given.phone):
        note("phone", "it is no phone number", "write digits, spaces, hyphens and a leading + only")
    if not (given.email or given.phone or any(given.link.values())):
        note("the whole file", "there is no way to reach whom it names", "give an email, a phone or a link")
    if problems:
        raise InputError(problems)
    return given.model_dump()
