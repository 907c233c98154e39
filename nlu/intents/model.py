"""The trained classifier as plain arrays: read in milliseconds, run with numpy alone."""

import json
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.intents.features import BLOCKS, features

FILE_NAME = "intents.npz"
Floats = NDArray[np.float64]


class UnusableModel(Exception):
    """The file is not a model, or not one that this version can read."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """TF-IDF over the blocks of features, then one linear score for each intent.

    ``temperature`` divides the scores so that probabilities are true to frequencies; below
    ``threshold`` the best guess is not trusted. ``fingerprint`` tells what it was trained from.
    """

    intents: tuple[str, ...]
    vocabularies: dict[str, dict[str, int]]
    idf: Floats
    coefficients: Floats
    intercept: Floats
    weights: dict[str, float]
    temperature: float
    threshold: float
    fingerprint: str

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Every intent with its probability, the likeliest first; ``text`` is normalized."""
        scores = self.scores(text) / self.temperature
        probabilities = np.exp(scores - scores.max())
        probabilities /= probabilities.sum()
        order = np.argsort(-probabilities, kind="stable")
        return [(self.intents[i], float(probabilities[i])) for i in order]

    def scores(self, text: str) -> Floats:
        """The linear scores in the order of :attr:`intents`."""
        rows: list[int] = []
        values: list[float] = []
        found = features(text)
        for block in BLOCKS:
            known = self._weighted(block, found[block])
            rows += known.keys()
            values += known.values()
        if not rows:
            return self.intercept
        return self.intercept + np.asarray(values) @ self.coefficients[rows]

    def _weighted(self, block: str, found: list[str]) -> dict[int, float]:
        vocabulary = self.vocabularies[block]
        counts = Counter(row for name in found if (row := vocabulary.get(name)) is not None)
        if not counts:
            return {}
        values = {row: (1 + log(count)) * self.idf[row] for row, count in counts.items()}
        length = sum(value * value for value in values.values()) ** 0.5
        scale = self.weights[block] / length
        return {row: value * scale for row, value in values.items()}

    def save(self, folder: Path) -> Path:
        """Written whole or not at all; a second process may do the same at the same time."""
        head = {
            "intents": self.intents,
            "vocabularies": {block: list(words) for block, words in self.vocabularies.items()},
            "weights": self.weights,
            "temperature": self.temperature,
            "threshold": self.threshold,
            "fingerprint": self.fingerprint,
        }
        packed = json.dumps(head, ensure_ascii=False).encode()
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    head=np.frombuffer(packed, np.uint8),
                    idf=self.idf,
                    coefficients=self.coefficients,
                    intercept=self.intercept,
                )
            path = folder / FILE_NAME
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path

    @classmethod
    def load(cls, folder: Path) -> "LinearModel":
        """Raises :class:`UnusableModel` when there is none or it is damaged."""
        try:
            with (
                (folder / FILE_NAME).open("rb") as file,
                np.load(file, allow_pickle=False) as arrays,
            ):
                head = json.loads(arrays["head"].tobytes())
                vocabularies: dict[str, dict[str, int]] = {}
                start = 0
                for block in BLOCKS:
                    words = head["vocabularies"][block]
                    vocabularies[block] = dict(
                        zip(words, range(start, start + len(words)), strict=True)
                    )
                    start += len(words)
                model = cls(
                    intents=tuple(head["intents"]),
                    vocabularies=vocabularies,
                    idf=arrays["idf"],
                    coefficients=arrays["coefficients"],
                    intercept=arrays["intercept"],
                    weights={block: float(head["weights"][block]) for block in BLOCKS},
                    temperature=float(head["temperature"]),
                    threshold=float(head["threshold"]),
                    fingerprint=str(head["fingerprint"]),
                )
        except Exception as error:  # a damaged archive can raise nearly anything
            raise UnusableModel(f"{folder / FILE_NAME}: {error}") from error
        if model.coefficients.shape != (start, len(model.intents)) or model.idf.shape != (start,):
            raise UnusableModel(f"{folder / FILE_NAME}: the arrays do not fit together")
        return model
