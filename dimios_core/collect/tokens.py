"""What a link carries, and what a device keeps: random to everybody who lacks the secret; only hashes of them are stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

#: 128 bits, in letters and digits that can be read from paper and typed
TOKEN_BYTES, TOKEN_PATTERN = 16, "[a-z2-7]{26}"
SECRET_BYTES = SESSION_BYTES = 32


def make_token(secret: bytes, survey: str, person_id: str) -> str:
    """Return what somebody's link carries: HMAC-SHA256 of survey and person, cut to 128 bits; the same whenever it is made.

    Examples
    --------
    >>> token = make_token(bytes(32), "lindby-2026", "1")
    >>> len(token), token == make_token(bytes(32), "lindby-2026", "1") != make_token(bytes(32), "lindby-2026", "2")
    (26, True)
    """
    told = hmac.digest(secret, f"dimios collect\0{survey}\0{person_id}".encode(), "sha256")
    return base64.b32encode(told[:TOKEN_BYTES]).decode().rstrip("=").lower()


def make_link(address: str, survey: str, token: str) -> str:
    """Return somebody's own link, for the address that respondents open."""
    return f"{address.rstrip('/')}/{survey}/l/{token}"


def make_session() -> str:
    """Return what a device keeps while somebody answers."""
    return secrets.token_urlsafe(SESSION_BYTES)


def hash_secret(text: str) -> bytes:
    """Return the hash of a link's token or a session, under which it is known again; there is no way back."""
    return hashlib.sha256(text.encode()).digest()


def derive_check(session: str) -> str:
    """Return what each page of a session carries: a page of another session, in the same browser, is told apart by it."""
    return hmac.digest(session.encode(), b"dimios page", "sha256").hex()[:32]
