"""Respondents' identities: spellings of one person are one pseudonym, and people known before stay known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection

from dimios_core.responses.labels import drop_unseen
from dimios_core.responses.mapping import RespondentSource
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.pseudonyms import pseudonym

_PSEUDONYM = re.compile("[0-9a-f]{16}")
_WHOLE = re.compile(r"(\d{1,18})(?:[.,](0+))?", re.ASCII)
#: what a spreadsheet makes of a long number
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d{1,2}", re.IGNORECASE | re.ASCII)
_LOST_LETTER = "\ufffd"
#: fewer numbers than this may stand in a row by chance
RUNNING_FROM_N = 5
#: numbers of rows have gaps where rows were deleted
RUNNING_SHARE = 0.5


def identity_of(text: str) -> str:
    """Return what spellings of one identity have in common.

    They differ in case, spaces, unseen characters, Unicode form (NFKC), or a number's ".0". Leading zeros stay: 007 may be
    another person than 7.

    Examples
    --------
    >>> [identity_of(t) for t in (" AB\u00a012 ", "ab12", "A\u030asa", "\u00c5SA", "7.0", "007")]
    ['ab12', 'ab12', 'åsa', 'åsa', '7', '007']
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", drop_unseen(unicodedata.normalize("NFKC", text)).casefold())
    text = "".join(text.split()).casefold()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


class Identities:
    """Give respondents their pseudonyms.

    Somebody whose answers are stored under an identity as it was spelt, before spellings were compared, stays that
    person: the panel does not break.

    Parameters
    ----------
    source : RespondentSource
    key : bytes
        Secret key of the pseudonyms.
    stored : callable
        Gives the pseudonyms that answers of an organisation are stored under.
    """

    def __init__(
        self, source: RespondentSource, key: bytes, stored: Callable[[str], Collection[int]]
    ) -> None:
        self._ids, self._key, self._stored = source.ids, key, stored
        self._numbers: dict[tuple[str, int], str] = {}
        self._clashes: set[tuple[str, int]] = set()
        self._others_n = 0
        self._given: dict[tuple[str, str], int] = {}
        self._torn_n = self._shortened_n = self._lost_n = self._foreign_n = 0

    def name(self, text: str) -> str:
        """Return what a text names somebody by, "" where it names nobody."""
        return identity_of(text) if self._ids == "alike" else text

    def pseudonym(self, organisation: str, text: str, identity: str) -> int:
        """Return the pseudonym of a respondent of an organisation; `identity` is the text's `name`."""
        if self._ids == "pseudonyms":
            self._foreign_n += not _PSEUDONYM.fullmatch(text)
            return int(text, 16) if _PSEUDONYM.fullmatch(text) else 0
        self._shortened_n += _SHORTENED.fullmatch(text) is not None
        self._lost_n += _LOST_LETTER in text
        found = pseudonym(self._key, organisation, identity)
        if self._ids == "exact":
            return found
        self._note_number(organisation, text)
        as_spelt = found if text == identity else pseudonym(self._key, organisation, text)
        if as_spelt != found and as_spelt in self._stored(organisation):
            found = as_spelt
        elif (organisation, identity) in self._given:
            return self._given[organisation, identity]
        if as_spelt != found or (organisation, identity) in self._given or text != identity:
            before = self._given.setdefault((organisation, identity), found)
            self._torn_n += before != found
        return found

    def _note_number(self, organisation: str, text: str) -> None:
        whole = _WHOLE.fullmatch(text)
        if whole is None:
            self._others_n += 1
            return
        key = (organisation, int(whole[1]))
        if self._numbers.setdefault(key, text) != text:
            self._clashes.add(key)

    def check(self, problems: ProblemList, where: str) -> None:
        """Refuse identities of which nobody can tell whether they are one person."""
        remedy = (
            "spell each person's identity in one way; if they are different people, write `ids: exact` there"
        )
        if self._clashes:
            problems.add(
                f"{len(self._clashes)} identities are spelt in ways that may be one person or several, such as 7, 007 and 7.0",
                remedy,
                f", {where}",
            )
        if self._shortened_n:
            problems.add(
                f"{self._shortened_n} identities are numbers that a spreadsheet has shortened, such as 1.98E+11",
                "export the file again from the survey tool, and do not save it in a spreadsheet",
                f", {where}",
            )
        if self._lost_n:
            problems.add(
                f"{self._lost_n} identities hold U+FFFD, which stands for a letter that was lost on the way",
                "export the file again from the survey tool, as UTF-8",
                f", {where}",
            )
        if self._foreign_n:
            what = f"{self._foreign_n} identities are no pseudonyms"
            problems.add(
                what,
                "take `ids: pseudonyms` away, unless the project's own form wrote the file",
                f", {where}",
            )
        if self._torn_n:
            problems.add(
                f"{self._torn_n} identities are spelt in several ways, one of which answers are stored under",
                "spell them as in the file of the period before",
                f", {where}",
            )

    def tell(self, where: str) -> list[str]:
        """Say that identities look like numbers of rows."""
        numbers = {number for _, number in self._numbers}
        n = len(numbers)
        if self._others_n or n < RUNNING_FROM_N or min(numbers) > 1 or n < RUNNING_SHARE * max(numbers):
            return []
        return [
            f"{where} holds running numbers (from {min(numbers)} to {max(numbers)}): if they number the rows, they are not"
            " the same people in another period; leave `respondent` out of the mapping then"
        ]
