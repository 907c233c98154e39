"""What staff have taught: masked messages with their meaning, as examples for the interpreter.

Whatever is measured with is never learnt, and nothing that could be personal becomes an example.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml

from backend import masking
from nlu.interpreter import OUT_OF_SCOPE
from nlu.normalize import normalize
from nlu.training_data import Utterance, read_described

FILE = "learnt.yml"
MESSAGE = "message"  # whose number stands with an example
A_CASE = "T260302-0001"  # stands for any number of a case
ALIKE = 0.9  # of two utterances that are nearly the same

UNKNOWN = "意思不在训练数据里 · unknown intent"
MEASURED = "和测试句相同或太像 · the same as a test utterance, or nearly"
KNOWN = "已经会了 · an example already"
OTHERWISE = "和现有例句意思相反 · an example says otherwise"
TORN = "标了两种意思 · labelled with two meanings"
PERSONAL = "可能含个人信息 · may be personal"
UNDONE = "标注已撤销或改了 · no longer labelled so"
NOTHING = "隐去之后没有剩下什么 · nothing is left of it"


@dataclass(frozen=True, slots=True)
class Taught:
    """``number`` is what the message is called ("U260302-0001"); empty where somebody wrote it into
    the file."""

    number: str
    text: str
    intent: str

    @property
    def name(self) -> str:
        return self.number or f"“{self.text}”"


@dataclass(frozen=True, slots=True)
class Selection:
    """``left_out`` are names with the reason."""

    kept: tuple[Taught, ...]
    left_out: tuple[tuple[str, str], ...]


def in_file(path: Path) -> list[Taught]:
    """What has been taught before; nothing where there is no file. Raises ValueError."""
    if not path.exists():
        return []
    return [
        Taught(str(described.get(MESSAGE, "")), one.text, one.intent)
        for one, described in read_described(path)
    ]


def selected(
    taught: Iterable[Taught], shipped: Sequence[Utterance], tests: Sequence[Utterance]
) -> Selection:
    """Those that can be learnt, in their order, each once."""
    known: dict[str, str] = {letters(one.text): one.intent for one in shipped}
    intents = {*known.values(), OUT_OF_SCOPE}
    measured = Copies(tests)
    texts = [(one, without_placeholders(one.text)) for one in taught]
    meanings: dict[str, set[str]] = defaultdict(set)
    for one, text in texts:
        meanings[letters(text)].add(one.intent)
    kept: dict[str, Taught] = {}
    left_out: list[tuple[str, str]] = []
    for one, text in texts:
        key = letters(text)
        reason = ""
        if len(key) < 2:
            reason = NOTHING
        elif one.intent not in intents:
            reason = UNKNOWN
        elif may_be_personal(text):
            reason = PERSONAL
        elif len(meanings[key]) > 1:
            reason = TORN
        elif measured.of(key):
            reason = MEASURED
        elif key in kept or known.get(key) == one.intent:
            reason = KNOWN
        elif key in known:
            reason = OTHERWISE
        if reason:
            left_out.append((one.name, reason))
        else:
            kept[key] = Taught(one.number, text, one.intent)
    return Selection(tuple(kept.values()), tuple(left_out))


class Copies:
    """Which of many utterances another one nearly is; found by three letters they share."""

    def __init__(self, utterances: Iterable[Utterance]) -> None:
        self._all = {letters(one.text): one.text for one in utterances}
        self._all.pop("", None)
        self._having: dict[str, list[str]] = defaultdict(list)
        for one in self._all:
            for gram in grams(one):
                self._having[gram].append(one)

    def of(self, text: str) -> str:
        """One that is the same or nearly; empty where there is none."""
        key = letters(text)
        if key in self._all:
            return self._all[key]
        own = grams(key)
        shared = Counter(other for gram in own for other in self._having.get(gram, ()))
        near = SequenceMatcher(a="", b=key)
        for other, count in shared.items():
            if abs(len(other) - len(key)) <= 2 and count >= len(own) // 2:
                near.set_seq1(other)
                if near.ratio() > ALIKE:
                    return self._all[other]
        return ""


def letters(text: str) -> str:
    return re.sub(r"\W", "", normalize(text))


def grams(key: str) -> set[str]:
    marked = f"^{key}$"
    return {marked[at : at + 3] for at in range(max(1, len(marked) - 2))}


def without_placeholders(text: str) -> str:
    """As somebody would type it, with an invented number where a case was named; nothing in it is an
    annotation."""
    words = masking.PLACEHOLDER.sub(" ", text.replace(masking.CASE, f" {A_CASE} "))
    return " ".join(re.sub(r"[\[\]{}()<>`|]", " ", words).split())


def may_be_personal(text: str) -> bool:
    rest = " ".join(text.replace(A_CASE, " ").split())
    return masking.masked(rest) != masking.one_line(rest)


def write(examples: Iterable[Taught | Utterance], path: Path) -> None:
    """As Rasa reads it, each with the number of its message; whole or not at all."""
    by_intent: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in examples:
        number = one.number if isinstance(one, Taught) else ""
        described = {"metadata": {MESSAGE: number}} if number else {}
        by_intent[one.intent].append({"text": one.text, **described})
    blocks = [{"intent": intent, "examples": some} for intent, some in sorted(by_intent.items())]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    document = {"version": "3.1", "nlu": blocks}
    draft.write_text(
        yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000), "utf-8"
    )
    draft.replace(path)
