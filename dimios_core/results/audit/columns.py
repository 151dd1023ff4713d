"""A column that the audit knows, as a line of its list says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class KnownColumn:
    """A column that the audit knows.

    Attributes
    ----------
    figure : bool
        It must carry nothing where a row is not published.
    kind : {"text", "number", "truth"}
    decimals : int
        Of a number, at most; 0 is a count.
    withheld : str
        Of a figure that is a word: what it is where a row is not published.
    under : str
        Of a figure: the column that says whether it is published.
    """

    figure: bool
    kind: str = "text"
    decimals: int = 0
    withheld: str = ""
    under: str = "status"


@cache
def read_known(line: str) -> Mapping[str, KnownColumn]:
    """Read a line of the list: column -> what is known of it."""
    known = {}
    about, _, figures = line.partition("|")
    for part, figure in ((about, False), (figures, True)):
        for written in part.split():
            word, _, under = written.partition("@")
            name, dot, decimals = word.partition(".")
            plain, equals, withheld = word.partition("=")
            if dot:
                known[name] = KnownColumn(figure, "number", int(decimals), under=under or "status")
            elif equals:
                known[plain] = KnownColumn(figure, "text", 0, withheld)
            else:
                known[word.rstrip("?")] = KnownColumn(figure, "truth" if word.endswith("?") else "text")
    return known
