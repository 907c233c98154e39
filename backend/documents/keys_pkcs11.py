"""A signing key that never leaves its token, by PKCS#11 (Cryptoki). Needs the extra ``hsm``.

One login a token and process, opened at the first use. A token that was taken out and put back is
found again; a PIN that was refused is not tried a second time, by no process, for tokens lock.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import scrypt, sha256
from hmac import compare_digest
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import (
    FunctionNotSupported,
    KeyTypeInconsistent,
    MechanismInvalid,
    MultipleObjectsReturned,
    MultipleTokensReturned,
    NoSuchKey,
    PinIncorrect,
    PinLocked,
    PKCS11Error,
    UserAlreadyLoggedIn,
)
from pkcs11.util.ec import encode_ecdsa_signature

from backend.documents import keys
from backend.documents.container import lower
from backend.documents.errors import SigningRefused, TokenAway
from backend.documents.materials import TokenKey

_SALT = 16  # bytes
_LOCK = RLock()  # modules need not bear several threads
_FINAL = {  # of no use to try again
    MechanismInvalid: ("wrong_kind", "the token does not sign in this way"),
    FunctionNotSupported: ("wrong_kind", "the token does not sign in this way"),
    KeyTypeInconsistent: ("wrong_kind", "the token does not sign in this way"),
    NoSuchKey: ("not_found", "the token holds no such key"),
    MultipleObjectsReturned: ("not_found", "the token holds several such keys: give label and id"),
    MultipleTokensReturned: ("not_found", "several tokens have this label"),
}


@dataclass
class _Module:
    library: Any
    sessions: dict[str, Any] = field(default_factory=dict)  # by label of the token
    generation: int = 0  # what was found before the last start is of no use any more


_modules: dict[str, _Module] = {}


class TokenSource:
    """A key on a token. ``pins`` is where it is kept which PINs were refused; None: in nobody's
    memory but this process's."""

    kind = "pkcs11"

    def __init__(
        self, key: TokenKey, name: str = keys.CONFIGURED, pins: Path | None = None
    ) -> None:
        """With a certificate in a file the token is asked at the first signature only.

        Raises SigningRefused and TokenAway.
        """
        self.name = name
        self._where = key
        self._pins = Refusals(key, pins)
        self._found: tuple[int, Any] | None = None
        self.chain: tuple[x509.Certificate, ...]
        if key.certificate:
            self.certificate, self.chain = keys.read_public(key.certificate, key.chain, name)
        else:
            self.certificate = self._tried(self._certificate_there)
            self.chain = tuple(keys.read_chain(key.chain))
        keys.fit(self.certificate, self.certificate.public_key(), name)

    def __repr__(self) -> str:
        return f"TokenSource({self.name!r})"

    def sign(self, data: bytes) -> bytes:
        """See KeySource. What the token says is checked: it costs less than a wrong document."""
        value: bytes = self._tried(lambda key: self._value(key, data))
        try:
            self._verify(value, data)
        except InvalidSignature:
            raise SigningRefused(
                "the certificate does not belong to the key", "wrong_pair", self.name
            ) from None
        return value

    def _value(self, key: Any, data: bytes) -> bytes:
        public = self.certificate.public_key()
        kind = KeyType.EC if isinstance(public, ec.EllipticCurvePublicKey) else KeyType.RSA
        if key.key_type is not kind:
            raise SigningRefused(
                "the certificate does not belong to the key", "wrong_pair", self.name
            )
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
        raw = key.sign(sha256(data).digest(), mechanism=Mechanism.ECDSA)
        try:
            return lower(encode_ecdsa_signature(raw), public.curve.name)
        except ValueError:  # a key of another curve
            raise SigningRefused(
                "the certificate does not belong to the key", "wrong_pair", self.name
            ) from None

    def _verify(self, value: bytes, data: bytes) -> None:
        public = self.certificate.public_key()
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(value, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(value, data, padding.PKCS1v15(), hashes.SHA256())

    def _certificate_there(self, key: Any) -> x509.Certificate:
        wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: key.id}
        found = [bytes(one[Attribute.VALUE]) for one in key.session.get_objects(wanted)]
        if len(found) != 1:
            raise SigningRefused(
                f"the token holds {len(found) or 'no'} certificates of this key: give it as a file",
                "not_found",
                self.name,
            )
        try:
            return x509.load_der_x509_certificate(found[0])
        except ValueError:
            raise SigningRefused(
                "the certificate on the token is damaged", "unreadable", self.name
            ) from None

    def _tried(self, use: Any) -> Any:
        """What ``use`` makes of the key; once more with everything opened anew."""
        with _LOCK:
            for anew in (False, True):
                try:
                    return use(self._key(anew))
                except PKCS11Error as error:
                    last = type(error)
        if last in _FINAL:
            reason, why = _FINAL[last]
            raise SigningRefused(why, reason, self.name)
        raise TokenAway(f"the token {self._where.token} does not answer ({last.__name__})")

    def _key(self, anew: bool) -> Any:
        module = self._module()
        if anew:
            module.sessions.clear()
            module.generation += 1
            module.library.reinitialize()
        if self._found is None or self._found[0] != module.generation:
            session = self._session(module)
            given = self._where
            key = session.get_key(
                object_class=ObjectClass.PRIVATE_KEY,
                label=given.label or None,
                id=bytes.fromhex(given.key_id) or None,
            )
            self._found = module.generation, key
        return self._found[1]

    def _module(self) -> _Module:
        path = str(self._where.module)
        if path not in _modules:
            if not self._where.module.is_file():
                raise SigningRefused(f"{path} is not there", "unreadable", self.name)
            _modules[path] = _Module(pkcs11.lib(path))
        return _modules[path]

    def _session(self, module: _Module) -> Any:
        label = self._where.token
        if label not in module.sessions:
            token = module.library.get_token(token_label=label)
            with self._pins.one_at_a_time():
                module.sessions[label] = self._login(token)
        return module.sessions[label]

    def _login(self, token: Any) -> Any:
        if self._pins.refused():
            raise SigningRefused("the token refused this PIN before", "pin", self.name)
        if token.flags & (TokenFlag.USER_PIN_LOCKED | TokenFlag.USER_PIN_FINAL_TRY):
            raise SigningRefused(
                "the token is locked, or one wrong PIN away from it", "pin", self.name
            )
        try:
            return token.open(user_pin=self._where.pin)
        except UserAlreadyLoggedIn:
            return token.open()
        except PinLocked:
            raise SigningRefused("the token is locked", "pin", self.name) from None
        except PinIncorrect:
            self._pins.refuse()
            raise SigningRefused("the token refused the PIN", "pin", self.name) from None


