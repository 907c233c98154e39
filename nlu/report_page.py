"""The page of figures that says which interpreter is better, as Markdown."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Protocol

from nlu.interpreter import OUT_OF_SCOPE
from nlu.measure import LANGUAGES, Found, Measured, Share

NOT_MEASURED = "not measured"
ACCURACY, REFUSED, WRONGLY_REFUSED, F1 = 0.95, 0.90, 0.03, 0.95
"""The aims: requests understood, others' business refused, requests refused at most, entities."""
_CONFUSIONS = 15
_IN_WORDS = {"zh": "in Chinese", "en": "in English", "mixed": "in Chinese with English words"}


class Candidate(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def why_not(self) -> str: ...
    @property
    def train_seconds(self) -> float | None: ...
    @property
    def megabytes(self) -> float | None: ...


class Result(Protocol):
    @property
    def candidate(self) -> Candidate: ...
    @property
    def measured(self) -> Measured | None: ...
    @property
    def entities(self) -> Measured | None: ...
    @property
    def by_set(self) -> dict[str, Measured]: ...
    @property
    def entities_by_set(self) -> dict[str, Measured]: ...


def page(results: Sequence[Result], machine: str, day: date, *, trained_on: int) -> str:
    there = [result for result in results if result.measured is not None]
    sections = [
        _head(results, there, machine, day, trained_on),
        _side_by_side(results),
        _by_set(there),
        _by_intent(there),
        _by_entity(there),
        *_confusions(there),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(
    results: Sequence[Result], there: Sequence[Result], machine: str, day: date, trained_on: int
) -> str:
    lines = [
        "# Which interpreter is better",
        f"`make nlu-report` writes this page. Measured on {day.isoformat()} on {machine}.",
    ]
    if there:
        first = _of(there[0])
        lines.append(
            f"{first.utterances} test utterances, {first.accuracy.of} of them requests and"
            f" {first.out_of_scope_refused.of} out of scope, kept apart from the {trained_on:,}"
            " that are trained on and written independently of them (a test looks for copies and near"
            " copies). What counts as an entity is written down in [understanding.md](understanding.md)."
        )
        lines.append(_verdict(there))
    lines += [
        f"{result.candidate.name}: {NOT_MEASURED}, {result.candidate.why_not}."
        for result in results
        if result.measured is None
    ]
    return "\n\n".join(lines)


def _verdict(there: Sequence[Result]) -> str:
    best = max(there, key=lambda result: _of(result).accuracy.share)
    others = [
        f"{result.candidate.name} {_percent(_of(result).accuracy)}"
        for result in there
        if result is not best
    ]
    against = f" (against {', '.join(others)})" if others else ""
    return (
        f"**Better: {best.candidate.name}**, which understands {_percent(_of(best).accuracy)} of the"
        f" requests{against}. {_missed_aims(_of(best), _entities_of(best))}"
    )


def _missed_aims(measured: Measured, entities: Measured) -> str:
    missed = [
        what
        for what, reached in (
            ("intent accuracy", measured.accuracy.share >= ACCURACY),
            ("out of scope refused", measured.out_of_scope_refused.share >= REFUSED),
            ("requests refused", measured.requests_refused.share <= WRONGLY_REFUSED),
            ("entity F1", entities.entities.f1 >= F1),
        )
        if not reached
    ]
    return f"It misses the aim for {', '.join(missed)}." if missed else "It reaches every aim."


def _side_by_side(results: Sequence[Result]) -> str:
    def row(what: str, aim: str, shown: Callable[[Measured], str]) -> list[str]:
        cells = [shown(r.measured) if r.measured else NOT_MEASURED for r in results]
        return [what, aim, *cells]

    def entity_row(what: str, aim: str, shown: Callable[[Measured], str]) -> list[str]:
        cells = [shown(r.entities) if r.entities else NOT_MEASURED for r in results]
        return [what, aim, *cells]

    rows = [row("requests understood", f"≥ {ACCURACY:.0%}", lambda m: _percent(m.accuracy))]
    rows += [
        row(f"… {_IN_WORDS[language]}", "", partial(_in_language, language))
        for language in LANGUAGES
    ]
    rows += [
        row("out of scope refused", f"≥ {REFUSED:.0%}", lambda m: _percent(m.out_of_scope_refused)),
        row("requests refused", f"≤ {WRONGLY_REFUSED:.0%}", lambda m: _percent(m.requests_refused)),
        entity_row("entity F1 (name and value)", f"≥ {F1}", lambda m: _f1(m.entities)),
        entity_row("… precision", "", lambda m: _figure(m.entities.precision)),
        entity_row("… recall", "", lambda m: _figure(m.entities.recall)),
        entity_row("entity F1 (name and place)", "", lambda m: _f1(m.spans)),
        row("calibration error", "", lambda m: _figure(m.calibration_error)),
        row("latency, median", "", lambda m: f"{m.milliseconds_p50:.2f} ms"),
        row("latency, 95 in 100 below", "", lambda m: f"{m.milliseconds_p95:.2f} ms"),
        ["memory", "", *(_known(r.candidate.megabytes, "{:.0f} MB") for r in results)],
        ["training", "", *(_known(r.candidate.train_seconds, "{:.0f} s") for r in results)],
    ]
    table = _table(["", "aim", *(r.candidate.name for r in results)], rows)
    note = (
        "Latency is wall clock, one utterance at a time. Memory is that of a process that does nothing"
        " else. The second opinion of the cascade is trained beforehand and stands in the repository"
        " (`python -m nlu.intents.train_meaning`, minutes). Sets named `entities/…` measure entities"
        " only. The grammar has been mended on what every set showed, so that the figures for entities"
        " are an upper bound: at first sight it came to 0.98 (`entities/unseen`) and 0.93"
        " (`entities/last`, deliberately hard), both by somebody who knew it."
    )
    return f"## Side by side\n\n{table}\n\n{note}"


def _by_set(there: Sequence[Result]) -> str:
    if not there:
        return ""
    rows = []
    for name, first in there[0].by_set.items():
        cells = [
            " / ".join((_percent(own.accuracy), _f1(own.entities)))
            for own in (result.by_set[name] for result in there)
        ]
        rows.append([f"`{name}`", str(first.utterances), *cells])
    for name, first in there[0].entities_by_set.items():
        cells = [f"– / {_f1(result.entities_by_set[name].entities)}" for result in there]
        rows.append([f"`entities/{name}`", str(first.utterances), *cells])
    head = ["test set", "utterances", *(r.candidate.name for r in there)]
    return f"## By test set\n\nRequests understood / entity F1.\n\n{_table(head, rows)}"


def _by_intent(there: Sequence[Result]) -> str:
    if not there:
        return ""
    last = _of(there[-1])
    order = sorted(last.by_intent, key=lambda name: (last.by_intent[name].share, name))
    rows = [
        [f"`{name}`", str(last.by_intent[name].of)]
        + [_percent(_of(result).by_intent[name]) for result in there]
        for name in order
    ]
    head = ["intent", "utterances", *(r.candidate.name for r in there)]
    return f"## By intent, the weakest first\n\n{_table(head, rows)}"


def _by_entity(there: Sequence[Result]) -> str:
    if not there:
        return ""
    names = sorted({name for result in there for name in _entities_of(result).by_entity})
    nothing = Found(0, 0, 0)
    rows = []
    for name in names:
        first = _entities_of(there[0]).by_entity.get(name, nothing)
        cells = [_three(_entities_of(result).by_entity.get(name, nothing)) for result in there]
        rows.append([f"`{name}`", str(first.right + first.missed), *cells])
    head = ["entity", "annotated", *(r.candidate.name for r in there)]
    return f"## By entity\n\nPrecision / recall / F1, name and value.\n\n{_table(head, rows)}"


def _confusions(there: Sequence[Result]) -> Iterator[str]:
    for result in there:
        confusions = _of(result).confusions[:_CONFUSIONS]
        rows = [
            [_named(one.intent), _named(one.taken_for), str(one.count)]
            for one in confusions
            if one.count > 1
        ]
        title = f"## What is taken for what: {result.candidate.name}"
        text = _table(["meant", "taken for", "times"], rows) if rows else "Nothing twice."
        yield f"{title}\n\n{text}"


def _in_language(language: str, measured: Measured) -> str:
    return _percent(measured.by_language[language])


def _of(result: Result) -> Measured:
    if result.measured is None:
        raise ValueError(f"{result.candidate.name} was not measured")
    return result.measured


def _entities_of(result: Result) -> Measured:
    return result.entities or _of(result)


def _named(intent: str) -> str:
    return "*out of scope*" if intent == OUT_OF_SCOPE else f"`{intent}`"


def _percent(share: Share) -> str:
    return f"{share.share:.1%}" if share.of else "–"


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _f1(found: Found) -> str:
    return _figure(found.f1)


def _three(found: Found) -> str:
    return " / ".join(map(_figure, (found.precision, found.recall, found.f1)))


def _known(value: float | None, form: str) -> str:
    return NOT_MEASURED if value is None else form.format(value)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    aligned = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, aligned, *rows))
