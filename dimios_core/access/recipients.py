"""To whom links are sent, checked against the organisations that have results."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dimios_core.access.readers import CONSORTIUM_WORD
from dimios_core.access.rows import read_rows
from dimios_core.errors import InputError, Problem
from dimios_core.places import CONSORTIUM

COLUMNS = ("reader", "organisation")
LONGEST_NAME = 100
NEAR_N, LIKENESS = 3, 0.5


@dataclass(frozen=True)
class Recipient:
    """Somebody who is to get a link, and whose reports it opens: an organisation's id, or the consortium."""

    reader: str
    owner: str


def check_reader(name: str, place: str) -> list[Problem]:
    """Return what is wrong with a reader's name: it stands in lists and in the access log."""
    if name.strip() and len(name) <= LONGEST_NAME and not any(_is_control(sign) for sign in name):
        return []
    remedy = f"write 1 to {LONGEST_NAME} letters, without line breaks and other control characters"
    return [Problem(place, "this is no name of a reader", remedy)]


def _is_control(sign: str) -> bool:
    """Tell whether a sign acts on what stands around it: control characters, ends of lines, turns of direction."""
    category = unicodedata.category(sign)
    return category.startswith("C") or category in ("Zl", "Zp")


def check_organisation(given: str, published: Mapping[str, str], place: str) -> list[Problem]:
    """Return what is wrong with an organisation's id.

    Parameters
    ----------
    published : mapping of str to str
        id -> name of the organisations that have results.
    """
    if given in published:
        return []
    ids = {name.casefold(): i for i, name in published.items()} | {i: i for i in published}
    near = difflib.get_close_matches(given.casefold(), ids, n=NEAR_N, cutoff=LIKENESS)
    nearest = ", ".join(dict.fromkeys(ids[word] for word in near))
    remedy = f"did you mean {nearest}?" if nearest else "write the id that it has in the register"
    return [Problem(place, f"there is no organisation {given!r} in the results", remedy)]


def check_word(published: Collection[str]) -> list[Problem]:
    """Return what stands against calling all organisations together "consortium" in a list: one that is called so."""
    if CONSORTIUM_WORD not in published:
        return []
    what = f"an organisation has the id {CONSORTIUM_WORD!r}, which lists of readers keep for all of them"
    return [Problem("the register", what, "give the organisation another id, or make links one by one")]


def read_recipients(path: Path, published: Mapping[str, str]) -> list[Recipient]:
    """Read a list of readers: CSV with the columns reader and organisation (an id, or "consortium").

    Raises
    ------
    InputError
        It cannot be read, a column is missing, a name or an organisation is wrong, or a row stands twice; all
        problems at once.
    """
    recipients: dict[Recipient, None] = {}
    problems = check_word(published)
    for place, (reader, organisation) in read_rows(path, COLUMNS):
        problems += check_reader(reader, f"{place}, column reader")
        if organisation == CONSORTIUM_WORD:
            organisation = CONSORTIUM
        else:
            problems += check_organisation(organisation, published, f"{place}, column organisation")
        recipient = Recipient(reader, organisation)
        if recipient in recipients:
            problems.append(Problem(place, "the same reader stands here twice", "keep one of the rows"))
        recipients[recipient] = None
    if problems:
        raise InputError(problems)
    return list(recipients)
