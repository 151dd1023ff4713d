"""The encoding of a text table: found by its bytes, refused where å, ä and ö show that it is another."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from dimios_core.errors import InputError, Problem

SCAN_BYTES = 4 * 2**20
#: å, ä and ö are looked for within this, and a table's header and delimiter
HEAD_BYTES = 2**20
CODECS = {
    "utf-8": "utf-8-sig",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "mac-roman": "mac-roman",
    "cp850": "cp850",
}
#: bytes of å, ä, ö and Å, Ä, Ö: in Windows-1252, and in what is taken for it
_SWEDISH = {
    "windows-1252": (b"\xe5\xe4\xf6", b"\xc5\xc4\xd6"),
    "mac-roman": (b"\x8c\x8a\x9a", b"\x81\x80\x85"),
    "cp850": (b"\x86\x84\x94", b"\x8f\x8e\x99"),
}
#: a letter within a word, an å that ends one, a capital that begins one: where quotes and dashes do not stand
_LETTERS = rb"(?<=[A-Za-z])[%(lower)s%(upper)s](?=[a-z])|(?<=[a-z]{2})%(a)s(?![A-Za-z])|(?<![A-Za-z])[%(upper)s](?=[a-z]{2})"
#: what is left of å, ä and ö where UTF-8 was read as Windows-1252, Mac Roman or code page 850, and saved so
TWICE_ENCODED = re.compile("Ã[¥¤¶…„–\x85\x84\x96]|√[•§∂ÖÑñ]|├[ÑñÂàäû]")
TWICE_ENCODED_SAYS = "å, ä and ö have become signs such as Ã¥, √• or ├Ñ: the texts were read in the wrong encoding and saved so"
AS_UTF8 = "open the file in a spreadsheet and save it as 'CSV UTF-8'"


def find_encoding(path: Path, label: str, asked: str = "auto") -> str:
    """Read the file once, in blocks, and return its encoding.

    Parameters
    ----------
    path : pathlib.Path
    label : str
        The file's name in messages.
    asked : str
        "auto" takes UTF-16 by its byte order mark, then UTF-8 where every byte fits, then Windows-1252; "mac-roman" and
        "cp850" are taken only where they are asked for.

    Returns
    -------
    str
        One of `CODECS`.

    Raises
    ------
    InputError
        Binary content (seen in the first block that has it), or text that is not in the encoding asked for.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
            raise InputError(Problem(label, "the text is in UTF-32, which is not read", AS_UTF8))
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            if asked not in ("auto", "utf-16"):
                raise _wrong_encoding(label, asked, "utf-16")
            return "utf-16"
        if asked == "utf-16":
            raise _wrong_encoding(label, asked, "another encoding (there is no byte order mark)")
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8, has_foreign, line, bad_line = True, False, 1, 0
        while block := file.read(SCAN_BYTES):
            if (at := block.find(b"\0")) >= 0:
                line += block.count(b"\n", 0, at)
                raise InputError(
                    Problem(
                        f"{label}, line {line}",
                        "the file holds binary content (a NUL byte), so it is no text table",
                        f"export the answers again as CSV or XLSX; if it is text, {AS_UTF8}",
                    )
                )
            has_foreign = has_foreign or not block.isascii()
            if is_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    is_utf8 = False
                    bad_line = line + error.object.count(b"\n", 0, error.start)
            line += block.count(b"\n")
        if is_utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                is_utf8, bad_line = False, line
    if is_utf8 and (asked in ("auto", "utf-8") or not has_foreign):
        return "utf-8"
    if is_utf8:
        raise _wrong_encoding(label, asked, "utf-8")
    if asked == "utf-8":
        raise _wrong_encoding(f"{label}, line {bad_line}", asked, "windows-1252 or another one")
    if asked != "windows-1252":
        _check_letters(path, label, asked)
    return "windows-1252" if asked == "auto" else asked


def likely_encoding(path: Path) -> str:
    """Return the encoding in which a text has most å, ä and ö, of those with one byte a letter; "auto" where it has none."""
    return _most(_count_letters(path))


def _most(found: dict[str, int]) -> str:
    likely = max(found, key=lambda name: found[name])
    return likely if found[likely] else "auto"


def _count_letters(path: Path) -> dict[str, int]:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    found = {}
    for name, (lower, upper) in _SWEDISH.items():
        parts = {b"lower": re.escape(lower), b"upper": re.escape(upper), b"a": re.escape(lower[:1])}
        found[name] = len(re.findall(_LETTERS % parts, head))
    return found


def _check_letters(path: Path, label: str, asked: str) -> None:
    """Refuse a text that has no å, ä or ö in its encoding, and some in another one; what is not named is Windows-1252."""
    found = _count_letters(path)
    likely = _most(found)
    if likely == "auto" or found["windows-1252" if asked == "auto" else asked]:
        return
    if asked != "auto":
        raise _wrong_encoding(label, asked, likely)
    raise InputError(
        Problem(
            label,
            f"the text is neither UTF-8 nor Windows-1252: its å, ä and ö look like {likely}",
            f"write `encoding: {likely}` under `file:` in the mapping (or windows-1252, if it is that all the same), or {AS_UTF8}",
        )
    )


def _wrong_encoding(place: str, asked: str, found: str) -> InputError:
    return InputError(
        Problem(
            place,
            f"the text is not in the encoding that the mapping names ({asked}); it looks like {found}",
            "write `encoding: auto` under `file:` in the mapping, or the file's real encoding",
        )
    )
