"""How somebody can be reached, as they gave it."""

from __future__ import annotations

import re
from html import escape

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def write_contact(contact: str) -> str:
    """Write a contact as HTML: a mail address as a link, anything else as text.

    Examples
    --------
    >>> write_contact("Anna & Bo")
    'Anna &amp; Bo'
    """
    words = escape(contact)
    return f'<a href="mailto:{words}">{words}</a>' if _MAIL.fullmatch(contact) else words
