"""Identifiers that become names of files and folders."""

from __future__ import annotations

import re

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
#: names that Windows keeps for itself, and folders of the outputs
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "public", "register"}
    | {f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10)}
)
SLUG_REMEDY = "use lower-case letters a-z, digits and hyphens, at most 64 (such as lindby-kommun)"


def is_slug(text: str) -> bool:
    """Say whether a text can be an identifier; it cannot leave its folder or collide with another's file.

    Examples
    --------
    >>> [is_slug(t) for t in ("lindby-kommun", "../../x", "Lindby", "con", "-a", "")]
    [True, False, False, False, False, False]
    """
    return SLUG.fullmatch(text) is not None and text not in RESERVED
