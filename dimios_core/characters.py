"""Characters that no text of ours may hold: they are unseen, and end a line, turn the order of letters, or stop a reader."""

from __future__ import annotations

import re
import unicodedata

#: control characters but for tab and ends of lines, other separators of lines, marks that turn the direction of writing,
#: halves of characters, what stands for a lost character, and code points that are no characters
REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]"
)
#: those, and the ones that a form or a spreadsheet leaves unseen between letters: joiners, letters without a shape, tags
UNSEEN = re.compile(
    f"{REFUSED.pattern[:-1]}\u115f\u1160\u180e\u200b-\u200d\u2060-\u2065\u2800\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
REMEDY = "take the character away, or write the text anew"


def find_refused(text: str) -> str | None:
    """Say which character of a text may not be there; None where all may.

    Examples
    --------
    >>> find_refused("Vård\\u2028och omsorg"), find_refused("Vård och omsorg 🎉")
    ('the text holds U+2028 (LINE SEPARATOR), which nobody sees', None)
    """
    match = REFUSED.search(text)
    if match is None:
        return None
    code = ord(match[0])
    if code == 0xFFFD:
        return "the text holds U+FFFD, which stands for a letter that was lost on the way"
    name = unicodedata.name(match[0], "a control character")
    return f"the text holds U+{code:04X} ({name}), which nobody sees"
