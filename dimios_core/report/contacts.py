"""How somebody can be reached, as they gave it."""

from __future__ import annotations

import re

from dimios_core.markup import Markup, markup

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def write_contact(contact: str) -> Markup:
    """Write a contact as HTML: a mail address as a link, anything else as text.

    Examples
    --------
    >>> write_contact("Anna & Bo")
    Markup('Anna &amp; Bo')
    """
    if _MAIL.fullmatch(contact):
        return markup('<a href="mailto:{}">{}</a>', contact, contact)
    return Markup.escape(contact)
