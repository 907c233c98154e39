"""What the classifier sees of an utterance: letters, sounds and concepts.

scikit-learn (when training) and numpy (when parsing) both call :func:`features`, so the two can
never see different things.
"""

import re
from itertools import combinations

from nlu.homophones import SOUNDS, spelled_out
from nlu.intents.concepts import ELSEWHERE, concepts_in

BLOCKS = ("letters", "sounds", "concepts")

_DIGITS = re.compile(r"[0-9]")
# The private characters are the signs of kinds.
_RUN = re.compile(r"[a-z0-9']+|[\u3400-\u9fff\ue000-\ue0ff]+|[?!？！]")
_LONGEST_GRAM = 4
_LONGEST_WORD = 24


def letters(text: str) -> list[str]:
    """Character n-grams of Chinese, words and word pieces of English, with the ends marked."""
    found: list[str] = []
    previous = "^"
    for run in _runs(text):
        if run[0].isascii():
            found += [run, f"{previous} {run}"]
            word = f"<{run}>"
            found += [f"#{word[i : i + size]}" for size in (3, 4) for i in range(len(word) - size)]
            previous = run
        else:
            marked = f"^{run}$"
            for size in range(1, _LONGEST_GRAM + 1):
                found += [marked[i : i + size] for i in range(len(marked) - size + 1)]
            previous = "汉"
    found.append(f"{previous} $")
    return found


def sounds(text: str) -> list[str]:
    """Pairs and triples of syllables, so that a homophone is as good as the right character."""
    found: list[str] = []
    for run in _runs(text):
        if run[0].isascii():
            syllables = spelled_out(run) if len(run) >= 4 else []
        else:
            syllables = [SOUNDS.get(character, character) for character in run]
        marked = ["^", *syllables, "$"] if syllables else []
        for size in (2, 3):
            found += [" ".join(marked[i : i + size]) for i in range(len(marked) - size + 1)]
    return found


def concepts(text: str) -> list[str]:
    """The concepts, each pair of them in order, and how much was said at all."""
    mentioned = concepts_in(text)
    distinct = list(dict.fromkeys(mentioned))[:8]
    found = mentioned + [f"{first}>{second}" for first, second in combinations(distinct, 2)]
    elsewhere = [concept for concept in distinct if concept.startswith(ELSEWHERE)]
    if elsewhere:
        found.append("(elsewhere)")
    if len(elsewhere) == len(distinct):
        found.append("(nothing of ours)")
    found.append(f"(length {min(len(text).bit_length(), 6)})")
    return found


def features(text: str) -> dict[str, list[str]]:
    """The features of a normalized text with signs of kinds, block by block."""
    return {"letters": letters(text), "sounds": sounds(text), "concepts": concepts(text)}


def _runs(text: str) -> list[str]:
    return [
        run[:_LONGEST_WORD] if run[0].isascii() else run
        for run in _RUN.findall(_DIGITS.sub("0", text))
    ]
