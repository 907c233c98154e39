"""Letters and sounds of the questions that each clause answers, and of its own words.

Built from the clauses as they are (a published document adds its own), in a second; asked in
less than a millisecond.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from backend.clauses.clause import Clause
from nlu.answers.kinds import KINDS, kinds_in
from nlu.homophones import SOUNDS, spelled_out
from nlu.normalize import normalize

Scores = NDArray[np.float64]
Grams = Callable[[str], list[str]]
_RUN = re.compile(r"[a-z0-9]{2,24}|[\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]{3}$")
_OFTEN = 8  # times that three characters must be asked with to be what somebody meant to type
_PIECE = 400  # characters that are normalized at once: quotes may be longer than an utterance


def letters(text: str) -> list[str]:
    """Single characters, pairs and triples of Chinese, and English words."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            found.append(run)
        else:
            for size in (1, 2, 3):
                found += [run[at : at + size] for at in range(len(run) - size + 1)]
    return found


def sounds(text: str) -> list[str]:
    """Pairs of syllables, typed in characters or spelled out."""
    found: list[str] = []
    for run in _RUN.findall(text.replace(" ", "") if text.isascii() else text):
        if run[0].isascii():
            syllables = spelled_out(run) if len(run) >= 4 else []
        else:
            syllables = [SOUNDS.get(character, character) for character in run]
        found += [f"{one} {two}" for one, two in pairwise(syllables)]
    return found


def _sound(text: str) -> str:
    return " ".join(SOUNDS.get(character, character) for character in text)


def content(text: str) -> set[str]:
    """Pairs of Chinese characters and whole English words."""
    return {gram for gram in letters(text) if len(gram) == 2 or gram.isascii()}


def words_of(clause: Clause) -> str:
    """Everything a clause says, in either language."""
    said = " ".join((clause.fact, clause.fact_en, *clause.quotes, clause.en, *clause.topics))
    return " ".join(normalize(said[at : at + _PIECE]) for at in range(0, len(said), _PIECE))


class Likeness:
    """Cosine of tf-idf n-grams with each of some texts."""

    def __init__(self, grams: Grams, texts: Sequence[str]) -> None:
        self._grams = grams
        self._size = len(texts)
        self._place: dict[str, int] = {}  # of each gram
        columns: list[int] = []
        sizes: list[int] = []
        for text in texts:
            of_text = dict.fromkeys(grams(text))
            columns += [self._place.setdefault(gram, len(self._place)) for gram in of_text]
            sizes.append(len(of_text))
        column = np.array(columns, np.int32)
        counts = np.bincount(column, minlength=len(self._place))
        total = np.log(1 + self._size)
        self._rarest = float(total) + 1
        self._idf = self._rarest - np.log(1 + counts)
        row = np.repeat(np.arange(self._size, dtype=np.int32), sizes)
        weights = self._idf[column]
        weights /= np.sqrt(np.bincount(row, weights * weights, self._size))[row]
        by_gram = np.argsort(column, kind="stable")
        self._rows = row[by_gram]
        self._shares = weights[by_gram].astype(np.float32)
        self._ends = np.concatenate(([0], np.cumsum(counts)))

    def to(self, text: str) -> Scores:
        """One cosine for each text; what no text has counts as unlike."""
        likeness = np.zeros(self._size)
        places = [self._place.get(gram) for gram in dict.fromkeys(self._grams(text))]
        known = [place for place in places if place is not None]
        rarity = self._idf[known]
        length = float(rarity @ rarity) + (len(places) - len(known)) * self._rarest**2
        for place, weight in zip(known, rarity / length**0.5 if length else rarity, strict=True):
            here = slice(self._ends[place], self._ends[place + 1])
            likeness[self._rows[here]] += np.float32(weight) * self._shares[here]
        return likeness


class Coverage:
    """How much of a question's content each clause knows, rare words counting more."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        found: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            for word in content(text):
                found[word].append(place)
        self._places = {word: np.array(places) for word, places in found.items()}
        self._unknown = float(np.log(1 + self._size))

    def of(self, text: str) -> Scores:
        covered = np.zeros(self._size)
        whole = 0.0
        for word in content(text):
            places = self._places.get(word)
            if places is None:
                whole += self._unknown
            else:
                rarity = float(np.log((1 + self._size) / len(places)))
                whole += rarity
                covered[places] += rarity
        return covered / whole if whole else covered


@dataclass(frozen=True, slots=True)
class Read:
    """What letters say of a question: for each clause how like the likest of its phrasings is, in
    letters and in sounds; the share of the question's words that it knows; the share of its
    phrasings that ask for the same kinds of thing. ``unanswered`` is how like the question is to one
    that is known to have no answer."""

    letters: Scores
    sounds: Scores
    covered: Scores
    kinds: Scores
    unanswered: float

    def rows(self) -> tuple[Scores, ...]:
        return (self.letters, self.sounds, self.covered, self.kinds)


class Lexicon:
    def __init__(self, clauses: Iterable[Clause], unanswered: Sequence[str] = ()) -> None:
        """``unanswered`` are questions without an answer, normalized."""
        self.clauses = tuple(clauses)
        phrasings = [
            (place, normalize(asked))
            for place, clause in enumerate(self.clauses)
            for asked in clause.asked
        ]
        of = np.array([place for place, _asked in phrasings])
        self._starts = np.searchsorted(of, np.arange(len(self.clauses)))
        asked = [text for _place, text in phrasings]
        threes = Counter(gram for text in asked for gram in letters(text) if _CHINESE.match(gram))
        self._threes = frozenset(threes)
        often = [(gram, count) for gram, count in threes.items() if count >= _OFTEN]
        self._sounding = {_sound(gram): gram for gram, _ in sorted(often, key=lambda one: one[1])}
        self._letters = Likeness(letters, asked)
        self._sounds = Likeness(sounds, asked)
        self._unanswered = Likeness(letters, unanswered or ("",))
        known = [words_of(clause) for clause in self.clauses]
        self._kinds = np.zeros((len(self.clauses), len(KINDS)))
        for place, text in phrasings:
            known[place] += f" {text}"
            for kind in kinds_in(text):
                self._kinds[place, KINDS.index(kind)] += 1
        self.words = tuple(known)  # everything each clause says and is asked with
        self._known = Coverage(known)
        self._kinds /= np.bincount(of, minlength=len(self.clauses))[:, None]

    def heard(self, text: str) -> str:
        """With the right characters where three in a row are unknown and sound like three that are
        often asked with (程绩单, 成绩单)."""
        for at in range(len(text) - 2):
            three = text[at : at + 3]
            if three not in self._threes and (right := self._sounding.get(_sound(three))):
                text = text[:at] + right + text[at + 3 :]
        return text

    def read(self, text: str) -> Read:
        """``text`` is normalized."""
        kinds = kinds_in(text)
        asked_for = np.array([kind in kinds for kind in KINDS], float)
        return Read(
            np.maximum.reduceat(self._letters.to(text), self._starts),
            np.maximum.reduceat(self._sounds.to(text), self._starts),
            self._known.of(text),
            self._kinds @ asked_for / max(asked_for.sum(), 1.0),
            float(self._unanswered.to(text).max()),
        )
