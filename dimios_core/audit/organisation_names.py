"""Names of organisations in what readers get: who is named, and who may not be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dimios_core.audit.passages import Passage
from dimios_core.published.store import PREFIX, read_json

#: where a word may be cut, and what takes no room
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class OrganisationNames:
    """How organisations are called, and which of them do not share their name. Make it with `of`.

    Attributes
    ----------
    pattern : Pattern
        Matches any name or identifier of an organisation.
    organisation_of : dict of name, in small letters -> identifier
    hidden : frozenset of str
        Organisations that do not share their name.
    """

    pattern: re.Pattern[str]
    organisation_of: dict[str, str]
    hidden: frozenset[str]

    @classmethod
    def of(cls, results: Path, organisations: list[str]) -> OrganisationNames:
        """Read how the organisations of a results folder are called."""
        profiles = {o: read_json(results / f"{PREFIX}{o}" / "organisation.json") for o in organisations}
        called = {word.casefold(): o for o, p in profiles.items() for word in (o, p["name"]) if word}
        # an organisation may be named beside an initiative that it agreed to be named for
        initiatives = results / "public" / "initiatives.parquet"
        agreed = set(pd.read_parquet(initiatives)["organisation_name"]) if initiatives.exists() else set()
        hidden = {o for o, p in profiles.items() if p["sharing"] != "named" and p["name"] not in agreed}
        longest = sorted(called, key=len, reverse=True)  # "lindvalla bostäder" before "lindvalla"
        words = "|".join(re.escape(word) for word in longest) or r"(?!)"
        # in the genitive too
        return cls(re.compile(rf"(?<![\w-])({words})s?(?![\w-])", re.IGNORECASE), called, frozenset(hidden))

    def found_in(self, passages: list[Passage], reader: str) -> list[str]:
        """Identifiers of organisations other than the reader's that are named and should not be."""
        text = "\n".join({_plain(p.text) for p in passages})
        found = {self.organisation_of[match.casefold()] for match in self.pattern.findall(text)}
        return sorted((found & self.hidden) - {reader})


def _plain(text: str) -> str:
    """Return words as they are read: no marks that are not seen, one space where there is any."""
    return _SPACES.sub(" ", _UNSEEN.sub("", text))
