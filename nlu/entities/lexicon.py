"""Names that a list gives, found as they stand, by their sound, and with one slip.

Who types 近代史钢要 means 近代史纲要: the input method took another character of the same sound. One
wrong, missing or superfluous character is forgiven in names long enough not to be mistaken.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from nlu.homophones import SOUNDS

BY_SOUND = 4
"""Characters from which on a name is known by its sound."""
ONE_SLIP = 5
"""Characters from which on one slip is forgiven."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LATIN = "a-z0-9"


@dataclass(frozen=True, slots=True)
class _Name:
    sounds: tuple[str, ...]
    distinct: frozenset[str]
    entity: str
    value: str


class Lexicon:
    """Folded names to ``(entity, value)``; of one place the longest name is taken.

    ``literal`` are names that count only as they stand: parts of others.
    """

    def __init__(self, names: Mapping[str, tuple[str, str]], literal: Collection[str] = ()) -> None:
        self._names = dict(names)
        longest_first = sorted(self._names, key=len, reverse=True)
        self._exact = re.compile("|".join(map(_bounded, longest_first))) if longest_first else None
        chinese = [name for name in longest_first if all(map(_CHINESE.match, name))]
        self._sounding: dict[str, list[_Name]] = {}
        for name in chinese:
            if len(name) >= BY_SOUND and name not in literal:
                sounds = _sounds(name)
                self._sounding.setdefault(sounds[0], []).append(
                    _Name(sounds, frozenset(sounds), *self._names[name])
                )

    def find(self, text: str) -> Iterator[tuple[str, str, int, int]]:
        """``(entity, value, start, end)`` in folded text."""
        if self._exact is None:
            return
        exact: list[tuple[int, int]] = []
        for match in self._exact.finditer(text):
            exact.append(match.span())
            yield *self._names[match[0]], *match.span()
        if not _CHINESE.search(text):
            return
        heard = _sounds(text)
        present = frozenset(heard)
        for name in chain.from_iterable(
            self._sounding.get(first, ()) for first in dict.fromkeys(heard)
        ):
            if name.sounds[-1] not in present:
                continue
            missing = len(name.distinct - present)
            if missing > (1 if len(name.sounds) >= ONE_SLIP else 0):
                continue
            for start, end in _heard(name.sounds, heard):
                if not any(
                    start < other[1]
                    and other[0] < end
                    and other[1] - other[0] >= len(name.sounds) - 1
                    for other in exact
                ):
                    yield name.entity, name.value, start, end


def _bounded(name: str) -> str:
    before = f"(?<![{_LATIN}])" if name[0].isascii() and name[0].isalnum() else ""
    after = f"(?![{_LATIN}])" if name[-1].isascii() and name[-1].isalnum() else ""
    if name[-1] in "一二三":
        after = "(?![门份个科次些样起])"  # 一门英语一门政治
    return before + re.escape(name) + after


def _sounds(text: str) -> tuple[str, ...]:
    return tuple(SOUNDS.get(character, character) for character in text)


def _heard(name: tuple[str, ...], text: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the name is: at one length first, then with a slip."""
    size = len(name)
    slips = (0,) if size < ONE_SLIP else (0, -1, 1)
    for slip in slips:
        length = size + slip
        for start in range(len(text) - length + 1):
            window = text[start : start + length]
            if window[0] == name[0] and window[-1] == name[-1] and _close(name, window):
                yield start, start + length
                return


def _close(name: tuple[str, ...], window: tuple[str, ...]) -> bool:
    """Equal but for one sound in a long name; its ends are right already."""
    if len(name) == len(window):
        wrong = sum(a != b for a, b in zip(name, window, strict=True))
        return wrong <= (1 if len(name) >= ONE_SLIP else 0)
    longer, shorter = sorted((name, window), key=len, reverse=True)
    same = 0
    while same < len(shorter) and longer[same] == shorter[same]:
        same += 1
    return longer[same + 1 :] == shorter[same:]
