"""Which key signs now: the keys of a folder and the one in the settings.

Each key of the folder has a folder of its own, ``<name>/``, with ``key.toml``: ``source`` and
``from``, and what ``source`` needs. Keys in files stand beside it (``key.pem`` and
``certificate.pem``, or ``key.p12``; ``chain.pem``; ``passphrase``), a token is told by ``module``,
``token``, ``label``, ``key_id`` and the file ``pin``. A secret may also be elsewhere, named by
``passphrase_file`` or ``pin_file``.

The files are looked at for every document, so what is added or replaced counts from the next one on.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from backend.documents import keys
from backend.documents.errors import SigningRefused, TokenAway
from backend.documents.keys import KeySource
from backend.documents.materials import AnyKey, KeyInfo, SigningKey, TokenKey

DESCRIPTION = "key.toml"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_ON_TOKEN = ("pin", "not_found")  # reasons that no file tells the end of
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_BARRED = {
    "revoked": "the signing certificate was revoked",
    "retired": "the signing key was retired",
    "unchecked": "for too long nobody could say whether the signing certificate was revoked",
}


@dataclass(frozen=True, slots=True)
class Described:
    """What the folder of a key says, and the files that say it."""

    key: AnyKey
    starts: datetime | None  # aware; None: with its certificate
    files: tuple[Path, ...]


class Keyring:
    """The keys of an installation; ``configured`` is the one in the settings, or the demo's."""

    def __init__(
        self, folder: Path | None, configured: AnyKey | None, name: str = keys.CONFIGURED
    ) -> None:
        self._folder = folder
        self._given = configured
        self._name = name
        self._slots: dict[str, _Slot] = {}
        self._lock = RLock()  # a key that another thread is just reading is not missing
        self._configured = None
        if configured is not None:
            given = Described(configured, None, _files(configured))
            self._configured = _Slot(name, folder, lambda: given)

    def __reduce__(self) -> tuple[type["Keyring"], tuple[Path | None, AnyKey | None, str]]:
        """Another process reads the keys itself."""
        return (Keyring, (self._folder, self._given, self._name))

    def current(self, now: datetime, barred: Mapping[str, str] | None = None) -> KeySource:
        """The key that signs at ``now`` (aware): of those that may, the one that counts from latest.

        ``barred`` maps fingerprints of certificates to why they may not be used: "revoked",
        "retired" or "unchecked". Raises SigningRefused with what keeps the latest key from signing,
        and TokenAway when that key may be right and its token does not answer: none takes its place.
        """
        with self._lock:
            looked = [_looked_at(slot, now, barred or {}) for slot in self._look()]
        looked.sort(key=lambda one: (one[0] <= now, one[0]), reverse=True)
        for starts, found in looked:
            if isinstance(found, TokenAway) and starts <= now:
                raise found
            if not isinstance(found, SigningRefused | TokenAway):
                return found
        for _, found in looked:
            if isinstance(found, SigningRefused):
                raise found
        raise SigningRefused("there is no signing key here", "no_key")

    def all(self) -> list[KeyInfo]:
        """Every key, in the order they count from; what keeps one from loading is its ``problem``."""
        with self._lock:
            found = [slot.told() for slot in self._look()]
        return sorted(found, key=lambda one: (one.starts or _LONG_AGO, one.name))

    def warm(self) -> None:
        """Read what can be read, so that the first document need not wait for it."""
        self.all()

    def find(self, name: str) -> KeySource:
        """Raises SigningRefused, TokenAway; KeyError when there is none of this name."""
        with self._lock:
            return {slot.name: slot for slot in self._look()}[name].source()

    def _look(self) -> "list[_Slot]":
        there = names(self._folder)
        self._slots = {
            name: self._slots.get(name) or _Slot(name, self._folder, _reader(self._folder, name))
            for name in there
        }
        configured = [self._configured] if self._configured else []
        return [*configured, *self._slots.values()]


class _Slot:
    """One key, read again when its files have changed."""

    def __init__(self, name: str, folder: Path | None, describe: Callable[[], Described]) -> None:
        self.name = name
        self.starts: datetime | None = None
        self._folder = folder
        self._describe = describe
        self._watched: tuple[Path, ...] = ()
        self._seen: object = None
        self._source: KeySource | None = None
        self._refused: SigningRefused | None = None

    def source(self) -> KeySource:
        """Raises SigningRefused, TokenAway.

        Key and certificate are seldom replaced in one moment: what does not fit together leaves what
        was there before.
        """
        if self._seen is None or self._seen != _stamp(self._watched):
            self._read()
        if self._source is None:
            raise self._refused or SigningRefused("there is no such key", "no_key", self.name)
        return self._source

    def told(self) -> KeyInfo:
        try:
            source = self.source()
        except SigningRefused as error:
            return KeyInfo(self.name, "", self.starts, error.reason, str(error))
        except TokenAway as error:
            return KeyInfo(self.name, "pkcs11", self.starts, "away", str(error))
        found = keys.info(source, self.starts or source.certificate.not_valid_before_utc)
        if self._refused:
            return replace(found, problem=self._refused.reason, why=str(self._refused))
        return found

    def _read(self) -> None:
        self._refused = None
        seen, self._seen = None, None
        try:
            given = self._describe()
            self._watched = given.files
            seen = _stamp(given.files)
            source = keys.load(given.key, self.name, self._folder)
        except SigningRefused as error:
            self._refused = SigningRefused(str(error), error.reason, self.name)
            if error.reason in _ON_TOKEN:
                return  # no file changes when a token does
        else:
            self._source = source
            self.starts = given.starts or source.certificate.not_valid_before_utc
        self._seen = seen


