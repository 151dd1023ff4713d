"""Texts that carry a signature, so that they can be handed out and known again."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from dimios_core.access.keys import Keys

SEPARATOR = "."


class Seal:
    """Signs texts for one purpose, and knows them again.

    Parameters
    ----------
    keys : Keys
        The newest signs; all are accepted.
    purpose : str
        What is signed for one purpose is not accepted for another.
    """

    def __init__(self, keys: Keys, purpose: str) -> None:
        newest_last = list(reversed(keys.signing))
        self._signer = Signer(
            newest_last, purpose, SEPARATOR, key_derivation="hmac", digest_method=hashlib.sha256
        )

    def sign(self, text: str) -> str:
        """Return the text with its signature (HMAC-SHA256), in letters that an address may hold if the text is."""
        return self._signer.sign(text).decode()

    def read(self, signed: str) -> str | None:
        """Return the text that was signed; None where it was not signed here, with these keys, for this purpose."""
        try:
            text = self._signer.unsign(signed).decode()
            signature = signed.rpartition(SEPARATOR)[2]
            # base64 reads several texts as the same signature: only the one that was made counts
            return text if base64_encode(base64_decode(signature)).decode() == signature else None
        except (BadSignature, ValueError):
            return None
