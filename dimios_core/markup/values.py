"""What may stand in markup, by the place where it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Self

import markupsafe

from dimios_core.characters import UNSEEN

#: elements whose content is no markup
RAW = ("script", "style")
ADDRESSES = ("action", "formaction", "href", "src", "xlink:href")
#: a page beside, a place on it, or an address of these kinds
_ADDRESS = re.compile(r"(?:https?|mailto|tel):.*|[^:]*(?:[/?#].*)?", re.DOTALL)
_STYLE = re.compile(r"[\w\s#%.,-]*")
NAME = re.compile(r"[a-zA-Z][\w:.-]*")
#: short values that are kept escaped: colours, classes and places of drawings come again and again
KEPT_N, KEPT_LETTERS_MAX = 4096, 40
#: makes of a value what may stand in its place, or refuses it
Cleaner = Callable[[Any], str]


class Markup(markupsafe.Markup):
    """Text that is markup already. Text that is joined or added to it is escaped; so is a string made of it by hand."""

    __slots__ = ()

    @classmethod
    def escape(cls, value: Any, /) -> Self:
        """Return markup as it is, and anything else as text."""
        return str.__new__(cls, clean_text(value))

    def __add__(self, value: Any, /) -> Self:
        """Add markup as it is, and a string as text; copied once, as half a page may be."""
        if not isinstance(value, str):
            return NotImplemented
        return str.__new__(type(self), str.__add__(self, clean_text(value)))


class Attributes(str):
    """Attributes of a tag, each with a space before it."""

    __slots__ = ()


class Embedded(Markup):
    """What may stand in a script or style element: it cannot end it."""

    __slots__ = ()


def clean_text(value: Any) -> str:
    """Return what stands between tags: markup as it is, text escaped, a number."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        told = value if value.isprintable() else UNSEEN.sub("", value)
        # most texts have none of them, and looking for each is quicker than replacing it
        if "&" in told or "<" in told or ">" in told or '"' in told or "'" in told:
            return html.escape(told)
        return told
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"neither text nor number: {value!r}")


class _Kept(dict[Any, str]):
    """Values of attributes -> what stands in the markup; drawings have the same few hundred again and again."""

    def __missing__(self, value: Any) -> str:
        if isinstance(value, (Markup, Attributes)):
            raise TypeError("markup cannot stand in an attribute")
        cleaned = clean_text(value)
        # numbers are not kept: 1 and 1.0 would be the same
        if type(value) is str and len(value) <= KEPT_LETTERS_MAX:
            if len(self) >= KEPT_N:
                self.clear()
            self[value] = cleaned
        return cleaned


_clean_attribute: Cleaner = _Kept().__getitem__


def _clean_address(value: Any) -> str:
    if not (isinstance(value, str) and _ADDRESS.fullmatch(value)):
        raise ValueError(f"no address that a link may have: {value!r}")
    return _clean_attribute(value)


def _clean_style(value: Any) -> str:
    if isinstance(value, str) and not _STYLE.fullmatch(value):
        raise ValueError(f"a style has words and numbers alone: {value!r}")
    return _clean_attribute(value)


def pass_attributes(value: Any) -> str:
    """Return attributes; anything else is refused."""
    if not isinstance(value, Attributes):
        raise TypeError(f"only attributes can stand in a tag: {value!r}")
    return value


def pass_embedded(value: Any) -> str:
    """Return what may stand in a script or style; anything else is refused, and what would end it."""
    if not isinstance(value, Embedded):
        raise TypeError("only what is embedded can stand in a script or style")
    if "<" in value and re.search(r"</(?:script|style)|<!--", value, re.IGNORECASE):
        raise ValueError("a script or style would end before its end")
    return value


@cache
def cleaner_of(attribute: str, starts: bool) -> Cleaner:
    """Return what checks a value in an attribute; an address is told by how it starts."""
    name = attribute.lower()
    if name.startswith("on") or name == "srcdoc" or not NAME.fullmatch(name):
        raise ValueError(f"nothing is safe in the attribute {attribute!r}")
    if name in ADDRESSES and starts:
        return _clean_address
    return _clean_style if name == "style" else _clean_attribute
