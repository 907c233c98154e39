"""How well an interpreter understands utterances whose meaning is known.

Any :class:`~nlu.interpreter.Interpreter` can be measured, on any utterances; nothing is trained here.
"""

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nlu.interpreter import OUT_OF_SCOPE, Entity, Interpreter, Parse
from nlu.training_data import Utterance

LANGUAGES = ("zh", "en", "mixed")
BINS = 10
_CHINESE = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]{4,}")  # shorter ones are GPA, PDF and CET, which are Chinese by now
_LETTER = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1; not a number where there was nothing to count."""
        return self.count / self.of if self.of else math.nan


@dataclass(frozen=True, slots=True)
class Confusion:
    """``count`` utterances that mean ``intent`` were taken for ``taken_for``."""

    intent: str
    taken_for: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """Entities that were found, found though they are not there, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return Share(self.right, self.right + self.wrong).share

    @property
    def recall(self) -> float:
        return Share(self.right, self.right + self.missed).share

    @property
    def f1(self) -> float:
        """The harmonic mean of the two; not a number where there was nothing to find."""
        return Share(2 * self.right, 2 * self.right + self.wrong + self.missed).share


@dataclass(frozen=True, slots=True)
class Measured:
    """``accuracy`` counts the requests, which are the utterances that are in scope; the three tables
    by name count them too, except that ``by_intent`` has a row for what is out of scope.

    An entity counts as found when its name and value are right (``entities``), or its name and
    place in the words (``spans``); those of utterances out of scope are nobody's concern.
    Milliseconds are of wall clock, one utterance at a time. ``calibration_error`` is the expected
    difference between confidence and how often it was right, over ten bins of confidence.
    """

    utterances: int
    accuracy: Share
    by_intent: dict[str, Share]
    by_language: dict[str, Share]
    confusions: tuple[Confusion, ...]
    out_of_scope_refused: Share
    requests_refused: Share
    entities: Found
    spans: Found
    by_entity: dict[str, Found]
    spans_by_entity: dict[str, Found]
    calibration_error: float
    milliseconds_p50: float
    milliseconds_p95: float

    def as_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``, with shares and F1 spelled out; what cannot be told is null."""
        told: dict[str, Any] = _told(asdict(self))
        return told

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Measured":
        """What :meth:`as_json` wrote. Raises ``KeyError``, ``TypeError`` or ``ValueError`` on
        anything else."""
        return cls(
            utterances=int(told["utterances"]),
            accuracy=_share(told["accuracy"]),
            by_intent={name: _share(one) for name, one in told["by_intent"].items()},
            by_language={name: _share(one) for name, one in told["by_language"].items()},
            confusions=tuple(Confusion(**one) for one in told["confusions"]),
            out_of_scope_refused=_share(told["out_of_scope_refused"]),
            requests_refused=_share(told["requests_refused"]),
            entities=_found(told["entities"]),
            spans=_found(told["spans"]),
            by_entity={name: _found(one) for name, one in told["by_entity"].items()},
            spans_by_entity={name: _found(one) for name, one in told["spans_by_entity"].items()},
            calibration_error=_number(told["calibration_error"]),
            milliseconds_p50=_number(told["milliseconds_p50"]),
            milliseconds_p95=_number(told["milliseconds_p95"]),
        )


def measure(interpreter: Interpreter, utterances: Iterable[Utterance]) -> Measured:
    """Parse every utterance once, in order, and compare.

    The first is parsed once more beforehand, so that what is loaded at first use is nobody's latency.
    Raises ``ValueError`` when there is nothing to measure on.
    """
    asked = list(utterances)
    if not asked:
        raise ValueError("there are no utterances to measure on")
    interpreter.parse(asked[0].text)
    parses: list[Parse] = []
    took: list[float] = []
    for utterance in asked:
        began = time.perf_counter()
        parses.append(interpreter.parse(utterance.text))
        took.append((time.perf_counter() - began) * 1000)
    return compared(asked, parses, took)


def compared(
    utterances: Sequence[Utterance], parses: Sequence[Parse], milliseconds: Sequence[float]
) -> Measured:
    """The figures of answers that are there already, one for each utterance."""
    pairs = list(zip(utterances, parses, strict=True))
    requests = [(u, p) for u, p in pairs if u.intent != OUT_OF_SCOPE]
    strangers = [(u, p) for u, p in pairs if u.intent == OUT_OF_SCOPE]
    confused = Counter((u.intent, p.intent) for u, p in pairs if u.intent != p.intent)
    wanted = [u.entities for u, _ in requests]
    given = [p.entities for _, p in requests]
    entities, by_entity = _overlap(wanted, given, _by_value)
    spans, spans_by_entity = _overlap(wanted, given, _by_place)
    return Measured(
        utterances=len(pairs),
        accuracy=_right(requests),
        by_intent={
            intent: _right([pair for pair in pairs if pair[0].intent == intent])
            for intent in sorted({u.intent for u in utterances})
        },
        by_language={
            language: _right([pair for pair in requests if language_of(pair[0].text) == language])
            for language in LANGUAGES
        },
        confusions=tuple(
            Confusion(intent, taken_for, count)
            for (intent, taken_for), count in sorted(confused.items(), key=lambda c: (-c[1], c[0]))
        ),
        out_of_scope_refused=_right(strangers),
        requests_refused=Share(
            sum(p.intent == OUT_OF_SCOPE for _, p in requests),
            len(requests),
        ),
        entities=entities,
        spans=spans,
        by_entity=by_entity,
        spans_by_entity=spans_by_entity,
        calibration_error=_calibration_error(pairs),
        milliseconds_p50=_quantile(milliseconds, 0.5),
        milliseconds_p95=_quantile(milliseconds, 0.95),
    )


def language_of(text: str) -> str:
    """``mixed`` is Chinese with an English word in it that is more than an abbreviation."""
    if _CHINESE.search(text):
        return "mixed" if _WORD.search(text) else "zh"
    return "en" if _LETTER.search(text) else "zh"


def _right(pairs: Sequence[tuple[Utterance, Parse]]) -> Share:
    return Share(sum(u.intent == p.intent for u, p in pairs), len(pairs))


def _by_value(entity: Entity) -> tuple[str, ...]:
    return entity.entity, entity.value


def _by_place(entity: Entity) -> tuple[str, ...]:
    return entity.entity, str(entity.start), str(entity.end)


def _overlap(
    wanted: Sequence[Sequence[Entity]],
    given: Sequence[Sequence[Entity]],
    key: Callable[[Entity], tuple[str, ...]],
) -> tuple[Found, dict[str, Found]]:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for truth, found in zip(wanted, given, strict=True):
        expected, got = {key(one) for one in truth}, {key(one) for one in found}
        right.update(one[0] for one in expected & got)
        wrong.update(one[0] for one in got - expected)
        missed.update(one[0] for one in expected - got)
    names = sorted({*right, *wrong, *missed})
    each = {name: Found(right[name], wrong[name], missed[name]) for name in names}
    return Found(right.total(), wrong.total(), missed.total()), each


def _calibration_error(pairs: Sequence[tuple[Utterance, Parse]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for utterance, parse in pairs:
        at = min(int(parse.confidence * BINS), BINS - 1)
        bins.setdefault(at, []).append((parse.confidence, parse.intent == utterance.intent))
    off = (
        abs(sum(confidence for confidence, _ in one) - sum(right for _, right in one))
        for one in bins.values()
    )
    return sum(off) / len(pairs)


def _quantile(values: Sequence[float], share: float) -> float:
    """By nearest rank."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        told = {name: _told(one) for name, one in value.items()}
        if told.keys() == {"count", "of"}:
            told["share"] = _told(Share(**value).share)
        elif told.keys() == {"right", "wrong", "missed"}:
            found = Found(**value)
            told |= {n: _told(getattr(found, n)) for n in ("precision", "recall", "f1")}
        return told
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value


def _share(told: dict[str, Any]) -> Share:
    return Share(int(told["count"]), int(told["of"]))


def _found(told: dict[str, Any]) -> Found:
    return Found(int(told["right"]), int(told["wrong"]), int(told["missed"]))


def _number(told: float | None) -> float:
    return math.nan if told is None else float(told)
