"""Putting a signing key into the data folder: whole and tried, or not at all."""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from getpass import getpass
from pathlib import Path
from secrets import token_hex

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from backend.clock import SHANGHAI, local_date, local_text
from backend.documents import keys
from backend.documents.errors import SigningRefused
from backend.documents.keyring import DESCRIPTION, NAME, described
from backend.documents.keys import KeySource
from backend.documents.materials import KeyInfo
from bot.prepare import DEMO_KEY

RESERVED = (keys.CONFIGURED, DEMO_KEY)  # what the settings and the demo bring


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is to be added: ``key`` alone is PKCS#12, with ``certificate`` PEM; or a ``token``.

    ``starts`` without a zone is the time in Shanghai; None: at once. Files of secrets stay where
    they are; a secret that is typed is kept with the key.
    """

    name: str
    starts: datetime | None
    key: Path | None = None
    certificate: Path | None = None
    chain: Path | None = None
    passphrase_file: Path | None = None
    module: Path | None = None
    token: str = ""
    label: str = ""
    key_id: str = ""
    pin_file: Path | None = None


class Unusable(Exception):
    """Nothing was added; the message says why, to whoever asked."""


def put(folder: Path, new: NewKey, known: Iterable[KeyInfo], now: datetime) -> KeyInfo:
    """Add the key. Raises Unusable, SigningRefused and TokenAway."""
    there = {info.name: info for info in known}
    if not NAME.fullmatch(new.name) or new.name in RESERVED:
        raise Unusable(
            f"{new.name}：名字只能用小写字母、数字和连字符，最多 40 个，不能叫 {' 或 '.join(RESERVED)}。"
            " A name has lower-case letters, digits and hyphens."
        )
    if new.name in there or (folder / new.name).exists():
        raise Unusable(f"已经有叫 {new.name} 的密钥了，换个名字。 This name is taken.")
    if (new.key is None) == (new.module is None):
        raise Unusable("要 --key，或者 --module 和 --token。 Give --key, or --module and --token.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f".adding-{new.name}-{token_hex(4)}"
    part.mkdir(mode=0o700)
    try:
        _gather(part, new, now)
        source = _tried(part, new, folder)
        starts = _starts(new, source, now)
        for info in there.values():
            if info.fingerprint == keys.fingerprint(source.certificate):
                raise Unusable(
                    f"这张证书已经在用了：{info.name}。 This certificate is known already."
                )
        if not linked(source):
            raise Unusable(
                "--chain 里没有签发这张证书的上级证书。 The chain does not hold the issuer."
            )
        _publish(part, source)
        _describe(part, new, starts)
        part.rename(folder / new.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return keys.told(new.name, source.kind, starts, source.certificate, source.chain)


def take_out(folder: Path, name: str) -> None:
    """A key that was only just added."""
    shutil.rmtree(folder / name, ignore_errors=True)


def linked(source: KeySource) -> bool:
    """Whether each certificate was issued by the next above it, as far as a chain was given."""
    above = list(source.chain)
    below = source.certificate
    while above and below.issuer != below.subject:
        issuer = next((one for one in above if _issued(one, below)), None)
        if issuer is None:
            return below is not source.certificate  # a root need not come along
        above.remove(issuer)
        below = issuer
    return True


def _issued(issuer: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _gather(part: Path, new: NewKey, now: datetime) -> None:
    """Copies that only their owner can read, and what is needed to read them."""
    pairs = (
        (new.key, "key.pem" if new.certificate else "key.p12"),
        (new.certificate, "certificate.pem"),
        (new.chain, "chain.pem"),
    )
    for path, name in pairs:
        if path is not None:
            try:
                _write(part / name, path.read_bytes())
            except OSError:
                raise Unusable(f"{path}：读不了这个文件 the file cannot be read") from None
    if new.module is not None and new.pin_file is None:
        _write(part / "pin", _asked("PIN", new).encode())
    _describe(part, new, now)


def _tried(part: Path, new: NewKey, folder: Path) -> KeySource:
    """Loaded and used once; where it wants a passphrase, somebody is asked for it."""
    try:
        source = keys.load(described(part).key, new.name, folder)
    except SigningRefused as refused:
        if refused.reason != "passphrase" or new.passphrase_file or not sys.stdin.isatty():
            raise
        _write(part / "passphrase", _asked("口令 passphrase", new).encode())
        source = keys.load(described(part).key, new.name, folder)
    keys.try_out(source)
    return source


def _starts(new: NewKey, source: KeySource, now: datetime) -> datetime:
    begins = source.certificate.not_valid_before_utc
    ends = source.certificate.not_valid_after_utc
    starts = new.starts or max(now, begins)
    starts = starts if starts.tzinfo else starts.replace(tzinfo=SHANGHAI)
    if now > ends:
        raise Unusable(f"证书在 {local_date(ends)} 已经过期。 The certificate is expired.")
    if not begins <= starts < ends:
        raise Unusable(
            f"起用时间要在证书有效期内：{local_text(begins)} 到 {local_text(ends)}。"
            " It must begin while its certificate is valid."
        )
    return starts


def _publish(part: Path, source: KeySource) -> None:
    """The certificates as files, so that whoever only looks needs neither passphrase nor token."""
    if source.kind == "pkcs11":
        _write(part / "certificate.pem", source.certificate.public_bytes(Encoding.PEM))


def _describe(part: Path, new: NewKey, starts: datetime) -> None:
    source = "pkcs11" if new.module else "files" if new.certificate else "pkcs12"
    starts = starts if starts.tzinfo else starts.replace(tzinfo=SHANGHAI)
    given = {
        "source": source,
        "module": str(new.module.absolute()) if new.module else "",
        "token": new.token,
        "label": new.label,
        "key_id": new.key_id,
        "pin_file": str(new.pin_file.absolute()) if new.pin_file else "",
        "passphrase_file": str(new.passphrase_file.absolute()) if new.passphrase_file else "",
    }
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in given.items()
        if value
    ]
    lines.append(f"from = {starts.isoformat(timespec='seconds')}")
    _write(part / DESCRIPTION, ("\n".join(lines) + "\n").encode())


def _asked(what: str, new: NewKey) -> str:
    if not sys.stdin.isatty():
        raise Unusable(f"要 {new.name} 的 {what}，请用文件给。 Give it as a file.")
    return getpass(f"{new.name} {what}: ")


def _write(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
