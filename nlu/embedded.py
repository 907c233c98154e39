"""The interpreter that lives in the process: no service, no start-up cost, numpy only."""

import logging
from pathlib import Path

from nlu.entities import EntityExtractor
from nlu.interpreter import OUT_OF_SCOPE, Parse
from nlu.model import LinearModel, UnusableModel
from nlu.normalize import normalize
from nlu.provenance import provenance

log = logging.getLogger(__name__)


def is_current(cache_folder: Path) -> bool:
    """Whether the cache holds a model of the examples as they are now."""
    try:
        return LinearModel.load(cache_folder).fingerprint == provenance()
    except UnusableModel:
        return False


class EmbeddedInterpreter:
    """Fills the port with a trained linear model and an entity grammar."""

    def __init__(self, model: LinearModel, extractor: EntityExtractor | None = None) -> None:
        self._model = model
        self._extractor = extractor or EntityExtractor()

    @classmethod
    def load(
        cls, cache_folder: Path, extractor: EntityExtractor | None = None
    ) -> "EmbeddedInterpreter":
        """From the cache; trained anew when it is missing, damaged or of other examples.

        Training takes some ten seconds and happens at set-up (``python -m nlu.train``).
        """
        wanted = provenance()
        try:
            model = LinearModel.load(cache_folder)
        except UnusableModel as reason:
            log.info("no trained model: %s", reason)
        else:
            if model.fingerprint == wanted:
                return cls(model, extractor)
            log.info("the examples have changed since the model was trained")
        # scikit-learn takes one to two seconds to import: only who trains pays for it
        from nlu.train import train  # noqa: PLC0415

        model = train(progress=log.info)
        try:
            model.save(cache_folder)
        except OSError as error:
            log.warning("the trained model cannot be kept: %s", error)
        return cls(model, extractor)

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
        ranking = tuple(self._model.ranking(words))
        intent, confidence = ranking[0]
        if intent != OUT_OF_SCOPE and confidence < self._model.threshold:
            intent, confidence = OUT_OF_SCOPE, 1 - confidence
        return Parse(intent, confidence, ranking, self._extractor.extract(text))
