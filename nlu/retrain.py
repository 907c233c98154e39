"""Training on the shipped and the learnt examples, and publishing what is not worse.

A candidate is trained in a folder of its own and measured on the test sets, as is the model in use;
like is compared with like, sentence by sentence (``nlu/comparison.py``). It is published unless it is
worse; otherwise nothing is changed.
"""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nlu import learnt
from nlu.comparison import Answers, Comparison, compared, row, table
from nlu.embedded import EmbeddedInterpreter
from nlu.intents.publication import publish, published
from nlu.intents.vectors import embedder
from nlu.learnt import Selection, Taught
from nlu.measure import Share
from nlu.training_data import TEST_FOLDER, TRAINING_FOLDER, read

Progress = Callable[[str], None]


class NothingLearnt(ValueError):
    """There is no example to learn; ``left_out`` says why."""

    def __init__(self, selection: Selection) -> None:
        super().__init__("no example to learn")
        self.left_out = selection.left_out


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
    taught: Iterable[Taught],
    *,
    examples: Path = TRAINING_FOLDER,
    tests: Path = TEST_FOLDER,
    progress: Progress = lambda _: None,
    only_measure: bool = False,
) -> Outcome:
    """One candidate from the ``examples`` and what was ``taught``, measured on the ``tests``.

    Raises NothingLearnt.
    """
    shipped, asked = read(examples), read(tests)
    selection = learnt.selected(taught, shipped, asked)
    if not selection.kept:
        raise NothingLearnt(selection)
    in_use = EmbeddedInterpreter.load(cache, examples=examples)
    # scikit-learn takes seconds to import: only who trains pays for it
    from nlu.intents.refit import refit, refit_meaning  # noqa: PLC0415

    letters, opinion = in_use.models
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in examples.glob("*.yml"):
            shutil.copy(path, folder)
        learnt.write(selection.kept, folder / learnt.FILE)
        model = refit(folder, letters, progress)
        meaning = None
        if embedder() is not None:
            meaning = refit_meaning(folder, opinion, cache / "vectors.npz", progress)
    candidate = EmbeddedInterpreter(model, meaning=meaning)
    others = {"现在用的 · in use": in_use}
    if published(cache, examples) is not None:  # small losses must not add up
        others["出厂的 · as shipped"] = EmbeddedInterpreter.of_examples(cache, examples=examples)
    progress(f"measuring on {len(asked)} utterances")
    after = Answers(candidate)
    comparisons = tuple(compared(name, Answers(one), after, asked) for name, one in others.items())
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


def understood(interpreter: EmbeddedInterpreter, taught: tuple[Taught, ...]) -> Share:
    right = sum(interpreter.parse(one.text).intent == one.intent for one in taught)
    return Share(right, len(taught))


def told(outcome: Outcome) -> str:
    """The report for people: before and after, what moved, what was left out, and the verdict."""
    lines = [f"学了 {len(outcome.selection.kept)} 句 · examples learnt"]
    for name, why in outcome.selection.left_out:
        lines.append(f"  没有用 left out: {name}（{why}）")
    for one in outcome.comparisons:
        lines += ["", f"和{one.name}比 · compared", *table(one)]
    lines += [
        "",
        row("教过的句子听懂 · learnt ones understood", outcome.learnt_before, outcome.learnt_after),
    ]
    if outcome.reasons:
        lines += ["", "不发布，什么都没有改变 · not published, nothing changed:"]
        lines += [f"  {reason}" for reason in outcome.reasons]
    return "\n".join(lines) + "\n"
