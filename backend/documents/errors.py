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
    """The key must not be used: its certificate is not valid now, or does not belong to it."""
