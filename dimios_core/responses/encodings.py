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
#: bytes of å, ä and ö: in Windows-1252, and in what is taken for it
_SWEDISH = {
    "windows-1252": b"\xe5\xe4\xf6\xc5\xc4\xd6",
    "mac-roman": b"\x8c\x8a\x9a\x81\x80\x85",
    "cp850": b"\x86\x84\x94\x8f\x8e\x99",
}
_LETTER_AROUND = rb"(?<=[A-Za-z])[%s](?=[a-z])"
#: what is left of å, ä and ö where UTF-8 was read as Windows-1252, and saved so
TWICE_ENCODED = re.compile("Ã[¥¤¶…„–\x85\x84\x96]")
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
    if asked == "auto" and not is_utf8:
        _check_is_windows(path, label)
    if asked in ("mac-roman", "cp850"):
        return asked
    if asked == "utf-8" and not is_utf8:
        raise _wrong_encoding(f"{label}, line {bad_line}", asked, "windows-1252 or another one")
    if asked == "windows-1252" and is_utf8 and has_foreign:
        raise _wrong_encoding(label, asked, "utf-8")
    return "utf-8" if is_utf8 and asked != "windows-1252" else "windows-1252"


def _check_is_windows(path: Path, label: str) -> None:
    """Refuse a text whose å, ä and ö are those of another encoding than Windows-1252."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    found = {
        name: len(re.findall(_LETTER_AROUND % re.escape(letters), head)) for name, letters in _SWEDISH.items()
    }
    likely = max(found, key=lambda name: found[name])
    if found[likely] and not found["windows-1252"]:
        raise InputError(
            Problem(
                label,
                f"the text is neither UTF-8 nor Windows-1252: its å, ä and ö look like {likely}",
                f"write `encoding: {likely}` under `file:` in the mapping, or {AS_UTF8}",
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
