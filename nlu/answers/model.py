"""What was learnt of the clauses: a few numbers, made beforehand (``python -m nlu.answers.train``).

Vectors of all questions take minutes, so they are not made where the assistant is set up. A test
holds that the numbers were made from the clauses as they are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nlu.answers.evidence import NONE
from nlu.answers.lexicon import Scores
from nlu.answers.neighbours import Neighbours
from nlu.intents.model import UnusableModel
from nlu.intents.vectors import DIMENSIONS, Vectors

EIGHTH = 300  # a number of a unit vector is kept in eight bits; few are beyond 0.42
PATH = Path(__file__).with_name("answers.npz")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How clauses are put in order (``order``, for ``evidence.ranked``), and whether the first answers:
    a logistic regression on the evidence, less ``mean`` and by ``scale``. From ``threshold`` on it is
    told; ``close`` is how near another clause's score comes that is worth telling as well."""

    order: Scores
    mean: Scores
    scale: Scores
    weights: Scores
    threshold: float
    close: float

    def probability(self, evidence: Scores) -> float:
        """That the clause which came first answers; calibrated on held-out questions."""
        odds = float(((evidence - self.mean) / self.scale) @ self.weights[1:] + self.weights[0])
        return 1 / (1 + float(np.exp(-np.clip(odds, -30, 30))))


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """Log-odds of each clause, and of the ways of no answer (``NONE``, the last columns), as a linear
    model of the sentence vector less ``mean``; and two judgements, with vectors and by letters alone.
    """

    clauses: tuple[str, ...]
    mean: Vectors
    coefficients: Vectors
    intercept: Vectors
    full: Judgement
    light: Judgement
    fingerprint: str
    neighbours: Neighbours

    def odds(self, vectors: Vectors) -> Scores:
        """One row for each centred vector: the clauses in order, then ``NONE``."""
        found: Scores = (vectors @ self.coefficients + self.intercept).astype(float)
        return found

    def centred(self, vectors: Vectors) -> Vectors:
        away = vectors - self.mean
        found: Vectors = away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-9)
        return found

    def learning(self, questions: Mapping[str, Vectors]) -> "AnswerModel":
        """With clauses more, each known by the vectors of its questions alone.

        What is learnt of shipped clauses is like the mean of their questions, but sharper: a new
        one gets that direction with the strength that the others have on average.
        """
        count = len(self.clauses)
        asked = [self.centred(vectors) for vectors in questions.values()]
        mean = np.stack([vectors.mean(axis=0) for vectors in asked])
        directions = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        strength = float(np.linalg.norm(self.coefficients[:, :count], axis=0).mean())
        columns = (directions * strength).astype(np.float32).T
        known, none = np.split(self.coefficients, [count], axis=1)
        usual = np.full(len(asked), self.intercept[:count].mean(), self.intercept.dtype)
        of = np.repeat(np.arange(len(asked)) + count, [len(vectors) for vectors in asked])
        return replace(
            self,
            clauses=(*self.clauses, *questions),
            coefficients=np.hstack([known, columns, none]),
            intercept=np.concatenate([self.intercept[:count], usual, self.intercept[count:]]),
            neighbours=Neighbours(
                np.vstack([self.neighbours.questions, *asked]),
                np.append(self.neighbours.of, of.astype(np.int32)),
            ),
        )

    def save(self, path: Path = PATH) -> None:
        head = {"clauses": self.clauses, "fingerprint": self.fingerprint}
        judged: dict[str, Any] = {
            f"{name}_{part}": np.asarray(getattr(judgement, part), np.float32)
            for name, judgement in (("full", self.full), ("light", self.light))
            for part in Judgement.__slots__
        }
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                head=np.frombuffer(json.dumps(head).encode(), np.uint8),
                mean=self.mean.astype(np.float32),
                coefficients=self.coefficients.astype(np.float16),
                intercept=self.intercept.astype(np.float32),
                questions=_eight_bits(self.neighbours.questions),
                of=self.neighbours.of.astype(np.int16),
                **judged,
            )

    @classmethod
    def load(cls, path: Path = PATH) -> "AnswerModel":
        """Raises :class:`UnusableModel` when there is none or it is damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                head = json.loads(arrays["head"].tobytes())
                model = cls(
                    clauses=tuple(head["clauses"]),
                    mean=arrays["mean"],
                    coefficients=arrays["coefficients"].astype(np.float32),
                    intercept=arrays["intercept"],
                    full=_judgement(arrays, "full"),
                    light=_judgement(arrays, "light"),
                    fingerprint=str(head["fingerprint"]),
                    neighbours=Neighbours(
                        arrays["questions"].astype(np.float32) / EIGHTH,
                        arrays["of"].astype(np.int32),
                    ),
                )
        except Exception as error:  # a damaged archive can raise nearly anything
            raise UnusableModel(f"{path}: {error}") from error
        if model.coefficients.shape != (DIMENSIONS, len(model.clauses) + len(NONE)):
            raise UnusableModel(f"{path}: the arrays do not fit together")
        return model


def _eight_bits(vectors: Vectors) -> np.ndarray[Any, np.dtype[np.int8]]:
    return np.clip(np.rint(vectors * EIGHTH), -127, 127).astype(np.int8)


def _judgement(arrays: np.lib.npyio.NpzFile, name: str) -> Judgement:
    found = {part: arrays[f"{name}_{part}"].astype(float) for part in Judgement.__slots__}
    return Judgement(
        order=found["order"],
        mean=found["mean"],
        scale=found["scale"],
        weights=found["weights"],
        threshold=float(found["threshold"]),
        close=float(found["close"]),
    )
