"""Training on the shipped and the learnt examples, and publishing what is not worse.

A candidate is trained in a folder of its own and measured on the test sets, as is the model in use.
It is published only if nothing that counts has become worse; otherwise nothing is changed.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nlu import learnt
from nlu.embedded import EmbeddedInterpreter
from nlu.intents.publication import publish, published
from nlu.intents.vectors import embedder
from nlu.learnt import Selection
from nlu.measure import Measured, Share, measure
from nlu.training_data import TEST_FOLDER, TRAINING_FOLDER, Utterance, read

Progress = Callable[[str], None]

# How much worse is no worse: what retraining on the same examples may change by itself.
STRANGERS = 0.005  # of what is not ours, refused less often
REFUSED = 0.003  # of the requests, refused more often
LEAST = 2  # utterances that one intent may lose
SHARE = 0.1  # of its utterances, if that is more


class NothingLearnt(ValueError):
    """There is no example to learn; ``left_out`` says why."""

    def __init__(self, selection: Selection) -> None:
        super().__init__("no example to learn")
        self.left_out = selection.left_out


@dataclass(frozen=True, slots=True)
class Comparison:
    """The candidate against another model (``name``); ``worse`` are the reasons against it."""

    name: str
    before: Measured
    after: Measured

    @property
    def worse(self) -> list[str]:
        return worse(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``learnt_before`` and ``learnt_after``: how many of the learnt examples are understood."""

    selection: Selection
    comparisons: tuple[Comparison, ...]
    learnt_before: Share
    learnt_after: Share
    folder: Path | None  # where it was published; None where it was not

    @property
    def reasons(self) -> list[str]:
        return [f"{one.name}：{why}" for one in self.comparisons for why in one.worse]


def retrain(
    cache: Path,
    file: Path,
    *,
    examples: Path = TRAINING_FOLDER,
    tests: Path = TEST_FOLDER,
    progress: Progress = lambda _: None,
    only_measure: bool = False,
) -> Outcome:
    """One candidate from the ``examples`` and what ``file`` teaches, measured on the ``tests``.

    Raises NothingLearnt, or ValueError where a file is no training data.
    """
    shipped, asked = read(examples), read(tests)
    selection = learnt.selected(learnt.in_file(file), shipped, asked)
    if not selection.kept:
        raise NothingLearnt(selection)
    # scikit-learn takes seconds to import: only who trains pays for it
    from nlu.intents.train import train  # noqa: PLC0415
    from nlu.intents.train_meaning import train_meaning  # noqa: PLC0415

    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in examples.glob("*.yml"):
            shutil.copy(path, folder)
        learnt.write(selection.kept, folder / learnt.FILE)
        model = train(folder, progress)
        meaning = None
        if embedder() is not None:
            meaning = train_meaning(folder, cache / "vectors.npz", progress)
    candidate = EmbeddedInterpreter(model, meaning=meaning)
    in_use = EmbeddedInterpreter.load(cache, examples=examples)
    others = {"现在用的 · in use": in_use}
    if published(cache, examples) is not None:  # small losses must not add up
        others["出厂的 · as shipped"] = EmbeddedInterpreter.of_examples(cache, examples=examples)
    progress(f"measuring on {len(asked)} utterances")
    after = measure(candidate, asked)
    comparisons = tuple(
        Comparison(name, measure(one, asked), after) for name, one in others.items()
    )
    outcome = Outcome(
        selection,
        comparisons,
        understood(in_use, selection.kept),
        understood(candidate, selection.kept),
        None,
    )
    if outcome.reasons or only_measure:
        return outcome
    place = publish(cache, model, meaning, selection.kept, told(outcome))
    return Outcome(
        selection, comparisons, outcome.learnt_before, outcome.learnt_after, folder=place
    )


def understood(interpreter: EmbeddedInterpreter, utterances: tuple[Utterance, ...]) -> Share:
    right = sum(interpreter.parse(one.text).intent == one.intent for one in utterances)
    return Share(right, len(utterances))


def worse(before: Measured, after: Measured) -> list[str]:
    """Why the second must not take the place of the first; nothing where it may."""
    found = []
    if after.accuracy.share < before.accuracy.share:
        found.append(
            f"请求听懂得少了 · requests understood {change(before.accuracy, after.accuracy)}"
        )
    one, other = before.out_of_scope_refused, after.out_of_scope_refused
    if other.of and other.share < one.share - STRANGERS:
        found.append(f"无关的话拒绝得少了 · others' business refused {change(one, other)}")
    one, other = before.requests_refused, after.requests_refused
    if other.of and other.share > one.share + REFUSED:
        found.append(f"请求误拒得多了 · requests refused wrongly {change(one, other)}")
    for intent, was in before.by_intent.items():
        now = after.by_intent[intent]
        if was.count - now.count > max(LEAST, SHARE * was.of):
            found.append(f"{intent} {change(was, now)}")
    return found


def change(before: Share, after: Share) -> str:
    return f"{before.count}/{before.of} → {after.count}/{after.of}"


def told(outcome: Outcome) -> str:
    """The report for people: before and after, what moved, what was left out, and the verdict."""
    lines = [f"学了 {len(outcome.selection.kept)} 句 · examples learnt"]
    for number, why in outcome.selection.left_out:
        lines.append(f"  没有用 left out: {number}（{why}）")
    for one in outcome.comparisons:
        lines += ["", f"和{one.name}比 · compared", *table(one.before, one.after)]
    lines += [
        "",
        row("教过的句子听懂 · learnt ones understood", outcome.learnt_before, outcome.learnt_after),
    ]
    if outcome.reasons:
        lines += ["", "不发布，什么都没有改变 · not published, nothing changed:"]
        lines += [f"  {reason}" for reason in outcome.reasons]
    return "\n".join(lines) + "\n"


def table(before: Measured, after: Measured) -> list[str]:
    lines = [
        row("请求听懂 · requests understood", before.accuracy, after.accuracy),
        row(
            "无关的话拒绝 · others' business refused",
            before.out_of_scope_refused,
            after.out_of_scope_refused,
        ),
        row("请求误拒 · requests refused wrongly", before.requests_refused, after.requests_refused),
    ]
    for intent, was in before.by_intent.items():
        now = after.by_intent[intent]
        if now.count != was.count:
            lines.append(f"    {intent}: {change(was, now)}")
    return lines


def row(name: str, before: Share, after: Share) -> str:
    return f"  {name}: {percent(before)} → {percent(after)}  ({change(before, after)})"


def percent(one: Share) -> str:
    return f"{100 * one.share:.1f} %" if one.of else "–"
