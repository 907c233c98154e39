"""Two interpreters on the same utterances, sentence by sentence: has one become worse?

Models trained on nearly the same examples differ in a few sentences by chance, so a sum that is a
little lower says little. What each sentence won or lost is counted, and only more losses than chance
would bring are a loss, or so many that it does not matter why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

from nlu.interpreter import OUT_OF_SCOPE, Interpreter, Parse
from nlu.measure import Measured, Share, measure
from nlu.training_data import Utterance

CHANCE = 0.05  # so seldom would losses of this size come about by chance, were both equally good
MOST_REQUESTS = 0.005  # of the requests may be lost, or be refused, whatever chance says
MOST_STRANGERS = 0.01  # of what is not ours may be let in, whatever chance says
LEAST = 2  # utterances that one intent may lose
SHARE = 0.1  # of its utterances, if that is more


class Answers:
    """What an interpreter makes of words, each asked for once."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._given: dict[str, Parse] = {}

    def parse(self, text: str) -> Parse:
        if text not in self._given:
            self._given[text] = self._interpreter.parse(text)
        return self._given[text]


@dataclass(frozen=True, slots=True)
class Moved:
    """Utterances that only the second one has right (``won``), or only the first (``lost``)."""

    won: int
    lost: int
    of: int

    def is_worse(self, most: float) -> bool:
        """By an exact sign test (McNemar's), or by more than ``most`` of all."""
        return self.chance < CHANCE or self.lost - self.won > most * self.of

    @property
    def chance(self) -> float:
        """How probable so many losses or more are where both are equally good; 1 where none are lost."""
        moved = self.won + self.lost
        return sum(comb(moved, lost) for lost in range(self.lost, moved + 1)) / 2.0**moved


@dataclass(frozen=True, slots=True)
class Comparison:
    """The candidate against another model (``name``): requests understood, what is not ours refused,
    and requests not refused."""

    name: str
    before: Measured
    after: Measured
    requests: Moved
    strangers: Moved
    taken: Moved

    @property
    def worse(self) -> list[str]:
        """Why the candidate must not take the place of the other; nothing where it may."""
        before, after = self.before, self.after
        found = []
        if self.requests.is_worse(MOST_REQUESTS):
            changed = change(before.accuracy, after.accuracy)
            found.append(f"请求听懂得少了 · requests understood {changed}")
        if self.strangers.is_worse(MOST_STRANGERS):
            changed = change(before.out_of_scope_refused, after.out_of_scope_refused)
            found.append(f"无关的话拒绝得少了 · others' business refused {changed}")
        if self.taken.is_worse(MOST_REQUESTS):
            changed = change(before.requests_refused, after.requests_refused)
            found.append(f"请求误拒得多了 · requests refused wrongly {changed}")
        for intent, was in before.by_intent.items():
            now = after.by_intent[intent]
            if was.count - now.count > max(LEAST, SHARE * was.of):
                found.append(f"{intent} {change(was, now)}")
        return found


def compared(
    name: str, first: Interpreter, second: Interpreter, utterances: Sequence[Utterance]
) -> Comparison:
    requests = [one for one in utterances if one.intent != OUT_OF_SCOPE]
    strangers = [one for one in utterances if one.intent == OUT_OF_SCOPE]

    def moved(some: Sequence[Utterance], right: Callable[[Utterance, Parse], bool]) -> Moved:
        both = [
            (right(one, first.parse(one.text)), right(one, second.parse(one.text))) for one in some
        ]
        return Moved(both.count((False, True)), both.count((True, False)), len(some))

    def understood(one: Utterance, parse: Parse) -> bool:
        return parse.intent == one.intent

    def taken(_: Utterance, parse: Parse) -> bool:
        return parse.intent != OUT_OF_SCOPE

    return Comparison(
        name,
        measure(first, utterances),
        measure(second, utterances),
        moved(requests, understood),
        moved(strangers, understood),
        moved(requests, taken),
    )


def table(one: Comparison) -> list[str]:
    before, after = one.before, one.after
    lines = [
        row("请求听懂 · requests understood", before.accuracy, after.accuracy, one.requests),
        row(
            "无关的话拒绝 · others' business refused",
            before.out_of_scope_refused,
            after.out_of_scope_refused,
            one.strangers,
        ),
        row("请求误拒 · requests refused wrongly", before.requests_refused, after.requests_refused),
    ]
    for intent, was in before.by_intent.items():
        now = after.by_intent[intent]
        if now.count != was.count:
            lines.append(f"    {intent}: {change(was, now)}")
    return lines


def row(name: str, before: Share, after: Share, moved: Moved | None = None) -> str:
    sentences = f"，变好 won {moved.won}，变差 lost {moved.lost}" if moved else ""
    return f"  {name}: {percent(before)} → {percent(after)}  ({change(before, after)}{sentences})"


def change(before: Share, after: Share) -> str:
    return f"{before.count}/{before.of} → {after.count}/{after.of}"


def percent(one: Share) -> str:
    return f"{100 * one.share:.1f} %" if one.of else "–"
