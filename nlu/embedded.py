"""The interpreter that lives in the process: no service and no start-up cost.

A cascade: letters decide in a fraction of a millisecond what they are sure of; for the rest they are
weighed together with a sentence vector, in some ten milliseconds.
"""

import logging
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from nlu.entities.extractor import EntityExtractor
from nlu.intents.kinds import spelled, with_signs
from nlu.intents.meaning import MeaningModel
from nlu.intents.model import LinearModel, UnusableModel
from nlu.intents.provenance import provenance
from nlu.intents.publication import published
from nlu.intents.vectors import embedder
from nlu.interpreter import OUT_OF_SCOPE, Parse
from nlu.normalize import normalize
from nlu.training_data import TRAINING_FOLDER

log = logging.getLogger(__name__)

Ranking = tuple[tuple[str, float], ...]
# What many people type: answers such as "求职" or "2", and nothing that could tell who they are.
COMMON = re.compile(r"(?!.*\d{3}).{1,12}")
REMEMBERED = 4096


def is_current(cache_folder: Path) -> bool:
    """Whether the cache holds a model of the examples as they are now."""
    if published(cache_folder) is not None:
        return True
    try:
        return LinearModel.load(cache_folder).fingerprint == provenance()
    except UnusableModel:
        return False


class EmbeddedInterpreter:
    """Fills the port with trained models and an entity grammar."""

    def __init__(
        self,
        model: LinearModel,
        extractor: EntityExtractor | None = None,
        meaning: MeaningModel | None = None,
    ) -> None:
        """``meaning`` must know the same intents in the same order."""
        self._model = model
        self._extractor = extractor or EntityExtractor()
        self._meaning = meaning
        self._remembered = lru_cache(REMEMBERED)(self._weighed)

    @classmethod
    def load(
        cls,
        cache_folder: Path,
        extractor: EntityExtractor | None = None,
        *,
        examples: Path = TRAINING_FOLDER,
    ) -> "EmbeddedInterpreter":
        """What this installation has taught and published; otherwise the model of the ``examples``
        from the cache, trained anew when it is missing, damaged or of others.

        Training takes some ten seconds and happens at set-up (``python -m nlu.intents.train``).
        """
        if (own := published(cache_folder, examples)) is not None:
            return cls(own.model, extractor, own.meaning)
        return cls.of_examples(cache_folder, extractor, examples=examples)

    @classmethod
    def of_examples(
        cls,
        cache_folder: Path,
        extractor: EntityExtractor | None = None,
        *,
        examples: Path = TRAINING_FOLDER,
    ) -> "EmbeddedInterpreter":
        """The model of these examples alone, whatever has been learnt."""
        wanted = provenance(examples)
        try:
            model = LinearModel.load(cache_folder)
        except UnusableModel as reason:
            log.info("no trained model: %s", reason)
        else:
            if model.fingerprint == wanted:
                return cls(model, extractor, second_opinion(model))
            log.info("the examples have changed since the model was trained")
        # scikit-learn takes one to two seconds to import: only who trains pays for it
        from nlu.intents.train import train  # noqa: PLC0415

        model = train(examples, progress=log.info)
        try:
            model.save(cache_folder)
        except OSError as error:
            log.warning("the trained model cannot be kept: %s", error)
        return cls(model, extractor, second_opinion(model))

    @property
    def intents(self) -> tuple[str, ...]:
        """Every name that an interpreter may answer with."""
        return self._model.intents

    @property
    def models(self) -> tuple[LinearModel, MeaningModel | None]:
        """Both opinions, the second where there is one."""
        return self._model, self._meaning

    def parse(self, text: str) -> Parse:
        """Never raises. A guess below the threshold is ``out_of_scope``, with the probability
        that the guess would have been wrong; the ranking is always the model's own."""
        try:
            return self._parse(text)
        except Exception as error:  # the port promises an answer; the words are personal
            log.error("an utterance could not be parsed: %s", type(error).__name__)
            return Parse()

    def _parse(self, text: str) -> Parse:
        words = normalize(text)
        if not words:
            return Parse(OUT_OF_SCOPE, 1.0, ((OUT_OF_SCOPE, 1.0),))
        weighed = self._remembered if COMMON.fullmatch(words) else self._weighed
        ranking, threshold = weighed(words)
        intent, confidence = ranking[0]
        if intent != OUT_OF_SCOPE and confidence < threshold:
            intent, confidence = OUT_OF_SCOPE, 1 - confidence
        return Parse(intent, confidence, ranking, self._extractor.extract(text))

    def _weighed(self, words: str) -> tuple[Ranking, float]:
        """Every intent with its probability, and below which the first is not trusted."""
        letters, meaning = self._model, self._meaning
        words = with_signs(words, self._extractor)
        by_letters = tuple(letters.ranking(words))
        if meaning is None or by_letters[0][1] >= meaning.sure:
            return by_letters, letters.threshold
        embed = embedder()
        if embed is None:
            return by_letters, letters.threshold
        shares = meaning.probabilities(letters.scores(words), embed([spelled(words)])[0])
        order = np.argsort(-shares, kind="stable")
        return tuple((meaning.intents[i], float(shares[i])) for i in order), meaning.threshold


def second_opinion(model: LinearModel) -> MeaningModel | None:
    """None where its numbers are of other intents than the letters' are."""
    try:
        meaning = MeaningModel.load()
    except UnusableModel as reason:
        log.warning("letters alone decide: %s", reason)
        return None
    if meaning.intents != model.intents:
        log.warning("letters alone decide: the second opinion knows other intents")
        return None
    return meaning
