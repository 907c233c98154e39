"""Personal numbers at rest: encrypted, found through a keyed hash, and shown masked."""

import hmac
import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = b"\xf5SF1"  # begins a sealed file; no format of files begins so


class Sealer:
    """AES-256-GCM for numbers and for files, HMAC-SHA-256 for finding and for proving, each with a key
    of its own that is derived from one secret."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the secret for personal data must have at least 32 bytes")
        self._cipher = AESGCM(hmac.digest(secret, b"seal", "sha256"))
        self._files = AESGCM(hmac.digest(secret, b"files", "sha256"))
        self._index = hmac.digest(secret, b"index", "sha256")
        self._facts = hmac.digest(secret, b"facts", "sha256")

    @classmethod
    def from_text(cls, secret: str) -> "Sealer":
        return cls(urlsafe_b64decode(secret))

    def seal(self, text: str) -> bytes:
        nonce = token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed[:12], sealed[12:], None).decode()

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """A file for this place of a store; elsewhere it does not open."""
        nonce = token_bytes(12)
        return SEALED + nonce + self._files.encrypt(nonce, data, place.encode())

    def open_bytes(self, kept: bytes, place: str) -> bytes:
        """What was sealed for this place. What was stored before files were sealed is as it is.

        Raises cryptography's InvalidTag for what was changed, moved, or sealed with another key.
        """
        if not kept.startswith(SEALED):
            return kept
        sealed = memoryview(kept)[len(SEALED) :]
        return self._files.decrypt(bytes(sealed[:12]), sealed[12:], place.encode())

    def index(self, text: str) -> str:
        """The same number always has the same index, and nobody without the key can make it."""
        return hmac.new(self._index, text.strip().upper().encode(), sha256).hexdigest()

    def digest(self, *texts: str) -> str:
        """Of exactly these: whoever has the key can prove which they were, and nobody else try."""
        told = json.dumps(texts, ensure_ascii=False).encode()
        return hmac.new(self._facts, told, sha256).hexdigest()


def masked_name(name: str) -> str:
    """``李*``, ``欧阳**``, ``J*** S****``: enough for its owner to know it, and no more."""
    if name.isascii():
        return " ".join(word[:1] + "*" * (len(word) - 1) for word in name.split())
    shown = 2 if len(name) > 3 else 1
    return name[:shown] + "*" * max(len(name) - shown, 1)


def masked_number(number: str) -> str:
    """``2019********15``"""
    if len(number) <= 6:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 6) + number[-2:]