def forget() -> None:
    """Log out everywhere, as a process that ends does."""
    with _LOCK:
        for module in _modules.values():
            module.sessions.clear()
            module.library.finalize()
        _modules.clear()


class Refusals:
    """Whether this PIN was refused by this token: kept as scrypt of it beside the PIN itself."""

    _here: ClassVar[dict[str, bytes]] = {}  # of this process, for keys without a folder

    def __init__(self, key: TokenKey, folder: Path | None) -> None:
        self._pin = key.pin.encode()
        self._name = sha256(f"{key.module}\0{key.token}".encode()).hexdigest()[:16]
        self._path: Path | None = None
        if folder is not None and folder.is_dir():
            self._path = folder / f".pin-{self._name}"

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """No two processes try a PIN at the same moment."""
        if self._path is None:
            yield
            return
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def refused(self) -> bool:
        kept = self._path.read_bytes() if self._path else self._here.get(self._name, b"")
        return bool(kept) and compare_digest(kept[_SALT:], self._mark(kept[:_SALT]))

    def refuse(self) -> None:
        salt = os.urandom(_SALT)
        kept = salt + self._mark(salt)
        if self._path:
            self._path.write_bytes(kept)
        else:
            self._here[self._name] = kept

    def _mark(self, salt: bytes) -> bytes:
        return scrypt(self._pin, salt=salt, n=2**14, r=8, p=1)
