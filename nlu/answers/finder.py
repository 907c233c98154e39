"""From a person's words to the clauses that answer them, or to none."""

import logging
import re
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import yaml

from backend.clauses.finding import Found
from backend.clauses.library import Library
from backend.clauses.shelf import MOST_KEPT
from nlu.answers.elsewhere import named_elsewhere
from nlu.answers.evidence import NONE, Case, ranked
from nlu.answers.families import families
from nlu.answers.kinds import kinds_in
from nlu.answers.lexicon import Lexicon, Read, Scores
from nlu.answers.model import AnswerModel, Judgement
from nlu.answers.neighbours import NOBODY, NOT_HERE
from nlu.answers.rows import row_asked_for
from nlu.answers.years import year_named
from nlu.intents.vectors import Embed, Vectors, embedder
from nlu.normalize import normalize

log = logging.getLogger(__name__)

UNANSWERED = Path(__file__).with_name("unanswered.yml")
MOST_NEAR = 4
MOST_ANSWERS = 4
SHORT = 4  # Chinese characters, or half as many English words: a topic rather than a question
OF_ANOTHER_YEAR = 6.0  # of a clause's score, where the question names a year it is not about
KNOWN = 0.99  # share of the words of a topic that a clause must know


class ClauseFinder:
    """Fills the port ``backend.clauses.finding.Finder``."""

    def __init__(self, model: AnswerModel) -> None:
        self._model = model

    @classmethod
    def load(cls) -> "ClauseFinder":
        """Raises ``nlu.intents.model.UnusableModel`` when what was learnt is missing or damaged."""
        return cls(learnt())

    def find(self, question: str, library: Library) -> Found:
        try:
            return self._find(normalize(question), library)
        except Exception as error:  # the port promises an answer; the words are personal
            log.error("a question could not be read: %s", type(error).__name__)
            return Found()

    def _find(self, text: str, library: Library) -> Found:
        if not text:
            return Found(confidence=1.0)
        shelf = prepared(library)
        text = shelf.lexicon.heard(text)
        vector, odds = self._odds(text, shelf)
        judgement = self._model.light if odds is None else self._model.full
        read = shelf.lexicon.read(text)
        count = len(shelf.ids)
        scores = ranked(judgement.order, None if odds is None else odds[:count], read)
        if (year := year_named(text)) is not None:
            scores = scores - OF_ANOTHER_YEAR * shelf.not_about(year)
        none = np.empty(0) if odds is None else odds[count:] * judgement.order[0]
        near = NOBODY if vector is None else self._near(vector, scores, shelf)
        case = Case(text, scores, none, read, shelf.families, shelf.words, near)
        sure = judgement.probability(case.evidence())
        order = [int(place) for place in np.argsort(-scores, kind="stable")[:MOST_NEAR]]
        nearest = tuple(shelf.ids[place] for place in order)
        if row := row_asked_for(text, library, nearest[0]):
            return Found((row, *library.same_as(row)), nearest, max(sure, 1 - sure))
        topics = self._topics(text, scores, read, shelf)
        if len(topics) > 1:
            return Found((), topics, sure, vague=True)
        if sure >= judgement.threshold:
            return Found(self._answering(order, scores, shelf, judgement), nearest, sure)
        foreign = [name for name in named_elsewhere(text) if name not in shelf.words[order[0]]]
        if foreign:
            return Found((), (), 1 - sure, elsewhere=foreign[0])
        return Found((), nearest, 1 - sure)

    def _topics(self, text: str, scores: Scores, read: Read, shelf: "Shelf") -> tuple[str, ...]:
        """For a word or two that several documents, or several rules of one, know: one of each."""
        if not is_short(text) or kinds_in(text) - {"how much", "when", "what", "may"}:
            return ()
        found: dict[str, str] = {}
        for place in np.argsort(-scores, kind="stable")[:40]:
            if read.covered[place] >= KNOWN and read.letters[place] > 0:
                found.setdefault(shelf.rules[place], shelf.ids[place])
        return tuple(found.values())[:MOST_NEAR]

    def _odds(self, text: str, shelf: "Shelf") -> tuple[Vectors | None, Scores | None]:
        """The text's centred vector, and for the library's clauses in their order, then ``NONE``."""
        embed = embedder()
        if embed is None:
            return None, None
        model = self._knowing(shelf, embed)
        vector = model.centred(embed([text]))[0]
        learnt = model.odds(vector)
        place = {clause: at for at, clause in enumerate(model.clauses)}
        found = np.array([*(learnt[place[one]] for one in shelf.ids), *learnt[-len(NONE) :]])
        return vector, found

    def _near(self, vector: Vectors, scores: Scores, shelf: "Shelf") -> Scores:
        model = self._model
        places = np.array([shelf.place.get(one, NOT_HERE) for one in model.clauses], np.int32)
        of = model.neighbours.of
        here = np.where(of >= 0, places[np.maximum(of, 0)], of)
        family = shelf.families == shelf.families[int(scores.argmax())]
        return model.neighbours.near(vector, here, family, np.zeros(len(of), bool))

    def _knowing(self, shelf: "Shelf", embed: Embed) -> AnswerModel:
        """The model with those clauses of the shelf that were published since it was made."""
        new = [one for one in shelf.lexicon.clauses if one.id not in self._model.clauses]
        if new:
            asked = {one.id: [normalize(words) for words in (*one.asked, one.fact)] for one in new}
            vectors = iter(embed([words for of_one in asked.values() for words in of_one]))
            self._model = self._model.learning(
                {name: np.stack([next(vectors) for _ in of_one]) for name, of_one in asked.items()}
            )
        return self._model

    def _answering(
        self, order: list[int], scores: Scores, shelf: "Shelf", judgement: Judgement
    ) -> tuple[str, ...]:
        """The first, those that answer the same, and those that come so near that they may be meant."""
        first = order[0]
        close = [at for at in order[:MOST_ANSWERS] if scores[first] - scores[at] <= judgement.close]
        same = shelf.same_as(shelf.ids[first])
        return tuple(dict.fromkeys((shelf.ids[first], *same, *(shelf.ids[at] for at in close))))


class Shelf:
    """What is made of a library once: its lexicon, and which clauses rest on the same words."""

    def __init__(self, library: Library) -> None:
        clauses = [entry.clause for entry in library.entries.values()]
        self.ids = tuple(clause.id for clause in clauses)
        self.place = {clause: at for at, clause in enumerate(self.ids)}
        self.lexicon = Lexicon(clauses, unanswered())
        self.words = self.lexicon.words
        self.rules = tuple(clause.rule for clause in clauses)
        self.families = families(clauses)
        self.same_as = library.same_as
        self._dated = [one for one in enumerate(clauses) if one[1].years != (None, None)]

    def not_about(self, year: int) -> Scores:
        """One for each clause that is about other years."""
        found = np.zeros(len(self.ids))
        for place, clause in self._dated:
            found[place] = not clause.about(year)
        return found


@cache
def learnt() -> AnswerModel:
    """What ships, read once for all assistants of a process."""
    return AnswerModel.load()


@lru_cache(maxsize=MOST_KEPT)
def prepared(library: Library) -> Shelf:
    return Shelf(library)


def unanswered() -> list[str]:
    """Questions near the documents that none answers, normalized."""
    groups = yaml.safe_load(UNANSWERED.read_text("utf-8"))
    return [normalize(str(one)) for group in groups.values() for one in group]


def is_short(text: str) -> bool:
    words = re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", text)
    return sum(2 if word.isascii() else 1 for word in words) <= SHORT
