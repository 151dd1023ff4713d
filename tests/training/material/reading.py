"""The letters of papers, without what line breaks do to them."""

from __future__ import annotations

import re

import pypdfium2


def squeeze(text: str) -> str:
    """Letters and digits alone: words may be divided at the end of a line."""
    return re.sub(r"[\W_]", "", text)


def pages_of(content: bytes) -> list[str]:
    return [squeeze(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(content)]


def letters_of(content: bytes) -> str:
    """The letters of all pages; what stands at the head and foot of each is among them."""
    return "".join(pages_of(content))
