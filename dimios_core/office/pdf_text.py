"""All text and numbers in a PDF: what its pages show, and what stands in it for those who do not see them.

The libraries that read PDF come with `pip install dimios[export]`, as those that make it do.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from dimios_core.errors import InputError, Problem

#: a word that goes on in the next line
_HYPHEN = re.compile(r"[-\u00ad\ufffe\u2010]\r?\n|\ufffe")
_SPACES = re.compile(r"\s+")


def read_pdf(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text of a PDF with its place.

    Parameters
    ----------
    content : bytes
        A .pdf file.

    Yields
    ------
    place, text : str
        "page 3", "properties", "object 17 Alt".

    Raises
    ------
    InputError
        The libraries that read PDF are not installed.
    """
    pikepdf, pypdfium2 = _load_libraries()
    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(len(document)):
            words = document[number].get_textpage().get_text_range()
            # once as it is set, and once with words that were cut at a line's end made whole
            for text in dict.fromkeys((words, _HYPHEN.sub("", words), _HYPHEN.sub("-", words))):
                yield f"page {number + 1}", _SPACES.sub(" ", text)
    finally:
        document.close()
    with pikepdf.open(io.BytesIO(content)) as opened:
        if "/Metadata" in opened.Root:
            yield "properties", opened.Root.Metadata.read_bytes().decode("utf-8", errors="replace")
        for i, stored in enumerate(opened.objects):
            yield from ((f"object {i} {place}".rstrip(), text) for place, text in _strings(stored, pikepdf))
        for name, attached in opened.attachments.items():
            yield f"attachment {name}", attached.get_file().read_bytes().decode("utf-8", errors="replace")


def read_pdf_reads(content: bytes) -> dict[str, str]:
    """Return which published files a PDF says, in its keywords, it was made of; empty where it does not tell."""
    pikepdf, _ = _load_libraries()
    with pikepdf.open(io.BytesIO(content)) as opened:
        words = str(opened.docinfo.get("/Keywords", ""))
    return dict(word.rsplit("=", 1) for word in words.split(", ") if "=" in word)


def _strings(stored: Any, pikepdf: Any) -> Iterator[tuple[str, str]]:
    """The strings in an object; objects it refers to are told by themselves."""
    if isinstance(stored, pikepdf.String):
        yield "", str(stored)
        return
    if isinstance(stored, pikepdf.Stream):
        stored = stored.stream_dict
    if isinstance(stored, pikepdf.Dictionary):
        inner = [(key.removeprefix("/"), value) for key, value in stored.items()]
    elif isinstance(stored, pikepdf.Array):
        inner = [("", value) for value in stored]
    else:
        return
    for key, value in inner:
        if key != "ID" and not getattr(value, "is_indirect", False):
            yield from ((f"{key} {place}".strip(), text) for place, text in _strings(value, pikepdf))


def _load_libraries() -> tuple[Any, Any]:
    try:
        import pikepdf
        import pypdfium2
    except ImportError as error:
        problem = f"PDF files cannot be read: {error.name} is not installed"
        raise InputError(Problem("exports", problem, "pip install 'dimios[export]'")) from error
    return pikepdf, pypdfium2
