"""Marks on letters: Unicode's normal forms sort them, which takes the square of their number (UAX 15)."""

from unicodedata import combining

MOST = 8  # on one letter; no language writes more, and names keep all of theirs
FOLDED = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")  # no marks, until they are normalized


def is_mark(character: str) -> bool:
    return bool(combining(character)) or character in FOLDED


def with_few(text: str) -> str:
    """As it was typed, without the marks on a letter that are one too many.

    What is left is normalized in time linear in its length.
    """
    if text.isascii():
        return text
    kept, on_letter = [], 0
    for character in text:
        on_letter = on_letter + 1 if is_mark(character) else 0
        if on_letter <= MOST:
            kept.append(character)
    return "".join(kept)
