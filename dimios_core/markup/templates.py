"""Reads a template once: whether it is whole, and what may stand in each of its places."""

from __future__ import annotations

import re
from functools import cache
from operator import pos
from string import Formatter

from dimios_core.markup.values import RAW, Cleaner, clean_text, cleaner_of, pass_attributes, pass_embedded

#: elements that have no end
VOID = ("br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
#: how a place is written that a number with at most one decimal goes to, and what ends it until a decimal of 0 is gone
NUMBER_SPEC, NUMBER_END = ".1f", "\0"
_TAG_OPENS = re.compile(r"<([/?!]?)([a-zA-Z][\w:.-]*)")
_TAG_ENDS = re.compile(r"\s*([/?]?)>")
_ATTRIBUTE = re.compile(r'\s+([a-zA-Z][\w:.-]*)(?:(=")|=[\w-]+)?')


@cache
def read_template(template: str) -> tuple[str, tuple[Cleaner, ...]]:
    """Return a template for `%`, and what checks each of its values."""
    reader, cleaners, filled = _Reader(template), [], ""
    for literal, field, spec, conversion in Formatter().parse(template):
        filled += literal.replace("%", "%%")
        reader.read(literal)
        if field is None:
            continue
        if field or spec not in ("", NUMBER_SPEC) or conversion:
            raise ValueError(f"a place for a value is written {{}}, or {{:{NUMBER_SPEC}}}: {template!r}")
        cleaner = reader.cleaner()  # refuses a place where nothing is safe
        cleaners.append(pos if spec else cleaner)
        filled += f"%{spec}{NUMBER_END}" if spec else "%s"
    reader.end()
    return filled, tuple(cleaners)


class _Reader:
    """Reads a template piece by piece, and knows where each ends."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.opened: list[str] = []
        #: the tag that is read, with "/" before a closing one's name; "" between tags
        self.tag = ""
        #: the attribute whose value is read, and whether the value has begun
        self.attribute, self.begun = "", False

    @property
    def is_raw(self) -> bool:
        return not self.tag and bool(self.opened) and self.opened[-1] in RAW

    def cleaner(self) -> Cleaner:
        """Return what checks a value that stands here."""
        if self.attribute:
            return cleaner_of(self.attribute, starts=not self.begun)
        if self.tag:
            return pass_attributes
        return pass_embedded if self.is_raw else clean_text

    def read(self, text: str) -> None:
        at = 0
        while at < len(text):
            if self.attribute:
                at = self._read_value(text, at)
            elif self.tag:
                at = self._read_tag(text, at)
            else:
                at = self._read_text(text, at)

    def _read_text(self, text: str, at: int) -> int:
        opens = text.find("<", at)
        if opens < 0:
            return len(text)
        match = _TAG_OPENS.match(text, opens)
        if match is None:
            raise self._fault("there is a < that opens no tag")
        self.tag = match[1] + match[2]
        return match.end()

    def _read_tag(self, text: str, at: int) -> int:
        if match := _TAG_ENDS.match(text, at):
            self._end_tag(alone=bool(match[1]))
        elif match := _ATTRIBUTE.match(text, at):
            self.attribute, self.begun = match[1] if match[2] else "", False
        else:
            raise self._fault(f"a tag goes on with {text[at : at + 10]!r}")
        return match.end()

    def _end_tag(self, alone: bool) -> None:
        tag, self.tag = self.tag, ""
        if tag.startswith("/"):
            if not self.opened or self.opened.pop() != tag[1:]:
                raise self._fault(f"<{tag}> closes nothing")
        elif not (alone or tag in VOID or tag.startswith("!")):
            self.opened.append(tag)

    def _read_value(self, text: str, at: int) -> int:
        ends = text.find('"', at)
        if ends < 0:
            self.begun = True  # what the address is, is told by the template
            return len(text)
        self.attribute = ""
        return ends + 1

    def end(self) -> None:
        """Raise a ValueError unless all is closed."""
        if self.tag or self.opened:
            raise self._fault(f"<{self.tag or self.opened[-1]}> is not closed")

    def _fault(self, what: str) -> ValueError:
        return ValueError(f"{what} in the template {self.template!r}")