def _looked_at(
    slot: _Slot, now: datetime, barred: Mapping[str, str]
) -> tuple[datetime, KeySource | SigningRefused | TokenAway]:
    """Since when it counts, and the key or what keeps it from signing."""
    found: KeySource | SigningRefused | TokenAway
    try:
        found = slot.source()
        check(found, slot.starts, now, barred)
    except (SigningRefused, TokenAway) as error:
        found = error
    return slot.starts or _LONG_AGO, found


def check(
    source: KeySource, starts: datetime | None, now: datetime, barred: Mapping[str, str]
) -> None:
    """Raises SigningRefused when this key may not sign at ``now`` (aware)."""
    why = barred.get(keys.fingerprint(source.certificate))
    if why:
        raise SigningRefused(_BARRED[why], why, source.name)
    keys.check_time(source, now)
    if starts is not None and now < starts:
        raise SigningRefused(f"the key counts from {starts}", "not_yet_valid", source.name)


def names(folder: Path | None) -> list[str]:
    """The keys of a folder; what is only being put there has no name yet."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(one.parent.name for one in folder.glob(f"*/{DESCRIPTION}") if _named(one))


def described(folder: Path) -> Described:
    """What ``key.toml`` says. Raises SigningRefused."""
    toml = folder / DESCRIPTION
    name = folder.name
    try:
        given = tomllib.loads(toml.read_text(encoding="utf-8"))
        starts = given["from"]
        if not isinstance(starts, datetime) or starts.tzinfo is None:
            raise ValueError("no moment with its time zone")
        chain = folder / "chain.pem" if (folder / "chain.pem").is_file() else None
        certificate = folder / "certificate.pem"
        if given["source"] == "pkcs11":
            pin, secret = _secret(folder, given, "pin")
            if not pin:
                raise ValueError("no PIN")
            key: AnyKey = TokenKey(
                module=Path(given["module"]),
                token=given["token"],
                pin=pin.decode(),
                label=given.get("label", ""),
                key_id=bytes.fromhex(given.get("key_id", "")).hex(),
                certificate=certificate if certificate.is_file() else None,
                chain=chain,
            )
        elif given["source"] in ("files", "pkcs12"):
            phrase, secret = _secret(folder, given, "passphrase")
            alone = given["source"] == "pkcs12"
            key = SigningKey(
                folder / ("key.p12" if alone else "key.pem"),
                None if alone else certificate,
                chain,
                phrase,
            )
        else:
            raise ValueError("no source of keys")
    except (OSError, ValueError, KeyError, TypeError) as error:
        # a message may hold what stands in the file, or a secret that is no text
        raise SigningRefused(
            f"{toml} cannot be used ({type(error).__name__})", "unreadable", name
        ) from None
    return Described(key, starts, (toml, chain or folder / "chain.pem", *secret, *_files(key)))


def _secret(
    folder: Path, given: dict[str, Any], what: str
) -> tuple[bytes | None, tuple[Path, ...]]:
    """A secret and where it stands."""
    path = Path(given[f"{what}_file"]) if f"{what}_file" in given else folder / what
    if f"{what}_file" not in given and not path.is_file():
        return None, (path,)
    return path.read_bytes().rstrip(b"\r\n"), (path,)


def _reader(folder: Path | None, name: str) -> Callable[[], Described]:
    return lambda: described((folder or Path()) / name)


def _named(description: Path) -> bool:
    return NAME.fullmatch(description.parent.name) is not None


def _files(key: AnyKey) -> tuple[Path, ...]:
    own = key.key if isinstance(key, SigningKey) else None
    return tuple(path for path in (own, key.certificate, key.chain) if path is not None)


def _stamp(files: Iterable[Path]) -> tuple[tuple[int, int, int] | None, ...]:
    return tuple(_state(path) for path in files)


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        there = path.stat()
    except OSError:
        return None
    return there.st_mtime_ns, there.st_size, there.st_ino
