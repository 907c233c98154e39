"""How the sandbox bank signs its notices: Ed25519 over time, nonce and the raw body."""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend.payments.provider import TOLERANCE, ForgedNotice, MalformedNotice

TIMESTAMP = "sandbox-timestamp"  # seconds since 1970
NONCE = "sandbox-nonce"
SIGNATURE = "sandbox-signature"  # base64


class Signer:
    """The bank's key, and with it the only one whose word counts."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public = key.public_key()

    @classmethod
    def at(cls, path: Path) -> "Signer":
        """The key kept at ``path``; made at the first start, readable by its owner only."""
        if not path.exists():
            _make(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} is not an Ed25519 key")
        return cls(key)

    def headers(self, body: bytes, now: datetime) -> dict[str, str]:
        timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        signature = self._key.sign(_signed(timestamp, nonce, body))
        return {
            TIMESTAMP: timestamp,
            NONCE: nonce,
            SIGNATURE: base64.b64encode(signature).decode(),
        }

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raises ForgedNotice, or MalformedNotice when there is no signature to look at."""
        given = {name.lower(): value for name, value in headers.items()}
        try:
            timestamp, nonce = given[TIMESTAMP], given[NONCE]
            signature = base64.b64decode(given[SIGNATURE], validate=True)
            signed = _signed(timestamp, nonce, body)
            sent = int(timestamp)
        except KeyError as missing:
            raise MalformedNotice(f"no header {missing.args[0]}") from None
        except (ValueError, binascii.Error):
            raise MalformedNotice("unreadable header") from None
        try:
            self._public.verify(signature, signed)
        except InvalidSignature:
            raise ForgedNotice("wrong signature") from None
        if abs(now.timestamp() - sent) > TOLERANCE.total_seconds():
            raise ForgedNotice("stale timestamp")


def _signed(timestamp: str, nonce: str, body: bytes) -> bytes:
    # Neither may hold the separator, or two different notices could share a signature.
    if not (timestamp.isascii() and timestamp.isdigit() and nonce.isascii() and nonce.isalnum()):
        raise ValueError("timestamp or nonce")
    return f"{timestamp}\n{nonce}\n".encode() + body


def _make(path: Path) -> None:
    """Written aside and linked into place, so that of two first starts one key remains."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
