"""Why a document cannot be issued. Light to import: these travel between processes."""

from collections.abc import Iterable


class MissingGlyph(Exception):
    """A document would show empty boxes. `characters` are those without a glyph, in order."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        codes = ", ".join(f"U+{ord(character):04X}" for character in self.characters)
        super().__init__(f"no glyph for {codes}")

    def __reduce__(self) -> tuple[type["MissingGlyph"], tuple[tuple[str, ...]]]:
        return (MissingGlyph, (self.characters,))


class SigningRefused(Exception):
    """The key must not be used, and trying again changes nothing.

    `reason` is one of "no_key", "expired", "not_yet_valid", "revoked", "retired", "unchecked" (it is
    long since its authority could be asked), "wrong_pair", "wrong_kind", "not_for_signing",
    "unreadable", "passphrase", "pin", "not_found" (on its token), "no_library" (for tokens), "other". `key` is its name.
    """

    def __init__(self, message: str, reason: str = "other", key: str = "") -> None:
        self.reason, self.key = reason, key
        super().__init__(message)

    def __reduce__(self) -> tuple[type["SigningRefused"], tuple[str, str, str]]:
        return (SigningRefused, (str(self), self.reason, self.key))


class NotNow(Exception):
    """Somebody else has to answer first: the same is tried again later, and nothing less is made."""

    lacking = ""


class TokenAway(NotNow):
    """The token that holds the key does not answer now."""

    lacking = "token"


class Unstamped(NotNow):
    """The authority gave no time stamp that can be used."""

    lacking = "stamp"


class NoEvidence(NotNow):
    """Nothing shows now that the certificates of signer and time stamp are valid."""

    lacking = "evidence"
