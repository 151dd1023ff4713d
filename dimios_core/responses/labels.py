"""Labels as people write them: compared without regard to case and spacing, shown safely, and guessed at."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable

SHOWN_CHARACTERS = 40
#: a cell with this many digits in a row may be a personal number, a phone number or an identifier
TELLING_DIGITS = re.compile(r"\d{6,}|\d[\d -]{8,}\d")
NEAR_MISS = 0.75
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")


def normalise_label(text: str) -> str:
    """Return what two spellings of a label have in common: NFC, single spaces, no case, nothing unseen.

    Examples
    --------
    >>> normalise_label("  Vet\\u00a0 EJ ")
    'vet ej'
    """
    return " ".join(drop_unseen(unicodedata.normalize("NFC", text)).split()).casefold()


def drop_unseen(text: str) -> str:
    """Take out characters that nobody sees: soft hyphens, zero-width spaces and joiners, byte order marks.

    Examples
    --------
    >>> drop_unseen("Vi\\u200b pla\\u00adnerar")
    'Vi planerar'
    """
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def show_value(text: str) -> str:
    """Quote a cell for a message, unless it may tell who somebody is.

    Examples
    --------
    >>> show_value("Chef")
    '“Chef”'
    >>> show_value("anna@example.se")
    '(not shown: it may identify a person)'
    """
    if "@" in text or TELLING_DIGITS.search(text):
        return "(not shown: it may identify a person)"
    line = " ".join(text.split())
    return f"“{line[:SHOWN_CHARACTERS]}…”" if len(line) > SHOWN_CHARACTERS else f"“{line}”"


def suggest(text: str, known: Iterable[str]) -> str:
    """Return " (did you mean “x”?)" for the nearest known name, or "" where none is near.

    Examples
    --------
    >>> suggest("Polítiker", ["Politiker", "Chef"])
    ' (did you mean “Politiker”?)'
    """
    by_label = {normalise_label(name): name for name in known}
    near = difflib.get_close_matches(normalise_label(text), by_label, n=1, cutoff=NEAR_MISS)
    return f" (did you mean “{by_label[near[0]]}”?)" if near else ""


def spelling_of(text: str) -> str | float:
    """Return what two spellings of a label, or of a number, have in common.

    Examples
    --------
    >>> spelling_of("1,0") == spelling_of(" 01 "), spelling_of("Ja") == spelling_of("JA")
    (True, True)
    """
    number = parse_number(text)
    return normalise_label(text) if number is None else number


def parse_number(text: str, decimal: str = "auto") -> float | None:
    """Read a number with decimal point or comma; None where it is none, or not finite.

    Parameters
    ----------
    decimal : str
        "." or "," where only that one is a decimal sign, "auto" for both.

    Examples
    --------
    >>> parse_number("3,5"), parse_number("4"), parse_number("4", ","), parse_number("3,5", "."), parse_number("x")
    (3.5, 4.0, 4.0, None, None)
    """
    text = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(text):
        return None
    if (decimal == "." and "," in text) or (decimal == "," and "." in text):
        return None
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) else None
