"""The second opinion: letters and sentence vectors together, where letters alone leave doubt.

Its numbers are few and take minutes to make, so they are made beforehand (``python -m
nlu.intents.train_meaning``) and stand beside this file.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.intents.model import Floats, UnusableModel
from nlu.intents.vectors import Vectors

PATH = Path(__file__).with_name("meaning.npz")


@dataclass(frozen=True, slots=True)
class MeaningModel:
    """Log-odds of the intents: ``letters`` times the letters' scores, and a linear model of the
    vector less the ``mean`` of all, ``meaning`` times.

    Where letters alone give ``sure`` or more of probability, both together said otherwise in one of
    two hundred held-out examples, and are not asked. Below ``threshold`` the best guess of both is not
    trusted. ``fingerprint`` tells which examples it was trained on.
    """

    intents: tuple[str, ...]
    mean: Vectors
    coefficients: Vectors
    intercept: Vectors
    letters: float
    meaning: float
    sure: float
    threshold: float
    fingerprint: str

    def probabilities(self, letter_scores: Floats, vectors: Vectors) -> Floats:
        """One row for each utterance; ``letter_scores`` as ``LinearModel.scores`` gives them."""
        odds = self.letters * letter_scores + self.meaning * self.opinion(vectors)
        odds = np.exp(odds - odds.max(axis=-1, keepdims=True))
        shares: Floats = odds / odds.sum(axis=-1, keepdims=True)
        return shares

    def opinion(self, vectors: Vectors) -> Floats:
        """What the vectors alone say, as log-odds."""
        centred = vectors - self.mean
        centred = centred / np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1e-9)
        found: Floats = (centred @ self.coefficients + self.intercept).astype(np.float64)
        return found

    def save(self, path: Path = PATH) -> None:
        head = {
            name: getattr(self, name)
            for name in ("intents", "letters", "meaning", "sure", "threshold", "fingerprint")
        }
        packed = json.dumps(head, ensure_ascii=False).encode()
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                head=np.frombuffer(packed, np.uint8),
                mean=self.mean.astype(np.float32),
                coefficients=self.coefficients.astype(np.float32),
                intercept=self.intercept.astype(np.float32),
            )

    @classmethod
    def load(cls, path: Path = PATH) -> "MeaningModel":
        """Raises :class:`UnusableModel` when there is none or it is damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                head = json.loads(arrays["head"].tobytes())
                model = cls(
                    intents=tuple(head["intents"]),
                    mean=arrays["mean"],
                    coefficients=arrays["coefficients"],
                    intercept=arrays["intercept"],
                    letters=float(head["letters"]),
                    meaning=float(head["meaning"]),
                    sure=float(head["sure"]),
                    threshold=float(head["threshold"]),
                    fingerprint=str(head["fingerprint"]),
                )
        except Exception as error:  # a damaged archive can raise nearly anything
            raise UnusableModel(f"{path}: {error}") from error
        if model.coefficients.shape != (len(model.mean), len(model.intents)):
            raise UnusableModel(f"{path}: the arrays do not fit together")
        return model
